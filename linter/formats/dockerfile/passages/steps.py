"""What steps do that deserves a look: run what they download, use a second downloader, change the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.run import Run
from linter.formats.shell.downloads import DOWNLOADERS
from linter.formats.shell.piped import pipes_to_shell, runs_download, runs_later

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage


def directory_changes(run: Run) -> list[Passage]:
    """The first command that changes the directory of a step."""
    return [
        Passage(run, command.place().span, "directory-change", command.operands[0].content)
        for command in run.commands
        if command.type_key == "cd" and command.operands
    ][:1]


def piped_scripts(run: Run) -> list[Passage]:
    """Downloads whose output is run as a script."""
    result = []
    for command in run.commands:
        tool = command.type_key
        if (tool in DOWNLOADERS and (pipes_to_shell(command) or runs_later(command, run.commands))) or (
            tool == "python" and runs_download(command)
        ):
            result.append(Passage(run, command.place().span, "pipe-to-shell", tool))
    return result


def second_downloaders(stage: Stage) -> list[Passage]:
    """Downloads by the other of wget and curl than the one that the stage has used already."""
    result = []
    seen: set[str] = set()
    for run in stage.runs:
        found = [command for command in run.commands if command.type_key in ("wget", "curl")]
        seen |= {command.type_key for command in found}
        if found and len(seen) == 2:
            result.append(Passage(run, found[0].place().span, "second-downloader", found[0].type_key))
    return result
