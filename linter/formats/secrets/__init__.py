"""What a value is: a kind of secret, a placeholder, a reference.

A provider's format is proof enough by itself. A value without one is a secret when its name says so and it
was generated, not written. Confidence is `high`, `medium` or `low`; rules ask for medium and above by
default. Every format of file asks here, and so does everything that prints.
"""

from __future__ import annotations

from linter import cel
from linter.formats.secrets.comments import is_example, is_shown
from linter.formats.secrets.judge import (
    SecretMatch,
    classify,
    classify_base64,
    find_all,
    is_digest_of_issued,
    literal_part,
)
from linter.formats.secrets.text import Shown, find_formed, find_named, mask, redact, scan
from linter.formats.secrets.words import is_default_password, is_password_name, is_placeholder, is_secret_name

__all__ = [
    "FUNCTIONS",
    "SecretMatch",
    "Shown",
    "classify",
    "classify_base64",
    "find_all",
    "find_formed",
    "find_named",
    "is_default_password",
    "is_digest_of_issued",
    "is_example",
    "is_password_name",
    "is_placeholder",
    "is_secret_name",
    "is_shown",
    "kinds",
    "literal_part",
    "mask",
    "redact",
    "sample",
    "scan",
]


def kinds() -> tuple[str, ...]:
    """Every kind of secret that has a format, in the order of the table."""
    from linter.formats.secrets import table

    return tuple(pattern.kind for pattern in table.patterns())


def sample(kind: str, seed: int = 0) -> str:
    """A made-up value of that kind, checksum included, for tests and examples; see `samples`."""
    from linter.formats.secrets import samples

    return samples.sample(kind, seed)


def secret_kind(name: str, value: str) -> str | None:
    """The kind of literal secret that a named value is, at medium confidence or above; None for none."""
    found = classify(name, value)
    return found.kind if found is not None and found.confidence != "low" else None


def secret_kind_base64(name: str, value: str) -> str | None:
    """The same for a value in base64."""
    found = classify_base64(name, value)
    return found.kind if found is not None and found.confidence != "low" else None


_NAME_AND_VALUE = (cel.STRING, cel.STRING)

FUNCTIONS: tuple[cel.Function, ...] = (
    cel.Function(
        "secretKind",
        _NAME_AND_VALUE,
        cel.Nullable(cel.STRING),
        secret_kind,
        doc="kind of literal secret that a value of that name is; null for references, placeholders and the rest",
    ),
    cel.Function(
        "secretKindBase64",
        _NAME_AND_VALUE,
        cel.Nullable(cel.STRING),
        secret_kind_base64,
        doc="the same for a value in base64, as in a Kubernetes Secret",
    ),
    cel.Function(
        "isDefaultPassword",
        _NAME_AND_VALUE,
        cel.BOOL,
        is_default_password,
        doc="whether a password of that name, or one in a URL, is one that everybody knows",
    ),
    cel.Function(
        "isSecretName",
        (cel.STRING,),
        cel.BOOL,
        is_secret_name,
        doc="whether a variable of that name carries a secret",
    ),
    cel.Function(
        "isPlaceholder",
        (cel.STRING,),
        cel.BOOL,
        is_placeholder,
        doc="whether a value only stands for a secret",
    ),
)
