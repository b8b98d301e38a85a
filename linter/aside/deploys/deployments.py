"""All ways in which a project deploys each of its charts, where all that leads to the chart is understood."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from linter.aside.copies.published import is_published
from linter.aside.deploys.applicationlists import of_lists
from linter.aside.deploys.applications import of_objects
from linter.aside.deploys.commands import Command, commands_in, of_commands
from linter.aside.deploys.helmfiles import Listed, listed_in, of_paths, release_of
from linter.aside.deploys.holes import documents
from linter.aside.deploys.inflated import of_kustomizations
from linter.aside.deploys.otherways import is_changed, is_fetched, is_packaged, may_deploy
from linter.aside.deploys.plain import as_dict, as_list
from linter.aside.deploys.release import Layer, Release, ValuesFiles, chart_at, with_layers
from linter.aside.leads.namings import Namings
from linter.aside.names.examples import is_example
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS
from linter.aside.stamps import changed
from linter.cel import UNKNOWN
from linter.frozen import dataclass, replace

_DESCRIPTION = "/Chart.yaml"
_LOCAL = "file://"
_DEEPEST = 4  # charts within charts
_LEAST = 3  # charts of a repository that are in the tree: it is the tree's own


@dataclass(frozen=True, slots=True)
class Way:
    """The values of one release of a chart, weakest first."""

    layers: tuple[Layer, ...]
    whole: bool  # whether these are all
    told: bool = False  # to readers, who may give others


class Deployments:
    """Of the project that some texts are of; nothing is read before it is asked for."""

    def __init__(self, namings: Namings) -> None:
        self.namings = namings
        self.root = namings.root
        self.files = ValuesFiles(namings.root)
        self._ways: dict[str, list[Way]] = {}
        self._left: dict[str, bool] = {}
        self._given: dict[str, list[Any]] = {}

    @cached_property
    def charts(self) -> dict[str, dict[str, Any]]:
        """The descriptions of the charts below the root, by their folders."""
        texts = (text for text in self.namings.texts if text.path.endswith(_DESCRIPTION))
        read = ((text.folder, documents(text.text)) for text in texts)
        return {folder: found[0] for folder, found in read if found and isinstance(found[0], dict)}

    @cached_property
    def commands(self) -> list[Command]:
        """All commands that install or render charts."""
        return commands_in(self.namings.texts)

    @cached_property
    def listed(self) -> list[Listed]:
        """All releases of helmfiles."""
        return listed_in(self.namings.texts)

    @cached_property
    def releases(self) -> dict[str, list[Release]]:
        """All releases by their chart, but those of tests."""
        found: defaultdict[str, list[Release]] = defaultdict(list)
        releases = (
            *of_paths(self.root, self.listed),
            *self._of_own_repositories(),
            *of_objects(self.root, (text for text in self.namings.texts if not text.document)),
            *of_lists(self.root, self.charts, self.namings.texts),
            *of_kustomizations(self.root, self.namings.texts),
            *of_commands(self.root, self.commands),
        )
        for release in releases:
            found[release.chart].append(release)
        return found

    def publishes(self, chart: str) -> bool:
        """Whether others get the chart in a folder, too: its releases are not all there are."""
        return is_published(self.root, changed(self.root), chart)

    def is_released(self, chart: str) -> bool:
        """Whether the project itself, and not only its readers and tests, installs the chart in a folder."""
        return any(
            not self._is_told(release) and not self._is_of_tests(release.source)
            for release in self.releases.get(chart, ())
        )

    def is_left_to_others(self, chart: str) -> bool:
        """Whether the project itself installs neither the chart in a folder nor one that it is a part of, and others
        get all of the latter."""
        if chart not in self._left:
            above = self._above(chart)
            self._left[chart] = not any(map(self.is_released, (chart, *above))) and all(
                map(self.publishes, above)
            )
        return self._left[chart]

    def _above(self, chart: str) -> set[str]:
        """The charts that a chart is a part of, and those of which these are parts."""
        found: set[str] = set()
        left = [chart]
        while left:
            parents = {parent for parent, _ in self.parents.get(left.pop(), ())} - found
            found |= parents
            left += parents
        return found

    def ways(self, chart: str) -> list[Way]:
        """All ways in which the chart in a folder is deployed; empty: they are not known, or may be more."""
        if chart not in self._ways:
            self._ways[chart] = []  # also for one that has itself as a part
            self._ways[chart] = [] if self.publishes(chart) else self._all_ways(chart)
        return self._ways[chart]

    def given(self, chart: str, own: Any) -> list[Any]:
        """The values that a chart gets in each way above its own; empty: these are not known, or may be more."""
        if chart not in self._given:
            ways = self.ways(chart)
            known = all(way.whole and not way.told for way in ways)
            self._given[chart] = [with_layers(own, way.layers, UNKNOWN) for way in ways] if known else []
        return self._given[chart]

    def _all_ways(self, chart: str) -> list[Way]:
        releases = [
            release
            for release in self.releases.get(chart, ())
            if not (release.shown or self._is_of_tests(release.source) or self._is_of_copy(release, chart))
        ]
        parents = self.parents.get(chart, [])
        if not parents and all(map(self._is_told, releases)):
            return []
        understood = {path for one in self.releases.get(chart, ()) for path in (one.source, *one.parts)}
        understood |= {f"{parent}{_DESCRIPTION}" for parent, _ in parents}
        if self._is_offered(chart) or may_deploy(self.namings, chart, understood):
            return []
        ways = [self._way(release) for release in releases if not release.changes]
        for parent, key in parents:
            ways += self._ways_within(parent, key)
        if any(release.changes for release in releases) or is_changed(self.namings, chart):
            ways = [replace(way, whole=False) for way in ways]
        return ways

    def _way(self, release: Release) -> Way:
        return Way(tuple(self.files.layers(release.values)), release.whole, self._is_told(release))

    def _ways_within(self, parent: str, key: str) -> Iterator[Way]:
        own = [layer.part(key) for layer in self.files.layers([f"{parent}/values.yaml"])]
        above = self.ways(parent)
        for way in above:
            yield Way((*own, *(layer.part(key) for layer in way.layers)), way.whole, way.told)
        if not above:
            yield Way(tuple(own), whole=False)

    def within(self, chart: str) -> list[Way]:
        """What the charts that a chart is a part of give it by their own values, where nothing else gets it: it lies in
        the `charts` of one of them. Their releases, which may not be known, are layers above that."""
        parents = self.parents.get(chart, [])
        if not any(chart.startswith(f"{parent}/charts/") for parent, _ in parents):
            return []
        understood = {f"{parent}{_DESCRIPTION}" for parent, _ in parents}
        if self.releases.get(chart) or is_packaged(self.namings, chart):
            return []
        if may_deploy(self.namings, chart, understood):
            return []
        return [Way((self._given_by(parent, key),), whole=False) for parent, key in parents]

    def _given_by(self, parent: str, key: str) -> Layer:
        return Layer(f"{parent}/values.yaml", self.files.read(f"{parent}/values.yaml")).part(key)

    @cached_property
    def parents(self) -> dict[str, list[tuple[str, str]]]:
        """The charts that have one as a part, and the key of its values there."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for folder, described in self.charts.items():
            for name, key, repository in _dependencies(described):
                child = f"{folder}/charts/{name}"
                if repository.startswith(_LOCAL):
                    child = chart_at(self.root, folder, repository.removeprefix(_LOCAL))
                if child in self.charts:
                    found[child].append((folder, key))
        for folder in self.charts:
            above, _, name = folder.rpartition("/charts/")
            if above in self.charts and "/" not in name and folder not in found:
                found[folder].append((above, name))
        return found

    def conditions(self, chart: str) -> list[tuple[str, str]]:
        """The charts that have one as a part, each with the path of the value that switches it on; empty: none does."""
        return [(parent, self._condition(parent, key)) for parent, key in self.parents.get(chart, [])]

    def _condition(self, parent: str, key: str) -> str:
        listed = map(as_dict, as_list(self.charts[parent].get("dependencies")))
        found = (
            item.get("condition") for item in listed if key == str(item.get("alias") or item.get("name"))
        )
        return str(next(found, None) or "")

    def _of_own_repositories(self) -> Iterator[Release]:
        """Releases of charts of a repository that has those of the tree: `ours/search` of `charts/search`."""
        named: defaultdict[str, list[Listed]] = defaultdict(list)
        for one in self.listed:
            repository, slash, name = one.chart.partition("/")
            if slash and "/" not in name and not repository.startswith("."):
                named[repository].append(one)
        for ones in named.values():
            charts = {one.chart: self._called(one.chart.partition("/")[2]) for one in ones}
            known = sum(map(bool, charts.values()))
            if known >= _LEAST and known * 2 > len(charts):
                yield from (
                    release_of(self.root, one, charts[one.chart]) for one in ones if charts[one.chart]
                )

    def _called(self, name: str) -> str:
        """The folder of the one chart of a name; empty: there is none, or more."""
        found = [folder for folder, described in self.charts.items() if described.get("name") == name]
        return found[0] if len(found) == 1 else ""

    def _is_offered(self, chart: str) -> bool:
        """Whether documentation tells others to install a chart from where it is published."""
        described = self.charts.get(chart, {})
        name = str(described.get("name") or os.path.basename(chart))
        said_by = {
            command.text.path
            for command in self.commands
            if command.told
            for word in command.words
            if word.endswith(f"/{name}") and not chart_at(self.root, word)
        }
        inside = {path for path in said_by if path.startswith(f"{chart}/")}
        # a part of another chart, what a list deploys, or a copy of others': that README was not written for ours
        is_inner = chart in self.parents or is_fetched(self.namings, chart)
        listed = any(release.listed for release in self.releases.get(chart, ()))
        return bool(said_by - inside) or (bool(inside) and not is_inner and not listed)

    def _is_told(self, release: Release) -> bool:
        """Whether readers are told of a release, or shown it."""
        return release.told or is_example(self.root, release.source.replace("/", os.sep))

    def _is_of_copy(self, release: Release, chart: str) -> bool:
        """Whether a copy of others' chart tells of a release to their readers."""
        return release.source.startswith(f"{chart}/") and is_fetched(self.namings, chart)

    def _is_of_tests(self, path: str) -> bool:
        return reason_of(self.root, path.replace("/", os.sep)) == TESTS


def _dependencies(described: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, key of the values and repository of each."""
    for item in as_list(described.get("dependencies")):
        if isinstance(item, dict):
            name = str(item.get("name"))
            yield name, str(item.get("alias") or name), str(item.get("repository") or "")


def chart_folder(charts: Sequence[str] | dict[str, Any], path: str) -> str:
    """The folder of the innermost chart that a file is of; empty: of none."""
    parts = path.split("/")[:-1]
    return next((folder for n in range(len(parts), 0, -1) if (folder := "/".join(parts[:n])) in charts), "")
