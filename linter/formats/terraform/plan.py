"""Plans: the JSON of `terraform show -json` as subjects, unknown where the plan does not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.finding import Diagnostic
from linter.formats.document import Document, Problem
from linter.formats.jsontree import JsonNode, JsonText
from linter.formats.node import Step
from linter.formats.terraform import address as addresses
from linter.formats.terraform import aliases
from linter.formats.terraform.declarations import Output, Provider, Variable
from linter.formats.terraform.model import Estate
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.planconfig import Configuration, mapping, references, sequence
from linter.formats.terraform.planorigin import PlanOrigin
from linter.formats.terraform.planvalues import constant, overlay, sensitive_values, texts_of
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.values import Reference, too_deep
from linter.text import SourceText

MAX_DEPTH = 150  # of values in a change
MAX_MEMORY = 800_000_000  # bytes that the values of a plan take, estimated by what they are written with
_MEMORY = {"{": 300, "[": 100, ",": 60}
_SKIPPED = frozenset({("delete",), ("forget",), ("no-op", "forget")})


def parse(text: SourceText) -> Any:
    """The JSON value of a plan. Raises UnreadableError."""
    if sum(text.text.count(mark) * size for mark, size in _MEMORY.items()) > MAX_MEMORY:
        raise UnreadableError("A plan with more values than can be held: it is not read.", limit=True)
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
                self.document.sensitive.update(texts_of(found.get("value")))
                self.document.sensitive.update(texts_of(block.get("default")))

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
