"""What is not imported at the start is there when it is asked for."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from linter.cli.later import cleandoc

IMPORTED = """
import sys
import linter.cli
early = sorted({"inspect", "uuid"} & sys.modules.keys())
import click, inspect, uuid
value = click.UUID.convert("12345678123456781234567812345678", None, None)
print(early, type(value) is uuid.UUID, click.UUID.convert(value, None, None) is value)
print(callable(inspect.signature), click.core.inspect.isfunction(print), click.core.inspect.isfunction(lambda: 0))
"""


def test_click_gets_the_modules_when_it_asks() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] True True", "True False True"]


def test_a_module_that_is_there_is_left_alone() -> None:
    code = "import inspect, linter.cli, click; print(click.core.inspect is inspect)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    "text", ["", " one line ", "a\tb", "  several\n    lines\n      of help\n", "\n first is empty\n"]
)
def test_help_texts_are_folded_as_ever(text: str) -> None:
    assert cleandoc(text) == inspect.cleandoc(text)
