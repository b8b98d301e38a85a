"""The repaired twin of a fixture has no finding of any rule: what the tool asks for can be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.finding import Status
from linter.recipe import Recipe
from linter.scan import Request, scan

ROOT = Path(__file__).resolve().parent.parent
TWINS = sorted((ROOT / "fixtures").glob("*-repaired"))


def test_there_are_twins_and_each_has_its_original() -> None:
    assert len(TWINS) >= 2
    for twin in TWINS:
        assert twin.with_name(twin.name.removesuffix("-repaired")).is_dir()


@pytest.mark.parametrize("twin", TWINS, ids=lambda p: p.name)
def test_a_repaired_twin_is_clean_in_the_strict_profile(twin: Path, tmp_path: Path) -> None:
    empty = tmp_path / "tarecheck.yaml"
    empty.write_text("profile: strict\n")
    report = scan(Request(paths=(twin,), recipe=Recipe(paths=(str(twin),), config_file=str(empty)), jobs=1))
    assert [f"{f.location.path}:{f.location.line} {f.rule}" for f in report.active] == []
    assert sum(report.coverage.read.values()) >= 2
    # what is suppressed is suppressed for a reason
    suppressed = [f for f in report.findings if f.status is Status.SUPPRESSED]
    assert all(finding.reason for finding in suppressed)
    assert len(suppressed) <= 4
