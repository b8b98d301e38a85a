"""The tables of hostile inputs, one module a subject: those that a test scans in its own process, and those for the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.attack import Attack, Files
from tests.hostile.inputs import (
    beside,
    characters,
    compose,
    dockerfile,
    files,
    hcl,
    json_text,
    kubernetes,
    lines,
    plans,
    shell,
    starts,
    terraform,
    trees,
    yaml_text,
)


def in_process() -> Iterator[Attack]:
    """Those that are scanned in the process of the test."""
    for module in (
        beside,
        yaml_text,
        kubernetes,
        json_text,
        dockerfile,
        shell,
        terraform,
        plans,
        compose,
        characters,
        files,
        starts,
        trees,
    ):
        yield from module.in_process()


def by_command() -> Iterator[Attack]:
    """Those that the command line scans, with limited memory."""
    for module in (
        yaml_text,
        kubernetes,
        json_text,
        dockerfile,
        compose,
        hcl,
        plans,
        lines,
        starts,
        characters,
        beside,
        trees,
        files,
    ):
        for name, tree, *more in module.by_command():
            made: dict[str, Any] = more[0] if more else {}
            make: Callable[[], Files] = tree if callable(tree) else lambda tree=tree: tree  # type: ignore[misc,assignment]
            yield Attack(f"fresh-{name}", make, **made)
