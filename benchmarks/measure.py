"""What a command costs: CPU seconds (user and system, children too), wall seconds, peak memory of one process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# in a process of its own, so that only this command's children are counted
_CODE = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, ended.returncode)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, seconds, MB; of several runs the medians. `code`: the exit code of the last."""

    cpu: float
    wall: float
    memory: float
    code: int = 0


def once(command: Sequence[str]) -> Cost:
    """Run a command, its output thrown away."""
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-c", _CODE, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment(),
    )
    wall = time.monotonic() - started - _overhead()
    cpu, memory, code = result.stdout.split()
    return Cost(float(cpu), max(wall, 0.0), float(memory), int(code))


def median(costs: Sequence[Cost]) -> Cost:
    rows = [(cost.cpu, cost.wall, cost.memory) for cost in costs]
    return Cost(*(statistics.median(column) for column in zip(*rows, strict=True)), costs[-1].code)


def in_turn(commands: Sequence[Sequence[str]], runs: int) -> list[Cost]:
    """Medians of several commands run by turns, so that what else the machine does meets all of them alike."""
    for command in commands if runs > 1 else ():
        once(command)  # caches of the file system and of the programs
    rounds = [[once(command) for command in commands] for _ in range(runs)]
    return [median(column) for column in zip(*rounds, strict=True)]


def environment() -> dict[str, str]:
    """As a user has it: compiled modules are kept."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _overhead() -> float:
    """Wall seconds that measuring takes itself."""
    if not _OVERHEAD:
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", _CODE, "true"], check=True, capture_output=True)
        _OVERHEAD.append(time.monotonic() - started)
    return _OVERHEAD[0]


_OVERHEAD: list[float] = []
