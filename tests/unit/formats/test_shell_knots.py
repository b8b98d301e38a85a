"""Shell texts that the grammar would take minutes over are read by words and operators alone, and that is told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from linter.api import check
from linter.formats import effort as of_files
from linter.formats.effort import MAX_EFFORT, effort
from linter.formats.shell import parse_script, parse_shell
from linter.render.judge import read_piece
from linter.ruleset.examples import examples_of, run_examples
from linter.ruleset.files import builtin_directory
from linter.ruleset.load import Loader


@pytest.fixture(autouse=True)
def _effort() -> None:
    of_files.begin()


@pytest.mark.parametrize("part", [")", "|", "<", "|| ", "a|", "a|\n", "a)", "(a)", "a=(", ")|a"])
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
    """When the steps of the file are used up, none of them is parsed any more, and few of their commands are read."""
    text = "curl x;" + "x)))))) ;" * 60
    assert not parse_script(text).cut
    assert effort.left < MAX_EFFORT
    effort.left = 0
    script = parse_script(text)
    assert script.cut
    assert len(script.commands) == 10


@pytest.mark.parametrize("size", [1_000, 20_000])
def test_the_same_steps_whatever_the_machine(size: int) -> None:
    text = "((a)) " * (size // 6)
    used = set()
    for _ in range(2):
        of_files.begin()
        parse_script(text)
        used.add(MAX_EFFORT - effort.left)
    assert len(used) == 1
    assert used.pop() > size


def test_chains_that_an_error_ends() -> None:
    """One step of the grammar takes all memory over them: they are counted before."""
    for part in ("a|", "`2>&1", "x <"):
        script = parse_script("curl -k https://example.org; " + part * 50_000)
        assert script.cut
        assert script.commands[0].type_key == "curl"


def test_no_file_spends_the_steps_of_another(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text("FROM alpine:3.22\nRUN " + "x)))))) ; " * 60 + "curl https://example.org/x | sh\n")
    effort.left = 0  # by the files before it
    found = check(tmp_path).findings
    assert effort.left > 0
    assert "pipe-to-shell" in {finding.rule for finding in found}


def test_nor_does_what_is_rendered_or_an_example(tmp_path: Path) -> None:
    effort.left = 0
    read_piece("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", tmp_path)
    assert effort.left > 0
    path = builtin_directory() / "dockerfile" / "pipe-to-shell.yaml"
    rule = Loader().load(path, "rules/dockerfile/pipe-to-shell.yaml")
    effort.left = 0
    assert not [result.problem for result in run_examples(rule, examples_of(path, rule)) if result.problem]


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
    assert not parse_script(text[:20_000].rpartition("\n")[0]).cut
    assert parse_shell(text[:20_000])
