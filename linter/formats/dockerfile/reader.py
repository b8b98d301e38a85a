"""What has been read of a Dockerfile so far, and how the text of an instruction is taken apart."""

from __future__ import annotations

import posixpath

from linter.formats.dockerfile.expand import expand
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.dockerfile.lines import Line
from linter.formats.dockerfile.model import Dockerfile, Stage
from linter.formats.dockerfile.scope import PLATFORM_ARGS, Scope
from linter.formats.dockerfile.words import Word, json_list, split_words
from linter.formats.document import Document, Problem
from linter.formats.image import HOLE, is_unknown
from linter.formats.scalars import whole
from linter.text import Span

_MAX_PATH = 4096  # characters; no system opens a longer one, and relative WORKDIRs would add up without end


class Reader:
    """The file, the stage that is open and the variables that hold."""

    def __init__(self, document: Document, file: Dockerfile) -> None:
        self.document = document
        self.file = file
        self.escape = file.escape
        self.stage = file.head
        self.globals = Scope()
        for name in PLATFORM_ARGS:
            self.globals.set_arg(name, HOLE)
        file.head.scope = self.globals
        self.counts: dict[str, int] = {}
        self.run_count = 0  # of the open stage
        self.lost = False  # the line before was no instruction
        self.names: dict[str, Stage] = {}  # earlier stages by name; the last of a name counts

    def problem(self, one: Instruction, message: str) -> None:
        self.document.problems.append(Problem(message, one.span.start, one.span.end))

    def open_stage(self, line: Line) -> None:
        self.stage = Stage(self.document, len(self.file.stages), line.joined.span(0, len(line.joined.text)))
        self.counts = {}
        self.run_count = 0
        if self.file.stages and self.file.stages[-1].name is not None:
            self.names[self.file.stages[-1].name.lower()] = self.file.stages[-1]
        self.file.stages.append(self.stage)

    def words(self, one: Instruction) -> list[Word]:
        text = one.line.joined.text
        return split_words(text, one.value_at, len(text), self.escape)

    def expand(self, text: str) -> str:
        return expand(text, self.stage.scope.get, self.escape)

    def items(self, one: Instruction) -> list[tuple[str, str, Span]]:
        """Words as (value, as written, place); of a JSON list, its strings."""
        text = one.line.joined.text
        items = json_list(text, one.value_at)
        if items is not None:
            one.json = True
            return [(self.expand(value), value, one.located(start, end)) for value, start, end in items]
        return [
            (self.expand(word.text), word.text, one.located(word.start, word.end)) for word in self.words(one)
        ]

    def pairs(self, one: Instruction) -> list[tuple[str, str | None, Word, bool]]:
        """`name=value` pairs: (name, value as written, place, legacy form)."""
        words = self.words(one)
        text = one.line.joined.text
        if not words:
            self.problem(one, f"{one.keyword} has no argument.")
            return []
        if one.keyword != "ARG" and "=" not in words[0].text:
            if len(words) < 2:
                self.problem(one, f"{one.keyword} needs a name and a value.")
                return []
            end = len(text.rstrip())
            whole = Word(text[words[0].start : end], words[0].start, end)
            return [(words[0].text, text[words[1].start : end], whole, True)]
        result: list[tuple[str, str | None, Word, bool]] = []
        for word in words:
            name, mark, value = word.text.partition("=")
            if not mark and one.keyword != "ARG":
                self.problem(one, f"{one.keyword} has a word without '=': '{word.text[:40]}'.")
                continue
            result.append((name, value if mark else None, word, False))
        return result

    def stage_named(self, name: str) -> Stage | None:
        return self.names.get(name.lower())

    def need(self, name: str) -> str:
        """Record that the stage uses another, and say what `--from=name` is."""
        stage = self.stage
        found = self.stage_named(name)
        if found is not None:
            stage.needs.add(found.index)
            return "stage"
        if stage.name is not None and stage.name.lower() == name.lower():
            return "self"
        number = whole(name)
        if number is not None:
            if number < stage.index:
                stage.needs.add(number)
                return "index"
            return "self" if number == stage.index else "later"
        return "image" if any(mark in name for mark in ":/@.") else "unknown"

    def joined(self, path: str) -> str:
        base = self.stage.effective.workdir
        if path.startswith("/") or HOLE in path[:1]:
            return path
        joined = posixpath.join("/" if base is None else HOLE if is_unknown(base) else base, path)
        return joined if len(joined) <= _MAX_PATH else HOLE
