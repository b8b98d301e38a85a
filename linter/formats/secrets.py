"""What a value is: a kind of secret, a placeholder, a reference.

A provider's format is proof enough by itself. A value without one is a secret when its name says so and it
was generated, not written. Confidence is `high`, `medium` or `low`; rules ask for medium and above by
default. Every format of file asks here, and so does everything that prints.
"""

from __future__ import annotations

from linter.formats.secrets_judge import SecretMatch, classify, classify_base64, find_all, literal_part
from linter.formats.secrets_text import find_named, mask, redact
from linter.formats.secrets_words import is_default_password, is_password_name, is_placeholder, is_secret_name

__all__ = [
    "SecretMatch",
    "classify",
    "classify_base64",
    "find_all",
    "find_named",
    "is_default_password",
    "is_password_name",
    "is_placeholder",
    "is_secret_name",
    "kinds",
    "literal_part",
    "mask",
    "redact",
    "sample",
]


def kinds() -> tuple[str, ...]:
    """Every kind of secret that has a format, in the order of the table."""
    from linter.formats import secrets_table

    return tuple(pattern.kind for pattern in secrets_table.patterns())


def sample(kind: str, seed: int = 0) -> str:
    """A made-up value of that kind, checksum included, for tests and examples; see `secrets_samples`."""
    from linter.formats import secrets_samples

    return secrets_samples.sample(kind, seed)
