"""Contexts that builds are given by name: `docker build --build-context binaries=dist`. `COPY --from=binaries`
is from there."""

from __future__ import annotations

from linter.aside.leads.namings import Namings
from linter.patterns import lazy_regex

NAMED = "of contexts that builds are given by name"
_GIVEN = lazy_regex(r"--build-context[ \t=]+[\"']?([\w.-]{1,100})=")
_SAID = lazy_regex(r"'([\w.-]{1,100})' is no earlier stage")


def is_named_context(message: str, namings: Namings) -> bool:
    """Whether a build of the project gives the context of which a finding says that it is no stage."""
    said = _SAID.match(message)
    return said is not None and said[1] in namings.once(_given)


def _given(namings: Namings) -> frozenset[str]:
    texts = (text.text for text in namings.texts if "--build-context" in text.text)
    return frozenset(name for text in texts for name in _GIVEN.findall(text))
