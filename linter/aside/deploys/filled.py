"""Templates of Helm, filled in as far as one value says what is in them: an item of a list for which a part of a
template is written. What hangs on anything else stays there as an expression.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from linter.adapters.chartvalues import ACTION, MOST_ACTIONS
from linter.adapters.expressions import evaluate
from linter.cel import UNKNOWN
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_OPENS = ("if", "with", "range", "define", "block")
_NAMED = lazy_regex(r"((?:\$\w+\s*,\s*)?\$\w+)\s*:?=\s*(\S.*)\Z", re.DOTALL)
# `.path` of the item, but for what texts have and what is of the whole: `.Values`
_OF_ITEM = lazy_regex(
    r"\"(?:[^\"\\\n]|\\.){0,2000}\"|`[^`]*+`"
    r"|(?<![\w$)\]])\.(?!(?:Values|Release|Chart|Files|Capabilities|Template)\b)(?=[A-Za-z_])"
)
_AS_YAML = lazy_regex(r"toYaml\s+(\$?[\w.]+)\s*\|\s*n?indent\s+(\d{1,2})\s*\Z")
_DEEPEST = 30  # blocks in blocks
_LONGEST = 100_000  # letters that are written for one item


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a template under a condition. Each branch: its condition, empty for `else`, and what is in it."""

    keyword: str
    branches: list[tuple[str, list[Part]]]


Part = str | tuple[str] | Block  # a text, an action, or a block


def parts_of(text: str) -> list[Part]:
    """What a template is made of; empty where that can't be told."""
    if text.count("{{") > MOST_ACTIONS:
        return []
    parts: list[Part] = []
    opened: list[tuple[Block, list[Part]]] = []  # with what it is in
    at = 0
    for match in ACTION.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        said = match[1].strip()
        keyword, _, rest = said.partition(" ")
        if keyword in _OPENS:
            inner: list[Part] = []
            block = Block(keyword, [(rest.strip(), inner)])
            parts.append(block)
            opened.append((block, parts))
            parts = inner
            if len(opened) > _DEEPEST:
                return []
        elif keyword == "else" and opened:
            parts = []
            opened[-1][0].branches.append((re.sub(r"^(?:if|with)\s+", "", rest.strip()), parts))
        elif keyword == "end" and opened:
            parts = opened.pop()[1]
        else:
            parts.append((said,))
    return [] if opened else [*parts, text[at:]]


def filled(parts: Sequence[Part], item: Any, names: dict[str, Any]) -> str | None:
    """What parts are for an item; None where that is too long. `names`: of variables, with what they stand for."""
    found: list[str] = []
    length = 0
    for text in _written(parts, item, dict(names)):
        found.append(text)
        length += len(text)
        if length > _LONGEST:
            return None
    return "".join(found)


def _written(parts: Sequence[Part], item: Any, names: dict[str, Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Block):
            yield from _of_block(part, item, names)
        elif (named := _NAMED.match(part[0])) is not None:
            names |= dict.fromkeys(re.findall(r"\$\w+", named[1]), _value(named[2], item, names))
        else:
            yield _text(part[0], item, names)


def _of_block(block: Block, item: Any, names: dict[str, Any]) -> Iterator[str]:
    for condition, parts in block.branches if block.keyword in ("if", "with") else ():
        verdict = _value(condition, item, names) if condition else True
        if verdict is UNKNOWN:
            break
        if verdict:
            yield from _written(parts, verdict if condition and block.keyword == "with" else item, names)
            return
    else:
        if block.keyword in ("if", "with", "define"):
            return
    # it stays there, as what need not be there
    yield "{{ if . }}"
    yield from _written(block.branches[0][1], UNKNOWN if block.keyword != "if" else item, dict(names))
    yield "{{ end }}"


def _value(expression: str, item: Any, names: dict[str, Any]) -> Any:
    said = _OF_ITEM.sub(lambda match: "$item." if match[0] == "." else match[0], expression.strip())
    return evaluate(said, UNKNOWN, {**names, "$item": item, ".": item})


def _text(expression: str, item: Any, names: dict[str, Any]) -> str:
    as_yaml = _AS_YAML.match(expression)
    value = _value(as_yaml[1] if as_yaml is not None else expression, item, names)
    if as_yaml is not None and isinstance(value, dict):
        indent = "\n" + " " * int(as_yaml[2])
        return "".join(
            f"{indent}{json.dumps(str(key))}: {json.dumps(each, default=str)}" for key, each in value.items()
        )
    if as_yaml is None and isinstance(value, str | bool | int):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return f"{{{{ {expression} }}}}"
