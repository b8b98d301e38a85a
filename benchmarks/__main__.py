"""How long tarecheck takes beside the floor and beside the peers that are on this machine: `make bench`.

Every figure is of a whole process: user and system time by the operating system's own account, the median of several
runs. Ratios compare runs made in turn on the same machine; single times say little on a machine that is shared.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import dockerfiles, manifests

ROOT = Path(__file__).resolve().parent.parent
SCAN = [
    sys.executable,
    "-m",
    "linter",
    "scan",
    "--isolated",
    "--exit-zero",
    "--no-render",
    "--jobs",
    "1",
    "-qq",
]
COMPOSE = (
    "import sys, yaml, pathlib\n"
    "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.yaml')):\n"
    "    list(yaml.compose_all(path.read_text(), Loader=yaml.CSafeLoader))\n"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the runs: CPU seconds, wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


def measure(command: Sequence[str], runs: int) -> Cost:
    """Run a command several times after one run that warms caches."""
    rows = [_once(command) for _ in range(runs + 1)][1:]
    return Cost(*(statistics.median(column) for column in zip(*rows, strict=True)))


def _once(command: Sequence[str]) -> tuple[float, float, float]:
    start = os.times().elapsed
    with Path(os.devnull).open("w") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing, cwd=ROOT, env=environment())
        _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime, os.times().elapsed - start, usage.ru_maxrss / 1024


def environment() -> dict[str, str]:
    """As a user has it: compiled modules are kept."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def report(title: str, cost: Cost, floor: Cost | None = None) -> None:
    ratio = f"  {cost.cpu / floor.cpu:6.1f} x" if floor is not None else ""
    print(f"{title:<58} {cost.cpu:7.3f} s CPU  {cost.wall:7.3f} s  {cost.memory:6.0f} MB{ratio}")


def peer(name: str, arguments: Sequence[str], title: str, ours: Cost, runs: int) -> None:
    """A peer on the same corpus, where it is installed; its ratio is to our cost."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        print(f"{title:<58} {name} is not on this machine")
        return
    report(title, measure([found, *arguments], runs), ours)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=1000, help="manifests in the large corpus")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large, images = (Path(folder) / name for name in ("small", "large", "images"))
        manifests(small, 1)
        manifests(large, options.files)
        dockerfiles(images, 450)
        _start_up(small, options.runs)
        _manifests(large, options.files, options.runs)
        _dockerfiles(images, options.runs)


def _start_up(small: Path, runs: int) -> None:
    floor = measure([sys.executable, "-c", "pass"], runs)
    report("python -c pass", floor)
    report("tarecheck --version", measure([sys.executable, "-m", "linter", "--version"], runs), floor)
    report("one manifest, rules from the cache", measure([*SCAN, str(small)], runs), floor)


def _manifests(large: Path, count: int, runs: int) -> None:
    floor = measure([sys.executable, "-c", COMPOSE, str(large)], runs)
    report(f"{count} manifests composed by PyYAML's C loader", floor)
    ours = measure([*SCAN, str(large)], runs)
    report(f"{count} manifests, default profile", ours, floor)
    report(
        f"{count} manifests, strict profile", measure([*SCAN, "--profile", "strict", str(large)], runs), floor
    )
    peer("kube-linter", ["lint", str(large)], f"kube-linter, {count} manifests (to ours)", ours, runs)
    peer(
        "trivy",
        ["config", "--skip-check-update", str(large)],
        f"trivy config, {count} manifests (to ours)",
        ours,
        1,
    )
    checkov = ["-d", str(large), "--framework", "kubernetes", "--quiet", "--compact", "--skip-download"]
    peer("checkov", checkov, f"checkov, {count} manifests (to ours)", ours, 1)


def _dockerfiles(images: Path, runs: int) -> None:
    ours = measure([*SCAN, str(images)], runs)
    report("450 Dockerfiles, default profile", ours)
    names = [str(path) for path in sorted(images.iterdir())]
    peer("hadolint", names, "hadolint, 450 Dockerfiles (to ours)", ours, 1)


if __name__ == "__main__":
    main()
