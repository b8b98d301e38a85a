"""What a rendered chart and the values say of an image that these name: said there, where it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from linter.finding import WRITTEN_BY, Finding, Related
from linter.frozen import replace
from linter.saidofimages import OF_IMAGES, is_rendered, of_image
from linter.unit import FileResult

VALUES = "values.yaml"  # the only values that every chart is rendered with
_Said = tuple[str, str, str]  # folder of a chart, rule, what is said


def chart_of(path: str) -> str:
    """The folder of the chart that a template or values are in."""
    folder, slash, name = path.rpartition("/")
    return folder + slash if name == VALUES else path.rpartition("templates/")[0]


def at_their_values(results: Sequence[FileResult]) -> list[FileResult]:
    """The results in which what a template's expression makes of an image of the values is told where these name it."""
    of_values: Counter[_Said] = Counter()
    made: dict[_Said, list[Finding]] = {}
    for result in results:
        in_values = result.path.rpartition("/")[2] == VALUES
        for finding in result.findings:
            if finding.rule not in OF_IMAGES:
                continue
            if in_values and not is_rendered(finding):
                of_values[chart_of(result.path), *of_image(finding)] += 1
            elif _is_made(finding):
                made.setdefault((chart_of(result.path), *of_image(finding)), []).append(finding)
    both = {said: found for said, found in made.items() if said in of_values}
    alone = {said for said in both if of_values[said] == 1}
    return [_moved(result, both, alone) for result in results] if both else list(results)


def _is_made(finding: Finding) -> bool:
    """Whether a rendered finding stands at an expression."""
    return is_rendered(finding) and "{{" in finding.evidence


def _moved(
    result: FileResult, both: Mapping[_Said, Sequence[Finding]], alone: Collection[_Said]
) -> FileResult:
    if not any(finding.rule in OF_IMAGES for finding in result.findings):
        return result
    found = []
    for finding in result.findings:
        said = (chart_of(result.path), *of_image(finding))
        made = both.get(said) if finding.rule in OF_IMAGES else None
        if made is None:
            found.append(finding)
        elif not is_rendered(finding):
            known = _known(finding, made)
            # the rendering knows the name of the container; of several values it can't be told which is whose
            found.append(replace(known, message=_first(made).message) if said in alone else known)
        elif not _is_made(finding):
            found.append(finding)
    return replace(result, findings=tuple(found))


def _first(made: Sequence[Finding]) -> Finding:
    """That of a container which stays, where there is one: others of its image only prepare something."""
    return next((finding for finding in made if "/initContainers/" not in finding.subject), made[0])


def _known(finding: Finding, made: Sequence[Finding]) -> Finding:
    """A finding of values that a rendering bears out."""
    first = _first(made)
    templates = tuple(Related(other.location, WRITTEN_BY, use=True) for other in made)
    return replace(
        finding,
        confidence=first.confidence,
        properties=(*finding.properties, *(p for p in first.properties if p not in finding.properties)),
        related=(*finding.related, *templates),
    )
