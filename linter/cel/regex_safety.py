"""How the time of a backtracking matcher grows with the text, estimated from the pattern; never too low."""

from __future__ import annotations

from math import log2

from linter.cel.regex_tree import Assertion, Chars, Choice, Repeat, Sequence, Tree, folded

HOPELESS = 9  # the power that stands for growth without bound
_MAX_DOUBLINGS = 10  # of the time by `a?`, `a{0,5}` or `(a|ab)` one after the other
_FREE_DOUBLINGS = 4
_LONG = 20  # a bounded repetition over this counts as one without bound


def longest_text(tree: Tree, budget: int) -> int | None:
    """The length up to which a backtracking matcher needs no more than `budget` steps; None for any length."""
    degree = power(tree)
    if degree >= HOPELESS:
        return 0
    doublings = _doublings(tree)
    if degree <= 1 and doublings <= _FREE_DOUBLINGS:
        return None
    return int((budget / 2**doublings) ** (1 / degree))


def power(tree: Tree) -> int:
    """The power of the text's length with which the time may grow; `HOPELESS` where there is none."""
    if _doublings(tree) > _MAX_DOUBLINGS:
        return HOPELESS
    loops = _loops(tree)
    if loops == 0:
        return 1
    return min(HOPELESS, loops if _anchored(tree) else loops + 1)


def _anchored(tree: Tree) -> bool:
    first = tree.items[0] if isinstance(tree, Sequence) and tree.items else tree
    return isinstance(first, Assertion) and first.kind == "begin"


def _doublings(tree: Tree) -> float:
    """The logarithm of the ways to match a text that do not depend on its length."""
    match tree:
        case Sequence():
            return sum(
                _doublings(item) for place, item in enumerate(tree.items) if not _is_calm(tree.items, place)
            )
        case Choice():
            overlap = 0.0 if _apart(tree) else log2(len(tree.items))
            return overlap + max(map(_doublings, tree.items))
        case Repeat():
            inner = _doublings(tree.item)
            if tree.high is None:
                return inner
            span = tree.high - tree.low
            return inner * max(1, tree.high) + (log2(span + 1) if span <= _LONG else 0.0)
    return 0.0


def _loops(tree: Tree) -> int:
    match tree:
        case Sequence():
            calm = [_is_calm(tree.items, place) for place in range(len(tree.items))]
            wild = sum(_loops(item) for item, is_calm in zip(tree.items, calm, strict=True) if not is_calm)
            scanned = [
                item for item, is_calm in zip(tree.items, calm, strict=True) if is_calm and _loops(item)
            ]
            return min(HOPELESS, wild + bool(scanned))
        case Choice():
            return max((_loops(item) for item in tree.items), default=0)
        case Repeat():
            once = tree.high is not None and tree.high <= 1
            if not once and _ambiguous(tree.item):
                return HOPELESS
            inner = _loops(tree.item)
            if tree.high is None:
                return min(HOPELESS, inner + 1)
            return min(HOPELESS, inner * max(1, tree.high) + (tree.high - tree.low > _LONG))
    return 0


def _is_calm(items: tuple[Tree, ...], place: int) -> bool:
    """Whether a repetition of one set must end where it ends, because what follows is not in the set."""
    item = items[place]
    if not isinstance(item, Repeat) or item.low == item.high or not isinstance(item.item, Chars):
        return False
    following = items[place + 1] if place + 1 < len(items) else None
    if isinstance(following, Repeat) and following.low > 0:
        following = following.item
    first = _first(following) if following is not None else None
    return first is not None and _disjoint(item.item, first)


def _apart(tree: Choice) -> bool:
    """Whether the first character tells the alternatives apart."""
    firsts = [first for item in tree.items if (first := _first(item)) is not None]
    if len(firsts) < len(tree.items):
        return False
    return all(_disjoint(a, b) for index, a in enumerate(firsts) for b in firsts[index + 1 :])


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
            return [] if _apart(tree) and all(_variable_sets(item) == [] for item in tree.items) else None
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
