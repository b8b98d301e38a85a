"""The kustomizations of a scan: rendered, judged, mapped back to the file that sets a field."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from linter.adapters import kustomize
from linter.adapters.program import Patience
from linter.adapters.sourcemap import Element, Entry, Found, Lists, Route, added_by, follow, identity
from linter.adapters.sourceobjects import SourceObjects
from linter.errors import InternalError
from linter.finding import Diagnostic, Skipped
from linter.formats.node import SCALAR, SEQ, Node
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass, field
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.newfiles import scratch
from linter.patterns import lazy_regex
from linter.render import Rendered, Rendering
from linter.render.judge import FORMAT, Judged, Piece, Spot, judge, merged, objects_of, read_piece
from linter.text import SourceText, Span, decode
from linter.unit import FileResult

PROGRAMS_AT_ONCE = 2
_DATA = ("data", "binaryData", "stringData")
_NAME = lazy_regex(r"^[ \t-]*name:[ \t]*[\"']?([\w.-]+)", re.MULTILINE)
_LONGEST_NAME = 300  # characters
_MOST_ALIKE = 200  # patches of one object, or operations on one field, that are told apart


def render_overlays(results: Sequence[FileResult], found: Sequence[Path], rendering: Rendering) -> Rendered:
    """Render every kustomization that no other one includes; without a program for it, say so."""
    root = rendering.worker.root
    all_ = [item for item in map(kustomize.read, found) if item is not None]
    tops = kustomize.tops(all_)
    command = kustomize.program()
    if command is None:
        missed = tuple(
            Skipped(_shown(t.file, root), "kustomization not rendered: no kustomize") for t in tops
        )
        note = f"kustomizations not rendered, since there is neither kustomize nor kubectl: {len(tops)}"
        notices = (Diagnostic("warning", note),) if tops else ()
        return Rendered(tuple(results), notices, unrendered=missed)
    judged = Judged()
    files = _Files(root)
    done, notes = 0, []
    missed_list = [
        Skipped(_shown(item.file, root), f"{_kind(item)} not rendered: no kustomization includes it")
        for item in kustomize.unused(all_, tops)
    ]
    broken: dict[str, str] = {}
    folders = kustomize.by_folder(all_)
    for build in _run(tops, command):
        shown = _shown(build.kustomization.file, root)
        if build.failure:
            if build.broken:
                broken.setdefault("kustomize", build.failure)
            notes.append(Diagnostic("warning", f"not rendered: {build.failure}", shown))
            missed_list.append(Skipped(shown, f"kustomization not rendered: {build.failure}"))
            continue
        done += 1
        _judge(build, folders, rendering, files, judged)
    formats = rendering.worker.policy_for(root).ruleset.infos.formats
    out = merged(results, judged, formats)
    told = (*notes, *judged.diagnostics)
    return Rendered(tuple(out), told, {"kustomizations": done}, tuple(missed_list), broken)


def _kind(item: kustomize.Kustomization) -> str:
    return "component" if item.component else "kustomization"


def _run(tops: Sequence[kustomize.Kustomization], command: Sequence[str]) -> Iterator[kustomize.Build]:
    patience = Patience(kustomize.LIMITS)

    def one(top: kustomize.Kustomization) -> kustomize.Build:
        if patience.over:
            return kustomize.Build(top, failure=patience.over_words, broken=True)
        try:
            with patience.measured(), scratch("kustomize") as folder:
                return kustomize.build(top, command, folder)
        except InternalError as error:
            return kustomize.Build(top, failure=error.message, broken=True)

    with ThreadPoolExecutor(PROGRAMS_AT_ONCE) as executor:
        yield from executor.map(one, tops)


@dataclass(frozen=True, slots=True)
class _File:
    """The objects of a file, and the lists in them, each taken apart once."""

    text: SourceText
    sources: SourceObjects
    lists: dict[int, Lists] = field(default_factory=dict)

    def follow(self, node: Node, route: Route) -> Found:
        return follow(node, route, self.lists.setdefault(id(node), Lists()))


class _Files:
    """Texts and objects of files, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[Path, _File | None] = {}
        self._operations: dict[Path, list[tuple[SourceText, Node]]] = {}
        self._generated: dict[str, dict[str, str]] = {}  # kustomization -> key of what it makes -> file
        self._names: dict[str, dict[str, Span]] = {}  # kustomization -> names in it

    def generated_from(self, kustomization: SourceText, key: str) -> SourceText | None:
        """The file that a generator of a kustomization reads for a key of what it makes."""
        if kustomization.path not in self._generated:
            files = reversed(list(_listed(kustomization)))
            self._generated[kustomization.path] = {
                name or path.rpartition("/")[2]: path for name, path in files
            }
        path = self._generated[kustomization.path].get(key)
        return self._text((self.root / kustomization.path).parent / path) if path is not None else None

    def named_in(self, kustomization: SourceText, name: str) -> Span:
        """Where a kustomization has the longest name that the one of an object begins with."""
        if kustomization.path not in self._names:
            found = reversed(list(_NAME.finditer(kustomization.text)))
            self._names[kustomization.path] = {match[1]: Span(*match.span(1)) for match in found}
        names = self._names[kustomization.path]
        return next((names[name[:end]] for end in range(len(name), 0, -1) if name[:end] in names), Span(0, 0))

    def objects(self, path: Path) -> _File | None:
        if path not in self._read:
            text = self._text(path)
            self._read[path] = (
                _File(text, SourceObjects(objects_of(read_document(text, FORMAT)))) if text else None
            )
        return self._read[path]

    def operations(self, path: Path) -> list[tuple[SourceText, Node]]:
        """The operations of a file that is a JSON patch."""
        if path not in self._operations:
            text = self._text(path)
            roots = [root for root in parse_documents(text).documents if root.kind == SEQ] if text else []
            self._operations[path] = [
                (text, item)
                for root in roots
                for item in root.elements()
                if text and item.get("op") is not None
            ]
        return self._operations[path]

    def _text(self, path: Path) -> SourceText | None:
        path = Path(os.path.normpath(path))
        if not path.is_relative_to(self.root):
            return None
        try:
            return decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
        except (OSError, ValueError):  # ValueError: a name with a zero byte
            return None


def _listed(kustomization: SourceText) -> Iterator[tuple[str, str]]:
    """The files of all generators: the key that they get ('' for their own name), and the path."""
    for document in parse_documents(kustomization).documents:
        for kind in ("configMapGenerator", "secretGenerator"):
            generators = document.get(kind)
            for generator in generators.elements() if generators is not None else ():
                listed = generator.get("files")
                for item in listed.elements() if listed is not None else ():
                    name, _, path = str(item.string()).rpartition("=")
                    yield name, path


class _Patches:
    """What the patches of a build say, by the objects and the fields that they are about."""

    def __init__(self, files: Sequence[_File], operations: Sequence[tuple[SourceText, Node]]) -> None:
        self._by_identity: dict[tuple[str, str], list[tuple[int, _File, Node]]] = {}
        order = 0
        for file in files:
            for node in file.sources.nodes:
                order += 1
                self._by_identity.setdefault(identity(node), []).append((order, file, node))
        self._operations: dict[tuple[str, ...], list[tuple[int, SourceText, Node]]] = {}
        for number, (text, operation) in enumerate(operations):
            path = operation.get("path")
            words = path.string() if path is not None else None
            if isinstance(words, str):
                key = tuple(map(_general, words.strip("/").split("/")))
                alike = self._operations.setdefault(key, [])
                if len(alike) < _MOST_ALIKE:
                    alike.append((number, text, operation))

    def of(self, names: set[tuple[str, str]]) -> list[tuple[_File, Node]]:
        """The patches of an object, in order."""
        found = [entry for name in names for entry in self._by_identity.get(name, ())]
        return [(file, node) for _, file, node in sorted(found, key=lambda entry: entry[0])[:_MOST_ALIKE]]

    def adding(self, route: Route) -> Iterator[tuple[SourceText, Node]]:
        """The operations that may add what a route leads to, in order."""
        steps = ["-" if isinstance(step, Element) else _general(step) for step in route]
        found = [
            entry for end in range(1, len(steps)) for entry in self._operations.get(tuple(steps[:end]), ())
        ]
        yield from ((text, operation) for _, text, operation in sorted(found, key=lambda entry: entry[0]))


def _general(key: str) -> str:
    """A key of a JSON pointer; of places in lists it says only that they are some."""
    key = key.replace("~1", "/").replace("~0", "~")
    return "-" if key.isdigit() else key


def _judge(
    build: kustomize.Build,
    known: Mapping[Path, kustomize.Kustomization],
    rendering: Rendering,
    files: _Files,
    judged: Judged,
) -> None:
    parts = kustomize.closure(build.kustomization, known)
    loaded = [file for item in parts for path in item.patches if (file := files.objects(path)) is not None]
    operations = [found for item in parts for path in item.patches for found in files.operations(path)]
    patches = _Patches(loaded, operations)
    properties = (("overlay", _shown(build.kustomization.file.parent, rendering.worker.root)),)
    for path, text in build.parts:
        source = files.objects(path)
        if source is None or "kind: CustomResourceDefinition" in text:
            continue
        piece = read_piece(source.text.path, text, rendering.worker.root)
        relocate = _Relocator(source, patches, files)
        judge(piece, rendering.worker.policy_for(path), relocate, judged, properties, first=False)


class _Relocator:
    """From entries of one rendered object to the last file that sets them."""

    def __init__(self, source: _File, patches: _Patches, files: _Files) -> None:
        self.files = files
        self.source = source
        self.patches = patches
        self._chosen: dict[int, tuple[Node | None, list[tuple[_File, Node]]]] = {}

    def __call__(self, entry: Entry, piece: Piece) -> Spot:
        base, patches = self._of(entry.object, piece)
        layers = [(self.source, base), *patches] if base is not None else patches
        found = [(file.text, file.follow(node, entry.route)) for file, node in layers]
        setting = [(text, place.span) for text, place in found if not place.rest]
        if setting:
            # a mapping that a patch writes only to get at what is in it is the base's
            scalar = any(not place.rest and place.node.kind == SCALAR for _, place in found)
            chosen = setting[-1] if scalar else setting[0]
            return Spot(*chosen, under=tuple(item for item in setting if item is not chosen))
        for text, operation in self.patches.adding(entry.route):
            span = added_by(operation, entry.route)
            if span is not None:
                return Spot(text, span)
        if base is not None:
            return Spot(self.source.text, found[0][1].span)
        return self._generated(entry, piece)

    def _generated(self, entry: Entry, piece: Piece) -> Spot:
        """Of an object that a generator made: the file that it read, else where the kustomization names the object."""
        text = self.source.text
        if len(entry.route) > 1 and entry.route[0] in _DATA and isinstance(entry.route[1], str):
            read = self.files.generated_from(text, entry.route[1])
            if read is not None:
                return Spot(read, Span(0, 0))
        return Spot(text, self.files.named_in(text, identity(piece.objects[entry.object])[1][:_LONGEST_NAME]))

    def _of(self, number: int, piece: Piece) -> tuple[Node | None, list[tuple[_File, Node]]]:
        if number not in self._chosen:
            node = piece.objects[number]
            base = self.source.sources.counterpart(node, 0)
            names = {identity(node), identity(base)} if base is not None else {identity(node)}
            self._chosen[number] = base, self.patches.of(names)
        return self._chosen[number]


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
