"""Git repositories that commands clone, and at which commit."""

from __future__ import annotations

from collections.abc import Sequence

from linter.cel import UNKNOWN
from linter.formats.image import is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import WINDOW, Command, Token, known
from linter.formats.shell.urls import host
from linter.patterns import lazy_regex

COMMIT = lazy_regex(r"[0-9a-f]{7,40}")


class Clone(Model):
    """One `git clone`."""

    url: str = field("", "the repository")
    ref: str | None = field(None, "branch, tag or commit that is asked for; null without")
    directory: str = field("", "where it is cloned to")
    command: Command = field(None, "the command")

    def __init__(self, command: Command, token: Token, later: Sequence[Command]) -> None:
        self.command = command
        self.token = token
        self.content = token.content
        self.url = known(token.content)
        operands = command.operands
        index = operands.index(token)
        content = token.content.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        self.folder = operands[index + 1].content if index + 1 < len(operands) else content
        self.directory = known(self.folder)
        self.written_ref = next(iter(command.flag_values("b", "branch", "revision")), None)
        self.checkout = _later_checkout(self.folder, later)
        ref = self.checkout or self.written_ref
        self.ref = None if ref is None else known(ref)

    @property
    def address(self) -> str:
        return self.command.address

    @fact
    def commit(self) -> bool:
        """Whether it is fixed to a commit."""
        if self.ref is None:
            return False
        return UNKNOWN if is_unknown(self.ref) else COMMIT.fullmatch(self.ref) is not None

    @fact
    def moving(self) -> bool:
        """Whether no ref is asked for, or one that names a branch which moves: main, master, dev …"""
        if self.ref is None:
            return True
        if is_unknown(self.ref):
            return False
        return self.ref in ("main", "master", "dev", "develop", "nightly", "trunk", "HEAD", "latest")

    @fact
    def model_hub(self) -> bool:
        """Whether it clones from a model hub."""
        return host(self.content) in ("huggingface.co", "hf.co", "www.modelscope.cn", "modelscope.cn")

    @fact
    def insecure(self) -> bool:
        """Whether it comes over plain HTTP or the git protocol."""
        return self.content.startswith(("http://", "git://"))

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.command.locate(tuple(steps[1:])) if steps and steps[0] == "command" else self.place()


def _later_checkout(folder: str, later: Sequence[Command]) -> str | None:
    for command in later:
        if command.type_key != "git":
            continue
        words = [token.content for token in command.operands]
        if words[:1] == ["clone"]:
            return None
        if words[:1] in (["checkout"], ["switch"]) and len(words) > 1:
            return words[1]
        if words[:1] == ["reset"] and len(words) > 1:
            return words[-1]
        if words[:1] == ["fetch"] and len(words) > 2 and COMMIT.fullmatch(words[2]):
            return words[2]
    return None


def clones(commands: Sequence[Command], after: Sequence[Command] = ()) -> list[Clone]:
    """The repositories that commands clone; `after` are commands of later layers, which may check a commit out."""
    result = []
    for position, command in enumerate(commands):
        if command.type_key != "git":
            continue
        operands, later = command.operands, [*commands[position + 1 : position + 1 + WINDOW], *after]
        if operands and operands[0].content == "clone" and len(operands) > 1:
            result.append(Clone(command, operands[1], later))
        elif (
            operands and operands[0].content == "lfs" and len(operands) > 2 and operands[1].content == "clone"
        ):
            result.append(Clone(command, operands[2], later))
    return result
