"""Secrets that are shown, not used: a comment without one of a form of its own, and what a text calls an example."""

from __future__ import annotations

from linter.patterns import lazy_regex

# a token of a provider is leaked wherever it stands
_TYPED = frozenset(("named-secret", "weak-secret", "password-hash", "model-server-api-key"))
# `e.g.: …` before it on its line, as descriptions of fields have it, or `Example:` on the line above
_SAID_EXAMPLE = lazy_regex(r"(?i)(?:^|[\s(\"'])(?:e\.g\.[:,]?|(?:for )?example:)\s")
_EXAMPLE_ABOVE = lazy_regex(r"(?i)[\s#]{0,80}(?:an |for )?example:\s{0,8}")
_SCHEMA = "kind: CustomResourceDefinition"
_LONGEST_LINE = 500  # characters of one that are looked at


def is_shown(kind: str, text: str, at: int) -> bool:
    """Whether a secret of a kind, which begins at an offset of a text, is an example in a comment of it."""
    return kind in _TYPED and _in_comment(text, at)


def is_example(kind: str, text: str, at: int) -> bool:
    """Whether the words before a secret call it an example: `e.g.: …`, as the schema of a field describes it. What a
    provider issued is leaked whatever is said of it, unless it stands in such a schema and no comment."""
    if _in_comment(text, at) or (kind not in _TYPED and _SCHEMA not in text):
        return False
    line = text.rfind("\n", 0, at) + 1
    if _SAID_EXAMPLE.search(text, max(line, at - _LONGEST_LINE), at):
        return True
    above = text.rfind("\n", 0, max(line - 1, 0)) + 1
    return (
        line - above <= _LONGEST_LINE
        and not text[line:at].strip()
        and _EXAMPLE_ABOVE.fullmatch(text, above, line) is not None
    )


def _in_comment(text: str, at: int) -> bool:
    before = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
    return before.startswith("#") or " #" in before
