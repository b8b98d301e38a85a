"""Manifests that are compiled into a program of Go, which reads them into its own types: `//go:embed assets/*`.

What the API server refuses of them, such as a number for the value of a variable, `sigs.k8s.io/yaml` makes text of.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

EMBEDDED = "in what a program reads into its own types"
_EMBEDS = lazy_regex(r"(?m)^[ \t]*//go:embed[ \t]+(.{1,1000})$")


def is_embedded(path: str, namings: Namings) -> bool:
    """Whether a program has a file, by its path below the root with slashes, in it."""
    patterns = namings.once(_patterns)
    parts = path.split("/")
    names = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(
        fnmatchcase(name, pattern) and name.count("/") == pattern.count("/")
        for pattern in patterns
        for name in names
        if name.startswith(pattern.partition("*")[0])
    )


def _patterns(namings: Namings) -> frozenset[str]:
    """What all programs of a project have in them, from its root on."""
    return frozenset(pattern for text in namings.texts for pattern in _of_text(text))


def _of_text(text: Text) -> Iterator[str]:
    if not text.path.endswith(".go") or "//go:embed" not in text.text:
        return
    for found in _EMBEDS.finditer(text.text):
        try:
            words = shlex.split(found[1])
        except ValueError:  # a quote that is left open
            continue
        for word in words:
            below = word.removeprefix("all:")
            yield f"{text.folder}/{below}" if text.folder else below
