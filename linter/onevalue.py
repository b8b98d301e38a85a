"""Images that several containers of a chart have from one value: who changes that changes all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linter.finding import Finding, Severity

_OF_IMAGES = frozenset({"image-registry-deprecated", "image-tag-latest", "ai-image-latest"})
_Value = tuple[str, Severity, str, tuple[tuple[str, int], ...]]


def of_one_value(findings: Sequence[Finding], indexes: Iterable[int]) -> list[list[int]]:
    """Of some findings, in groups, those that say the same of an image which one value of a chart gives."""
    found: dict[_Value, list[int]] = {}
    for index in indexes:
        value = _value(findings[index])
        if value is not None:
            found.setdefault(value, []).append(index)
    return [group for group in found.values() if len(group) > 1]


def _value(finding: Finding) -> _Value | None:
    """What is said of an image, without the container that has it, and the places of the value; None: none gives it."""
    rendered = any(name == "chart" for name, _ in finding.properties)
    if not rendered or not finding.related or finding.rule not in _OF_IMAGES:
        return None
    places = tuple((place.location.path, place.location.line) for place in finding.related)
    return finding.rule, finding.severity, finding.message.partition("' ")[2], places
