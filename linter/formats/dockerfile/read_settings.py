"""Instructions that set how the steps after them and the container run."""

from __future__ import annotations

import posixpath
import re

from linter.cel import UNKNOWN
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.dockerfile.instructions import Port, User, Workdir
from linter.formats.dockerfile.reader import Reader
from linter.formats.dockerfile.run import Launch
from linter.formats.dockerfile.words import json_list
from linter.formats.image import HOLE
from linter.formats.shell.command import known
from linter.patterns import lazy_regex

_PORT = lazy_regex(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


def read_workdir(reader: Reader, one: Workdir) -> None:
    effective = reader.stage.effective
    one.path = one.target = UNKNOWN  # until it is read, which may fail
    one.first = effective.workdir is None
    path = reader.expand(one.raw.strip())
    one.path = known(path)
    target = reader.joined(path)
    one.target = known(posixpath.normpath(target)) if HOLE not in target else UNKNOWN
    one.spans["path"] = one.spans["target"] = one.value_span
    if one.onbuild:
        reader.stage.onbuild_workdir = True
    else:
        effective.workdir = one.target
        effective.workdir_instruction = one


def read_user(reader: Reader, one: User) -> None:
    value = reader.expand(one.raw.strip())
    name, mark, group = value.partition(":")
    one.name = known(name)
    one.group = known(group) if mark else None
    one.spans["name"] = one.value_span
    if not one.onbuild:
        reader.stage.effective.user = one.name if value else None
        reader.stage.effective.user_instruction = one


def read_expose(reader: Reader, one: Instruction) -> None:
    made: list[Part] = []
    for word in reader.words(one):
        value = reader.expand(word.text)
        for text in value.split() or [value]:
            port = Port(reader.document, one.located(word.start, word.end))
            port.stage = reader.stage
            _fill_port(port, text)
            made.append(port)
    one.__dict__["parts"] = made


def read_shell(reader: Reader, one: Instruction) -> None:
    items = json_list(one.line.joined.text, one.value_at)
    if items is None:
        reader.problem(one, "SHELL takes a JSON list.")
    elif not one.onbuild:
        reader.stage.effective.shell = [value for value, _, _ in items]


def read_start(reader: Reader, one: Launch) -> None:
    text = one.line.joined.text
    effective = reader.stage.effective
    if one.keyword == "HEALTHCHECK":
        words = reader.words(one)
        head = words[0].text.upper() if words else ""
        one.none = head == "NONE"
        if head == "CMD":
            one.value_at = words[0].end
        elif not one.none:
            reader.problem(one, "HEALTHCHECK takes CMD or NONE.")
    one.variables_at = reader.stage.scope.snapshot()
    one.json = json_list(text, one.value_at) is not None
    one.shell_set = bool(effective.shell)
    if one.onbuild:
        return
    before = {"CMD": effective.cmd, "ENTRYPOINT": effective.entrypoint}.get(
        one.keyword, effective.healthcheck
    )
    if before is not None and before.stage is reader.stage:
        before.last = False
    if one.keyword == "CMD":
        effective.cmd = one
    elif one.keyword == "ENTRYPOINT":
        effective.entrypoint = one
        if effective.cmd is not None and effective.cmd.stage is not reader.stage:
            effective.cmd = None  # a new ENTRYPOINT clears the CMD that came with the base
    else:
        effective.healthcheck = one


def read_general(reader: Reader, one: Instruction) -> None:
    reader.items(one)


def _fill_port(port: Port, text: str) -> None:
    port.text = known(text)
    number, mark, protocol = text.partition("/")
    port.protocol = known(protocol) if mark else "tcp"
    port.mapped = ":" in number
    found = _PORT.fullmatch(number.rpartition(":")[2])
    if HOLE in number:
        port.first = port.last = UNKNOWN
    elif found is not None:
        port.first = int(found.group(1))
        port.last = int(found.group(2) or found.group(1))
    else:
        port.first = port.last = UNKNOWN
