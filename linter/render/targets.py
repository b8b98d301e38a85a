"""The objects that a patch of a kustomization is for: by kind, name, and selectors over labels and annotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linter.adapters.sourcemap import identity
from linter.formats.kubernetes.selectors import among, selects
from linter.formats.node import MAP, Node
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_PLAIN = lazy_regex(r"[\w./-]*\Z")  # a name without wildcards
_LONGEST = 2_000  # letters of a selector that are read
_REQUIREMENT = lazy_regex(
    r"[ \t]*+(?:(?P<key>[\w./-]++)[ \t]*+(?:(?P<same>==?|!=)[ \t]*+(?P<value>[\w.-]*+)"
    r"|(?P<in>(?:not)?in)[ \t]*+\((?P<values>[^()]*+)\))?|!(?P<none>[\w./-]++))[ \t]*+(?:,|\Z)"
)
_SELECTORS = (("labelSelector", "labels"), ("annotationSelector", "annotations"))

Names = frozenset[tuple[str, str]]  # kinds and names that an object goes by
Selector = tuple[str, tuple[Mapping[str, Any], ...]]  # what it is over, and what it asks for


@dataclass(frozen=True, slots=True)
class Aimed:
    """An object that a patch may be for: what it goes by, and what its metadata say where it was written or made."""

    names: Names
    metadata: tuple[Mapping[str, Any], ...] = ()

    @staticmethod
    def at(*nodes: Node | None) -> Aimed:
        """The object that several trees have."""
        known = [node for node in nodes if node is not None]
        told = (node.get("metadata") for node in known)
        plain = tuple(item.plain() for item in told if item is not None and item.kind == MAP)
        return Aimed(frozenset(map(identity, known)), plain)


@dataclass(frozen=True, slots=True)
class Target:
    """The objects that a patch is for; '' where it does not say, or says it by a pattern."""

    kind: str = ""
    name: str = ""
    selectors: tuple[Selector, ...] = ()

    def fits(self, one: Aimed) -> bool:
        """Whether an object can be one of them."""
        named = any(self.kind in ("", kind) and self.name in ("", name) for kind, name in one.names)
        return named and all(_selects(selector, one) for selector in self.selectors)


ANY = Target()


def target_of(node: Node | None) -> Target:
    """What a target says. Kind and name are patterns: what is more than a name fits all. `ANY`: none is given, and a
    strategic patch is for the object that it names itself."""
    if node is None or node.kind != MAP:
        return ANY
    said = {key: _text(node, key) for key in ("kind", "name")}
    plain = {key: words if _PLAIN.match(words) else "" for key, words in said.items()}
    asked = ((over, _requirements(_text(node, key))) for key, over in _SELECTORS)
    return Target(**plain, selectors=tuple((over, found) for over, found in asked if found))


def _text(node: Node, key: str) -> str:
    child = node.get(key)
    words = child.string() if child is not None else ""
    return words if isinstance(words, str) else ""


def _selects(selector: Selector, one: Aimed) -> bool:
    """Whether a selector may take an object."""
    over, expressions = selector
    if not one.metadata:
        return True
    maps = (metadata.get(over) or {} for metadata in one.metadata)
    asked = {"matchExpressions": list(expressions)}
    return any(not isinstance(found, Mapping) or selects(asked, among(found)) is not False for found in maps)


def _requirements(selector: str) -> tuple[Mapping[str, Any], ...]:
    """What a selector asks for; nothing where it is not understood."""
    found: list[Mapping[str, Any]] = []
    at = 0
    while at < len(selector) <= _LONGEST:
        match = _REQUIREMENT.match(selector, at)
        if match is None:
            return ()
        found.append(_requirement(match.groupdict()))
        at = match.end()
    return tuple(found)


def _requirement(said: Mapping[str, str | None]) -> Mapping[str, Any]:
    if said["none"]:
        return {"key": said["none"], "operator": "DoesNotExist"}
    if said["in"]:
        values = [value.strip() for value in (said["values"] or "").split(",")]
        return {"key": said["key"], "operator": "In" if said["in"] == "in" else "NotIn", "values": values}
    if said["same"]:
        operator = "NotIn" if said["same"] == "!=" else "In"
        return {"key": said["key"], "operator": operator, "values": [said["value"] or ""]}
    return {"key": said["key"], "operator": "Exists"}
