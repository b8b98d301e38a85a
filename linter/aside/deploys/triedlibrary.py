"""What a library of named templates has only where a chart of tests includes it: `resources: {}` is in the values of
the fixture that renders the library, and the charts that others get include the same with values of their own.

Where no other chart includes the same named template the fixture is all that shows what the library writes: it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.leads.namings import Namings
from linter.finding import INCLUDED, Finding
from linter.patterns import lazy_regex

_NAMED = lazy_regex(r"\b(?:include|template)[ \t]+\"([^\"\n]{1,200})\"")
_TEMPLATES = "/templates/"


def reason_of_including(
    finding: Finding,
    deployments: Deployments,
    reason: Callable[[str], str],
    lines: Callable[[str], Sequence[str]],
) -> str:
    """Why all that a finding in a library's template is there for is set aside; empty: it is not, or nothing else
    includes the same. `reason`, `lines`: why a file is set aside, and what it has."""
    places = [item.location for item in finding.related if item.message == INCLUDED]
    reasons = [reason(place.path) for place in places]
    if not places or not all(reasons):
        return ""
    named = {
        name
        for place in places
        for line in lines(place.path)[place.line - 1 : place.end_line]
        for name in _NAMED.findall(line)
    }
    library = chart_folder(deployments.charts, finding.location.path)
    users = [chart for chart, _ in deployments.parents.get(library, ()) if not reason(f"{chart}/Chart.yaml")]
    return reasons[0] if named and named.issubset(_included_by(deployments, users)) else ""


def _included_by(deployments: Deployments, charts: Iterable[str]) -> Iterator[str]:
    """The named templates that the templates of some charts include themselves."""
    included = deployments.namings.once(_included)
    for chart in charts:
        yield from included.get(chart, ())


def _included(namings: Namings) -> dict[str, set[str]]:
    """By the folders of charts, the named templates that their templates include."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in namings.texts:
        chart, templates, _ = text.path.rpartition(_TEMPLATES)
        if templates:
            found[chart].update(_NAMED.findall(text.text))
    return found
