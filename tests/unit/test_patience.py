"""A program that takes all of its time again and again is not run any more."""

from __future__ import annotations

import pytest

from linter.adapters import program
from linter.adapters.program import Limits, Patience


def test_two_runs_that_take_all_their_time_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(program.time, "monotonic", lambda: clock[0])
    patience = Patience(Limits(seconds=15))
    for seconds, over in ((3.0, False), (15.0, False), (1.0, False), (16.0, True)):
        with patience.measured():
            clock[0] += seconds
        assert patience.over is over
