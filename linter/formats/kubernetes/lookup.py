"""Objects of a scan by what others find them by: a name, labels, a selector.

A look-up narrows: what it leaves out surely does not fit, what it gives may. Without it, thousands of Services and
thousands of pods would be compared pair by pair. Where it still leaves too many it gives None, and that is told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from linter.patterns import lazy_regex

T = TypeVar("T", bound=Any)  # a record with a folder and a namespace
Keys = (
    Iterable[Hashable] | None
)  # what an object is found under; None: whatever is looked for, it may be meant

# labels that controllers give to the pods that they make
BY_CONTROLLER = lazy_regex(
    r"(?:ray\.io|leaderworkerset\.sigs\.k8s\.io|jobset\.sigs\.k8s\.io|training\.kubeflow\.org|trainer\.kubeflow\.org"
    r"|serving\.kserve\.io|serving\.knative\.dev|batch\.kubernetes\.io|statefulset\.kubernetes\.io|apps\.kubernetes\.io"
    r"|volcano\.sh|orchestration\.aibrix\.ai|nvidia\.com)/|(?:job-name|controller-uid|pod-template-hash)\Z"
)
_USUAL = 20  # labels, expressions and values of a selector
_STRUCTURED = {"matchLabels", "matchExpressions"}  # of a selector that is more than a plain map


class Group(Generic[T]):
    """A list of objects, with what they are found by; all in the order of the list."""

    def __init__(self, items: Sequence[T], spend: Callable[[int], bool]) -> None:
        self.items = items
        self._spend = spend  # whether so many more may be looked at
        self._folders: dict[str, Group[T]] | None = None
        self._namespaces: set[Any] | None = None
        self._found: dict[str, _Index] = {}
        self._labelled: dict[str, _Index] = {}
        self._selectors: _Index | None = None
        self._heaviest = 1  # of the selectors

    def at(self, folder: str) -> Group[T]:
        """Those of a folder."""
        if self._folders is None:
            lists: dict[str, list[T]] = {}
            for item in self.items:
                lists.setdefault(item.folder, []).append(item)
            self._folders = {folder: Group(items, self._spend) for folder, items in lists.items()}
        return self._folders.get(folder) or Group((), self._spend)

    def reaches(self, namespace: Any) -> bool:
        """Whether one of them may be in a namespace."""
        if self._namespaces is None:
            self._namespaces = {n if isinstance(n := item.namespace, str) else None for item in self.items}
        here = self._namespaces
        return bool(here) and (not isinstance(namespace, str) or namespace in here or None in here)

    def all(self) -> Sequence[T] | None:
        """All of them."""
        return self.items if self._spend(len(self.items)) else None

    def having(self, name: str, *values: Any) -> Sequence[T] | None:
        """Those whose field may be one of the values, or hold one of them where it is a list."""
        index = self._found.get(name)
        if index is None:
            index = self._found[name] = _Index(_values(getattr(item, name)) for item in self.items)
        known = [value for value in values if value is None or isinstance(value, str)]
        return self._those(index.of(known)) if len(known) == len(values) else self.all()

    def fitting(self, selector: Any, name: str = "pods") -> Sequence[T] | None:
        """Those that a selector may fit, by the labels in their field `name`, or in one of a list of such."""
        index = self._labelled.get(name)
        if index is None:
            index = self._labelled[name] = _Index(_pairs(getattr(item, name)) for item in self.items)
        least = min(_wanted(selector), key=index.count, default=None)
        weight = _weight(selector)
        if least is not None:
            return self._those(index.of((least,)), weight)
        return self.items if self._spend(len(self.items) * weight) else None

    def choosing(self, pods: Any) -> Sequence[T] | None:
        """Those whose selector may fit one of these labels of pods."""
        if self._selectors is None:
            wanted = [list(_wanted(item.selector)) for item in self.items]
            often: dict[Hashable, int] = {}
            for pairs in wanted:
                for pair in pairs:
                    often[pair] = often.get(pair, 0) + 1
            # each by the label that tells most
            rarest = (min(pairs, key=lambda pair: often[pair], default=None) for pairs in wanted)
            self._selectors = _Index(None if pair is None else (pair,) for pair in rarest)
            self._heaviest = max((_weight(item.selector) for item in self.items), default=1)
        written = _pairs(pods)
        if written is not None:
            return self._those(self._selectors.of(written), self._heaviest)
        return self.items if self._spend(len(self.items) * self._heaviest) else None

    def _those(self, lists: Sequence[list[int]], weight: int = 1) -> Sequence[T] | None:
        """Those of the numbers, in order; a number may be in several of the lists. `weight`: what one costs."""
        if not self._spend(sum(map(len, lists)) * weight):
            return None
        numbers = lists[0] if len(lists) == 1 else sorted({number for found in lists for number in found})
        return [self.items[number] for number in numbers]


Narrow = Callable[[Group[Any]], Sequence[Any] | None]  # what of a list is looked at; None: too many


class _Index:
    """Numbers of objects by their keys."""

    def __init__(self, keys: Iterable[Keys]) -> None:
        self.open: list[int] = []  # those that may be meant whatever is looked for
        self.closed: dict[Hashable, list[int]] = {}
        for number, own in enumerate(keys):
            if own is None:
                self.open.append(number)
                continue
            for key in own:
                self.closed.setdefault(key, []).append(number)

    def of(self, keys: Iterable[Hashable]) -> list[list[int]]:
        """The numbers of those with one of the keys, and of those that may be meant."""
        lists = [found for key in keys if (found := self.closed.get(key)) is not None]
        return [*lists, self.open] if self.open else lists

    def count(self, key: Hashable) -> int:
        """How many have the key."""
        return len(self.closed.get(key, ()))


def _values(value: Any) -> Keys:
    """A field as what it is found by."""
    if value is None or isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return set(value)
    return None


def _pairs(labels_of: Any) -> Keys:
    """Labels as pairs; None where there may be others than are written."""
    found: set[Hashable] = set()
    for labels in labels_of if isinstance(labels_of, list) else [labels_of]:
        if not isinstance(labels, dict) or not all(isinstance(value, str) for value in labels.values()):
            return None
        found.update(labels.items())
    return found


def _weight(selector: Any) -> int:
    """How much it costs to compare a selector with labels, in comparisons of a usual one."""
    if not isinstance(selector, dict):
        return 1
    parts = len(selector)
    wanted, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    parts += len(wanted) if isinstance(wanted, dict) else 0
    for expression in expressions if isinstance(expressions, list) else ():
        values = expression.get("values") if isinstance(expression, dict) else None
        parts += 1 + (len(values) if isinstance(values, list) else 0)
    return 1 + parts // _USUAL


def _wanted(selector: Any) -> Iterable[Hashable]:
    """The labels without which a pod is surely not selected."""
    if not isinstance(selector, dict):
        return
    wanted = selector.get("matchLabels") if _STRUCTURED & selector.keys() else selector
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if isinstance(key, str) and isinstance(value, str) and not BY_CONTROLLER.match(key):
                yield key, value
