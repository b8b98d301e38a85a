"""From lines to the model: every instruction understood in its order, variables carried along."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.dockerfile.copies import Copy, Mount, Source
from linter.formats.dockerfile.expand import ExpansionError, expand, references
from linter.formats.dockerfile.froms import From
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.dockerfile.instructions import Label, Port, User, Workdir
from linter.formats.dockerfile.lines import Line, split
from linter.formats.dockerfile.model import Dockerfile, Stage
from linter.formats.dockerfile.run import Launch, Run
from linter.formats.dockerfile.scope import PLATFORM_ARGS, Scope
from linter.formats.dockerfile.variables import Variable
from linter.formats.dockerfile.words import Word, json_list, split_words, take_flags
from linter.formats.document import Document, Problem
from linter.formats.image import HOLE, ImageRef, is_unknown
from linter.formats.shell.command import known
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
_PORT = lazy_regex(r"(\d+)(?:-(\d+))?")
_HEREDOC = lazy_regex(r"\d*<<-?(?P<name>[\"']?[\w.+-]+[\"']?)")
_EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})


def read(text: SourceText) -> Document:
    """Read a Dockerfile. UnreadableError when there is no instruction in it at all."""
    if text.path.endswith(
        ".dockerignore"
    ):  # a rule's example may hold one; scans never read it as a Dockerfile
        return _empty(text)
    lines = split(text.text)
    if not any(line.keyword in KEYWORDS for line in lines.instructions):
        raise UnreadableError("No Dockerfile instruction found.")
    document = Document(text, "dockerfile", problems=list(lines.problems))
    reader = _Reader(document, Dockerfile(document, lines))
    for line in lines.instructions:
        reader.take(line)
    reader.finish()
    document.root = reader.file
    return document


def _empty(text: SourceText) -> Document:
    document = Document(text, "dockerfile")
    document.root = Dockerfile(document, split(""))
    return document


class _Reader:
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
        self.lost = False  # the line before was no instruction
        self.names: dict[str, Stage] = {}  # earlier stages by name; the last of a name counts

    def take(self, line: Line) -> None:
        """One instruction: its model, and its effect on what follows."""
        keyword = line.keyword
        if keyword not in KEYWORDS:
            if self.lost:  # one problem for a block of lines that are something else
                return
            self.lost = True
            span = line.joined.span(0, len(line.joined.text))
            self.document.problems.append(
                Problem(f"Unknown instruction '{keyword[:40]}'.", span.start, span.end)
            )
            return
        self.lost = False
        self._build(line, keyword, line.value_at, onbuild=False)

    def _build(self, line: Line, keyword: str, value_at: int, *, onbuild: bool) -> Instruction | None:
        if keyword == "FROM" and not onbuild:
            self._open_stage(line)
        model = _MODELS.get(keyword, Instruction)
        one = model(self.document, line, self.stage, keyword, value_at)
        one.onbuild = onbuild
        key = f"{'ONBUILD ' if onbuild else ''}{keyword}"
        self.counts[key] = self.counts.get(key, 0) + 1
        one.ordinal = self.counts[key]
        self.stage.all.append(one)
        text = line.joined.text
        if keyword in ("ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"):
            flags, rest = take_flags(text, value_at, self.escape)
            for word in flags:
                name, _, written = word.text[2:].partition("=")
                one.flags[name] = written.strip("\"'")
                one.spans[f"flag:{name}"] = one.located(word.start, word.end)
            one.__dict__["flag_words"] = flags
            one.value_at = rest
        one.spans["value"] = one.located(one.value_at, len(text))
        if keyword in _EXPANDED and "$" in text:
            one.undefined = _surely_undefined(self.stage.scope, one.raw)
        try:
            handler = _HANDLERS.get(keyword)
            if handler is not None:
                handler(self, one)
        except ExpansionError as error:
            self._problem(one, f"In {keyword} {error}.")
        return one

    def _problem(self, one: Instruction, message: str) -> None:
        self.document.problems.append(Problem(message, one.span.start, one.span.end))

    def _open_stage(self, line: Line) -> None:
        self.stage = Stage(self.document, len(self.file.stages), line.joined.span(0, len(line.joined.text)))
        self.counts = {}
        if self.file.stages and self.file.stages[-1].name is not None:
            self.names[self.file.stages[-1].name.lower()] = self.file.stages[-1]
        self.file.stages.append(self.stage)

    # words and variables

    def _words(self, one: Instruction) -> list[Word]:
        text = one.line.joined.text
        return split_words(text, one.value_at, len(text), self.escape)

    def _expand(self, text: str) -> str:
        return expand(text, self.stage.scope.get, self.escape)

    def _list(self, one: Instruction) -> list[tuple[str, str, Span]]:
        """Words as (value, as written, place); of a JSON list, its strings."""
        text = one.line.joined.text
        items = json_list(text, one.value_at)
        if items is not None:
            one.json = True
            return [(self._expand(value), value, one.located(start, end)) for value, start, end in items]
        return [
            (self._expand(word.text), word.text, one.located(word.start, word.end))
            for word in self._words(one)
        ]

    def _pairs(self, one: Instruction) -> list[tuple[str, str | None, Word, bool]]:
        """`name=value` pairs: (name, value as written, place, legacy form)."""
        words = self._words(one)
        text = one.line.joined.text
        if not words:
            self._problem(one, f"{one.keyword} has no argument.")
            return []
        if one.keyword != "ARG" and "=" not in words[0].text:
            if len(words) < 2:
                self._problem(one, f"{one.keyword} needs a name and a value.")
                return []
            end = len(text.rstrip())
            whole = Word(text[words[0].start : end], words[0].start, end)
            return [(words[0].text, text[words[1].start : end], whole, True)]
        result: list[tuple[str, str | None, Word, bool]] = []
        for word in words:
            name, mark, value = word.text.partition("=")
            if not mark and one.keyword != "ARG":
                self._problem(one, f"{one.keyword} has a word without '=': '{word.text[:40]}'.")
                continue
            result.append((name, value if mark else None, word, False))
        return result

    # instructions

    def _from(self, one: From) -> None:
        self.stage.from_ = one
        one.spans["image"] = one.spans["with_defaults"] = one.span
        one.image = one.with_defaults = ImageRef(HOLE, one, ("image",))  # until it is read, which may fail
        scope = self.globals
        words = self._words(one)
        lookup: Callable[[str], str | None] = scope.get
        platform = one.flags.get("platform")
        one.written_platform = platform
        if platform is not None:
            one.platform = known(expand(platform, lookup, self.escape))
            one.spans["platform"] = one.spans["written_platform"] = one.spans["flag:platform"]
        if not words:
            self._problem(one, "FROM has no image.")
            words = [Word("", one.value_at, one.value_at)]
        text = expand(words[0].text, lookup, self.escape)
        one.spans["image"] = one.spans["with_defaults"] = one.located(words[0].start, words[0].end)
        if len(words) == 3 and words[1].text.upper() == "AS":
            one.alias, one.written_as = words[2].text, words[1].text
            one.spans["alias"] = one.located(words[2].start, words[2].end)
            twin = self._stage_named(one.alias)
            one.twin = twin.from_ if twin is not None else None
            one.spans["written_as"] = one.located(words[1].start, words[1].end)
        elif len(words) != 1:
            self._problem(one, "FROM takes an image and, after AS, a name.")
        one.undeclared = list(dict.fromkeys(scope.undefined(words[0].text) + scope.undefined(platform or "")))
        one.image = ImageRef(text or HOLE, one, ("image",))
        default = expand(words[0].text, lambda name: scope.get(name) or "", self.escape)
        one.with_defaults = ImageRef(default, one, ("image",))
        self._start_stage(one, text)

    def _start_stage(self, one: From, text: str) -> None:
        stage = self.stage
        stage.from_ = one
        stage.name = one.alias
        one.scratch = text.lower() == "scratch"
        parent = self._stage_named(text)
        one.external = not one.scratch and parent is None
        if parent is not None:
            stage.parent = parent
            stage.bottom = parent.bottom
            stage.scope = parent.scope.child()
            stage.effective.inherit(parent.effective)
            stage.onbuild_workdir = parent.onbuild_workdir
        else:
            stage.scope = Scope(closed=one.scratch)

    def _stage_named(self, name: str) -> Stage | None:
        return self.names.get(name.lower())

    def _arg(self, one: Instruction) -> None:
        scope = self.stage.scope
        made: list[Part] = []
        for name, written, word, _ in self._pairs(one):
            name = expand(name, scope.get, self.escape)
            content = None if written is None else self._expand(written)
            if content is None and self.stage.index >= 0:
                inherited = self.globals.get(name) if self.globals.declares(name) else None
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

    def _env(self, one: Instruction) -> None:
        scope = self.stage.scope
        pairs = self._pairs(one)
        given = [expand(name, scope.get, self.escape) for name, _, _, _ in pairs]
        names = set(given)
        values: list[tuple[str, str]] = []
        made: list[Part] = []
        for name, written, word, legacy in pairs:
            name = expand(name, scope.get, self.escape)
            content = self._expand(written or "")  # all pairs of one ENV see what was set before it
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

    def _label(self, one: Instruction) -> None:
        made: list[Part] = []
        for name, written, word, legacy in self._pairs(one):
            part = Label(self.document, one.located(word.start, word.end))
            part.name = known(self._expand(name))
            part.value = known(self._expand(written or ""))
            part.legacy = legacy
            made.append(part)
        one.__dict__["parts"] = made

    def _run(self, one: Run) -> None:
        text = one.line.joined.text
        one.variables_at = self.stage.scope.snapshot()
        one.shell_words = list(self.stage.effective.shell)
        one.previous = self.stage.all[-2] if len(self.stage.all) > 1 else None
        one.json = json_list(text, one.value_at) is not None
        one.heredoc = one.plain_heredoc
        workdir = self.stage.effective.workdir
        one.workdir = workdir if isinstance(workdir, str) else None
        one.network, one.security, one.device = (
            one.flags.get(name) for name in ("network", "security", "device")
        )
        for name in ("network", "security", "device"):
            if f"flag:{name}" in one.spans:
                one.spans[name] = one.spans[f"flag:{name}"]
        one.mounts = [
            self._mount(one, word) for word in one.__dict__["flag_words"] if word.text.startswith("--mount")
        ]

    def _mount(self, one: Run, word: Word) -> Mount:
        mount = Mount(self.document, one.located(word.start, word.end))
        written = expand(word.text.partition("=")[2], self.stage.scope.get, self.escape)
        options: dict[str, str] = {}
        for option in written.split(","):
            name, mark, value = option.strip().partition("=")
            options[name.lower()] = known(value) if mark else "true"
        mount.options = options
        mount.type = options.get("type", "bind")
        target = next((options[name] for name in ("target", "dst", "destination") if name in options), "")
        if isinstance(target, str) and target and not target.startswith("/"):
            target = self._joined(target)
        mount.target, mount.id = target, options.get("id", "")
        mount.source = next((options[name] for name in ("source", "src") if name in options), "")
        mount.from_ = options.get("from")
        mount.env = options.get("env")
        if mount.type == "secret" and not mount.id:
            mount.id = posixpath.basename(mount.target) if isinstance(mount.target, str) else ""
        if mount.from_ is not None:
            mount.from_kind = self._need(mount.from_) if isinstance(mount.from_, str) else UNKNOWN
        return mount

    def _need(self, name: str) -> str:
        """Record that the stage uses another, and say what `--from=name` is."""
        stage = self.stage
        found = self._stage_named(name)
        if found is not None:
            stage.needs.add(found.index)
            return "stage"
        if stage.name is not None and stage.name.lower() == name.lower():
            return "self"
        if name.isdigit():
            number = int(name)
            if number < stage.index:
                stage.needs.add(number)
                return "index"
            return "self" if number == stage.index else "later"
        return "image" if any(mark in name for mark in ":/@.") else "unknown"

    def _copy(self, one: Copy) -> None:
        words = self._list(one)
        given = one.flags.get("from")
        if given is not None:
            one.spans["from"] = one.spans["from_"] = one.spans["flag:from"]
            resolved = self._expand(given)
            one.from_ = known(resolved)
            one.from_kind = UNKNOWN if HOLE in resolved else self._need(resolved)
        for name in ("chown", "chmod"):
            if name in one.flags:
                setattr(one, name, known(self._expand(one.flags[name])))
                one.spans[name] = one.spans[f"flag:{name}"]
        if len(words) < 2:
            self._problem(one, f"{one.keyword} needs a source and a destination.")
            return
        *sources, (destination, one.written_destination, place) = words
        heredocs = list(one.line.heredocs)
        one.sources = [self._source(one, value, written, span, heredocs) for value, written, span in sources]
        one.destination = known(destination)
        one.spans["destination"] = one.spans["target"] = place
        one.workdir_set = self.stage.effective.workdir is not None or (
            one.onbuild and self.stage.onbuild_workdir
        )
        one.target = known(self._joined(destination))

    def _source(self, one: Copy, value: str, written: str, span: Span, heredocs: list[Any]) -> Source:
        marker = _HEREDOC.fullmatch(written)
        here = heredocs.pop(0) if marker is not None and heredocs else None
        return Source(self.document, span, value, context=one.from_ is None, heredoc=here)

    def _joined(self, path: str) -> str:
        base = self.stage.effective.workdir
        if path.startswith("/") or HOLE in path[:1]:
            return path
        return posixpath.join("/" if base is None else HOLE if is_unknown(base) else base, path)

    def _workdir(self, one: Workdir) -> None:
        effective = self.stage.effective
        one.path = one.target = UNKNOWN  # until it is read, which may fail
        one.first = effective.workdir is None
        path = self._expand(one.raw.strip())
        one.path = known(path)
        target = self._joined(path)
        one.target = known(posixpath.normpath(target)) if HOLE not in target else UNKNOWN
        one.spans["path"] = one.spans["target"] = one.spans["value"]
        if one.onbuild:
            self.stage.onbuild_workdir = True
        else:
            effective.workdir = one.target
            effective.workdir_instruction = one

    def _user(self, one: User) -> None:
        value = self._expand(one.raw.strip())
        name, mark, group = value.partition(":")
        one.name = known(name)
        one.group = known(group) if mark else None
        one.spans["name"] = one.spans["value"]
        if not one.onbuild:
            self.stage.effective.user = one.name if value else None
            self.stage.effective.user_instruction = one

    def _expose(self, one: Instruction) -> None:
        made: list[Part] = []
        for word in self._words(one):
            value = self._expand(word.text)
            for text in value.split() or [value]:
                port = Port(self.document, one.located(word.start, word.end))
                port.stage = self.stage
                _fill_port(port, text)
                made.append(port)
        one.__dict__["parts"] = made

    def _shell(self, one: Instruction) -> None:
        items = json_list(one.line.joined.text, one.value_at)
        if items is None:
            self._problem(one, "SHELL takes a JSON list.")
        elif not one.onbuild:
            self.stage.effective.shell = [value for value, _, _ in items]

    def _start(self, one: Launch) -> None:
        text = one.line.joined.text
        effective = self.stage.effective
        if one.keyword == "HEALTHCHECK":
            words = self._words(one)
            head = words[0].text.upper() if words else ""
            one.none = head == "NONE"
            if head == "CMD":
                one.value_at = words[0].end
            elif not one.none:
                self._problem(one, "HEALTHCHECK takes CMD or NONE.")
        one.variables_at = self.stage.scope.snapshot()
        one.json = json_list(text, one.value_at) is not None
        one.shell_set = bool(effective.shell)
        if one.onbuild:
            return
        before = {"CMD": effective.cmd, "ENTRYPOINT": effective.entrypoint}.get(
            one.keyword, effective.healthcheck
        )
        if before is not None and before.stage is self.stage:
            before.last = False
        if one.keyword == "CMD":
            effective.cmd = one
        elif one.keyword == "ENTRYPOINT":
            effective.entrypoint = one
            if effective.cmd is not None and effective.cmd.stage is not self.stage:
                effective.cmd = None  # a new ENTRYPOINT clears the CMD that came with the base
        else:
            effective.healthcheck = one

    def _onbuild(self, one: Instruction) -> None:
        text = one.line.joined.text
        words = self._words(one)
        if not words:
            self._problem(one, "ONBUILD has no instruction.")
            return
        keyword = words[0].text.upper()
        one.__dict__["trigger_keyword"] = keyword
        if keyword not in KEYWORDS:
            self._problem(one, f"Unknown instruction '{keyword[:40]}'.")
        elif keyword not in ("FROM", "ONBUILD", "MAINTAINER"):
            at = words[0].end
            while at < len(text) and text[at] in " \t":
                at += 1
            self._build(one.line, keyword, at, onbuild=True)

    def _general(self, one: Instruction) -> None:
        self._list(one)

    def finish(self) -> None:
        """What is only known at the end: the final stage, what it needs, variables that nothing declares."""
        stages = self.file.stages
        if not stages:
            span = self.file.head.all[0].span if self.file.head.all else Span(0, 0)
            self.document.problems.append(Problem("No FROM: the file builds nothing.", span.start, span.end))
            head = self.file.head  # a fragment that others include: judged as if it were the image
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
        for stage in stages:
            stage.effective.env = {name: known(value) for name, value in stage.scope.env().items()}


def _surely_undefined(scope: Scope, text: str) -> list[str]:
    """Variables that nothing sets: on scratch all that the file does not declare, else misspelt ones."""
    names = list(dict.fromkeys(scope.undefined(text)))
    if scope.closed:
        return names
    declared = [name for name in scope.names() if len(name) > 3]
    # `X=/a:$X` appends to what the base may have set; search paths are what bases set
    own = {pair.partition("=")[0].strip("\"' ") for pair in text.split()}
    return [
        name
        for name in names
        if name not in own and not name.endswith("PATH") and any(_misspelt(name, other) for other in declared)
    ]


def _misspelt(name: str, other: str) -> bool:
    """Whether two names differ by one letter that was left out, doubled or swapped."""
    if name.upper() == other.upper():
        return True
    short, long = sorted((name, other), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short and not long[at].isdigit() for at in range(len(long)))
    if len(long) == len(short):
        differ = [at for at in range(len(long)) if long[at] != short[at]]
        return (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and long[differ[0]] == short[differ[1]]
            and (long[differ[1]] == short[differ[0]])
        )
    return False


def _names(text: str) -> list[str]:
    return [name for name, _, _, _ in references(text)]


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
_HANDLERS: Mapping[str, Callable[[_Reader, Any], None]] = {
    "FROM": _Reader._from,
    "RUN": _Reader._run,
    "COPY": _Reader._copy,
    "ADD": _Reader._copy,
    "ARG": _Reader._arg,
    "ENV": _Reader._env,
    "LABEL": _Reader._label,
    "USER": _Reader._user,
    "WORKDIR": _Reader._workdir,
    "EXPOSE": _Reader._expose,
    "SHELL": _Reader._shell,
    "CMD": _Reader._start,
    "ENTRYPOINT": _Reader._start,
    "HEALTHCHECK": _Reader._start,
    "ONBUILD": _Reader._onbuild,
    "STOPSIGNAL": _Reader._general,
    "VOLUME": _Reader._general,
}
