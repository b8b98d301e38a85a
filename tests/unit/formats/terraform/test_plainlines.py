"""Reading with lines set aside gives the same as reading all by the grammar."""

from __future__ import annotations

from typing import Any

import pytest

from linter.formats.terraform import hcl
from linter.formats.terraform import syntax as s
from linter.formats.terraform.plainlines import PlainLines, set_aside
from linter.text import SourceText


def shape(item: Any) -> Any:
    """Everything that a reader made, positions included, as plain data."""
    if isinstance(item, s.Body):
        return [shape(a) for a in item.attributes.values()], [shape(b) for b in item.blocks]
    if isinstance(item, s.Block):
        return item.kind, item.labels, item.start, item.header_end, item.end, shape(item.body)
    if isinstance(item, s.Attribute):
        return item.name, item.start, item.name_end, item.end, shape(item.expr)
    if isinstance(item, (tuple, list)):
        return [shape(part) for part in item]
    if isinstance(item, s.Expr):
        slots = [name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())]
        return type(item).__name__, [(name, shape(getattr(item, name))) for name in slots]
    if isinstance(item, (s.Text, s.IfPart, s.ForPart)):
        return type(item).__name__, [(name, shape(getattr(item, name))) for name in item.__slots__]
    return item


def read(text: str, monkeypatch: pytest.MonkeyPatch, *, whole: bool) -> Any:
    if whole:
        monkeypatch.setattr(hcl, "set_aside", lambda data: PlainLines(data, []))
    file = hcl.parse(SourceText("main.tf", text))
    return shape(file.body), file.comments, file.errors


CASES = {
    "attributes": 'a = 1\nx "y" "z" {\n  b = "c"\n  d = var.e\n\n  g = [\n    "h",\n  ]\n  i = true\n}\nj = null\n',
    "nothing else": 'variable "x" {\n  type = string\n  default = "é"\n}\n',
    "the same name twice": "x {\n  a = 1\n  b = [1]\n  a = 2\n}\n",
    "an object": 'x {\n  tags = {\n    a = "b"\n    c = var.d\n  }\n  e = 1\n}\n',
    "an object that is laid out by hand": 'x {\n  tags = { a = 1,\n    b = "c"\n  }\n  d = 2\n}\n',
    "a heredoc": 'x {\n  t = <<-EOT\n    a = "b"\n    c = 1\n  EOT\n  d = 2\n}\n',
    "a heredoc in a call": 'x {\n  t = f(<<EOT\na = "b"\nEOT\n  )\n  d = 2\n}\n',
    "a heredoc in a list": 'x {\n  t = [<<A\n  b = 1\nA\n  , "c"]\n  d = 2\n}\n',
    "a heredoc without end": 'x {\n  t = <<EOT\n  a = "b"\n}\n',
    "a long comment": 'x {\n  a = 1\n  /*\n  b = 2\n  */\n  c = 3 # why\n  # d = 4\n}\n',
    "a comment without end": 'x {\n  a = [1]\n  /*\n  b = 2\n}\ny {\n  c = 3\n}\n',
    "carriage returns": 'x {\r\n  a = 1\r\n  b = {\r\n    c = 2\r\n  }\r\n  d = "e"\r\n}\r\n',
    "no end of line": "x {\n  a = 1\n}\nb = 2",
    "a broken block": 'x {\n  a = 1\n  b = = 2\n  c = 3\n}\ny {\n  d = "e"\n}\n',
    "a line between labels and bracket": 'x "y"\n  a = 1\n{\n  b = 2\n}\n',
    "in a list": 'x {\n  a = [\n  b = 1\n  ]\n}\n',
    "blocks in blocks": 'x {\n  y {\n    a = 1\n    z {\n      b = "c"\n    }\n    d = e\n  }\n  f = 1\n}\n',
    "non-ASCII before": '# ünï\nx {\n  a = "ö"\n  b = "${c}ä"\n  d = 1\n}\n',
    "lines in groups": 'x {\n  a = 1\n\n  b = 2\n  # c\n  d = "e"\n\n  f = 3\n}\n\ng = 1\n\n\nh = 2\n',
    "a short one": "x {\n  a=1\n b={\n  c=2\n }\n}\n",
}  # fmt: skip


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_the_same_as_by_the_grammar(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(text, monkeypatch, whole=False)
    assert found == read(text, monkeypatch, whole=True)


def test_what_is_left_has_the_same_length() -> None:
    for text in CASES.values():
        data = text.encode()
        assert len(set_aside(data).rest) == len(data)


def test_lines_are_set_aside() -> None:
    lines = set_aside(CASES["attributes"].encode())
    assert [lines.take().key for _ in range(5)] == [b"a", b"b", b"d", b"i", b"j"]
