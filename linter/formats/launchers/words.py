"""A container's command, args and env as the commands that run, each word with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.launchers.script import HOLE, split
from linter.frozen import dataclass, field
from linter.patterns import kept_regex, lazy_regex

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_REFERENCE = lazy_regex(r"\$\$|\$\(([A-Za-z_.-][\w.-]*)\)")
_TEMPLATED = lazy_regex(
    r"\$\{?[A-Za-z_]\w*(?::?[-=][^}]*)?\}?|\{\{[^}]{0,300}\}\}|<[A-Za-z_ -]+>|%\(\w+\)|@@\w"
)
_DEPTH = 4
CUT = "The commands of this container are too many, or too deep within others: not all are judged."
Files = Callable[[str], str | None]  # path in the container -> text of the file that is mounted there

# words that run what follows them; the values say which of their options take a value of their own
_PREFIXES: dict[str, frozenset[str]] = {
    "exec": frozenset({"-a"}),
    "env": frozenset({"-u", "-C", "-S"}),
    "nohup": frozenset(),
    "time": frozenset(),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "sudo": frozenset({"-u", "-g", "-E"}),
    "numactl": frozenset({"-N", "-m", "-C", "-i", "-p"}),
    "taskset": frozenset({"-c"}),
    "nice": frozenset({"-n"}),
    "timeout": frozenset({"-s", "-k"}),
    "tini": frozenset({"-p", "-e"}),
    "dumb-init": frozenset(),
    "catatonit": frozenset(),
    "nsys": frozenset({"-o", "-t", "-w", "-c", "-s", "-f"}),
    "ncu": frozenset({"-o", "-k"}),
    "uv": frozenset(
        {"--with", "--python", "-p", "--project", "--directory", "--extra", "--group", "--index-url"}
    ),
    "poetry": frozenset(),
    "pixi": frozenset({"-e"}),
    "conda": frozenset({"-n", "-p", "--name"}),
    "micromamba": frozenset({"-n", "-p"}),
    "neuron_parallel_compile": frozenset({"--num_parallel", "--command"}),
    "opentelemetry-instrument": frozenset(),
    "nvidia_entrypoint.sh": frozenset(),
    "scalar": frozenset(),
}
_RUNNERS = frozenset({"uv", "poetry", "pixi", "conda", "micromamba"})
MAX_EXPANDED = 2_000_000  # characters; see `expand`
MAX_COMMANDS = (
    50_000  # of a container, scripts in scripts counted: mounted ones can call each other without end
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a word was written: element `index` of `field` (command, args, env or envFrom), and its text there.

    `file`: the path of a mounted file that the word stands in, which that element names; '' for the element itself.
    """

    field: str
    index: int
    text: str
    file: str = ""


@dataclass(slots=True)
class Room:
    """What may still be read for a container. `cut`: where it was not enough, so that not all was looked at."""

    characters: int = MAX_EXPANDED
    commands: int = MAX_COMMANDS
    cut: Origin | None = None
    written: dict[str, str] = field(default_factory=dict)  # path -> text of files that scripts write


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command after expansion; `known` is False when a part of it is decided elsewhere."""

    text: str
    origin: Origin

    @property
    def known(self) -> bool:
        return HOLE not in self.text


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command. `bare`: the program is the image's own, the words are only its arguments."""

    words: tuple[Word, ...]
    bare: bool = False
    script: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """The literal variables of a container in order, HOLE where the value is not literal; `open`: envFrom."""

    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    open: bool = False
    room: Room = field(default_factory=Room)

    @classmethod
    def of(
        cls,
        entries: Iterable[tuple[Any, Any]],
        given: Mapping[str, str] | None = None,
        *,
        open_: bool = False,
    ) -> Environment:
        """From (name, value) pairs in order; a value is a scalar, UNKNOWN, or None for `valueFrom`.

        `given`: variables of objects named in envFrom, which those of the container itself override.
        """
        values: dict[str, str] = dict(given or {})
        places: dict[str, int] = {}
        room = Room()
        for index, (name, value) in enumerate(entries):
            if not isinstance(name, str):
                continue
            values[name] = HOLE if value is None else expand(text_of(value), values, room)
            places[name] = index
        return cls(values, places, open_, room)

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def origin(self, name: str) -> Origin:
        text = self.values.get(name, "").replace(HOLE, "")
        return Origin("env" if name in self.places else "envFrom", self.places.get(name, 0), text)


def text_of(value: Any) -> str:
    """A list element as the text that reaches the program."""
    if value is UNKNOWN or isinstance(value, (list, dict)):
        return HOLE
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def expand(text: str, env: Mapping[str, str], room: Room) -> str:
    """`$(VAR)` as the kubelet expands it: known values in, unknown ones as holes, `$$` as one dollar.

    `room` is what may be put in for all references of a container, in characters: variables that hold each other
    twice grow without end. What is more is a hole.
    """
    if "$" not in text:
        return text

    def replacement(match: re.Match[str]) -> str:
        if match[1] is None:
            return "$"
        value = env.get(match[1], HOLE)
        room.characters -= len(value)
        if room.characters < 0:
            room.cut = room.cut or Origin("env", 0, "")
            return HOLE
        return value

    return _REFERENCE.sub(replacement, text)


def no_files(_path: str) -> str | None:
    """No file is mounted."""
    return None


def commands(
    command: Sequence[Any], args: Sequence[Any], env: Environment, files: Files = no_files
) -> list[Command]:
    """The commands that a container runs, scripts split, prefixes such as `exec` and `numactl` taken off."""
    words = [*_words("command", command, env), *_words("args", args, env)]
    if not words:
        return []
    env.room.commands = MAX_COMMANDS
    return list(_unfold(Command(tuple(words), bare=not command), env, _DEPTH, files))


def _words(name: str, values: Sequence[Any], env: Environment) -> Iterator[Word]:
    for index, value in enumerate(values):
        raw = text_of(value)
        yield Word(expand(raw, env.values, env.room), Origin(name, index, raw))


def _unfold(command: Command, env: Environment, depth: int, files: Files) -> Iterator[Command]:
    words = strip(command.words)
    if not words:
        return
    file = _file_of(words, files)
    found = _script_of(words) if file is None else None
    if depth == 0 and (file or found):
        env.room.cut = env.room.cut or words[0].origin
        file = found = None
    if file is not None:
        word, text = file
        origin = Origin(word.origin.field, word.origin.index, word.origin.text, word.text)
        # what runs itself again is looked at once
        yield from _inside(text, origin, env, depth, lambda path: None if path == word.text else files(path))
    elif found is not None:
        before, script = found
        if before:
            yield Command(before, command.bare, command.script)
        yield from _inside(script.text, script.origin, env, depth, files)
    else:
        holes = command.words if command.bare and words == command.words else words
        yield Command(_exec_form(holes) if not command.script else tuple(holes), command.bare, command.script)


def _inside(text: str, origin: Origin, env: Environment, depth: int, files: Files) -> Iterator[Command]:
    """The commands of a script that stands at `origin`."""
    for simple in split(text, env.values, env.room.written):
        if env.room.commands == 0:
            env.room.cut = env.room.cut or origin
            return
        env.room.commands -= 1
        inner = tuple(
            Word(word.text, Origin(origin.field, origin.index, word.raw, origin.file)) for word in simple
        )
        yield from _unfold(Command(inner, script=True), env, depth - 1, files)


def _file_of(words: Sequence[Word], files: Files) -> tuple[Word, str] | None:
    """The mounted script that a command runs, by itself or by a shell, and its text."""
    at = 0
    if words[0].text.rpartition("/")[2] in SHELLS:
        at = 1
        while at < len(words) and words[at].text.startswith(("-", "+")) and "c" not in words[at].text[1:]:
            at += 1
    if at >= len(words) or not words[at].text.startswith("/"):
        return None
    text = files(words[at].text)
    return (words[at], text) if text is not None else None


def _exec_form(words: Sequence[Word]) -> tuple[Word, ...]:
    """No shell expands these: what looks like a variable is filled in by someone else's tool."""
    return tuple(
        Word(_TEMPLATED.sub(HOLE, word.text), word.origin)
        if "$" in word.text or "{{" in word.text or "<" in word.text
        else word
        for word in words
    )


def _script_of(words: Sequence[Word]) -> tuple[tuple[Word, ...], Word] | None:
    """The words before a `sh -c` and the script after it, wherever in a command the shell stands."""
    for index, word in enumerate(words):
        if word.text.rpartition("/")[2] not in SHELLS:
            continue
        for at in range(index + 1, len(words)):
            option = words[at].text
            if option.startswith("-") and not option.startswith("--") and "c" in option[1:]:
                following = at + 1
                while following < len(words) and words[following].text in (
                    "--",
                    "-o",
                    "pipefail",
                    "-e",
                    "-x",
                    "-u",
                ):
                    following += 1
                return (tuple(words[:index]), words[following]) if following < len(words) else None
            if not option.startswith(("-", "+")) and option != "pipefail":
                break
    return None


def strip(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without what only prepares the program: `exec`, `env A=B`, `numactl …`, `nsys profile …`."""
    at = 0
    while at < len(words):
        name = words[at].text.rpartition("/")[2]
        if kept_regex(r"[A-Za-z_]\w*=").match(words[at].text) and at + 1 < len(words):
            at += 1
            continue
        options = _PREFIXES.get(name)
        if options is None:
            break
        following = at + 1
        if name in _RUNNERS and not (following < len(words) and words[following].text == "run"):
            break
        if name in _RUNNERS or (
            name == "nsys" and following < len(words) and words[following].text == "profile"
        ):
            following += 1
        while following < len(words) and words[following].text.startswith("-"):
            option = words[following].text
            following += 2 if option in options else 1
            if option == "--":
                break
        if name == "timeout" or (name == "taskset" and words[at + 1 : at + 2] and words[at + 1].text != "-c"):
            following += 1
        at = following
    return tuple(words[at:])
