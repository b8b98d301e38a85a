"""Which names of variables say that the value is a secret itself, not something about one."""

from __future__ import annotations

import re
from collections.abc import Collection

from linter.patterns import lazy_regex

_LONGEST = 300  # characters of a name
# The word that says what the value is, and what may stand behind it without making it something else. No text can be
# taken for these in two ways, or the time doubles with each of them (`plain_text` is `plain` and `text`).
_SECRET = lazy_regex(
    r"(?:token|secrets?|passw[a-z]*|passphrase|secret_?key|api_?keys?|private_?key|access_?keys?|credentials?)"
    r"(?:_?(?:\d|data|base|b64|values?|text|string|plain|raw|pem|json|encoded|contents?|salt|override"
    r"|wo|blob|dev|test|stage|staging|prod|production))*$",
)
_NO_SECRET = lazy_regex(
    r"^(?:aws_)?secrets?_manager_|^ssm_|(?:^|_)path_to_|_(?:generate|num)_|^(?:enable|create|use|has|is|max|min|num|manage|automount|rotate|generate|existing"
    r"|disable|require|allow|pass|save|read)_"
    r"|(?:^|_)(?:names?|paths?|arns?|ssm|resource|creation|idempotency|request|continuation|per)_(?:token|secret|password|key)$"
    r"|(?:^|_)(?:pull|external|sealed|sops)_secrets?$|(?:kv|vault)_?secret$"
)
_WORD = lazy_regex(r"token|secret|passw|api_?key|private_?key|access_?key|credential", re.IGNORECASE)
_CAMEL = lazy_regex(r"(?<=[a-z0-9])(?=[A-Z])")
_KEY_ID = lazy_regex(r"(\w{0,200}?)access_?key(\w{0,200})")


def names_secret(name: str) -> bool:
    """Whether a name ends in a word for a secret: `hf_token` does, `token_ttl` and `secret_name` do not."""
    if len(name) > _LONGEST:
        return False
    words = _words(name)
    return bool(_SECRET.search(words)) and not _NO_SECRET.search(words)


def mentions_secret(text: str) -> bool:
    """Whether a text has any word for a secret in it."""
    return bool(_WORD.search(text))


def is_key_id(name: str, others: Collection[str] | None = None) -> bool:
    """Whether a name such as `minio_access_key` means the id of a key, whose secret another of the names is; may mean
    it, where no names are given."""
    words = _words(name)
    match = _KEY_ID.fullmatch(words)
    if match is None or "secret" in words:
        return False
    if others is None:
        return True
    before, after = match[1], match[2]
    secrets = {
        f"{before}{word}{after}"
        for word in ("secret_key", "secret_access_key", "access_key_secret", "secret")
    }
    return any(_words(other) in secrets for other in others)


def _words(name: str) -> str:
    return _CAMEL.sub("_", name).replace("-", "_").lower()
