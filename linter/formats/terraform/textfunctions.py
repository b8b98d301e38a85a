"""Terraform's functions that make and read texts: encodings, formats, patterns, addresses of networks."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from linter.cel import UNKNOWN, CelError, CelRuntimeError
from linter.cel.errors import PatternError
from linter.cel.regex import compiled
from linter.cel.unknown import Unknown
from linter.formats.terraform.values import (
    HOLE,
    MAX_GROWN,
    MAX_TEXT,
    Encoded,
    FunctionError,
    PartialData,
    PartialText,
    deep_unknown,
    join_text,
    number,
    restore_holes,
    structured,
    text_of,
    too_deep,
    too_heavy,
)


def jsonencode(value: Any) -> Any:
    return _encode(value, (",", ":"))


def yamlencode(value: Any) -> Any:
    return _encode(value, None)  # JSON is YAML


def _encode(value: Any, separators: tuple[str, str] | None) -> Any:
    if isinstance(value, Unknown) or too_heavy(value):
        return UNKNOWN
    if deep_unknown(value):
        return PartialData(value)
    text = json.dumps(value, separators=separators)
    return text if len(text) <= MAX_TEXT else UNKNOWN


def yamldecode(value: Any) -> Any:
    if isinstance(value, PartialData):
        return value.value
    text = value.text if isinstance(value, PartialText) else value
    if not isinstance(text, str):
        return UNKNOWN
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        found = yaml.load(text, loader)  # noqa: S506 - a safe loader either way
        return UNKNOWN if too_heavy(found) or too_deep(found, 60) else restore_holes(found)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FunctionError(str(error)) from None


def jsondecode(value: Any) -> Any:
    result = structured(value)
    if result is UNKNOWN and isinstance(value, str):
        raise FunctionError("not JSON")
    return result


def join(separator: Any, *lists: Any) -> Any:
    pieces: list[str] = []
    for value in lists:
        pieces += [text_of(item) for item in value] if isinstance(value, list) else [HOLE]
    return join_text([text_of(separator).join(pieces)])


def format_(template: Any, *args: Any) -> Any:
    if not isinstance(template, str):
        return UNKNOWN
    values = iter(args)

    def one(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        value = next(values, UNKNOWN)
        if match[1][-1] in "dxXobeEfgG" and not isinstance(value, Unknown):
            try:
                return ("%" + match[1]) % (number(value) or 0)
            except (ValueError, TypeError):
                return HOLE
        return json.dumps(value) if match[1][-1] == "q" and isinstance(value, str) else text_of(value)

    return join_text([re.sub(r"%%|%([-+0 #]*\d{0,3}(?:\.\d{1,3})?[a-zA-Z])", one, template)])


def indent(spaces: Any, text: Any) -> Any:
    if not 0 <= int(spaces) <= 1_000:
        return UNKNOWN
    return join_text([text_of(text).replace("\n", "\n" + " " * int(spaces))])


def substr(text: str, offset: int, size: int) -> str:
    return text[offset:] if size < 0 else text[offset : offset + size]


def _pattern(pattern: str, text: str) -> re.Pattern[str]:
    """The pattern in Python's terms, when it takes bounded time on a text of that length."""
    try:
        found = compiled(pattern)
        found.check()
        return found._checked(text)
    except (CelError, CelRuntimeError, PatternError) as error:
        raise FunctionError(str(error)) from None


def replace(text: str, old: str, new: str) -> Any:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        found = _pattern(old[1:-1], text)
        grown = len(text) * (1 + len(new))
        return UNKNOWN if grown > MAX_GROWN else found.sub(re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new), text)
    grown = len(text) + text.count(old) * len(new)
    return UNKNOWN if grown > MAX_TEXT else text.replace(old, new)


def regex(pattern: str, text: str) -> Any:
    match = _pattern(pattern, text).search(text)
    if match is None:
        raise FunctionError("no match")
    if match.re.groupindex:
        return match.groupdict()
    return list(match.groups()) if match.re.groups else match[0]


def regexall(pattern: str, text: str) -> list[Any]:
    return [list(m) if isinstance(m, tuple) else m for m in _pattern(pattern, text).findall(text)]


def cidrsubnet(prefix: str, bits: int, index: int) -> str:
    import ipaddress

    network = ipaddress.ip_network(prefix, strict=False)
    length_ = network.prefixlen + bits
    base = int(network.network_address) + (index << (network.max_prefixlen - length_))
    return f"{ipaddress.ip_address(base)}/{length_}"


def cidrhost(prefix: str, index: int) -> str:
    import ipaddress

    return str(ipaddress.ip_network(prefix, strict=False)[index])


def base64encode(value: Any) -> Any:
    if isinstance(value, str):
        return base64.b64encode(value.encode()).decode()
    return Encoded(value) if isinstance(value, Unknown) else UNKNOWN


def base64decode(value: Any) -> Any:
    if isinstance(value, Encoded):
        return value.inner
    return base64.b64decode(value).decode("utf-8") if isinstance(value, str) else UNKNOWN


def tostring(value: Any) -> Any:
    return value if value is None or isinstance(value, (Unknown, str)) else text_of(value)


def tonumber(value: Any) -> Any:
    return value if value is None else number(value)


def split(separator: str, text: str) -> list[str]:
    return text.split(separator) if separator else list(text)


def urlencode(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def md5(text: str) -> str:
    return _digest("md5", text)


def sha1(text: str) -> str:
    return _digest("sha1", text)


def sha256(text: str) -> str:
    return _digest("sha256", text)


def _digest(kind: str, text: str) -> str:
    import hashlib

    return hashlib.new(kind, text.encode(), usedforsecurity=False).hexdigest()
