"""Images that several containers of a chart have from one value: who changes that changes all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linter.finding import Finding, Severity
from linter.saidofimages import OF_IMAGES, is_rendered, of_image

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
    if finding.rule not in OF_IMAGES or not finding.related or not is_rendered(finding):
        return None
    places = tuple((place.location.path, place.location.line) for place in finding.related)
    rule, said = of_image(finding)
    return rule, finding.severity, said, places
