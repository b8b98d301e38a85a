"""Looking through commands that only run other commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from linter.formats.image import HOLE
from linter.formats.shell.command import Command, Token
from linter.formats.shell.text import MappedText
from linter.formats.shell.tools import SHELLS, value_options
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_ASSIGNMENT = lazy_regex(r"[A-Za-z_]\w*=")
_MODULE = lazy_regex(r"[\w.]+")

# tool -> operands of its own before the command that it runs
_PREFIXES: Mapping[str, int] = {
    "sudo": 0, "doas": 0, "env": 0, "xargs": 0, "nice": 0, "ionice": 0, "time": 0, "nohup": 0, "exec": 0, "command": 0,
    "builtin": 0, "stdbuf": 0, "setsid": 0, "numactl": 0, "tini": 0, "dumb-init": 0, "catatonit": 0, "ccache": 0,
    "unbuffer": 0, "fakeroot": 0, "eatmydata": 0, "busybox": 0, "toybox": 0, "noglob": 0, "strace": 0, "proxychains": 0,
    "proxychains4": 0, "xvfb-run": 0, "catchsegv": 0, "parallel": 0, "chronic": 0, "ts": 0, "then": 0, "do": 0,
    "else": 0, "!": 0, "timeout": 1, "gosu": 1, "su-exec": 1, "chroot": 1, "taskset": 1, "chrt": 1, "flock": 1,
    "setpriv": 0, "unshare": 0, "nsenter": 0, "capsh": 0, "retry": 0, "runuser": 0, "ld.so": 0, "-": 0,
}  # fmt: skip
# `conda run -n env CMD`, `uv run CMD` …
_RUNNERS = frozenset({"conda", "uv", "poetry", "pipenv", "pixi", "rye", "hatch", "pdm", "nsys"})
_RUN_WORDS = frozenset({"run", "profile"})
_RUN_VALUE_FLAGS = frozenset(
    [
        "-n",
        "--name",
        "-p",
        "--prefix",
        "--cwd",
        "--with",
        "--python",
        "--extra",
        "--group",
        "--package",
        "--env-file",
    ]
)


@dataclass(frozen=True, slots=True)
class Inner:
    """What a wrapper runs: words of a command, or the text of a script."""

    wrappers: tuple[str, ...]
    words: list[Token] | None = None
    script: MappedText | None = None
    assignments: tuple[Token, ...] = ()


def unwrap(command: Command) -> list[Inner]:
    """What `command` runs in its turn; empty when it only does its own work."""
    tool = command.type_key
    if tool in SHELLS:
        return _shell(command, tool)
    if not tool or len(command.words) < 2:
        return []
    special = _SPECIAL.get(tool)
    if special is not None:
        return special(command)
    if tool in _PREFIXES:
        return _prefix(command, tool, _PREFIXES[tool])
    if tool in _RUNNERS:
        return _runner(command, tool)
    return []


def _first_operand(tool: str, tokens: list[Token]) -> int:
    """Index of the first word that is no option of the tool itself."""
    short, long = value_options(tool)
    index = 0
    while index < len(tokens):
        content = tokens[index].content
        if content == "--":
            return index + 1
        if not content.startswith("-") or content == "-":
            return index
        if content.startswith("--"):
            index += 2 if content[2:] in long else 1
        else:
            takes = next((at for at, letter in enumerate(content[1:], 1) if letter in short), 0)
            index += 2 if takes and takes == len(content) - 1 else 1
    return index


def _prefix(command: Command, tool: str, own: int) -> list[Inner]:
    tokens = command.words[1:]
    index = _first_operand(tool, tokens)
    if tool in ("sudo", "runuser") and index >= len(tokens):
        return _su(command)
    if tool == "env" and (split := command.flag_values("S", "split-string")):
        flag = next(flag for flag in command.flags if flag.name in ("S", "split-string"))
        source = flag.value_token or flag.token
        return [Inner((tool,), script=source.script())] if split else []
    assignments = []
    while (
        index < len(tokens)
        and tool in ("env", "sudo", "doas", "busybox")
        and _ASSIGNMENT.match(tokens[index].content)
    ):
        assignments.append(tokens[index])
        index += 1
    words = tokens[index + own :]
    if own and index < len(tokens) and tool == "flock":
        words = tokens[index + own :]
        first = _first_operand("sh", words)
        if first < len(words) and any(token.content == "-c" for token in words[: first + 1]):
            return [Inner((tool,), script=words[first].script())]
    if not words:
        return []
    return [Inner((tool,), words=words, assignments=tuple(assignments))]


def _shell(command: Command, tool: str) -> list[Inner]:
    tokens = command.words[1:]
    index = _first_operand(tool, tokens)
    bundles = [token.content for token in tokens[:index] if token.content[:1] in "-+"]
    if any(bundle.startswith("-") and not bundle.startswith("--") and "c" in bundle for bundle in bundles):
        return [Inner((tool,), script=tokens[index].script())] if index < len(tokens) else []
    inner = []
    for redirect in command.redirects:
        if redirect.body is not None and redirect.operator in ("<<", "<<<"):
            body = redirect.body
            inner.append(
                Inner(
                    (tool,),
                    script=redirect.token.script() if redirect.operator == "<<<" and redirect.token else body,
                )
            )
    return inner


def _eval(command: Command) -> list[Inner]:
    if len(command.words) == 2:
        return [Inner(("eval",), script=command.words[1].script())]
    pieces: list[tuple[str, int]] = []
    for token in command.words[1:]:
        script = token.script()
        pieces.extend([*script.pieces(0, len(script.text)), (" ", token.place().span.end)])
    return [Inner(("eval",), script=MappedText(pieces))]


def _su(command: Command) -> list[Inner]:
    for flag in command.flags:
        if flag.name in ("c", "command") and flag.value_token is not None:
            return [Inner((command.type_key,), script=flag.value_token.script())]
    return []


def _python(command: Command) -> list[Inner]:
    for index, token in enumerate(command.words[1:], 1):
        if token.content == "-m" and index + 1 < len(command.words):
            module = command.words[index + 1]
            return (
                [Inner(("python",), words=command.words[index + 1 :])]
                if _MODULE.fullmatch(module.content)
                else []
            )
        if not token.content.startswith("-") or token.content.startswith("-c"):
            return []
    return []


def _find(command: Command) -> list[Inner]:
    result = []
    begin = 0  # of the words that are executed; 0: outside of them
    for index, token in enumerate(command.words, 1):
        if begin and token.content in (";", "+"):
            result.append(Inner(("find",), words=command.words[begin : index - 1]))
            begin = 0
        elif not begin and token.content in ("-exec", "-execdir", "-ok"):
            begin = index
    if begin:  # the end is not known: an escaped line, a hole
        result.append(Inner(("find",), words=command.words[begin:]))
    return [inner for inner in result if inner.words]


def _runner(command: Command, tool: str) -> list[Inner]:
    tokens = command.words[1:]
    index = _first_operand(tool, tokens)
    if index >= len(tokens) or tokens[index].content not in _RUN_WORDS:
        return []
    index += 1
    while index < len(tokens) and tokens[index].content.startswith("-"):
        content = tokens[index].content
        index += 2 if content in _RUN_VALUE_FLAGS else 1
        if content == "--":
            break
    return (
        [Inner((tool,), words=tokens[index:])]
        if index < len(tokens) and tokens[index].content != HOLE
        else []
    )


def _trap(command: Command) -> list[Inner]:
    return [Inner(("trap",), script=command.operands[0].script())] if len(command.operands) > 1 else []


_SPECIAL: Mapping[str, Callable[[Command], list[Inner]]] = {
    "eval": _eval,
    "trap": _trap,
    "su": _su,
    "python": _python,
    "find": _find,
}
