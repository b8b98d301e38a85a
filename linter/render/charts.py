"""The charts of a scan: rendered, judged, mapped back to templates and values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from linter.adapters import helm
from linter.adapters.chartvalues import ChartValues
from linter.adapters.definitions import Definitions
from linter.adapters.program import Patience, locate
from linter.adapters.sourcemap import Entry, Lists, identity
from linter.adapters.templatemap import Origin, TemplateMap
from linter.adapters.valuesfile import ValuesFile, entry_place, value_at, value_place
from linter.adapters.written import Writings
from linter.config import ChartConfig
from linter.errors import InternalError
from linter.finding import (
    APP_VERSION,
    COMES_FROM,
    INCLUDED,
    OF_CLUSTER,
    OF_TESTS,
    Diagnostic,
    Related,
    Skipped,
)
from linter.formats.node import Node
from linter.formats.yamltree import parse_documents
from linter.frozen import replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.newfiles import scratch
from linter.patterns import lazy_regex
from linter.render import Rendered, Rendering
from linter.render.candidates import Given
from linter.render.chance import without_chance
from linter.render.decided import Taken
from linter.render.included import Entered, Included, Within
from linter.render.judge import FORMAT, Judged, Piece, Spot, judge, merged, objects_of, read_piece
from linter.ruleset.place import Excerpts
from linter.text import SourceText, Span, decode
from linter.unit import FileResult

PROGRAMS_AT_ONCE = 2
MAX_RELATED = 3  # values that a finding names
_VALUES = "values.yaml"
_OF_A_NAME = frozenset(("registry", "repository"))  # what a finding about where an image comes from means
_APP_VERSION = lazy_regex(r"(?m)^appVersion:[^\n#]*")
_EMPTY = lazy_regex(r":\s*(?:\"\"|''|null|~)?\s*\Z")
# the values in the `dict` for a named template, by name
_PASSED = lazy_regex(r"\"(\w{1,100})\"\s+\$?\.Values\.([\w.]+)")


def render_charts(results: Sequence[FileResult], folders: Sequence[Path], rendering: Rendering) -> Rendered:
    """Render every chart in each of its ways; without `helm`, say so."""
    root = rendering.worker.root
    ways = {folder: _ways(folder, rendering) for folder in folders}
    found = helm.find_charts(folders, ways)
    charts = [chart for chart in found if not chart.library]
    alone = [
        Skipped(_shown(c.folder, root), "library chart not rendered: no chart here uses it")
        for c in found
        if c.library and c.folder not in {folder for other in found for folder in other.beside}
    ]
    program = locate("helm")
    if program is None:
        missed = tuple(Skipped(_shown(c.folder, root), "chart not rendered: no helm") for c in charts)
        note = (
            f"charts not rendered, since there is no helm: {len(charts)}; their templates are read with holes"
        )
        told = (Diagnostic("warning", note),) if charts else ()
        return Rendered(tuple(results), told, unrendered=(*alone, *missed))
    judged = Judged()
    files = _Files(root)
    done, notes = 0, []
    missed_list = list(alone)
    broken: dict[str, str] = {}
    for renderings in _run(charts, program, root):
        good = [item for item in renderings if not item.failure]
        for number, item in enumerate(good):
            _judge(item, rendering, files, judged, first=number == 0)
        done += bool(good)
        for item in renderings:
            if item.broken:
                broken.setdefault("helm", item.failure)
        notes += list(_told(renderings, root))
        if not good:
            reason = next((item.failure for item in renderings), "nothing was rendered")
            missed_list.append(
                Skipped(_shown(renderings[0].chart.folder, root), f"chart not rendered: {reason}")
            )
    out = merged(results, judged, rendering.worker.policy_for(root).ruleset.infos)
    return Rendered(tuple(out), (*notes, *judged.diagnostics), {"charts": done}, tuple(missed_list), broken)


def _ways(folder: Path, rendering: Rendering) -> tuple[ChartConfig, ...]:
    """The `charts` entries of the configuration that are about the folder, their paths in the scanned tree."""
    home, root = rendering.home, rendering.worker.root
    found = []
    for way in rendering.worker.policy_for(folder / "Chart.yaml").config.charts:
        if _here(Path(way.path), home, root) == folder:
            values = tuple(str(_here(Path(path), home, root)) for path in way.values)
            found.append(replace(way, path=str(folder), values=values))
    return tuple(found)


def _here(path: Path, home: Path, root: Path) -> Path:
    return root / path.relative_to(home) if home != root and path.is_relative_to(home) else path


def _run(charts: Sequence[helm.Chart], program: str, root: Path) -> Iterator[list[helm.Rendering]]:
    """The renderings of each chart, in order; charts are rendered side by side."""

    patience = Patience(helm.LIMITS)

    def one(chart: helm.Chart) -> list[helm.Rendering]:
        if patience.over:
            return [helm.Rendering(chart, (), "", failure=patience.over_words, broken=True)]
        try:
            with patience.measured(), scratch("helm") as folder:
                return list(helm.render(chart, program, root, folder))
        except InternalError as error:
            return [helm.Rendering(chart, (), "", failure=error.message, broken=True)]

    with ThreadPoolExecutor(PROGRAMS_AT_ONCE) as executor:
        yield from executor.map(one, charts)


def _told(renderings: Sequence[helm.Rendering], root: Path) -> Iterator[Diagnostic]:
    for item in renderings:
        place = _shown(item.chart.folder / "Chart.yaml", root)
        way = f" with {item.label}" if item.label else ""
        if item.failure:
            yield Diagnostic(
                "warning", f"chart '{item.chart.name}' was not rendered{way}: {item.failure}", place
            )
        elif item.missing:
            names = ", ".join(item.missing)
            text = f"chart '{item.chart.name}' was rendered{way} without dependencies that are not in the tree: {names}"
            yield Diagnostic("note", text, place)


class _Files:
    """Texts of the tree, and templates with their trees, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: dict[Path, SourceText | None] = {}
        self._maps: dict[Path, TemplateMap] = {}
        self._roots: dict[Path, tuple[Node | None, Lists]] = {}
        self._writings: dict[Path, Writings] = {}
        self._own = ChartValues()
        self._included: dict[Path, tuple[Definitions, Included]] = {}

    def text(self, path: Path) -> SourceText | None:
        if path not in self._texts:
            try:
                self._texts[path] = decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
            except OSError:
                self._texts[path] = None
        return self._texts[path]

    def values(self, path: Path, prefix: tuple[str, ...]) -> ValuesFile | None:
        """A file of values; None where there is none."""
        text = self.text(path)
        if text is None:
            return None
        if path not in self._roots:
            documents = parse_documents(text).documents
            self._roots[path] = (documents[0] if documents else None, Lists())
        root, lists = self._roots[path]
        return ValuesFile(text, root, prefix, lists)

    def template(self, path: Path, chart: helm.Chart) -> TemplateMap | None:
        if path not in self._maps:
            text = self.text(path)
            if text is None:
                return None
            objects = objects_of(read_document(text, FORMAT))
            self._maps[path] = TemplateMap(text, objects, lambda: self._named(chart)[0].kinds)
        return self._maps[path]

    def writings(self, template: Path, chart: helm.Chart) -> Writings:
        """The named templates and files of the chart that a template belongs to, and of those around it."""
        own = _chart_of(template)
        if own not in self._writings:
            self._writings[own] = Writings(own, self._named(chart)[0], self.text)
        return self._writings[own]

    def included(self, chart: helm.Chart) -> Included:
        """The named templates of a chart, and of those of the tree that it depends on."""
        return self._named(chart)[1]

    def come_to(self, template: Path) -> Callable[[str], Any]:
        """What an expression is by the values of the chart that a template belongs to."""
        return partial(self._own.come_to, _chart_of(template))

    def _named(self, chart: helm.Chart) -> tuple[Definitions, Included]:
        if chart.folder not in self._included:
            beside = (folder for folder in chart.beside if folder.is_relative_to(self.root))
            definitions = Definitions((chart.folder, *beside), self.text)
            self._included[chart.folder] = (definitions, Included(definitions))
        return self._included[chart.folder]


def _judge(item: helm.Rendering, rendering: Rendering, files: _Files, judged: Judged, *, first: bool) -> None:
    root = rendering.worker.root
    properties = [("chart", item.chart.name)] + ([("values", item.label)] if item.label else [])
    properties += [(OF_CLUSTER, item.cluster)] if item.cluster else []
    properties += [OF_TESTS] if item.tests else []
    of_tests = frozenset(_shown(path, root) for path in item.values) if item.tests else frozenset()
    for path, text in item.parts:
        template = files.template(path, item.chart)
        if template is None or "{{" not in template.text.text or not path.is_relative_to(root):
            continue  # what no expression is in was read exactly
        piece = read_piece(template.text.path, without_chance(text, template.text.text), root)
        if not item.label:
            _note_reached(piece, template, judged)
        values = _values(item, path, files)
        judge(
            piece,
            rendering.worker.policy_for(path),
            _Relocator(template, values, path, files, item.chart, of_tests),
            judged,
            tuple(properties),
            first=first,
        )


def _note_reached(piece: Piece, template: TemplateMap, judged: Judged) -> None:
    """Note the lines of the template's objects that became some of the rendered ones."""
    lines = judged.reached.setdefault(template.text.path, set())
    for rendered in piece.objects:
        source = template.sources.certain(rendered)
        if source is not None:
            first, last = (template.text.position(at).line for at in (source.span.start, source.span.end))
            lines.update(range(first, last + 1))
            judged.taken.setdefault(template.text.path, []).append(Taken(source, rendered))


def _values(item: helm.Rendering, template: Path, files: _Files) -> list[ValuesFile]:
    """The files that a template's values come from, weakest first."""
    folder = item.chart.folder
    inner: tuple[str, ...] = ()
    own = _chart_of(template)
    if own != folder:  # a chart within the chart: its values are below its name
        inner = (own.name,)
    found: list[tuple[Path, tuple[str, ...]]] = [(own / _VALUES, ())] if inner else []
    found += [(folder / _VALUES, inner), *((path, inner) for path in item.values)]
    read = (files.values(path, prefix) for path, prefix in found)
    return [file for file in read if file is not None]


def _chart_of(template: Path) -> Path:
    """The folder of the chart that a template belongs to."""
    own = template.parent
    while own != own.parent and not (own / "Chart.yaml").is_file():
        own = own.parent
    return own


class _Relocator:
    """From entries of one template's output to the template, those that it includes, and their values."""

    def __init__(
        self,
        template: TemplateMap,
        values: Sequence[ValuesFile],
        path: Path,
        files: _Files,
        chart: helm.Chart,
        of_tests: Collection[str] = (),
    ) -> None:
        """`of_tests`: paths of values with which the chart is only tried."""
        self.of_tests = of_tests
        self.template = template
        self.values = values
        self.path = path
        self._files = files
        self._included = files.included(chart)
        self._given = Given(partial(value_at, values), files.come_to(path))
        self._writings = files.writings(path, chart)
        self._rendered: list[str] = []  # the lines of the piece that it is asked about
        self._sources: list[tuple[Node | None, Node]] | None = None

    def __call__(self, entry: Entry, piece: Piece, meant: Sequence[str] = ()) -> Spot:
        line, column = piece.line(entry.offset)
        source, node = self._source(entry.object, piece)
        origin = self.template.origin(source, entry.route, line, column, identity(node)[0])
        entered = Entered(node, line, column)
        origin = self._included.chosen(origin, self.path, entered, self._given)
        within = self._included.within(origin, self.path, entered, self._given)
        if within is None:
            version = self._version(origin, entry, meant)
            related, texts = self._set_by(origin, version)
            # the version is what a finding is about: what writes the rest of the line says nothing of it
            taken, more = self._taken(origin.span, entry, piece) if not related or not version else ((), ())
            return Spot(
                self.template.text,
                origin.span,
                tuple(related),
                texts=(*texts, *more),
                taken=taken,
                in_values=partial(self._in_values, origin),
            )
        related, texts = self._set_by(within.origin)
        if not related:
            related, texts = self._set_by(replace(origin, values=self._passed(origin, within)))
        if not related:
            made_of = self._included.values_of_text(within, self.path)
            related, texts = self._set_by(replace(within.origin, values=made_of, rest=()))
        place = Excerpts(self.template.text, set())
        here = Related(place.location(place.one_line(origin.span)), INCLUDED, use=True)
        own = (self.template.text, origin.span)
        return Spot(
            within.text,
            within.origin.span,
            (here, *related),
            (own,),
            (self.template.text, *texts),
            in_values=partial(self._in_values, within.origin),
            via=own,
        )

    def _passed(self, origin: Origin, within: Within) -> tuple[tuple[str, ...], ...]:
        """Of the values that a line passes to a named template, those that this makes the entry of."""
        inside = within.text.line(within.text.position(within.origin.span.start).line)
        if "{{" not in inside:
            return ()
        line = self.template.lines[self.template.text.position(origin.span.start).line - 1]
        names = {route.strip("."): name for name, route in _PASSED.findall(line)}
        named = ((keys, names.get(".".join(keys))) for keys in origin.values)
        return tuple(keys for keys, name in named if name is None or f".{name}" in inside)

    def _in_values(self, origin: Origin) -> tuple[SourceText, Span] | None:
        """Where a file of values, which is not one of tests, has what a line writes as a whole."""
        found = entry_place(self.values, origin.values, origin.rest)
        return (
            (found[0].text, found[1])
            if found is not None and found[0].text.path not in self.of_tests
            else None
        )

    def _version(self, origin: Origin, entry: Entry, meant: Sequence[str]) -> str:
        """The expressions that write the version of an image, for a finding that is about that."""
        of_image = bool(meant) and entry.route[-1:] == ("image",) and not _OF_A_NAME.intersection(meant)
        version = self.template.version_of(origin.span) if of_image else ""
        return version if "{{" in version and "include" not in version else ""

    def _of_chart(self, version: str) -> tuple[list[Related], list[SourceText]]:
        """The appVersion of a chart, where that is the version."""
        text = (
            self._files.text(_chart_of(self.path) / "Chart.yaml") if ".Chart.AppVersion" in version else None
        )
        written = _APP_VERSION.search(text.text) if text is not None else None
        if text is None or written is None:
            return [], []
        quotes = Excerpts(text, set())
        return [Related(quotes.location(Span(*written.span())), APP_VERSION)], [text]

    def _set_by(self, origin: Origin, version: str = "") -> tuple[list[Related], list[SourceText]]:
        """The values that a line writes, and the texts of their files; those of the version come first."""
        line = self.template.text.position(origin.span.start).line
        of_version = tuple(self.template.values.values_of(line, version)) if version else ()
        related, texts = self._of_chart(version) if not any(map(self._is_given, of_version)) else ([], [])
        for keys in dict.fromkeys((*of_version, *origin.values)):
            found = value_place(self.values, keys, origin.rest)
            if found is not None and len(related) < MAX_RELATED:
                file, span = found
                quotes = Excerpts(file.text, set())
                words = f"The value comes from '{'.'.join(keys)}' here."
                texts.append(file.text)
                related.append(Related(quotes.location(quotes.one_line(span)), words))
        return related, texts

    def _is_given(self, keys: Sequence[str]) -> bool:
        """Whether some values say what a value is."""
        found = value_place(self.values, keys, ())
        return found is not None and not _EMPTY.search(found[0].text.text[found[1].start : found[1].end])

    def _taken(
        self, span: Span, entry: Entry, piece: Piece
    ) -> tuple[tuple[Related, ...], tuple[SourceText, ...]]:
        """Where the words of an entry stand that a line of the template takes from elsewhere, and the text of that."""
        line = self.template.text.line(self.template.text.position(span.start).line)
        if "{{" not in line:
            return (), ()
        rendered = piece.document.text
        self._rendered = self._rendered or [rendered.line(n) for n in range(1, rendered.line_count + 1)]
        place = self._writings.place(line, self._rendered, rendered.position(entry.offset).line - 1)
        if place is None:
            return (), ()
        text = place.text
        quotes = Excerpts(text, set())
        start = text.offset(place.line, 1)
        words = f"{COMES_FROM} {place.of} here."
        where = quotes.location(quotes.one_line(Span(start, start + len(text.line(place.line)))))
        return (Related(where, words),), (text,)

    def _source(self, number: int, piece: Piece) -> tuple[Node | None, Node]:
        """The object of the template that a rendered one was made of, and that one."""
        if self._sources is None:
            self._sources = []
            orders: Counter[str] = Counter()
            for node in piece.objects:
                kind = identity(node)[0]
                self._sources.append((self.template.sources.counterpart(node, orders[kind]), node))
                orders[kind] += 1
        return self._sources[number]


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
