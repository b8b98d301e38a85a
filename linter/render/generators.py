"""What the generators of a kustomization make ConfigMaps and Secrets of: files, files of variables, literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, partial

from linter.formats.node import Node
from linter.formats.yamltree import parse_documents
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_KINDS = ("configMapGenerator", "secretGenerator")
_NAME = lazy_regex(r"^[ \t-]*name:[ \t]*[\"']?([\w.-]+)", re.MULTILINE)
_VARIABLE = lazy_regex(r"^[ \t]*(?:export[ \t]+)?([\w.-]{1,300})[ \t]*=[^\n]*", re.MULTILINE)
_MOST = 10_000  # keys of a kustomization
_MOST_ALIKE = 200  # generators that have the same key

Read = Callable[[str], SourceText | None]  # a file, by its path from the kustomization
_Place = tuple[SourceText, Span]


class Generators:
    """The generators of one kustomization. `read` reads the files that it names."""

    def __init__(self, kustomization: SourceText, read: Read) -> None:
        self.text = kustomization
        self.read = read

    def place(self, name: str, key: str) -> _Place:
        """Where the value under a key of an object that was made comes from; else where its name is.

        Kustomize adds a suffix to the names of generators, and other kustomizations may add a prefix: what another
        generator has under that key comes after what the one of the longest name has.
        """
        found = [entry for entry in self._keys.get(key, ()) if entry[0] and entry[0] in name]
        best = (
            max(found, key=lambda entry: len(entry[0]))
            if found
            else next(iter(self._keys.get(key, ())), None)
        )
        place = best[1]() if best is not None else None
        return place or (self.text, self._named(name))

    def _named(self, name: str) -> Span:
        """Where the kustomization has the longest name that the one of an object begins with."""
        names = self._names
        return next((names[name[:end]] for end in range(len(name), 0, -1) if name[:end] in names), Span(0, 0))

    @cached_property
    def _names(self) -> dict[str, Span]:
        found = reversed(list(_NAME.finditer(self.text.text)))
        return {match[1]: Span(*match.span(1)) for match in found}

    @cached_property
    def _keys(self) -> dict[str, list[tuple[str, Callable[[], _Place | None]]]]:
        """By key: the name of the generator, and what finds the place."""
        result: dict[str, list[tuple[str, Callable[[], _Place | None]]]] = {}
        for number, (name, key, place) in enumerate(self._listed()):
            alike = result.setdefault(key, []) if number < _MOST else []
            if len(alike) < _MOST_ALIKE:
                alike.append((name, place))
        return result

    def _listed(self) -> Iterator[tuple[str, str, Callable[[], _Place | None]]]:
        for document in parse_documents(self.text).documents:
            for kind in _KINDS:
                generators = document.get(kind)
                for generator in generators.elements() if generators is not None else ():
                    name = _text(generator.get("name"))
                    for item in _elements(generator, "files"):
                        key, _, path = _text(item).rpartition("=")
                        yield name, key or path.rpartition("/")[2], partial(self._file, path)
                    for item in _elements(generator, "literals"):
                        yield name, _text(item).partition("=")[0], partial(_at, self.text, item.span)
                    for path in [*map(_text, _elements(generator, "envs")), _text(generator.get("env"))]:
                        yield from self._variables(name, path)

    def _file(self, path: str) -> _Place | None:
        text = self.read(path)
        return (text, Span(0, 0)) if text is not None else None

    def _variables(self, name: str, path: str) -> Iterator[tuple[str, str, Callable[[], _Place | None]]]:
        text = self.read(path) if path else None
        if text is None:
            return
        for match in _VARIABLE.finditer(text.text):
            yield name, match[1], partial(_at, text, Span(*match.span()))


def _at(text: SourceText, span: Span) -> _Place:
    return text, span


def _elements(node: Node, key: str) -> list[Node]:
    child = node.get(key)
    return list(child.elements()) if child is not None else []


def _text(node: Node | None) -> str:
    words = node.string() if node is not None else ""
    return words if isinstance(words, str) else ""
