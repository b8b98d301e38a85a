"""How time and memory grow with the number of files, and what kept results save: python -m benchmarks.growth [COUNT…].

For each count: a scan that has nothing kept, in one process and in two, one that has everything, one after a single
file changed. CPU seconds are the main process's: those of workers count in wall seconds only; memory is that of the
largest process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import manifests
from benchmarks.measure import ROOT, environment, once

COUNTS = (100, 1_000, 10_000, 50_000)
COMPOSE = (
    "import sys, yaml, pathlib\n"
    "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.yaml')):\n"
    "    list(yaml.compose_all(path.read_text(), Loader=yaml.CSafeLoader))\n"
)
SCAN = [sys.executable, "-m", "linter", "scan", "--isolated", "--exit-zero", "--no-render", "-qq"]


def grow(count: int, folder: Path) -> None:
    """Print the rows of one count."""
    tree, cache = folder / "tree", folder / "cache"
    manifests(tree, count)
    place = ["--cache-dir", str(cache), str(tree)]
    # compiles the rules into the cache
    subprocess.run(
        [*SCAN, "--no-cache", "--cache-dir", str(cache), str(ROOT / "fixtures")],
        check=True, cwd=ROOT, env=environment(),
    )  # fmt: skip
    print(f"{count:,} manifests")
    show("composed by PyYAML's C loader", [sys.executable, "-c", COMPOSE, str(tree)])
    show("nothing kept, one process", [*SCAN, "--no-cache", "--jobs", "1", *place])
    show("nothing kept, two processes", [*SCAN, "--no-cache", "--jobs", "2", *place])
    once([*SCAN, *place])  # keeps
    show("everything kept", [*SCAN, *place])
    first = min(tree.iterdir())
    first.write_text(first.read_text() + "# changed\n")
    show("one file changed", [*SCAN, *place])


def show(title: str, command: Sequence[str]) -> None:
    cost = once(command)
    print(f"  {title:<36} {cost.cpu:7.2f} s CPU {cost.wall:8.2f} s {cost.memory:6.0f} MB", flush=True)


def run_all(counts: Sequence[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            grow(count, Path(folder))


if __name__ == "__main__":
    run_all([int(word) for word in sys.argv[1:]] or COUNTS)
