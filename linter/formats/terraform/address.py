"""Resource addresses taken apart by a tokenizer: keys may hold dots, brackets and quotes."""

from __future__ import annotations

import json

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_TOKEN = lazy_regex(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,18})\]|\[("(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True, slots=True)
class Address:
    """`module.a["x"].data.type.name[0]`: modules with their keys, mode, type, name and key."""

    modules: tuple[tuple[str, str | int | None], ...]
    mode: str  # managed or data
    type: str
    name: str
    key: str | int | None

    @property
    def plain(self) -> str:
        """`module.a.type.name`: without any key."""
        names = [f"module.{name}" for name, _ in self.modules]
        return ".".join([*names, *(["data"] if self.mode == "data" else []), self.type, self.name])

    @property
    def module_plain(self) -> str:
        return ".".join(f"module.{name}" for name, _ in self.modules)


def tokens(text: str) -> list[str | int | tuple[str | int]]:
    """Names as strings, keys as one-tuples. Raises ValueError for what is no address."""
    result: list[str | int | tuple[str | int]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"not an address: {text!r}")
        word, number, quoted = match.groups()
        result.append(
            word if word is not None else (int(number),) if number is not None else (json.loads(quoted),)
        )
        position = match.end()
    return result


def parse(text: str) -> Address:
    """Take an address apart. Raises ValueError for what is none."""
    items = tokens(text)
    modules: list[tuple[str, str | int | None]] = []
    index = 0

    def key() -> str | int | None:
        nonlocal index
        if index < len(items) and isinstance(items[index], tuple):
            index += 1
            return items[index - 1][0]  # type: ignore[index]
        return None

    while index + 1 < len(items) and items[index] == "module" and isinstance(items[index + 1], str):
        name = str(items[index + 1])
        index += 2
        modules.append((name, key()))
    mode = "managed"
    if index < len(items) and items[index] == "data":
        mode = "data"
        index += 1
    if index + 1 >= len(items):
        raise ValueError(f"not an address: {text!r}")
    kind, name = str(items[index]), str(items[index + 1])
    index += 2
    return Address(tuple(modules), mode, kind, name, key())


def without_keys(text: str) -> str:
    """An address or a module path without its keys; unchanged when it is none."""
    try:
        return ".".join(str(item) for item in tokens(text) if not isinstance(item, tuple))
    except ValueError:
        return text


def reference_root(text: str) -> str:
    """What a reference names: `aws_x.y.id` -> `aws_x.y`, `data.t.n.a` -> `data.t.n`, `var.x.y` -> `var.x`."""
    try:
        names = [item for item in tokens(text) if isinstance(item, str)]
    except ValueError:
        names = text.split(".")
    return ".".join(names[:3] if names[:1] == ["data"] else names[:2])
