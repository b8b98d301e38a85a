"""API versions that are deprecated or gone; the table is `deprecated_apis.csv` beside this module.

Source: the Kubernetes deprecation guide, and the release notes of the operators in it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from linter.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ApiEnd:
    """When a version of a kind was deprecated and removed (`1.25`, `KubeRay 1.5`, or `gone`), and what replaces it."""

    deprecated: str
    removed: str
    replacement: str


@cache
def table() -> dict[tuple[str, str], ApiEnd]:
    """API version and kind to their end."""
    text = resources.files(__package__).joinpath("deprecated_apis.csv").read_text(encoding="utf-8")
    return {
        (row["apiVersion"], row["kind"]): ApiEnd(row["deprecated"], row["removed"], row["replacement"])
        for row in csv.DictReader(text.splitlines())
    }
