"""Workers that die: every item has its result, in order, and what kills its process is named."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linter import pool
from linter.pool import OrderedPool
from tests.test_cli import POD

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes as POSIX has it")
ROOT = Path(__file__).resolve().parent.parent


def make(folder: str) -> Callable[[str], str]:
    return lambda item: _work(Path(folder), item)


def _work(folder: Path, item: str) -> str:
    name, _, how = item.partition(" ")
    mark = folder / name
    if how == "once":
        if mark.exists():
            return name
        mark.touch()
        how = "kill"
    if how == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "exit":
        os._exit(3)
    elif how == "segfault":
        ctypes.string_at(0)
    return name


def broken(recipe: str) -> Callable[[str], str]:
    if multiprocessing.parent_process() is not None:
        raise RuntimeError("no worker begins")
    return str.upper


def lost(item: str) -> str:
    return f"lost {item.partition(' ')[0]}"


def _items(**bad: str) -> list[str]:
    names = [f"i{n:03}" for n in range(100)]
    return [f"{name} {bad[name]}" if name in bad else name for name in names]


@pytest.mark.parametrize("how", ["kill", "exit", "segfault"])
def test_what_kills_its_process_is_named_and_nothing_else_lost(how: str, tmp_path: Path) -> None:
    workers = OrderedPool(2, make, str(tmp_path), lost)
    found = list(workers.map(_items(i030=how)))
    assert found == [f"i{n:03}" if n != 30 else "lost i030" for n in range(100)]
    assert workers.deaths == 1


def test_what_was_killed_by_chance_is_done_again(tmp_path: Path) -> None:
    workers = OrderedPool(2, make, str(tmp_path), lost)
    assert list(workers.map(_items(i001="once", i060="once", i099="once"))) == [
        f"i{n:03}" for n in range(100)
    ]
    assert workers.deaths >= 1


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="sees who is stopped in /proc")
def test_a_stopped_worker_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "STALLED", 0.2)
    workers = OrderedPool(2, make, str(tmp_path), lost)
    found = list(workers.map(_items(i040="stop")))
    assert found == [f"i{n:03}" if n != 40 else "lost i040" for n in range(100)]


def test_where_no_worker_begins_the_work_is_done_here(tmp_path: Path) -> None:
    assert list(OrderedPool(2, broken, "", lost).map(["a", "b", "c"])) == ["A", "B", "C"]


def test_where_no_process_can_be_made_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(pool.OrderedPool, "_executor", refuse)
    assert list(OrderedPool(2, make, str(tmp_path), lost).map(["a", "b"])) == ["a", "b"]


def _tree(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        text = "\n---\n".join(POD.replace("name: p", f"name: p{n}-{i}") for i in range(20))
        (folder / f"pod-{n:03}.yaml").write_text(text)
    return folder


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "linter",
        "scan",
        str(folder),
        "--isolated",
        "--no-cache",
        "--exit-zero",
        *arguments,
    ]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=_hear_interrupts,
    )


def _hear_interrupts() -> None:
    """A shell has what it starts in the background ignore Ctrl-C, and so all tests in it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _workers(session: int) -> list[int]:
    """The processes of a session that scan: children of its first one, or of that one's fork server."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                parents[int(entry.name)] = int(fields[1])
                lines[int(entry.name)] = (entry / "cmdline").read_text()
        except (OSError, ValueError):
            continue
    servers = {pid for pid, line in lines.items() if "forkserver" in line and parents[pid] == session}
    helpers = servers | {pid for pid, line in lines.items() if "resource_tracker" in line}
    return [pid for pid, parent in parents.items() if parent in {session, *servers} and pid not in helpers]


def _wait_for_workers(process: subprocess.Popen[bytes]) -> list[int]:
    for _ in range(1200):
        found = _workers(process.pid)
        if len(found) >= 2:
            return found
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("no workers seen")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_scan_whose_workers_are_killed_tells_everything(number: signal.Signals, tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", 60)
    whole = _start(tree, "--jobs", "1", "-f", "gnu").communicate()[0]
    assert whole.count(b"\n") > 1000
    process = _start(tree, "--jobs", "2", "-f", "gnu")
    os.kill(_wait_for_workers(process)[0], number)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert [line for line in out.splitlines() if b"worker process" not in line] == whole.splitlines()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_an_interrupted_scan_ends_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    process = _start(_tree(tmp_path / "tree", 200), "--jobs", "2")
    _wait_for_workers(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert (out, err.strip()) == (b"", b"")
    for _ in range(200):
        if not _workers(process.pid):
            break
        time.sleep(0.05)
    assert _workers(process.pid) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_main_process_that_is_ended_leaves_no_workers(number: signal.Signals, tmp_path: Path) -> None:
    process = _start(_tree(tmp_path / "tree", 200), "--jobs", "2")
    _wait_for_workers(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)  # workers that live hold the other ends of the pipes
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert out == b""
    assert number == signal.SIGKILL or err == b""
    for _ in range(200):
        if not _workers(process.pid):
            break
        time.sleep(0.05)
    assert _workers(process.pid) == []
