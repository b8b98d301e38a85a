"""Our CEL against the Rust implementation (`common-expression-language`) on random expressions of the core language."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.cel import BOOL, INT, STRING, CelRuntimeError, Environment, ListType, MapType

theirs = pytest.importorskip("cel", reason="common-expression-language is not installed")

VALUES: dict[str, Any] = {
    "n": 3,
    "t": "web",
    "on": True,
    "names": ["a", "web", ""],
    "labels": {"app": "web", "a": ""},
}
ENVIRONMENT = Environment(
    [
        ("n", INT),
        ("t", STRING),
        ("on", BOOL),
        ("names", ListType(STRING)),
        ("labels", MapType(STRING, STRING)),
    ]
)
ERROR = "an error"

# By type: {b} bool, {i} int, {d} double, {s} string, {l} list of strings, {k} list of ints
_GRAMMAR: dict[str, list[str]] = {
    "b": [
        "true", "false", "on", "({b} && {b})", "({b} || {b})", "!{b}", "({b} ? {b} : {b})", "({i} == {i})",
        "({i} != {i})", "({i} < {i})", "({i} >= {i})", "({d} < {d})", "({d} == {d})", "({s} == {s})", "({s} < {s})",
        "({s} in {l})", "({i} in {k})", "({l} == {l})", "({k} == {k})", "({s} in labels)", "has(labels.app)",
        "has(labels.b)", "{s}.startsWith({s})", "{s}.endsWith({s})", "{s}.contains({s})", "{s}.matches('^[a-z]+$')",
        "{l}.exists(x, x == {s})", "{l}.all(x, x != {s} || {b})", "{l}.exists_one(x, x == {s})",
        "{k}.exists(x, 6 / x > {i})", "{k}.all(x, x < {i})", "{k}.exists(x, {k}.all(y, y <= x))",
        "labels.exists(x, x == {s})", "(null == null)", "({b} == {b})", "(dyn({i}) == {d})",
    ],
    "i": [
        "0", "1", "-2", "7", "0x10", "9223372036854775807", "n", "({i} + {i})", "({i} - {i})", "({i} * {i})",
        "({i} / {i})", "({i} % {i})", "-({i})", "size({s})", "size({l})", "{s}.size()", "({b} ? {i} : {i})", "{k}[{i}]",
        "int({d})", "int('12')", "{k}.map(x, x * {i})[0]", "size({k}.filter(x, x > {i}))",
    ],
    "d": [
        "0.0", "1.5", "-2.25", "1e3", "({d} + {d})", "({d} - {d})", "({d} * {d})", "({d} / {d})", "double({i})",
        "({b} ? {d} : {d})", "-({d})",
    ],
    "s": [
        "''", "'a'", "\"web\"", "'\\x41\\u0042'", "r'\\n'", "'''q'\"'''", "t", "labels.app", "labels['a']",
        "labels['no']",        "({s} + {s})", "string({i})", "{l}[{i}]", "({b} ? {s} : {s})",
    ],
    "l": [
        "names", "[]", "[{s}]", "[{s}, {s}]", "({l} + {l})", "{l}.filter(x, x != {s})", "{l}.map(x, x + {s})",
        "{l}.map(x, x != '', x + 'z')", "({b} ? {l} : {l})",
    ],
    "k": ["[1, 2, 3]", "[{i}, {i}]", "[0]", "({k} + {k})", "{l}.map(x, size(x))", "{k}.filter(x, x % 2 == {i})"],
}  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, kind: str = "b", depth: int = 3) -> str:
    choices = _GRAMMAR[kind]
    if depth == 0:
        choices = [choice for choice in choices if "{" not in choice]
    text = draw(st.sampled_from(choices))
    for hole in _GRAMMAR:
        while f"{{{hole}}}" in text:
            text = text.replace(f"{{{hole}}}", draw(expressions(hole, depth - 1)), 1)
    return text


def our_value(text: str) -> Any:
    try:
        return ENVIRONMENT.compile(text).evaluate(*VALUES.values())
    except CelRuntimeError:
        return ERROR


def slow_value(text: str) -> Any:
    try:
        return ENVIRONMENT.compile(text).evaluate_slowly(*VALUES.values())
    except CelRuntimeError:
        return ERROR


def their_value(text: str) -> Any:
    try:
        return theirs.evaluate(text, VALUES)
    except Exception:  # noqa: BLE001 - it raises a different one for each reason
        return ERROR


def same(left: Any, right: Any) -> bool:
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    return type(left) is type(right) and left == right


def test_length_is_in_characters() -> None:
    """The specification counts code points, the other one bytes."""
    assert (our_value("size('é€')"), their_value("size('é€')")) == (2, 5)


def test_a_decided_macro_absorbs_errors() -> None:
    """The specification joins the elements by `||` or `&&`, the other one stops at the first error."""
    assert (our_value("[0, 1].exists(x, 6 / x > 0)"), their_value("[0, 1].exists(x, 6 / x > 0)")) == (
        True,
        ERROR,
    )


@settings(max_examples=500)
@given(st.sampled_from("bidslk").flatmap(expressions))
def test_values_agree(text: str) -> None:
    our, their = our_value(text), their_value(text)
    absorbed = their == ERROR and (".exists(" in text or ".all(" in text)
    assert same(our, their) or absorbed, (our, their)
    assert same(slow_value(text), our)
