"""Label selectors, both the plain map of Services and the structured one of workloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import both, either


def selects(selector: Any, label: Callable[[str], Any]) -> Any:
    """Whether labels fit a selector: True, False or UNKNOWN. `label(key)` is None for a label that is not set."""
    if not isinstance(selector, (dict, Mapping)):  # `dict` is told at once, millions of times in a large scan
        return UNKNOWN
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        return _equal(selector, label)
    wanted, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    if wanted is UNKNOWN:
        return UNKNOWN
    wanted, expressions = wanted or {}, [UNKNOWN] if expressions is UNKNOWN else expressions or []
    if not isinstance(wanted, (dict, Mapping)) or not isinstance(expressions, list):
        return UNKNOWN
    return both(_equal(wanted, label), *(_fits(expression, label) for expression in expressions))


def among(labels: Mapping[str, Any]) -> Callable[[str], Any]:
    """Look-up in a plain map of labels."""
    return labels.get


def _equal(wanted: Mapping[str, Any], label: Callable[[str], Any]) -> Any:
    sure = True
    for key, value in wanted.items():  # millions of times in a large scan
        have = label(key)
        if have is UNKNOWN or value is UNKNOWN:
            sure = False
        elif value is None:  # null, as a chart writes an empty value, is empty for the API server
            if have != "":
                return False
        elif have is None or (have != value and str(have) != str(value)):
            return False
    return True if sure else UNKNOWN


def _same(have: Any, want: Any) -> Any:
    if have is UNKNOWN or want is UNKNOWN:
        return UNKNOWN
    return have is not None and str(have) == str(want)


def _fits(expression: Any, label: Callable[[str], Any]) -> Any:
    if not isinstance(expression, Mapping):
        return UNKNOWN
    key, operator, values = expression.get("key"), expression.get("operator"), expression.get("values") or []
    have = label(key) if isinstance(key, str) else UNKNOWN
    if have is UNKNOWN or values is UNKNOWN:
        return UNKNOWN
    inside = either(*(_same(have, value) for value in values))
    outcomes = {
        "In": inside,
        "NotIn": UNKNOWN if inside is UNKNOWN else not inside,
        "Exists": have is not None,
        "DoesNotExist": have is None,
    }
    return outcomes.get(str(operator), UNKNOWN)
