"""Every attack ends in bounded time, is told, and takes nothing from the files beside it, in any report."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from linter.recipe import Recipe
from linter.reporters import REPORTERS, Options, write
from linter.ruleset.builtin import TOO_LARGE, UNPARSABLE
from linter.scan import Request, scan
from tests.hostile.attack import GOOD_SIBLINGS, Attack
from tests.hostile.inputs import in_process

LIMIT = 120  # seconds for one attack; a guard against hangs, not a measure
FOR_PEOPLE = ("text", "github", "gnu", "markdown", "csv")
# survive too, but take seconds each: `make test` leaves them to the full run
SLOW = {
    "beside-module-tree",
    "yaml-alias-bomb-below-the-limit", "yaml-many-documents", "yaml-many-empty-documents", "yaml-many-broken-documents",
    "yaml-many-containers", "yaml-many-objects-with-flaws", "yaml-many-labels", "yaml-many-keys", "yaml-many-equal-keys",
    "yaml-role-rules", "yaml-roles-and-bindings", "yaml-secret-names", "yaml-huge-image", "yaml-key-file", "yaml-template",
    "yaml-comment-lines", "yaml-ignore-comments", "yaml-annotations", "json-wide", "json-one-line", "json-many-documents",
    "json-equal-keys", "encoding-random", "fs-many-folders", "hcl-json-numbers", "hcl-for-in-for", "hcl-range-of-ranges",
    "hcl-locals-in-a-row", "hcl-for-over-text", "hcl-many-attributes", "plan-policies", "hcl-text-open", "plan-wide-child-modules",
    "hcl-many-blocks", "hcl-many-resources", "hcl-sets", "plan-many-resources", "plan-large-sensitive",
}  # fmt: skip


def _marked(attack: Attack) -> object:
    slow = attack.name in SLOW or attack.name.startswith(("dockerfile-", "shell-", "compose-"))
    full = os.environ.get("TARECHECK_FULL") == "1"
    skip = pytest.mark.skipif(not full, reason="takes seconds: only with TARECHECK_FULL=1")
    return pytest.param(attack, id=attack.name, marks=[pytest.mark.slow, skip] if slow else [])


@pytest.fixture(autouse=True)
def _guard() -> Iterator[None]:
    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"took more than {LIMIT} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("attack", [_marked(attack) for attack in in_process()])
def test_survives(attack: Attack, tmp_path: Path) -> None:
    attack.write(tmp_path)
    recipe = Recipe(paths=(str(tmp_path),), isolated=True, settings={"profile": "strict"})
    report = scan(Request(paths=(tmp_path,), recipe=recipe, cwd=tmp_path, jobs=1))
    assert [d.message for d in report.diagnostics if d.internal] == []
    assert {f.location.path for f in report.findings} >= set(GOOD_SIBLINGS)
    if attack.told:
        assert any(f.rule in (TOO_LARGE, UNPARSABLE) for f in report.findings) or report.coverage.skipped
    for name in REPORTERS:
        stream = io.StringIO()
        write(name, report, stream, Options())
        written = stream.getvalue()
        written.encode()  # a lone surrogate could not be written to any file
        if name in FOR_PEOPLE:
            assert not [c for c in written if c in "\x1b\x07\x00\x9b\u202e\u2066"]
