"""The marks by which scanners of secrets are told that what stands on a line is none.

gitleaks: `gitleaks:allow`. leaktk and Red Hat's hook for commits: `notsecret`. detect-secrets: `pragma: allowlist
secret`, `whitelist` in older ones, and `nextline secret` for the line below. TruffleHog: `trufflehog:ignore`.
GitGuardian: `ggignore`. They name no rule, and mean all that we say of secrets there: never more than one line.
"""

from __future__ import annotations

from collections.abc import Iterator

from linter.patterns import lazy_regex

MARKS = ("gitleaks:allow", "notsecret", "pragma:", "trufflehog:ignore", "ggignore")
TOOLS = frozenset(("gitleaks", "leaktk", "detect-secrets", "trufflehog", "ggshield"))
_OF_LINE = lazy_regex(
    r"(?:\A|(?<=[\s#/*(]))(?:(?P<gitleaks>gitleaks:allow)|(?P<leaktk>notsecret)"
    r"|(?P<detect_secrets>pragma: ?(?:allow|white)list[ -](?P<below>nextline[ -])?secret)"
    r"|(?P<trufflehog>trufflehog:ignore)|(?P<ggshield>ggignore))(?![\w'\"`-])"
)


def marked(comment: str) -> Iterator[tuple[str, bool, str]]:
    """The tools that a comment speaks to: each with whether it means the line below, and with what is said behind."""
    for match in _OF_LINE.finditer(comment):
        tool = next(name for name, text in match.groupdict().items() if text)
        yield tool.replace("_", "-"), match["below"] is not None, comment[match.end() :].partition("\n")[0]
