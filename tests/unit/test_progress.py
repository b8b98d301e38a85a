from __future__ import annotations

import io

import pytest

from linter.cli import progress
from linter.cli.progress import Progress


def test_a_scan_that_lasts_shows_a_bar_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.2, 0.7, 0.75, 0.9])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    with Progress(stream, enabled=True) as tell:
        tell(1, 4)  # too early
        tell(2, 4)
        tell(3, 4)  # too soon after the last one
        tell(4, 4)
    text = stream.getvalue()
    assert "2 of 4" in text
    assert "4 of 4" in text
    assert "1 of 4" not in text
    assert "3 of 4" not in text
    assert text.endswith("\r\x1b[K")


def test_no_bar_where_it_is_not_wanted() -> None:
    stream = io.StringIO()
    with Progress(stream, enabled=False) as tell:
        tell(1, 1)
    assert stream.getvalue() == ""
