"""The kustomizations of a scan: rendered, judged, mapped back to the file that sets a field."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from linter.adapters import kustomize
from linter.adapters.bysource import by_source
from linter.adapters.program import MAX_TOTAL, Patience
from linter.adapters.sourcemap import Entry, Route, identity
from linter.adapters.sourceobjects import SourceObjects
from linter.errors import InternalError
from linter.finding import Diagnostic, Skipped
from linter.formats.classify import KUSTOMIZATIONS
from linter.formats.node import SCALAR, Node
from linter.frozen import dataclass, replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.newfiles import scratch
from linter.render import Rendered, Rendering
from linter.render.deleted import deleted
from linter.render.generators import Generators
from linter.render.judge import FORMAT, Judged, Piece, Spot, judge, merged, objects_of, read_piece
from linter.render.newimages import NewImage, NewImages, new_images
from linter.render.patches import Layer, Patch, Patches, listed, operations_in
from linter.render.targets import Aimed
from linter.text import SourceText, Span, decode
from linter.unit import FileResult

PROGRAMS_AT_ONCE = 2
_NO_MORE = object()
_DATA = ("data", "binaryData", "stringData")
_DEFINITION = "kind: CustomResourceDefinition"
_LONGEST_NAME = 300  # characters


def render_overlays(results: Sequence[FileResult], found: Sequence[Path], rendering: Rendering) -> Rendered:
    """Render every kustomization that no other one includes; without a program for it, say so.

    Where one can't be rendered, those that it includes are, each by itself: they say more of their objects than the
    files alone do.
    """
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
    builds = list(_builds(tops, folders, command, root))
    tried = {build.kustomization.file for build in builds}
    told_of: set[str] = set()  # failures
    for build in builds:
        shown = _shown(build.kustomization.file, root)
        if build.failure:
            parts = _of_failed(build.kustomization, folders, tried)
            judged.unsure.update(_files_of(parts, root))
            is_told = build.kustomization not in tops and build.failure in told_of
            told_of.add(build.failure)
            if is_told:  # of the one that includes it
                continue
            if build.broken:
                broken.setdefault("kustomize", build.failure)
            notes.append(Diagnostic("warning", f"not rendered: {build.failure}", shown))
            missed_list.append(Skipped(shown, f"kustomization not rendered: {build.failure}"))
            continue
        done += 1
        if build.lacks:  # what is not here may have, or take away, anything
            judged.unsure.update(_files_of(kustomize.closure(build.kustomization, folders), root))
            notes += (Diagnostic("warning", lack.words, _shown(lack.file, root)) for lack in build.lacks)
        _judge(build, folders, rendering, files, judged)
    out = merged(results, judged, rendering.worker.policy_for(root).ruleset.infos)
    told = (*dict.fromkeys(notes), *judged.diagnostics)
    return Rendered(tuple(out), told, {"kustomizations": done}, tuple(missed_list), broken)


def _kind(item: kustomize.Kustomization) -> str:
    return "component" if item.component else "kustomization"


def _files_of(parts: Iterable[kustomize.Kustomization], root: Path) -> Iterator[str]:
    return (_shown(path, root) for part in parts for path in part.files)


def _of_failed(
    failed: kustomize.Kustomization,
    folders: Mapping[Path, kustomize.Kustomization],
    tried: Collection[Path],
) -> Iterator[kustomize.Kustomization]:
    """One that could not be rendered, and what it includes that was not tried by itself."""
    yield failed
    for folder in failed.folders:
        inner = folders.get(folder)
        if inner is not None and inner.file not in tried:
            yield from kustomize.closure(inner, folders)


def _builds(
    tops: Sequence[kustomize.Kustomization],
    folders: Mapping[Path, kustomize.Kustomization],
    command: Sequence[str],
    root: Path,
) -> Iterator[kustomize.Build]:
    """The given ones, and below those that fail what no other one renders."""
    patience = Patience(kustomize.LIMITS)
    # what takes too long without what is not here must not keep others from being rendered
    lacking = Patience(kustomize.LIMITS, total=MAX_TOTAL / 4, of=patience)
    seen = {top.file for top in tops}
    left = list(tops)
    while left:
        builds = list(_run(left, folders, command, root, (patience, lacking)))
        yield from builds
        rendered = [build.kustomization for build in builds if not build.failure]
        seen.update(part.file for top in rendered for part in kustomize.closure(top, folders))
        failed = [build.kustomization for build in builds if build.failure and not build.broken]
        inner = [folders[folder] for item in failed for folder in item.folders if folder in folders]
        left = [item for item in dict.fromkeys(inner) if item.file not in seen and not item.component]
        seen.update(item.file for item in left)


def _run(
    tops: Sequence[kustomize.Kustomization],
    folders: Mapping[Path, kustomize.Kustomization],
    command: Sequence[str],
    root: Path,
    patiences: tuple[Patience, Patience],
) -> Iterator[kustomize.Build]:
    patience, lacking = patiences

    def one(top: kustomize.Kustomization) -> kustomize.Build:
        if patience.over:
            return kustomize.Build(top, failure=patience.over_words, broken=True)
        try:
            if not all(part.complete for part in kustomize.closure(top, folders)):
                build = _lacking(top, command, root, lacking)
                if build is not None:
                    return build
                if patience.over:
                    return kustomize.Build(top, failure=patience.over_words, broken=True)
            with patience.measured(), scratch("kustomize") as folder:
                return kustomize.build(top, command, folder, root)
        except InternalError as error:
            return kustomize.Build(top, failure=error.message, broken=True)

    with ThreadPoolExecutor(PROGRAMS_AT_ONCE) as executor:
        yield from executor.map(one, tops)


def _lacking(
    top: kustomize.Kustomization, command: Sequence[str], root: Path, patience: Patience
) -> kustomize.Build | None:
    """Rendered without what is not here; None where that can't be done, or takes too long."""
    with scratch("kustomize") as folder:
        tries = kustomize.lacking(top, command, folder, root)
        going = True
        while going and not patience.over:
            with patience.measured():
                build = next(tries, _NO_MORE)
            if isinstance(build, kustomize.Build):
                return build
            going = build is None
    return None


class _Files:
    """Texts and objects of files, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: dict[Path, SourceText | None] = {}
        self._images: dict[Path, Sequence[NewImage]] = {}
        self._read: dict[Path, Layer | None] = {}
        self._patches: dict[Path, Sequence[Patch]] = {}
        self._generators: dict[str, Generators] = {}  # by kustomization

    def generators(self, kustomization: SourceText) -> Generators:
        if kustomization.path not in self._generators:
            folder = (self.root / kustomization.path).parent
            self._generators[kustomization.path] = Generators(
                kustomization, lambda path: self.text(folder / path)
            )
        return self._generators[kustomization.path]

    def objects(self, path: Path) -> Layer | None:
        if path not in self._read:
            text = self.text(path)
            self._read[path] = (
                Layer(text, SourceObjects(objects_of(read_document(text, FORMAT)))) if text else None
            )
        return self._read[path]

    def patches(self, kustomization: Path) -> Sequence[Patch]:
        """The patches of a kustomization, those in files read."""
        if kustomization not in self._patches:
            text = self.text(kustomization)
            found = [self._read_patch(kustomization.parent, patch) for patch in listed(text)] if text else []
            self._patches[kustomization] = found
        return self._patches[kustomization]

    def _read_patch(self, folder: Path, patch: Patch) -> Patch:
        text = self.text(path := Path(os.path.normpath(folder / patch.file))) if patch.file else None
        if text is None:
            return patch
        operations = operations_in(text, target=patch.target)
        return replace(patch, operations=operations, layer=None if operations else self.objects(path))

    def images(self, kustomization: Path) -> Sequence[NewImage]:
        """The images that a kustomization puts in the place of others."""
        if kustomization not in self._images:
            text = self.text(kustomization)
            self._images[kustomization] = new_images(text) if text is not None else ()
        return self._images[kustomization]

    def text(self, path: Path) -> SourceText | None:
        path = Path(os.path.normpath(path))
        if path not in self._texts:
            self._texts[path] = self._decoded(path)
        return self._texts[path]

    def _decoded(self, path: Path) -> SourceText | None:
        if not path.is_relative_to(self.root):
            return None
        try:
            return decode(_shown(path, self.root), read_regular(path, MAX_TEXT))
        except (OSError, ValueError):  # ValueError: a name with a zero byte
            return None


def _judge(
    build: kustomize.Build,
    known: Mapping[Path, kustomize.Kustomization],
    rendering: Rendering,
    files: _Files,
    judged: Judged,
) -> None:
    parts = kustomize.closure(build.kustomization, known)
    listed_patches = [patch for item in parts for patch in files.patches(item.file)]
    patches = Patches(listed_patches)
    for layer, node in deleted(parts, listed_patches, files.objects):
        judged.deleted.setdefault(layer.text.path, {})[node.span] = _lines(layer.text, node.span)
    images = NewImages([image for item in parts for image in files.images(item.file)])
    properties = (("overlay", _shown(build.kustomization.file.parent, rendering.worker.root)),)
    made = ((path, text) for path, text in build.parts if _DEFINITION not in text)
    for path, text in by_source(made):
        source = files.objects(path)
        if source is None:
            continue
        piece = read_piece(source.text.path, text, rendering.worker.root)
        relocate = _Relocator(source, patches, images, files)
        judge(piece, rendering.worker.policy_for(path), relocate, judged, properties, first=False)


def _lines(text: SourceText, span: Span) -> range:
    """The lines of a text that something takes."""
    return range(text.position(span.start).line, text.position(max(span.start, span.end - 1)).line + 1)


class _Relocator:
    """From entries of one rendered object to the last text that sets them."""

    def __init__(self, source: Layer, patches: Patches, images: NewImages, files: _Files) -> None:
        self.files = files
        self.source = source
        self.patches = patches
        self.images = images
        self._chosen: dict[int, _Origin] = {}

    def __call__(self, entry: Entry, piece: Piece, meant: Sequence[str] = ()) -> Spot:
        origin = self._of(entry.object, piece)
        found = [(layer.text, layer.follow(node, entry.route)) for layer, node in origin.layers(self.source)]
        setting = [(text, place) for text, place in found if not place.rest]
        if setting:
            # a mapping that a patch writes only to get at what is in it is the base's
            scalar = any(place.node.kind == SCALAR for _, place in setting)
            chosen = setting[-1] if scalar else setting[0]
            said = [(text, place.span) for text, place in setting]
            spot = self._instead(entry.route, chosen[1].node, meant, origin)
            if spot is not None:
                return Spot(*spot, under=tuple(said))
            here = (chosen[0], chosen[1].span)
            return Spot(*here, under=tuple(item for item in said if item is not here and item != here))
        for text, span in self.patches.adding(entry.route, origin.aimed):
            return Spot(text, span)
        if origin.base is not None:
            return Spot(self.source.text, found[0][1].span)
        return self._generated(entry, piece)

    def _instead(
        self, route: Route, written: Node, meant: Sequence[str], origin: _Origin
    ) -> tuple[SourceText, Span] | None:
        """Where an operation or an image of a kustomization puts something else, or takes away what is asked for."""
        if written.kind == SCALAR:
            image = written.string() if meant and route[-1] == "image" else None
            told = self.images.place(image, meant) if isinstance(image, str) else None
            return told or self.patches.last_adding(route, origin.aimed)
        return self.patches.removing(route, meant, origin.aimed) if meant else None

    def _generated(self, entry: Entry, piece: Piece) -> Spot:
        """Of an object that a generator made: what the value is read from, else where the kustomization names it."""
        name = identity(piece.objects[entry.object])[1][:_LONGEST_NAME]
        key = entry.route[1] if len(entry.route) > 1 and entry.route[0] in _DATA else ""
        return Spot(*self.files.generators(self.source.text).place(name, key if isinstance(key, str) else ""))

    def _of(self, number: int, piece: Piece) -> _Origin:
        if number not in self._chosen:
            node = piece.objects[number]
            # a kustomization is no object that a generated one can be like
            made = self.source.text.path.rpartition("/")[2] in KUSTOMIZATIONS
            base = None if made else self.source.sources.counterpart(node, 0)
            aimed = Aimed.at(node, base)
            self._chosen[number] = _Origin(base, aimed, self.patches.of(aimed))
        return self._chosen[number]


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a rendered object was made of."""

    base: Node | None
    aimed: Aimed
    patches: Sequence[tuple[Layer, Node]]

    def layers(self, source: Layer) -> list[tuple[Layer, Node]]:
        """The base, where there is one, and the patches, in order."""
        return [*([(source, self.base)] if self.base is not None else []), *self.patches]


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
