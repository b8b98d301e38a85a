"""The addresses that reports point at, in one place."""

from __future__ import annotations

from functools import lru_cache

from linter.finding import RuleInfo

HOME = "https://tarecheck.dev/"
ORGANIZATION = "tarecheck"
_WEB = ("https://", "http://")


def rule_url(rule: RuleInfo) -> str:
    """The page to read about a rule: its first reference on the web, else the project's page."""
    return _first_on_web(tuple(rule.references))


@lru_cache(maxsize=1024)
def _first_on_web(references: tuple[str, ...]) -> str:
    return next((url for url in references if is_web(url)), HOME)


def is_web(url: str) -> bool:
    """An http(s) address without white space or control characters: safe to put behind a link."""
    return url.startswith(_WEB) and url.isprintable() and not any(c in url for c in " \"'<>\\`")


def cwe_url(number: str) -> str:
    return f"https://cwe.mitre.org/data/definitions/{number}.html"
