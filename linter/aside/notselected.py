"""Applications that an ApplicationSet passes over: `search/app-config.yaml` says `enabled: "false"`, and the set that
reads `apps/*/app-config.yaml` takes only those with `enabled: "true"`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from linter.aside.namings import Namings
from linter.frozen import dataclass
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.text import decode

_SET = "ApplicationSet"
_OF_SEVERAL = ("matrix", "merge")
_OPERATORS = {"In": True, "NotIn": False}


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a set reads, by the names in a glob, and which of it it takes."""

    path: str
    glob: tuple[str, ...]
    wanted: tuple[
        tuple[str, frozenset[str], bool], ...
    ]  # a key, values, and whether it has to be one of these


def is_not_selected(root: str, relative: str, namings: Namings) -> bool:
    """Whether a file below the root is in the folder of an application that each set that reads it passes over."""
    folders = relative.split(os.sep)[:-1]
    choices = _choices(namings)
    for depth in range(1, len(folders) + 1) if choices else ():
        folder = folders[:depth]
        asked = [choice for choice in choices if _reads(choice.glob[:-1], folder)]
        if asked and all(_passes_over(root, folder, choice) for choice in asked):
            return not _is_named("/".join(folder), {choice.path for choice in choices}, namings)
    return False


def _is_named(folder: str, sets: set[str], namings: Namings) -> bool:
    """Whether some other object may lead to a folder."""
    named_by = namings.namers(folder, by_path=True)
    if named_by is None or namings.is_path(folder):
        return True
    return any(name.endswith((".yaml", ".yml")) and name not in sets for name in named_by)


def _reads(glob: tuple[str, ...], folder: list[str]) -> bool:
    return len(glob) == len(folder) and all(
        part in ("*", name) for part, name in zip(glob, folder, strict=True)
    )


def _passes_over(root: str, folder: list[str], choice: _Choice) -> bool:
    given = _documents(os.path.join(root, *folder, choice.glob[-1]))
    items = [item for one in given for item in (one if isinstance(one, list) else [one])]
    return bool(items) and not any(_is_taken(item, choice) for item in items)


def _is_taken(item: Any, choice: _Choice) -> bool:
    """Whether a set takes an application; so it does where we do not know."""
    if not isinstance(item, dict):
        return True
    return all(
        key not in item or (_word(item[key]) in values) is within for key, values, within in choice.wanted
    )


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=4)
def _choices(namings: Namings) -> list[_Choice]:
    choices = [
        choice
        for text in namings.texts
        if text.yaml and _SET in text.text and ("files" in text.text or "directories" in text.text)
        for document in _parsed(text.path, text.text.encode())
        if isinstance(document, dict) and document.get("kind") == _SET
        for choice in _of(text.path, document)
    ]
    deep = any("**" in part or "{{" in part for choice in choices for part in choice.glob)
    return [] if deep else choices  # what such a set reads we do not know


def _of(source: str, document: dict[str, Any]) -> Iterator[_Choice]:
    spec = document.get("spec")
    generators = spec.get("generators") if isinstance(spec, dict) else None
    for generator in filter(_is_mapping, generators if isinstance(generators, list) else ()):
        wanted = tuple(_wanted(generator.get("selector")))
        yield from (_Choice(source, glob, wanted) for glob in _globs(generator.get("git")))
        for kind in _OF_SEVERAL:  # what these take of what they combine we do not know
            within = generator.get(kind)
            inner = within.get("generators") if isinstance(within, dict) else None
            for one in filter(_is_mapping, inner if isinstance(inner, list) else ()):
                yield from (_Choice(source, glob, ()) for glob in _globs(one.get("git")))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _globs(git: Any) -> Iterator[tuple[str, ...]]:
    """What a generator reads: files, or folders of which it takes each."""
    for key, within in (("files", ()), ("directories", (".",))):
        entries = git.get(key) if isinstance(git, dict) else None
        for entry in filter(_is_mapping, entries if isinstance(entries, list) else ()):
            if isinstance(entry.get("path"), str):
                yield *entry["path"].strip("/").split("/"), *within


def _wanted(selector: Any) -> Iterator[tuple[str, frozenset[str], bool]]:
    if not isinstance(selector, dict):
        return
    labels, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    for key, value in labels.items() if isinstance(labels, dict) else ():
        yield str(key), frozenset((_word(value),)), True
    for one in expressions if isinstance(expressions, list) else ():
        values = one.get("values") if isinstance(one, dict) else None
        if isinstance(values, list) and one.get("operator") in _OPERATORS:
            yield str(one.get("key")), frozenset(map(_word, values)), _OPERATORS[one["operator"]]


def _documents(path: str) -> list[Any]:
    try:
        return _parsed(path, read_regular(path, MAX_TEXT))
    except OSError:
        return []


def _parsed(path: str, data: bytes) -> list[Any]:
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    return [document.plain() for document in parse_documents(decode(path, data)).documents]
