"""Manifests that a program of Go has in it, `//go:embed assets/*`, or reads from beside itself, `"manifests/base"`.

It reads them into its own types and fills in what differs: what the API server refuses, such as a number for the value
of a variable, `sigs.k8s.io/yaml` makes text of, and how many replicas there are is for its user to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

EMBEDDED = "in what a program reads into its own types and fills in"
_EMBEDS = lazy_regex(r"(?m)^[ \t]*//go:embed[ \t]+(.{1,1000})$")
_WORD = lazy_regex(r"\"([^\"]+)\"|`([^`]+)`|([^\s\"`]+)")
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
    """The folders and files with texts beside programs that these have the path of."""
    there = set(namings.by_path)
    for text in namings.texts:
        folder = text.folder
        while folder and folder not in there:
            there.add(folder)
            folder = folder.rpartition("/")[0]
    programs = (text for text in namings.texts if text.path.endswith(".go"))
    ours = (text for text in programs if text.folder and _NO_PROGRAM.fullmatch(text.path) is None)
    named = (f"{text.folder}/{match[1]}" for text in ours for match in _PATH.finditer(text.text))
    return frozenset(path for path in named if path in there)


def _of_text(text: Text) -> Iterator[str]:
    if not text.path.endswith(".go") or "//go:embed" not in text.text:
        return
    for found in _EMBEDS.finditer(text.text):
        for word in _WORD.finditer(found[1]):
            below = (word[1] or word[2] or word[3]).removeprefix("all:")
            yield f"{text.folder}/{below}" if text.folder else below
