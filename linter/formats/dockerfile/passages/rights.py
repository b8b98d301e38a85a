"""Rights that steps give: modes, capabilities, root without a password."""

from __future__ import annotations

import posixpath
import re

from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.run import Run
from linter.formats.model import fact, field
from linter.formats.shell.command import Command, known
from linter.patterns import lazy_regex
from linter.text import Span

_NOPASSWD = lazy_regex(r"NOPASSWD\s*+:?\s*+(?:SETENV\s*+:\s*+)?ALL\b")


# `/var/log/app`, `.next/cache/images`; not `/root/.cache`, where tools keep what they run
_SCRATCH = lazy_regex(
    r"(?:/var)?/tmp(?:/|$)|/dev/shm|^(?:/var)?/(?:log|run|spool)/|(?:^|/)(?:logs?|te?mp|cache|sockets?)(?:/[\w.$*{}-]+)?/?$"
)
_ROOT_GROUPS = frozenset({"docker", "lxd"})  # sudo's own ask for a password


class Mode(Part):
    """Permissions that are set, by chmod, --chmod, install, or capabilities by setcap."""

    value: str = field("", "the mode as given to chmod; empty for setcap")
    capability: str = field("", "the capabilities as given to setcap")
    temporary: bool = field(False, "whether only directories for temporary files get it")
    scratch: bool = field(
        False, "whether only folders get it that are for logs, caches or temporary files by their names"
    )
    program: bool = field(False, "whether it is set on a file where programs are")

    def __init__(self, owner: Part, span: Span, value: str, targets: list[str], capability: str = "") -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.targets = targets
        self.value = known(value)
        self.capability = known(capability.lower())
        self.temporary = bool(targets) and all(
            re.match(r"(?:/var)?/tmp(?:/|$)|/dev/shm", target) for target in targets
        )
        self.scratch = bool(targets) and all(_SCRATCH.search(target) for target in targets)
        self.program = any(re.search(r"/s?bin/", target) for target in targets)

    @fact
    def kept(self) -> bool:
        """Whether the image has what gets it: in its own layers, or by COPY --from of the place or of one around or in
        it."""
        stage = getattr(self.owner, "stage", None)
        if stage is None or stage.shipped or not self.targets:
            return True
        if any(not target.startswith("/") for target in self.targets):
            return bool(stage.taken)
        targets = [posixpath.normpath(target) for target in self.targets]
        pairs = ((target, path) for target in targets for path in stage.taken)
        return any(f"{one}/".startswith(f"{two}/") or f"{two}/".startswith(f"{one}/") for one, two in pairs)

    @property
    def address(self) -> str:
        return self.owner.address


def modes(one: Instruction) -> list[Mode]:
    """Permissions that an instruction sets."""
    if isinstance(one, Copy):
        if not isinstance(one.chmod, str):
            return []
        return [Mode(one, one.spans["chmod"], one.chmod, [one.target] if isinstance(one.target, str) else [])]
    if not isinstance(one, Run):
        return []
    result = []
    for command in one.commands:
        if command.type_key == "chmod":
            words = [
                token for token in command.words[1:] if not re.match(r"-[a-zA-Z]*[RvcfHLP]|--", token.content)
            ]
            if len(words) > 1:
                targets = [token.content for token in words[1:]]
                result.append(Mode(one, command.place().span, words[0].content, targets))
        elif command.type_key in ("install", "mkdir") and (given := command.flag_values("m", "mode")):
            targets = [token.content for token in command.operands]
            result.append(Mode(one, command.place().span, given[0], targets))
        elif (
            command.type_key == "setcap"
            and (operands := command.operands)
            and not command.has_flag("v", "r")  # it only checks, or takes away
        ):
            result.append(
                Mode(
                    one,
                    command.place().span,
                    "",
                    [token.content for token in operands[1:]],
                    operands[0].content,
                )
            )
    return result


def sudo_grants(one: Instruction) -> list[Passage]:
    """Where a user gets root without a password, or a group that is as good."""
    result = []
    if isinstance(one, (Run, Copy)):
        for write in one.writes:
            if "sudoers" in write.target and _NOPASSWD.search(write.content):
                result.append(Passage(one, write.line_span(_NOPASSWD.pattern), "sudo-grant", "sudoers"))  # noqa: PERF401
    if isinstance(one, Run):
        for command in one.commands:
            group = _granted_group(command)
            if group:
                result.append(Passage(one, command.place().span, "sudo-grant", group))
    return result


_GRANTING = frozenset({"usermod", "useradd", "adduser", "addgroup", "gpasswd"})


def _granted_group(command: Command) -> str:
    tool = command.type_key
    if tool not in _GRANTING:
        return ""
    words = [token.content for token in command.operands]
    if tool in ("usermod", "useradd"):
        for content in command.flag_values("G", "groups"):
            for group in content.split(","):
                if group in _ROOT_GROUPS:
                    return group
        if tool == "usermod" and "aG" in "".join(command.options):
            return next((word for word in words if word in _ROOT_GROUPS), "")
    if tool in ("adduser", "addgroup") and len(words) == 2 and words[1] in _ROOT_GROUPS:
        return words[1]
    if tool == "gpasswd" and command.has_flag("a") and words and words[-1] in _ROOT_GROUPS:
        return words[-1]
    return ""
