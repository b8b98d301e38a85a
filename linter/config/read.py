"""A configuration file's text -> plain values, and the place of every key and value."""

from __future__ import annotations

from typing import Any

from linter.config.layer import MAX_BYTES, TOML_TABLE, Path, Places, complain
from linter.text import decode

_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")}
_MAX_VALUES = 50_000  # aliases can make a small file stand for a huge one
_MAX_DIGITS = 100  # of a number


def parse(name: str, data: bytes) -> tuple[dict[str, Any], Places] | None:
    """The values of a YAML file, or of `[tool.tarecheck]` in a TOML file (None when it has no such table)."""
    if len(data) > MAX_BYTES:
        raise complain(name, None, "a configuration of more than 1 MB is refused")
    if name.endswith(".toml"):
        if TOML_TABLE not in data:
            return None
        from linter.config.toml import parse_toml

        return parse_toml(name, data)
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
        kind = node.tag.rpartition(":")[2]
        if kind in ("int", "float") and len(node.value) > _MAX_DIGITS:
            raise complain(self.name, _place(node), f"a number of more than {_MAX_DIGITS} digits")
        try:
            return self.loader.construct_object(node)
        except (ValueError, LookupError):  # a tag that does not fit its value: `!!int x`, `!!bool maybe`
            raise complain(self.name, _place(node), f"{node.value!r} is no {kind}") from None

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
