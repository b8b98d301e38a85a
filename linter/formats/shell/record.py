"""Commands as they are met, with all that they wrap: `sudo`, `env`, `sh -c`, what is piped into a shell."""

from __future__ import annotations

from collections.abc import Callable

from linter.formats.shell.command import Assignment, Command
from linter.formats.shell.knots import count_command, most_commands
from linter.formats.shell.script import Script
from linter.formats.shell.text import MappedText
from linter.formats.shell.unwrap import Inner, unwrap

MAX_WRAPPERS = 20


class Recorder:
    """Collects the commands of a script. `parse` reads a script within it; None where that would be too deep."""

    def __init__(self, parse: Callable[[MappedText], Script] | None) -> None:
        self.script = Script()
        self.parse = parse

    def add(self, command: Command) -> list[Command]:
        """Record a command and all that it wraps, and give what was recorded."""
        script = self.script
        before = len(script.commands)
        pending = [command]
        while pending and len(script.commands) < most_commands():
            current = pending.pop(0)
            count_command()
            script.commands.append(current)
            if len(current.wrappers) > MAX_WRAPPERS:
                script.cut = True
                continue
            for inner in unwrap(current):
                if inner.words is not None:
                    pending.append(_wrapped(current, inner))
                elif inner.script is not None:
                    self._nest(current, inner.wrappers, inner.script)
        script.cut = script.cut or bool(pending)
        return script.commands[before:]

    def feed(self, shell: Command, text: MappedText) -> None:
        """Record what a shell reads as its script."""
        self._nest(shell, (shell.type_key,), text)

    def _nest(self, outer: Command, wrappers: tuple[str, ...], text: MappedText) -> None:
        if self.parse is None:
            self.script.cut = True
            return
        script, found = self.script, self.parse(text)
        script.broken = script.broken or found.broken
        script.cut = script.cut or found.cut
        script.assignments.extend(found.assignments)
        script.pipelines.extend(found.pipelines)
        outer.inner.extend(found.commands)
        for command in found.commands:
            command.wrappers = (*outer.wrappers, *wrappers, *command.wrappers)
            command.upstream = command.upstream or outer.upstream
            command.downstream = command.downstream or outer.downstream
            command.substitutes = command.substitutes or outer.substitutes
            command.conditional = command.conditional or outer.conditional
            command.tested = command.tested or outer.tested
            script.commands.append(command)


def _wrapped(outer: Command, inner: Inner) -> Command:
    assert inner.words is not None
    command = outer.evolve_words(inner.words, inner.wrappers)
    outer.inner.append(command)
    for token in inner.assignments:
        name, _, content = token.content.partition("=")
        command.assignments = [*command.assignments, Assignment(token, name, content)]
    return command
