"""RUN: its mounts, its script and what the script does."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Any

from linter.formats.dockerfile import distributions
from linter.formats.dockerfile.copies import Mount
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.dockerfile.instructions import Start, is_root
from linter.formats.dockerfile.scope import Variables
from linter.formats.dockerfile.variables import Variable
from linter.formats.dockerfile.words import json_list
from linter.formats.document import Problem
from linter.formats.image import HOLE, ImageRef
from linter.formats.model import fact, field
from linter.formats.shell import parse_argv, parse_script
from linter.formats.shell.caches import Leftover, Update, leftovers, switched_on, updates
from linter.formats.shell.clones import Clone, clones
from linter.formats.shell.command import Command
from linter.formats.shell.downloads import Download, downloads
from linter.formats.shell.hubs import ModelFetch, model_fetches
from linter.formats.shell.installs import Install, install_of
from linter.formats.shell.packages import Package
from linter.formats.shell.pipefailures import hidden_failures
from linter.formats.shell.script import Script
from linter.formats.shell.settings import Setting, of_commands, of_variable, of_write
from linter.formats.shell.text import MappedText
from linter.formats.shell.writes import Write, writes
from linter.patterns import lazy_regex

_TINI = frozenset(("tini", "tini-static", "docker-init", "catatonit"))
_OFFICIAL = ("docker.io/library/", "public.ecr.aws/docker/library/")
_REDIRECTS = lazy_regex(r"\d?>&[\d-]|&>>?")  # `2>&1`, in which nothing goes to the background
_MARKER = lazy_regex(r"""(?<!\d)\d*<<-?(?:[^<\s'">|;&)]|'[^'\n]*'|"[^"\n]*")+""")
_SHEBANG = lazy_regex(r"#!\s*(\S+)(?:[ \t]+(?:(?:-\S+|\w+=\S*)[ \t]+){0,9}(\S+))?")
_POSIX_SHELL = lazy_regex(r"(?:^|/)(?:ba|z|k|da|a)?sh$")
_PIPEFAIL = lazy_regex(r"\bset\s+(?:-\w+\s+){0,9}-\w*o\s+pipefail|\bset\s+-o\s+pipefail")


class Run(Instruction):
    """RUN."""

    mounts: list[Mount] = field((), "`--mount` flags")
    network: str | None = field(None, "`--network`")
    security: str | None = field(None, "`--security`")
    device: str | None = field(None, "`--device`")
    heredoc: bool = field(False, "whether a here-document is the script")

    variables_at: Variables  # what ARG and ENV had set when it ran
    workdir: str | None  # the working directory, where it is known
    shell_words: list[str]  # the SHELL that runs it
    user: str | None  # the USER that it runs as; None: the base's
    number: int  # how many RUNs come before it in its stage
    previous: Instruction | None = None  # the instruction before it in its stage

    @property
    def other_language(self) -> bool:
        """Whether the script is none that a POSIX shell reads: PowerShell, cmd, or a heredoc with its own shebang."""
        if self.shell_words and not _POSIX_SHELL.search(
            self.shell_words[0].replace("\\", "/").removesuffix(".exe")
        ):
            return True
        found = _SHEBANG.match(self.script_text.text) if self.heredoc else None
        if found is None:
            return False
        program = found.group(2) if found.group(1).endswith("/env") and found.group(2) else found.group(1)
        return _POSIX_SHELL.search(program) is None

    @property
    def plain_heredoc(self) -> bool:
        """Whether nothing but heredoc markers stands after the flags."""
        raw = self.raw.strip()
        return bool(self.line.heredocs) and bool(raw) and not _MARKER.sub("", raw).strip()

    @property
    def script_text(self) -> MappedText:
        """The script with the places of its characters."""
        if self.heredoc:
            bodies = self.line.heredocs
            return (
                bodies[0].body
                if len(bodies) == 1
                else MappedText(piece for one in bodies for piece in one.body.pieces(0, len(one.body.text)))
            )
        return self.line.joined.slice(self.value_at, len(self.line.joined.text))

    @fact
    def text(self) -> str:
        """The script as written, continued lines joined."""
        text = self.script_text.text
        return "".join([text, *(one.body.text for one in self.line.heredocs)]) if not self.heredoc else text

    @property
    def script(self) -> Script:
        found = self.__dict__.get("_script")
        if found is None:
            found = self.__dict__["_script"] = judged_in_part(self, self._parse())
        return found

    def _parse(self) -> Script:
        if self.json:
            return _exec_form(self)
        if self.other_language:
            return Script()
        heredocs = [(one.name, one.body) for one in self.line.heredocs] if not self.heredoc else []
        return parse_script(self.script_text, self.variables_at.get, heredocs, self)

    @fact
    def as_root(self) -> bool:
        """Whether it surely runs as root: by a USER before it, or on an image of Docker's own, which start as root."""
        if self.user is not None:
            return is_root(self.user) is True
        base = self.stage.base
        known = isinstance(base, ImageRef) and isinstance(base.full_name, str)
        return known and base.full_name.startswith(_OFFICIAL) and self.stage.nonroot_base is not True

    @fact
    def shell_form(self) -> bool:
        """Whether a shell runs it."""
        return not self.json

    @fact
    def commands(self) -> list[Command]:
        """The simple commands, in order, wrappers looked through."""
        return self.script.commands

    @fact
    def pipes(self) -> bool:
        """Whether it has a pipeline in a shell that is POSIX."""
        return bool(self.script.pipelines) and not self.other_language and not self.json

    @fact
    def hidden(self) -> Command | None:
        """The command before the last one of a pipe whose failure matters and nobody would see; null for none."""
        found = hidden_failures(self.commands, self.text) if self.pipes else ()
        return next(iter(found), None)

    @fact
    def consecutive(self) -> bool:
        """Whether it follows a RUN with the same flags, both of them of one command."""
        before = self.previous
        if not isinstance(before, Run) or before.onbuild or self.onbuild or before.flags != self.flags:
            return False
        return before.single and self.single

    @fact
    def single(self) -> bool:
        """Whether it is no more than one command, what that wraps aside."""
        return sum(1 for command in self.commands if not command.wrappers) <= 1

    @fact
    def pipefail(self) -> bool:
        """Whether a failing command within a pipe fails the instruction."""
        words = self.shell_words
        if words and "pipefail" in " ".join(words):
            return True
        if (
            words
            and re.search(
                r"(?:^|/)(?:pwsh|powershell|cmd|ash|dash|sh|ksh)(?:\.exe)?$", words[0], re.IGNORECASE
            )
            and (not re.search(r"sh$", words[0]))
        ):
            return True
        return (
            _PIPEFAIL.search(self.text) is not None
            or re.search(r"-o\s+pipefail|-\w*o pipefail", self.text) is not None
        )

    @fact
    def installs(self) -> list[Install]:
        """Commands that install packages."""
        return [found for command in self.commands if (found := install_of(command)) is not None]

    @fact
    def packages(self) -> list[Package]:
        """Packages that are installed."""
        return [package for install in self.installs for package in install.packages]

    @fact
    def downloads(self) -> list[Download]:
        """What is downloaded with curl, wget and the like."""
        return downloads(self.commands)

    @fact
    def clones(self) -> list[Clone]:
        """Git repositories that are cloned."""
        if not any(command.type_key == "git" for command in self.commands):
            return []
        following = self.stage.runs[self.number + 1 : self.number + 21]
        after = (command for run in following for command in run.commands)
        return clones(self.commands, list(islice(after, 300)))

    @fact
    def model_fetches(self) -> list[ModelFetch]:
        """Models and data sets that are fetched from a hub."""
        return model_fetches(self.commands, self.script_text)

    @fact
    def writes(self) -> list[Write]:
        """Files that are written by redirects, tee, sed -i and heredocs."""
        return writes(self.commands)

    @fact
    def secret_ids(self) -> list[str]:
        """Ids and variables of the secrets that are mounted."""
        names = [name for mount in self.mounts if mount.is_a("secret") for name in (mount.id, mount.env)]
        return [name for name in names if isinstance(name, str) and name]

    @fact
    def mounts_secret(self) -> bool:
        """Whether a secret is mounted."""
        return any(mount.is_a("secret") for mount in self.mounts)

    @fact
    def cached(self) -> list[str]:
        """Paths under a cache or tmpfs mount; all of them where a template may put mounts."""
        if self.raw.lstrip().startswith(HOLE):
            return ["/"]
        return [
            mount.target
            for mount in self.mounts
            if mount.is_a("cache", "tmpfs") and isinstance(mount.target, str)
        ]

    def caches(self, *paths: str) -> bool:
        """Whether one of the paths lies under a cache or tmpfs mount."""
        return any(
            isinstance(target, str) and any(f"{path}/".startswith(target.rstrip("/") + "/") for path in paths)
            for target in self.cached
        )

    @fact
    def pip_keeps_none(self) -> bool:
        """Whether PIP_NO_CACHE_DIR is on, here or before, or pip's own cache lies on a mount."""
        name = "PIP_NO_CACHE_DIR"
        here = [one.content for one in self.assigned if one.name == name]
        if any(map(switched_on, here or [self.variables_at.get(name)])):
            return True
        return any(path.rstrip("/").endswith(".cache/pip") for path in self.cached)

    @fact
    def leftovers(self) -> list[Leftover]:
        """Package indexes and caches that stay in the layer."""
        exported = {item.name: item.content for item in self.script.assignments}

        def environment(name: str) -> str | None:
            return exported.get(name) or self.variables_at.get(name)

        return list(leftovers(self.commands, self.cached, environment))

    @fact
    def updates(self) -> list[Update]:
        """Updates of package indexes."""
        return updates(self.commands)

    @fact
    def settings(self) -> list[Setting]:
        """Settings of package managers and downloaders, by flag, config command, variable or file."""
        found = list(of_commands(self.commands))
        for variable in self.assigned:
            if isinstance(variable.name, str):
                found.extend(of_variable(variable.name, variable.content or "", variable.span, variable))
        for write in self.writes:
            found.extend(of_write(write))
        return found

    @fact
    def assigned(self) -> list[Variable]:
        """Variables that the script sets: exports, prefixes of commands, plain assignments."""
        result = []
        seen: set[int] = set()
        for item in [
            *self.script.assignments,
            *(one for command in self.commands for one in command.assignments),
        ]:
            if id(item) in seen:
                continue
            seen.add(id(item))
            span = item.place().span
            written = item.token.text.partition("=")[2]
            result.append(Variable(self, span, item.name, item.content, written, "RUN"))
        return result

    def references(self) -> set[str]:
        """Names of the variables that the script uses."""
        return {one or two for one, two in re.findall(r"\$(?:\{([A-Za-z_]\w*)|([A-Za-z_]\w*))", self.text)}


def _exec_form(instruction: Instruction) -> Script:
    """The commands of a JSON list; quoting inside it is JSON's."""
    joined = instruction.line.joined
    items = json_list(joined.text, instruction.value_at) or []
    lookup: Any = getattr(instruction, "variables_at", {}).get
    words = [(value, instruction.located(start, end)) for value, start, end in items]
    return parse_argv(words, lookup, instruction)


def judged_in_part(instruction: Instruction, script: Script) -> Script:
    """The script; that a limit cut it is a problem of the document."""
    if script.cut:
        span = instruction.span
        words = (
            "The commands of this instruction are too many, or too deep within others: not all are judged."
        )
        instruction.document.note(Problem(words, span.start, span.end, limit=True))
    return script


class Launch(Start):
    """CMD, ENTRYPOINT or HEALTHCHECK CMD with its commands."""

    variables_at: Variables

    @fact
    def commands(self) -> list[Command]:
        """The simple commands, wrappers looked through."""
        if self.none or not self.raw.strip():
            return []
        if self.json:
            return judged_in_part(self, _exec_form(self)).commands
        text = self.line.joined.slice(self.value_at, len(self.line.joined.text))
        return judged_in_part(self, parse_script(text, self.variables_at.get, (), self)).commands

    @fact
    def hands_over(self) -> bool:
        """Whether the shell gives its process to the program, which so gets the signals: by `exec`, or as the shell of
        the base does for a single command."""
        commands = [
            command for command in self.commands if command.substitutes is None and not command.assigned
        ]
        if not commands or commands[-1].upstream is not None:
            return False
        if "exec" in commands[-1].wrappers:
            return True
        behind = _REDIRECTS.sub("", self.raw)
        alone = all(one is commands[0] or one.wrappers for one in commands) and "&" not in behind
        return alone and distributions.shell_gives_way(self.stage.base) is True

    @fact
    def signalled(self) -> bool:
        """Whether it is a CMD to which the ENTRYPOINT is an init that sends signals to every process: dumb-init, which
        does so by itself, or tini that is told to."""
        entry = self.stage.effective.entrypoint
        if self.keyword != "CMD" or entry is None or not entry.json:
            return False
        program, *rest = [word for word, _ in entry.words()] or [""]
        name = program.rpartition("/")[2]
        options = list(takewhile(lambda word: word.startswith("-") and word != "--", rest))
        if name == "dumb-init":
            return not {"-c", "--single-child"} & set(options)
        bundled = any("g" in word for word in options if not word.startswith("--"))
        return name in _TINI and (bundled or "TINI_KILL_PROCESS_GROUP" in self.stage.scope.env())

    def words(self) -> list[tuple[str, Any]]:
        """The words of the exec form with their places; of the shell form, `/bin/sh -c` and the text."""
        joined = self.line.joined
        items = json_list(joined.text, self.value_at) if self.json else None
        if items is not None:
            return [(value, self.located(start, end)) for value, start, end in items]
        return [("/bin/sh", self.span), ("-c", self.span), (self.raw.strip().replace(HOLE, ""), self.span)]
