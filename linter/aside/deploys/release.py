"""One way in which a project deploys a chart of its own, and what that sets of the chart's values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from linter.aside.deploys.holes import HOLE, documents, is_hole
from linter.frozen import dataclass
from linter.givenfiles import start_of

UNSET = object()
_MANY = 500_000  # bytes of a file of values that are looked at


@dataclass(frozen=True, slots=True)
class Release:
    """Paths are relative to the root of the project, with slashes."""

    chart: str  # its folder
    source: str  # the text that says so
    values: tuple[Any, ...] = ()  # weakest first: the path of a file, or values themselves
    whole: bool = True  # whether these are all
    listed: bool = True  # in a list of what is deployed; a command may be for any purpose
    told: bool = False  # to readers, of whom none may have done so
    changes: bool = False  # one that is there, which keeps its values but for these
    shown: bool = False  # only what it would be: nothing is installed
    parts: tuple[str, ...] = ()  # other texts that say so together with that one


@dataclass(frozen=True, slots=True)
class Layer:
    """Values that are given, and the file that they are from; empty: none of their own."""

    file: str
    values: Any

    def part(self, key: str) -> Layer:
        """The same for a chart within the chart."""
        return Layer(self.file, _within(self.values, (key,)))


class ValuesFiles:
    """Files of values below a root, each read once."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._read: dict[str, list[Any] | None] = {}

    def read(self, path: str) -> Any:
        """The values in a file; None where they can't be read."""
        if path not in self._read:
            text = start_of(os.path.join(self._root, path), _MANY).decode("utf-8", "replace")
            self._read[path] = documents(text)
        found = self._read[path]
        return found[0] if found else None

    def layers(self, values: Iterable[Any]) -> list[Layer]:
        """Values one above the other, weakest first, as far as they can be read."""
        read = (Layer(item, self.read(item)) if isinstance(item, str) else Layer("", item) for item in values)
        return [layer for layer in read if isinstance(layer.values, dict)]


def value_at(layers: Sequence[Layer], keys: Sequence[str]) -> Any:
    """What the last of some values says that says anything at some keys; UNSET where none does."""
    for layer in reversed(layers):
        found = _within(layer.values, keys)
        if found is not UNSET:
            return found
    return UNSET


def _within(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if is_hole(value):
            return HOLE
        if not isinstance(value, dict):
            return UNSET
        value = value.get(key, UNSET)
    return UNSET if value is None else value


def with_layers(own: Any, layers: Iterable[Layer], unknown: Any) -> Any:
    """A chart's own values with others above them, `unknown` in the place of what expressions write."""
    merged = own
    for layer in layers:
        if layer.values is not UNSET:
            merged = _merged(merged, layer.values, lambda value: unknown if is_hole(value) else value)
    return merged


def _merged(below: Any, above: Any, seen: Callable[[Any], Any]) -> Any:
    if not isinstance(above, dict):
        return seen(above)
    found = dict(below) if isinstance(below, dict) else {}
    for key, value in above.items():
        found[key] = _merged(found.get(key), value, seen)
    return found


def nested(settings: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What `--set a.b=c` sets."""
    found: dict[str, Any] = {}
    for name, value in settings:
        *outer, last = [part.replace("\0", ".") for part in name.replace("\\.", "\0").split(".")]
        place = found
        for key in outer:
            inner = place.get(key)
            place[key] = place = inner if isinstance(inner, dict) else {}
        place[last] = value
    return found


def below(root: str, *parts: str) -> str:
    """A path below the root; empty: it leads out of it, or to nothing."""
    path = os.path.normpath("/".join(part for part in parts if part))
    is_there = not path.startswith(("..", "/")) and os.path.exists(os.path.join(root, path))
    return path if is_there else ""


def chart_at(root: str, *parts: str) -> str:
    """The folder of a chart below the root; empty: there is none, or it is the root."""
    path = below(root, *parts)
    return path if path not in ("", ".") and os.path.isfile(os.path.join(root, path, "Chart.yaml")) else ""
