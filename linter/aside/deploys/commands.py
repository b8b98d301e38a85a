"""Charts of a project that its scripts, Makefiles, pipelines and documentation install by a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from linter.aside.deploys.holes import HOLE
from linter.aside.deploys.otherways import keeps
from linter.aside.deploys.release import Release, below, chart_at, nested
from linter.aside.leads.projecttexts import Text
from linter.aside.leads.variables import put_in, variables_of
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_PIPELINE = lazy_regex(r"(?:^|/)workflows/|(?<![a-z])ci(?![a-z])")
_CONTINUED = lazy_regex(r"\\\n[ \t]*")
_HELM = lazy_regex(r"(?<![\w./-])(?:helm3?|\$[({]?HELM[)}]?)[ \t]+([^\n|;&`]{0,4000})")
_DOES = frozenset(("install", "upgrade", "template"))
_WRITES = (">", "1>", "--output-dir")
_WORD = lazy_regex(r"(?:[^\s\"']|\"[^\"\n]*\"|'[^'\n]*')+")
_REST = lazy_regex(r"\$(?:\([^()\n]*\)|\{[^{}\n]*\}|\w+)|\{\{[^{}\n]*\}\}|<[\w -]+>")
_SETS = frozenset(("--set", "--set-string", "--set-json", "--set-file", "--set-literal"))
_READ = frozenset(("--set", "--set-json"))  # which do not take everything for a text
_TYPED = {"true": True, "false": False}
_FILES = frozenset(("-f", "--values"))
_ADDED = lazy_regex(
    r"(?<![\w./-])helm3?[ \t]+repo[ \t]+add[ \t]+(?:-\S+[ \t]+){0,5}([\w.-]+)[ \t]+[\"']?(https?://[^\s\"']+)"
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that installs or renders a chart."""

    text: Text
    words: tuple[str, ...]  # without quotes, known variables put in
    piped: bool = False  # into another command

    @property
    def told(self) -> bool:
        """Whether it is told to readers: in documentation, or in what that is made from (`README.md.gotmpl`)."""
        return self.text.document or ".md." in self.text.path

    @property
    def shows(self) -> bool:
        """Whether it only shows readers what a chart renders: nothing takes that, and no file keeps it."""
        written = any(word.startswith(_WRITES) for word in self.words)
        return self.told and _verb(self.words) == "template" and not self.piped and not written

    @property
    def options(self) -> Iterator[tuple[str, str]]:
        """Its options with what follows them."""
        for word, after in zip(self.words, (*self.words[1:], ""), strict=True):
            if word.startswith("-"):
                name, equals, value = word.partition("=")
                yield name, value if equals else after


def commands_in(texts: Iterable[Text]) -> list[Command]:
    """All such commands of a project; what manifests have in a container is no step of its own."""
    return [command for text in texts if _may_have(text) for command in _commands(text)]


def repositories_in(texts: Iterable[Text]) -> dict[str, str]:
    """The repositories of charts that steps add, by name."""
    ours = (text for text in texts if "repo" in text.text and not text.document)
    return {match[1]: match[2] for text in ours for match in _ADDED.finditer(text.text)}


def of_commands(root: str, commands: Iterable[Command]) -> Iterator[Release]:
    """The releases of charts in the tree."""
    for command in commands:
        chart = _chart(root, command)
        if chart:
            yield _release(root, command, chart)


def _may_have(text: Text) -> bool:
    plain = not text.yaml or _PIPELINE.search(text.path) is not None or "run:" in text.text
    return ("helm" in text.text or "HELM" in text.text) and plain


def _commands(text: Text) -> Iterator[Command]:
    joined = _CONTINUED.sub(" ", text.text)
    known: dict[str, str] | None = None
    for match in _HELM.finditer(joined):
        if not _DOES.intersection(match[1].split()[:4]):
            continue
        if known is None:
            known = variables_of(joined)
        words = _WORD.findall(put_in(match[1], known))
        piped = joined.startswith("|", match.end()) and not joined.startswith("||", match.end())
        yield Command(text, tuple(word.replace('"', "").replace("'", "") for word in words), piped)


def _verb(words: Sequence[str]) -> str:
    return next((word for word in words if word in _DOES), "")


def _chart(root: str, command: Command) -> str:
    """The chart of the tree that a command is about: from the top, beside it, or below a folder that is known later."""
    taken = {value for name, value in command.options if name in _FILES | _SETS}
    for word in command.words:
        if word.startswith("-") or word in taken or word in _DOES:
            continue
        for folder in dict.fromkeys((command.text.folder, "")):
            chart = chart_at(root, *_places(folder, word)) if "/" in word or "." in word else ""
            if chart:
                return chart
    return ""


def _places(folder: str, word: str) -> Sequence[str]:
    """A folder and a path in it: `$(pwd)/chart` is in the folder or at the top."""
    start = _REST.match(word)
    return (folder, word[start.end() :].lstrip("/") if start is not None else word)


def _release(root: str, command: Command, chart: str) -> Release:
    values: list[Any] = []
    settings: list[tuple[str, Any]] = []
    whole = not any(
        _REST.fullmatch(word) and _after(command.words, at) for at, word in enumerate(command.words)
    )
    for name, value in command.options:
        if name in _FILES:
            for word in value.split(","):
                file = _file(root, command.text.folder, chart, word)
                whole = whole and bool(file)
                values += [file] if file else []
        elif name in _SETS:
            pairs = (pair.partition("=") for pair in _pairs(value))
            typed = _TYPED if name in _READ else {}
            settings += [
                (key, HOLE if _REST.search(said) or not said else typed.get(said, said))
                for key, _, said in pairs
            ]
    values.append(nested(settings))
    changes = keeps(" ".join(command.words))
    return Release(
        chart,
        command.text.path,
        tuple(values),
        whole,
        listed=False,
        told=command.told,
        changes=changes,
        shown=command.shows,
    )


def _after(words: Sequence[str], at: int) -> bool:
    """Whether a word stands for itself, and is not what an option has."""
    return at > 0 and not words[at - 1].startswith("-") and words[at - 1] not in _DOES


def _pairs(value: str) -> list[str]:
    return [pair for pair in re.split(r"(?<!\\),", value) if "=" in pair]


def _file(root: str, folder: str, chart: str, word: str) -> str:
    for start in dict.fromkeys((folder, "", chart)):
        found = below(root, *_places(start, word)) if "." in word else ""
        if found:
            return found
    return ""
