"""Models and data sets that commands fetch from hubs, and at which revision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.clones import clones
from linter.formats.shell.command import Command, known
from linter.formats.shell.downloads import downloads
from linter.formats.shell.text import MappedText
from linter.formats.shell.urls import HUB_FILE
from linter.patterns import lazy_regex
from linter.text import Span

_FULL_COMMIT = lazy_regex(r"[0-9a-f]{40}")


_PYTHON_FETCH = lazy_regex(
    r"(snapshot_download|hf_hub_download|(?<!\w)[A-Z]\w+\.from_pretrained|load_dataset"
    r"|SentenceTransformer|cached_download"
    r"|pipeline)\s*\("
)


_PYTHON_REVISION = lazy_regex(r"\brevision\s*=\s*(?:f?[\"']([^\"']*)[\"']|([\w.\[\]()\"' ]+))")


class ModelFetch(Model):
    """A model or data set that is fetched from a hub while the image is built."""

    hub: str = field("", "huggingface, ollama, ngc, modelscope, kaggle, torch")
    name: str = field("", "the model")
    revision: str | None = field(None, "revision that is asked for; null without")
    local_dir: str | None = field(None, "directory that it is written to, when said")

    def __init__(
        self,
        command: Command | None,
        span: Span,
        hub: str,
        name: str,
        revision: str | None,
        local_dir: str | None = None,
    ) -> None:
        self.command = command
        self.span = span
        self.hub = hub
        self.name = known(name)
        self.revision = None if revision is None else known(revision)
        self.local_dir = None if local_dir is None else known(local_dir)

    @property
    def address(self) -> str:
        return self.command.address if self.command is not None else ""

    @property
    def type_key(self) -> str:
        return self.hub

    @fact
    def pinned(self) -> bool:
        """Whether the revision is a commit or digest that can't move."""
        if self.revision is None:
            return False
        if is_unknown(self.revision):
            return UNKNOWN
        if self.hub in ("ngc", "kaggle"):
            return True
        return _FULL_COMMIT.fullmatch(self.revision) is not None or self.revision.startswith("sha256:")

    def place(self) -> Place:
        return Place(self.span)

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def model_fetches(commands: Sequence[Command], script: MappedText | None = None) -> list[ModelFetch]:
    """What is fetched from model hubs, by their programs, by URL, by clone or by Python."""
    result: list[ModelFetch] = []
    for command in commands:
        result.extend(_by_program(command))
    for download in downloads(commands):
        found = HUB_FILE.match(download.content)
        if found:
            result.append(
                ModelFetch(
                    download.command, download.place().span, "huggingface", found.group(1), found.group(2)
                )
            )
    for clone in clones(commands):
        if clone.model_hub:
            ref = UNKNOWN if is_unknown(clone.ref) else clone.ref
            fetch = ModelFetch(clone.command, clone.place().span, "huggingface", clone.content, None)
            fetch.revision = ref
            result.append(fetch)
    result.extend(_by_python(commands))
    _ = script
    return result


_PROGRAMS = frozenset({"huggingface-cli", "ollama", "ngc", "modelscope"})


def _by_program(command: Command) -> list[ModelFetch]:
    tool = command.type_key
    if tool not in _PROGRAMS:
        return []
    words = [token.content for token in command.operands]
    span = command.place().span
    if tool == "huggingface-cli" and words[:1] == ["download"] and len(words) > 1:
        revision = next(iter(command.flag_values("revision")), None)
        folder = next(iter(command.flag_values("local-dir")), None)
        return [ModelFetch(command, span, "huggingface", words[1], revision, folder)]
    if tool == "ollama" and words[:1] in (["pull"], ["run"]) and len(words) > 1:
        _, mark, digest = words[1].partition("@")
        return [ModelFetch(command, span, "ollama", words[1], digest if mark else None)]
    if tool == "ngc" and "download-version" in words:
        name = words[-1]
        return [ModelFetch(command, span, "ngc", name, name.partition(":")[2] or None)]
    if tool == "modelscope" and words[:1] == ["download"]:
        return [
            ModelFetch(
                command,
                span,
                "modelscope",
                "".join(words[1:2]),
                next(iter(command.flag_values("revision")), None),
            )
        ]
    return []


def _by_python(commands: Sequence[Command]) -> list[ModelFetch]:
    result = []
    for command in commands:
        if command.type_key != "python":
            continue
        place: Any = None
        for flag in command.flags:
            if flag.name == "c" and flag.value_token is not None:
                place = flag.value_token.script()
        if place is None:
            place = next((redirect.body for redirect in command.redirects if redirect.body is not None), None)
        if place is not None:
            result.extend(python_fetches(command, place))
    return result


def python_fetches(command: Command | None, code: MappedText) -> list[ModelFetch]:
    """Calls in Python text that fetch from a hub."""
    result = []
    for found in _PYTHON_FETCH.finditer(code.text):
        arguments = code.text[found.end() : _call_end(code.text, found.end())]
        first = re.match(
            r"\s*(?:(?:repo_id|model|path|model_name_or_path"
            r"|pretrained_model_name_or_path)\s*=\s*)?[\"']([^\"']+)[\"']",
            arguments,
        )
        if found.group(1) == "pipeline":
            first = re.search(r"model\s*=\s*[\"']([^\"']+)[\"']", arguments)
        if first is None or first.group(1).startswith((".", "/")) or "local_files_only=True" in arguments:
            continue
        revision = _PYTHON_REVISION.search(arguments)
        given = None if revision is None else revision.group(1) if revision.group(1) is not None else HOLE
        result.append(
            ModelFetch(
                command,
                code.span(found.start(), found.end() + len(first.group())),
                "huggingface",
                first.group(1),
                given,
            )
        )
    return result


def _call_end(text: str, at: int) -> int:
    depth = 1
    for index in range(at, min(len(text), at + 2000)):
        if text[index] == "(":
            depth += 1
        elif text[index] == ")":
            depth -= 1
            if depth == 0:
                return index
    return min(len(text), at + 2000)
