"""Terraform's functions over values that may be known in part. A function that is not here gives UNKNOWN."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from linter.cel import UNKNOWN, CelError, CelRuntimeError
from linter.cel.errors import PatternError
from linter.cel.regex import compiled
from linter.cel.unknown import Unknown, UnknownTruth
from linter.formats.terraform.values import (
    HOLE,
    MAX_TEXT,
    Encoded,
    PartialData,
    PartialText,
    boolean,
    deep_unknown,
    join_text,
    number,
    restore_holes,
    structured,
    text_of,
    too_deep,
    too_heavy,
)

MAX_ITEMS = 10_000
MAX_GROWN = 10_000_000  # characters that a replacement may make at most


class FunctionError(Exception):
    """A call that Terraform would refuse; `try` and `can` ask for it."""


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


def merge(*maps: Any) -> Any:
    result: dict[str, Any] = {}
    for item in maps:
        if isinstance(item, Unknown):
            return UNKNOWN
        if isinstance(item, dict):
            result.update(item)
    return result


def concat(*lists: Any) -> Any:
    result: list[Any] = []
    for item in lists:
        if isinstance(item, list):
            result += item
        else:
            result.append(UNKNOWN)
    return result if len(result) <= MAX_ITEMS else UNKNOWN


def flatten(value: Any) -> Any:
    if not isinstance(value, list) or too_heavy(value):
        return UNKNOWN
    result: list[Any] = []
    for item in value:
        result += flatten(item) if isinstance(item, list) else [item]
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


def lookup(mapping: Any, key: Any, default: Any = UNKNOWN) -> Any:
    if not isinstance(mapping, dict) or isinstance(key, Unknown):
        return UNKNOWN
    return mapping.get(key, default)


def length(value: Any) -> Any:
    if isinstance(value, list) and any(item is UNKNOWN for item in value):
        return UNKNOWN
    return len(value) if isinstance(value, (list, dict, str)) else UNKNOWN


def toset(value: Any) -> Any:
    if not isinstance(value, list):
        return UNKNOWN
    result: list[Any] = []
    seen: set[str] = set()
    for item in value:
        key = item if isinstance(item, str) else repr(item) if isinstance(item, (int, float, bool)) else None
        if key is None or key not in seen:
            result.append(item)
        if key is not None:
            seen.add(key)
    return result


def element(items: Any, index: Any) -> Any:
    if not isinstance(items, list) or not items or not isinstance(index, int):
        return UNKNOWN
    return items[index % len(items)]


def contains(items: Any, value: Any) -> Any:
    if not isinstance(items, list) or isinstance(value, Unknown):
        return UNKNOWN
    if any(not isinstance(item, Unknown) and item == value for item in items):
        return True
    return UNKNOWN if any(isinstance(item, Unknown) for item in items) else False


def coalesce(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Unknown):
            return UNKNOWN
        if value is not None and value != "":
            return value
    raise FunctionError("no value that is not null")


def coalescelist(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Unknown):
            return UNKNOWN
        if value:
            return value
    raise FunctionError("no list that is not empty")


def compact(items: Any) -> Any:
    return (
        [item for item in items if isinstance(item, Unknown) or item] if isinstance(items, list) else UNKNOWN
    )


def distinct(items: Any) -> Any:
    return toset(items)


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


def range_(*args: Any) -> list[Any]:
    result = range(*(int(arg) for arg in args))
    return list(result[:MAX_ITEMS])


def zipmap(keys: list[Any], values: list[Any]) -> Any:
    return {text_of(key): value for key, value in zip(keys, values, strict=False)}


def slice_(items: list[Any], start: int, end: int) -> list[Any]:
    return items[start:end]


def cidrsubnet(prefix: str, bits: int, index: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    length_ = network.prefixlen + bits
    base = int(network.network_address) + (index << (network.max_prefixlen - length_))
    return f"{ipaddress.ip_address(base)}/{length_}"


def cidrhost(prefix: str, index: int) -> str:
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


def keys(value: dict[str, Any]) -> list[str]:
    return sorted(value)


def values_(value: dict[str, Any]) -> list[Any]:
    return [value[key] for key in sorted(value)]


def setproduct(*sets: list[Any]) -> Any:
    result: list[list[Any]] = [[]]
    for items in sets:
        if len(result) * len(items) > MAX_ITEMS:
            return UNKNOWN
        result = [[*row, item] for row in result for item in items]
    return result


def sort(items: list[Any]) -> list[Any]:
    return sorted(items, key=text_of)


def split(separator: str, text: str) -> list[str]:
    return text.split(separator) if separator else list(text)


def one(items: Any) -> Any:
    return (items[0] if items else None) if isinstance(items, list) and len(items) < 2 else UNKNOWN


def anytrue(items: list[Any]) -> bool:
    return any(item is True for item in items)


def alltrue(items: list[Any]) -> bool:
    return all(item is True for item in items)


def setunion(*sets: list[Any]) -> Any:
    return toset([item for items in sets for item in items])


def setintersection(first: list[Any], *rest: list[Any]) -> Any:
    if len(first) * sum(map(len, rest)) > MAX_GROWN:
        return UNKNOWN
    return [item for item in first if all(item in items for items in rest)]


def setsubtract(first: list[Any], second: list[Any]) -> Any:
    if len(first) * len(second) > MAX_GROWN:
        return UNKNOWN
    return [item for item in first if item not in second]


# Given whatever the arguments are, unknown or not.
PARTIAL: dict[str, Callable[..., Any]] = {
    "jsonencode": jsonencode,
    "yamlencode": yamlencode,
    "jsondecode": jsondecode,
    "yamldecode": yamldecode,
    "merge": merge,
    "concat": concat,
    "flatten": flatten,
    "join": join,
    "format": format_,
    "lookup": lookup,
    "length": length,
    "toset": toset,
    "tolist": lambda v: list(v) if isinstance(v, list) else v,
    "tomap": lambda v: v,
    "element": element,
    "contains": contains,
    "coalesce": coalesce,
    "coalescelist": coalescelist,
    "compact": compact,
    "distinct": distinct,
    "base64encode": base64encode,
    "base64decode": base64decode,
    "tostring": tostring,
    "tobool": boolean,
    "one": one,
    "nonsensitive": lambda v: v,
    "sensitive": lambda v: v,
    "ephemeralasnull": lambda v: UNKNOWN,
    "indent": lambda n, t: indent(n, t) if isinstance(n, int) else UNKNOWN,
    "chomp": lambda t: join_text([text_of(t).rstrip("\r\n")]),
    "trimspace": lambda t: join_text([text_of(t).strip()]),
    "textencodebase64": lambda t, _encoding: base64encode(t),
    "base64gzip": Encoded,
    "zipmap": lambda k, v: zipmap(k, v) if isinstance(k, list) and isinstance(v, list) else UNKNOWN,
    "slice": lambda v, a, b: (
        v[a:b] if isinstance(v, list) and isinstance(a, int) and isinstance(b, int) else UNKNOWN
    ),
    "keys": lambda v: keys(v) if isinstance(v, dict) else UNKNOWN,
    "values": lambda v: values_(v) if isinstance(v, dict) else UNKNOWN,
    "reverse": lambda v: v[::-1] if isinstance(v, list) else UNKNOWN,
}
# Called only when every argument is known through and through.
KNOWN: dict[str, Callable[..., Any]] = {
    "upper": lambda t: text_of(t).upper(),
    "lower": lambda t: text_of(t).lower(),
    "title": lambda t: text_of(t).title(),
    "trim": lambda t, c: t.strip(c),
    "trimprefix": lambda t, p: t.removeprefix(p),
    "trimsuffix": lambda t, p: t.removesuffix(p),
    "startswith": lambda t, p: t.startswith(p),
    "endswith": lambda t, p: t.endswith(p),
    "strcontains": lambda t, p: p in t,
    "substr": substr,
    "replace": replace,
    "split": split,
    "regex": regex,
    "regexall": regexall,
    "range": range_,
    "tonumber": tonumber,
    "setproduct": setproduct,
    "sort": sort,
    "anytrue": anytrue,
    "alltrue": alltrue,
    "setunion": setunion,
    "setintersection": setintersection,
    "setsubtract": setsubtract,
    "cidrsubnet": cidrsubnet,
    "cidrhost": cidrhost,
    "urlencode": lambda t: quote(t, safe=""),
    "max": max,
    "min": min,
    "abs": abs,
    "ceil": lambda n: -int(-n // 1),
    "floor": lambda n: int(n // 1),
    "sum": sum,
    "pow": lambda a, b: a**b if abs(b) < 64 and abs(a) < 1e6 else UNKNOWN,
    "index": lambda v, x: v.index(x),
    "parseint": lambda t, b: int(t, b),
    "basename": lambda p: p.rstrip("/").rpartition("/")[2],
    "dirname": lambda p: p.rpartition("/")[0] or ".",
    "abspath": lambda p: p,
    "pathexpand": lambda p: p,
    "formatlist": lambda f, *a: [
        format_(f, *row) for row in zip(*(x if isinstance(x, list) else [x] for x in a), strict=False)
    ],
    "md5": lambda t: hashlib.md5(t.encode(), usedforsecurity=False).hexdigest(),
    "sha1": lambda t: hashlib.sha1(t.encode(), usedforsecurity=False).hexdigest(),
    "sha256": lambda t: hashlib.sha256(t.encode()).hexdigest(),
    "chunklist": lambda v, n: [v[i : i + n] for i in range(0, len(v), n)],
    "transpose": lambda m: {
        x: [k for k, v in m.items() if x in v] for x in {y: 0 for v in m.values() for y in v}
    },
    "matchkeys": lambda v, k, s: [a for a, b in zip(v, k, strict=False) if b in s],
    "type": lambda v: UNKNOWN,
}


def call(name: str, args: list[Any]) -> Any:
    """The value of a call. Raises `FunctionError` when Terraform would refuse it for sure."""
    name = name.removeprefix("core::")
    partial = PARTIAL.get(name)
    try:
        if partial is not None:
            return partial(*args)
        known = KNOWN.get(name)
        if known is None or any(deep_unknown(arg) for arg in args):
            return UNKNOWN
        return known(*args)
    except FunctionError:
        raise
    except (UnknownTruth, RecursionError, MemoryError):
        return UNKNOWN
    except (
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        KeyError,
        re.error,
        OverflowError,
        ArithmeticError,
    ) as error:
        raise FunctionError(str(error)) from None
