"""Paths that the user names -> files to look at. Nothing is opened here but .gitignore files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linter.errors import UsageError
from linter.finding import Diagnostic, Skipped
from linter.formats.classify import candidates
from linter.frozen import dataclass, field
from linter.givenfiles import read_regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# Folders that hold other people's code or a tool's own state; a path named on the command line is read all the same
NEVER_ENTERED = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", "node_modules", "__pycache__", ".venv", ".tox"}
)

MAX_STARS = 3  # in one part of a pattern; real ones have two
MAX_IGNORE_BYTES = 200_000  # of a .gitignore file; every path is matched against all of it


@dataclass(frozen=True, slots=True)
class Target:
    """A file to look at."""

    path: str  # absolute, links resolved; a `Path` takes four times the memory
    shown: str  # relative to the root, forward slashes
    named: bool = False  # the user named the file itself


@dataclass(slots=True)
class Discovered:
    """What the walk found. `targets` are sorted by `shown`."""

    root: Path
    targets: list[Target] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[Skipped] = field(default_factory=list)  # of them, those that are the system's fault
    notes: list[Diagnostic] = field(default_factory=list)
    directories: bool = False  # a directory was named, so finding nothing is worth an exit code


@dataclass(frozen=True, slots=True)
class Walk:
    """How to walk."""

    excluded: Callable[[str], bool] | None = None  # by configuration; asked with absolute paths
    gitignore: bool = True
    force_exclude: bool = False


def find_root(paths: Sequence[Path], cwd: Path) -> Path:
    """What shown paths start from: the repository of the first path, else the working directory, else the path."""
    first = paths[0].resolve() if paths else cwd
    start = first if first.is_dir() else first.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return cwd if start.is_relative_to(cwd) else start


def discover(paths: Sequence[Path], root: Path, walk: Walk) -> Discovered:
    """Collect candidates. Raises `UsageError` for a path that does not exist."""
    result = Discovered(root)
    walker = _Walker(root, walk, result)
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"no such file or directory: {path}")
        if path.is_dir():
            result.directories = True
            walker.directory(path.resolve())
        else:
            walker.named_file(path)
    if walker.passed_over:
        walker.tracked([path.resolve() for path in paths if path.is_dir()])
    unique = {target.shown: target for target in sorted(result.targets, key=lambda t: t.named)}
    result.targets = [unique[shown] for shown in sorted(unique)]
    result.skipped = sorted(set(result.skipped), key=lambda s: (s.path, s.reason))
    return result


def in_scope(path: Path, root: Path, walk: Walk) -> bool:
    """Whether a walk from the root would come to a file, if files of its kind were ours to read."""
    if not path.is_relative_to(root):
        return False
    walker = _Walker(root, walk, Discovered(root))
    ignores: tuple[_Ignore, ...] = ()
    for part in reversed([path, *path.parents][: len(path.relative_to(root).parts)]):
        folder = part.parent
        if walk.gitignore and (root / ".git").exists():
            ignores = (*ignores, *_read_ignore(folder))
        if part.name in NEVER_ENTERED or walker.excluded(str(part)):
            return False
        if ignores and _ignored(str(part), part != path, ignores):
            return False
    return True


class _Walker:
    def __init__(self, root: Path, walk: Walk, result: Discovered) -> None:
        self.root = root
        self.prefix = str(root).rstrip(os.sep) + os.sep
        self.walk = walk
        self.result = result
        self.passed_over = False  # something was left out that git may have

    def named_file(self, path: Path) -> None:
        real = path.resolve()
        shown = self.shown(real)
        if self.walk.force_exclude and self.excluded(str(real)):
            self.result.skipped.append(Skipped(shown, "excluded by configuration"))
            return
        try:
            mode = real.stat().st_mode
        except OSError as error:
            self.unreadable(path, error)
            return
        if not stat.S_ISREG(mode):
            self.result.skipped.append(Skipped(shown, "not a regular file"))
            return
        self.result.targets.append(Target(str(real), shown, named=True))

    def directory(self, top: Path) -> None:
        """Walk without recursion: the depth of a tree is up to whoever made it."""
        pending: list[tuple[Path, tuple[_Ignore, ...]]] = [(top, tuple(self.inherited(top)))]
        while pending:
            folder, ignores = pending.pop()
            try:
                with os.scandir(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable(folder, error)
                continue
            if self.walk.gitignore and any(entry.name == ".gitignore" for entry in entries):
                ignores = (*ignores, *_read_ignore(folder))
            pending.extend((Path(entry.path), ignores) for entry in entries if self.entry(entry, ignores))

    def entry(self, entry: os.DirEntry[str], ignores: tuple[_Ignore, ...]) -> bool:
        """Take note of one entry; True for a folder to enter."""
        if entry.is_symlink():
            self.link(Path(entry.path))
            return False
        is_dir = entry.is_dir(follow_symlinks=False)
        if is_dir and entry.name in NEVER_ENTERED:
            self.passed_over |= entry.name != ".git"
            return False
        if not is_dir and not candidates(entry.name):
            return False
        if ignores and _ignored(entry.path, is_dir, ignores):
            self.passed_over = True
            return False
        if self.excluded(entry.path):
            if not is_dir:
                self.result.skipped.append(Skipped(self.shown_entry(entry), "excluded by configuration"))
            return False
        if is_dir:
            return True
        shown = self.shown_entry(entry)
        if not entry.is_file(follow_symlinks=False):
            self.result.skipped.append(Skipped(shown, "not a regular file"))
            return False
        self.result.targets.append(Target(entry.path, shown))
        return False

    def link(self, path: Path) -> None:
        """A link's target inside the root is met by the walk itself, if its name is one of ours; outside, it is not
        ours to read."""
        if not candidates(path.name):
            return
        real = Path(os.path.realpath(path))
        if not real.exists():
            self.result.skipped.append(Skipped(self.shown(path), "broken link"))
        elif not real.is_relative_to(self.root):
            self.result.skipped.append(Skipped(self.shown(path), "link out of the scanned tree"))
        elif real.is_file():
            self.result.targets.append(Target(str(real), self.shown(real if candidates(real.name) else path)))

    def tracked(self, tops: Sequence[Path]) -> None:
        """What git has is part of the tree, whatever .gitignore and the names of folders say of it."""
        seen = {target.shown for target in self.result.targets} | {s.path for s in self.result.skipped}
        for shown in self.index():
            path = self.root / shown
            if shown in seen or not candidates(path.name) or not any(map(path.is_relative_to, tops)):
                continue
            if not os.path.lexists(path):
                continue
            if not path.parent.resolve().is_relative_to(self.root):  # through a link, or by a forged index
                continue
            if any(
                self.excluded(str(part)) for part in (path, *path.parents) if part.is_relative_to(self.root)
            ):
                continue
            if path.is_symlink():
                self.link(path)
            elif path.is_file():
                self.result.targets.append(Target(str(path), shown))

    def index(self) -> Iterable[str]:
        """The names that git has; none, which is told, where we don't read its kind of index and git fails."""
        from linter.gitindex import index_names

        if not (self.root / ".git" / "index").exists() and not (self.root / ".git").is_file():
            return ()
        names = index_names(self.root)
        if names is not None:
            return names
        from linter.suppress.git import Repository

        try:
            return Repository(self.root).tracked()
        except UsageError as error:
            words = f"files that git tracks although they are ignored were not looked for: {error}"
            self.result.notes.append(Diagnostic("note", words))
            return ()

    def unreadable(self, path: Path, error: OSError) -> None:
        place = Skipped(self.shown(path), f"can't be read: {error.strerror}")
        self.result.skipped.append(place)
        self.result.unread.append(place)

    def excluded(self, path: str) -> bool:
        return self.walk.excluded is not None and self.walk.excluded(path)

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def shown_entry(self, entry: os.DirEntry[str]) -> str:
        """The same for an entry that the walk met: ten times quicker, and there are many."""
        path = entry.path
        inside = path.startswith(self.prefix)
        return path[len(self.prefix) :].replace(os.sep, "/") if inside else self.shown(Path(path))

    def inherited(self, top: Path) -> Iterator[_Ignore]:
        """The .gitignore files above the folder that the walk starts at, up to the repository's root."""
        if not self.walk.gitignore or not top.is_relative_to(self.root) or not (self.root / ".git").exists():
            return
        yield from _read_ignore(self.root, ".git/info/exclude")
        for folder in reversed(top.relative_to(self.root).parents if top != self.root else []):
            yield from _read_ignore(self.root / folder)


@dataclass(frozen=True, slots=True)
class _Ignore:
    """One ignore file: patterns count from its folder."""

    prefix: str
    spec: GitIgnoreSpec


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    lines = [line for line in lines if _calm(line)]
    from pathspec import GitIgnoreSpec  # 15 ms, needed only where patterns are

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # git passes over a pattern that it does not understand
        return GitIgnoreSpec([pattern for line in lines for pattern in _patterns(line)])


def _calm(line: str) -> bool:
    """Whether matching a pattern takes no longer than its path deserves: every star tries every place."""
    parts = line.split("/")
    return parts.count("**") <= MAX_STARS and all(part.count("*") <= MAX_STARS for part in parts)


def _patterns(line: str) -> Iterator[Any]:
    from pathspec import GitIgnoreSpec

    with suppress(ValueError):
        yield from GitIgnoreSpec.from_lines([line]).patterns


def _read_ignore(folder: Path, name: str = ".gitignore") -> Iterator[_Ignore]:
    path = folder / name
    try:
        text = read_regular(path, MAX_IGNORE_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    yield _Ignore(str(folder) + os.sep, _spec(text.splitlines()))


def _ignored(path: str, is_dir: bool, ignores: tuple[_Ignore, ...]) -> bool:
    """As git decides: the last file that says anything about the path wins."""
    for ignore in reversed(ignores):
        relative = path[len(ignore.prefix) :].replace(os.sep, "/") + ("/" if is_dir else "")
        verdict = ignore.spec.check_file(relative).include
        if verdict is not None:
            return verdict
    return False
