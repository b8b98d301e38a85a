"""The kustomizations of a scan: rendered, judged, mapped back to the file that sets a field."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from linter.adapters import kustomize
from linter.adapters.program import Patience
from linter.adapters.sourcemap import Entry, added_by, counterpart, follow, identity
from linter.errors import InternalError
from linter.finding import Diagnostic, Skipped
from linter.formats.node import SCALAR, SEQ, Node
from linter.formats.yamltree import parse_documents
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


class _Files:
    """Texts and objects of files, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[Path, tuple[SourceText, list[Node]] | None] = {}

    def objects(self, path: Path) -> tuple[SourceText, list[Node]] | None:
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def generated_from(self, kustomization: SourceText, key: str) -> SourceText | None:
        """The file that a generator of a kustomization reads for a key of what it makes."""
        for document in parse_documents(kustomization).documents:
            for kind in ("configMapGenerator", "secretGenerator"):
                generators = document.get(kind)
                for generator in generators.elements() if generators is not None else ():
                    listed = generator.get("files")
                    for item in listed.elements() if listed is not None else ():
                        name, _, path = str(item.string()).rpartition("=")
                        if (name or path.rpartition("/")[2]) == key:
                            return self._text((self.root / kustomization.path).parent / path)
        return None

    def _text(self, path: Path) -> SourceText | None:
        path = Path(os.path.normpath(path))
        if not path.is_relative_to(self.root):
            return None
        try:
            return decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
        except OSError:
            return None

    def operations(self, path: Path) -> list[tuple[SourceText, Node]]:
        """The operations of a file that is a JSON patch."""
        if not path.is_relative_to(self.root):
            return []
        try:
            text = decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
        except OSError:
            return []
        roots = [root for root in parse_documents(text).documents if root.kind == SEQ]
        return [(text, item) for root in roots for item in root.elements() if item.get("op") is not None]

    def _load(self, path: Path) -> tuple[SourceText, list[Node]] | None:
        if not path.is_relative_to(self.root):
            return None
        try:
            text = decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
        except OSError:
            return None
        return text, objects_of(read_document(text, FORMAT))


def _judge(
    build: kustomize.Build,
    known: Mapping[Path, kustomize.Kustomization],
    rendering: Rendering,
    files: _Files,
    judged: Judged,
) -> None:
    parts = kustomize.closure(build.kustomization, known)
    patches = [
        loaded for item in parts for path in item.patches if (loaded := files.objects(path)) is not None
    ]
    operations = [found for item in parts for path in item.patches for found in files.operations(path)]
    properties = (("overlay", _shown(build.kustomization.file.parent, rendering.worker.root)),)
    for path, text in build.parts:
        source = files.objects(path)
        if source is None or "kind: CustomResourceDefinition" in text:
            continue
        piece = read_piece(source[0].path, text, rendering.worker.root)
        relocate = _Relocator(source, patches, operations, files)
        judge(piece, rendering.worker.policy_for(path), relocate, judged, properties, first=False)


class _Relocator:
    """From entries of one rendered object to the last file that sets them."""

    def __init__(
        self,
        source: tuple[SourceText, list[Node]],
        patches: Sequence[tuple[SourceText, list[Node]]],
        operations: Sequence[tuple[SourceText, Node]],
        files: _Files,
    ) -> None:
        self.files = files
        self.source = source
        self.patches = patches
        self.operations = operations
        self._chosen: dict[int, tuple[Node | None, list[tuple[SourceText, Node]]]] = {}

    def __call__(self, entry: Entry, piece: Piece) -> Spot:
        base, patches = self._of(entry.object, piece)
        layers = [(self.source[0], base), *patches] if base is not None else patches
        found = [(text, follow(node, entry.route)) for text, node in layers]
        setting = [(text, place.span) for text, place in found if not place.rest]
        if setting:
            # a mapping that a patch writes only to get at what is in it is the base's
            scalar = any(not place.rest and place.node.kind == SCALAR for _, place in found)
            chosen = setting[-1] if scalar else setting[0]
            return Spot(*chosen, under=tuple(item for item in setting if item is not chosen))
        for text, operation in reversed(self.operations):  # the last one that writes it
            span = added_by(operation, entry.route)
            if span is not None:
                return Spot(text, span)
        if base is not None:
            return Spot(self.source[0], found[0][1].span)
        return self._generated(entry, piece)

    def _generated(self, entry: Entry, piece: Piece) -> Spot:
        """Of an object that a generator made: the file that it read, else where the kustomization names the object."""
        text = self.source[0]
        if len(entry.route) > 1 and entry.route[0] in _DATA and isinstance(entry.route[1], str):
            read = self.files.generated_from(text, entry.route[1])
            if read is not None:
                return Spot(read, Span(0, 0))
        name = identity(piece.objects[entry.object])[1]
        found = [match for match in _NAME.finditer(text.text) if name.startswith(match[1])]
        span = max(found, key=lambda match: len(match[1])).span(1) if found else (0, 0)
        return Spot(text, Span(*span))

    def _of(self, number: int, piece: Piece) -> tuple[Node | None, list[tuple[SourceText, Node]]]:
        if number not in self._chosen:
            node = piece.objects[number]
            base = counterpart(node, 0, self.source[1])
            names = {identity(node), identity(base)} if base is not None else {identity(node)}
            patches = [
                (text, patch) for text, nodes in self.patches for patch in nodes if identity(patch) in names
            ]
            self._chosen[number] = base, patches
        return self._chosen[number]


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
