"""SARIF and baselines that were made to hurt: refused, or read as far as they make sense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import POD

ROOT = Path(__file__).resolve().parent.parent.parent


def _sarif(*results: Any, **driver: Any) -> str:
    runs = [{"tool": {"driver": {"name": "t", **driver}}, "results": list(results)}]
    return json.dumps({"version": "2.1.0", "runs": runs})


def _result(uri: str, text: str = "x", **region: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": 1, **region}}
    return {"ruleId": "a", "message": {"text": text}, "locations": [{"physicalLocation": place}]}


GIVEN = {
    "deep": "[" * 200_000,
    "null": '{"version": "2.1.0", "runs": null}',
    "types": _sarif({"ruleId": [], "message": 5, "locations": {"a": 1}}, 5, None, _result("x", startColumn="x")),
    "device": _sarif(_result("file:///dev/zero"), _result("../../../../../../dev/zero"), _result("pipe")),
    "far": _sarif(_result("x", endLine=10**12, startColumn=10**12)),
    "commands": _sarif(_result("x", "\x1b[31m\n::error::x\n##[add-mask]y ##vso[z]")),
    "many": _sarif(*(_result(f"f{n}") for n in range(20_000))),
    "rules": _sarif({"ruleIndex": 10**9, "message": {"text": "x"}}, rules=[{"id": "a"}] * 20_000),
    "surrogates": '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"\\ud800"}},"results":[{"ruleId":"\\udfff","message":{"text":"\\ud800"}}]}]}',
    "digits": '{"version":"2.1.0","runs":[{"results":[{"rank":' + "9" * 100_000 + "}]}]}",
}  # fmt: skip


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    limited = 'ulimit -v 1500000; exec "$@"'
    command = ["sh", "-c", limited, "x", sys.executable, "-m", "linter", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("name", sorted(GIVEN))
@pytest.mark.parametrize("output", ["text", "sarif"])
def test_sarif_that_is_given(name: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "in.sarif").write_text(GIVEN[name])
    os.mkfifo(tmp_path / "pipe")
    result = _run(tmp_path, "report", "in.sarif", "-f", output, "-q")
    assert result.returncode in (0, 1, 2), result.stderr
    assert b"##[" not in result.stdout
    assert b"\x1b" not in result.stdout
    assert not [line for line in result.stdout.splitlines() if line.startswith(b"::")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"schema_version": 1, "findings": [5]}',
        '{"schema_version": ' + "9" * 10_000 + "}",
        None,
    ],
)
def test_a_baseline_that_is_none_is_refused(text: str | None, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "tarecheck.yaml").write_text("baseline: known.json\n")
    if text is None:
        os.mkfifo(tmp_path / "known.json")
    else:
        (tmp_path / "known.json").write_text(text)
    assert _run(tmp_path, "scan", ".", "-qq").returncode == 2
