"""What holds for every expression and every value."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linter.cel import UNKNOWN, CelError, CelRuntimeError, Environment, Program, Template, Unknown
from linter.cel.regex import Pattern
from linter.cel.regex_machine import Machine
from linter.cel.regex_syntax import parse
from linter.cel.regex_tree import python_of
from tests.unit.cel.model import ENVIRONMENT, PODS, expressions

SLOW_OK = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
_FRAGMENTS = st.sampled_from(
    ["pod", ".", "name", "(", ")", "[", "]", "{", "}", "?", ":", "&&", "||", "==", "!", "-", "'a'", '"', "1", "2u",
     ".5", " in ", "exists", "x", ",", "has", "b'\\xff'", "r'", "\\", "`a`", "true", "null", "size", "map", "1e5", "+",
     "%", ".?", "\n", "//"]
)  # fmt: skip


def outcome(run: Any, *args: Any) -> Any:
    """A value or an error, comparable."""
    try:
        value = run(*args)
    except CelRuntimeError:
        return "an error"
    return plain(value)


def complaint(compile_: Any, text: str) -> CelError | None:
    try:
        compile_(text)
    except CelError as error:
        return error
    return None


def compiled(text: str) -> Program:
    try:
        return ENVIRONMENT.compile(text)
    except CelError as error:
        assume("nested deeper" not in error.message)
        raise


def plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return "UNKNOWN"
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return (type(value).__name__, value)


@given(st.one_of(st.text(max_size=40), st.lists(_FRAGMENTS, max_size=25).map("".join)))
@settings(max_examples=300, deadline=None)
def test_compile_raises_nothing_but_cel_errors_that_point_into_the_text(text: str) -> None:
    for environment in (ENVIRONMENT, Environment(checked=False)):
        for compile_ in (environment.compile, environment.compile_template):
            error = complaint(compile_, text)
            assert error is None or (0 <= error.offset <= len(text) and str(error))


@given(expressions(), PODS, st.sampled_from([0, 1, -3, UNKNOWN]))
@SLOW_OK
def test_the_fast_function_agrees_with_the_slow_one(text: str, pod: Any, n: Any) -> None:
    program = compiled(text)
    try:
        fast = plain(program.fast(pod, n))
    except Exception:  # noqa: BLE001 - then the slow one decides
        fast = None
    slow = outcome(program.evaluate_slowly, pod, n)
    assert fast is None or fast == slow
    assert outcome(Program.load(program.dump()).evaluate, pod, n) == slow


@given(st.sampled_from("islr").flatmap(expressions), PODS)
@SLOW_OK
def test_values_agree_too(text: str, pod: Any) -> None:
    program = compiled(text)
    try:
        fast = plain(program.fast(pod, 1))
    except Exception:  # noqa: BLE001 - then the slow one decides
        return
    assert fast == outcome(program.evaluate_slowly, pod, 1)


@given(expressions(), PODS)
@SLOW_OK
def test_knowing_more_never_turns_true_into_false(text: str, pod: Any) -> None:
    """What is decided with an unknown value stays so whatever the value is."""
    program = compiled(text)
    before = outcome(program.evaluate, pod, UNKNOWN)
    if before in (("bool", True), ("bool", False)):
        for n in (0, 1, -7):
            after = outcome(program.evaluate, pod, n)
            assert after == before


@given(st.sampled_from("bislr").flatmap(expressions), PODS)
@SLOW_OK
def test_templates_render_whatever_has_a_value(text: str, pod: Any) -> None:
    compiled(text)
    template = ENVIRONMENT.compile_template(f"{{{{ <{{{text}}}> }}}}")
    loaded = Template.load(template.dump())
    try:
        shown = template.render(pod, 1)
    except CelRuntimeError:
        return
    assert shown.startswith("{ <")
    assert loaded.render(pod, 1) == shown


_PIECES = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "[ab]",
        "[^a]",
        r"\d",
        r"\w",
        r"\b",
        "^",
        "$",
        "(a|b)",
        "(ab|a)",
        "(?i)A",
        "(?:b*)",
        r"\n",
        "(?m)",
        "(?s)",
    ]
)
_PATTERNS = st.lists(
    st.tuples(_PIECES, st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "*?"])), max_size=5
)


@given(_PATTERNS, st.text("abAB1\n .", max_size=14))
@settings(max_examples=300, deadline=None)
def test_the_linear_machine_agrees_with_re(pieces: list[tuple[str, str]], text: str) -> None:
    pattern = "".join(
        piece + (times if not piece.startswith(("(?i)", "(?m)", "(?s)")) else "") for piece, times in pieces
    )
    tree = parse(pattern)
    assert Machine(tree).search(text) == (re.compile(python_of(tree)).search(text) is not None)


@given(st.text("ab(|)*+?{1,}[^]-\\dQEzxi:P<>$.", max_size=12))
@settings(max_examples=300, deadline=None)
def test_a_pattern_compiles_or_is_refused(pattern: str) -> None:
    quoted = pattern.replace("\\", "\\\\")
    try:
        ENVIRONMENT.compile(f"pod.name.matches('{quoted}')")
    except CelError:
        return
    Pattern(pattern).search("ab" * 20)
