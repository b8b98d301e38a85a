"""What layers keep or hold twice: model files, archives, changed owners."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.dockerfile.copies import Copy, Source
from linter.formats.dockerfile.passages.passage import Passage, found_in
from linter.formats.dockerfile.recopied import MOST_EARLIER, changed_places
from linter.formats.dockerfile.run import Run
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_WEIGHTS = lazy_regex(
    r"\.(?:safetensors|gguf|ggml|pt|pth|ckpt|onnx|engine|plan|h5|pkl|pickle|joblib|nemo|tflite)$|(?:^"
    r"|/)(?:pytorch_model|model|weights)[\w.-]*\.bin$",
    re.IGNORECASE,
)


_PICKLE = lazy_regex(r"\.(?:pkl|pickle|joblib|pt|pth|ckpt)$|pytorch_model[\w.-]{0,200}\.bin$", re.IGNORECASE)


_TORCH_LOAD = lazy_regex(r"torch\.load\([^\n]*weights_only\s*=\s*False")


_IMPORTS = lazy_regex(r"(?:site|dist)-packages|/lib/python|(?:user|site)customize\.pth|easy-install\.pth")


_ARCHIVE = lazy_regex(r"\.(?:tar|gz|bz2|xz|zst|zip|tgz|tbz2?|tlz|txz|tzst|Z|lz|lzma|7z)$", re.IGNORECASE)


_UNPACKERS = frozenset(
    {"tar", "unzip", "gunzip", "bunzip2", "unlzma", "unxz", "zgz", "uncompress", "zcat", "gzcat", "7z"}
)

_OF_GIT = lazy_regex(
    r"https://raw\.githubusercontent\.com/"
)  # which serves what Git keeps itself: no large files


def artefacts(stage: Stage) -> list[Passage]:
    """Model files that the layers of a stage keep."""
    result: list[Passage] = []
    for one in stage.all:
        if isinstance(one, Copy):
            result.extend(_copied_weights(one))
        elif isinstance(one, Run):
            result.extend(_fetched_weights(one))
            for passage in found_in(one, "weights", _TORCH_LOAD):
                passage.value, passage.pickle = "loaded", True
                result.append(passage)
    return result


def _copied_weights(one: Copy) -> Iterator[Passage]:
    paths = one.destination if isinstance(one.destination, str) else ""
    for source in one.sources:
        if source.content.endswith(".pth") and _IMPORTS.search(f"{source.content} {paths}"):
            continue  # Python's own: directories to import from
        if _WEIGHTS.search(source.content):
            pickle = _PICKLE.search(source.content) is not None
            yield Passage(one, source.span, "weights", source.content, "copied", pickle=pickle)


def weights_of(one: Copy) -> list[Source]:
    """Model files that a COPY or ADD takes from somewhere."""
    return [source for source in one.sources if _WEIGHTS.search(source.content)]


def _fetched_weights(one: Run) -> Iterator[Passage]:
    for download in one.downloads:
        kept = download.destination is not None and not (
            isinstance(download.target, str) and one.caches(download.target)
        )
        if download.weights and kept:
            place = download.place().span
            said = "small" if _OF_GIT.match(download.content) else "downloaded"
            yield Passage(one, place, "weights", download.content, said, pickle=download.pickle)
    for fetch in one.model_fetches:
        if isinstance(fetch.local_dir, str) and not one.caches(fetch.local_dir):
            name = fetch.name if isinstance(fetch.name, str) else "a model"
            yield Passage(one, fetch.span, "weights", name, "downloaded")


def recopies(run: Run) -> list[Passage]:
    """Recursive chown and chmod over files of earlier layers, which copies them all once more."""
    if not any(one.type_key in ("chown", "chmod") for one in run.commands):
        return []
    copied = run.stage.copied
    before = bisect_left(copied, (run.span.start, ""))
    earlier = [target for _, target in copied[max(before - MOST_EARLIER, 0) : before]]
    for command in run.commands:
        for token, path in changed_places(command, run):
            if any(target == path or target.startswith(path.rstrip("/") + "/") for target in earlier):
                return [Passage(run, command.place().span, "recopy", token.content)]  # one layer, one copy
    return []


def copied_archives(stage: Stage) -> list[Passage]:
    """Archives that COPY brings in and a later RUN unpacks."""
    result = []
    unpacking = [
        (index, command)
        for index, one in enumerate(stage.all)
        if isinstance(one, Run)
        for command in one.commands
        if command.type_key in _UNPACKERS
    ]
    for index, one in enumerate(stage.all if unpacking else ()):
        if not isinstance(one, Copy) or one.keyword != "COPY" or one.from_ is not None:
            continue
        for source in one.sources:
            names = [
                re.split(r"[/\\]", path.strip("\"'"))[-1] for path in (source.content, str(one.destination))
            ]
            names = [name for name in names if _ARCHIVE.search(name)]
            if any(
                at > index and any(name in command.line for name in names)
                for at, command in unpacking[:MOST_EARLIER]
            ):
                result.append(Passage(one, source.span, "copied-archive", names[0]))
    return result
