"""Modules of Terraform whose only call is commented out, or that nothing calls while the configuration that they lie
beside calls others: nothing of them is made.

Only what can be no configuration of its own is one: somebody has to give its variables, and it keeps no state. Modules
beside a module may be for others to take, but those in the `modules` of a configuration with a state are its own.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

UNCALLED = "in Terraform modules that nothing calls"
_OWN = "modules"  # the folder of a configuration's own modules
_MANY = 500_000  # bytes of a file that are looked at
_CALL = lazy_regex(r"(?m)^[ \t]*(?:#|//)[#/ \t]*source[ \t]*=[ \t]*\"\./([\w.-]+)/?\"")
_CALLED = lazy_regex(r"(?m)^[ \t]*source[ \t]*=[ \t]*\"\./modules/[\w./-]+\"")
_GIVEN = lazy_regex(
    r"(?m)^variable[ \t]+\"[\w-]+\"[ \t]*\{"
    r"(?:[ \t]*\}|[ \t]*type[ \t]*=[^{}\n]*\}|\n(?:(?!\}|[ \t]*default\b).*\n)*\})"
)
_OF_ROOTS = lazy_regex(r"(?m)^[ \t]*(?:backend[ \t]+\"|cloud[ \t]*\{|provider[ \t]+\")")
_BESIDE_ROOTS = ("terragrunt.hcl", ".terraform.lock.hcl", "terraform.tfvars")


def is_uncalled(above: str, relative: str, namings: Namings) -> bool:
    """Whether a file below `above` is of a module that the configuration above calls in a comment at most, and nothing
    else does."""
    if not relative.endswith(".tf"):
        return False
    module = os.path.dirname(os.path.join(above, relative))
    parent, name = os.path.split(module)
    if len(parent) < len(above) or len(module) <= len(above):
        return False
    return (
        (name in _commented(parent, changed(parent)) or _is_passed_over(parent, above))
        and _is_given_its_variables(module, changed(module))
        and not namings.calls(name)
    )


def _is_passed_over(parent: str, above: str) -> bool:
    """Whether a folder has the modules of a configuration, which calls some of them."""
    root, name = os.path.split(parent)
    return name == _OWN and len(root) >= len(above) and _calls_its_own(root, changed(root))


@lru_cache(maxsize=64)
def _calls_its_own(folder: str, since: int) -> bool:
    """Whether a folder is a configuration with a state that calls modules of its own. `since`: when it was changed."""
    text = _text(folder)
    return _is_root(folder, text) and _CALLED.search(text) is not None


@lru_cache(maxsize=64)
def _commented(folder: str, since: int) -> frozenset[str]:
    """The modules in a folder that its configuration calls in comments. `since`: when the folder was changed."""
    return frozenset(match[1] for match in _CALL.finditer(_text(folder)))


@lru_cache(maxsize=64)
def _is_given_its_variables(folder: str, since: int) -> bool:
    """Whether what lies in a folder can't be applied by itself. `since`: when the folder was changed."""
    text = _text(folder)
    return not _is_root(folder, text) and _GIVEN.search(text) is not None


def _is_root(folder: str, text: str) -> bool:
    """Whether what lies in a folder, and says `text`, is applied by itself."""
    beside = any(os.path.exists(os.path.join(folder, name)) for name in _BESIDE_ROOTS)
    return beside or _OF_ROOTS.search(text) is not None


def _text(folder: str) -> str:
    """What the configuration in a folder says."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".tf"))
    except OSError:
        return ""
    return "\n".join(start_of(os.path.join(folder, name), _MANY).decode("utf-8", "replace") for name in names)
