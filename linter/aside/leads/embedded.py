"""Manifests that a program of Go has in it, `//go:embed assets/*`, or reads from beside itself, `"manifests/base"`.

It reads them into its own types and fills in what differs: what the API server refuses, such as a number for the value
of a variable, `sigs.k8s.io/yaml` makes text of, and how many replicas there are is for its user to say.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

EMBEDDED = "in what a program reads into its own types and fills in"
_EMBEDS = lazy_regex(r"(?m)^[ \t]*//go:embed[ \t]+(.{1,1000})$")
# of tests, and of what generates code
_NO_PROGRAM = lazy_regex(r".*_test\.go|(?:.*/)?(?:tests?|e2e|hack|tools)/.*")
_PATH = lazy_regex(r"[\"`]((?:[\w.-]{1,100}/){1,10}[\w.-]{1,100})/?[\"`]")


def is_embedded(path: str, namings: Namings) -> bool:
    """Whether a program has a file, by its path below the root with slashes, in it, or reads it."""
    read = namings.once(_read)
    if any(path == one or path.startswith(f"{one}/") for one in read):
        return True
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


def _read(namings: Namings) -> frozenset[str]:
    """The folders and files beside programs that these have the path of."""
    found: set[str] = set()
    for text in namings.texts:
        if text.folder and text.path.endswith(".go") and _NO_PROGRAM.fullmatch(text.path) is None:
            paths = {f"{text.folder}/{match[1]}" for match in _PATH.finditer(text.text)}
            found.update(one for one in paths if os.path.exists(os.path.join(namings.root, one)))
    return frozenset(found)


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
