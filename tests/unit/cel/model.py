"""A small model, its types, and expressions over it for properties."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from linter.cel import (
    BOOL,
    DOUBLE,
    INT,
    RAW,
    STRING,
    UNKNOWN,
    Environment,
    Field,
    ListType,
    MapType,
    MessageType,
    Nullable,
)


class Thing:
    """A model object: attributes, and what was written."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def has(self, name: str) -> Any:
        value = self.__dict__[name]
        return UNKNOWN if value is UNKNOWN else value is not None

    def __repr__(self) -> str:
        return f"Thing({self.__dict__})"


PORT = MessageType("Port", {"number": Field(INT), "name": Field(Nullable(STRING)), "open": Field(BOOL)})
POD = MessageType(
    "Pod",
    lambda: {
        "name": Field(STRING),
        "host": Field(Nullable(STRING)),
        "count": Field(INT),
        "uid": Field(Nullable(INT)),
        "load": Field(DOUBLE),
        "ready": Field(BOOL),
        "root": Field(Nullable(BOOL)),
        "args": Field(ListType(STRING)),
        "sizes": Field(Nullable(ListType(INT))),
        "ports": Field(ListType(PORT)),
        "labels": Field(MapType(STRING, STRING)),
        "raw": Field(RAW),
        "type": Field(STRING, attr="type_"),
        "parent": Field(POD),
    },
)
ENVIRONMENT = Environment([("pod", POD), ("n", INT)])


def pod(**changes: Any) -> Thing:
    """A pod with defaults."""
    values: dict[str, Any] = {
        "name": "web", "host": None, "count": 2, "uid": None, "load": 0.5, "ready": True, "root": None,
        "args": ["--model", "llama"], "sizes": None, "labels": {"app": "web"}, "type_": "x", "parent": None,
        "ports": [Thing(number=80, name="http", open=True), Thing(number=443, name=None, open=False)],
        "raw": {"a": {"b": 3}, "blocks": [{"x": 1}], "on": True, "none": None, "text": "abc", "list": [1, "two", None]},
    }  # fmt: skip
    return Thing(**{**values, **changes})


# -- random pods

_TEXTS = st.sampled_from(["", "a", "web", "--model", "true", "1", "5Gi", "10.0.0.1"])
_INTS = st.sampled_from([-1, 0, 1, 2, 80, 2**62])
_RAW = st.recursive(
    st.one_of(_TEXTS, _INTS, st.booleans(), st.none(), st.just(1.5), st.just(UNKNOWN)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abx"), inner, max_size=3)
    ),
    max_leaves=6,
)


def _or_unknown(values: st.SearchStrategy[Any], *more: Any) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, st.just(UNKNOWN), *(st.just(value) for value in more))


def _open_list(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _or_unknown(
        st.builds(
            lambda items, tail: items + tail, st.lists(values, max_size=3), st.sampled_from([[], [UNKNOWN]])
        )
    )


_PORTS = st.builds(
    Thing, number=_or_unknown(_INTS), name=_or_unknown(_TEXTS, None), open=_or_unknown(st.booleans())
)
PODS = st.builds(
    Thing,
    name=_or_unknown(_TEXTS),
    host=_or_unknown(_TEXTS, None),
    count=_or_unknown(_INTS),
    uid=_or_unknown(_INTS, None),
    load=_or_unknown(st.sampled_from([0.0, 0.5, -1.0])),
    ready=_or_unknown(st.booleans()),
    root=_or_unknown(st.booleans(), None),
    args=_open_list(_or_unknown(_TEXTS)),
    sizes=st.one_of(st.none(), _open_list(_INTS)),
    ports=_open_list(_PORTS),
    labels=_or_unknown(st.dictionaries(st.sampled_from(["app", "a"]), _or_unknown(_TEXTS), max_size=2)),
    raw=_RAW,
    type_=_or_unknown(_TEXTS),
    parent=st.just(UNKNOWN),
)

# -- random expressions: a grammar by type; {b} {i} {s} {l} {r} are holes

_GRAMMAR: dict[str, list[str]] = {
    "b": [
        "true", "pod.ready", "pod.root", "pod.parent.ready", "({b} && {b})", "({b} || {b})", "!{b}",
        "({b} ? {b} : {b})", "({i} == {i})", "({i} < {i})", "({s} == {s})", "({s} != {s})", "({s} in {l})",
        "({s} in ['a', 'web', ''])", "({i} in [0, 1, 80])", "{s}.startsWith('w')", "{s}.contains({s})",
        "{s}.matches('^[a-z]+$')", "has(pod.host)", "has(pod.raw.a)", "('app' in pod.labels)",
        "(pod.labels.app == {s})", "{l}.exists(x, x == {s})", "{l}.all(x, {b})",
        "{l}.exists(x, x.startsWith('-') && {b})", "{l}.exists_one(x, x == 'a')",
        "pod.ports.exists(p, p.open && p.number > {i})", "pod.ports.all(p, p.name != 'http' || p.open)",
        "{r}.exists(x, x == 1)", "{r}.exists(k, v, v == 'a' || {b})", "({r} == {i})", "({r} == 'a')",
        "({r} > 0)", "({s} in {r})", "{r}.startsWith('a')", "(size({l}) > 0)", "(size({r}) == 0)",
        "(pod.uid == null)", "(pod.host == null || pod.host == 'a')", "(pod.sizes.exists(x, x > 1))",
        "(1 / {i} > 0)", "cel.bind(v, {i}, v > 0 && v == {i})", "pod.?host.hasValue()", "({l} == {l})",
        "{l}.filter(x, x != 'a').exists(y, {b})",
    ],
    "i": [
        "0", "1", "n", "pod.count", "pod.uid", "({i} + {i})", "({i} - {i})", "({i} * {i})", "({i} / {i})",
        "({i} % {i})", "size({s})", "size({l})", "({b} ? {i} : {i})", "pod.ports[0].number",
        "pod.ports[{i}].number", "int({s})", "-{i}", "pod.sizes[0]", "{l}.map(x, size(x)).sum()",
        "pod.?uid.orValue({i})",
    ],
    "s": [
        "'a'", "'web'", "pod.name", "pod.host", "pod.type", "pod.labels['a']", "({s} + {s})", "string({i})",
        "({b} ? {s} : {s})", "{l}[0]", "{s}.lowerAscii()", "{l}.join(',')", "pod.?host.orValue('z')",
        "{s}.trim()",
    ],
    "l": [
        "pod.args", "['a', {s}]", "{l}.filter(x, x != {s})", "{l}.map(x, x + 'a')", "({l} + {l})",
        "{s}.split(',')", "[pod.name, pod.type]", "pod.ports.map(p, p.open, string(p.number))",
        "{l}.distinct()",
    ],
    "r": [
        "pod.raw", "pod.raw.a", "pod.raw.a.b", "{r}.x", "{r}[0]", "{r}[{i}]", "pod.raw['b']",
        "({b} ? {r} : pod.raw.x)",
    ],
}  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, kind: str = "b", depth: int = 4) -> str:
    """A random expression of a kind of the grammar."""
    choices = _GRAMMAR[kind]
    if depth == 0:
        choices = [choice for choice in choices if "{" not in choice]
    text = draw(st.sampled_from(choices))
    for hole in "bislr":
        while f"{{{hole}}}" in text:
            text = text.replace(f"{{{hole}}}", draw(expressions(hole, depth - 1)), 1)
    return text
