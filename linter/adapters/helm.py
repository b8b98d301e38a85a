"""Helm charts: found, copied aside, rendered by the user's `helm`, and taken apart by template.

A chart may come from a stranger. It is rendered from a copy in which no link leads out of the scanned tree,
without plugins, cluster, repositories or network.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from linter.adapters.bysource import by_source
from linter.adapters.program import Limits, ProgramError, environment, run, too_old, version
from linter.config import ChartConfig
from linter.formats.kubernetes.apis import table
from linter.formats.node import MAP, Node
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass, field, replace
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

_SOURCE = lazy_regex(r"^---[ \t]*\n# Source: ([^\n]+)\n", re.MULTILINE)
_RELEASE = lazy_regex(r"[^a-z0-9-]+")
MAX_FILE = 5_000_000  # bytes; a larger file of a chart is left out of the copy
MAX_FILES = 20_000
MAX_COPIED = 200_000_000  # bytes of all files of a chart: links may name one of them again and again
KUBE_VERSION = "1.34.0"  # when none is configured: each build of helm would say another one
MINIMUM = (3, 0, 0)  # before, rendering asked for other arguments
MAX_TEST_VALUES = 3
LOCAL = "file://"  # the repository of a dependency that is in the tree
MAX_NESTING = 5  # of local dependencies
LIMITS = Limits(seconds=8, output=64_000_000)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the tree, with the ways to render it that the configuration has."""

    folder: Path
    name: str
    library: bool = False
    dependencies: tuple[tuple[str, str], ...] = ()  # name (or alias), repository
    ways: tuple[ChartConfig, ...] = ()

    @property
    def beside(self) -> list[Path]:
        """Folders of the charts of the tree that it depends on."""
        local = (repository for _, repository in self.dependencies if repository.startswith(LOCAL))
        return [(self.folder / repository.removeprefix(LOCAL)).resolve() for repository in local]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What one set of values made of a chart."""

    chart: Chart
    values: tuple[Path, ...]  # that were given, later ones win
    label: str  # of the set of values, for people
    parts: tuple[tuple[Path, str], ...] = ()  # template file in the tree, text that it gave
    missing: tuple[str, ...] = ()  # dependencies that are not in the tree
    failure: str = ""  # why there are no parts
    broken: bool = False  # it is the program that failed, not the chart
    tests: bool = False  # the values are those with which the chart is tried
    cluster: str = ""  # the version of the cluster that was asked for; empty: ours


@dataclass(slots=True)
class _Copy:
    """A chart's copy, and where in the tree the charts put into it come from."""

    folder: Path
    origins: dict[str, Path] = field(default_factory=dict)  # path in the copy -> folder in the tree
    missing: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0


def find_charts(folders: Sequence[Path], ways: Mapping[Path, Sequence[ChartConfig]]) -> list[Chart]:
    """The charts of folders that hold a Chart.yaml, without those that are parts of another."""
    charts = {folder: _read_chart(folder, tuple(ways.get(folder, ()))) for folder in folders}
    return [chart for folder, chart in sorted(charts.items()) if not _is_part(folder, charts)]


def _is_part(folder: Path, charts: Mapping[Path, Chart]) -> bool:
    """Whether the folder is in the `charts/` of another chart, which then renders it."""
    return any(
        above.name == "charts" and above.parent in charts and folder.parent == above
        for above in folder.parents
    )


def _read_chart(folder: Path, ways: tuple[ChartConfig, ...]) -> Chart:
    described = _yaml(folder / "Chart.yaml")
    listed = described.get("dependencies") or _yaml(folder / "requirements.yaml").get("dependencies")
    dependencies = tuple(
        (str(d.get("name", "")), str(d.get("repository") or ""))
        for d in (listed if isinstance(listed, list) else ())
        if isinstance(d, dict)
    )
    name = str(described.get("name") or folder.name)
    return Chart(folder, name, described.get("type") == "library", dependencies, ways)


def _yaml(path: Path) -> dict[str, Any]:
    """A YAML file's mapping; empty when there is none."""
    try:
        text = decode(path.name, read_regular(path, MAX_FILE))
    except OSError:
        return {}
    documents = parse_documents(text).documents
    value = documents[0].plain() if documents and documents[0].kind == MAP else {}
    return value if isinstance(value, dict) else {}


def render(chart: Chart, helm: str, root: Path, scratch: Path) -> Iterator[Rendering]:
    """Render a chart once for each of its ways. `scratch` is an empty folder of our own."""
    home = scratch / "home"
    home.mkdir()
    copy = _Copy(scratch / "chart")
    try:
        _copy_chart(chart.folder, copy.folder, root, copy)
    except (OSError, RuntimeError, ProgramError) as error:  # RuntimeError: links in a circle
        yield Rendering(chart, (), "", failure=f"it could not be copied: {error}")
        return
    if chart.ways:
        yield from _each(chart, chart.ways, helm, home, copy)
        return
    plain = ChartConfig(str(chart.folder))
    found = _render(chart, plain, helm, home, copy)
    tests = sorted((chart.folder / "ci").glob("*values.yaml")) if found.failure else []
    if not tests or found.broken:
        yield found
    # a chart that needs values often has some that its own tests use
    ways = [] if found.broken else [replace(plain, values=(str(path),)) for path in tests[:MAX_TEST_VALUES]]
    yield from (replace(tried, tests=True) for tried in _each(chart, ways, helm, home, copy))


def _each(
    chart: Chart, ways: Sequence[ChartConfig], helm: str, home: Path, copy: _Copy
) -> Iterator[Rendering]:
    """The chart in one way after the other; when helm itself fails, it would do so in every one."""
    for way in ways:
        found = _render(chart, way, helm, home, copy)
        yield found
        if found.broken:
            return


def _render(chart: Chart, way: ChartConfig, helm: str, home: Path, copy: _Copy) -> Rendering:
    values = tuple(Path(path) for path in way.values)
    label = " ".join([*(path.name for path in values), *(f"{k}={v}" for k, v in way.set.items())])
    missing = tuple(copy.missing)
    absent = [str(path) for path in values if not path.is_file()]
    if absent:
        return Rendering(chart, values, label, failure=f"no such values file: {absent[0]}")
    env = environment(home, {"KUBECONFIG": os.devnull, "HELM_PLUGINS": str(home / "plugins")})
    try:
        ran = run([helm, *_arguments(chart, way, copy.folder)], cwd=home, env=env, limits=LIMITS)
    except ProgramError as failed:
        return Rendering(chart, values, label, missing=missing, failure=str(failed), broken=True)
    if ran.code != 0:
        old = too_old("helm", version([helm, "version", "--short"], home, env), MINIMUM)
        if old:
            return Rendering(chart, values, label, missing=missing, failure=old, broken=True)
        reason = ran.complaint.removeprefix("Error: ").replace(str(copy.folder), chart.name)
        return Rendering(chart, values, label, missing=missing, failure=f"helm says: {reason}")
    text = ran.stdout.decode("utf-8", "replace")
    if text.strip() and not _SOURCE.search(text):
        words = "helm answered with something that is no rendered chart"
        return Rendering(chart, values, label, missing=missing, failure=words, broken=True)
    parts = tuple(by_source(_parts(text, chart, copy)))
    return Rendering(chart, values, label, parts, missing, cluster=way.kube_version or "")


def _arguments(chart: Chart, way: ChartConfig, folder: Path) -> Iterator[str]:
    release = _RELEASE.sub("-", (way.name or chart.name).lower()).strip("-")[:53] or "release"
    yield from ("template", release, str(folder), "--skip-crds", "--skip-schema-validation")
    if way.namespace:
        yield f"--namespace={way.namespace}"
    yield f"--kube-version={way.kube_version or KUBE_VERSION}"
    served = () if way.kube_version else _served()
    yield from (f"--api-versions={version}" for version in (*served, *way.api_versions))
    yield from (f"--values={path}" for path in way.values)
    yield from (f"--set={key}={value}" for key, value in way.set.items())


@cache
def _served() -> tuple[str, ...]:
    """What every cluster of our version serves of its own, kinds included, which helm alone knows by group only: charts
    ask for it before they fall back on what is older."""
    ends = [(kind, end.replacement) for (_, kind), end in table().items() if end.removed[:1].isdigit()]
    kinds = [(kind, version) for kind, version in ends if " " not in version]
    return tuple(sorted({version for _, version in kinds} | {f"{version}/{kind}" for kind, version in kinds}))


def _parts(text: str, chart: Chart, copy: _Copy) -> Iterator[tuple[Path, str]]:
    """The rendered documents by the template of the tree that they come from; others belong to packed charts."""
    marks = list(_SOURCE.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    for mark, end in zip(marks, ends, strict=True):
        inside = mark[1].strip().partition("/")[2]
        folder, rest = chart.folder, inside
        for prefix, origin in copy.origins.items():
            if inside.startswith(f"{prefix}/"):
                folder, rest = origin, inside[len(prefix) + 1 :]
        path = folder / rest
        if ".." not in Path(rest).parts and path.is_file():
            yield path, text[mark.end() : end]


def _copy_chart(
    folder: Path, target: Path, root: Path, copy: _Copy, inside: str = "", depth: int = 0
) -> None:
    """Copy a chart; then put its local dependencies into it, and leave out those that are nowhere."""
    _copy_tree(folder, target, root, copy)
    chart = _read_chart(folder, ())
    there = _packed(target / "charts")
    missing = []
    for name, repository in chart.dependencies:
        if name in there:
            continue
        local = (folder / repository.removeprefix(LOCAL)).resolve()
        if repository.startswith(LOCAL) and depth < MAX_NESTING and _is_chart(local, root):
            place = f"{inside}charts/{name}"
            copy.origins[place] = local
            _copy_chart(local, target / "charts" / name, root, copy, f"{place}/", depth + 1)
        else:
            missing.append(name)
    if missing:
        copy.missing += missing
        _without(target / "Chart.yaml", missing)
        _without(target / "requirements.yaml", missing)
        for lock in ("Chart.lock", "requirements.lock"):
            (target / lock).unlink(missing_ok=True)


def _is_chart(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root) and (folder / "Chart.yaml").is_file()


def _packed(folder: Path) -> set[str]:
    """Names of the charts in a `charts/` folder: unpacked ones, and archives `name-1.2.3.tgz`."""
    if not folder.is_dir():
        return set()
    names = set()
    for entry in folder.iterdir():
        if entry.is_dir():
            names |= {entry.name, str(_yaml(entry / "Chart.yaml").get("name") or entry.name)}
        elif entry.suffix == ".tgz":
            names.add(re.sub(r"-v?\d+\..*$", "", entry.name))
    return names


def _copy_tree(folder: Path, target: Path, root: Path, copy: _Copy) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(folder.iterdir()):
        if entry.name in (".git", "node_modules"):
            continue
        real = entry.resolve()
        if entry.is_symlink() and not (real.is_relative_to(root) and real.is_file()):
            continue
        if real.is_dir():
            _copy_tree(entry, target / entry.name, root, copy)
        elif real.is_file() and real.stat().st_size <= MAX_FILE:
            copy.files += 1
            copy.bytes += real.stat().st_size
            if copy.files > MAX_FILES or copy.bytes > MAX_COPIED:
                raise ProgramError(f"it has more than {MAX_FILES:,} files or {MAX_COPIED // 1_000_000} MB")
            shutil.copyfile(real, target / entry.name)


def _without(path: Path, names: Sequence[str]) -> None:
    """Blank the entries of some dependencies in the copy of a chart's description."""
    if not path.is_file():
        return
    text = decode(path.name, read_regular(path, MAX_FILE))
    documents = parse_documents(SourceText(path.name, text.text)).documents
    listed = documents[0].get("dependencies") if documents else None
    if listed is None:
        return
    kept = [node.plain() for node in listed.elements() if _dependency(node) not in names]
    described = documents[0].plain()
    import json  # YAML reads JSON, so a plain value can be written back without a YAML writer

    path.write_text(json.dumps({**described, "dependencies": kept}, default=str), encoding="utf-8")


def _dependency(node: Node) -> str:
    name = node.get("name")
    return str(name.string()) if name is not None else ""
