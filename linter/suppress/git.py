"""What git knows: the tree at a reference, and what changed since. Reads objects; never checks anything out.

git is run with list arguments, without hooks, filters, external diffs, lazy fetches or the environment of a hook.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from linter.errors import UsageError
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
_OWN_CONFIG = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_REGULAR = ("100644", "100755")
_LINK = "120000"
SECONDS = 120  # that git has for one answer: a pipe in the place of one of its files would never end
SOON = 5  # for what nobody asked for
_SHALLOW_HINT = "fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"


_SSH = lazy_regex(r"(?:[\w.-]+@)?(?P<host>[\w.-]+\.[\w-]+):(?P<path>[\w./~-]+)")
_URL = lazy_regex(r"(?:https?|ssh|git)://(?:[^@/\s]*@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[\w./~-]+)")


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths relative to the repository's root, forward slashes."""

    changed: frozenset[str] = frozenset()  # added, modified, renamed, or not yet known to git; still there
    renames: Mapping[str, str] = field(default_factory=dict)  # new path -> old path
    deleted: frozenset[str] = frozenset()


class Repository:
    """A git repository with a work tree; `root` is its top directory (of a linked worktree: that worktree's)."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.path.abspath(root)

    def commit(self, reference: str) -> str:
        """The commit that a reference names. Raises `UsageError` when there is none."""
        found = self._run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}", check=False
        )
        if found.returncode == 0:
            return found.stdout.decode("ascii").strip()
        trouble = found.stderr.decode("utf-8", "replace").strip()
        if trouble:
            raise self._error(trouble)
        hint = (
            _SHALLOW_HINT if self.shallow else "is it fetched? `git fetch origin BRANCH` makes origin/BRANCH"
        )
        raise UsageError(f"git knows no commit '{reference}'", hint)

    def base(self, reference: str) -> str:
        """The commit from which HEAD and a reference parted: what `--new-since` compares with.

        Changes that others made on the branch since are then nobody's here. Without history in common, the reference.
        """
        commit = self.commit(reference)
        found = self._run("merge-base", "HEAD", commit, check=False)
        if found.returncode == 0:
            return found.stdout.decode("ascii").split("\n")[0]
        if self.shallow:
            raise UsageError(
                f"this clone is too shallow to tell where it parted from '{reference}'", _SHALLOW_HINT
            )
        return commit

    def origin(self) -> tuple[str, str, str] | None:
        """Address of the remote `origin` (no credentials), commit, branch; None where one of the first is missing."""
        try:
            remote = self._run("config", "--get", "remote.origin.url", check=False, seconds=SOON)
            head = self._run("rev-parse", "--verify", "--quiet", "HEAD", check=False, seconds=SOON)
            branch = self._run("symbolic-ref", "--quiet", "--short", "HEAD", check=False, seconds=SOON)
        except UsageError:  # git is not installed: nobody asked for it
            return None
        address = web_address(remote.stdout.decode("utf-8", "replace").strip())
        if not address or head.returncode != 0:
            return None
        return address, head.stdout.decode("ascii").strip(), branch.stdout.decode("utf-8", "replace").strip()

    @cached_property
    def shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository", check=False).stdout.strip() == b"true"

    def tracked(self) -> list[str]:
        """The files that the index has, links too. Raises `UsageError` where git or its repository is not to be had."""
        return _paths(self._run("ls-files", "-z", seconds=SOON).stdout)

    def tree(self, commit: str) -> GitTree:
        """The files of a commit."""
        return GitTree(self, commit)

    def changes(self, commit: str) -> Changes:
        """What differs between a commit and the work tree, files unknown to git included; renames followed.

        To compare contents git would run the filters that the repository's configuration names.
        """
        listing = self._run(
            "diff",
            "--name-status",
            "-z",
            "-M",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=all",
            commit,
            "--",
            settings=self._without_filters,
        )
        changed: set[str] = set()
        renames: dict[str, str] = {}
        deleted: set[str] = set()
        words = iter(_paths(listing.stdout))
        for status in words:
            path = next(words)
            if status.startswith(("R", "C")):
                new = next(words)
                if status.startswith("R"):
                    renames[new] = path
                changed.add(new)
            elif status == "D":
                deleted.add(path)
            else:
                changed.add(path)
        unknown = self._run("ls-files", "--others", "--exclude-standard", "-z")
        return Changes(frozenset(changed) | frozenset(_paths(unknown.stdout)), renames, frozenset(deleted))

    @cached_property
    def _without_filters(self) -> Mapping[str, str]:
        """Settings that switch off the filters of the configuration: programs that anyone's `.git/config` may name."""
        found = self._run("config", "-z", "--name-only", "--get-regexp", r"^filter\.", check=False)
        names = {name.rpartition(".")[0] for name in _paths(found.stdout)}
        off = {"clean": "", "process": "", "required": "false"}
        return {f"{name}.{key}": value for name in sorted(names) for key, value in off.items()}

    def _run(
        self,
        *arguments: str,
        check: bool = True,
        data: bytes | None = None,
        seconds: float = SECONDS,
        settings: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["git", *_SAFE, "-C", self.root, *arguments]
        try:
            # S603: list arguments, no shell; references are resolved behind --end-of-options
            result = subprocess.run(  # noqa: S603
                command,
                input=data,
                stdin=subprocess.DEVNULL if data is None else None,
                capture_output=True,
                env=_environment(settings or {}),
                check=False,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise UsageError(f"git gave no answer within {seconds:g} seconds") from None
        except OSError as error:  # PermissionError: what is on the search path can't be run
            raise UsageError("git is not installed, and this option needs it") from error
        if check and result.returncode != 0:
            raise self._error(result.stderr.decode("utf-8", "replace").strip())
        return result

    def _error(self, trouble: str) -> UsageError:
        first = trouble.splitlines()[0].removeprefix("fatal: ") if trouble else "git failed"
        if "dubious ownership" in trouble:
            return UsageError(f"git: {first}", f"git config --global --add safe.directory {self.root}")
        if "not a git repository" in trouble.lower():
            return UsageError(f"{self.root} is no git repository, and this option needs one")
        return UsageError(
            f"git: {first}", _SHALLOW_HINT if "bad object" in trouble or "missing" in trouble else None
        )


def web_address(remote: str) -> str:
    """The https address of a remote, without user and password; empty for a path on this machine."""
    found = _SSH.fullmatch(remote) or _URL.fullmatch(remote)
    return f"https://{found['host']}/{found['path'].removesuffix('.git')}" if found else ""


class GitTree:
    """The regular files of a commit. Also a source of configuration files: `read` takes absolute paths."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.commit = commit
        self._contents: dict[str, bytes] = {}

    @cached_property
    def _entries(self) -> list[tuple[str, str, str]]:
        """Mode, blob and path of everything in the tree, in order of path."""
        listing = self.repository._run("ls-tree", "-r", "-z", "--full-tree", self.commit)
        rows = [row.partition("\t") for row in _paths(listing.stdout)]
        return [(about.split(" ")[0], about.split(" ")[2], path) for about, _, path in rows]

    @cached_property
    def files(self) -> Mapping[str, str]:
        """Path -> blob, in order of path. No links, no submodules."""
        return {path: blob for mode, blob, path in self._entries if mode in _REGULAR}

    @cached_property
    def links(self) -> Mapping[str, str]:
        """Path of each symbolic link -> its blob."""
        return {path: blob for mode, blob, path in self._entries if mode == _LINK}

    def behind(self, link: str) -> str | None:
        """The path of the regular file of the tree that a symbolic link stands for."""
        target = os.fsdecode(self.repository._run("cat-file", "blob", self.links[link]).stdout)
        place = os.path.normpath(os.path.join(os.path.dirname(link), target)).replace(os.sep, "/")
        return place if place in self.files else None

    def load(self, paths: Iterator[str] | list[str]) -> None:
        """Fetch the contents of many files at once; a file at a time costs a process each."""
        wanted = [path for path in paths if path in self.files and path not in self._contents]
        if not wanted:
            return
        names = "".join(f"{self.files[path]}\n" for path in wanted).encode("ascii")
        output = self.repository._run("cat-file", "--batch", data=names).stdout
        at = 0
        for path in wanted:
            end = output.index(b"\n", at)
            words = output[at:end].split(b" ")
            if len(words) != 3:
                raise UsageError(f"git has no content for {path} at {self.commit[:12]}", _SHALLOW_HINT)
            size = int(words[2])
            self._contents[path] = output[end + 1 : end + 1 + size]
            at = end + 1 + size + 1

    def content(self, path: str) -> bytes | None:
        """The bytes of a file by its path in the repository; None when the commit has no such file."""
        if path not in self._contents:
            self.load([path])
        return self._contents.get(path)

    def forget(self) -> None:
        """Drop the contents that were fetched."""
        self._contents.clear()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file by its absolute path in the work tree."""
        relative = os.path.relpath(path, self.repository.root).replace(os.sep, "/")
        return None if relative.startswith("../") else self.content(relative)

    def export(self, folder: str, target: str) -> None:
        """Write the files below a folder (path in the repository) to a directory of ours: rules at a reference."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/.") else ""
        paths = [path for path in self.files if path.startswith(prefix)]
        self.load(paths)
        for path in paths:
            inner = PurePosixPath(path[len(prefix) :])
            if ".." in inner.parts:
                continue
            place = os.path.join(target, *inner.parts)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as stream:
                stream.write(self._contents[path])


def _paths(output: bytes) -> list[str]:
    """NUL-separated names; bytes that are no UTF-8 are kept as Python keeps them in paths."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment without what a hook or a caller set for another repository or index, with some more settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _OWN_CONFIG
    }
    theirs = _settings(os.environ)
    more = [*theirs, *settings.items()]
    for number, (key, value) in enumerate(more):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {
        **kept,
        "GIT_CONFIG_COUNT": str(len(more)),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and later; before, no protocol is allowed to fetch by
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _settings(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the user says to git by variables: in a container the only way to trust another owner's tree."""
    count = environ.get("GIT_CONFIG_COUNT", "")
    for number in range(int(count) if count.isdecimal() and len(count) < 4 else 0):
        key = environ.get(f"GIT_CONFIG_KEY_{number}")
        if key:
            yield key, environ.get(f"GIT_CONFIG_VALUE_{number}", "")
