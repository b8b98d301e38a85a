"""Secrets that a comment has: without a form of their own they show how a key is filled in."""

from __future__ import annotations

# a token of a provider is leaked wherever it stands
_TYPED = frozenset(("named-secret", "weak-secret", "password-hash", "model-server-api-key"))


def is_shown(kind: str, text: str, at: int) -> bool:
    """Whether a secret of a kind, which begins at an offset of a text, is an example in a comment of it."""
    return kind in _TYPED and _in_comment(text, at)


def _in_comment(text: str, at: int) -> bool:
    before = text[text.rfind("\n", 0, at) + 1 : at].lstrip()
    return before.startswith("#") or " #" in before
