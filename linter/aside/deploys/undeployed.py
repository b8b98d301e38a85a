"""Charts of a project that nothing of it deploys.

Where lists of Helmfile or Argo CD deploy charts by their path, one beside those that nothing names is on no cluster.
And where the project installs a chart of the same name from others' repository, the one in the tree is a copy of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from linter.aside.deploys.commands import repositories_in
from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.deploys.otherways import may_name
from linter.aside.deploys.release import Release
from linter.aside.leads.namings import Namings
from linter.aside.names.copied import titles
from linter.aside.names.examples import is_example
from linter.aside.names.folders import reason_of
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

UNDEPLOYED = "in charts that the project does not deploy"
_LEAST = 3  # charts beside it that are deployed
_OFFERS = lazy_regex(r"\bhelm3?[ \t]+repo[ \t]+add\b|\boci://")
_OWNER = lazy_regex(
    r"https?://(?:([\w-]+)\.github\.io|(?:raw\.githubusercontent|github|gitlab)\.com/([\w.-]+))/"
)


def is_undeployed(path: str, deployments: Deployments) -> bool:
    """Whether a file below the root is of a chart that is deployed by nothing, while those beside it are."""
    chart = _outermost(path, deployments)
    if not chart or chart in deployments.releases or deployments.publishes(chart):
        return False
    above = os.path.dirname(chart)
    beside = {
        folder
        for folder, releases in deployments.releases.items()
        if os.path.dirname(folder) == above
        and any(_deploys(deployments.root, release) for release in releases)
    }
    return len(beside) >= _LEAST and not _is_offered(deployments.namings) and _is_unnamed(chart, deployments)


def is_installed_from_others(path: str, deployments: Deployments) -> bool:
    """Whether a file below the root is of a chart that nothing names, and that steps take from others' repository."""
    chart = _outermost(path, deployments)
    if not chart or chart in deployments.releases or deployments.publishes(chart):
        return False
    name = deployments.charts[chart].get("name")
    if not isinstance(name, str) or not _is_taken(name, deployments):
        return False
    return _is_unnamed(chart, deployments)


def _deploys(root: str, release: Release) -> bool:
    """Whether a list that is no test and no example has a release."""
    path = release.source.replace("/", os.sep)
    return release.listed and not reason_of(root, path) and not is_example(root, path)


def _outermost(path: str, deployments: Deployments) -> str:
    chart = chart_folder(deployments.charts, path)
    while (above := chart_folder(deployments.charts, chart)) and chart:
        chart = above
    return chart


def _is_unnamed(chart: str, deployments: Deployments) -> bool:
    """Whether nothing in the project has a path that may be that of a chart."""
    namings = deployments.namings
    named_by = namings.namers(chart, by_path=True)
    if named_by is None or chart in deployments.releases or chart in deployments.parents:
        return False
    return not any(may_name(namings, namer, chart) for namer in named_by)


def _is_taken(name: str, deployments: Deployments) -> bool:
    """Whether steps, no documentation, install a chart of a name from a repository of others that they add."""
    repositories = repositories_in(deployments.namings.texts)
    for command in deployments.commands:
        if command.told:
            continue
        for word in command.words:
            repository, slash, last = word.rpartition("/")
            url = repositories.get(repository, "") if slash and last == name else ""
            if url and _is_of_others(deployments.root, url):
                return True
    return False


def _is_of_others(root: str, url: str) -> bool:
    """Whether an address of a repository has an owner whom the project does not name as its own."""
    owner = _OWNER.match(f"{url}/")
    own = f"{os.path.basename(root)} {titles(root, changed(root))}".lower()
    return owner is not None and (owner[1] or owner[2]).lower() not in own


def _is_offered(namings: Namings) -> bool:
    """Whether documentation at the top tells others where to get charts."""
    return any(_OFFERS.search(text) is not None for text in _at_top(namings))


def _at_top(namings: Namings) -> Iterator[str]:
    return (text.text for text in namings.texts if text.document and not text.folder)
