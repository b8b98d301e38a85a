"""From a rule's `edit:` and what the rule was asked about to a fix, or none where no safe one can be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.finding import Edit, Fix
from linter.fixes import textedit
from linter.formats.document import Document
from linter.formats.model import Fact, Field, Model
from linter.formats.node import Node, Step
from linter.formats.nodemodel import ListSlot, NodeModel
from linter.ruleset.model import EditSpec, Path

if TYPE_CHECKING:
    from linter.ruleset.findings import Names


def make_fix(document: Document, spec: EditSpec, names: Names) -> Fix | None:
    """The fix of a finding; None when the place can't be edited without touching anything else.

    `names` are the values behind the names of the rule, as the finding's own place is found by.
    """
    if document.text.lossy:
        return None
    target = _owner(spec.path, names)
    if target is None:
        return None
    model, steps = target
    edits = _edits(document, spec, names, model, steps)
    if not edits or any(edit.path != document.path for edit in edits):
        return None
    return Fix(spec.description or _describe(spec), tuple(edits), spec.safe)


def _describe(spec: EditSpec) -> str:
    dotted = ".".join(str(step) for step in (spec.path.root, *spec.path.steps))
    if spec.operation == "set":
        return f"Set {dotted} to {spec.arguments['to']!r}" if not isinstance(spec.arguments["to"], bool) else (
            f"Set {dotted} to {str(spec.arguments['to']).lower()}"
        )  # fmt: skip
    verbs = {"copy": "Copy the value to", "remove": "Remove", "replace": "Rewrite", "append": "Add to"}
    return f"{verbs[spec.operation]} {dotted}"


def _owner(path: Path, names: Names) -> tuple[Model, tuple[Step, ...]] | None:
    """The model that a path starts from, and the steps below it."""
    each = names.rule.each
    steps: tuple[Step, ...] = path.steps
    root = path.root
    if each is not None and root == each.name and names.element is not None:
        index, value = names.element
        if isinstance(value, Model):
            return value, steps
        if each.path is None:
            return None
        here: tuple[Any, ...] = () if index is None else (index,)
        root, steps = each.path.root, (*each.path.steps, *here, *steps)
    if root in names.kind.roots:
        root, prefix = names.kind.roots[root]
        steps = (*prefix, *steps)
    model = names.models.get(root)
    return (model, steps) if isinstance(model, Model) else None


def _edits(
    document: Document, spec: EditSpec, names: Names, model: Model, steps: tuple[Step, ...]
) -> list[Edit] | None:
    text = document.text.text
    if spec.operation == "replace":
        place = _value_place(model, steps, names, spec.path)
        if place is None:
            return None
        return textedit.replace(document.path, text, place, spec.arguments["pattern"], spec.arguments["with"])
    value = spec.arguments.get("to", spec.arguments.get("item"))
    if spec.operation == "copy":
        value = _value(_owner(spec.arguments["from"], names))
        if value is None:
            return None
    if isinstance(model, NodeModel):
        return _tree_edits(document, spec.operation, model, steps, value)
    if document.format == "terraform":
        return _terraform_edits(document, spec.operation, model, steps, value)
    place = names.place(spec.path)
    if place.absent or (place.document is not None and place.document is not document):
        return None
    if document.format != "dockerfile":
        return _edits_at(document, spec, names, place.span.start)
    if spec.operation == "remove":
        return textedit.cut(document.path, text, place.span)
    return textedit.put(document.path, place.span, value) if spec.operation in ("set", "copy") else None


def _edits_at(document: Document, spec: EditSpec, names: Names, offset: int) -> list[Edit] | None:
    """Edits of the entry or element that begins at an offset: for what is derived and has no node of its own."""
    from linter.fixes.yamledit import YamlEditor, chain_at
    from linter.formats.yamltree import YamlNode

    for model in reversed(names.models.values()):
        node = written(model.node) if isinstance(model, NodeModel) else None
        chain = chain_at(node.raw, offset - node.source.base) if isinstance(node, YamlNode) else []
        if not chain or not isinstance(node, YamlNode):
            continue
        editor = YamlEditor(document.path, document.text.text, node)
        raw, step = chain[-1]
        if spec.operation == "remove":
            return editor.remove(chain)
        if spec.operation == "copy":
            source = chain_at(node.raw, names.place(spec.arguments["from"]).span.start - node.source.base)
            # the same resource in requests and limits; what is absent is placed at something else
            return editor.copy(source[-1], chain[-1]) if source and source[-1][1] == step else None
        if spec.operation == "set" and spec.path.steps and spec.path.steps[-1] == step:
            return editor.set([raw], [step], spec.arguments["to"])
        return None
    return None


def _value(owner: tuple[Model, tuple[Step, ...]] | None) -> Any:
    """The value that a path leads to, as it is written; None when it is not there or not known."""
    if owner is None:
        return None
    model, steps = owner
    if isinstance(model, NodeModel):
        chain = _Chain(model, steps)
        node = chain.node if not chain.missing else None
        if node is None:
            return None
        value = node.string() if node.kind == "scalar" and isinstance(node.scalar(), str) else node.plain()
        return None if _unknown(value) else value
    found: Any = model
    for step in steps:
        found = found[step] if isinstance(step, int) else getattr(found, step, None)
    return found if isinstance(found, (str, int, float, bool)) else None


def _unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(_unknown(item) for item in value)
    return value is UNKNOWN


class _Chain:
    """The nodes from a model down a path: what is there, and the keys that are missing below it."""

    def __init__(self, model: NodeModel, steps: Sequence[Step]) -> None:
        steps = tuple(steps)
        while model.node is None:
            parent, step = model.parent, model.step
            if parent is None or step is None:
                break
            model = model.owner if isinstance(model, ListSlot) else parent
            steps = (step, *steps)
        self.path: list[tuple[Node, Step]] = []  # (collection, key or index) for all that is there
        self.missing: list[str] = []
        self.node: Node | None = written(model.node)
        self._walk(model, steps)

    def _walk(self, model: Any, steps: tuple[Step, ...]) -> None:
        while steps:
            step, steps = steps[0], steps[1:]
            member = (
                getattr(type(model), step, None)
                if isinstance(step, str) and isinstance(model, Model)
                else None
            )
            if member is None and isinstance(step, str) and isinstance(model, Model):
                member = getattr(type(model), f"{step}_", None)  # named as a keyword of Python is
            if isinstance(member, Fact) and member.at:
                steps = (*member.at, *steps)
                continue
            key = member.key if isinstance(member, Field) else step
            model = _below(model, step, member)
            if self.missing or self.node is None:
                if not isinstance(key, str):
                    self.node, self.missing = None, []
                    return
                self.missing.append(key)
                continue
            child = written(self.node.child(key))
            if child is None:
                if not isinstance(key, str):
                    self.node = None
                    return
                self.missing.append(key)
                continue
            self.path.append((self.node, key))
            self.node = child


def _below(model: Any, step: Step, member: Any) -> Any:
    """The model at a step, for the names of its fields; None where there is none."""
    if isinstance(model, list):
        return model[step] if isinstance(step, int) and -len(model) <= step < len(model) else None
    name = getattr(member, "name", None) or step
    return getattr(model, name, None) if isinstance(model, Model) and isinstance(name, str) else None


def written(node: Node | None) -> Node | None:
    """The node in the file itself, without what another file or service adds beneath it."""
    layers = getattr(node, "layers", None)
    return layers[0] if layers else node


def _tree_edits(
    document: Document, operation: str, model: NodeModel, steps: tuple[Step, ...], value: Any
) -> list[Edit] | None:
    from linter.fixes.jsonedit import json_remove, json_set
    from linter.fixes.yamledit import YamlEditor
    from linter.formats.jsontree import JsonNode
    from linter.formats.yamltree import YamlNode

    while not steps and model.parent is not None and model.step is not None:  # the model itself
        model, steps = _owner_of(model)
    chain = _Chain(model, steps)
    first = chain.path[0][0] if chain.path else chain.node
    text = document.text.text
    if chain.node is None:
        return None
    keys = _keys(chain)
    if isinstance(first, JsonNode):
        if operation in ("set", "copy") and keys is not None and isinstance(keys[0], JsonNode):
            return json_set(document.path, text, keys[0], keys[1], value)
        last = chain.path[-1] if chain.path and not chain.missing else None
        if operation == "remove" and last and isinstance(last[0], JsonNode) and isinstance(last[1], str):
            return json_remove(document.path, text, last[0], last[1])
        return None
    if not isinstance(first, YamlNode):
        return None
    editor = YamlEditor(document.path, text, first)
    if operation in ("set", "copy"):
        return editor.set([_raw(keys[0])], keys[1], value) if keys is not None else None
    if chain.missing:
        return None
    if operation == "remove":
        return editor.remove([(_raw(node), step) for node, step in chain.path])
    return editor.append(_raw(chain.node), value)


def _owner_of(model: NodeModel) -> tuple[NodeModel, tuple[Step, ...]]:
    """The model that this one is a part of, and the steps that lead to it from there."""
    parent, step = model.parent, model.step
    assert parent is not None
    assert step is not None
    if isinstance(parent, ListSlot):
        assert parent.step is not None
        return parent.owner, (parent.step, step)
    return parent, (step,)


def _keys(chain: _Chain) -> tuple[Node, list[str]] | None:
    """The mapping that a value is set in, and the keys that lead from it to the value."""
    keys = list(chain.missing)
    if keys:
        assert chain.node is not None
        if chain.node.kind == "map":
            return chain.node, keys
    for node, step in reversed(chain.path):  # the last entry is there: it is replaced
        if not isinstance(step, str):
            return None
        return node, [step, *keys]
    return None


def _raw(node: Node) -> Any:
    return getattr(node, "raw", None)


def _value_place(model: Model, steps: tuple[Step, ...], names: Names, path: Path) -> Any:
    if isinstance(model, NodeModel):
        chain = _Chain(model, steps)
        if chain.node is None or chain.missing or _raw(chain.node) is None:
            return None
        return chain.node.span
    place = names.place(path)
    if place.absent or (place.document is not None and place.document.path != names.subject.document.path):
        return None
    return place.span


def _terraform_edits(
    document: Document, operation: str, model: Model, steps: tuple[Step, ...], value: Any
) -> list[Edit] | None:
    from linter.fixes.hcledit import hcl_remove, hcl_set

    path = document.path
    owner = getattr(model, "owner", None)
    if owner is not None and hasattr(model, "path"):  # a part of a subject: its place below it comes first
        places = getattr(type(model), "places", {})
        steps = (*model.path, *(places.get(steps[0], (steps[0],)) if steps else ()), *steps[1:])
        model = owner
    block = getattr(getattr(model, "origin", None), "block", None)
    if block is None or not path.endswith((".tf", ".tofu")) or block.file.text.path != path:
        return None
    below = steps[1:] if steps[:1] == ("values",) else steps
    if not below:
        return None
    if operation in ("set", "copy"):
        return hcl_set(path, document.text.text, block, below, value)
    return hcl_remove(path, document.text.text, block, below) if operation == "remove" else None
