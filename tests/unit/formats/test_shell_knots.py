"""Shell texts that the grammar would take minutes over are read by words and operators alone, and that is told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from linter.api import check
from linter.formats.patience import lost
from linter.formats.shell import parse_script, parse_shell
from linter.formats.shell.knots import knotted


@pytest.fixture(autouse=True)
def _patience() -> None:
    lost.seconds = 0.0


@pytest.mark.parametrize("part", [")", "|", "<", "|| ", "a|", "a|\n", "a)", "(a)", "a=(", ")|a", "$(a)"])
def test_operators_without_end(part: str) -> None:
    text = "curl -k https://example.org; x" + part * (60_000 // len(part))
    started = time.process_time()
    script = parse_script(text)
    assert time.process_time() - started < 3
    assert script.cut
    assert script.commands[0].type_key == "curl"


def test_what_no_count_foresees_is_given_up() -> None:
    text = "curl -k https://example.org\n" + "((a)) " * 20_000
    started = time.process_time()
    script = parse_script(text)
    assert time.process_time() - started < 8
    assert script.cut
    assert script.commands[0].type_key == "curl"


def test_thousands_of_small_ones() -> None:
    """When enough time was lost, none of them is parsed any more."""
    text = "x" + "x)))))) ;" * 60
    assert not knotted(text)
    lost.seconds = 100.0
    assert knotted(text)
    assert not knotted("a=$(b) && c | d" * 2)


def test_no_file_loses_the_time_of_another(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text("FROM alpine:3.22\nRUN " + "x)))))) ; " * 60 + "curl https://example.org/x | sh\n")
    lost.seconds = 100.0  # by the files before it
    found = check(tmp_path).findings
    assert lost.seconds < 100.0
    assert "pipe-to-shell" in {finding.rule for finding in found}


@pytest.mark.parametrize(
    "text",
    [
        "a=$(b $(c $(d))) && e 2>&1 | f > g\n" * 2_000,
        "case $x in a|b) c ;; d) e ;; esac\n" * 2_000,
        "f() { echo \"$1\" | sed -E 's/(a|b|c)/d/' | tr a b; }\n" * 2_000,
        "echo $((1 + (2 * (3))))\n" * 2_000,
    ],
)
def test_scripts_are_parsed(text: str) -> None:
    assert not knotted(text)
    assert not parse_script(text[:20_000].rpartition("\n")[0]).cut
    assert parse_shell(text[:20_000])
