"""How time and memory grow with the number of files, and what kept results save: python -m benchmarks.growth [COUNT…].

For each count: a scan that has nothing kept, one that has everything, one after a single file changed. CPU
seconds are the main process's: those of workers count in wall seconds only; memory is the main process's too.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import COMPOSE, ROOT, environment
from benchmarks.corpus import manifests

COUNTS = (100, 1_000, 10_000)


def run(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds of a process, wall seconds, MB."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)\n"
    )
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment(),
    )
    cpu, memory = map(float, result.stdout.split())
    return cpu, time.monotonic() - started, memory


def show(title: str, row: tuple[float, float, float]) -> None:
    print(f"  {title:<36} {row[0]:7.2f} s CPU  {row[1]:7.2f} s  {row[2]:6.0f} MB", flush=True)


def grow(count: int, folder: Path) -> None:
    tree, cache = folder / "tree", folder / "cache"
    manifests(tree, count)
    scan = [
        sys.executable,
        "-m",
        "linter",
        "scan",
        str(tree),
        "--isolated",
        "--exit-zero",
        "--no-render",
        "-qq",
    ]
    version = [*scan[:4], str(ROOT / "fixtures"), *scan[5:], "--cache-dir", str(cache), "--no-cache"]
    subprocess.run(version, check=True, cwd=ROOT)  # compiles the rules into the cache
    kept = [*scan, "--cache-dir", str(cache)]
    print(f"{count:,} manifests")
    show("composed by PyYAML's C loader", run([sys.executable, "-c", COMPOSE, str(tree)]))
    show("nothing kept, one process", run([*scan, "--no-cache", "--jobs", "1", "--cache-dir", str(cache)]))
    show("nothing kept, as many as pay", run(kept))
    show("everything kept", run(kept))
    first = min(tree.iterdir())
    first.write_text(first.read_text() + "# changed\n")
    show("one file changed", run(kept))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for count in [int(word) for word in sys.argv[1:]] or COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            grow(count, Path(folder))


if __name__ == "__main__":
    main()
