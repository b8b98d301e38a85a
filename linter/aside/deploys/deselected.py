"""Charts that their own file keeps from an ApplicationSet: `enabled: "false"` in `apps/search/app.yaml`, of which
the set takes those alone whose file says `enabled: "true"`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from linter.aside.deploys.holes import documents, is_hole
from linter.aside.deploys.plain import as_dict, as_list, at
from linter.aside.leads.namings import Namings
from linter.frozen import dataclass
from linter.givenfiles import start_of

DESELECTED = "in applications that their own file switches off"
_MANY = 200_000  # bytes of a file that are looked at


@dataclass(frozen=True, slots=True)
class _Generator:
    """What takes files of the tree that fit a glob; `selector`: only those, empty for all."""

    source: str
    glob: re.Pattern[str]
    selector: tuple[tuple[str, str, tuple[str, ...]], ...]  # key, operator, values


def is_deselected(path: str, namings: Namings) -> bool:
    """Whether a file below the root is in the folder of such an application, to which nothing else leads."""
    generators = namings.once(_generators)
    if not any(generator.selector for generator in generators):
        return False
    parts = path.split("/")[:-1]
    return any(_is_off("/".join(parts[:depth]), namings, generators) for depth in range(len(parts), 0, -1))


def _is_off(folder: str, namings: Namings, generators: list[_Generator]) -> bool:
    taken = [
        (generator, text.path)
        for text in namings.texts
        if text.folder == folder
        for generator in generators
        if generator.glob.fullmatch(text.path)
    ]
    if not taken or any(_takes(generator, namings.root, path) for generator, path in taken):
        return False
    named_by = namings.namers(folder, by_path=True)
    return named_by is not None and {generator.source for generator, _ in taken}.issuperset(named_by)


def _takes(generator: _Generator, root: str, path: str) -> bool:
    """Whether a generator makes an application of a file, or may."""
    read = documents(start_of(os.path.join(root, path), _MANY).decode("utf-8", "replace")) or [None]
    items = [item for document in read for item in (document if isinstance(document, list) else [document])]
    return any(not isinstance(item, dict) or _fits(generator, item) for item in items)


def _fits(generator: _Generator, item: dict[str, Any]) -> bool:
    for key, operator, values in generator.selector:
        said = item.get(key)
        known = isinstance(said, str | bool | int) and not is_hole(said)
        word = str(said).lower() if isinstance(said, bool) else str(said)
        if known and (word in values) is (operator == "NotIn"):
            return False
    return True


def _generators(namings: Namings) -> list[_Generator]:
    """All that take files of the tree."""
    return [
        generator
        for text in namings.texts
        if text.yaml and "kind: ApplicationSet" in text.text
        for document in documents(text.text, branches=True) or ()
        for generator in _of(text.path, at(document, "spec", "generators"))
    ]


def _of(source: str, generators: Any) -> Iterator[_Generator]:
    for generator in as_list(generators):
        for item in as_list(at(generator, "git", "files")):
            glob = str(at(item, "path"))
            pattern = re.escape(glob).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            yield _Generator(source, re.compile(pattern), tuple(_selector(at(generator, "selector"))))


def _selector(selector: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for key, value in as_dict(at(selector, "matchLabels")).items():
        yield str(key), "In", (str(value),)
    for item in as_list(at(selector, "matchExpressions")):
        operator, values = at(item, "operator"), at(item, "values")
        if operator in ("In", "NotIn") and isinstance(values, list):
            yield str(at(item, "key")), str(operator), tuple(map(str, values))
