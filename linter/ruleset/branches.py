"""Which place of a rule with several a finding points at: the one that the true part of its condition speaks of.

A condition `a == 1 || b == 2` with `at: [a, b]` must not point at an `a` that is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import CelError, CelRuntimeError, Environment, Function, Program
from linter.frozen import dataclass

if TYPE_CHECKING:
    from linter.cel.tokens import Token

_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Branch:
    """One way for a condition to be true; `places` are indexes into the rule's places."""

    condition: Program
    places: tuple[int, ...]


class Branches:
    """The branches of one rule. Most rules find nothing, so packed ones are loaded when they are first asked."""

    __slots__ = ("_branches", "_functions", "_packed")

    def __init__(
        self,
        branches: tuple[Branch, ...] | None,
        packed: Sequence[Any] = (),
        functions: tuple[Function, ...] = (),
    ) -> None:
        self._branches = branches
        self._packed = packed
        self._functions = functions

    def true(self, args: Sequence[Any]) -> tuple[int, ...]:
        """The places of the first branch that holds; none when that can't be told."""
        for branch in self._loaded():
            try:
                if branch.condition.evaluate(*args) is True:
                    return branch.places
            except CelRuntimeError:
                continue
        return ()

    def _loaded(self) -> tuple[Branch, ...]:
        if self._branches is None:
            self._branches = tuple(
                Branch(Program.load(data, self._functions), tuple(places)) for data, places in self._packed
            )
        return self._branches

    def dump(self) -> list[tuple[bytes, tuple[int, ...]]]:
        """As plain data."""
        return [(branch.condition.dump(), branch.places) for branch in self._loaded()]


def branches(env: Environment, condition: str, places: Sequence[str]) -> Branches | None:
    """The branches of a condition; None where they would decide nothing."""
    found = []
    for text in alternatives(condition):
        spoken = tuple(index for index, place in enumerate(places) if mentions(text, place))
        if spoken:
            try:
                found.append(Branch(env.compile(text), spoken))
            except CelError:  # a part that has no meaning alone
                continue
    return Branches(tuple(found)) if len({branch.places for branch in found}) > 1 else None


def alternatives(text: str) -> list[str]:
    """The parts of `a || b`, and of `c && (a || b)` as `c && a` and `c && b`."""
    result: list[str] = []
    for part in _split(text, "||"):
        factors = _split(part, "&&")
        group = next((i for i, factor in enumerate(factors) if len(_split(_inside(factor), "||")) > 1), None)
        if group is None:
            result.append(part)
        else:
            result += (
                " && ".join([*factors[:group], f"({option})", *factors[group + 1 :]])
                for option in _split(_inside(factors[group]), "||")
            )
    return result


def mentions(text: str, place: str) -> bool:
    """Whether a condition speaks of a path, also as an element: `a.exists(x, x.b == 1)` speaks of `a.b`.

    Every condition is about its subject, so a bare name is not spoken of.
    """
    if "." not in place:
        return False
    if re.search(rf"(?<![\w.]){re.escape(place)}(?!\w)", text):
        return True
    head, _, last = place.rpartition(".")
    return all(
        re.search(pattern, text)
        for pattern in (rf"(?<![\w.]){re.escape(head)}\.exists\(", rf"\.{re.escape(last)}(?!\w)")
    )


def _split(text: str, operator: str) -> list[str]:
    """The text between the operators that stand in no parentheses; whole where a conditional binds weaker."""
    starts = [0]
    ends = []
    for token in _outer(text):
        if token.value == "?":
            return [text]
        if token.value == operator:
            ends.append(token.start)
            starts.append(token.end)
    return [text[a:b].strip() for a, b in zip(starts, [*ends, len(text)], strict=True)]


def _inside(text: str) -> str:
    """What stands in the parentheses around a whole text; empty when there are none."""
    inner = text[1:-1]
    if not (text.startswith("(") and text.endswith(")")):
        return ""
    return inner if all(token.value not in _CLOSE for token in _outer(inner)) else ""


def _outer(text: str) -> Iterator[Token]:
    """The operators outside of all parentheses; a parenthesis that closes none is given, too."""
    from linter.cel.tokens import tokenize  # rules that were packed have their branches

    depth = 0
    for token in tokenize(text):
        if token.kind != "op":
            continue
        if token.value in _CLOSE and depth:
            depth -= 1
        elif token.value in _OPEN:
            depth += 1
        elif depth == 0:
            yield token
