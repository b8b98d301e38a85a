"""Programs that misbehave: each ends in one clear sentence, and nothing of them is left running."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from linter.adapters.program import Limits, ProgramError, environment, locate, run


def script(folder: Path, body: str, name: str = "tool") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_arguments_are_no_shell_text(tmp_path: Path) -> None:
    tool = script(tmp_path, 'printf "%s|" "$@"')
    ran = run([tool, "$(touch x)", "a b; c"], cwd=tmp_path, env=environment(tmp_path), limits=Limits(10))
    assert ran.stdout == b"$(touch x)|a b; c|"
    assert not (tmp_path / "x").exists()


def test_the_environment_is_small_and_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "x")
    env = environment(tmp_path)
    assert "SOME_TOKEN" not in env
    assert env["HOME"] == str(tmp_path)
    assert env["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert "HTTPS_PROXY" not in environment(tmp_path, network=True) or os.environ.get("HTTPS_PROXY")


def test_time_limit_ends_children_too(tmp_path: Path) -> None:
    tool = script(tmp_path, f"(sleep 2; touch {tmp_path}/late) & sleep 60")
    with pytest.raises(ProgramError, match=r"did not end within 0\.3 seconds"):
        run([tool], cwd=tmp_path, env=environment(tmp_path), limits=Limits(0.3))
    time.sleep(2.3)
    assert not (tmp_path / "late").exists()


def test_output_limit(tmp_path: Path) -> None:
    tool = script(tmp_path, "yes")
    with pytest.raises(ProgramError, match=r"wrote more than 0\.1 MB"):
        run([tool], cwd=tmp_path, env=environment(tmp_path), limits=Limits(20, 100_000))


def test_a_program_that_can_not_be_started(tmp_path: Path) -> None:
    path = tmp_path / "tool"
    path.write_bytes(b"\x7fELF nonsense")
    path.chmod(0o755)
    with pytest.raises(ProgramError, match="could not be started"):
        run([str(path)], cwd=tmp_path, env=environment(tmp_path), limits=Limits(5))


def test_relative_search_path_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "true")
    monkeypatch.chdir(tmp_path)
    assert locate("tool", ".") is None
    assert locate("tool", f".:{tmp_path}") == str(tmp_path / "tool")
