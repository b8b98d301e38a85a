"""FROM, ARG, ENV and LABEL: stages, what they start from, and the variables that hold in them."""

from __future__ import annotations

from collections.abc import Callable

from linter.formats.dockerfile import bases
from linter.formats.dockerfile.expand import expand, references
from linter.formats.dockerfile.froms import From
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.dockerfile.instructions import Label
from linter.formats.dockerfile.reader import Reader
from linter.formats.dockerfile.scope import Scope
from linter.formats.dockerfile.variables import Variable
from linter.formats.dockerfile.words import Word
from linter.formats.image import HOLE, ImageRef
from linter.formats.shell.command import known


def read_from(reader: Reader, one: From) -> None:
    reader.stage.from_ = one
    one.spans["image"] = one.spans["with_defaults"] = one.span
    one.image = one.with_defaults = ImageRef(HOLE, one, ("image",))  # until it is read, which may fail
    scope = reader.globals
    words = reader.words(one)
    lookup: Callable[[str], str | None] = scope.get
    platform = one.flags.get("platform")
    one.written_platform = platform
    if platform is not None:
        one.platform = known(expand(platform, lookup, reader.escape))
        one.spans["platform"] = one.spans["written_platform"] = one.spans["flag:platform"]
    if not words:
        reader.problem(one, "FROM has no image.")
        words = [Word("", one.value_at, one.value_at)]
    text = expand(words[0].text, lookup, reader.escape)
    one.spans["image"] = one.spans["with_defaults"] = one.located(words[0].start, words[0].end)
    if len(words) == 3 and words[1].text.upper() == "AS":
        one.alias, one.written_as = words[2].text, words[1].text
        one.spans["alias"] = one.located(words[2].start, words[2].end)
        twin = reader.stage_named(one.alias)
        one.twin = twin.from_ if twin is not None else None
        one.spans["written_as"] = one.located(words[1].start, words[1].end)
    elif len(words) != 1:
        reader.problem(one, "FROM takes an image and, after AS, a name.")
        _start_stage(reader, one, text)
        return  # a sentence that begins with FROM names no image
    one.undeclared = list(dict.fromkeys(scope.undefined(words[0].text) + scope.undefined(platform or "")))
    one.image = ImageRef(text or HOLE, one, ("image",))
    default = expand(words[0].text, lambda name: scope.get(name) or "", reader.escape)
    one.with_defaults = ImageRef(default, one, ("image",))
    _start_stage(reader, one, text)


def _start_stage(reader: Reader, one: From, text: str) -> None:
    stage = reader.stage
    stage.from_ = one
    stage.name = one.alias
    one.scratch = text.lower() == "scratch"
    parent = reader.stage_named(text)
    one.external = not one.scratch and parent is None
    if parent is not None:
        stage.parent = parent
        stage.bottom = parent.bottom
        stage.scope = parent.scope.child()
        stage.effective.inherit(parent.effective)
        stage.onbuild_workdir = parent.onbuild_workdir
    else:
        stage.scope = Scope(closed=one.scratch)
        for name, value in bases.environment(one.image).items() if one.external else ():
            stage.scope.set_env(name, value)


def read_arg(reader: Reader, one: Instruction) -> None:
    scope = reader.stage.scope
    made: list[Part] = []
    for name, written, word, _ in reader.pairs(one):
        name = expand(name, scope.get, reader.escape)
        content = None if written is None else reader.expand(written)
        if content is None and reader.stage.index >= 0:
            inherited = reader.globals.get(name) if reader.globals.declares(name) else None
            scope.set_arg(name, inherited)
            value: str | None = inherited
        else:
            scope.set_arg(name, content)
            value = content
        part = Variable(
            one,
            one.located(word.start, word.end),
            name,
            content if content is not None else None,
            written or "",
            "ARG",
        )
        part.references = _names(written or "")
        part.__dict__["effective_value"] = value
        made.append(part)
    one.__dict__["parts"] = made


def read_env(reader: Reader, one: Instruction) -> None:
    scope = reader.stage.scope
    pairs = reader.pairs(one)
    given = [expand(name, scope.get, reader.escape) for name, _, _, _ in pairs]
    names = set(given)
    values: list[tuple[str, str]] = []
    made: list[Part] = []
    for name, written, word, legacy in pairs:
        name = expand(name, scope.get, reader.escape)
        content = reader.expand(written or "")  # all pairs of one ENV see what was set before it
        values.append((name, content))
        part = Variable(one, one.located(word.start, word.end), name, content, written or "", "ENV")
        part.legacy = legacy
        part.references = _names(written or "")
        part.self_reference = any(
            used in names and (used != name or given.count(name) > 1)
            for used in scope.undefined(written or "")
        )
        made.append(part)
    if not one.onbuild:
        for name, content in values:
            scope.set_env(name, content)
    one.__dict__["parts"] = made


def read_label(reader: Reader, one: Instruction) -> None:
    made: list[Part] = []
    for name, written, word, legacy in reader.pairs(one):
        part = Label(reader.document, one.located(word.start, word.end))
        part.name = known(reader.expand(name))
        part.value = known(reader.expand(written or ""))
        part.legacy = legacy
        made.append(part)
    one.__dict__["parts"] = made


def _names(text: str) -> list[str]:
    return [name for name, _, _, _ in references(text)]
