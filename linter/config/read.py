"""A configuration file's text -> plain values, and the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linter.errors import UsageError
from linter.text import decode

Path = tuple[str | int, ...]
Places = Mapping[Path, tuple[int, int]]  # 1-based line and column; of the key for mapping entries

MAX_BYTES = 1_000_000
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")}
_MAX_VALUES = 50_000  # aliases can make a small file stand for a huge one


@dataclass(frozen=True, slots=True)
class Layer:
    """One configuration file or preset, as written."""

    name: str  # as shown: path relative to the root, or the preset's name
    base: str  # absolute directory that its patterns start from
    folder: str  # absolute directory that its file names start from
    values: Mapping[str, Any]
    places: Places
    preset: bool = False


def complain(name: str, place: tuple[int, int] | None, message: str, hint: str | None = None) -> UsageError:
    """An error that points into a configuration file."""
    where = f"{name}:{place[0]}:{place[1]}" if place else name
    return UsageError(f"{where}: {message}", hint)


def parse(name: str, data: bytes) -> tuple[dict[str, Any], Places] | None:
    """The values of a YAML file, or of `[tool.tarecheck]` in a TOML file (None when it has no such table)."""
    if len(data) > MAX_BYTES:
        raise complain(name, None, "a configuration of more than 1 MB is refused")
    if name.endswith(".toml"):
        return _parse_toml(name, data)
    text = decode(name, data).text
    return _parse_yaml(name, text)


def _parse_yaml(name: str, text: str) -> tuple[dict[str, Any], Places]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
    except RecursionError:
        raise complain(name, None, "the configuration is too deeply nested") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark else None
        raise complain(name, place, f"not valid YAML: {getattr(error, 'problem', None) or error}") from None
    finally:
        loader.dispose()
    reader = _YamlReader(name, loader)
    values = {} if node is None else reader.value(node, ())
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise complain(name, (1, 1), "a configuration is a mapping of keys to values")
    return values, reader.places


class _YamlReader:
    """Builds plain values from composed nodes and notes where they stand."""

    def __init__(self, name: str, loader: Any) -> None:
        self.name = name
        self.loader = loader
        self.places: dict[Path, tuple[int, int]] = {}
        self.count = 0

    def value(self, node: Any, path: Path) -> Any:
        self.places.setdefault(path, _place(node))
        self.count += 1
        if self.count > _MAX_VALUES or len(path) > 50:
            raise complain(self.name, _place(node), "the configuration is too large or too deeply nested")
        if node.id == "mapping":
            return self.mapping(node, path)
        if node.id == "sequence":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value  # dates are read as they were written
        if node.tag not in _PLAIN_TAGS:
            raise complain(self.name, _place(node), f"the tag {node.tag} means nothing here")
        try:
            return self.loader.construct_object(node)
        except ValueError as error:
            raise complain(self.name, _place(node), str(error)) from None

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key_node.id != "scalar":
                raise complain(self.name, _place(key_node), "a key must be text")
            if key in result:
                raise complain(self.name, _place(key_node), f"the key '{key}' is given twice")
            self.places[(*path, key)] = _place(key_node)
            result[key] = self.value(value_node, (*path, key))
        return result


def _place(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


_TABLE = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"^(\s*)([A-Za-z0-9_.\"'-]+)\s*=")


def _parse_toml(name: str, data: bytes) -> tuple[dict[str, Any], Places] | None:
    if b"tarecheck" not in data:
        return None
    import tomllib

    text = decode(name, data).text
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise complain(name, None, "the configuration is too deeply nested") from None
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
    return _dates_as_text(values), _toml_places(text)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _toml_places(text: str) -> Places:
    """Places of tables and of keys that begin a line. The TOML reader of the standard library gives none."""
    places: dict[Path, tuple[int, int]] = {}
    table: Path = ()
    arrays: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _TABLE.match(line)
        if header:
            table = _toml_path(header[1])
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
