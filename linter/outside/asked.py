"""Trivy, asked about what was scanned, and its answers joined with ours."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from linter.adapters import trivy, trivy_read
from linter.adapters.program import ProgramError
from linter.adapters.trivy_join import Joined, Names, Placed, join, place
from linter.adapters.trivy_read import Said
from linter.config.outside import means
from linter.discover import in_scope
from linter.finding import Diagnostic, Finding, Program, Severity
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.newfiles import scratch
from linter.outside import Outside, Scene, Wish, failed
from linter.outside.images import ImageCache, images
from linter.suppress.names import Names as Aliases
from linter.text import SourceText, decode

MAX_IMAGES = 50  # of a scan; the rest are named as not looked at
IMAGE_SECONDS = 120.0  # for one image
ALL_IMAGES_SECONDS = 900.0


def ask_trivy(scene: Scene, ours: Sequence[Finding], wish: Wish) -> Outside:
    """Ask Trivy for what was wished. Whatever fails is told; when Trivy is required, it fails the scan."""
    with scratch("trivy") as folder:
        try:
            program = trivy.find(folder, update=wish.update)
        except ProgramError as error:
            return Outside(tuple(ours), diagnostics=(failed(str(error), wish),))
        asked = _Asked(scene, program, wish)
        for kind in (kind for kind in trivy.KINDS if kind in wish.trivy):
            asked.ask(kind)
    joined = join(ours, asked.placed, _names(scene))
    dated = f", database of {program.database[:10]}" if program.database else ""
    heard = f"trivy {program.version}{dated}: {_counts(joined, ours)}"
    return Outside(
        joined.findings,
        joined.rules,
        (*asked.diagnostics, Diagnostic("note", heard)),
        (Program("trivy", program.version, program.database),),
        asked.images,
    )


def _counts(joined: Joined, ours: Sequence[Finding]) -> str:
    theirs = joined.findings[len(ours) :]
    doubles = sum(1 for finding in theirs if finding.status == "duplicate")
    return f"{len(theirs)} findings, {doubles} of them ours too"


class _Asked:
    """Answers collected, each at its place."""

    def __init__(self, scene: Scene, program: trivy.Trivy, wish: Wish) -> None:
        self.scene = scene
        self.program = program
        self.wish = wish
        self.placed: list[Placed] = []
        self.diagnostics: list[Diagnostic] = []
        self.images: dict[str, tuple[Said, ...]] = {}
        self._texts: dict[Path, SourceText | None] = {}

    def ask(self, kind: str) -> None:
        if kind == "image":
            self._images()
            return
        asking = self.program.config if kind == "config" else self.program.secret
        read = trivy_read.misconfigurations if kind == "config" else trivy_read.secrets
        for folder, home in self._folders():
            try:
                said = list(read(asking(folder)))
            except ProgramError as error:
                self._fail(str(error))
                continue
            self._place(said, folder, home)

    def _fail(self, message: str) -> None:
        self.diagnostics.append(failed(message, self.wish))

    def _folders(self) -> Iterator[tuple[Path, Path]]:
        """Folders to ask about, and where their paths count from: those that were named, and a copy of named files."""
        folders = sorted({path.resolve() for path in self.scene.paths if path.is_dir()})
        outer = [f for f in folders if not any(o != f and f.is_relative_to(o) for o in folders)]
        yield from ((folder, folder) for folder in outer)
        root = self.scene.found.root
        from shutil import copyfile, rmtree

        single = [
            t for t in self.scene.found.targets if not any(Path(t.path).is_relative_to(f) for f in outer)
        ]
        if single:
            copy = self.program.scratch / "files"
            for target in single:
                path = copy / target.shown.lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                copyfile(target.path, path)
            yield copy, root
            rmtree(copy)

    def _place(self, said: Iterable[Said], folder: Path, home: Path) -> None:
        outside: set[str] = set()
        known = {target.path for target in self.scene.found.targets}
        for item in said:
            path = Path(item.target)
            path = home / path if not path.is_absolute() else home / path.relative_to(folder)
            text = self._text(path) if str(path) in known or self._in_scope(path) else None
            if text is None:
                outside.add(item.target)
            else:
                self.placed.append(place(item, text))
        if outside:
            shown = ", ".join(sorted(outside)[:3]) + (", …" if len(outside) > 3 else "")
            note = f"trivy: left out {len(outside)} files that are not in the scope of this scan: {shown}"
            self.diagnostics.append(Diagnostic("note", note))

    def _in_scope(self, path: Path) -> bool:
        return in_scope(path, self.scene.found.root, self.scene.walk)

    def _text(self, path: Path) -> SourceText | None:
        if path not in self._texts:
            root = self.scene.found.root
            try:
                shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
                self._texts[path] = decode(shown, read_regular(path, MAX_TEXT))
            except OSError:
                self._texts[path] = None
        return self._texts[path]

    def _images(self) -> None:
        named = images(self.scene.results, self.scene.found.root)
        if self.scene.images is not None:
            for image in sorted(named.keys() & self.scene.images.keys()):
                self._told(self.scene.images[image], named[image])
            return
        chosen = dict(sorted(named.items())[:MAX_IMAGES])
        if len(named) > len(chosen):
            left_out = len(named) - len(chosen)
            note = f"trivy image: {left_out} of {len(named)} images were not looked at: {MAX_IMAGES} is the limit"
            self.diagnostics.append(Diagnostic("warning", note))
        cache = ImageCache(self.program)
        end = time.monotonic() + ALL_IMAGES_SECONDS
        for image, places in chosen.items():
            left = min(IMAGE_SECONDS, end - time.monotonic())
            if left <= 0:
                self._fail(f"image {image}: no time was left for it")
                continue
            try:
                report = cache.get(image) or cache.put(image, self.program.image(image, left))
            except ProgramError as error:
                self._fail(f"image {image}: {error}")
                continue
            self.images[image] = tuple(trivy_read.vulnerabilities({**report, "ArtifactName": image}))
            self._told(self.images[image], places)

    def _told(self, said: Sequence[Said], places: Sequence[tuple[SourceText, int]]) -> None:
        self.placed += [place(item, text, line) for item in said for text, line in places]


def _names(scene: Scene) -> Names:
    infos = scene.prepared.ruleset.infos
    aliases = Aliases(infos)

    def refused(rule: str, path: str) -> bool:
        config = scene.policy(path).config
        if config.rule(rule).enabled is False:
            return True
        info = infos.get(rule)
        if info is None:
            return any(means(selector, rule) for selector in config.ignore)
        return bool({rule, *info.aliases} & set(config.ignore))

    def severity(rule: str, path: str) -> Severity | None:
        policy = scene.policy(path)
        info = infos.get(rule)
        return policy.severity(info) if info is not None else policy.config.rule(rule).severity

    return Names(
        rules=lambda written: aliases.of("trivy", written),
        infos=infos,
        enabled=lambda rule, path: rule in scene.policy(path).enabled,
        refused=refused,
        severity=severity,
    )
