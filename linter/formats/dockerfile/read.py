"""From lines to the model: every instruction understood in its order, variables carried along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from linter.errors import UnreadableError
from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.expand import ExpansionError
from linter.formats.dockerfile.froms import From
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.dockerfile.instructions import User, Workdir
from linter.formats.dockerfile.lines import Line, split
from linter.formats.dockerfile.model import Dockerfile
from linter.formats.dockerfile.read_settings import (
    read_expose,
    read_general,
    read_shell,
    read_start,
    read_user,
    read_workdir,
)
from linter.formats.dockerfile.read_stages import read_arg, read_env, read_from, read_label
from linter.formats.dockerfile.read_steps import read_copy, read_run
from linter.formats.dockerfile.reader import Reader
from linter.formats.dockerfile.run import Launch, Run
from linter.formats.dockerfile.words import take_flags
from linter.formats.document import Document, Problem
from linter.formats.image import HOLE
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

KEYWORDS = frozenset(
    {
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
    }
    | {"SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
# `${LABELS}`, which a script fills in before it is built: no instruction begins so
_FILLED_IN = lazy_regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}|%%[A-Za-z_]+%%|@[A-Za-z_]+@")
_BESIDE = (".dockerignore", "main.py", "package.json")
_EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})


def read(text: SourceText) -> Document:
    """Read a Dockerfile. UnreadableError when there is no instruction in it at all."""
    if text.path.endswith(_BESIDE):  # a rule's example may hold them; scans never read them as a Dockerfile
        return _empty(text)
    lines = split(text.text)
    if not any(line.keyword in KEYWORDS for line in lines.instructions):
        raise UnreadableError("No Dockerfile instruction found.")
    document = Document(text, "dockerfile", problems=list(lines.problems))
    reader = Reader(document, Dockerfile(document, lines))
    for line in lines.instructions:
        _take(reader, line)
    _finish(reader)
    document.root = reader.file
    return document


def _empty(text: SourceText) -> Document:
    document = Document(text, "dockerfile")
    document.root = Dockerfile(document, split(""))
    return document


def _take(reader: Reader, line: Line) -> None:
    """One instruction: its model, and its effect on what follows."""
    keyword = line.keyword
    if keyword not in KEYWORDS:
        if reader.lost:  # one problem for a block of lines that are something else
            return
        reader.lost = True
        written = line.joined.text.strip(f" \t{HOLE}")
        if line.after_template or not written or _FILLED_IN.fullmatch(written):
            return  # what a template makes of it is not known
        span = line.joined.span(0, len(line.joined.text))
        reader.document.problems.append(
            Problem(f"Unknown instruction '{keyword[:40]}'.", span.start, span.end)
        )
        return
    reader.lost = False
    _build(reader, line, keyword, line.value_at, onbuild=False)


def _build(reader: Reader, line: Line, keyword: str, value_at: int, *, onbuild: bool) -> Instruction | None:
    if keyword == "FROM" and not onbuild:
        reader.open_stage(line)
    model = _MODELS.get(keyword, Instruction)
    one = model(reader.document, line, reader.stage, keyword, value_at)
    one.onbuild = onbuild
    key = f"{'ONBUILD ' if onbuild else ''}{keyword}"
    reader.counts[key] = reader.counts.get(key, 0) + 1
    one.ordinal = reader.counts[key]
    reader.stage.all.append(one)
    text = line.joined.text
    if keyword in ("ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"):
        flags, rest = take_flags(text, value_at, reader.escape)
        for word in flags:
            name, _, written = word.text[2:].partition("=")
            one.flags[name] = written.strip("\"'")
            one.spans[f"flag:{name}"] = one.located(word.start, word.end)
        one.__dict__["flag_words"] = flags
        one.value_at = rest
    if keyword in _EXPANDED and "$" in text:
        one.undefined = reader.stage.scope.surely_undefined(one.raw)
    try:
        handler = _HANDLERS.get(keyword)
        if keyword == "ONBUILD":
            _onbuild(reader, one)
        elif handler is not None:
            handler(reader, one)
    except ExpansionError as error:
        reader.problem(one, f"In {keyword} {error}.")
    return one


def _onbuild(reader: Reader, one: Instruction) -> None:
    text = one.line.joined.text
    words = reader.words(one)
    if not words:
        reader.problem(one, "ONBUILD has no instruction.")
        return
    keyword = words[0].text.upper()
    one.__dict__["trigger_keyword"] = keyword
    if keyword not in KEYWORDS:
        reader.problem(one, f"Unknown instruction '{keyword[:40]}'.")
    elif keyword not in ("FROM", "ONBUILD", "MAINTAINER"):
        at = words[0].end
        while at < len(text) and text[at] in " \t":
            at += 1
        _build(reader, one.line, keyword, at, onbuild=True)


def _finish(reader: Reader) -> None:
    """What is only known at the end: the final stage, what it needs, variables that nothing declares."""
    stages = reader.file.stages
    if not stages:
        span = reader.file.head.all[0].span if reader.file.head.all else Span(0, 0)
        reader.document.problems.append(Problem("No FROM: the file builds nothing.", span.start, span.end))
        head = reader.file.head  # a fragment that others include: judged as if it were the image
        head.final = head.shipped = head.reachable = True
        return
    stages[-1].final = True
    for stage in stages[-1].chain:
        stage.shipped = True
    pending = [stages[-1].index]
    while pending:
        stage = stages[pending.pop()]
        if not stage.reachable:
            stage.reachable = True
            pending.extend(stage.needs)
            if stage.parent is not None:
                pending.append(stage.parent.index)


_MODELS: Mapping[str, type[Any]] = {
    "FROM": From,
    "RUN": Run,
    "COPY": Copy,
    "ADD": Copy,
    "USER": User,
    "WORKDIR": Workdir,
    "CMD": Launch,
    "ENTRYPOINT": Launch,
    "HEALTHCHECK": Launch,
}
_HANDLERS: Mapping[str, Callable[[Reader, Any], None]] = {
    "FROM": read_from,
    "RUN": read_run,
    "COPY": read_copy,
    "ADD": read_copy,
    "ARG": read_arg,
    "ENV": read_env,
    "LABEL": read_label,
    "USER": read_user,
    "WORKDIR": read_workdir,
    "EXPOSE": read_expose,
    "SHELL": read_shell,
    "CMD": read_start,
    "ENTRYPOINT": read_start,
    "HEALTHCHECK": read_start,
    "STOPSIGNAL": read_general,
    "VOLUME": read_general,
}
