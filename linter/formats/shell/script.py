"""What a shell text does: its commands in order, and what flows between them."""

from __future__ import annotations

from linter.formats.shell.command import Assignment, Command
from linter.frozen import dataclass, field
from linter.text import Span


@dataclass(slots=True)
class Script:
    """What a shell text does, in order."""

    commands: list[Command] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)  # on their own or exported
    broken: bool = False  # the grammar found errors; the commands are those around them
    cut: bool = (
        False  # not all of it was looked at: it has too many commands, or scripts too deep within others
    )
    pipelines: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Pipe:
    """The commands of each segment of a pipeline."""

    segments: list[list[Command]]

    def link(self) -> None:
        for left, right in zip(self.segments, self.segments[1:], strict=False):
            if not left or not right:
                continue
            for command in left:
                command.downstream = command.downstream or right[0]
            for command in right:
                command.upstream = command.upstream or left[-1]
