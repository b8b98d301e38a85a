"""Shell text to simple commands, through tree-sitter-bash.

`parse_shell` reads a script, `parse_argv` an exec-form list; both look through wrappers (`sudo`, `env`, `sh -c` …).
A text with errors still gives the commands around them. Heredocs are lifted out first: the grammar drops a bare `-`
before `<<` and mis-reads the second heredoc of a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linter.formats.shell.command import Command, Token
from linter.formats.shell.cutter import Cutter
from linter.formats.shell.heredoc import lift
from linter.formats.shell.record import Recorder
from linter.formats.shell.script import Script
from linter.formats.shell.text import MappedText, located
from linter.formats.shell.walk import Walk
from linter.formats.shell.words import Lookup
from linter.text import Span

MAX_DEPTH = 6  # of scripts within scripts


def no_variables(name: str) -> str | None:
    """A lookup that knows no variable."""
    return None


def parse_shell(
    text: MappedText | str,
    lookup: Lookup = no_variables,
    heredocs: Sequence[tuple[str, MappedText]] = (),
    owner: Any = None,
) -> list[Command]:
    """The commands of a script. `heredocs` are bodies that were already cut out, by their markers' names in order."""
    return parse_script(text, lookup, heredocs, owner).commands


def parse_script(
    text: MappedText | str,
    lookup: Lookup = no_variables,
    heredocs: Sequence[tuple[str, MappedText]] = (),
    owner: Any = None,
    depth: int = 0,
) -> Script:
    """The commands and assignments of a script."""
    mapped = located(text) if isinstance(text, str) else text
    lifted, bodies = lift(mapped, heredocs)
    cutter = Cutter(lifted, bodies, lookup)

    def within(inner: MappedText) -> Script:
        return parse_script(inner, cutter.lookup, (), owner, depth + 1)

    recorder = Recorder(within if depth < MAX_DEPTH else None)
    Walk(cutter, recorder, owner).run()
    return _finished(recorder.script)


def parse_argv(
    words: Iterable[tuple[str, Span]], lookup: Lookup = no_variables, owner: Any = None, depth: int = 0
) -> Script:
    """The command of an exec-form list, and what it wraps. No shell: `$X` in a word stays as it is."""
    tokens = [Token(None, 0, 0, content, span=span) for content, span in words]
    if not tokens:
        return Script()

    def within(inner: MappedText) -> Script:
        return parse_script(inner, lookup, (), owner, depth + 1)

    recorder = Recorder(within if depth < MAX_DEPTH else None)
    command = Command(tokens, [], [])
    command.owner = owner
    recorder.add(command)
    return _finished(recorder.script)


def _finished(script: Script) -> Script:
    """Without what was found twice: a substitution within the text of `sh -c "$(…)"` is also a word of the outer."""
    if any(command.substitutes is not None for command in script.commands):
        script.commands = _told_once(script.commands)
    for index, command in enumerate(script.commands):
        command.position = index
    return script


def _told_once(commands: Sequence[Command]) -> list[Command]:
    seen: set[tuple[int, str, int]] = set()
    kept = []
    for command in commands:
        key = (command.place().span.start, command.type_key, len(command.words))
        if command.substitutes is None or key not in seen:
            seen.add(key)
            kept.append(command)
    return kept


def variables(values: Mapping[str, str]) -> Lookup:
    """A lookup in a mapping."""
    return values.get
