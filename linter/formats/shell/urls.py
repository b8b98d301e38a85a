"""Parts of URLs."""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_HOST = lazy_regex(r"^[a-z]+://(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


HUB_FILE = lazy_regex(
    r"https?://(?:huggingface\.co|hf\.co|hf-mirror\.com)/(\S+?)/(?:resolve|raw)/([^/\s'\"]+)/"
)


def host(url: str) -> str:
    """The host of a URL, lower case."""
    found = _HOST.match(url)
    return found.group(1).lower() if found else ""
