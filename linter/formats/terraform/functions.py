"""Terraform's functions over values that may be known in part. A function that is not here gives UNKNOWN."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import UnknownTruth
from linter.formats.terraform import listfunctions as lists
from linter.formats.terraform import textfunctions as texts
from linter.formats.terraform.values import Encoded, FunctionError, boolean, deep_unknown, join_text, text_of

# Given whatever the arguments are, unknown or not.
PARTIAL: dict[str, Callable[..., Any]] = {
    "jsonencode": texts.jsonencode,
    "yamlencode": texts.yamlencode,
    "jsondecode": texts.jsondecode,
    "yamldecode": texts.yamldecode,
    "merge": lists.merge,
    "concat": lists.concat,
    "flatten": lists.flatten,
    "join": texts.join,
    "format": texts.format_,
    "lookup": lists.lookup,
    "length": lists.length,
    "toset": lists.toset,
    "tolist": lambda v: list(v) if isinstance(v, list) else v,
    "tomap": lambda v: v,
    "element": lists.element,
    "contains": lists.contains,
    "coalesce": lists.coalesce,
    "coalescelist": lists.coalescelist,
    "compact": lists.compact,
    "distinct": lists.distinct,
    "base64encode": texts.base64encode,
    "base64decode": texts.base64decode,
    "tostring": texts.tostring,
    "tobool": boolean,
    "one": lists.one,
    "nonsensitive": lambda v: v,
    "sensitive": lambda v: v,
    "ephemeralasnull": lambda v: UNKNOWN,
    "indent": lambda n, t: texts.indent(n, t) if isinstance(n, int) else UNKNOWN,
    "chomp": lambda t: join_text([text_of(t).rstrip("\r\n")]),
    "trimspace": lambda t: join_text([text_of(t).strip()]),
    "textencodebase64": lambda t, _encoding: texts.base64encode(t),
    "base64gzip": Encoded,
    "zipmap": lambda k, v: lists.zipmap(k, v) if isinstance(k, list) and isinstance(v, list) else UNKNOWN,
    "slice": lambda v, a, b: (
        v[a:b] if isinstance(v, list) and isinstance(a, int) and isinstance(b, int) else UNKNOWN
    ),
    "keys": lambda v: lists.keys(v) if isinstance(v, dict) else UNKNOWN,
    "values": lambda v: lists.values_(v) if isinstance(v, dict) else UNKNOWN,
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
    "substr": texts.substr,
    "replace": texts.replace,
    "split": texts.split,
    "regex": texts.regex,
    "regexall": texts.regexall,
    "range": lists.range_,
    "tonumber": texts.tonumber,
    "setproduct": lists.setproduct,
    "sort": lists.sort,
    "anytrue": lists.anytrue,
    "alltrue": lists.alltrue,
    "setunion": lists.setunion,
    "setintersection": lists.setintersection,
    "setsubtract": lists.setsubtract,
    "cidrsubnet": texts.cidrsubnet,
    "cidrhost": texts.cidrhost,
    "urlencode": texts.urlencode,
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
        texts.format_(f, *row) for row in zip(*(x if isinstance(x, list) else [x] for x in a), strict=False)
    ],
    "md5": texts.md5,
    "sha1": texts.sha1,
    "sha256": texts.sha256,
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
