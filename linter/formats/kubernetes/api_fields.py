"""Fields that the API has and their types, by the table `api_fields.json` beside this module.

Of what is in no field, `kubectl apply` refuses the object; most other clients drop it without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.image import HOLE
from linter.formats.kubernetes.part import Entry
from linter.formats.node import MAP, SCALAR, SEQ, Node, Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest

MAX_SLIPS = 50  # of one object: enough to fail, and to see what sort of mistake it is

Path = tuple[Step, ...]
Slip = tuple[Path, str, str]  # where, the field's name, what is wrong with it
# maps of which every value must be a string, where people write numbers and booleans
_STRING_MAPS = frozenset(
    ("labels", "annotations", "matchLabels", "nodeSelector", "data", "stringData", "parameters")
)
_SCALARS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "integer": ((int, float), "a whole number"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
}


@cache
def _table() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """API version and kind to type; type to its fields and their types."""
    data = json.loads(FilePath(__file__).with_name("api_fields.json").read_text(encoding="utf-8"))
    return data["kinds"], data["types"]


def slips(manifest: Manifest) -> list[Entry]:
    """Fields of an object that its kind does not have, or whose values are of another sort; `MAX_SLIPS` at most."""
    kinds, _ = _table()
    kind = kinds.get(f"{manifest.apiVersion} {manifest.type_key}")
    if kind is None or manifest.node is None:
        return []
    return [
        Entry(manifest, ("body", *path), name, words)
        for path, name, words in islice(_object(manifest.node, kind, ()), MAX_SLIPS)
    ]


def _object(node: Node, kind: str, path: Path) -> Iterator[Slip]:
    _, types = _table()
    fields = types[kind]
    keys = node.keys()
    for key in keys:
        if not isinstance(key, str) or HOLE in key or key.startswith("$"):
            continue  # made by a template, or an instruction of a strategic merge patch
        child, here = node.get(key), (*path, key)
        wanted = fields.get(key)
        if wanted is None:
            yield here, key, _unknown(key, kind, fields)
        elif child is not None:
            yield from _value(child, wanted, here, key)


def _unknown(key: str, kind: str, fields: Mapping[str, str]) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    folded = {field.lower(): field for field in fields}
    near = get_close_matches(key.lower(), folded, 1, 0.8)
    return f"`{key}` is no field of {kind}" + (f"; did you mean `{folded[near[0]]}`?" if near else "")


def _value(node: Node, wanted: str, path: Path, name: str) -> Iterator[Slip]:
    if wanted == "any" or _absent(node):
        return
    if wanted.startswith("[]"):
        yield from _list(node, wanted[2:], path, name)
    elif wanted.startswith("{}"):
        yield from _map(node, wanted[2:], path, name)
    elif wanted in _SCALARS:
        types, words = _SCALARS[wanted]
        value = node.scalar() if node.kind == SCALAR else None
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            yield path, name, f"`{name}` takes {words}"
    elif wanted == "string":
        if node.kind != SCALAR:
            yield path, name, f"`{name}` takes a string"
    elif node.kind == MAP:
        yield from _object(node, wanted, path)
    else:
        yield path, name, f"`{name}` takes a mapping"


def _list(node: Node, wanted: str, path: Path, name: str) -> Iterator[Slip]:
    if node.kind != SEQ:
        yield path, name, f"`{name}` takes a list"
        return
    for index, element in enumerate(node.elements()):
        yield from _value(element, wanted, (*path, index), name)


def _map(node: Node, wanted: str, path: Path, name: str) -> Iterator[Slip]:
    if node.kind != MAP:
        yield path, name, f"`{name}` takes a mapping"
        return
    keys = node.keys()
    for key in keys:
        child = node.get(key)
        if child is None or _absent(child):
            continue
        here = (*path, key)
        if wanted == "string" and child.kind != SCALAR:
            yield here, key, f"values of `{name}` are strings"
        elif wanted == "string" and name in _STRING_MAPS and not isinstance(child.scalar(), str):
            yield here, key, f"values of `{name}` are strings: quote it"
        elif wanted != "string":
            yield from _value(child, wanted, here, key)


def _absent(node: Node) -> bool:
    """Whether a value is null or not known."""
    if node.kind != SCALAR:
        return False
    value = node.scalar()
    return value is None or value is UNKNOWN
