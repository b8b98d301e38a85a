"""StatefulSets of whose pods nobody asks for one by its name, so that it matters little whether they have a Service for
that: they keep nothing in volumes of their own, nothing in the project has the name of one (`queue-0`), or of a host
below their Service (`$(POD).queue`), and nothing is given the Service by which they could find each other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

UNNAMED = "of pods that nothing asks for by their own names"
_MANY = 500_000  # bytes of a manifest that are looked at
_LEAST = 2  # texts of a project that may have names
_SUBJECT = lazy_regex(r"(?:[^/#]+/)?StatefulSet/([a-z\d.-]+)(?:#.*)?")
_FINDS = lazy_regex(r"(?i)\bhostname\b")  # from which a program makes the names of its peers
# what programs are told by which they find each other
_GIVEN_TO = r"(?i:dns|discover|peer|seed|cluster|join|gossip|member|headless|bootstrap)"
_OWN = ("command", "args", "env")


def are_unnamed(subject: str, path: str, namings: Namings) -> bool:
    """Whether the StatefulSet of a subject in a file below the root (with slashes) is one."""
    found = _SUBJECT.fullmatch(subject)
    file = os.path.join(namings.root, path)
    own = _sets(file, changed(file)).get(found[1]) if found is not None else None
    if found is None or own is None or not namings.is_whole or len(namings.texts) < _LEAST:
        return False
    service, said = own
    if (service and service in said) or _FINDS.search(said) is not None:
        return False
    return not any(_names(found[1], service, text.text) for text in namings.texts)


def _names(name: str, service: str, text: str) -> bool:
    """Whether a text has the name of a pod or of a host below the Service, or may make one, or gives the Service to
    what looks for its peers."""
    if name in text and re.search(rf"(?<![\w-]){re.escape(name)}-(?:\d|[$%{{(<*\[|])", text) is not None:
        return True
    if not service or service not in text:
        return False
    whole = rf"{re.escape(service)}(?![\w-])"
    return re.search(rf"[\w)}}>*]\.{whole}|{_GIVEN_TO}[^\n]{{0,80}}(?<![\w-]){whole}", text) is not None


@lru_cache(maxsize=8)
def _sets(path: str, since: int) -> dict[str, tuple[str, str]]:
    """By their names, the StatefulSets of a file that keep nothing: the name of their Service, and what their
    containers are given. `since`: when the file was changed."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need
    from linter.text import decode

    found: dict[str, tuple[str, str]] = {}
    for document in parse_documents(decode(path, start_of(path, _MANY))).documents:
        said = document.plain()
        if not isinstance(said, dict) or said.get("kind") != "StatefulSet":
            continue
        metadata, spec = said.get("metadata"), said.get("spec")
        if not isinstance(metadata, dict) or not isinstance(spec, dict) or spec.get("volumeClaimTemplates"):
            continue
        found[str(metadata.get("name"))] = str(spec.get("serviceName") or ""), "\n".join(_given(spec))
    return found


def _given(value: Any, *, own: bool = False) -> Iterator[str]:
    """All texts in what containers are started with."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _given(inner, own=own or key in _OWN)
    elif isinstance(value, list):
        for item in value:
            yield from _given(item, own=own)
    elif own:
        yield str(value)
