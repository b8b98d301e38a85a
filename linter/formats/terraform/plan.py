"""Plans: the JSON of `terraform show -json` as subjects, unknown where the plan does not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.finding import Diagnostic
from linter.formats.document import Document, Problem
from linter.formats.jsontree import JsonNode, JsonText
from linter.formats.model import Place
from linter.formats.node import Step
from linter.formats.terraform import address as addresses
from linter.formats.terraform import aliases
from linter.formats.terraform.declarations import Output, Provider, Variable
from linter.formats.terraform.model import Estate
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.planconfig import Configuration, mapping, references, sequence
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.values import Reference, too_deep
from linter.text import SourceText, Span

MAX_SPAN = 2_000  # characters of a value that is quoted whole
MAX_DEPTH = 150  # of values in a change
MIN_SENSITIVE = 4  # characters of a value that is worth masking
_SKIPPED = frozenset({("delete",), ("forget",), ("no-op", "forget")})


def overlay(after: Any, unknown: Any, named: Any = None) -> Any:
    """`after` with UNKNOWN where `after_unknown` holds true; `named(key)` may give a reference instead."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(after, dict):
        result = dict(after)
        for key, flag in unknown.items():
            if flag is True:
                result[key] = named(key) if named is not None else UNKNOWN
            elif flag:
                result[key] = overlay(after.get(key), flag)
        return result
    if isinstance(unknown, list) and isinstance(after, list):
        padded = [*after, *([None] * (len(unknown) - len(after)))]
        return [overlay(value, unknown[i] if i < len(unknown) else False) for i, value in enumerate(padded)]
    if after is None and isinstance(unknown, dict) and unknown:
        return overlay({}, unknown, named)
    if after is None and isinstance(unknown, list) and unknown:
        return overlay([], unknown)
    return after


def sensitive_values(value: Any, mask: Any) -> Iterator[str]:
    """The texts under a sensitivity mask."""
    if mask is True:
        yield from _texts(value)
    elif isinstance(mask, dict) and isinstance(value, dict):
        for key, inner in mask.items():
            yield from sensitive_values(value.get(key), inner)
    elif isinstance(mask, list) and isinstance(value, list):
        for item, inner in zip(value, mask, strict=False):
            yield from sensitive_values(item, inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and len(value) >= MIN_SENSITIVE:
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


class PlanOrigin:
    """A change of the plan, or a part of its configuration."""

    __slots__ = ("_base", "expressions", "mask", "node", "type", "values_path")

    def __init__(
        self,
        node: JsonNode,
        values_path: tuple[Step, ...],
        expressions: Any,
        mask: Any = None,
        type_: str = "",
    ) -> None:
        self.node = node
        self.values_path = values_path
        self._base: Any = None  # the node of the values: found once, so that its members are read once
        self.expressions = expressions if isinstance(expressions, dict) else {}
        self.mask = mask
        self.type = type_

    def locate(self, steps: Sequence[Step]) -> Place:
        if not steps:
            return Place(self._header())
        for path in (tuple(steps), *aliases.older(self.type, steps)):
            span = self._find(path)
            if span is not None:
                return Place(span)
        return Place(self._header(), absent=True)

    here = locate

    def _header(self) -> Span:
        for key in ("address", "source", "name"):
            if self.node.get(key) is not None:
                return self.node.entry_span(key)
        return self.node.head_span()

    def _find(self, steps: tuple[Step, ...]) -> Span | None:
        if self._base is None:
            base: Any = self.node
            for step in self.values_path:
                base = base.child(step) if base is not None else None
            self._base = base
        node = self._base
        span: Span | None = None
        for step in steps:
            if node is not None and node.kind == "seq" and isinstance(step, str):
                elements = node.elements()
                node = next(
                    (e for e in elements if e.get(step) is not None), elements[0] if elements else None
                )
            if node is None:
                return span
            if node.kind == "scalar":
                return span  # inside of a string: the string itself
            child = node.child(step)
            if child is None or (child.kind == "scalar" and child.scalar() is None):
                return None
            span = node.entry_span(step) if isinstance(step, str) else child.head_span()
            if isinstance(step, str) and span.end - span.start > MAX_SPAN:
                span = node.key_span(step) or span  # a whole document in a string: its key stands for it
            node = child
        return span

    def references(self, attribute: str | None) -> set[str]:
        found = self.expressions if attribute is None else self.expressions.get(attribute)
        return {addresses.reference_root(text) for text in references(found)}

    def words(self, attribute: str) -> list[str]:
        return list(references(self.expressions.get(attribute)))

    def calls(self, attribute: str) -> set[str]:
        return set()

    def literal(self, steps: Sequence[Step]) -> bool:
        found: Any = self.expressions
        for step in steps:
            if isinstance(found, list):
                found = (
                    found[step]
                    if isinstance(step, int) and step < len(found)
                    else found[0]
                    if found
                    else None
                )
                if isinstance(step, int):
                    continue
            if not isinstance(found, dict):
                return False
            if "constant_value" in found or "references" in found:
                break
            found = found.get(step)
        return isinstance(found, dict) and "constant_value" in found

    def provisioner(self, index: int) -> Place:
        return Place(self._header())

    def sensitive(self, steps: Sequence[Step]) -> bool:
        mask = self.mask
        for step in steps:
            if mask is True:
                return True
            if isinstance(mask, list) and isinstance(step, str):
                mask = mask[0] if mask else None
            if isinstance(mask, dict):
                mask = mask.get(step)
            elif isinstance(mask, list) and isinstance(step, int) and step < len(mask):
                mask = mask[step]
            else:
                return False
        return mask is True


def parse(text: SourceText) -> Any:
    """The JSON value of a plan. Raises UnreadableError."""
    try:
        return json.loads(text.text)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", 0)
        raise UnreadableError(f"not valid JSON: {getattr(error, 'msg', error)}", at, at + 1) from None


def read(text: SourceText) -> Document:
    """A plan as a document; what makes it a partial one is said as a diagnostic."""
    value = parse(text)
    document = Document(text, "terraform", root=[])
    if not isinstance(value, dict):
        raise UnreadableError("a plan must be a JSON object")
    if "resource_changes" not in value and "planned_values" not in value:
        if "values" in value or "resources" in value or "lineage" in value:
            _say(
                document,
                "note",
                "this is a Terraform state, not a plan: make one with `terraform show -json PLANFILE`",
            )
        return document
    _say_partial(document, value)
    start = len(text.text) - len(text.text.lstrip())
    PlanReader(
        document, JsonNode(value, JsonText(text.text, lambda offset: offset), None, 0, start), value
    ).read()
    return document


def _say(document: Document, level: str, message: str) -> None:
    document.diagnostics.append(Diagnostic(level, message, document.path, 1, 1))


def _say_partial(document: Document, value: dict[str, Any]) -> None:
    if value.get("errored") is True:
        _say(
            document,
            "warning",
            "Terraform failed while it made this plan: what it did not get to is not judged",
        )
    elif value.get("complete") is False:
        _say(
            document,
            "warning",
            "this plan is incomplete (targets or deferred actions): the rest is not judged",
        )
    if "configuration" not in value:
        _say(document, "note", "this plan holds no configuration: references between resources are not known")


class PlanReader:
    """Makes the subjects of one plan."""

    def __init__(self, document: Document, root: JsonNode, value: dict[str, Any]) -> None:
        self.document = document
        self.root = root
        self.value = value
        self.estate = Estate()
        self.configuration = Configuration(value.get("configuration"))
        self.estate.constraints = self.configuration.constraints
        self.estate.declared = list(self.configuration.variables)
        given = value.get("variables")
        self.estate.variables = {
            name: item["value"]
            for name, item in (given.items() if isinstance(given, dict) else ())
            if isinstance(item, dict) and "value" in item
        }

    def read(self) -> None:
        self._variables()
        for subject in self._changes():
            self.document.root.append(subject)
            self.estate.add(subject)
        for subject in self._read_data():
            self.document.root.append(subject)
            self.estate.add(subject)
        self._configured()

    def _changes(self) -> Iterator[Resource]:
        changes = self.value.get("resource_changes")
        node = self.root.get("resource_changes")
        if not isinstance(changes, list) or node is None:
            yield from self._planned()
            return
        nodes = node.elements()
        for index, change in enumerate(changes):
            if isinstance(change, dict) and isinstance(change.get("change"), dict):
                if too_deep(change, MAX_DEPTH):
                    self._too_deep(nodes[index])
                    continue
                subject = self._change(nodes[index], change)
                if subject is not None:
                    yield subject

    def _too_deep(self, node: JsonNode) -> None:
        span = node.head_span()
        self.document.problems.append(Problem("nested too deeply to be read", span.start, span.end))

    def _change(self, here: JsonNode, change: dict[str, Any]) -> Resource | None:
        inner = change["change"]
        actions = tuple(a for a in sequence(inner.get("actions")) if isinstance(a, str))
        after = inner.get("after")
        gone = actions in _SKIPPED or (
            after is None and "create" not in actions and not inner.get("after_unknown")
        )
        for value, mask in (
            (after, inner.get("after_sensitive")),
            (inner.get("before"), inner.get("before_sensitive")),
        ):
            self.document.sensitive.update(sensitive_values(value, mask))
        action = "replace" if len(actions) > 1 else (actions[0] if actions else "")
        path: tuple[Step, ...] = ("change", "before" if gone else "after")
        return self._resource(
            here,
            path,
            change,
            inner.get("before") if gone else after,
            None if gone else inner.get("after_unknown"),
            inner.get("after_sensitive"),
            "delete" if gone and "delete" in actions else "forget" if gone else action,
        )

    def _resource(
        self,
        node: JsonNode,
        path: tuple[Step, ...],
        item: dict[str, Any],
        after: Any,
        unknown: Any,
        mask: Any,
        action: str,
    ) -> Resource | None:
        type_, name = item.get("type"), item.get("name")
        if not isinstance(type_, str) or not isinstance(name, str):
            return None
        mode = "data" if item.get("mode") == "data" else "managed"
        module = str(item.get("module_address") or "")
        plain = f"data.{type_}.{name}" if mode == "data" else f"{type_}.{name}"
        configured = self.configuration.resource(addresses.without_keys(module), plain)
        expressions = mapping(configured.get("expressions"))

        def named(key: str) -> Any:
            for text in references(expressions.get(key)):
                root = addresses.reference_root(text)
                rest = text[len(root) + 1 :] if text.startswith(root) else ""
                return Reference(root, (rest,) if rest else ())
            return UNKNOWN

        values = overlay(after if isinstance(after, dict) else {}, unknown, named)
        return Resource(
            self.document,
            PlanOrigin(node, path, expressions, mask, type_),
            self.estate,
            name,
            aliases.canonical(type_, values if isinstance(values, dict) else {}),
            type_=type_,
            mode=mode,
            key=item.get("index"),
            module_address=module,
            action=action,
            address=str(item.get("address") or plain),
            provider=str(configured.get("provider_config_key") or item.get("provider_name") or "").rpartition(
                "/"
            )[2],
            provisioners=configured.get("provisioned", []),
        )

    def _planned(self) -> Iterator[Resource]:
        """Plans without changes (cut by hand): the planned values alone."""
        for node, item in _module_resources(self.root.get("planned_values")):
            found = self._resource(
                node, ("values",), item, item.get("values"), None, item.get("sensitive_values"), ""
            )
            if found is not None:
                yield found

    def _read_data(self) -> Iterator[Resource]:
        """Data sources that were read while the plan was made."""
        prior = self.root.get("prior_state")
        for node, item in _module_resources(prior.get("values") if prior is not None else None):
            if item.get("mode") == "data":
                found = self._resource(
                    node, ("values",), item, item.get("values"), None, item.get("sensitive_values"), "read"
                )
                if found is not None:
                    found.module_address = _module_of(str(item.get("address") or ""))
                    yield found

    def _variables(self) -> None:
        given = self.value.get("variables")
        for name, block in self.configuration.variables.items():
            found = given.get(name) if isinstance(given, dict) else None
            if block.get("sensitive") is True and isinstance(found, dict):
                self.document.sensitive.update(_texts(found.get("value")))
                self.document.sensitive.update(_texts(block.get("default")))

    def _configured(self) -> None:
        """Variables, outputs, providers and module calls of the configuration."""
        node = self.root.get("configuration")
        if node is None:
            return
        for name, provider in _children(node.get("provider_config")):
            plain = name.rpartition(":")[2].partition(".")[0]
            values = constant(mapping(provider.value.get("expressions")))
            self._add(Provider(self.document, _config_origin(provider), self.estate, plain, values))
        module = node.get("root_module")
        if module is None:
            return
        for name, variable in _children(module.get("variables")):
            self._add(
                Variable(self.document, PlanOrigin(variable, (), {}), self.estate, name, dict(variable.value))
            )
        for name, output in _children(module.get("outputs")):
            values = {
                "sensitive": output.value.get("sensitive"),
                "value": constant(output.value.get("expression")),
            }
            origin = PlanOrigin(output, (), {"value": output.value.get("expression")})
            self._add(Output(self.document, origin, self.estate, name, values))
        for name, call in _children(module.get("module_calls")):
            values = constant(mapping(call.value.get("expressions")))
            values.update(source=call.value.get("source"), version=call.value.get("version_constraint"))
            self._add(ModuleCall(self.document, _config_origin(call), self.estate, name, values))

    def _add(self, subject: Any) -> None:
        self.document.root.append(subject)


def _config_origin(node: JsonNode) -> PlanOrigin:
    return PlanOrigin(node, ("expressions",), node.value.get("expressions"))


def _children(node: Any) -> Iterator[tuple[str, JsonNode]]:
    if node is None:
        return
    for key in node.keys():  # noqa: SIM118 - a node is no dict
        child = node.get(key)
        if child is not None and isinstance(child.value, dict):
            yield key, child


def _module_resources(node: Any) -> Iterator[tuple[JsonNode, dict[str, Any]]]:
    """The resources of `planned_values` or of a state, modules included."""
    queue = [node.get("root_module")] if node is not None else []
    while queue:
        module = queue.pop(0)
        if module is None:
            continue
        resources, children = module.get("resources"), module.get("child_modules")
        for item in resources.elements() if resources is not None else ():
            if isinstance(item.value, dict):
                yield item, item.value
        queue += children.elements() if children is not None else []


def _module_of(text: str) -> str:
    try:
        found = addresses.parse(text)
    except ValueError:
        return ""
    return ".".join(
        f"module.{name}" + ("" if key is None else f"[{json.dumps(key)}]") for name, key in found.modules
    )


def constant(expression: Any) -> Any:
    """The values of a configuration's expressions; a Reference or UNKNOWN where they are not constant."""
    if isinstance(expression, list):
        return [constant(item) for item in expression]
    if not isinstance(expression, dict):
        return expression
    if "constant_value" in expression:
        return expression["constant_value"]
    if "references" in expression and isinstance(expression["references"], list):
        found = [text for text in expression["references"] if isinstance(text, str)]
        return Reference(addresses.reference_root(found[0])) if found else UNKNOWN
    return {key: constant(item) for key, item in expression.items()}
