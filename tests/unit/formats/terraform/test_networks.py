"""Which networks are the whole internet."""

from __future__ import annotations

import pytest

from linter.cel import UNKNOWN
from linter.formats.terraform.networks import any_whole, whole


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0/0", "::/0", "0::0/0", "/0", "1.2.3.4/0", "*", "Internet", "any", " 0.0.0.0/0 ", "128.0.0.0/1"],
)
def test_everyone(text: str) -> None:
    assert whole(text)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "/1", "0.0.1.0", "::1/128", "", None, 0, "AzureCloud"])
def test_not_everyone(text: object) -> None:
    assert not whole(text)


def test_one_that_is_known_decides() -> None:
    assert any_whole([UNKNOWN, "0.0.0.0/0"]) is True
    assert any_whole([UNKNOWN, "10.0.0.0/8"]) is UNKNOWN
    assert any_whole([]) is False
