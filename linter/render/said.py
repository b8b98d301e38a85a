"""What a rendered chart says of a value, and the reading of the values themselves says too: said once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from linter.finding import Finding
from linter.formats.classify import is_values
from linter.frozen import replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.unit import FileResult


def said_once(results: Sequence[FileResult], root: Path) -> list[FileResult]:
    """Without the findings of values files that a finding of a rendered chart has as where its value comes from."""
    told: dict[str, set[tuple[str, int]]] = {}
    for result in results:
        for finding in result.findings:
            if any(name == "chart" for name, _ in finding.properties):
                for item in finding.related:
                    told.setdefault(item.location.path, set()).add((finding.rule, item.location.line))
    return [
        _without(result, told[result.path], root)
        if result.path in told and is_values(result.path)
        else result
        for result in results
    ]


def _without(result: FileResult, told: set[tuple[str, int]], root: Path) -> FileResult:
    try:
        lines = read_regular(root / result.path, MAX_TEXT).decode("utf-8", "replace").splitlines()
    except OSError:  # it was there a moment ago
        return result
    blocks = [(rule, *_component(lines, line)) for rule, line in told]

    def new(finding: Finding) -> bool:
        line = finding.location.line
        return not any(rule == finding.rule and start <= line <= end for rule, start, end in blocks)

    return replace(result, findings=tuple(filter(new, result.findings)))


def _component(lines: Sequence[str], number: int) -> tuple[int, int]:
    """The first and last line of the mapping that a line is in: what goes into one container stands together."""
    depth = _depth(lines[number - 1]) if number <= len(lines) else 0
    for above in range(number - 1, 0, -1):
        content = lines[above - 1].strip()
        if content and not content.startswith("#") and _depth(lines[above - 1]) < depth:
            return above, _end(lines, above)
    return 1, len(lines)


def _end(lines: Sequence[str], number: int) -> int:
    """The last line of the block that a line of YAML begins, both counted from 1."""
    depth = _depth(lines[number - 1]) if number <= len(lines) else 0
    for index in range(number, len(lines)):
        line = lines[index]
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        if _depth(line) < depth or (_depth(line) == depth and not content.startswith("- ")):
            return index
    return len(lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
