"""How much a recursive change of owner or mode stores a second time, by what lies in the tree.

Nobody runs the build to know it: what comes from the build context is measured, what comes from another stage or is
installed counts unless its name says that it is but texts.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.dockerfile.contexts import SMALL
from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.run import Run
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import fact, field
from linter.formats.records import Data, Record, record
from linter.formats.shell.command import Command, Token
from linter.formats.shell.installs import install_of
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

RECOPY = "recopy"
MOST_EARLIER = 500  # steps that are looked at; keeps hostile files linear
_SETTINGS = lazy_regex(r"/(?:etc|run|var/(?:cache|log|run))(?:/|$)")  # a few kilobytes
# texts of any number are light, by the names of their folders or files
_LIGHT = lazy_regex(
    r"(?i)(?:.*[-_.])?(?:manifests?|charts?|templates?|conf(?:igs?|\.d)?|scripts?|docs?|licen[cs]es?|certs?|migrations?"
    r"|dashboards?|entrypoint)(?:[-_.].*)?|.*\.(?:sh|ya?ml|json|toml|ini|conf|cfg|txt|md|html?|css|py|sql|xml|properties|crt|pem)"
)
# what is built or installed, though it is not in the tree
_HEAVY = lazy_regex(
    r"(?i)(?:.*/)?(?:dist|build|target|out|bin|publish|node_modules|\.next|models?|weights|[\w.*-]+\.(?:jar|war|whl|zip|tgz|so|bin))"
    r"(?:/.*)?"
)
_CHANGERS = ("chown", "chmod")
_FETCHERS = frozenset({"curl", "wget", "tar", "unzip", "git", "cp", "mv", "rsync", "python", "virtualenv"})
_BUILDERS = frozenset(
    {"poetry", "bundle", "composer", "cargo", "mvn", "gradle", "dotnet", "make", "cmake", "bun"}
)


class Recopy(Record):
    """A RUN that changes files of earlier layers recursively."""

    sources: list[str] = field((), "what of them comes from the build context")
    built: bool = field(False, "whether some of them come from another stage or were installed there")

    @fact
    def heavy(self) -> bool:
        """Whether megabytes are stored twice."""
        if self.built:
            return True
        folder = self.project.context_of(self.path)
        return any(self._weighs(posixpath.join(folder, source), source) for source in self.sources)

    def _weighs(self, place: str, source: str) -> bool:
        size = self.project.contexts.size(place)
        return _HEAVY.fullmatch(source) is not None if size is None else size >= SMALL


def recopy_records(stage: Stage, path: str) -> Iterator[Data]:
    """One record for each RUN of a stage that changes files of earlier layers."""
    copies = stage.copies
    starts = [copy.span.start for copy in copies]
    for run in stage.runs:
        if not any(one.type_key in _CHANGERS for one in run.commands):
            continue
        before = bisect_left(starts, run.span.start)
        earlier = copies[max(before - MOST_EARLIER, 0) : before]
        places = [place for command in run.commands for place in changed_places(command, run)]
        below = [copy for copy in earlier if any(_is_in(_target(copy), place) for _, place in places)]
        if below:
            sources = [one for copy in below for one in copy.sources]
            fields = {
                "sources": [one.path for one in sources if one.context and not is_unknown(one.path)],
                "built": any(map(_is_built, below)) or any(_is_filled(run, place) for _, place in places),
            }
            yield record(RECOPY, run, path, fields, {})


def changed_places(command: Command, run: Run) -> list[tuple[Token, str]]:
    """What a recursive chown or chmod changes, as written and as absolute paths; settings, a few kilobytes, aside."""
    if command.type_key not in _CHANGERS or not command.has_flag("R", "recursive"):
        return []
    places = [(token, posixpath.normpath(_absolute(token.content, run))) for token in command.operands[1:]]
    return [(token, place) for token, place in places if not _SETTINGS.match(place)]


def _target(copy: Copy) -> str:
    return posixpath.normpath(copy.target) if isinstance(copy.target, str) else ""


def _is_in(path: str, folder: str) -> bool:
    return path != "" and f"{path}/".startswith(folder.rstrip("/") + "/")


def _is_built(copy: Copy) -> bool:
    """Whether it comes from another stage or image, and is not but texts by its name."""
    if copy.from_kind == "context":
        return False
    names = (posixpath.basename(source.content.rstrip("/")) for source in copy.sources)
    return not all(_LIGHT.fullmatch(name) for name in names)


def _is_filled(run: Run, place: str) -> bool:
    """Whether an earlier step installs, builds or unpacks something there."""
    before = run.stage.runs[max(run.number - MOST_EARLIER, 0) : run.number]
    return any(_fills(command, one, place) for one in before for command in one.commands)


def _fills(command: Command, run: Run, place: str) -> bool:
    install = install_of(command)
    tool = command.type_key
    manager = install.manager if install is not None else ""
    if (
        tool in _BUILDERS
        or manager in ("npm", "yarn", "pnpm")
        or (tool == "npm" and command.does("ci"))
        or (tool == "uv" and command.does("sync", "venv"))
    ):
        return _is_in(posixpath.normpath(run.workdir or "/"), place)
    if tool not in _FETCHERS and manager not in ("pip", "uv"):
        return False
    words = [token.content for token in command.operands] + [flag.content for flag in command.flags]
    return any(_is_in(posixpath.normpath(word), place) for word in words if word.startswith("/"))


def _absolute(path: str, run: Run) -> str:
    if path.startswith("/") or HOLE in path:
        return path
    return posixpath.join(run.workdir or "/", path)
