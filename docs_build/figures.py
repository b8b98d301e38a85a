"""The figures of the benchmarks page: CPU seconds of whole processes. `python -m docs_build.figures` prints them."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
MANIFEST = ROOT / "fixtures" / "training-job" / "prepare-data.yaml"
DOCKERFILE = ROOT / "fixtures" / "training-job" / "Dockerfile"
TARECHECK = [sys.executable, "-m", "linter"]


def cost(command: list[str], runs: int = RUNS) -> float:
    """The least CPU time of some runs, in seconds: on a busy machine the clock tells nothing."""
    best = float("inf")
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=False, cwd=ROOT)  # noqa: S603 our own commands
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def rows(folder: Path) -> list[tuple[str, float]]:
    """What is measured, and what it costs."""
    many = folder / "many"
    many.mkdir()
    text = MANIFEST.read_text(encoding="utf-8")
    for number in range(1000):
        (many / f"job-{number}.yaml").write_text(
            text.replace("prepare-data", f"prepare-{number}"), encoding="utf-8"
        )
    quiet = ["--exit-zero", "-qq", "--isolated", "--jobs", "1"]
    found = [
        ("`python -c pass`, the floor", cost([sys.executable, "-c", "pass"])),
        ("`tarecheck --version`", cost([*TARECHECK, "--version"])),
        (
            "one Dockerfile, no cached results",
            cost([*TARECHECK, "scan", str(DOCKERFILE), "--no-cache", *quiet]),
        ),
        ("one manifest, no cached results", cost([*TARECHECK, "scan", str(MANIFEST), "--no-cache", *quiet])),
        (
            "1,000 files of two manifests each, no cached results",
            cost([*TARECHECK, "scan", str(many), "--no-cache", *quiet], 2),
        ),
    ]
    hadolint = shutil.which("hadolint") or shutil.which(str(Path(sys.executable).parent / "hadolint"))
    if hadolint:
        found.append(("hadolint, the same Dockerfile", cost([hadolint, str(DOCKERFILE)])))
    return found


def main() -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds in rows(Path(folder)):
            print(f"| {name} | {seconds:.3f} s |")  # noqa: T201


if __name__ == "__main__":
    main()
