"""Values are replaced the same way however many there are."""

from __future__ import annotations

import random

from linter.formats.secrets.replacing import Replacing


def _one_by_one(stands: dict[str, str], text: str) -> str:
    for value, stand in stands.items():
        text = text.replace(value, stand)
    return text


def test_many_values_are_replaced_as_few_are() -> None:
    dice = random.Random(7)
    for count in (3, 200):
        values = ["".join(dice.choice("abc") for _ in range(dice.randint(2, 9))) for _ in range(count)]
        stands = dict.fromkeys(sorted(values, key=len, reverse=True), "*")
        for _ in range(50):
            text = "".join(dice.choice("abcd ") for _ in range(80))
            assert Replacing(stands)(text) == _one_by_one(stands, text)
