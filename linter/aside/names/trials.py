"""What concerns the cluster on which an example runs: how its pods run there, and how they are reached from outside.

Who tries an example does so on a cluster of their own, and privileges and open ports are how it works there at all.
Roles, which people apply as they are, secrets, code that models bring and programs that ask for no key count.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.finding import RuleInfo
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

TRIED_OUT = "in examples, which are tried on clusters of their own"
# by the category of a rule, what it is for
_CONCERNS = {
    "privilege": frozenset(("pod", "container", "volume", "mount")),
    "network": frozenset(("port", "service", "serviceport", "ingress")),
}
_READMES = ("README.md", "Readme.md", "readme.md", "README.rst", "README.asciidoc", "README.adoc")
_MANY = 100_000  # bytes of a README
_INSTALLS = lazy_regex(r"\bhelm\b.*[ \t](?:install|upgrade)\b.*")
_CONTINUED = lazy_regex(r"\\\r?\n")
_VALUES = lazy_regex(r"(?:-f|--values)[ =]*[\"']?(?:[^\s\"']*/)?([^\s\"'/]+)")


def concerns_trials(info: RuleInfo | None) -> bool:
    """Whether a rule is about how pods run, or how they are reached, and does not say that it counts in examples."""
    if info is None or info.format != "kubernetes" or info.in_examples:
        return False
    return info.subject in _CONCERNS.get(info.category, ())


def is_installed_with(path: str) -> bool:
    """Whether the README beside values has its readers install something with them: they are used as they are."""
    folder, name = os.path.split(path)
    return name.endswith((".yaml", ".yml")) and name in _installed(folder, changed(folder))


@lru_cache(maxsize=256)
def _installed(folder: str, since: int) -> frozenset[str]:
    """The files of values with which the README of a folder installs releases. `since`: when it was changed."""
    texts = (start_of(os.path.join(folder, name), _MANY).decode("utf-8", "replace") for name in _READMES)
    return frozenset(
        found[1]
        for text in texts
        for command in _INSTALLS.finditer(_CONTINUED.sub(" ", text) if "helm" in text else "")
        for found in _VALUES.finditer(command[0])
    )
