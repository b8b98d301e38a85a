"""A matcher whose time is linear in the text whatever the pattern: a lazily built deterministic automaton."""

from __future__ import annotations

from typing import Any

from linter.cel.errors import PatternError
from linter.cel.regex_tree import Assertion, Chars, Choice, Repeat, Sequence, Tree

MAX_INSTRUCTIONS = 20_000
MAX_STATES = 2_000  # the automaton starts anew above this

_CHARS, _SPLIT, _ASSERT, _MATCH = range(4)
_EDGE, _NEWLINE, _WORD, _OTHER = range(4)  # kinds of neighbours: no character, …
_WORD_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


class _State(dict[str, Any]):
    """A state of the automaton: its moves by character as found so far. The empty string stands for the end."""

    __slots__ = ("before", "threads")

    def __init__(self, threads: frozenset[int], before: int) -> None:
        super().__init__()
        self.threads = threads
        self.before = before


class Machine:
    """The automaton of one pattern."""

    def __init__(self, tree: Tree) -> None:
        self.code: list[tuple[int, Any, Any]] = []
        self._emit(tree)
        self._add(_MATCH)
        self.states: dict[tuple[frozenset[int], int], _State] = {}

    def search(self, text: str) -> bool:
        """Whether the pattern occurs in the text."""
        state: Any = self._state(frozenset((0,)), _EDGE)
        for character in text:
            following = state.get(character)
            if following is None:
                following = state[character] = self._move(state, character)
            if following is True:
                return True
            state = following
        return self._move(state, "") is True

    # -- from the tree to instructions

    def _add(self, op: int, first: Any = None, second: Any = None) -> int:
        if len(self.code) >= MAX_INSTRUCTIONS:
            raise PatternError("the pattern is too large", 0)
        self.code.append((op, first, second))
        return len(self.code) - 1

    def _emit(self, tree: Tree) -> None:
        match tree:
            case Chars():
                self._add(_CHARS, tree)
            case Assertion():
                self._add(_ASSERT, tree.kind)
            case Sequence():
                for item in tree.items:
                    self._emit(item)
            case Choice():
                self._emit_choice(tree)
            case Repeat():
                self._emit_repeat(tree)

    def _emit_choice(self, tree: Choice) -> None:
        ends: list[int] = []
        for item in tree.items[:-1]:
            split = self._add(_SPLIT)
            self._emit(item)
            ends.append(self._add(_SPLIT))
            self.code[split] = (_SPLIT, split + 1, len(self.code))
        self._emit(tree.items[-1])
        for end in ends:
            self.code[end] = (_SPLIT, len(self.code), len(self.code))

    def _emit_repeat(self, tree: Repeat) -> None:
        for _ in range(tree.low):
            self._emit(tree.item)
        if tree.high is None:
            split = self._add(_SPLIT)
            self._emit(tree.item)
            self._add(_SPLIT, split, split)
            self.code[split] = (_SPLIT, split + 1, len(self.code))
            return
        splits: list[int] = []
        for _ in range(tree.high - tree.low):
            splits.append(self._add(_SPLIT))
            self._emit(tree.item)
        for split in splits:
            self.code[split] = (_SPLIT, split + 1, len(self.code))

    # -- running

    def _state(self, threads: frozenset[int], before: int) -> _State:
        key = (threads, before)
        state = self.states.get(key)
        if state is None:
            if len(self.states) > MAX_STATES:
                self.states.clear()
            state = self.states[key] = _State(threads, before)
        return state

    def _move(self, state: _State, character: str) -> _State | bool | None:
        """The state after a character; True when the pattern has matched before it. None at the end."""
        reached = self._closure(state.threads, state.before, _kind(character))
        if reached is None:
            return True
        if not character:
            return None
        following = {place + 1 for place in reached if character in self.code[place][1]}
        following.add(0)  # a match may begin at every character
        return self._state(frozenset(following), _kind(character))

    def _closure(self, threads: frozenset[int], before: int, after: int) -> list[int] | None:
        """The character instructions that are reached without reading; None when the match is."""
        seen: set[int] = set()
        todo = list(threads)
        reached: list[int] = []
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            op, first, second = self.code[place]
            if op == _CHARS:
                reached.append(place)
            elif op == _SPLIT:
                todo += (first, second)
            elif op == _MATCH:
                return None
            elif _holds(first, before, after):
                todo.append(place + 1)
        return reached


def _kind(character: str) -> int:
    if not character:
        return _EDGE
    if character == "\n":
        return _NEWLINE
    return _WORD if character in _WORD_CHARACTERS else _OTHER


def _holds(assertion: str, before: int, after: int) -> bool:
    match assertion:
        case "begin":
            return before == _EDGE
        case "end":
            return after == _EDGE
        case "line_begin":
            return before in (_EDGE, _NEWLINE)
        case "line_end":
            return after in (_EDGE, _NEWLINE)
        case "word":
            return (before == _WORD) != (after == _WORD)
    return (before == _WORD) == (after == _WORD)
