"""Functions that conditions on Terraform can call."""

from __future__ import annotations

from typing import Any

from linter import cel
from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.scalars import whole
from linter.formats.terraform.networks import any_whole
from linter.formats.terraform.part import strings
from linter.formats.terraform.values import PartialText, number, text_of


def anyone(value: Any) -> Any:
    """Whether a network, or one of a list of networks, is the whole internet."""
    if isinstance(value, Unknown):
        return UNKNOWN
    return any_whole(
        item.get("cidr_block", item.get("value")) if isinstance(item, dict) else item
        for item in strings(value)
    )


def older(version: Any, than: Any) -> Any:
    """Whether a dotted version is older than another; false for what is no version."""
    if isinstance(version, Unknown):
        return UNKNOWN
    numbers = [[whole(part) for part in str(text).split(".")] for text in (version, than)]
    return None not in numbers[0] + numbers[1] and numbers[0] < numbers[1]


def amount(value: Any) -> Any:
    """A number, also when it is written as a string; null for everything else."""
    if isinstance(value, Unknown):
        return UNKNOWN
    found = number(value)
    return None if found is None else int(found)


def text(value: Any) -> Any:
    """A scalar as text; the known pieces of one that is known in part; empty for null."""
    if isinstance(value, PartialText):
        return value.text
    if isinstance(value, Unknown):
        return UNKNOWN
    return "" if value is None or isinstance(value, (list, dict)) else text_of(value)


FUNCTIONS = (
    cel.Function("anyone", (cel.RAW,), cel.BOOL, anyone, doc=anyone.__doc__ or "", unknown=True),
    cel.Function("older", (cel.RAW, cel.STRING), cel.BOOL, older, doc=older.__doc__ or "", unknown=True),
    cel.Function("amount", (cel.RAW,), cel.Nullable(cel.INT), amount, doc=amount.__doc__ or "", unknown=True),
    cel.Function("text", (cel.RAW,), cel.STRING, text, doc=text.__doc__ or "", unknown=True),
)
