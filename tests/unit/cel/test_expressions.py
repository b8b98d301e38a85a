"""What expressions over typed models, nullables, raw values and unknowns give."""

from __future__ import annotations

from typing import Any

import pytest

from linter.cel import (
    BOOL,
    DYN,
    INT,
    RAW,
    STRING,
    UNKNOWN,
    CelError,
    CelRuntimeError,
    Environment,
    Function,
    ListType,
    Nullable,
    describe,
)
from linter.cel.values import UInt
from tests.unit.cel.model import ENVIRONMENT, Thing, pod

ERROR = "an error"


def value_of(text: str, subject: Any, n: Any = 1, environment: Environment = ENVIRONMENT) -> Any:
    """The value, which the slow function must give, too."""
    program = environment.compile(text)
    results = []
    for way in (program.evaluate, program.evaluate_slowly):
        try:
            results.append(way(subject, n))
        except CelRuntimeError:
            results.append(ERROR)
    assert repr(results[0]) == repr(results[1])
    return results[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pod.name", "web"),
        ("pod.ready && pod.count == 2", True),
        ("pod.ports[1].number", 443),
        ("pod.ports.exists(p, p.name == 'http')", True),
        ("pod.ports.all(p, p.number > 100)", False),
        ("pod.ports.filter(p, p.open).map(p, p.number)", [80]),
        ("pod.ports.exists(i, p, i == 1 && p.number == 443)", True),
        ("'--model' in pod.args", True),
        ("pod.name in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'web']", True),
        ("pod.type", "x"),
        ("'app' in pod.labels && pod.labels.app == 'web'", True),
        ("pod.labels['nope']", ERROR),
        ("pod.labels.exists(k, v, v == 'web')", True),
        ("has(pod.host)", False),
        ("has(pod.type)", True),
        ("pod.?host.orValue('none')", "none"),
        ("pod.?name.orValue('none')", "web"),
        ("cel.bind(p, pod.ports[0], p.number + p.number)", 160),
        ("size(pod.args) > 0 ? pod.args[0] : ''", "--model"),
        ("pod.args.map(a, a.upperAscii()).join(' ')", "--MODEL LLAMA"),
        ("quantity('1Gi').isGreaterThan(quantity('1G'))", True),
        ("quantity('1500m') == quantity('1.5')", True),
        ("quantity('500m') < quantity('1')", True),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3')", True),
        ("duration('90m') > duration('1h')", True),
        ("{'a': 1}.transformMap(k, v, v + 1)", {"a": 2}),
        ("[1, 2, 2].distinct().size()", 2),
        ("2u + 3u", UInt(5)),
        ("9223372036854775807 + 1", ERROR),
        ("'a' + 'b' * 1", None),
    ],
)
def test_plain(text: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(CelError):
            ENVIRONMENT.compile(text)
        return
    assert value_of(text, pod()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pod.uid == 0", False),
        ("pod.uid != 0", True),
        ("pod.uid == null", True),
        ("pod.uid < 5", False),
        ("5 < pod.uid", False),
        ("pod.uid + 1", None),
        ("-pod.uid", None),
        ("pod.uid + 1 > 0", False),
        ("pod.host.startsWith('a')", False),
        ("!pod.host.contains('a')", True),
        ("pod.host.matches('a')", False),
        ("pod.host.lowerAscii()", None),
        ("size(pod.host)", 0),
        ("pod.host.size() == 0", True),
        ("pod.host in ['a']", False),
        ("pod.root", None),
        ("pod.root && true", False),
        ("true && pod.root", False),
        ("!pod.root", True),
        ("pod.root ? 1 : 2", 2),
        ("pod.sizes.exists(s, s > 1)", False),
        ("pod.sizes.all(s, s > 1)", True),
        ("1 in pod.sizes", False),
        ("pod.sizes[0]", None),
        ("quantity(pod.host).isGreaterThan(quantity('1'))", False),
        ("cel.bind(s, pod.sizes.map(x, x + 1), size(s))", 0),
    ],
)
def test_null_is_safe(text: str, expected: Any) -> None:
    assert value_of(text, pod()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pod.raw.a.b", 3),
        ("pod.raw.a.nope.deeper", None),
        ("pod.raw.text.x", None),
        ("pod.raw.blocks.x", 1),
        ("pod.raw.blocks[0].x", 1),
        ("pod.raw.a[0].b", 3),
        ("pod.raw.list.x", UNKNOWN),
        ("pod.raw.list[7]", None),
        ("has(pod.raw.a)", True),
        ("has(pod.raw.none)", False),
        ("has(pod.raw.a.b.c)", False),
        ("pod.raw.a.b > 2", True),
        ("pod.raw.a.b > 2.5", True),
        ("pod.raw.text > 2", False),
        ("pod.raw.nope > 2", False),
        ("pod.raw.nope == null", True),
        ("pod.raw.on", True),
        ("pod.raw.on && true", True),
        ("pod.raw.nope && true", False),
        ("!pod.raw.nope", True),
        ("pod.raw.text && true", ERROR),
        ("pod.raw.on == 1", False),
        ("pod.raw.blocks.exists(b, b.x == 1)", True),
        ("pod.raw.a.exists(b, b.b == 3)", True),
        ("pod.raw.a.exists(k, v, k == 'b' && v == 3)", True),
        ("pod.raw.nope.exists(b, true)", False),
        ("pod.raw.text.exists(b, true)", False),
        ("pod.raw.nope.all(b, false)", True),
        ("'two' in pod.raw.list", True),
        ("'b' in pod.raw.a", True),
        ("'b' in pod.raw.nope", False),
        ("size(pod.raw.list)", 3),
        ("size(pod.raw.nope)", 0),
        ("size(pod.raw.a.b)", 0),
        ("pod.raw.text.startsWith('ab')", True),
        ("pod.raw.list.startsWith('ab')", False),
        ("pod.raw.text + 'd'", "abcd"),
        ("pod.raw.nope + 1", None),
        ("int(pod.raw.a.b)", 3),
        ("int(pod.raw.nope)", None),
        ("bool(pod.raw.on)", True),
        ("pod.raw.?a.hasValue()", True),
        ("pod.raw.?nope.orValue(5)", 5),
        ("quantity(pod.raw.a.b) == quantity('3')", True),
    ],
)
def test_raw_values_are_null_safe(text: str, expected: Any) -> None:
    found = value_of(text, pod())
    assert found is UNKNOWN if expected is UNKNOWN else found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n == 1", UNKNOWN),
        ("n == 1 && false", False),
        ("false && n == 1", False),
        ("n == 1 || true", True),
        ("n == 1 && 1 / 0 == 1", UNKNOWN),
        ("1 / 0 == 1 || n == 1", UNKNOWN),
        ("1 / 0 == 1 && false", False),
        ("!(n == 1)", UNKNOWN),
        ("n == 1 ? 'a' : 'b'", UNKNOWN),
        ("n in [1, 2]", UNKNOWN),
        ("[1, n].exists(x, x == 1)", True),
        ("[2, n].exists(x, x == 1)", UNKNOWN),
        ("[2, n].all(x, x == 1)", False),
        ("[1, n].all(x, x == 1)", UNKNOWN),
        ("[1, 1, n].exists_one(x, x == 1)", False),
        ("[1, n].exists_one(x, x == 1)", UNKNOWN),
        ("[1, 2, n].filter(x, x == 1)", [1, UNKNOWN]),
        ("size([1, n])", UNKNOWN),
        ("size([1, n]) > 0", True),
        ("size([n]) > 0", UNKNOWN),
        ("size([n, 1])", 2),
        ("1 in [1, n]", True),
        ("2 in [1, n]", UNKNOWN),
        ("[1, n] == [2, 2]", False),
        ("[1, n] == [1, 2]", UNKNOWN),
        ("[1, n][5]", UNKNOWN),
        ("[1, n][0]", 1),
        ("string(n)", UNKNOWN),
        ("[string(n), 'a'].join(',')", UNKNOWN),
        ("{'a': n}.a", UNKNOWN),
        ("has(pod.parent.name)", UNKNOWN),
        ("pod.parent.parent.ports.exists(p, p.open)", UNKNOWN),
        ("pod.parent.name.startsWith('a')", UNKNOWN),
        ("pod.parent.name.startsWith('a') || pod.ready", True),
        ("pod.parent.raw.a.b.c", UNKNOWN),
        ("pod.parent.host < 'a'", UNKNOWN),
        ("pod.?parent.hasValue()", UNKNOWN),
        ("cel.bind(x, n, x == 1 || true)", True),
    ],
)
def test_unknown_follows_kleene(text: str, expected: Any) -> None:
    assert repr(value_of(text, pod(parent=UNKNOWN), UNKNOWN)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("pod.hots", "no field 'hots' on Pod; did you mean 'host'?", 4),
        ("pdo.name", "no variable 'pdo'; did you mean 'pod'?", 0),
        ("pod.name.startWith('a')", "no function 'startWith'; did you mean 'startsWith'?", 9),
        ("pod.name == 5", "string == int can never be true", 9),
        ("pod.name == null", "a string is never null (has(…) asks whether a field was written)", 9),
        ("pod.name && true", "expected true or false, found string (compare it, or ask size(…) > 0)", 4),
        ("5 in pod.args", "a list(string) never holds int", 2),
        (
            "'a' in pod.name",
            "`in` wants a list or a map, not string (a part of a string: text.contains(part))",
            4,
        ),
        (
            "pod.ports.number",
            "list(Port) has no field 'number' (reach into its elements with exists(x, …) or [0])",
            10,
        ),
        ("pod.name.contains(5)", "contains() wants string, not int (string.contains(string))", 18),
        ("pod.name < 5", "string < int has no meaning", 9),
        ("1 + 1.0", "int + double has no meaning (convert one with int() or double())", 2),
        ("pod.name = 'a'", "unexpected character '='", 9),
        ("pod.name == 'a", "this string is not closed (close it with ')", 12),
        ("pod.ports.exists(p, p.nmae == 'a')", "no field 'nmae' on Port; did you mean 'name'?", 22),
        ("pod.name.matches('(')", "in the pattern: a group that is not closed (at character 1 of it)", 17),
        (
            "pod.name.matches('(?=a)')",
            "in the pattern: RE2 patterns have no look-ahead and no look-behind (at character 1 of it)",
            17,
        ),
        ("has(pod)", "has() takes a field: has(a.b) (for a key of a map: 'key' in map)", 0),
        ("startsWith('a', 'b')", "'startsWith' is called the other way: string.startsWith(string)", 0),
        ("", "the expression ends too early", 0),
        ("pod.", "expected a field name, found the end of the expression", 4),
        ("99999999999999999999", "the number does not fit into 64 bits", 0),
    ],
)
def test_errors_say_what_and_where(text: str, message: str, offset: int) -> None:
    with pytest.raises(CelError) as caught:
        ENVIRONMENT.compile(text)
    assert str(caught.value) == message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("pod.ready && 1 / (pod.count - 2) > 0", 15),
        ("pod.labels.nope == 'a'", 11),
        ("int('x') == 1", 0),
        ("'a'.charAt(9) == ''", 4),
    ],
)
def test_runtime_errors_say_where(text: str, offset: int) -> None:
    with pytest.raises(CelRuntimeError) as caught:
        ENVIRONMENT.compile(text).evaluate(pod(), 1)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("pod.ready && true", "bool"),
        ("pod.uid", "int or null"),
        ("pod.ports", "list(Port)"),
        ("pod.ports.map(p, p.name)", "list(string or null)"),
        ("pod.raw.a.b", "raw"),
        ("pod.labels", "map(string, string)"),
        ("true ? 1 : null", "int or null"),
        ("[1, 'a']", "list(dyn)"),
        ("pod.?host", "optional(string or null)"),
        ("pod.host.lowerAscii()", "string or null"),
        ("size(pod.raw)", "int"),
    ],
)
def test_types(text: str, type_: str) -> None:
    assert describe(ENVIRONMENT.compile(text).type) == type_


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("pod.ports[0].name", ("pod", "ports", 0, "name")),
        ("pod.labels['a.b/c']", ("pod", "labels", "a.b/c")),
        ("pod.raw.a.b", ("pod", "raw", "a", "b")),
        ("pod", ("pod",)),
        ("pod.ports[n].name", None),
        ("pod.name + ''", None),
        ("pod.?host", None),
        ("int", None),
    ],
)
def test_paths(text: str, path: tuple[str | int, ...] | None) -> None:
    assert ENVIRONMENT.compile(text).path == path


def test_names_are_those_that_are_read() -> None:
    assert ENVIRONMENT.compile("[1].exists(n, n == 1) && pod.ready").names == {"pod"}


# -- own functions

CALLS: list[tuple[Any, ...]] = []


def _older(left: str, right: str) -> bool:
    CALLS.append((left, right))
    return left < right


FUNCTIONS = (
    Function("older", (STRING, STRING), BOOL, _older, method=True, doc="whether a version is older"),
    Function("parts", (STRING,), ListType(STRING), lambda text: text.split(".")),
    Function("peek", (RAW,), STRING, repr, unknown=True),
    Function("first", (ListType(STRING),), Nullable(STRING), lambda items: items[0] if items else None),
    Function("twice", (INT,), INT, lambda number: number * 2),
)
OWN = Environment([("version", Nullable(STRING)), ("other", DYN)], FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "version", "other", "expected"),
    [
        ("version.older('2')", "1", None, True),
        ("version.older('2')", None, None, False),
        ("version.older('2')", UNKNOWN, None, UNKNOWN),
        ("'1'.older(other)", None, UNKNOWN, UNKNOWN),
        ("'1'.older(other)", None, 5, ERROR),
        ("'1'.older(other)", None, "2", True),
        ("parts(version)", "1.2", None, ["1", "2"]),
        ("parts(version)", None, None, None),
        ("peek(other)", None, UNKNOWN, "UNKNOWN"),
        ("first(['a', string(other)])", None, UNKNOWN, UNKNOWN),
        ("twice(other)", None, 4, 8),
    ],
)
def test_own_functions(text: str, version: Any, other: Any, expected: Any) -> None:
    CALLS.clear()
    assert repr(value_of(text, version, other, OWN)) == repr(expected)
    assert all(isinstance(arg, str) for call in CALLS for arg in call)


def test_a_misspelt_own_function_is_suggested() -> None:
    with pytest.raises(CelError, match=r"did you mean 'older'\?"):
        OWN.compile("version.oldr('2')")


def test_a_message_reads_its_default() -> None:
    thing = Thing(ready=False, name="")
    assert ENVIRONMENT.compile("pod.ready || pod.name == ''").evaluate(thing, 0) is True
