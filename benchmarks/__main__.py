"""How long tarecheck takes beside the floor and beside the peers that are on this machine: `make bench`.

Every figure is of a whole process; medians of runs in turn. CPU seconds are the operating system's own account of user
and system time: on a shared machine they say more than the clock. A ratio above one: tarecheck takes that much less.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import corpus, growth
from benchmarks.measure import ROOT, Cost, in_turn, once
from benchmarks.peers import Peer, find

OURS = growth.SCAN
COLD = [*OURS, "--no-cache", "--jobs", "1"]
CORPORA: tuple[tuple[str, Callable[[Path, int], None], int, int], ...] = (
    # kind, generator, files, files of a quick run
    ("kubernetes", corpus.manifests, 1_000, 100),
    ("dockerfile", corpus.dockerfiles, 450, 50),
    ("terraform", corpus.terraform, 300, 30),
)


def show(title: str, cost: Cost, other: Cost | None = None) -> None:
    """A line; with the ratios of another cost to it, or of it to the floor."""
    ratio = (
        f"  {cost.cpu / other.cpu:6.1f} x CPU {cost.wall / other.wall:6.1f} x" if other is not None else ""
    )
    print(f"  {title:<52} {cost.cpu:7.3f} s CPU {cost.wall:8.3f} s {cost.memory:6.0f} MB{ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts (default: 5)")
    parser.add_argument(
        "--quick", action="store_true", help="small corpora, one run each, no growth: a minute"
    )
    parser.add_argument("--files", type=int, help="files of each generated corpus")
    parser.add_argument(
        "--peers", type=Path, action="append", default=[], metavar="DIR", help="where peers are"
    )
    parser.add_argument(
        "--tree", type=Path, action="append", default=[], metavar="DIR", help="also a real repository"
    )
    parser.add_argument("--growth", type=int, nargs="*", metavar="COUNT", help="how time and memory grow")
    options = parser.parse_args()
    runs = 1 if options.quick else options.runs
    peers, missing = find(options.peers)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}; {runs} runs"
    )
    print(f"peers: {', '.join(p.name for p in peers) or 'none'}; not here: {', '.join(missing) or 'none'}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start(folder, runs, peers)
        for kind, generate, files, few in CORPORA:
            count = options.files or (few if options.quick else files)
            generate(folder / kind, count)
            compare(kind, folder / kind, f"{count:,} generated files", runs, peers)
        for tree in options.tree:
            real(tree.resolve(), runs, peers)
    if options.growth is not None or not options.quick:
        growth.run_all(options.growth or growth.COUNTS)


def start(folder: Path, runs: int, peers: Sequence[Peer]) -> None:
    """What one file costs, and nothing at all."""
    corpus.manifests(folder / "one", 1)
    corpus.dockerfiles(folder / "image", 1)
    print("start")
    hadolint = next((peer for peer in peers if peer.name == "hadolint"), None)
    their = hadolint.command("dockerfile", folder / "image") if hadolint else None
    rows = {
        "python -c pass, the floor": [sys.executable, "-c", "pass"],
        "tarecheck --version": [sys.executable, "-m", "linter", "--version"],
        "one manifest, nothing kept": [*COLD, str(folder / "one")],
        "one Dockerfile, nothing kept": [*COLD, str(folder / "image")],
        **({"hadolint, the same Dockerfile": their} if their else {}),
    }
    costs = in_turn(list(rows.values()), runs)
    for title, cost in zip(rows, costs, strict=True):
        show(title, cost)


def compare(kind: str, folder: Path, title: str, runs: int, peers: Sequence[Peer]) -> None:
    """A folder judged as one kind by everybody who can."""
    print(f"{kind}: {title}")
    rows: dict[str, list[str]] = {
        "tarecheck, nothing kept, one process": [*COLD, str(folder)],
        "tarecheck, nothing kept, two processes": [*COLD[:-1], "2", str(folder)],
        "tarecheck, everything kept": [*OURS, "--jobs", "1", str(folder)],
    }
    if kind == "kubernetes":
        rows["PyYAML's C loader composes the same, the floor"] = [
            sys.executable,
            "-c",
            growth.COMPOSE,
            str(folder),
        ]
    once([*OURS, "--jobs", "1", str(folder)])  # keeps
    costs = in_turn(list(rows.values()), runs)
    for row, cost in zip(rows, costs, strict=True):
        show(row, cost)
    for peer in peers:
        command = peer.command(kind, folder)
        if command is None:
            continue
        ours, theirs = in_turn([[*COLD, str(folder)], command], min(runs, 3))
        show(f"{peer.name}, all its checks", theirs, ours)
        shared = peer.shared(kind, folder)
        if shared is not None:
            command, selectors = shared
            select = ["--select", ",".join(selectors), "--profile", "strict"]
            ours, theirs = in_turn([[*COLD, *select, str(folder)], command], min(runs, 3))
            show(f"tarecheck, the {len(selectors)} checks that both have", ours)
            show(f"{peer.name}, the {len(selectors)} checks that both have", theirs, ours)


def real(tree: Path, runs: int, peers: Sequence[Peer]) -> None:
    """A real repository as it is; of the peers, those that read folders of all kinds."""
    print(f"{tree.name}")
    once([*OURS, "--jobs", "1", str(tree)])  # keeps
    cold, warm = in_turn([[*COLD, str(tree)], [*OURS, "--jobs", "1", str(tree)]], runs)
    show("tarecheck, nothing kept, one process", cold)
    show("tarecheck, everything kept", warm)
    kinds = "kubernetes,dockerfile,terraform"
    for peer in peers:
        words = {
            "trivy": ["config", "--skip-check-update", "--quiet", "--misconfig-scanners", kinds, str(tree)],
            "checkov": [
                "--quiet",
                "--compact",
                "--skip-download",
                "--framework",
                *kinds.split(","),
                "-d",
                str(tree),
            ],
            "kube-linter": ["lint", str(tree)],
        }.get(peer.name)
        if words is not None:
            (theirs,) = in_turn([[peer.program, *words]], 1)
            show(f"{peer.name} (exit code {theirs.code})", theirs, cold)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
