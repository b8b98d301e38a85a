"""Names of other programs' own checks, such as `trivy:KSV-0104`: they may be settled like rules of ours.

What such a program knows is its own affair, so that a name is of one of them is all that can be checked.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache

from linter.patterns import lazy_regex

PROGRAMS = ("trivy",)
_TRIVY_ID = lazy_regex(r"([a-z]+)-?(\d+)\Z")


def is_outside(name: str) -> bool:
    """Whether a rule's name, or a selector, is about another program's checks."""
    tool, _, own = name.partition(":")
    return bool(own) and tool in PROGRAMS


@lru_cache(maxsize=4096)
def normal(tool: str, peer_id: str) -> str:
    """One spelling: `AVD-KSV-0017`, `KSV017` and `ksv-0017` are one id of Trivy; case never matters."""
    text = peer_id.lower()
    if tool == "trivy":
        text = text.removeprefix("avd-")
        found = _TRIVY_ID.match(text)
        if found:
            return f"{found[1]}-{found[2].zfill(4)}"
    return text


def means(selector: str, rule: str) -> bool:
    """Whether a selector (`trivy:KSV017`, `trivy:CVE-2024-*`) names another program's rule (`trivy:KSV-0017`)."""
    tool, _, own = rule.partition(":")
    asked, _, wanted = selector.partition(":")
    if asked != tool or not wanted or not own:
        return False
    return fnmatchcase(normal(tool, own), normal(tool, wanted).replace("[", "[[]"))
