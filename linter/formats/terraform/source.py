"""Subjects from HCL: blocks with their values, their places and their references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Place
from linter.formats.node import Step
from linter.formats.terraform import aliases
from linter.formats.terraform import syntax as s
from linter.formats.terraform.bodies import body_values
from linter.formats.terraform.declarations import (
    Comment,
    Output,
    Provider,
    Settings,
    Variable,
    required_providers,
)
from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.instances import instances, told_apart
from linter.formats.terraform.mentions import called, paths, references
from linter.formats.terraform.model import Estate
from linter.formats.terraform.module import Module
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.perblock import shared
from linter.formats.terraform.place import locate
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.search import document_of
from linter.frozen import replace
from linter.patterns import lazy_regex


class SourceOrigin:
    """A block of HCL."""

    __slots__ = ("_references", "block", "borrowed", "key", "module", "type")

    def __init__(
        self, module: Module, block: s.Block, type_: str = "", *, borrowed: bool = False, key: Any = None
    ) -> None:
        self.key = key  # of the instance that for_each makes; None when it is not known
        self.borrowed = borrowed  # judged for the arguments of a call, by the caller
        self.module = module
        self.block = block
        self.type = type_
        self._references: dict[str | None, set[str]] = {}

    def locate(self, steps: Sequence[Step]) -> Place:
        place = self._locate(steps, follow=True)
        if self.borrowed and place.document is None:
            return replace(place, document=document_of(self.block.file))
        return place

    def here(self, steps: Sequence[Step]) -> Place:
        return self._locate(steps, follow=False)

    def _locate(self, steps: Sequence[Step], *, follow: bool) -> Place:
        key = self.key if isinstance(self.key, str) else None
        place = locate(self.module, self.block, steps, follow=follow, key=key)
        if place.absent and steps:
            for older in aliases.older(self.type, steps):
                found = locate(self.module, self.block, older, follow=follow, key=key)
                if not found.absent:
                    return found
        return place

    def references(self, attribute: str | None) -> set[str]:
        if attribute not in self._references:
            key = ("references", id(self.block), attribute)
            self._references[attribute] = shared(self.module, key, lambda: self._collected(attribute))
        return self._references[attribute]

    def _collected(self, attribute: str | None) -> set[str]:
        found: set[str] = set()
        _collect(self.block.body, attribute, found)
        return self._through_locals(found)

    def _through_locals(self, found: set[str]) -> set[str]:
        seen: set[str] = set()
        queue = list(found)
        while queue:
            name = queue.pop()
            if name in seen:
                continue
            seen.add(name)
            if name.startswith("local."):
                attribute = self.module.locals.get(name[6:])
                if attribute is not None:
                    queue += references(attribute.expr)
        return seen

    def expression(self, steps: Sequence[Step]) -> s.Expr | None:
        """The expression of an attribute, if the path leads to one without going through expressions."""
        bodies = [self.block.body]
        for step in steps:
            if isinstance(step, int):
                bodies = bodies[step : step + 1]
                continue
            for body in bodies:
                if step in body.attributes:
                    return body.attributes[step].expr
            bodies = [block.body for body in bodies for block in body.blocks_of(step)]
        return None

    def words(self, attribute: str) -> list[str]:
        found = self.block.body.attributes.get(attribute)
        return list(paths(found.expr)) if found is not None else []

    def calls(self, attribute: str) -> set[str]:
        found = self.block.body.attributes.get(attribute)
        return set(called(found.expr)) if found is not None else set()

    def literal(self, steps: Sequence[Step]) -> bool:
        expr = self.expression(steps)
        return expr is None or not any(
            name.startswith(("var.", "data.", "each.", "module.")) or "." in name for name in references(expr)
        )

    def provisioner(self, index: int) -> Place:
        """The command of a provisioner block, or its header."""
        blocks = [block for block in self.block.body.blocks_of("provisioner") if block.labels]
        block = blocks[min(index, len(blocks) - 1)]
        for name in ("command", "inline"):
            if name in block.body.attributes:
                return Place(block.body.attributes[name].span)
        return Place(block.span)

    def sensitive(self, steps: Sequence[Step]) -> bool:
        expr = self.expression(steps)
        if expr is None:
            return False
        for name in references(expr):
            block = self.module.variables.get(name[4:]) if name.startswith("var.") else None
            flag = block.body.attributes.get("sensitive") if block is not None else None
            if flag is not None and evaluate(flag.expr, self.module.scope) is True:
                return True
        return False


# of `lifecycle`: what they name they only look at
_CONDITIONS = frozenset(("precondition", "postcondition"))


def _collect(body: s.Body, attribute: str | None, found: set[str]) -> None:
    for name, item in body.attributes.items():
        if attribute is None or name == attribute:
            found |= references(item.expr)
    for block in body.blocks:
        if block.kind in _CONDITIONS:
            continue
        kind = block.labels[0] if block.kind == "dynamic" and block.labels else block.kind
        _collect(block.body, None if attribute is None or kind == attribute else attribute, found)


def subjects(module: Module, documents: Mapping[int, Document]) -> None:
    """Fill the documents' roots; `documents` is keyed by the identity of their parsed file."""
    estate = Estate(root=module.is_root, declared=list(module.variables))
    for file in module.files:
        document = documents[id(file)]
        document.root.extend(_comments(module, file, document, estate))
        for block in file.body.blocks:
            for subject in _subjects(module, block, document, estate):
                document.root.append(subject)
                if isinstance(subject, Resource):
                    estate.add(subject)
                elif isinstance(subject, ModuleCall):
                    estate.calls.append(subject)
                elif isinstance(subject, Settings):
                    estate.constraints.update(subject.providers)
            if block.kind == "module" and len(block.labels) == 1:
                document.root.extend(_borrowed(module, block, document))


def _borrowed(module: Module, block: s.Block, document: Document) -> Iterator[Resource]:
    """The resources of a local module as far as the arguments of this call decide about them.

    What stands in the module itself is judged with its own files; here only findings at the call count.
    """
    given = {
        f"var.{name}"
        for name in block.body.attributes
        if name not in ("source", "version", "for_each", "count")
    }
    for child in module.children(block.labels[0]):
        yield from _of_child(child, given, document)


def _of_child(child: Module, given: set[str], document: Document) -> Iterator[Resource]:
    """The resources of a called module that need one of the variables in `given`."""
    estate = Estate()
    for file in child.files:
        for inner in file.body.blocks:
            if given and inner.kind in ("resource", "data") and len(inner.labels) == 2:
                for resource in _resources(child, inner, document, estate, borrowed=True):
                    estate.add(resource)
                    if given & resource.origin.references(None):
                        yield resource
            elif inner.kind == "module" and len(inner.labels) == 1:
                yield from _borrowed(child, inner, document)
            elif inner.kind == "terraform":
                settings = _settings(child, inner)
                estate.constraints.update(required_providers(settings))


class CommentOrigin(SourceOrigin):
    """A comment, which has nothing but a place."""

    def __init__(self, module: Module, file: s.File, start: int, end: int) -> None:
        super().__init__(module, s.Block("", (), s.Body(), start, end, end, file))


_ADJACENT = lazy_regex(r"[ \t]*+(?:\r?\n[ \t]*+)?")  # a comment may end with its line's end
_BELOW = lazy_regex(r"[ \t]*+(?:\r?\n[ \t]*+)?(?:[a-z][^\n{}]*\{[ \t]*+(?:\r?\n[ \t]*+)?)?")
_IGNORE_WORDS = ("checkov:", "tfsec:", "trivy:", "bridgecrew:")


def _comments(module: Module, file: s.File, document: Document, estate: Estate) -> Iterator[Comment]:
    for index, (start, end) in enumerate(file.comments):
        text = file.text.text[start:end]
        if any(word in text for word in _IGNORE_WORDS):
            values = {"beside": _beside(file, index)}
            yield Comment(document, CommentOrigin(module, file, start, end), estate, text, values)


def _beside(file: s.File, index: int) -> list[str]:
    """The comments on the lines right above a comment and right below it, also behind the header of a block."""
    text, comments = file.text.text, file.comments
    first = last = index
    while first and _ADJACENT.fullmatch(text, comments[first - 1][1], comments[first][0]):
        first -= 1
    while last + 1 < len(comments) and _BELOW.fullmatch(text, comments[last][1], comments[last + 1][0]):
        last += 1
    return [text[slice(*comments[at])] for at in range(first, last + 1) if at != index]


def _subjects(module: Module, block: s.Block, document: Document, estate: Estate) -> Iterator[Any]:
    kind, labels = block.kind, block.labels
    if kind in ("resource", "data") and len(labels) == 2:
        yield from _resources(module, block, document, estate)
    elif kind == "module" and len(labels) == 1:
        for key, scope in told_apart(module, block):
            origin = SourceOrigin(module, block, key=key)
            values = partial(body_values, block.body, scope)
            yield ModuleCall(document, origin, estate, labels[0], values, key=key)
    elif kind in ("variable", "output", "provider") and len(labels) == 1:
        model = {"variable": Variable, "output": Output, "provider": Provider}[kind]
        values = partial(_declared, module, block)
        yield model(document, SourceOrigin(module, block), estate, labels[0], values)
        if kind == "variable" and {"sensitive", "default"} <= block.body.attributes.keys():
            found = values()
            if found["sensitive"] is True and isinstance(found["default"], str):
                document.sensitive.add(found["default"])
    elif kind == "terraform":
        yield Settings(document, SourceOrigin(module, block), estate, "terraform", _settings(module, block))


def _declared(module: Module, block: s.Block) -> dict[str, Any]:
    """What a variable, an output or a provider says; of a variable the type as it is written, too."""
    values = body_values(block.body, module.scope)
    if block.kind == "variable" and "type" in block.body.attributes:
        kind = block.body.attributes["type"].expr
        values["type_text"] = block.file.text.text[kind.start : kind.end]
    return values


def _values(module: Module, block: s.Block, scope: Scope) -> dict[str, Any]:
    values = body_values(block.body, scope)
    for name in _left_alone(block):
        values.setdefault(name, UNKNOWN)
    return aliases.canonical(block.labels[0], values)


def _left_alone(block: s.Block) -> Iterator[str]:
    """What of a resource others set, as its `ignore_changes` names it: not to write it there does not unset it."""
    for lifecycle in block.body.blocks_of("lifecycle"):
        listed = lifecycle.body.attributes.get("ignore_changes")
        for item in listed.expr.items if listed is not None and isinstance(listed.expr, s.Tuple) else ():
            if isinstance(item, s.Name):
                yield item.name
            elif isinstance(item, s.Traversal) and isinstance(item.base, s.Name) and not item.steps:
                yield item.base.name
            elif isinstance(item, s.Literal) and isinstance(item.value, str):
                yield item.value


def _settings(module: Module, block: s.Block) -> dict[str, Any]:
    values = body_values(block.body, module.scope)
    for inner in block.body.blocks_of("backend"):
        values["backend"] = {inner.labels[0]: body_values(inner.body, module.scope)} if inner.labels else {}
    return values


def _resources(
    module: Module, block: s.Block, document: Document, estate: Estate, *, borrowed: bool = False
) -> Iterator[Resource]:
    type_, name = block.labels
    mode = "data" if block.kind == "data" else "managed"
    provider = block.body.attributes.get("provider")
    for key, scope in instances(module, block):
        yield Resource(
            document,
            SourceOrigin(module, block, type_, borrowed=borrowed, key=key),
            estate,
            name,
            partial(_values, module, block, scope),
            address=_address(module, block) if borrowed else "",
            borrowed=borrowed,
            type_=type_,
            mode=mode,
            key=key if isinstance(key, (str, int)) else None,
            provider=type_.partition("_")[0]
            if provider is None
            else next(iter(references(provider.expr)), ""),
            provisioners=_provisioners(module, block, scope),
            scope=scope,
            optional=key is UNKNOWN,
        )


def _address(module: Module, block: s.Block) -> str:
    names: list[str] = []
    while module.caller is not None:
        key = "" if module.key is None else f'["{module.key}"]'
        module, call = module.caller
        names.insert(0, f"module.{call.labels[0]}{key}.")
    prefix = "data." if block.kind == "data" else ""
    return f"{''.join(names)}{prefix}{block.labels[0]}.{block.labels[1]}"


def _provisioners(module: Module, block: s.Block, scope: Scope) -> list[dict[str, Any]]:
    return [
        {"type": inner.labels[0], **body_values(inner.body, scope, top=False)}
        for inner in block.body.blocks_of("provisioner")
        if inner.labels
    ]
