"""How the time of a backtracking matcher grows with the text, estimated from the pattern; never too low."""

from __future__ import annotations

from linter.cel.regex_syntax import Assertion, Chars, Choice, Repeat, Sequence, Tree, folded

HOPELESS = 9  # the power that stands for growth without bound
_MAX_OPTIONAL = 10  # `a?` one after the other: each may double the work


def power(tree: Tree) -> int:
    """The power of the text's length with which the time may grow; `HOPELESS` where there is none."""
    if _optionals(tree) > _MAX_OPTIONAL:
        return HOPELESS
    loops = _loops(tree)
    if loops == 0:
        return 1
    return min(HOPELESS, loops if _anchored(tree) else loops + 1)


def _anchored(tree: Tree) -> bool:
    first = tree.items[0] if isinstance(tree, Sequence) and tree.items else tree
    return isinstance(first, Assertion) and first.kind == "begin"


def _optionals(tree: Tree) -> int:
    match tree:
        case Sequence() | Choice():
            return sum(_optionals(item) for item in tree.items)
        case Repeat():
            return _optionals(tree.item) + (tree.high == 1 and tree.low == 0)
    return 0


def _loops(tree: Tree) -> int:
    match tree:
        case Sequence():
            calm = [_is_calm(tree.items, place) for place in range(len(tree.items))]
            wild = sum(_loops(item) for item, is_calm in zip(tree.items, calm, strict=True) if not is_calm)
            return min(HOPELESS, wild + any(calm))
        case Choice():
            return max((_loops(item) for item in tree.items), default=0)
        case Repeat():
            once = tree.high is not None and tree.high <= 1
            if not once and _ambiguous(tree.item):
                return HOPELESS
            inner = _loops(tree.item)
            if tree.high is None:
                return min(HOPELESS, inner + 1)
            return min(HOPELESS, inner * max(1, tree.high) + (tree.high - tree.low > 20))
    return 0


def _is_calm(items: tuple[Tree, ...], place: int) -> bool:
    """Whether a repetition of one set must end where it ends, because what follows is not in the set."""
    item = items[place]
    if not isinstance(item, Repeat) or item.high is not None or not isinstance(item.item, Chars):
        return False
    following = items[place + 1] if place + 1 < len(items) else None
    if isinstance(following, Repeat) and following.low > 0:
        following = following.item
    first = _first(following) if following is not None else None
    return first is not None and _disjoint(item.item, first)


def _ambiguous(body: Tree) -> bool:
    """Whether a text may be cut into repetitions of `body` in more than one way, as far as we can tell."""
    variable = _variable_sets(body)
    if variable is None:
        return True
    if not variable:
        return False
    items = body.items if isinstance(body, Sequence) else (body,)
    ends = [item for item in (items[0], items[-1]) if isinstance(item, Chars)] if items else []
    return not any(all(_disjoint(end, chars) for chars in variable) for end in ends)


def _variable_sets(tree: Tree) -> list[Chars] | None:
    """The sets of the repetitions in a tree whose length varies; None where it is more complicated."""
    match tree:
        case Sequence():
            found: list[Chars] = []
            for item in tree.items:
                inner = _variable_sets(item)
                if inner is None:
                    return None
                found += inner
            return found
        case Choice():
            firsts = [_first(item) for item in tree.items]
            if any(first is None for first in firsts) or any(_variable_sets(item) for item in tree.items):
                return None
            known = [first for first in firsts if first is not None]
            apart = all(_disjoint(a, b) for index, a in enumerate(known) for b in known[index + 1 :])
            return [] if apart and all(_variable_sets(item) == [] for item in tree.items) else None
        case Repeat():
            if tree.low == tree.high:
                return _variable_sets(tree.item)
            return [tree.item] if isinstance(tree.item, Chars) else None
    return []


def _first(tree: Tree) -> Chars | None:
    while isinstance(tree, Sequence) and tree.items:
        tree = tree.items[0]
    return tree if isinstance(tree, Chars) else None


def _disjoint(left: Chars, right: Chars) -> bool:
    if left.ignore_case or right.ignore_case:
        left, right = _wide(left), _wide(right)
    return not any(low <= high2 and low2 <= high for low, high in left.ranges for low2, high2 in right.ranges)


def _wide(chars: Chars) -> Chars:
    return Chars(folded(chars.ranges)) if chars.ignore_case else chars
