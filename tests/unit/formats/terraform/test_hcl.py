"""HCL text to syntax: spans, errors, comments."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.hcl import parse, parse_template
from linter.formats.terraform.module import Module
from linter.formats.terraform.syntax import File, Template
from linter.text import SourceText

MAIN = """# first
resource "aws_ebs_volume" "data" {
  size      = 10
  encrypted = true # why
  tags = {
    Name = "é"
  }
  lifecycle {
    prevent_destroy = true
  }
}
"""


def file(text: str) -> File:
    return parse(SourceText("main.tf", text))


def test_blocks_have_labels_and_spans() -> None:
    block = file(MAIN).body.blocks[0]
    assert (block.kind, block.labels) == ("resource", ("aws_ebs_volume", "data"))
    assert block.file.text.slice(block.span) == 'resource "aws_ebs_volume" "data"'


def test_attribute_spans_are_one_line() -> None:
    body = file(MAIN).body.blocks[0].body
    text = file(MAIN).text
    assert text.slice(body.attributes["encrypted"].span) == "encrypted = true"
    assert text.slice(body.attributes["tags"].span) == "tags"


def test_offsets_count_characters_after_wide_ones() -> None:
    text = 'a = "ééé"\nb = true\n'
    parsed = file(text)
    assert parsed.text.slice(parsed.body.attributes["b"].span) == "b = true"


def test_nested_blocks() -> None:
    (inner,) = file(MAIN).body.blocks[0].body.blocks
    assert inner.kind == "lifecycle"
    assert "prevent_destroy" in inner.body.attributes


def test_comments_are_kept() -> None:
    parsed = file(MAIN)
    assert [parsed.text.text[a:b] for a, b in parsed.comments] == ["# first", "# why"]


def test_errors_leave_the_rest_usable() -> None:
    parsed = file('resource "a" "b" {\n  x = = 1\n}\nresource "c" "d" {\n  y = 2\n}\n')
    assert parsed.errors
    assert [b.labels for b in parsed.body.blocks if b.kind == "resource"][-1] == ("c", "d")


def test_template_files() -> None:
    expr = parse_template("a: ${x}\n%{ for y in z ~}\n- ${y}\n%{ endfor ~}\n")
    assert isinstance(expr, Template)


@given(st.text(alphabet='abc{}[]()="$%<>-\n #~.?:!&|', max_size=80))
@settings(max_examples=150, deadline=None)
def test_never_fails_and_spans_are_inside(text: str) -> None:
    parsed = file(text)
    for start, end in parsed.errors:
        assert 0 <= start < end <= len(text) + 1
    for attribute in parsed.body.attributes.values():
        assert 0 <= attribute.start <= attribute.name_end <= attribute.end <= len(text)
        _ = attribute.expr


def test_what_follows_an_error_in_the_same_block_is_no_error_of_its_own() -> None:
    block = 'resource "a" "%s" {\n  inner {\n    metadata {\n      "quoted" = "TRUE"\n    }\n  }\n}\n'
    file = parse(SourceText("main.tf", block % "one" + 'variable "v" {}\n' + block % "two"))
    assert len(file.errors) == 2
    assert [b.kind for b in file.body.blocks].count("variable") == 1


def test_numbers_with_an_exponent_alone_are_read() -> None:
    found = file('a {\n  nanos = floor(var.x * 1e9)\n  n = 2E-3\n  s = "1e9"\n}\n')
    assert found.errors == []
    attributes = found.body.blocks[0].body.attributes
    assert evaluate(attributes["n"].expr, Module([]).scope) == 0.002
    assert evaluate(attributes["s"].expr, Module([]).scope) == "1e9"


def test_both_sides_of_the_conditions_of_a_template_are_read() -> None:
    found = file(
        'resource "a" "b" {\n{%- if cookiecutter.x %}\n  one = 1\n{%- else %}\n  two = {{ number }}\n{%- endif %}\n}\n'
        'resource "c" "d" {\n  three = 3\n}\n'
    )
    assert found.errors == []
    assert [list(block.body.attributes) for block in found.body.blocks] == [["one", "two"], ["three"]]
    assert found.body.blocks[1].body.attributes["three"].span.start == found.text.text.index("three")


def test_a_block_of_a_template_that_is_no_hcl_is_left_out() -> None:
    found = file('resource "a" "b" {\n  {{ lines }} = {{\n}\nresource "c" "d" {\n  three = 3\n}\n')
    assert found.errors
    assert [block.labels for block in found.body.blocks] == [("c", "d")]
