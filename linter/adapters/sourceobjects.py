"""The objects of a source, and which of them a rendered one was made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from linter.adapters.sourcemap import fits, identity, words_of
from linter.formats.node import MAP, SEQ, Node
from linter.patterns import lazy_regex
from linter.text import SourceText

_FORMAT = lazy_regex(r"\{\{-?\s*printf\s+\"([^\"]*)\".*?\}\}", re.DOTALL)
_EXPRESSION = lazy_regex(r"\{\{.*?\}\}|%[sdv]", re.DOTALL)
# what a condition lets a name have may be missing as a whole: `app{{ if .Values.r }}-{{ .Values.r }}{{ end }}`
_BRANCH = lazy_regex(r"\{\{-?\s*(?:if|with)\b.*?\{\{-?\s*end\s*-?\}\}", re.DOTALL)
_VARIABLE = lazy_regex(r"\{\{-?\s*(\$\w+)\s*-?\}\}")
_CAPITAL = lazy_regex(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = lazy_regex(r"[^a-z0-9]+")
_LONGEST_NAME = 300  # characters of a name that is compared; Kubernetes takes 253
_LONGEST_WRITTEN = 2_000  # characters of what a template has for a name
_MOST_ALIKE = 200  # objects that are told apart by what their names hold or by what they say


class SourceObjects:
    """The objects of one source. `text`: of a template; without one, of a file that kustomize reads."""

    def __init__(self, nodes: Sequence[Node], text: SourceText | None = None) -> None:
        self.nodes = nodes
        self.text = text
        self._by_kind: dict[str, list[Node]] = {}
        self._by_name: dict[str, list[Node]] = {}
        self._by_identity: dict[tuple[str, str], list[Node]] = {}
        for node in nodes:
            kind, name = identity(node)
            self._by_kind.setdefault(kind, []).append(node)
            self._by_name.setdefault(name, []).append(node)
            self._by_identity.setdefault((kind, name), []).append(node)
        self._around: dict[str, list[tuple[Node, tuple[str, ...] | None]]] = {}

    def counterpart(self, rendered: Node, order: int) -> Node | None:
        """The object that a rendered one was made of. `order`: its number among those of its kind.

        With the text of a template a name that holds expressions is compared by what is written around these; without
        one it may have got a prefix, or be another object's by a patch, which is then told by what they have in common.
        """
        kind, name = identity(rendered)
        if self.text is not None and kind not in self._by_kind:
            kind = ""  # `kind: {{ $kind }}`
        same = self._by_kind.get(kind, [])
        exact = self._by_identity.get((kind, name), []) if name else []
        open_named = self._by_identity.get((kind, ""), [])
        if not same and name:  # a patch may have made a Role of a ClusterRole
            same = exact = self._likest(rendered, self._by_name.get(name, []))
        if not exact and self.text is not None and name and len(open_named) <= _MOST_ALIKE:
            open_named = self._spelt(rendered, kind, name)
        chosen = exact or open_named
        if not chosen and self.text is None and name:
            return self._renamed(rendered, name, same)
        if not chosen:
            return same[0] if len(same) == 1 else None
        return chosen[min(order, len(chosen) - 1)]

    def certain(self, rendered: Node) -> Node | None:
        """The only object of its kind that a rendered one can have been made of, by their names; None: not so sure."""
        kind, name = identity(rendered)
        exact = self._by_identity.get((kind, name), []) if name else []
        fits = exact or [node for any_kind in {kind, ""} for _, node in self._fitting(any_kind, name)]
        return fits[0] if len(fits) == 1 else None

    def _likest(self, rendered: Node, nodes: list[Node]) -> list[Node]:
        """Of several objects, such as a Deployment and its account of one name, that which says most of the same."""
        if len(nodes) < 2 or len(self.nodes) > _MOST_ALIKE:
            return nodes
        words = _all_words(rendered)
        return [max(nodes, key=lambda node: len(words & self._words[id(node)]))]

    def _spelt(self, rendered: Node, kind: str, name: str) -> list[Node]:
        """Of the objects of a kind whose names hold expressions, those that have the most of a name written out.

        A condition may give an object its kind: of those the one that says the same, unless one of the kind is as near.
        """
        fits = [entry for any_kind in dict.fromkeys((kind, "")) for entry in self._fitting(any_kind, name)]
        longest = max((length for length, _ in fits), default=0)
        called = self._called([node for length, node in fits if length == longest], name)
        own = [node for node in called if identity(node)[0] == kind]
        return own or self._likest(rendered, called)

    def _called(self, nodes: list[Node], name: str) -> list[Node]:
        """Of several that expressions name as a whole, those that have the most words of a name in the expression:
        `include "app.proxy-public.fullname" .`
        """
        if len(nodes) < 2 or self.text is None:
            return nodes
        words = frozenset(_WORD.split(name))
        text = self.text.text
        liked = [len(words.intersection(_WORD.split(_name_in(node, text)))) for node in nodes]
        return [node for node, like in zip(nodes, liked, strict=True) if like == max(liked)]

    def _fitting(self, kind: str, name: str) -> list[tuple[int, Node]]:
        """The objects of a kind whose names hold expressions and may have become a name, each with how much of it is
        written out."""
        if kind not in self._around:
            nodes = self._by_identity.get((kind, ""), [])
            self._around[kind] = [(node, self._written(node)) for node in nodes]
        return [
            (sum(map(len, parts)), node)
            for node, parts in self._around[kind]
            if parts is not None and len(name) <= _LONGEST_NAME and fits(parts, name)
        ]

    def _written(self, node: Node) -> tuple[str, ...] | None:
        """What stands around the expressions in an object's name; None for what is too long for one."""
        metadata = node.get("metadata")
        child = metadata.get("name") if metadata is not None else None
        if child is None or self.text is None:
            return ("", "")
        written = self.text.text[child.span.start : child.span.end].strip("\"' ")
        if len(written) > _LONGEST_WRITTEN:
            return None
        # an expression may have a part of the name in a format
        return tuple(_EXPRESSION.split(_FORMAT.sub(lambda match: match[1], _BRANCH.sub("{{}}", written))))

    def _renamed(self, rendered: Node, name: str, same: Sequence[Node]) -> Node | None:
        """The source of an object that kustomize named: one of its kind with a part of the name, else the likest."""
        if len(self.nodes) > _MOST_ALIKE:
            return None
        parts = [node for node in same if identity(node)[1] in name]
        if parts:
            return max(parts, key=lambda node: len(identity(node)[1]))
        words = _all_words(rendered)
        kin = {id(node) for node in same}
        liked = [(len(words & self._words[id(node)]), id(node) in kin, node) for node in self.nodes]
        most = max((like[:2] for like in liked), default=(0, False))
        if not any(most):
            return None  # what a generator made
        return next(node for *like, node in liked if tuple(like) == most)

    @cached_property
    def _words(self) -> dict[int, frozenset[str]]:
        return {id(node): _all_words(node) for node in self.nodes}


def _name_in(node: Node, text: str) -> str:
    """What a template has for the name of an object, in small letters, and for a variable what it was last given:
    `{{- $name := include "app.museumSecretName" . }}`. A capital letter begins a word."""
    metadata = node.get("metadata")
    child = metadata.get("name") if metadata is not None else None
    if child is None:
        return ""
    start = child.span.start
    written = text[start : min(child.span.end, start + _LONGEST_WRITTEN)]
    variable = _VARIABLE.fullmatch(written.strip("\"' "))
    at = text.rfind(f"{variable[1]} :=", 0, start) if variable is not None else -1
    if at >= 0:
        written = text[at : min(start, at + _LONGEST_WRITTEN)].partition("}}")[0]
    return _CAPITAL.sub(" ", written).lower()


def can_become(written: str, rendered: str) -> bool:
    """Whether a line of a template can have become another by what its expressions write."""
    return fits(_EXPRESSION.split(written[:_LONGEST_WRITTEN]), rendered)


def _all_words(node: Node) -> frozenset[str]:
    """What `words_of` says of all that is in an object, but for its kind and metadata."""
    below = [child for key in node.keys() if key != "metadata" and (child := node.get(key)) is not None]  # noqa: SIM118
    found: set[str] = set()
    while below:
        item = below.pop()
        found |= words_of(item)
        below += item.elements() if item.kind == SEQ else []
        if item.kind == MAP:
            below += [child for key in item.keys() if (child := item.get(key)) is not None]  # noqa: SIM118
    return frozenset(found)
