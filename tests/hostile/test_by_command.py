"""The second table through the command line, as a user runs it: limited memory, a limit of time, siblings kept."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from linter.ruleset.builtin import TOO_LARGE, UNPARSABLE
from tests.hostile.attack import GOOD_SIBLINGS, Attack
from tests.hostile.inputs import by_command

MEMORY = 1_500_000 * 1024  # bytes of address space
TIME = 20.0  # seconds of CPU of one scan


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(TIME), int(TIME) + 1))


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("TARECHECK_FULL") != "1", reason="takes minutes: only with TARECHECK_FULL=1"
)
@pytest.mark.parametrize("attack", [pytest.param(a, id=a.name) for a in by_command()])
def test_survives(attack: Attack, tmp_path: Path) -> None:
    attack.write(tmp_path)
    command = [
        sys.executable,
        "-m",
        "linter",
        "scan",
        "--no-cache",
        "--profile",
        "strict",
        "--format",
        "json",
        ".",
    ]
    place = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": place},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=_limit,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()[-2_000:]
    assert b"Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert [d["message"] for d in report["diagnostics"] if d.get("internal")] == []
    assert {finding["path"] for finding in report["findings"]} >= set(GOOD_SIBLINGS)
    if attack.told:
        told = {f["rule"] for f in report["findings"]} & {UNPARSABLE, TOO_LARGE}
        assert told or report["coverage"]["skipped"]
