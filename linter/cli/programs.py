"""The words of the command line about other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from linter.cel.suggest import suggest
from linter.outside import Wish

PROGRAMS = ("helm", "kustomize", "trivy")
TRIVY_KINDS = ("config", "image", "secret")


def _words(known: tuple[str, ...], text: str, option: str) -> tuple[str, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in known:
            near = suggest(word, known)
            hint = near or f"choose among {', '.join(known)}"
            raise click.BadParameter(f"'{word}' is none of its values: {hint}; write {option}=VALUE,…")
    return tuple(dict.fromkeys(words))


def trivy_kinds(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """What Trivy is asked for."""
    return _words(TRIVY_KINDS, value or "", "--trivy")


def required(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> frozenset[str]:
    """The programs without which the scan fails."""
    return frozenset(word for text in value for word in _words(PROGRAMS, text, "--require"))


def wish(options: Mapping[str, Any]) -> Wish:
    return Wish(options["trivy"], options["trivy_update"], options["require"])
