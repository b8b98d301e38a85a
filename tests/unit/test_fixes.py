"""Edits keep all that they do not mean: formatting, comments, line ends, and what the rest of the file says."""
# ruff: noqa: E501 - tables of texts read better unbroken

from __future__ import annotations

import copy
import subprocess
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.finding import Confidence, Edit, Finding, Fix, Location, Severity, Status
from linter.fixes import apply_edits, choose, diff, encode, fix_text, save
from linter.fixes.hcledit import hcl_remove, hcl_set
from linter.fixes.jsonedit import json_remove, json_set
from linter.fixes.textedit import cut, put, replace
from linter.fixes.values import hcl, yaml_flow
from linter.fixes.yamledit import YamlEditor, chain_at, own_pair
from linter.formats.yamltree import parse_templated
from linter.suppress.yamllayout import yaml_layout
from linter.text import SourceText, Span, decode

# YAML


def root_of(text: str) -> Any:
    return parse_templated(SourceText("p.yaml", text)).documents[0]


def walk(raw: Any, path: Sequence[str | int]) -> list[tuple[Any, Any]]:
    chain = []
    for step in path:
        chain.append((raw, step))
        if isinstance(step, int):
            raw = raw.value[step]
        else:
            pair = own_pair(raw, step)
            raw = pair[1] if pair else None
    return chain


def edited(text: str, operation: str, path: Sequence[str | int], value: Any = None) -> str | None:
    node = root_of(text)
    editor = YamlEditor("p.yaml", text, node)
    if operation == "set":
        at = next((i for i in range(len(path), 0, -1) if isinstance(path[i - 1], int)), 0)
        chain = walk(node.raw, path[:at])
        start = chain[-1][0].value[chain[-1][1]] if chain else node.raw
        edits = editor.set([start], [str(key) for key in path[at:]], value)
    elif operation == "remove":
        edits = editor.remove(walk(node.raw, path))
    else:
        chain = walk(node.raw, path)
        pair = own_pair(chain[-1][0], str(chain[-1][1]))
        edits = editor.append(pair[1] if pair else None, value)
    return None if edits is None else apply_edits(text, edits)


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("a:\n  b: true # why\n", ["a", "b"], False, "a:\n  b: false # why\n"),
        ("a:\n  b: 'x'\n", ["a", "b"], "z", "a:\n  b: z\n"),
        ("a: 1\nb: 2 # two\n# end\n", ["c"], "on", 'a: 1\nb: 2 # two\nc: "on"\n# end\n'),
        ("a: 1", ["c"], 2, "a: 1\nc: 2"),
        ("- name: x\n  image: y\n", [0, "s", "p"], False, "- name: x\n  image: y\n  s:\n    p: false\n"),
        ("-   name: x\n", [0, "p"], False, "-   name: x\n    p: false\n"),
        ("a:\n    b:\n        c: 1\n", ["x", "z"], 1, "a:\n    b:\n        c: 1\nx:\n    z: 1\n"),
        ("a: {b: 1} # k\n", ["a", "c"], [1], "a: {b: 1, c: [1]} # k\n"),
        ("a: {}\n", ["a", "b", "c"], 1, "a: {b: {c: 1}}\n"),
        ("a:\nb: 1\n", ["a", "c"], True, "a: {c: true}\nb: 1\n"),
        ("a: ~\nb: 1\n", ["a", "c"], True, "a: {c: true}\nb: 1\n"),
        ("a:\n", ["a"], True, "a: true\n"),
        ("a:\n  - x\n  - y\nb: 1\n", ["a"], ["z"], "a: [z]\nb: 1\n"),
        ("a: [x, y]\n", ["a"], ["ALL"], "a: [ALL]\n"),
        ("a: 1\r\nb:\r\n  c: 1\r\n", ["b", "d"], 2, "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n"),
        ("a: |\n  x # no\n  y\nb:\n  c: >-\n    t\n\n# end\n", ["b", "d"], 1, "a: |\n  x # no\n  y\nb:\n  c: >-\n    t\n  d: 1\n\n# end\n"),
        ("a: 1\nb: |+\n  x\n\n", ["c"], 1, "a: 1\nc: 1\nb: |+\n  x\n\n"),
        ("k: &k\n  a: 1\nm:\n  <<: *k\n  b: 2\n", ["m", "a"], 3, "k: &k\n  a: 1\nm:\n  <<: *k\n  b: 2\n  a: 3\n"),
        ("k: &k 1\nm:\n  b: *k\n", ["m", "a"], 3, "k: &k 1\nm:\n  b: *k\n  a: 3\n"),
        ("---\n# c\na: 1\n---\nb: 1\n", ["c"], 1, "---\n# c\na: 1\nc: 1\n---\nb: 1\n"),
        ("a:\n  v: x\n", ["a", "l"], [{"i": "d", "e": {"m": "M"}}], "a:\n  v: x\n  l:\n  - i: d\n    e:\n      m: M\n"),
    ],
)  # fmt: skip
def test_yaml_set(before: str, path: list[str | int], value: Any, after: str) -> None:
    assert edited(before, "set", path, value) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("k: &k {a: 1}\nb: *k\n", ["b"]),  # an alias
        ("k: &k {a: 1}\nb: *k\n", ["b", "a"]),
        ("k: &k 1\nb: *k\n", ["k"]),  # an anchor that others use
        ("a: !secret x\n", ["a"]),
        ("a: {{ .Values.x }}\n", ["a"]),
        ("a: 1\n{{- if .x }}\nb: 1\n{{- end }}\n", ["c"]),
        ("a:\n  # why\n  - x\n", ["a"]),  # a comment would be lost
        ("a: [x, # why\n y]\n", ["a"]),
        ("a: text\n", ["a", "b"]),
        ("a: [1]\n", ["a", "b"]),
    ],
)
def test_yaml_that_is_left_alone(text: str, path: list[str | int]) -> None:
    assert edited(text, "set", path, "new") is None


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1\nb: 2 # two\nc: 3\n", ["b"], "a: 1\nc: 3\n"),
        ("a: 1\nb: 2", ["b"], "a: 1"),
        ("a:\n  b:\n    c: 1\nd: 1\n", ["a", "b", "c"], "d: 1\n"),
        ("- a: 1\n  b: 2\n", [0, "a"], "- b: 2\n"),
        ("a: {b: 1, c: 2}\n", ["a", "b"], "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", ["a", "c"], "a: {b: 1}\n"),
        ("a: [x, y, z]\n", ["a", 1], "a: [x, z]\n"),
        ("a: [x, y]\n", ["a", 0], "a: [y]\n"),
        ("a:\n- x # ex\n- y\nb: 1\n", ["a", 0], "a:\n- y\nb: 1\n"),
        ("a:\n  - x\n  - y:\n      z: 1\nb: 1\n", ["a", 1], "a:\n  - x\nb: 1\n"),
        ("a:\n  - x\nb: 1\n", ["a", 0], "b: 1\n"),
        ("a: |\n  x\n  y\nb: 1\n", ["a"], "b: 1\n"),
        ("a: 1\r\nb:\r\n  - x\r\nc: 1\r\n", ["b"], "a: 1\r\nc: 1\r\n"),
        ("a: 1\nb:\nc: 1\n", ["b"], "a: 1\nc: 1\n"),
    ],
)
def test_yaml_remove(before: str, path: list[str | int], after: str) -> None:
    assert edited(before, "remove", path) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: 1\n", ["a"]),  # nothing would be left
        ("- a: 1\n", [0, "a"]),
        ("a: &x 1\nb: *x\n", ["a"]),
        ("- a: 1\n  # why\n  b: 2\n", [0, "a"]),
        ("- - x\n  - y\n", [0, 0]),
    ],
)
def test_yaml_that_is_not_removed(text: str, path: list[str | int]) -> None:
    assert edited(text, "remove", path) is None


@pytest.mark.parametrize(
    ("before", "item", "after"),
    [
        ("a: [x]\n", "z", "a: [x, z]\n"),
        ("a:\n- x # ex\nb: 1\n", "z", "a:\n- x # ex\n- z\nb: 1\n"),
        ("a:\n  - n: x\n    v: |\n      t\nb: 1\n", {"i": "d", "e": {}}, "a:\n  - n: x\n    v: |\n      t\n  - i: d\n    e: {}\nb: 1\n"),
    ],
)  # fmt: skip
def test_yaml_append(before: str, item: Any, after: str) -> None:
    assert edited(before, "append", ["a"], item) == after


@given(
    st.text(max_size=12)
    | st.booleans()
    | st.integers()
    | st.none()
    | st.lists(st.text(max_size=4), max_size=3)
)
def test_a_written_value_reads_back(value: Any) -> None:
    assert yaml.safe_load(f"a: {yaml_flow(value)}\n") == {"a": value}


# Random files, written in all styles

_KEYS = ("a", "b", "c", "name")
_SCALARS = (1, "x", "two words", True, None, "l1\nl2\n", "l1\nl2", "k: v # no", "")
_VALUES: Any = st.recursive(
    st.sampled_from(_SCALARS),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, min_size=1, max_size=3),
    max_leaves=10,
)  # fmt: skip


class Writer:
    """Writes a value as people do: any style, with comments and blank lines."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.count = 0

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def comment(self) -> str:
        self.count += 1
        return self.pick("", "", f" # note {self.count}")

    def write(self, value: Any, indent: int) -> str:
        """What follows `key:` or `-`, line end included."""
        if isinstance(value, dict):
            if self.pick(False, False, True):
                return f" {yaml_flow(value)}{self.comment()}\n"
            inner = indent + self.pick(2, 2, 4)
            return f"{self.comment()}\n" + self.mapping(value, inner)
        if isinstance(value, list):
            if self.pick(False, False, True):
                return f" {yaml_flow(value)}{self.comment()}\n"
            inner = indent + self.pick(0, 2)
            return f"{self.comment()}\n" + "".join(self.item(item, inner) for item in value)
        if isinstance(value, str) and "\n" in value:
            return self.block(value, indent)
        text = "" if value is None and self.pick(True, False) else f" {yaml_flow(value)}"
        return f"{text}{self.comment()}\n"

    def block(self, value: str, indent: int) -> str:
        lines = value.removesuffix("\n").split("\n")
        mark = "|" if value.endswith("\n") else "|-"
        blank = self.pick("", "", "\n")
        return (
            f" {mark}{self.comment()}\n" + "".join(f"{' ' * (indent + 2)}{line}\n" for line in lines) + blank
        )

    def mapping(self, value: dict[str, Any], indent: int, first: str | None = None) -> str:
        parts = []
        for key, item in value.items():
            above = self.pick("", "", "", "\n", f"{' ' * indent}# above {self.count}\n")
            lead = " " * indent if first is None else first
            parts.append(("" if first is not None else above) + f"{lead}{key}:" + self.write(item, indent))
            first = None
        return "".join(parts)

    def item(self, value: Any, indent: int) -> str:
        if isinstance(value, dict) and self.pick(True, True, False):
            gap = self.pick(" ", "   ")
            return self.mapping(value, indent + 1 + len(gap), f"{' ' * indent}-{gap}")
        if isinstance(value, list):
            return f"{' ' * indent}- {yaml_flow(value)}\n"
        return f"{' ' * indent}-" + self.write(value, indent)


def paths(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    result = [here] if here else []
    entries: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        result += paths(item, (*here, key))
    return result


def comments(text: str) -> list[str]:
    return sorted(c.text for c in yaml_layout(SourceText("p.yaml", text)).comments)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_setting_changes_that_and_nothing_else(data: Any) -> None:
    value = data.draw(st.dictionaries(st.sampled_from(_KEYS), _VALUES, min_size=1))
    text = Writer(data.draw).mapping(value, 0)
    if data.draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    assert yaml.safe_load(text) == value
    places = [path for path in paths(value) if isinstance(path[-1], str)]
    path = [*data.draw(st.sampled_from(places))]
    path += data.draw(st.sampled_from([[], ["new"], ["new", "deep"]]))
    wanted = data.draw(st.sampled_from([False, "RuntimeDefault", ["ALL"], 3]))
    changed = edited(text, "set", path, wanted)
    if changed is None:
        return
    expected: Any = copy.deepcopy(value)
    at = expected
    for step in path[:-1]:
        if not isinstance(step, int) and at.get(step) is None:
            at[step] = {}
        at = at[step]
    at[path[-1]] = wanted
    assert yaml.safe_load(changed) == expected
    assert comments(changed) == comments(text)
    assert changed.count("\r\n") == (changed.count("\n") if "\r\n" in text else 0)
    assert edited(changed, "set", path, wanted) == changed


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_removing_takes_that_and_nothing_else(data: Any) -> None:
    value = data.draw(st.dictionaries(st.sampled_from(_KEYS), _VALUES, min_size=1))
    text = Writer(data.draw).mapping(value, 0)
    path = list(data.draw(st.sampled_from(paths(value))))
    changed = edited(text, "remove", path)
    if changed is None:
        return
    expected: Any = copy.deepcopy(value)
    while path:
        owner = expected
        for step in path[:-1]:
            owner = owner[step]
        if len(owner) > 1 or len(path) == 1:
            del owner[path[-1]]
            break
        path.pop()
    assert yaml.safe_load(changed) == expected


# JSON


@pytest.mark.parametrize(
    ("before", "keys", "value", "after"),
    [
        ('{"a": true}', ["a"], False, '{"a": false}'),
        (
            '{\n  "a": {\n    "b": 1\n  }\n}\n',
            ["a", "c"],
            "é",
            '{\n  "a": {\n    "b": 1,\n    "c": "é"\n  }\n}\n',
        ),
        ('{"a": {}}', ["a", "b", "c"], 1, '{"a": {"b": {"c": 1}}}'),
        ('{"a": null}', ["a", "b"], 1, '{"a": {"b": 1}}'),
        ('{"a":1,"b":2}', ["c"], [1], '{"a":1,"b":2, "c": [1]}'),
    ],
)
def test_json_set(before: str, keys: list[str], value: Any, after: str) -> None:
    node: Any = parse_templated(SourceText("p.json", before)).documents[0]
    edits = json_set("p.json", before, node, keys, value)
    assert edits is not None
    assert apply_edits(before, edits) == after


def test_json_remove() -> None:
    before = '{\n  "a": 1,\n  "b": 2\n}'
    node: Any = parse_templated(SourceText("p.json", before)).documents[0]
    for key, after in (("a", '{\n  "b": 2\n}'), ("b", '{\n  "a": 1\n}')):
        edits = json_remove("p.json", before, node, key)
        assert edits is not None
        assert apply_edits(before, edits) == after
    assert json_remove("p.json", before, node, "c") is None


# HCL


def block_of(text: str) -> Any:
    from linter.formats.terraform.hcl import parse

    return parse(SourceText("main.tf", text)).body.blocks[0]


@pytest.mark.parametrize(
    ("before", "steps", "value", "after"),
    [
        ('resource "a" "b" {\n  x = true # why\n}\n', ["x"], False, 'resource "a" "b" {\n  x = false # why\n}\n'),
        (
            'resource "a" "b" {\n  name   = "é"\n  # c\n}\n', ["enc"], True,
            'resource "a" "b" {\n  name   = "é"\n  enc    = true\n  # c\n}\n',
        ),
        (
            'resource "a" "b" {\n  n = 1\n\n  x {\n    y = 1\n  }\n}\n', ["x", 0, "z"], "v",
            'resource "a" "b" {\n  n = 1\n\n  x {\n    y = 1\n    z = "v"\n  }\n}\n',
        ),
        (
            'resource "a" "b" {\n  n = 1\n}\n', ["metadata_options", "http_tokens"], "required",
            'resource "a" "b" {\n  n = 1\n\n  metadata_options {\n    http_tokens = "required"\n  }\n}\n',
        ),
        ('resource "a" "b" {}\n', ["x"], True, 'resource "a" "b" {\n  x = true\n}\n'),
        ('resource "a" "b" {\r\n  n = 1\r\n}\r\n', ["x"], [1], 'resource "a" "b" {\r\n  n = 1\r\n  x = [1]\r\n}\r\n'),
        (
            'resource "a" "b" {\n  p = <<E\nx\nE\n}\n', ["x"], True,
            'resource "a" "b" {\n  p = <<E\nx\nE\n  x = true\n}\n',
        ),
    ],
)  # fmt: skip
def test_hcl_set(before: str, steps: list[str | int], value: Any, after: str) -> None:
    edits = hcl_set("main.tf", before, block_of(before), steps, value)
    assert edits is not None
    assert apply_edits(before, edits) == after


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ('resource "a" "b" {\n  x = var.x\n}\n', ["x"]),
        ('resource "a" "b" {\n  x = "${var.x}"\n}\n', ["x"]),
        ('resource "a" "b" {\n  dynamic "x" {\n    for_each = []\n    content {}\n  }\n}\n', ["x", "y"]),
        ('resource "a" "b" {\n  x {}\n  x {}\n}\n', ["x", "y"]),
        ('resource "a" "b" { n = 1 }\n', ["x"]),
    ],
)
def test_hcl_that_is_left_alone(text: str, steps: list[str | int]) -> None:
    assert hcl_set("main.tf", text, block_of(text), steps, True) is None


def test_hcl_remove() -> None:
    text = 'resource "a" "b" {\n  x = 1 # why\n  y = 2\n}\n'
    edits = hcl_remove("main.tf", text, block_of(text), ["x"])
    assert edits is not None
    assert apply_edits(text, edits) == 'resource "a" "b" {\n  y = 2\n}\n'
    assert (
        hcl_remove("main.tf", 'resource "a" "b" { x = 1 }\n', block_of('resource "a" "b" { x = 1 }\n'), ["x"])
        is None
    )


def test_hcl_text_is_no_template() -> None:
    assert hcl("${x} %{y}") == '"$${x} %%{y}"'
    assert hcl({"a": [1, True]}) == "{ a = [1, true] }"


# Dockerfiles


def test_text_edits() -> None:
    text = "FROM a\nRUN apt-get install \\\n  # c\n  x && apt-get install y\nUSER root # no\n"
    run = Span(7, text.index("\nUSER"))
    edits = replace(
        "Dockerfile", text, run, r"apt-get install(?! --no)", r"apt-get install --no-install-recommends"
    )
    assert edits is not None
    changed = apply_edits(text, edits)
    assert changed.count("--no-install-recommends") == 2
    assert "# c" in changed
    assert replace("Dockerfile", text, run, "nothing", "x") is None
    assert apply_edits(text, put("Dockerfile", Span(5, 6), "b")).startswith("FROM b\n")
    assert (
        apply_edits(
            "FROM --platform=x a\nUSER b\n", cut("D", "FROM --platform=x a\nUSER b\n", Span(5, 17)) or []
        )
        == "FROM a\nUSER b\n"
    )
    assert (
        apply_edits("FROM a\nUSER b\nX\n", cut("D", "FROM a\nUSER b\nX\n", Span(7, 13)) or [])
        == "FROM a\nX\n"
    )


# Files


def finding(rule: str, fix: Fix | None, line: int = 1, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(rule, severity, Confidence.HIGH, "m.", Location("p", line, 1, line, 2), rule, fix=fix)


def fix(start: int, end: int, text: str, *, safe: bool = True) -> Fix:
    return Fix("d", (Edit("p", start, end, text),), safe)


def test_only_fixes_that_do_not_touch_are_made_together() -> None:
    findings = [finding("a", fix(0, 1, "x")), finding("b", fix(1, 2, "y")), finding("c", fix(5, 5, "z"))]
    assert [f.rule for f, _ in choose(findings, unsafe=False)] == ["a", "c"]
    unsafe = [finding("a", fix(0, 1, "x", safe=False)), finding("b", fix(3, 3, "y"))]
    assert [f.rule for f, _ in choose(unsafe, unsafe=False)] == ["b"]
    assert [f.rule for f, _ in choose(unsafe, unsafe=True)] == ["a", "b"]
    assert choose([finding("a", fix(0, 1, "x")).evolve(status=Status.SUPPRESSED)], unsafe=True) == []


def rules(text: str) -> list[Finding]:
    """A rule a letter: each wants its letter in capitals; `!` breaks the parse, `?` is another rule's business."""
    found = [finding(c, fix(i, i + 1, c.upper()), i) for i, c in enumerate(text) if c in "abc"]
    found += [finding("bang", fix(i, i + 1, "!"), i) for i, c in enumerate(text) if c == "1"]
    found += [finding("quest", fix(i, i + 1, "?"), i) for i, c in enumerate(text) if c == "2"]
    found += [finding("unparsable-file", None) for c in text if c == "!"]
    found += [finding("other", None) for c in text if c == "?"]
    return found


def test_passes_until_nothing_is_left() -> None:
    done = fix_text("abc-a", rules("abc-a"), rules)
    assert done.text == "ABC-A"
    assert sorted(rule for rule, _ in done.applied) == ["a", "a", "b", "c"]
    assert fix_text(done.text, rules(done.text), rules).text == done.text


def test_a_fix_that_breaks_something_is_taken_back() -> None:
    done = fix_text("1-a-2-b", rules("1-a-2-b"), rules)
    assert done.text == "1-A-2-B"
    assert sorted(rule for rule, _ in done.refused) == ["bang", "quest"]


def test_edits_that_overlap_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", [Edit("p", 0, 2, ""), Edit("p", 1, 3, "")])


def test_a_lossy_file_is_not_rewritten_and_marks_stay(tmp_path: FilePath) -> None:
    for data in (b"\xef\xbb\xbfa: 1\r\n", "a: é\n".encode("utf-16"), "a: é\n".encode()):
        source = decode("p", data)
        assert encode(source, source.text, data) == data
    path = tmp_path / "p"
    path.write_bytes(b"old")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to(path)
    save(str(tmp_path / "link"), b"new")
    assert path.read_bytes() == b"new"
    assert (path.stat().st_mode & 0o777, (tmp_path / "link").is_symlink()) == (0o640, True)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb", "a\nc"),
        ("a\n", "a\nb"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("a\u2028b\n", "a\u2028c\n"),
    ],
)
def test_git_takes_the_diff(tmp_path: FilePath, before: str, after: str) -> None:
    (tmp_path / "p.yaml").write_bytes(before.encode())
    patch = diff("p.yaml", before, after)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, check=True, input=patch.encode())
    assert (tmp_path / "p.yaml").read_bytes() == after.encode()
    assert diff("p.yaml", before, before) == ""


def test_a_diff_keeps_secrets_out_of_its_context() -> None:
    before = "a: 1\nb: secret\nc: 1\nd: 1\n"
    shown = diff("p.yaml", before, before.replace("d: 1", "d: 2"), {"b: secret": "b: ****"})
    assert shown == "--- a/p.yaml\n+++ b/p.yaml\n@@ -3,2 +3,2 @@\n c: 1\n-d: 1\n+d: 2\n"
    shown = diff("p.yaml", before, before.replace("b: secret\n", ""), {"b: secret": "b: ****"})
    assert "secret" not in shown
    assert "-b: ****\n" in shown


# What has no node of its own: by the offset where it begins


def test_the_entry_or_element_at_an_offset() -> None:
    text = "a:\n  - name: x\n    caps: [K, L]\n  - y\nb: {c: 1}\n"
    raw = root_of(text).raw

    def steps(word: str) -> list[Any]:
        return [step for _, step in chain_at(raw, text.index(word))]

    assert steps("a:") == ["a"]
    assert steps("name") == ["a", 0, "name"]
    assert steps("L]") == ["a", 0, "caps", 1]
    assert steps("y\n") == ["a", 1]
    assert steps("c:") == ["b", "c"]
    assert steps("[K") == []
    assert chain_at(raw, 10_000) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("r: {gpu: 1}\nl:\n  gpu: '2' # two\n", "r: {gpu: '2'}\nl:\n  gpu: '2' # two\n"),
        ("r:\n  gpu: {{ .x }}\nl:\n  gpu: 2\n", None),
        ("r: {gpu: 1}\nl:\n  gpu: {{ .x }}\n", None),
        ("r: {gpu: &x 1}\nl:\n  gpu: 2\n", None),
        ("r: {gpu: 1}\nl:\n  gpu: [2]\n", None),
    ],
)
def test_yaml_copy(text: str, after: str | None) -> None:
    node = root_of(text)
    pairs = [(own_pair(node.raw, key) or (None, None))[1] for key in ("l", "r")]
    edits = YamlEditor("p.yaml", text, node).copy((pairs[0], "gpu"), (pairs[1], "gpu"))
    assert (None if edits is None else apply_edits(text, edits)) == after
