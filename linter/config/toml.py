"""`[tool.tarecheck]` of a TOML file, with places: the standard library's reader gives none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from linter.config.layer import Path, Places, complain
from linter.patterns import lazy_regex
from linter.text import decode

_TABLE = lazy_regex(r"^\s*\[\[?([^\]]+)\]")
MAX_DEPTH = 50  # of tables in tables
_TOO_DEEP = "the configuration is too deeply nested"
# a key of so many parts: the standard library's reader takes time and memory by the square of their number
_LONG_KEY = lazy_regex(
    rf"(?<![\w\"'-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}"
)
_KEY = lazy_regex(r"^(\s*)([A-Za-z0-9_.\"'-]+)\s*=")


def parse_toml(name: str, data: bytes) -> tuple[dict[str, Any], Places] | None:
    """The values of the table and their places; None when the file has no such table."""
    decoded = decode(name, data)
    text = decoded.text
    long_key = _LONG_KEY.search(text)
    if long_key is not None:
        at = decoded.position(long_key.start())
        raise complain(name, (at.line, at.column), _TOO_DEEP)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise complain(name, None, _TOO_DEEP) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = (int(found[1]), int(found[2])) if found else None
        raise complain(name, place, f"not valid TOML: {str(error).partition(' (at')[0]}") from None
    tool = document.get("tool")
    values = tool.get("tarecheck") if isinstance(tool, dict) else None
    if values is None:
        return None
    if not isinstance(values, dict):
        raise complain(name, None, "[tool.tarecheck] must be a table")
    if _is_deep(values):
        raise complain(name, None, _TOO_DEEP)
    return _dates_as_text(values), _toml_places(text)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for item in level
            if isinstance(item, (dict, list))
            for part in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _toml_places(text: str) -> Places:
    """Places of tables and of keys that begin a line."""
    places: dict[Path, tuple[int, int]] = {}
    table: Path = ()
    arrays: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _TABLE.match(line)
        if header:
            table = _toml_path(header[1].strip())
            if line.lstrip().startswith("[["):
                arrays[table] = arrays.get(table, -1) + 1
            table = _with_indexes(table, arrays)
            places.setdefault(table, (number, line.index("[") + 1))
            continue
        found = _KEY.match(line)
        if found:
            path = table
            for step in _toml_path(found[2]):
                path = (*path, step)
                places.setdefault(path, (number, len(found[1]) + 1))
    prefix = ("tool", "tarecheck")
    return {path[2:]: place for path, place in places.items() if path[:2] == prefix}


def _toml_path(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted))


def _with_indexes(table: Path, arrays: Mapping[Path, int]) -> Path:
    result: Path = ()
    plain: Path = ()
    for step in table:
        result, plain = (*result, step), (*plain, step)
        if plain in arrays:
            result = (*result, arrays[plain])
    return result
