"""Charts as inline SVG: sizes in attributes, colours in classes, since the page's policy allows no inline style."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape

from linter.finding import Severity


def bar(parts: Iterable[tuple[str, int, str]], most: int) -> str:
    """A stacked bar of (class, count, label) parts; full width is `most`. The numbers stand beside it in the table."""
    at = 0.0
    pieces = []
    for kind, count, label in parts:
        width = 100 * count / max(most, 1)
        if count:
            told = f"<title>{count:,} {escape(label)}</title>"
            pieces.append(
                f'<rect class="f-{kind}" x="{at:.2f}" y="0" width="{width:.2f}" height="8">{told}</rect>'
            )
        at += width
    inside = "".join(pieces)
    return (
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{inside}</svg>'
    )


def donut(counts: dict[Severity, int]) -> str:
    """Shares by severity around the total."""
    total = sum(counts.values())
    around = 2 * math.pi * 42
    at = 0.0
    arcs = ['<circle class="track" cx="60" cy="60" r="42"/>']
    for severity, count in counts.items():
        length = around * count / max(total, 1)
        if count:
            arcs.append(
                f'<circle class="k-{severity.label}" cx="60" cy="60" r="42" transform="rotate(-90 60 60)" '
                f'stroke-dasharray="{length:.2f} {around - length:.2f}" stroke-dashoffset="{-at:.2f}"/>'
            )
        at += length
    told = ", ".join(f"{count} {severity.label}" for severity, count in counts.items() if count) or "none"
    return (
        f'<svg viewBox="0 0 120 120" role="img" aria-label="Findings by severity: {told}">{"".join(arcs)}'
        f'<text x="60" y="66">{total:,}</text><text class="small" x="60" y="79">'
        f"finding{'' if total == 1 else 's'}</text></svg>"
    )


_ICONS = {
    "fails": '<circle cx="12" cy="12" r="9.5"/><path d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>',
    "warns": '<path d="M12 3.5L2.5 20h19L12 3.5zM12 10v4.5M12 17.2v.1"/>',
    "passes": '<circle cx="12" cy="12" r="9.5"/><path d="M7.5 12.5l3 3 6-6.5"/>',
}


def icon(kind: str) -> str:
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_ICONS[kind]}</svg>'
