"""The complete semantics: Kleene logic over UNKNOWN, and errors that a decided result absorbs.

The order of strength is: the deciding truth value, then UNKNOWN, then an error, then the other truth value.
Operands are passed as functions, so that an error in one is a value here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from linter.cel.errors import CelRuntimeError
from linter.cel.operators import no_overload
from linter.cel.unknown import UNKNOWN, Unknown, UnknownTruth

Thunk = Callable[[], Any]


def _fold(values: Iterable[Thunk], deciding: bool) -> Any:
    unknown = False
    failure: Exception | None = None
    for thunk in values:
        try:
            value = thunk()
        except UnknownTruth:
            value = UNKNOWN
        except Exception as error:  # noqa: BLE001 - an error is a value of CEL's logic
            failure = failure or error
            continue
        if value is deciding:
            return deciding
        if value is not (not deciding):
            unknown = True
    if unknown:
        return UNKNOWN
    if failure is not None:
        raise failure
    return not deciding


def all_of(*operands: Thunk) -> Any:
    """`&&`."""
    return _fold(operands, False)


def any_of(*operands: Thunk) -> Any:
    """`||`."""
    return _fold(operands, True)


def negation(value: Any) -> Any:
    """`!`."""
    return UNKNOWN if isinstance(value, Unknown) else not value


def choose(condition: Any, then: Thunk, otherwise: Thunk) -> Any:
    """`? :`."""
    if isinstance(condition, Unknown):
        return UNKNOWN
    return then() if condition else otherwise()


# -- operands that are not statically bool


def truth(value: Any) -> Any:
    """A dyn operand of logic: a bool, or an error."""
    if value is True or value is False:
        return value
    if isinstance(value, Unknown):
        return UNKNOWN
    raise no_overload("logic", value)


def raw_truth(value: Any) -> Any:
    """A raw operand of logic: a bool; null is false; anything else an error."""
    return False if value is None else truth(value)


# -- macros


def exists(items: Any, predicate: Callable[[Any], Any]) -> Any:
    """Whether the predicate holds for some item."""
    if isinstance(items, Unknown):
        return UNKNOWN
    return _fold((partial(predicate, item) for item in items), True)


def every(items: Any, predicate: Callable[[Any], Any]) -> Any:
    """Whether the predicate holds for all items."""
    if isinstance(items, Unknown):
        return UNKNOWN
    return _fold((partial(predicate, item) for item in items), False)


def exists_one(items: Any, predicate: Callable[[Any], Any]) -> Any:
    """Whether the predicate holds for exactly one item; errors are not absorbed."""
    if isinstance(items, Unknown):
        return UNKNOWN
    count, unknown = 0, False
    for item in items:
        found = predicate(item)
        if isinstance(found, Unknown):
            unknown = True
        elif found:
            count += 1
    if count > 1:
        return False
    return UNKNOWN if unknown else count == 1


def transform(items: Any, predicate: Callable[[Any], Any] | None, result: Callable[[Any], Any]) -> Any:
    """The results for the items that pass. Where that is unknown for one, the list is left open."""
    if isinstance(items, Unknown):
        return UNKNOWN
    results: list[Any] = []
    unsure = False
    for item in items:
        found = predicate(item) if predicate else True
        if isinstance(found, Unknown):
            unsure = True
            results.append(UNKNOWN)
        elif found:
            results.append(result(item))
    if unsure and not isinstance(results[-1], Unknown):
        results.append(UNKNOWN)
    return results


def unpacked(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """A function of two variables as one of a pair."""
    return lambda pair: function(*pair)


# -- calls


def known(value: Any) -> Any:
    """An argument of a function that must not see UNKNOWN; raises where it would."""
    if isinstance(value, (Unknown, list)) and has_unknown(value):
        raise UnknownTruth
    return value


def has_unknown(value: Any) -> bool:
    """Whether a value is unknown, or a list with an unknown element."""
    return isinstance(value, Unknown) or (
        isinstance(value, list) and any(isinstance(item, Unknown) for item in value)
    )


def call(function: Callable[..., Any], *args: Any) -> Any:
    """A call with the complete semantics: an unknown argument makes the result unknown."""
    if any(has_unknown(arg) for arg in args):
        return UNKNOWN
    return function(*args)


def fail(message: str) -> Any:
    """An expression that is wrong in a way that only counts when it is evaluated."""
    raise CelRuntimeError(message)
