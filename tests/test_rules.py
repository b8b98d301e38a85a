"""Every example of every rule, each a named test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from linter.ruleset.examples import examples_of, run_examples
from linter.ruleset.files import builtin_directory, rule_files
from linter.ruleset.load import Loader, load_file

FILES = {path.stem: path for path in rule_files(builtin_directory())}


@cache
def _loader() -> Loader:
    return Loader()


def test_there_are_rules_for_every_format() -> None:
    formats = {path.parent.name for path in FILES.values()}
    assert formats >= {"dockerfile", "kubernetes", "terraform"}


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_examples(rule_id: str) -> None:
    path = FILES[rule_id]
    rule = _loader().load(path, f"rules/{path.parent.name}/{path.name}")
    results = list(run_examples(rule, examples_of(path, rule)))
    kinds = {result.example.kind for result in results}
    assert {"bad", "good"} <= kinds, "a rule needs a bad and a good example"
    problems = [f"{result.name}: {result.problem}" for result in results if result.problem]
    assert not problems, "\n".join(problems)


def test_ids_are_unique() -> None:
    names = [path.stem for path in rule_files(builtin_directory())]
    assert len(names) == len(set(names))


def test_load_file_is_the_public_way(tmp_path: Path) -> None:
    first = next(iter(FILES.values()))
    assert load_file(first).id == first.stem
