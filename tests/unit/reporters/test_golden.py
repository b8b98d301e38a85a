"""Every format over one report, byte for byte. `UPDATE_GOLDEN=1 pytest` rewrites them; read the diff."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from linter.reporters import REPORTERS, Options, write
from tests.unit.reporters import sample

GOLDEN = Path(__file__).parents[2] / "golden" / "reporters"
PLAIN = Options(read_bytes=sample.read_bytes)

CASES = {
    "report.txt": ("text", "report", Options(width=80)),
    "narrow.txt": ("text", "report", Options(width=40, unicode=False)),
    "color.txt": ("text", "report", Options(width=100, color=True, links=True)),
    "verbose.txt": ("text", "report", Options(verbose=1, show_suppressed=True)),
    "empty.txt": ("text", "empty", Options()),
    "hostile.txt": ("text", "hostile", Options(width=100, color=True, links=True)),
    "standard.txt": ("text", "report", Options(standard="pss:restricted")),
    "standard.md": ("markdown", "report", Options(standard="cis-docker")),
    "report.gnu": ("gnu", "report", PLAIN),
    "report.json": ("json", "report", PLAIN),
    "report.sarif": ("sarif", "report", PLAIN),
    "audit.sarif": (
        "sarif",
        "report",
        Options(
            read_bytes=sample.read_bytes,
            sarif_suppressed="include",
            sarif_category="services/api",
            baseline=True,
            exit_code=1,
            command_line="tarecheck scan .",
        ),
    ),
    "outside.txt": ("text", "outside", Options(width=100, show_suppressed=True)),
    "outside.json": ("json", "outside", PLAIN),
    "outside.sarif": ("sarif", "outside", PLAIN),
    "report.xml": ("junit", "report", Options(show_suppressed=True)),
    "report.github": ("github", "report", PLAIN),
    "report.gitlab.json": ("gitlab", "report", PLAIN),
    "report.csv": ("csv", "report", PLAIN),
    "report.md": ("markdown", "report", PLAIN),
    "hostile.md": ("markdown", "hostile", PLAIN),
}


def render(name: str, report: str, options: Options) -> str:
    stream = io.StringIO()
    write(name, getattr(sample, report)(), stream, options)
    return stream.getvalue()


@pytest.mark.parametrize("file", CASES)
def test_output_is_as_recorded(file: str) -> None:
    text = render(*CASES[file])
    path = GOLDEN / file
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize("name", REPORTERS)
def test_two_runs_give_identical_bytes(name: str) -> None:
    assert render(name, "report", PLAIN) == render(name, "report", PLAIN)


@pytest.mark.parametrize("report", ["report", "outside", "empty", "hostile"])
@pytest.mark.parametrize("name", REPORTERS)
def test_output_is_utf8_without_controls_or_absolute_paths(name: str, report: str) -> None:
    text = render(name, report, PLAIN)
    assert text.endswith("\n") or not text
    assert "/home/someone" not in text
    controls = {
        c
        for c in text
        if (ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E
    }
    assert not controls
    text.encode()
