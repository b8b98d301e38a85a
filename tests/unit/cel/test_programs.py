"""Programs and templates as bytes; limits; patterns; the unknown value; suggestions."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from linter.cel import (
    BOOL,
    STRING,
    UNKNOWN,
    CelError,
    CelRuntimeError,
    Environment,
    Function,
    MessageType,
    Program,
    Template,
    Unknown,
    UnknownTruth,
    suggest,
)
from linter.cel.regex import Pattern
from tests.unit.cel.model import ENVIRONMENT, pod

FUNCTIONS = (Function("shout", (STRING,), STRING, lambda text: text.upper()),)
OWN = Environment([("name", STRING)], FUNCTIONS)


def test_a_program_survives_as_bytes() -> None:
    program = OWN.compile("shout(name).matches('^A+$') && name.size() > 0")
    loaded = Program.load(program.dump(), FUNCTIONS)
    assert (loaded.text, loaded.type, loaded.path, loaded.names) == (program.text, BOOL, None, {"name"})
    assert loaded.evaluate("aa") is True
    assert loaded.fast("ab") is False
    assert loaded.evaluate(UNKNOWN) is UNKNOWN
    assert Program.load(loaded.dump(), FUNCTIONS).evaluate("aa") is True


def test_bytes_of_another_python_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = OWN.compile("name").dump()
    monkeypatch.setattr("linter.cel.program.FORMAT", "cel-1-other")
    with pytest.raises(ValueError, match="another Python"):
        Program.load(data)


def test_a_message_type_comes_back_by_name() -> None:
    loaded = Program.load(ENVIRONMENT.compile("pod.ports[0]").dump())
    assert loaded.type == MessageType("Port", {})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Pod '{pod.name}' runs", "Pod 'web' runs"),
        ("{{x}} {pod.count}", "{x} 2"),
        ("{pod.host}, {pod.ready}, {pod.args}", "(none), true, --model, llama"),
        ("{n} of {pod.load * 2.0}", "(unknown) of 1"),
        ("{pod.ports.map(p, p.number)}", "80, 443"),
        ("{ {'a': '}'}.a }", "}"),
        ("", ""),
        ("no holes", "no holes"),
    ],
)
def test_templates(template: str, expected: str) -> None:
    compiled = ENVIRONMENT.compile_template(template)
    assert compiled.render(pod(), UNKNOWN) == expected
    assert Template.load(compiled.dump()).render(pod(), UNKNOWN) == expected


@pytest.mark.parametrize(
    ("template", "message", "offset"),
    [
        ("a {pod.nam}", "no field 'nam' on Pod; did you mean 'name'?", 7),
        ("a {pod.name", "this placeholder is not closed (write {{ for a brace)", 2),
        ("a } b", "a } that closes nothing (write }} for a brace)", 2),
        ("a {} b", "an empty placeholder (write {{}} for two braces)", 2),
    ],
)
def test_template_errors(template: str, message: str, offset: int) -> None:
    with pytest.raises(CelError) as caught:
        ENVIRONMENT.compile_template(template)
    assert (str(caught.value), caught.value.offset) == (message, offset)


# -- limits


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "!" * 500 + "true",
        "pod" + ".parent" * 500,
        " + ".join(["1"] * 500),
        "'" + "a" * 30_000 + "'",
        "[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))",
        f"{[0] * 1001}.all(a, {[0] * 1001}.all(b, true))",
        "lists.range(900).all(a, lists.range(900).all(b, [1, 2].all(c, true)))",
        "'a'.matches('" + "(a" * 100 + ")" * 100 + "')",
        "'a'.matches('a{1001}')",
        "'a'.matches('(a{0,900}){900}')",
    ],
)
def test_limits_are_clear_errors(text: str) -> None:
    with pytest.raises(CelError):
        ENVIRONMENT.compile(text)


def test_long_chains_of_logic_are_fine() -> None:
    assert ENVIRONMENT.compile(" || ".join(["pod.name == 'x'"] * 700 + ["true"])).evaluate(pod(), 1) is True


def test_strings_do_not_grow_without_bound() -> None:
    doubling = "'aaaaaaaaaa'"
    for step in range(30):
        doubling = f"cel.bind(s{step}, {doubling}, s{step} + s{step})"
    with pytest.raises(CelRuntimeError, match="grows over"):
        ENVIRONMENT.compile(doubling).evaluate(pod(), 1)
    with pytest.raises(CelRuntimeError, match="grows over"):
        ENVIRONMENT.compile("pod.name.replace('', pod.name)").evaluate(pod(name="a" * 2000), 1)


# -- patterns


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(a+)+$", "a" * 20_000 + "b"),
        (r"(a|a)*b", "a" * 20_000),
        (r"(a|ab)*c", "ab" * 10_000),
        (r"(a*)*b", "a" * 20_000),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 20_000),
        (r".*.*.*x", "a" * 20_000),
        (r"a?" * 30 + "a" * 30, "a" * 29),
        (r"(\w+\s*)+:", "word " * 4_000),
        (r"a{0,19}" * 6 + "b", "a" * 20_000),
        (r"(a|a.)" * 24 + "b", "a" * 20_000),
        (r"a{1,900}b", "a" * 20_000),
    ],
)
def test_patterns_that_explode_elsewhere(pattern: str, text: str) -> None:
    assert not Pattern(pattern).search(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a$", "a\n", False),
        (r"\d", "٣", False),
        ("(?i)straße", "STRAßE", True),
        ("a(?i)b|c", "aB", True),
        ("a(?i)b|c", "C", True),
        ("(?i:a)b", "AB", False),
        (r"\bfoo\b", "a foo b", True),
        ("[[:digit:]]{3}", "a123", True),
        ("[^[:space:]]", " \t", False),
        (r"\Qa.b\E", "axb", False),
        (r"\x{1F600}", "😀", True),
        ("(?s)a.b", "a\nb", True),
        ("a.b", "a\nb", False),
        ("(?m)^b$", "a\nb\nc", True),
        ("[]a]", "]", True),
        ("[a-]", "-", True),
        ("x{,3}", "x{,3}", True),
        ("(?P<name>a)(?<other>b)", "ab", True),
        (r"[\w.-]+@", "a.b-c@", True),
        ("a||b", "", True),
    ],
)
def test_pattern_syntax_is_re2(pattern: str, text: str, expected: bool) -> None:
    assert bool(Pattern(pattern).search(text)) is expected


# -- the unknown value


def test_unknown_swallows_operations_and_refuses_truth() -> None:
    for result in (
        UNKNOWN.a,
        UNKNOWN[0],
        UNKNOWN(),
        UNKNOWN == 1,
        UNKNOWN != 1,
        UNKNOWN < 1,
        1 + UNKNOWN,
        "a" + UNKNOWN,
        -UNKNOWN,
    ):
        assert result is UNKNOWN
    for ask in (bool, len, iter, lambda value: "a" in value):
        with pytest.raises(UnknownTruth):
            ask(UNKNOWN)
    assert hash(UNKNOWN) == hash(UNKNOWN)
    assert str(UNKNOWN) == "(unknown)"


def test_unknown_stays_one_object() -> None:
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN
    assert copy.deepcopy([UNKNOWN])[0] is UNKNOWN


class Prefixed(Unknown):
    """A string of which the beginning is known."""

    __slots__ = ("prefix",)

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def startswith(self, part: str) -> Any:
        return True if self.prefix.startswith(part) else UNKNOWN

    def __eq__(self, other: object) -> Any:
        return UNKNOWN if isinstance(other, str) and other.startswith(self.prefix) else False

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pod.name.startsWith('nvcr.io/')", True),
        ("pod.host.startsWith('nvcr.io/')", True),
        ("pod.name.startsWith('x')", UNKNOWN),
        ("pod.name == 'ubuntu'", False),
        ("pod.name == 'nvcr.io/a'", UNKNOWN),
        ("pod.name in ['a', 'b']", False),
        ("pod.name in ['a', 'nvcr.io/b']", UNKNOWN),
        ("pod.name.endsWith('b')", UNKNOWN),
        ("pod.name.contains('b')", UNKNOWN),
        ("pod.name + 'a'", UNKNOWN),
    ],
)
def test_partly_known_strings_can_answer(text: str, expected: Any) -> None:
    subject = pod(name=Prefixed("nvcr.io/"), host=Prefixed("nvcr.io/"))
    program = ENVIRONMENT.compile(text)
    assert program.evaluate(subject, 1) is expected
    assert program.evaluate_slowly(subject, 1) is expected


# -- suggestions


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("privilged", ["privileged", "procMount"], "privileged"),
        ("runasuser", ["runAsUser", "runAsGroup"], "runAsUser"),
        ("imgae", ["image", "name"], "image"),
        ("zzz", ["image", "name"], None),
        ("a", [], None),
    ],
)
def test_suggestions(name: str, candidates: list[str], expected: str | None) -> None:
    assert suggest(name, candidates) == expected
