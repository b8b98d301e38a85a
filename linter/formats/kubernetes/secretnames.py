"""Literal values whose name or shape says that they are secrets, whatever they hold: the reading of other linters.

`leaks` asks whether a value can be a secret and leaves out fillers; strict rules that answer to other linters' ids go
by the name alone, and leave out only what is no literal, or plainly something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.patterns import lazy_regex

_NAME = lazy_regex(
    r"secret|passw(?:or)?d|passphrase|(?:^|[_.-])p(?:ass|word|wd|swrd)(?:$|[_.-])|pwd$|token|jwt|bearer|credential"
    r"|(?:access|account|api|auth|batch|encryption|private|secret|signing|storage)[_.-]?key(?:$|[_.-])"
    r"|^azure_.+key$|^oci_cli_key_content$|^aws_access_key_id$",
    re.IGNORECASE,
)
# names of settings about secrets: MAX_TOKENS, TOKEN_URL, passwordPolicy, SECRET_NAME, tokenizer
_ABOUT = lazy_regex(
    r"(?:file|path|dir|name|names|ref|url|uri|endpoint|ttl|expiry|expiration|expires(?:[_-]?in)?|timeout|length|size"
    r"|count|limit|enabled?|policy|type|issuer|audience|version|mode|provider|store|manager|required?|seconds|hash)$"
    r"|tokens$|tokeni[sz]|(?:^|[_.-])allow[_.-]|^(?:max|min|num|n|enable|use|disable)[_.-]",
    re.IGNORECASE,
)
_VALUE = lazy_regex(
    r"-BEGIN\s[\w\s]{0,40}PRIVATE KEY-|\bAKIA[0-9A-Z]{16}\b|^\s*[Bb]earer\s+\S|(?<![\w-])eyJhbGciO[\w-]*+\."
    r"|\bghp_[0-9A-Za-z]{36}"
)
_PLAIN = frozenset(("true", "false", "yes", "no", "none", "null", "on", "off"))
_OPENERS = ("/", "$(", "${", "{{", "<%", "file:", "vault:", "secretref", "ref+")
_LINE = lazy_regex(r"^[ \t\"']*([\w.-]{2,100})[\"']?[ \t]*[=:][ \t]*[\"']?(\S.*)", re.MULTILINE)


def is_named(name: Any, value: Any) -> bool:
    """Whether a literal stands under a name of secrets, or looks like one. UNKNOWN when either is."""
    if name is UNKNOWN or value is UNKNOWN:
        return UNKNOWN
    if not isinstance(value, str) or not value.strip():
        return False
    text = value.strip()
    if _VALUE.search(text) is not None:
        return True
    if not isinstance(name, str) or _NAME.search(name) is None or _ABOUT.search(name) is not None:
        return False
    return text.lower() not in _PLAIN and not text.lower().startswith(_OPENERS)


def named_inside(value: Any) -> Iterator[str]:
    """Names in a text of settings, one a line, that `is_named` says of."""
    if value is UNKNOWN or not isinstance(value, str):
        return
    for line in _LINE.finditer(value):
        setting = line[2].removesuffix("\r").rstrip(" \t,")
        if is_named(line[1], setting[:-1] if setting.endswith(("'", '"')) else setting) is True:
            yield line[1]
