"""Names that other programs would obey, in a scanned tree: in every output they stay what they are, text."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from linter.finding import Report
from linter.recipe import Recipe
from linter.reporters import REPORTERS, Options, write
from linter.scan import Request, scan

PAYLOADS = {
    "formula": "=HYPERLINK(`https,evil.example`)",
    "at": "@SUM(1+1)*cmd",
    "minus": "-2+3+cmd",
    "markup": "<img src=x onerror=alert(1)>",
    "script": "<script>alert(1)<",
    "comment": "--><script>alert(2)",
    "section": "]]><x>",
    "link": "[click](javascript,alert(1))",
    "table": "a|b|`c`|<details>",
    "mention": "@everyone #1 **bold**",
    "command": "::error title=owned::x",
    "stop": "::stop-commands::x",
    "old": "##[stop-commands]x",
    "inner": "a ##[add-mask]x ##vso[task.setvariable variable=a]b",
    "lines": "a\n::add-mask::b\r\n::warning::c",
    "percent": "%0A::error::x%0D",
    "escape": "\x1b]0;owned\x07\x1b[31m\u202e",
}


def yaml_text(text: str) -> str:
    """A double-quoted scalar."""
    return json.dumps(text)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A scan of files that are named after each payload and hold it as a name, an image, a label and a word."""
    folder = tmp_path_factory.mktemp("tree")
    for text in PAYLOADS.values():
        name = text.replace("/", "_")
        (folder / f"{name}.yaml").write_text(
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {yaml_text(text)}}}\nspec:\n  containers:\n"
            f"    - name: {yaml_text(text)}\n      image: {yaml_text(text)}\n"
            "      securityContext: {privileged: true}\n",
            encoding="utf-8",
        )
        within = folder / name
        within.mkdir()
        line = " ".join(text.split())
        (within / "Dockerfile").write_text(
            f"FROM alpine:latest AS {line}\nUSER root\nRUN sudo {line} && curl http://{line} | sh\nENV PASSWORD={line}\n",
            encoding="utf-8",
        )
        (within / "main.tf").write_text(
            f'resource "aws_s3_bucket" {yaml_text(line)} {{\n  acl = "public-read"\n}}\n', encoding="utf-8"
        )
    recipe = Recipe(isolated=True, settings={"profile": "strict"})
    found = scan(Request(paths=(folder,), recipe=recipe, cwd=folder, jobs=1))
    assert not [d.message for d in found.diagnostics if d.internal]
    assert {f.location.path for f in found.findings} >= {
        f"{n.replace('/', '_')}.yaml" for n in PAYLOADS.values()
    }
    return found


def written(report: Report, name: str, **options: object) -> str:
    stream = io.StringIO()
    write(name, report, stream, Options(**options))  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_no_line_is_a_command_of_the_runner(report: Report, name: str) -> None:
    """GitHub's runner obeys each line of a log that begins with `::`, and `##[` anywhere; Azure's `##vso[`."""
    text = written(report, name)
    assert "##[" not in text
    assert "##vso[" not in text
    for line in text.splitlines():
        if line.lstrip().startswith("::"):
            assert name == "github"
            assert re.match(r"::(error|warning|notice|debug) (file|title|line)=", line), line


def test_each_workflow_command_is_one_finding(report: Report) -> None:
    lines = written(report, "github").splitlines()
    shown = [one for one in report.findings if one.status.value == "active"]
    told = [one for one in report.diagnostics if one.level in ("warning", "error")]
    assert len(lines) == len(shown) + len(told)
    for line in lines:
        match = re.fullmatch(r"::\w+( [^:]*)?::(.*)", line)
        assert match, line
        assert re.fullmatch(r"( \w+=[^,:]*(,\w+=[^,:]*)*)?", match[1] or ""), line
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", line), line


def test_no_cell_is_a_formula(report: Report) -> None:
    rows = list(csv.reader(io.StringIO(written(report, "csv"))))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "\t", "|", "%")]
    assert any("HYPERLINK" in cell for cell in cells)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.scripts += tag == "script"


def test_html_has_no_element_of_theirs(report: Report) -> None:
    page = _Elements()
    page.feed(written(report, "html"))
    assert not page.tags & {"img", "x"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert page.scripts <= 3


def test_markdown_has_no_element_nor_link_of_theirs(report: Report) -> None:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(written(report, "markdown"))
    inline = [*tokens, *(child for token in tokens for child in token.children or ())]
    page = _Elements()
    page.feed("".join(token.content for token in inline if token.type in ("html_block", "html_inline")))
    assert page.tags <= {"details", "summary", "sub", "br", "code", "b", "pre", "strong"}
    links = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    assert not [link for link in links if "evil" in link or link.startswith("javascript")]
    assert not [token for token in inline if token.type == "text" and "@everyone" in token.content]


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_json_stays_json(report: Report, name: str) -> None:
    assert json.loads(written(report, name))
    if name == "json":
        assert "a ##[add-mask]x" in str(json.loads(written(report, name)))


def test_xml_stays_xml(report: Report) -> None:
    root = ElementTree.fromstring(written(report, "junit"))
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "properties", "property", "system-out",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_no_control_character_is_written(report: Report, name: str) -> None:
    text = written(report, name)
    assert not [
        c for c in text if c in "\x1b\x07\x00\x9b" or (c == "\u202e" and name not in ("json", "sarif"))
    ]
