"""Streams, pipes, devices and disks that do not do what a program hopes for: told, never waited for without end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from linter import givenfiles
from linter.givenfiles import open_for_writing, read_given, read_regular
from tests.test_cli import POD

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices as POSIX has them")
ROOT = Path(__file__).resolve().parent.parent
TARECHECK = [sys.executable, "-m", "linter"]
DOCKERFILE = "FROM python:3.12\nRUN pip install example==1\nUSER 10001\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def _run(tree: Path, *words: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tree)}
    options: dict[str, object] = {"stdin": subprocess.DEVNULL, "capture_output": True, **more}
    return subprocess.run([*TARECHECK, *words], cwd=tree, env=environment, check=False, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


def _in_namespace(tree: Path, script: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell script with mounts of its own."""
    if not hasattr(os, "getuid") or os.getuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root can mount")
    words = f'set -e; scan() {{ set +e; "{sys.executable}" -m linter scan "$@"; code=$?; set -e; }}; {script}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", words], cwd=tree, env=environment, capture_output=True, check=False
    )
    if b"unshare:" in done.stderr or b"mount:" in done.stderr:
        pytest.skip(f"no namespaces here: {done.stderr.decode(errors='replace')}")
    return done


@pytest.mark.parametrize("shell", ['"$@" | head -1', '"$@" | true', '"$@" >&-'])
def test_nobody_takes_what_is_printed(shell: str, tree: Path) -> None:
    """A quiet end with the code of the findings; what goes to files is complete."""
    words = [*TARECHECK, "scan", "--isolated", "-o", "out.json", "pod.yaml", "Dockerfile"]
    script = f'set -o pipefail; {shell}; echo "code $?" >&2'
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    done = subprocess.run(
        [bash, "-c", script, "x", *words],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stderr.splitlines() == [b"code 1"]
    assert json.loads((tree / "out.json").read_text())["findings"]


@pytest.mark.parametrize("words", [("rules", "list"), ("scan", "."), ("scan", "--diff", "."), ("--help",)])
def test_a_full_disk_behind_stdout_is_told(words: Sequence[str], tree: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with open("/dev/full", "wb") as full:
        done = _run(tree, *words, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 4
    assert b"No space left on device" in done.stderr
    assert b"TRACEBACK" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("scan", "pod.yaml", "--baseline", "pipe"), 2),
        (("scan", "pod.yaml", "--config", "pipe"), 2),
        (("scan", "--files-from", "pipe"), 2),
        (("scan", "pod.yaml", "-o", "json:pipe"), 4),
        (("scan", "pod.yaml", "--terraform-root", "pipe"), 2),
        (("scan", "pipe", "pod.yaml"), 1),
        (("scan", "pod.yaml", "--cache-dir", "pipe"), 1),
        (("report", "pipe"), 2),
        (("baseline", "show", "-b", "pipe"), 2),
        (("baseline", "update", "-b", "pipe", "pod.yaml"), 2),
        (("config", "validate", "pipe"), 2),
        (("rules", "test", "pipe"), 2),
        (("scan", "pod.yaml", "--baseline", "/dev/zero"), 2),
        (("scan", "--files-from", "/dev/zero"), 2),
        (("report", "/dev/zero"), 2),
        (("scan", "pod.yaml", "-o", "json:missing/out.json"), 4),
        (("scan", "pod.yaml", "-o", "json:."), 4),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_no_file_is_told(words: Sequence[str], code: int, tree: Path) -> None:
    done = _run(tree, *words)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"crashed" not in done.stderr
    if code != 1:
        assert done.stderr.startswith(b"error: ")


def test_endless_standard_input_is_refused(tree: Path) -> None:
    with open("/dev/zero", "rb") as zero:
        done = _run(tree, "scan", "-", "--stdin-filename", "pod.yaml", stdin=zero)
    assert done.returncode == 2
    assert b"larger than" in done.stderr


def test_pipes_with_somebody_at_the_other_end(tree: Path) -> None:
    pipe = tree / "pipe"
    wrote = threading.Thread(target=lambda: pipe.write_bytes(b"x" * 300_000))
    wrote.start()
    assert len(read_given(pipe, 1_000_000)) == 300_000
    wrote.join()
    got: list[bytes] = []
    reads = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reads.start()
    with open_for_writing(pipe) as stream:
        stream.write(b"y" * 300_000)
    reads.join()
    assert got == [b"y" * 300_000]


def test_a_pipe_whose_writer_says_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(givenfiles, "SILENCE", 0.1)
    holder = os.open(tree / "pipe", os.O_RDWR)
    try:
        with pytest.raises(OSError, match="nobody is at the other end"):
            read_given(tree / "pipe", 10)
        with (
            pytest.raises(OSError, match="nobody is at the other end"),
            open_for_writing(tree / "pipe") as stream,
        ):
            stream.write(b"x" * 1_000_000)
    finally:
        os.close(holder)


def test_only_files_are_read(tree: Path) -> None:
    (tree / "large").write_bytes(b"x" * 11)
    for name in ("pipe", ".", "large", "missing"):
        with pytest.raises(OSError):
            read_regular(tree / name, 10)


def test_fixes_that_cannot_be_written_are_told(tree: Path) -> None:
    """One file can be written, the other can't."""
    (tree / "b").mkdir()
    (tree / "b" / "Dockerfile").write_text(DOCKERFILE)
    done = _in_namespace(
        tree,
        'mount --bind b b; mount -o remount,ro,bind b; scan --fix -qq .; echo "code $code" >&2',
    )
    assert b"b/Dockerfile: can't be written: Read-only file system" in done.stderr
    assert b"Fixed 1 findings in 1 files." in done.stderr
    assert b"Could not fix 1 findings in 1 files." in done.stderr
    assert done.stderr.endswith(b"code 4\n")
    assert "--no-cache-dir" in (tree / "Dockerfile").read_text()


def test_nothing_is_fixed_where_nothing_can_be_written(tree: Path) -> None:
    done = _in_namespace(
        tree,
        'mount --bind . /mnt; mount -o remount,ro,bind /mnt; cd /mnt; scan --fix -q .; echo "code $code" >&2',
    )
    assert b"Fixed" not in done.stderr
    assert b"Could not fix 1 findings in 1 files." in done.stderr
    assert b"pip-cache-left" in done.stdout  # the report is of what is there
    assert done.stderr.endswith(b"code 4\n")


def test_a_disk_that_is_full(tree: Path) -> None:
    """The old report stays, no half of a new one is left, no cache is no failure."""
    script = (
        "mount -t tmpfs -o size=64k none /mnt; cp -r Dockerfile pod.yaml /mnt; echo old > /mnt/out.json;"
        "dd if=/dev/zero of=/mnt/rest bs=1k count=64 2>/dev/null || true;"
        "scan pod.yaml -qq --cache-dir /mnt/cache; echo $code;"
        "scan pod.yaml -qq -o /mnt/out.json; echo $code; cat /mnt/out.json;"
        "scan /mnt -qq --fix; echo $code; cmp /mnt/Dockerfile Dockerfile && echo same; ls -A /mnt"
    )
    done = _in_namespace(tree, script)
    assert done.stdout.split() == [
        b"1", b"4", b"old", b"4", b"same", b"Dockerfile", b"cache", b"out.json", b"pod.yaml", b"rest",
    ]  # fmt: skip
    assert b"error: can't write /mnt/out.json: No space left on device" in done.stderr
    assert b"Dockerfile: can't be written: No space left on device" in done.stderr
