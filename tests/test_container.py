"""A scan where a container leaves little: another user, nothing to write, no streams, no git, another's tree."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.test_cli import POD

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs processes as POSIX has them")
ROOT = Path(__file__).resolve().parent.parent
SCAN = [sys.executable, "-m", "linter", "scan", "--isolated", "--everywhere", "--no-render", "-q"]
# as root in namespaces of our own: nothing below / can be written, temporary folders and shared memory included
BOX = """
set -e
mount -t tmpfs none /mnt
i=0; for folder in $OPEN; do i=$((i + 1)); mkdir /mnt/$i; mount --bind "$folder" /mnt/$i; done
for folder in $CLOSED; do mount -t tmpfs -o mode=755 none "$folder"; done
i=0; for folder in $OPEN; do i=$((i + 1)); mkdir -p "$folder"; mount --bind /mnt/$i "$folder"; done
mount --bind "$TREE" "$TREE"
for folder in /dev/shm /var/tmp; do mount -t tmpfs -o ro none $folder; done
mount -o remount,ro,bind "$TREE"
mount -o remount,ro,bind /
cd "$TREE"
exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --no-new-privs env -i $VARIABLES "$@"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    for name in ("a", "b", "pöd", os.fsdecode(b"\xff"), "node_modules/n"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(POD)
    return folder


def _git(tree: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(tree), *identity, *arguments], check=True, capture_output=True)


def _run(tree: Path, command: Sequence[str] = SCAN, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False)


def _closed(path: Path) -> Path | None:
    """The first folder on the way to a path that others can't enter."""
    ways = reversed([path, *path.parents])
    return next((folder for folder in ways if folder.stat().st_mode & 0o005 != 0o005), None)


@pytest.fixture(params=["1", "2"])
def boxed(request: pytest.FixtureRequest, tree: Path) -> subprocess.CompletedProcess[bytes]:
    if not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("only root can become another user")
    if not shutil.which("unshare") or not shutil.which("setpriv"):
        pytest.skip("no unshare, no setpriv")
    _git(tree, "init", "-q")
    _git(tree, "add", "--all")
    needed = [Path(sys.base_prefix), Path(sys.prefix), ROOT, tree]
    closed = {place for path in needed if (place := _closed(path)) is not None}
    environment = {
        **os.environ,
        "CLOSED": " ".join(map(str, closed)),
        "OPEN": " ".join(str(path) for path in needed if _closed(path) is not None),
        "TREE": str(tree),
        "VARIABLES": f"PATH=/usr/bin:/bin PYTHONPATH={ROOT} PYTHONDONTWRITEBYTECODE=1",
    }
    inside = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", BOX, "x"]
    result = subprocess.run(
        [*inside, *SCAN, "--jobs", request.param, "-f", "gnu", "."],
        capture_output=True, env=environment, check=False,
    )  # fmt: skip
    if b"unshare:" in result.stderr or b"mount:" in result.stderr:
        pytest.skip(f"no namespaces here: {result.stderr.decode(errors='replace').splitlines()[0]}")
    return result


def test_another_user_where_nothing_can_be_written(
    boxed: subprocess.CompletedProcess[bytes], tree: Path
) -> None:
    assert boxed.stdout == _run(tree, [*SCAN, "-f", "gnu", "."]).stdout
    assert boxed.stdout.count(b"[privileged-container") == 5  # what git has in node_modules, too
    assert boxed.returncode == 1
    assert b"Traceback" not in boxed.stderr


@pytest.mark.parametrize("home", ["/nonexistent", "", "relative", str(Path(__file__))])
def test_a_home_that_is_none(home: str, tree: Path) -> None:
    result = _run(tree, HOME=home, XDG_CACHE_HOME="")
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.parametrize(
    "name", ["text", "gnu", "csv", "markdown", "html", "junit", "github", "json", "sarif"]
)
def test_a_terminal_that_knows_ascii_only(name: str, tree: Path) -> None:
    variables = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = _run(tree, [*SCAN, "-f", name], **variables)
    assert (result.returncode, result.stderr) == (1, b"")
    assert result.stdout.isascii() or name not in ("text", "gnu")
    result.stdout.decode("utf-8")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_streams_that_are_closed(closed: str, jobs: str, tree: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = f'exec "$@" --jobs {jobs} -o {report} {closed}'
    result = _run(tree, ["sh", "-c", command, "x", *SCAN])
    assert (result.returncode, result.stderr) == (1, b"")
    assert report.read_text().count('"rule": "privileged-container"') == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_a_report_that_can_not_be_written_is_a_failure(tree: Path) -> None:
    result = _run(tree, ["sh", "-c", 'exec "$@" > /dev/full', "x", *SCAN])
    assert result.returncode == 4
    assert result.stderr == b"error: can't write the report: No space left on device\n"


def test_a_reader_that_has_enough_changes_no_verdict(tree: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(SCAN, cwd=tree, stdout=writing, stderr=subprocess.PIPE, check=False, env={
        **os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    os.close(writing)
    assert (process.returncode, process.stderr) == (1, b"")


def test_a_folder_that_is_gone_is_told(tree: Path) -> None:
    result = _run(tree, ["sh", "-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "x", *SCAN, str(tree)])
    assert result.returncode == 2
    assert b"current directory" in result.stderr


@pytest.mark.parametrize("limit", ["ulimit -n 12", "ulimit -v 600000", "ulimit -f 0"])
def test_little_of_everything(limit: str, tree: Path, tmp_path: Path) -> None:
    result = _run(
        tree, ["sh", "-c", f'{limit}; exec "$@"', "x", *SCAN, "-f", "gnu", "--jobs", "2"], HOME=str(tmp_path)
    )
    assert result.returncode == 1, result.stderr
    assert result.stdout == _run(tree, [*SCAN, "-f", "gnu"]).stdout


def test_without_git_what_it_tracks_is_scanned(tree: Path) -> None:
    (tree / ".gitignore").write_text("b.yaml\n")
    _git(tree, "init", "-q")
    _git(tree, "add", "--all", "--force")
    result = _run(tree, [*SCAN, "-f", "gnu"], PATH="/nonexistent")
    assert result.stdout.count(b"[privileged-container") == 5


def test_the_programs_that_a_repository_names_are_not_run(tree: Path, tmp_path: Path) -> None:
    _git(tree, "init", "-q")
    _git(tree, "add", "--all")
    _git(tree, "commit", "-q", "-m", "x")
    mark = tmp_path / "mark"
    keys = (
        "filter.x.clean", "filter.x.process", "filter.a=b.process", "diff.x.textconv", "diff.x.command",
        "diff.external", "core.fsmonitor", "core.pager", "core.sshCommand", "core.hooksPath", "alias.diff",
    )  # fmt: skip
    for key in keys:
        _git(tree, "config", key, f"touch {mark}; false")
    (tree / ".gitattributes").write_text("* filter=x diff=x\n*.yaml filter=a=b\n")
    (tree / "a.yaml").write_text(POD + "# changed\n")
    for words in (
        [],
        ["--changed-only"],
        ["--new-since", "HEAD"],
        ["--policy-from", "HEAD"],
        ["-f", "sarif"],
    ):
        assert _run(tree, [*SCAN, *words]).returncode in (0, 1)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["config", "HEAD", "index", "info/exclude"])
def test_a_repository_with_a_pipe_in_it_stops_nothing(name: str, tree: Path) -> None:
    _git(tree, "init", "-q")
    _git(tree, "add", "--all")
    (tree / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(tree / ".git" / name)
    started = time.monotonic()
    result = _run(tree, [*SCAN, "-f", "sarif"])
    assert result.returncode == 1
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_scan_that_is_told_to_end_leaves_no_half_report(number: int, tree: Path, tmp_path: Path) -> None:
    for index in range(400):
        (tree / f"many-{index}.yaml").write_text("\n---\n".join([POD] * 10))
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    report.write_text("old")
    process = subprocess.Popen(
        [*SCAN, "--no-cache", "-o", str(report)],
        cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    time.sleep(0.7)
    process.send_signal(number)
    _, err = process.communicate()
    if process.returncode in (1, -number):
        pytest.skip("it was quicker, or had not begun")
    assert process.returncode == (130 if number == signal.SIGINT else 128 + number)
    assert err.strip() == b""
    assert [path.name for path in report.parent.iterdir()] == ["report.json"]
    assert report.read_text() == "old"
