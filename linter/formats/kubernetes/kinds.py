"""The pod templates of a manifest, by the table of kinds; for an unknown kind, what looks like pods."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.kinds_table import KINDS, Kind, PodAt
from linter.formats.kubernetes.kinds_views import as_open, view
from linter.formats.node import MAP, SEQ, Node, Step
from linter.formats.scalars import whole
from linter.frozen import dataclass, field

_GUESSED = Kind((), guessed=True)
# groups of the platform itself: their kinds that run pods have rows
_PLATFORM = frozenset(("", "apps", "batch", "extensions", "autoscaling", "policy"))
_PLATFORM_SUFFIX = ".k8s.io"
_OF_TESTS = frozenset(("chainsaw.kyverno.io", "kuttl.dev"))  # pods in these are what a test makes for itself
_GUESS_DEPTH = 12
# a pod template of `containers` inside these is a patch, a schema or a copy of the status
_NO_PODS_BELOW = frozenset(("status", "schema", "openAPIV3Schema", "managedFields"))


UNNAMED = (
    "main"  # in addresses, of the only container that values of a chart are about: its template names it
)


@dataclass(frozen=True, slots=True)
class Template:
    """One pod template found in a manifest."""

    steps: tuple[Step, ...]  # from the manifest to the pod spec
    spec: Node
    metadata: Node | None  # of the template; for a Pod, of the Pod itself
    kind: Kind
    at: PodAt = field(default_factory=lambda: PodAt(""))
    element: Node | None = None  # the last list element or map value on the way
    root: Node | None = None  # the object that the table's paths start from
    holder: Node | None = (
        None  # the mapping that holds `template`, such as a worker group; None where there is none
    )

    @property
    def role(self) -> str:
        """Its part in the workload: the key of a map of roles in lower case, or the word of the table."""
        if self.at.role == "replica" and len(self.steps) > 2:
            name = (
                self.element.get("name")
                if self.element is not None and isinstance(self.steps[2], int)
                else None
            )
            return str(name.string() if name is not None else self.steps[2]).lower()
        return self.at.role

    def count(self) -> Any:
        """Number of pods; UNKNOWN when a factor is not written as a number."""
        return self._product(self.at.count)

    def group(self) -> Any:
        """Number of pods that work as one; 1 when each works for itself."""
        return self._product(self.at.group)

    def _product(self, factors: tuple[str, ...]) -> Any:
        result = 1
        for factor in factors:
            if factor.startswith("?"):  # what stands there decides in a way that is not written
                if self.root is None or any(True for _ in walk(self.root, factor[1:])):
                    return UNKNOWN
                continue
            if factor == "+1":
                result += 1
                continue
            if factor.startswith("-1?"):
                there = self.root is not None and any(True for _ in walk(self.root, factor[3:]))
                result -= 1 if there and result > 0 else 0
                continue
            value = self._factor(factor)
            if value is UNKNOWN:
                return UNKNOWN
            result *= value
        return result

    def _factor(self, factor: str) -> Any:
        start = self.element if factor.startswith("@.") else self.root
        if start is None:
            return 1
        if "[]" not in factor and "*" not in factor:
            return _number(next((nodes[-1] for _, nodes in walk(start, factor.removeprefix("@."))), None))
        # a sum over all roles, each of which counts one when it says nothing
        holders, _, last = factor.rpartition(".")
        total = 0
        for _, nodes in walk(start, holders):
            value = _number(nodes[-1].get(last))
            if value is UNKNOWN:
                return UNKNOWN
            total += value
        return total


def _number(node: Node | None) -> Any:
    if node is None:
        return 1
    value = node.scalar()
    if isinstance(value, str) and (number := whole(value)) is not None:
        return number
    return value if type(value) is int else 1 if value is None else UNKNOWN


def kind_of(api_version: str, kind: str) -> Kind | None:
    """The row of a kind; the version of its API does not matter."""
    group = api_version.rpartition("/")[0]
    row = KINDS.get((group, kind))
    if row is None and not group:  # written with a wrong apiVersion, or with one that a template fills in
        row = KINDS.get(("apps", kind)) or KINDS.get(("batch", kind))
    return row


def pod_templates(manifest: Node) -> list[Template]:
    """The pod templates of a manifest, in the order of its kind's paths; empty for a kind without pods."""
    api, kind = manifest.get("apiVersion"), manifest.get("kind")
    if api is None or kind is None:
        return []
    group = str(api.string()).rpartition("/")[0]
    row = kind_of(str(api.string()), str(kind.string()))
    if row is None:
        if group in _PLATFORM or group in _OF_TESTS or group.endswith(_PLATFORM_SUFFIX):
            return []
        if not _mentions_containers(manifest):
            return []
        return list(_guess(manifest, manifest, (), 0))
    return [template for at in row.pods for template in _at(manifest, row, at)]


def _at(manifest: Node, row: Kind, at: PodAt) -> Iterator[Template]:
    for steps, nodes in walk(manifest, at.path):
        node = nodes[-1]
        if node.kind != MAP:
            continue
        if at.view == "object":
            for inner in pod_templates(node):
                yield Template(
                    (*steps, *inner.steps),
                    inner.spec,
                    inner.metadata,
                    inner.kind,
                    inner.at,
                    inner.element,
                    inner.root,
                )
            continue
        spec = view(at.view, node, manifest) if at.view else node
        if spec is None:
            continue
        outer = nodes[-2].get("metadata") if len(nodes) > 1 else None
        metadata = node if at.path.endswith(".podSpec") or at.view == "kserve" else outer
        if at.view == "role" and (template := node.get("template")) is not None:
            metadata = template.get("metadata")
        holder = nodes[-3] if len(nodes) > 2 and "template.spec" in at.path else nodes[-1]
        yield Template(steps, spec, metadata, row, at, _element(at.path, nodes), manifest, holder)


def _element(path: str, nodes: list[Node]) -> Node | None:
    """The node that the last `[]` or `*` of a path matched."""
    steps = _steps(path)
    for index in range(len(steps) - 1, -1, -1):
        if steps[index] in ("[]", "*"):
            return nodes[index + 1]
    return None


def _mentions_containers(manifest: Node) -> bool:
    """A cheap look at the text, where there is one, before a tree is walked in vain."""
    raw, source = getattr(manifest, "raw", None), getattr(manifest, "source", None)
    if raw is None or source is None:
        return True
    return source.text.find("ontainers", raw.start_mark.index, raw.end_mark.index) >= 0


def _guess(node: Node, manifest: Node, steps: tuple[Step, ...], depth: int) -> Iterator[Template]:
    """Mappings with a list of `containers` that have names and images: pods of a kind that we have no row for."""
    if depth > _GUESS_DEPTH:
        return
    if node.kind == SEQ:
        for index, item in enumerate(node.elements()):
            yield from _guess(item, manifest, (*steps, index), depth + 1)
        return
    if node.kind != MAP:
        return
    containers = node.get("containers")
    if containers is not None and _looks_like_containers(containers):
        spec = as_open(node, manifest)
        if spec is not None:
            yield Template(steps, spec, None, _GUESSED, PodAt("", "guessed"), None, manifest)
        return
    for key in node.keys():  # noqa: SIM118 - a Node is no dict
        child = node.get(key)
        if child is not None and child.kind != "scalar" and key not in _NO_PODS_BELOW:
            yield from _guess(child, manifest, (*steps, key), depth + 1)


def _looks_like_containers(node: Node) -> bool:
    items = node.elements()
    return bool(items) and all(
        item.kind == MAP
        and item.get("name") is not None
        and (item.get("image") is not None or item.get("resources") is not None)
        for item in items
    )


def walk(start: Node, path: str) -> Iterator[tuple[tuple[Step, ...], list[Node]]]:
    """Every place that `path` leads to: its steps, and the nodes on the way from `start` to it."""
    steps = _steps(path)
    if "[]" in steps or "*" in steps:
        yield from _walk([start], (), steps)
        return
    nodes = [start]  # one place at most, as of nearly all paths
    for step in steps:
        child = nodes[-1].get(step)
        if child is None:
            return
        nodes.append(child)
    yield steps, nodes


@cache
def _steps(path: str) -> tuple[str, ...]:
    """The steps of a path of the table."""
    steps: list[str] = []
    for part in path.split("."):
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            steps.append("[]")
    return tuple(steps)


def _walk(
    nodes: list[Node], taken: tuple[Step, ...], rest: tuple[str, ...]
) -> Iterator[tuple[tuple[Step, ...], list[Node]]]:
    if not rest:
        yield taken, nodes
        return
    here, step = nodes[-1], rest[0]
    if step == "[]":
        for index, element in enumerate(here.elements() if here.kind == SEQ else ()):
            yield from _walk([*nodes, element], (*taken, index), rest[1:])
        return
    for key in here.keys() if step == "*" and here.kind == MAP else (step,):
        child = here.get(key)
        if child is not None:
            yield from _walk([*nodes, child], (*taken, key), rest[1:])
