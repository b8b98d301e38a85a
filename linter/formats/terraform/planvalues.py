"""Values of a plan: what is known only after apply, what is sensitive, what a configuration says constantly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.terraform import address as addresses
from linter.formats.terraform.values import Reference

MIN_SENSITIVE = 4  # characters of a value that is worth masking


def overlay(after: Any, unknown: Any, named: Any = None) -> Any:
    """`after` with UNKNOWN where `after_unknown` holds true; `named(key)` may give a reference instead."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(after, dict):
        result = dict(after)
        for key, flag in unknown.items():
            if flag is True:
                result[key] = named(key) if named is not None else UNKNOWN
            elif flag:
                result[key] = overlay(after.get(key), flag)
        return result
    if isinstance(unknown, list) and isinstance(after, list):
        padded = [*after, *([None] * (len(unknown) - len(after)))]
        return [overlay(value, unknown[i] if i < len(unknown) else False) for i, value in enumerate(padded)]
    if after is None and isinstance(unknown, dict) and unknown:
        return overlay({}, unknown, named)
    if after is None and isinstance(unknown, list) and unknown:
        return overlay([], unknown)
    return after


def sensitive_values(value: Any, mask: Any) -> Iterator[str]:
    """The texts under a sensitivity mask."""
    if mask is True:
        yield from texts_of(value)
    elif isinstance(mask, dict) and isinstance(value, dict):
        for key, inner in mask.items():
            yield from sensitive_values(value.get(key), inner)
    elif isinstance(mask, list) and isinstance(value, list):
        for item, inner in zip(value, mask, strict=False):
            yield from sensitive_values(item, inner)


def texts_of(value: Any) -> Iterator[str]:
    """The texts in a value that are long enough to be worth masking."""
    if isinstance(value, str) and len(value) >= MIN_SENSITIVE:
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)


def constant(expression: Any) -> Any:
    """The values of a configuration's expressions; a Reference or UNKNOWN where they are not constant."""
    if isinstance(expression, list):
        return [constant(item) for item in expression]
    if not isinstance(expression, dict):
        return expression
    if "constant_value" in expression:
        return expression["constant_value"]
    if "references" in expression and isinstance(expression["references"], list):
        found = [text for text in expression["references"] if isinstance(text, str)]
        return Reference(addresses.reference_root(found[0])) if found else UNKNOWN
    return {key: constant(item) for key, item in expression.items()}
