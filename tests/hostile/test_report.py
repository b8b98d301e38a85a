"""`tarecheck report` over SARIF that was made to hurt."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from linter.cli.report import command


def _sarif(**run: object) -> str:
    return json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, **run}]})


def _results(count: int) -> list[dict[str, object]]:
    place = {
        "physicalLocation": {"artifactLocation": {"uri": "../../etc/passwd"}, "region": {"startLine": 1}}
    }
    return [{"ruleId": f"r{n}", "message": {"text": "m"}, "locations": [place]} for n in range(count)]


def test_thousands_of_rules_take_no_minutes(tmp_path: Path) -> None:
    (tmp_path / "a.sarif").write_text(_sarif(results=_results(5_000)))
    started = time.process_time()
    done = CliRunner().invoke(command, [str(tmp_path / "a.sarif"), "-f", "json"], standalone_mode=False)
    assert done.exception is None
    assert time.process_time() - started < 15


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "2.1.0", "runs": ' + "[" * 200_000,
        '{"version": "2.1.0", "runs": [{"results": [{"locations": [{"physicalLocation": {"region": {"startLine": ' + "9" * 5_000 + "}}}]}]}]}",
        '{"version": "2.1.0",\0 "runs": []}',
    ],
    ids=["deep", "digits", "nul"],
)  # fmt: skip
def test_what_is_no_sarif_is_a_mistake_of_use(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.sarif").write_text(text)
    done = CliRunner().invoke(command, [str(tmp_path / "a.sarif")], standalone_mode=False)
    assert type(done.exception).__name__ == "UsageError"


def test_a_device_is_not_read_for_ever() -> None:
    done = CliRunner().invoke(command, ["/dev/zero"], standalone_mode=False)
    assert "larger than" in str(done.exception)
