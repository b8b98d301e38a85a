"""The built wheel holds the rules and does what the checkout does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "fixtures" / "training-job"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_every_rule(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    carried = {name.removeprefix("linter/_rules/") for name in names if name.startswith("linter/_rules/")}
    here = {p.relative_to(ROOT / "rules").as_posix() for p in (ROOT / "rules").rglob("*") if p.is_file()}
    assert carried == here
    assert "linter/py.typed" in names
    assert not [name for name in names if name.split("/")[0] != "linter" and ".dist-info/" not in name]


@pytest.mark.slow
def test_the_wheel_finds_what_the_checkout_finds(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run([*command, "--disable-pip-version-check"], check=True, capture_output=True)
    installed = _scan(tmp_path, {"PYTHONPATH": str(target)})
    checkout = _scan(tmp_path, {"PYTHONPATH": str(ROOT)})
    assert installed == checkout
    assert installed["findings"]


def _scan(cwd: Path, environment: dict[str, str]) -> dict[str, object]:
    command = [sys.executable, "-m", "linter", "scan", str(FIXTURE), "-f", "json", "--exit-zero"]
    result = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    report: dict[str, object] = json.loads(result.stdout)
    return report
