"""Parts of URLs."""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_HOST = lazy_regex(r"^[a-z]+://(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


HUB_FILE = lazy_regex(
    r"https?://(?:huggingface\.co|hf\.co|hf-mirror\.com)/(\S+?)/(?:resolve|raw)/([^/\s'\"]+)/"
)

_PROSE = lazy_regex(
    r"(?:LICEN[CS]E|COPYING|NOTICE|README|AUTHORS|CHANGELOG|third[-_]party[-_]?(?:programs?|notices?|licen[cs]es?)?[\w.-]{0,100}?)"
    r"(?:[-.](?:txt|md|rst|html|pdf|[A-Z][\w.-]*))?",
    re.IGNORECASE,
)


def host(url: str) -> str:
    """The host of a URL, lower case."""
    found = _HOST.match(url)
    return found.group(1).lower() if found else ""


def is_prose(url: str) -> bool:
    """Whether the last part of a URL is the name of a text for people: LICENSE, NOTICE, README …"""
    return _PROSE.fullmatch(url.partition("?")[0].partition("#")[0].rsplit("/", 1)[-1]) is not None
