"""RUN, COPY and ADD: steps that make layers."""

from __future__ import annotations

import posixpath
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.dockerfile.copies import Copy, Mount, Source
from linter.formats.dockerfile.expand import expand
from linter.formats.dockerfile.reader import Reader
from linter.formats.dockerfile.run import Run
from linter.formats.dockerfile.words import Word, json_list
from linter.formats.image import HOLE
from linter.formats.shell.command import known
from linter.patterns import lazy_regex
from linter.text import Span

_HEREDOC = lazy_regex(r"\d*<<-?(?P<name>[\"']?[\w.+-]+[\"']?)")


def read_run(reader: Reader, one: Run) -> None:
    text = one.line.joined.text
    one.variables_at = reader.stage.scope.snapshot()
    one.shell_words = list(reader.stage.effective.shell)
    one.number = reader.run_count
    one.user = reader.stage.effective.user
    reader.run_count += 1
    one.previous = reader.stage.all[-2] if len(reader.stage.all) > 1 else None
    one.json = json_list(text, one.value_at) is not None
    one.heredoc = one.plain_heredoc
    workdir = reader.stage.effective.workdir
    one.workdir = workdir if isinstance(workdir, str) else None
    one.network, one.security, one.device = (
        one.flags.get(name) for name in ("network", "security", "device")
    )
    for name in ("network", "security", "device"):
        if f"flag:{name}" in one.spans:
            one.spans[name] = one.spans[f"flag:{name}"]
    one.mounts = [
        _mount(reader, one, word) for word in one.__dict__["flag_words"] if word.text.startswith("--mount")
    ]


def _mount(reader: Reader, one: Run, word: Word) -> Mount:
    mount = Mount(reader.document, one.located(word.start, word.end))
    written = expand(word.text.partition("=")[2], reader.stage.scope.get, reader.escape)
    options: dict[str, str] = {}
    for option in written.split(","):
        name, mark, value = option.strip().partition("=")
        options[name.lower()] = known(value) if mark else "true"
    mount.options = options
    mount.type = options.get("type", "bind")
    target = next((options[name] for name in ("target", "dst", "destination") if name in options), "")
    if isinstance(target, str) and target and not target.startswith("/"):
        target = reader.joined(target)
    mount.target, mount.id = target, options.get("id", "")
    mount.source = next((options[name] for name in ("source", "src") if name in options), "")
    mount.from_ = options.get("from")
    mount.env = options.get("env")
    if mount.is_a("secret") and isinstance(mount.id, str) and not mount.id:
        mount.id = posixpath.basename(mount.target) if isinstance(mount.target, str) else ""
    if mount.from_ is not None:
        mount.from_kind = reader.need(mount.from_) if isinstance(mount.from_, str) else UNKNOWN
    return mount


def read_copy(reader: Reader, one: Copy) -> None:
    words = reader.items(one)
    given = one.flags.get("from")
    if given is not None:
        one.spans["from"] = one.spans["from_"] = one.spans["flag:from"]
        resolved = reader.expand(given)
        one.from_ = known(resolved)
        one.from_kind = UNKNOWN if HOLE in resolved else reader.need(resolved)
    for name in ("chown", "chmod"):
        if name in one.flags:
            setattr(one, name, known(reader.expand(one.flags[name])))
            one.spans[name] = one.spans[f"flag:{name}"]
    if len(words) < 2:
        reader.problem(one, f"{one.keyword} needs a source and a destination.")
        return
    *sources, (destination, one.written_destination, place) = words
    heredocs = list(one.line.heredocs)
    one.sources = [_source(reader, one, value, written, span, heredocs) for value, written, span in sources]
    one.destination = known(destination)
    one.spans["destination"] = one.spans["target"] = place
    one.workdir_set = reader.stage.effective.workdir is not None or (
        one.onbuild and reader.stage.onbuild_workdir
    )
    one.target = known(reader.joined(destination))


def _source(reader: Reader, one: Copy, value: str, written: str, span: Span, heredocs: list[Any]) -> Source:
    marker = _HEREDOC.fullmatch(written)
    here = heredocs.pop(0) if marker is not None and heredocs else None
    return Source(reader.document, span, value, context=one.from_ is None, heredoc=here)
