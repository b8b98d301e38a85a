"""Each fixture tree gives exactly the findings of its `expected.json`, in a default scan, twice the same bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from linter.finding import Report
from linter.recipe import Recipe
from linter.reporters import REPORTERS, Options, write
from linter.scan import Request, scan

ROOT = Path(__file__).resolve().parent.parent
TREES = sorted(path for path in (ROOT / "fixtures").iterdir() if path.is_dir())


def scan_tree(tree: Path) -> Report:
    """A default scan that no configuration of this repository can change."""
    return scan(Request(paths=(tree,), recipe=Recipe(paths=(str(tree),), isolated=True)))


def rows(report: Report, tree: Path) -> list[list[object]]:
    """rule, file, line and the text under the span, one row a finding."""
    prefix = tree.relative_to(ROOT).as_posix() + "/"
    return [
        [f.rule, f.location.path.removeprefix(prefix), f.location.line, f.evidence] for f in report.active
    ]


@pytest.mark.parametrize("tree", TREES, ids=lambda p: p.name)
def test_expected(tree: Path) -> None:
    expected = json.loads((tree / "expected.json").read_text())
    assert rows(scan_tree(tree), tree) == expected


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_two_runs_give_identical_bytes(name: str) -> None:
    def render() -> str:
        out = io.StringIO()
        write(name, scan_tree(TREES[0]), out, Options())
        return out.getvalue()

    assert render() == render()
