"""Autofix of a scan's findings: file by file, each change scanned again before it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from linter.aside import Scope
from linter.discover import Target
from linter.errors import UsageError
from linter.finding import Finding, Report, Status, number
from linter.fixes import Fixed, diff, encode, fix_text, make_fix, save
from linter.formats.classify import classify
from linter.frozen import dataclass, replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.recipe import Prepared
from linter.ruleset.place import Excerpts
from linter.suppress.mark import mark_all, today
from linter.sweep import units_of
from linter.text import SourceText, decode
from linter.told import told
from linter.unit import Input, Worker


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done, or with a diff alone could be done, to one file."""

    path: str  # as shown
    fixed: Fixed
    before: SourceText
    data: bytes  # of the file before

    @property
    def changed(self) -> bool:
        return self.fixed.text != self.before.text

    @property
    def diff(self) -> str:
        """The change as a patch; lines with secrets stay out of its context, and are masked where they change."""
        after = SourceText(self.path, self.fixed.text)
        return diff(self.path, self.before.text, self.fixed.text, _masked(self.before) | _masked(after))

    def write(self, root: Path) -> None:
        """Replace the file's content. Raises `UsageError` when it can't be written, or is another one by now."""
        path = root / self.path
        if _bytes(path) != self.data:
            raise UsageError(f"{self.path}: it changed while it was mended")
        save(str(path), encode(self.before, self.fixed.text, self.data))


def _masked(source: SourceText) -> dict[str, str]:
    """The lines of a file that hold a secret, and how they are shown."""
    name = classify(source.path, source.text.encode("utf-8", "surrogatepass"), named=True)
    if name is None:
        return {}
    excerpts = Excerpts(source, read_document(source, name).sensitive)
    result = {}
    for index, start in enumerate(source.line_starts):
        line = source.line(index + 1)
        shown = excerpts.quote(start, start + len(line))
        if shown != line:
            result[line] = shown
    return result


def _bytes(path: Path) -> bytes | None:
    try:
        return read_regular(path, MAX_TEXT)
    except OSError:  # it was there when it was scanned
        return None


def mend(report: Report, prepared: Prepared, *, unsafe: bool = False) -> Iterator[Mended]:
    """The files of a report whose findings have fixes, fixed in memory, in order of path.

    Suppressed and known findings are left alone. `unsafe` makes also fixes that may change what a file does.
    """
    root = Path(report.root)
    worker = Worker(prepared.policy, root, make_fix)
    # what is told once a project is mended at each place
    paths = {f.location.path for f in report.findings if f.status in (Status.ACTIVE, Status.DUPLICATE)}
    known = frozenset(f.identity for f in report.findings if f.status in (Status.BASELINED, Status.ASIDE))
    now: dict[str, bytes] = {}  # what files of the same directory have become
    targets = [Target(str(root / path), path) for path in sorted(paths) if (root / path).is_file()]
    for unit in units_of(targets, root):
        for item in unit:
            if item.context:
                continue
            mended = _Mender(unit, item, worker, prepared, known, now).run(unsafe=unsafe)
            if mended is not None and (mended.changed or mended.fixed.refused):
                now[item.shown] = encode(mended.before, mended.fixed.text, mended.data)
                yield mended


@dataclass(frozen=True, slots=True)
class _Mender:
    """One file of a unit, and how it is scanned with another content."""

    unit: Sequence[Input]
    item: Input
    worker: Worker
    prepared: Prepared
    known: frozenset[str]  # identities that a baseline has: left alone
    now: Mapping[str, bytes]

    def run(self, *, unsafe: bool) -> Mended | None:
        data = _bytes(Path(self.item.path))
        source = decode(self.item.shown, data or b"")
        if data is None or source.lossy:
            return None

        def scan(text: str) -> list[Finding]:
            return self.scan(encode(source, text, data))

        return Mended(
            self.item.shown, fix_text(source.text, scan(source.text), scan, unsafe=unsafe), source, data
        )

    def scan(self, data: bytes) -> list[Finding]:
        """What a report would tell of the file with this content, also what a fix brings to light."""
        unit = [
            replace(other, data=data)
            if other is self.item
            else replace(other, data=self.now.get(other.shown), context=True)
            for other in self.unit
        ]
        (result,) = self.worker.scan(unit)
        marked = mark_all(
            result.findings,
            {result.path: [s for s in result.suppressions if s.location.path == result.path]},
            self.prepared.policy,
            self.worker.root,
            date=today(),
            complete=False,
        )
        scope = Scope(self.worker.root, files=frozenset({self.item.path}))
        shown = told(marked, self.prepared.policy, scope, self.prepared.ruleset)
        return [f if f.identity not in self.known else f.evolve(fix=None) for f in number(shown)]
