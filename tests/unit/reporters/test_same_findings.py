"""The same set of findings in every format, read back as each format's consumers read it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from linter.reporters import REPORTERS, Options, write
from tests.unit.reporters import sample

Places = list[tuple[str, str, int]]  # rule, path, line


def _json(text: str) -> Places:
    return [(f["rule"], f["path"], f["line"]) for f in json.loads(text)["findings"]]


def _sarif(text: str) -> Places:
    found = []
    for result in json.loads(text)["runs"][0]["results"]:
        physical = result["locations"][0]["physicalLocation"]
        found.append((result["ruleId"], physical["artifactLocation"]["uri"], physical["region"]["startLine"]))
    return found


def _junit(text: str) -> Places:
    cases = [
        case for case in ElementTree.fromstring(text).iter("testcase") if case.find("failure") is not None
    ]
    found = []
    for case in cases:
        rule, _, place = case.get("name", "").partition(" at ")
        found.append((rule, case.get("classname", ""), int(place.partition(":")[0])))
    return found


def _github(text: str) -> Places:
    pattern = r"^::\w+ file=([^,]*),line=(\d+),.*title=\w+%3A ([\w-]+)::"
    return [(rule, path, int(line)) for path, line, rule in re.findall(pattern, text, re.MULTILINE)]


def _gitlab(text: str) -> Places:
    return [
        (i["check_name"], i["location"]["path"], i["location"]["lines"]["begin"]) for i in json.loads(text)
    ]


def _csv(text: str) -> Places:
    return [(row["rule"], row["path"], int(row["line"])) for row in csv.DictReader(io.StringIO(text))]


def _markdown(text: str) -> Places:
    pattern = r"<code>([^<]*):(\d+)</code></summary>\n\n\[?`([\w-]+)`"
    return [(rule, path, int(line)) for path, line, rule in re.findall(pattern, text)]


def _gnu(text: str) -> Places:
    pattern = r"^(.*?):(\d+):\d+: .* \[([\w-]+), \w+\]$"
    return [(rule, path, int(line)) for path, line, rule in re.findall(pattern, text, re.MULTILINE)]


def _text(text: str) -> Places:
    rules = re.findall(r"^(?:critical|high|medium|low|info)\[([\w-]+)\]:", text, re.MULTILINE)
    places = re.findall(r"^ *--> (\S+):(\d+):\d+", text, re.MULTILINE)
    return [(rule, path, int(line)) for rule, (path, line) in zip(rules, places, strict=True)]


def _html(text: str) -> Places:
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data
    return [
        (f["rule"], f["path"], f["line"])
        for f in json.loads(data.group(1))["findings"]
        if f["status"] == "active"
    ]


READERS: dict[str, Callable[[str], Places]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
    "csv": _csv,
    "html": _html,
    "gnu": _gnu,
}


def test_every_format_has_a_reader() -> None:
    assert set(READERS) == set(REPORTERS)


@pytest.mark.parametrize("name", REPORTERS)
def test_same_findings(name: str) -> None:
    report = sample.report()
    stream = io.StringIO()
    write(name, report, stream, Options(read_bytes=sample.read_bytes))
    expected = [(f.rule, f.location.path, f.location.line) for f in report.active]
    assert sorted(READERS[name](stream.getvalue())) == sorted(expected)
    assert len(expected) == 4
