"""Each format as its consumer documents it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from linter import reporters
from linter.reporters import Options, write
from linter.reporters.csvfile import safe
from linter.reporters.markdown import COMMENT_LIMIT, MARKER, code, text
from tests.unit.reporters import sample

SCHEMA = json.loads((Path(reporters.__file__).parent / "report.schema.json").read_text())

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def render(name: str, report: str = "report", options: Options = Options()) -> str:  # noqa: B008 frozen
    stream = io.StringIO()
    write(name, getattr(sample, report)(), stream, options)
    return stream.getvalue()


@pytest.mark.parametrize("report", ["report", "empty", "hostile"])
def test_json_is_valid_by_its_schema(report: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render("json", report)))


def test_json_keeps_what_does_not_count_apart() -> None:
    data = json.loads(render("json"))
    assert [f["status"] for f in data["not_counted"]] == ["suppressed", "baselined"]
    assert data["not_counted"][0]["reason"] == "SEC-12, until the base image changes"
    assert data["summary"]["by_status"] == {
        "active": 4,
        "suppressed": 1,
        "baselined": 1,
        "duplicate": 0,
        "aside": 0,
    }


@pytest.mark.parametrize("report", ["report", "empty", "hostile"])
def test_gitlab_report_is_valid(report: str) -> None:
    data = json.loads(render("gitlab", report))
    jsonschema.Draft202012Validator(GITLAB).validate(data)
    assert len({item["fingerprint"] for item in data}) == len(data)


@pytest.mark.parametrize("report", ["report", "empty", "hostile"])
def test_junit_counts_add_up(report: str) -> None:
    root = ElementTree.fromstring(render("junit", report, Options(show_suppressed=True)))
    assert root.tag == "testsuites"
    cases = list(root.iter("testcase"))
    assert int(root.get("tests", "")) == len(cases)
    assert int(root.get("failures", "")) == len(list(root.iter("failure")))
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite)
        assert len({case.get("name") for case in suite}) == len(suite)


def test_github_commands_are_worst_first_and_one_a_line() -> None:
    lines = render("github").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 3 + ["::warning"] * 2
    assert "title=critical%3A " in lines[0]


def test_github_command_of_a_hostile_text_stays_one_command() -> None:
    lines = render("github", "hostile").splitlines()
    assert len(lines) == 2
    for line in lines:
        properties, message = re.fullmatch(r"::\w+ (.*?)::(.*)", line).groups()  # type: ignore[union-attr]
        assert ":" not in properties
        assert "%0A</details>" not in message.replace("%250A", "")


def test_github_appends_the_step_summary(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    render("github", options=Options(environment={"GITHUB_STEP_SUMMARY": str(file)}))
    assert file.read_text().startswith("before\n<!-- tarecheck -->\n## tarecheck: 4 findings")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "  =1", "\t=1", "|x", "＝1"])
def test_csv_cells_are_no_formulas(cell: str) -> None:
    assert safe(cell)[0] in ("'", "\\")


def test_csv_has_one_row_a_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv", "hostile"))))
    assert len(rows) == 1
    assert rows[0]["standards"] == "pss:baseline cis-k8s:5.2.2 cwe:250"


def test_markdown_is_capped_worst_first() -> None:
    base = sample.findings()[3]
    report = sample.report(findings=tuple(base.evolve(ordinal=i) for i in range(1000)))
    stream = io.StringIO()
    write("markdown", report, stream, Options())
    made = stream.getvalue()
    assert len(made.encode()) <= COMMENT_LIMIT
    assert made.startswith(MARKER)
    assert re.search(r"…and [\d,]+ more findings, less severe\.", made)
    assert made.count("<details") == made.count("</details>")


def test_markdown_of_hostile_text_renders_to_text() -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    html = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).render(render("markdown", "hostile"))
    tags = set(re.findall(r"<(/?[a-zA-Z][a-zA-Z0-9]*)", html))
    allowed = {
        "h2",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "b",
        "code",
        "p",
        "pre",
    }
    assert {tag.lstrip("/") for tag in tags} <= allowed | {"ul", "li", "strong", "sub", "a"}
    assert set(re.findall(r'href="([^"]*)"', html)) == {sample.RULES[2].references[0]}
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)


def test_markdown_text_and_code_are_inert() -> None:
    assert text("<b>*x*</b> @me [a](http://x)") == "\\<b\\>\\*x\\*\\</b\\> @\u2060me \\[a\\](http:\u2060//x)"
    assert code("a`b``c") == "```a`b``c```"
    assert code("`") == "`` ` ``"
