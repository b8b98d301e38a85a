"""Files of many objects in which all keys are in order: only programs write them so.

`name` before `image` is how people write a container. Kustomize, and whatever else writes maps of Go, sorts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from linter.patterns import lazy_bytes_regex, lazy_regex

_KEY = lazy_regex(
    r"(?P<lead> *(?:- +)*)(?P<quote>[\"']?)(?P<key>[^\s\"'#:{}\[\]-][^\s\"'#:]*)(?P=quote):(?P<rest>\s.*)?$"
)
_ELEMENT = lazy_regex(r" *(?:- +)+[|>][-+\d]*\s*\Z")
_BLOCK = lazy_regex(r"\s*(?:[|>][-+\d]*)\s*\Z")
# of a container, before which people write its name; rules of roles and claims are in order by themselves
_AFTER_NAME = frozenset({"args", "command", "env", "envFrom", "image", "imagePullPolicy", "livenessProbe"})
_NAMED_FIRST = lazy_bytes_regex(rb"^( *)- name: [^\n]*\n\1  (?:image|command|args|env): ?", re.MULTILINE)
_LEAST_OBJECTS = 3
_LEAST_KEYS = 60
_ENOUGH = 150  # lines: people leave the order long before


def may_be_sorted(data: bytes) -> bool:
    """Whether it is worth to look at each line: it has several objects and a container, and none that begins with its
    name."""
    several = data.count(b"\nkind:") >= _LEAST_OBJECTS - 1
    return several and b"image:" in data and _NAMED_FIRST.search(data) is None


def is_sorted(lines: Iterable[str]) -> bool:
    """Whether a manifest of several objects has the keys of each mapping in order."""
    objects = names = keys = 0
    above: list[tuple[int, str]] = []  # column and last key of the mappings that are open
    block: int | None = None  # column of the key whose text of many lines it is in
    for number, line in enumerate(lines):
        if number > _ENOUGH and objects >= _LEAST_OBJECTS and names:
            return True
        depth = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or depth > block):
            continue
        block = None
        if line.startswith("---"):
            above.clear()
            continue
        match = _KEY.match(line)
        if match is None:
            block = depth if _ELEMENT.match(line) else None
            continue
        lead, key = match["lead"], match["key"]
        outer = lead.rfind("-") if "-" in lead else len(lead)  # an element begins a mapping of its own
        while above and above[-1][0] > outer:
            above.pop()
        if above and above[-1][0] == len(lead):
            if key < above[-1][1]:
                return False
            names += key == "name" and above[-1][1] in _AFTER_NAME
            above.pop()
        above.append((len(lead), key))
        keys += 1
        objects += not lead and key == "kind"
        if match["rest"] and _BLOCK.match(match["rest"]):
            block = outer
    return objects >= _LEAST_OBJECTS and keys >= _LEAST_KEYS and names > 0
