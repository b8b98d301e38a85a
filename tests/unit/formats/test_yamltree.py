"""YAML and JSON into located nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.formats import yamlcompose
from linter.formats.node import Node
from linter.formats.scalars import resolve
from linter.formats.yamltree import Stream, opened, parse_documents, parse_embedded, parse_templated
from linter.text import SourceText


def read(text: str, path: str = "x.yaml") -> Stream:
    return parse_documents(SourceText(path, text))


def one(text: str, path: str = "x.yaml") -> Node:
    stream = read(text, path)
    assert not stream.problems
    assert len(stream.documents) == 1
    return stream.documents[0]


def under(text: str, node: Node, key: str) -> str:
    span = node.entry_span(key)
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True), ("on", True), ("Off", False), ("n", False), ("true", True), ("~", None), ("null", None),
        ("0777", 511), ("0o17", 15), ("0x1F", 31), ("0b101", 5), ("1_000", 1000), ("08", 8.0), ("-7", -7),
        ("1:30", "1:30"), ("2024-01-02", "2024-01-02"), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0),
        ("v1", "v1"),
        ("1.2.3", "1.2.3"), ("+", "+"), ("-", "-"), (".", "."), ("yesterday", "yesterday"), ("10m", "10m"),
    ],
)  # fmt: skip
def test_scalars_are_read_as_kubernetes_reads_them(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_scalars_are_strings() -> None:
    assert one("a: 'yes'\nb: \"0777\"\nc: |\n  on\n").plain() == {"a": "yes", "b": "0777", "c": "on\n"}


def test_explicit_tags() -> None:
    node = one("a: !!str 12\nb: !!int '12'\nc: !custom x\n")
    assert node.get("a").scalar() == "12"
    assert node.get("b").scalar() == 12
    assert node.get("c").scalar() is UNKNOWN
    assert node.get("c").tag == "!custom"


def test_entry_spans_are_one_line() -> None:
    text = "a: 1 # note\nb:\n  c: {d: e}\n  f: |\n    g\n    h\ni:\n- name: x\n  y: z\nj:\n"
    node = one(text)
    assert under(text, node, "a") == "a: 1"
    assert under(text, node, "b") == "b"
    assert under(text, node.get("b"), "c") == "c: {d: e}"
    assert under(text, node.get("b"), "f") == "f"
    assert under(text, node, "j") == "j:"
    head = node.get("i").head_span()
    assert text[head.start : head.end] == "name: x"
    whole = node.get("b").span
    assert text[whole.start : whole.end] == "c: {d: e}\n  f: |\n    g\n    h"


def test_anchors_and_merge_keys() -> None:
    text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\nd:\n  <<: [{z: 1}, *a]\n"
    node = one(text)
    assert node.get("b").plain() == {"x": 1, "y": 3}
    assert node.get("d").plain() == {"z": 1, "x": 1, "y": 2}
    assert under(text, node.get("b"), "x") == "x: 1"  # where it is written
    assert under(text, node, "c") == "c: *a"


def test_duplicate_keys_are_reported_and_the_last_wins() -> None:
    text = "a: 1\nb: 2\na: 3\n"
    stream = read(text)
    assert [p.message for p in stream.problems] == ["duplicate key 'a': the last one wins, the first is lost"]
    assert stream.problems[0].start == text.rindex("a")
    assert stream.documents[0].plain() == {"a": 3, "b": 2}


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("a: 1\na: 1\n", False),
        ("a: {}\na: {}\n", False),
        ("a: 1\na: '1'\n", True),
        ("a: [1]\na: [1]\n", True),
    ],
)
def test_what_is_written_twice_the_same_is_not_lost(text: str, lost: bool) -> None:
    (problem,) = read(text).problems
    assert problem.message.endswith("the first is lost") is lost


def test_a_broken_document_leaves_the_others() -> None:
    text = "a: 1\n---\nb: [\n---\nc: 3\n"
    stream = read(text)
    assert [node.plain() for node in stream.documents] == [{"a": 1}, {"c": 3}]
    assert len(stream.problems) == 1
    span = stream.documents[1].entry_span("c")
    assert text[span.start : span.end] == "c: 3"


def test_comments_are_no_documents() -> None:
    assert read("# one\n---\n# two\n---\n").documents == []


def test_windows_line_ends() -> None:
    text = "a: b\r\nc:\r\n  d: e\r\n"
    node = one(text)
    assert node.plain() == {"a": "b", "c": {"d": "e"}}
    assert under(text, node, "a") == "a: b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [*a]\n", "an anchor contains an alias of itself"),
        ("[" * 300 + "]" * 300, "nested deeper than 250 levels"),
        ("a: \x00b\n", "control characters are not allowed (character #x0000)"),
        ("\ta: b\n", "found character that cannot start any token (while scanning for the next token)"),
        ("a: *nothing\n", "found undefined alias"),
    ],
)
def test_dangers_become_problems(text: str, message: str) -> None:
    stream = read(text)
    assert [p.message for p in stream.problems] == [message]
    assert stream.documents == []


def test_alias_bombs_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert [p.message for p in read("\n".join(lines)).problems] == [
        "aliases expand to more than 1000000 nodes"
    ]


def test_json_has_the_same_nodes() -> None:
    text = '{\n\t"kind": "Pod",\n\t"list": [1, {"b": "c"}],\n\t"deep": {\n\t\t"x": true\n\t}\n}\n'
    node = one(text, "x.json")
    assert node.plain() == {"kind": "Pod", "list": [1, {"b": "c"}], "deep": {"x": True}}
    assert under(text, node, "kind") == '"kind": "Pod"'
    assert under(text, node, "deep") == '"deep"'
    assert under(text, node.get("deep"), "x") == '"x": true'
    assert under(text, node.get("list").elements()[1], "b") == '"b": "c"'


def test_json_duplicates() -> None:
    stream = read('{"a": 1, "a": 2}', "x.json")
    assert [p.message for p in stream.problems] == ["duplicate key 'a': the last one wins, the first is lost"]


def test_embedded_documents_point_into_the_file() -> None:
    stream = parse_embedded("a: 1\nb: 2\n", lambda index: index + 100)
    assert stream.documents[0].entry_span("b").start == 105


def test_opened_trees_are_open_throughout() -> None:
    node = opened(one("a:\n  b: [1]\n"))
    assert node.open
    assert node.get("a").open
    assert node.get("a").get("b").plain() == [1, UNKNOWN]


def test_template_holes_are_unknown() -> None:
    text = (
        "kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  labels:\n"
        '    {{- include "labels" . | nindent 4 }}\n    app: x\nspec:\n  {{- if .Values.a }}\n  replicas: 1\n'
        "  {{- else }}\n  replicas: 2\n  {{- end }}\n  env:\n    {{- toYaml .Values.env | nindent 4 }}\n"
        "  image: ${IMAGE}\n  owner: <your name>\n"
    )
    stream = parse_templated(SourceText("t.yaml", text))
    node = stream.documents[0]
    assert node.get("kind").scalar() == "Deployment"
    assert node.get("metadata").get("name").scalar() is UNKNOWN
    assert node.get("metadata").get("labels").open
    assert node.get("metadata").get("labels").get("app").scalar() == "x"
    spec = node.get("spec")
    assert spec.get("replicas").scalar() is UNKNOWN  # one of two branches
    assert spec.get("env").scalar() is UNKNOWN
    assert spec.get("image").scalar() is UNKNOWN
    assert spec.get("owner").scalar() is UNKNOWN


def test_a_block_that_begins_with_a_control_line_keeps_its_indent() -> None:
    text = "a: |\n  {{- if .Values.long }}\n  one\n  {{- else }}\n  two\n  {{- end }}\nb: 1\n"
    node = parse_templated(SourceText("t.yaml", text)).documents[0]
    assert node.get("a").string() is UNKNOWN
    assert node.get("a").raw.value.splitlines()[1] == "one"
    assert node.get("b").scalar() == 1


def test_a_comment_of_a_template_may_hold_actions() -> None:
    text = "a: 1\n  {{/* {{ x -}}*/}}\n{{- /* {{ if }} */ -}}\nb: 2\n"
    assert parse_templated(SourceText("t.yaml", text)).documents[0].plain() == {"a": 1, "b": 2}


def test_what_ytt_writes_is_unknown() -> None:
    text = "#@ load('@ytt:data', 'data')\n---\na: #@ data.values.a\nb:\n- #@ one\n- c: #@ two\nd: #@none\ne: 1 #@ f\n"
    node = parse_templated(SourceText("t.yaml", text)).documents[-1]
    assert node.plain() == {"a": UNKNOWN, "b": [UNKNOWN, {"c": UNKNOWN}], "d": None, "e": 1}


def test_what_sops_encrypted_is_unknown() -> None:
    text = (
        "a: ENC[AES256_GCM,data:Zm9v,iv:YmFy,type:str]\nb: 'ENC[AES256_GCM,data:Zg==]'\nc: ENC[x]\nsops: {}\n"
    )
    node = parse_templated(SourceText("secret.sops.yaml", text)).documents[0]
    assert node.plain() == {"a": UNKNOWN, "b": UNKNOWN, "c": "ENC[x]", "sops": {}}


def test_directives_of_terraform_are_no_yaml() -> None:
    text = "a:\n%{ for x in xs ~}\n  - b: ${x}\n%{ endfor ~}\nc: 'curl -w %{http_code}'\n"
    stream = parse_templated(SourceText("t.yaml.tftpl", text))
    assert stream.engine
    assert stream.documents[0].plain() == {"a": [{"b": UNKNOWN}], "c": "curl -w %{http_code}"}
    assert not parse_templated(SourceText("t.yaml", "c: '%{http_code}'\n")).engine


def test_a_template_that_fits_nowhere_is_left_out() -> None:
    text = "kind: Pod\nspec:\n  a: 1\n {{ .Values.odd }} x: [\n  b: 2\n"
    stream = parse_templated(SourceText("t.yaml", text))
    assert stream.problems == []
    assert stream.documents[0].open
    assert stream.documents[0].get("spec").get("b").scalar() == 2


FOREIGN = {
    "freemarker": (
        "a:\n<#if config.mail?? && config.mail>\n  - ${config.b}\n<#else>\n  - c\n</#if>\n<#-- no more -->\nd: 1\n",
        {"a": [UNKNOWN, "c"], "d": 1},
    ),
    "entries in angle brackets": ("a:\n  <NOTES_1>\n  <NOTES_2>\n  b: 1\n", {"a": {"b": 1}}),
    "entries of envsubst": ("a:\n  b: 1\n${BLOCK}\n  c: ${C}\n", {"a": {"b": 1, "c": UNKNOWN}}),
    "values in percent signs": (
        "a:\n  - b: %%NAME%%\nc: x.%%DOMAIN%%\nd: %D%\n",
        {"a": [{"b": UNKNOWN}], "c": UNKNOWN, "d": UNKNOWN},
    ),
    "values of Sphinx": ("a: |repository|\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "masked values": ("a: ****\nb: *  # to be set\nc: 1\n", {"a": UNKNOWN, "b": UNKNOWN, "c": 1}),
    "values of autoconf": ("a: @prefix@\nb: 1\n", {"a": UNKNOWN, "b": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), FOREIGN.values(), ids=FOREIGN)
def test_templates_of_other_programs_are_read(text: str, value: Any) -> None:
    stream = parse_templated(SourceText("t.yaml", text))
    assert (stream.problems, stream.engine) == ([], True)
    assert stream.documents[0].plain() == value


def test_entries_that_a_placeholder_stands_for_are_not_missing() -> None:
    stream = parse_templated(SourceText("t.yaml", "a:\n  <NOTES>\n  b: 1\nc:\n  d: 1\n"))
    assert stream.documents[0].get("a").open
    assert not stream.documents[0].get("c").open


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  - b: %%NAME%%\n   c: [\n",
        "a: |\n  echo\n  ${BLOCK}\nb: [\n",
        "a: {IMAGE}/{NAME}\n",
        "a: <x\n\tb: 1\n",
    ],
)
def test_what_is_broken_beside_a_placeholder_stays_a_problem(text: str) -> None:
    stream = parse_templated(SourceText("t.yaml", text))
    assert stream.problems
    assert not stream.engine


def test_a_placeholder_in_a_script_is_text() -> None:
    stream = parse_templated(
        SourceText("t.yaml", "a: |\n  cat <<EOF\n  ${BLOCK}\n  <BLOCK>\n  EOF\nb: 1\nb: 2\n")
    )
    assert not stream.engine
    assert len(stream.problems) == 1
    assert "${BLOCK}\n<BLOCK>" in stream.documents[0].get("a").scalar()


_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
)


def _spans_hold(node: Node, text: str) -> None:
    assert 0 <= node.span.start <= node.span.end <= len(text)
    for key in node.keys():  # noqa: SIM118
        span = node.entry_span(key)
        assert 0 <= span.start < span.end <= len(text)
        assert "\n" not in text[span.start : span.end]
        child = node.get(key)
        assert child is not None
        _spans_hold(child, text)
    for element in node.elements():
        _spans_hold(element, text)


@settings(max_examples=80, deadline=None)
@given(_VALUES.filter(lambda value: value is not None))
def test_what_is_dumped_is_read_back(value: Any) -> None:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    node = one(text)
    assert node.plain() == value
    _spans_hold(node, text)


@settings(max_examples=80, deadline=None)
@given(_VALUES.filter(lambda value: isinstance(value, dict)))
def test_json_is_read_back(value: Any) -> None:
    text = json.dumps(value, indent=1)
    node = one(text, "x.json")
    assert node.plain() == value
    _spans_hold(node, text)


@settings(max_examples=200, deadline=None)
@given(st.text("ab:-[]{}&*!|>'\"#%@\n\t ,?${", max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    for stream in (read(text), parse_templated(SourceText("x.yaml", text))):
        for node in stream.documents:
            node.plain()
            node.head_span()
        for problem in stream.problems:
            assert 0 <= problem.start <= problem.end <= len(text)


@pytest.mark.parametrize(
    "body",
    ["{{ " * 50_000, "}} " * 50_000, "{% " * 50_000, "${A}" * 50_000, "x: " * 50_000, "<b " * 50_000]
    + ['"\n' + line * 50_000 for line in ("<#if ", "<#if x\n", "%A", "@A", "a: |b\n", "${A}\n", "<#--")],
)
def test_reading_takes_time_in_proportion_to_the_text(body: str) -> None:
    # quadratic patterns would take minutes here
    stream = parse_templated(SourceText("x.yaml", f'a: "{body}"\n'))
    assert len(stream.documents) <= 1


def test_many_output_lines_are_read() -> None:
    text = "a:\n" + '  {{ include "x" . }}\n' * 3_000 + "  b: 1\n"
    node = parse_templated(SourceText("x.yaml", text)).documents[0]
    assert node.get("a").get("b").scalar() == 1
    assert node.get("a").open


def test_only_so_many_duplicates_are_told() -> None:
    assert len(read("a: 1\n" * 500).problems) == 50


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a: |\n  {{- include "x" . | nindent 2 }}\nb: 1\n', {"a": UNKNOWN, "b": 1}),
        (
            "c:\n  a: |-\n    {{- .x }}\n  b: >\n    {{- .y }}\n  d: 1\n",
            {"c": {"a": UNKNOWN, "b": UNKNOWN, "d": 1}},
        ),
        ("a:\n- >\n  {{- .x | nindent 2 }}\nb: 1\n", {"a": [UNKNOWN], "b": 1}),
        ("a: {b: {{ .x }}}\nc: [{d: {{ .y }}}]\n", {"a": {"b": UNKNOWN}, "c": [{"d": UNKNOWN}]}),
        ("a:\n- {{- if .x }}\n  b: 1\n  {{- end }}\n  c: 2\n", {"a": [{"b": 1, "c": 2}]}),
        ("a:\n  {{- if .x }}\n  b: 1\n  {{- else }}\n  {}\n  {{- end }}\nc: 2\n", {"a": {"b": 1}, "c": 2}),
        ("a:\n{% set x %}\n  - b: 1\n{% endset %}\nc: 2\n", {"a": None, "c": 2}),
        (
            "{% set z %}\nx: 1\n{% set y %}\n  - b: 1\n{% endset %}\nc: 2\n",
            {"x": 1, "c": 2},
        ),  # one without an end
        ("a:\n\t{{- range .x }}\n  - b: 1\n\t{{- end }}\n", {"a": [{"b": 1}]}),
    ],
)
def test_idioms_of_charts(text: str, value: Any) -> None:
    stream = parse_templated(SourceText("t.yaml", text))
    assert stream.problems == []
    assert repr(stream.documents[0].plain()) == repr(value)


def test_a_large_text_is_not_composed_again_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"k{number}: &n {number}\n" for number in range(40))
    composed: list[str] = []
    once = yamlcompose._compose
    monkeypatch.setattr(yamlcompose, "_compose", lambda t: composed.append(t) or once(t))
    assert parse_documents(SourceText("t.yaml", text)).problems == []
    assert len(composed) == 40
    composed.clear()
    monkeypatch.setattr(yamlcompose, "MAX_COMPOSED_AGAIN", 3 * len(text))
    assert "duplicate anchor" in parse_documents(SourceText("t.yaml", text)).problems[0].message
    assert len(composed) == 1 + 3 + 1  # once, three times again, and once more for the part that can be read


def test_an_anchor_that_is_defined_anew_holds_from_there_on() -> None:
    text = "a: &n 1\nb: *n\nc: &n {x: 2}\nd: *n\ne: &n 3\nf: [*n]\n"
    stream = parse_documents(SourceText("t.yaml", text))
    assert stream.problems == []
    assert stream.documents[0].plain() == {"a": 1, "b": 1, "c": {"x": 2}, "d": {"x": 2}, "e": 3, "f": [3]}
