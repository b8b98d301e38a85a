"""Shell texts that the grammar would take minutes over are read by words and operators alone, and that is told."""

from __future__ import annotations

import time

import pytest

from linter.formats.shell import parse_script, parse_shell
from linter.formats.shell.knots import _lost, knotted


@pytest.fixture(autouse=True)
def _patience() -> None:
    _lost.seconds = 0.0


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
    _lost.seconds = 100.0
    assert knotted(text)
    assert not knotted("a=$(b) && c | d" * 2)


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
