"""What is repeated a hundred thousand times takes seconds, and nothing from the files beside it; so do pairs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.scan import Request, scan
from tests.hostile import across
from tests.hostile.attack import GOOD_SIBLINGS, Attack
from tests.hostile.repeated import attacks
from tests.hostile.test_in_process import _guard

__all__ = ["_guard"]  # the fixture: nothing here may hang

CPU = 20.0  # seconds of one attack; most take less than two
QUICK = (
    "repeated-git",
    "repeated-configuration",
    "repeated-pyproject",
    "repeated-dockerignore",
    "repeated-docker-dir",
    "across-bindings-roles",
    "across-routes",
)


def _marked(attack: Attack) -> object:
    quick = attack.name.startswith(QUICK)
    skip = pytest.mark.skipif(
        os.environ.get("TARECHECK_FULL") != "1", reason="takes seconds: only with TARECHECK_FULL=1"
    )
    return pytest.param(attack, id=attack.name, marks=[] if quick else [pytest.mark.slow, skip])


@pytest.mark.parametrize("attack", [_marked(a) for a in (*attacks(), *across.attacks())])
def test_survives(attack: Attack, tmp_path: Path) -> None:
    attack.write(tmp_path)
    isolated = "configuration" not in attack.name and "pyproject" not in attack.name
    recipe = Recipe(paths=(str(tmp_path),), isolated=isolated, settings={"profile": "strict"})
    started = time.process_time()
    report = scan(Request(paths=(tmp_path,), recipe=recipe, cwd=tmp_path, jobs=1, render=False))
    assert time.process_time() - started < CPU
    assert [d.message for d in report.diagnostics if d.internal] == []
    assert {f.location.path for f in report.findings} >= set(GOOD_SIBLINGS)
