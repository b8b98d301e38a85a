"""What a rendered chart says of a value, and the reading of the values themselves says too: said once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from linter.finding import Finding
from linter.formats.classify import is_values
from linter.frozen import replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.render.named_by_values import VALUES, at_their_values, chart_of
from linter.saidofimages import OF_IMAGES, is_rendered, of_image
from linter.unit import FileResult


def said_once(results: Sequence[FileResult], root: Path) -> list[FileResult]:
    """Without the findings of values files that a finding of a rendered chart has as where its value comes from, or
    that say the same of an image: helpers of charts put images together out of their parts."""
    results = at_their_values(results)
    told: dict[str, set[tuple[str, int]]] = {}
    images: dict[str, set[tuple[str, str]]] = {}  # by folder of a chart: rule, what is said of the image
    for result in results:
        for finding in result.findings:
            if is_rendered(finding):
                for place in (finding.location, *(item.location for item in finding.related)):
                    told.setdefault(place.path, set()).add((finding.rule, place.line))
                if finding.rule in OF_IMAGES:
                    images.setdefault(chart_of(result.path), set()).add(of_image(finding))
    return [
        _of_values(result, told, images, root) if is_values(result.path) else result for result in results
    ]


def _of_values(
    result: FileResult,
    told: dict[str, set[tuple[str, int]]],
    images: dict[str, set[tuple[str, str]]],
    root: Path,
) -> FileResult:
    if result.path in told:
        result = _without(result, told[result.path], root)
    said = images.get(chart_of(result.path))
    if not said or result.path.rpartition("/")[2] != VALUES:
        return result
    new = tuple(
        f for f in result.findings if is_rendered(f) or f.rule not in OF_IMAGES or of_image(f) not in said
    )
    return result if len(new) == len(result.findings) else replace(result, findings=new)


def _without(result: FileResult, told: set[tuple[str, int]], root: Path) -> FileResult:
    try:
        lines = read_regular(root / result.path, MAX_TEXT).decode("utf-8", "replace").splitlines()
    except OSError:  # it was there a moment ago
        return result
    components = _components(lines)
    blocks: dict[str, list[tuple[int, int]]] = {}
    for rule, line in told:
        blocks.setdefault(rule, []).append(components[line - 1] if line <= len(lines) else (1, len(lines)))
    covered = {rule: _joined(found) for rule, found in blocks.items()}

    def new(finding: Finding) -> bool:
        if is_rendered(finding):
            return True
        line, mine = finding.location.line, covered.get(finding.rule, [])
        at = bisect_right(mine, (line, len(lines))) - 1
        return at < 0 or mine[at][1] < line

    return replace(result, findings=tuple(filter(new, result.findings)))


def _joined(blocks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same lines as blocks of which none overlaps another, in order."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(blocks):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], end)
        else:
            result.append((start, end))
    return result


def _components(lines: Sequence[str]) -> list[tuple[int, int]]:
    """For each line the first and last line of the mapping that it is in: what goes into one container stands together.

    In one pass: files of values have thousands of lines, and a rendered chart may tell of each.
    """
    above: list[int] = []  # for each line the one that begins its mapping, from 1; 0: none
    ends = [len(lines)] * (len(lines) + 1)  # the last line of the block that a line begins
    outer: list[tuple[int, int]] = []  # depth and number of lines that lie further and further in
    begun: list[tuple[int, int]] = []  # the same of those whose blocks have not ended
    for number, line in enumerate(lines, 1):
        content = line.strip()
        depth = _depth(line)
        if not content or content.startswith("#"):
            above.append(next((n for d, n in reversed(outer) if d < depth), 0))
            continue
        while outer and outer[-1][0] >= depth:
            outer.pop()
        above.append(outer[-1][1] if outer else 0)
        outer.append((depth, number))
        goes_on = content.startswith("- ")
        while begun and (begun[-1][0] > depth or (begun[-1][0] == depth and not goes_on)):
            ends[begun.pop()[1]] = number - 1
        begun.append((depth, number))
    return [(start, ends[start]) if start else (1, len(lines)) for start in above]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
