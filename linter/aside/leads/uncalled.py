"""Modules of Terraform whose only call is commented out: nothing of them is made.

Only what can be no configuration of its own is one: somebody has to give its variables, and it keeps no state.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

UNCALLED = "in Terraform modules whose call is commented out"
_MANY = 500_000  # bytes of a file that are looked at
_CALL = lazy_regex(r"(?m)^[ \t]*(?:#|//)[#/ \t]*source[ \t]*=[ \t]*\"\./([\w.-]+)/?\"")
_GIVEN = lazy_regex(
    r"(?m)^variable[ \t]+\"[\w-]+\"[ \t]*\{"
    r"(?:[ \t]*\}|[ \t]*type[ \t]*=[^{}\n]*\}|\n(?:(?!\}|[ \t]*default\b).*\n)*\})"
)
_OF_ROOTS = lazy_regex(r"(?m)^[ \t]*(?:backend[ \t]+\"|cloud[ \t]*\{|provider[ \t]+\")")
_BESIDE_ROOTS = ("terragrunt.hcl", ".terraform.lock.hcl", "terraform.tfvars")


def is_uncalled(above: str, relative: str, namings: Namings) -> bool:
    """Whether a file below `above` is of a module that the folder above calls in a comment, and nothing else does."""
    if not relative.endswith(".tf"):
        return False
    module = os.path.dirname(os.path.join(above, relative))
    parent, name = os.path.split(module)
    if len(parent) < len(above) or len(module) <= len(above):
        return False
    return (
        name in _commented(parent, changed(parent))
        and _is_given_its_variables(module, changed(module))
        and not namings.calls(name)
    )


@lru_cache(maxsize=64)
def _commented(folder: str, since: int) -> frozenset[str]:
    """The modules in a folder that its configuration calls in comments. `since`: when the folder was changed."""
    return frozenset(match[1] for match in _CALL.finditer(_text(folder)))


@lru_cache(maxsize=64)
def _is_given_its_variables(folder: str, since: int) -> bool:
    """Whether what lies in a folder can't be applied by itself. `since`: when the folder was changed."""
    if any(os.path.exists(os.path.join(folder, name)) for name in _BESIDE_ROOTS):
        return False
    text = _text(folder)
    return _OF_ROOTS.search(text) is None and _GIVEN.search(text) is not None


def _text(folder: str) -> str:
    """What the configuration in a folder says."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".tf"))
    except OSError:
        return ""
    return "\n".join(start_of(os.path.join(folder, name), _MANY).decode("utf-8", "replace") for name in names)
