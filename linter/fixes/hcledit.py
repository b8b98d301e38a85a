"""Edits of HCL below a block: set an attribute, remove one. Expressions that are no literals are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.finding import Edit
from linter.fixes.values import hcl
from linter.formats.node import Step
from linter.formats.terraform import syntax as s
from linter.patterns import lazy_regex
from linter.text import eol, line_start

_LINE_END = lazy_regex(r"\r\n|\n|\r|\Z")


def hcl_set(path: str, text: str, block: s.Block, steps: Sequence[Step], value: Any) -> list[Edit] | None:
    """Set the attribute that `steps` lead to; missing nested blocks are made, `dynamic` ones left alone."""
    walked = _walk(block, steps)
    if walked is None:
        return None
    owner, names = walked
    attribute = owner.body.attributes.get(names[0])
    if attribute is not None:
        if len(names) > 1 or not _literal(attribute.expr):
            return None
        return [Edit(path, attribute.expr.start, attribute.expr.end, hcl(value))]
    return _insert(path, text, owner, names, value)


def hcl_remove(path: str, text: str, block: s.Block, steps: Sequence[Step]) -> list[Edit] | None:
    """Remove the attribute that `steps` lead to, with its lines."""
    walked = _walk(block, steps)
    if walked is None or len(walked[1]) != 1:
        return None
    attribute = walked[0].body.attributes.get(walked[1][0])
    if attribute is None:
        return None
    start = line_start(text, attribute.start)
    end = _LINE_END.search(text, _end(text, attribute.end))
    if end is None or text[start : attribute.start].strip() or _inner(text, attribute.end, end.start()):
        return None
    return [Edit(path, start, end.end(), "")]


def _inner(text: str, start: int, end: int) -> bool:
    """Whether something else than a comment follows on the line: a one-line block's brace."""
    rest = text[start:end].strip()
    return bool(rest) and not rest.startswith(("#", "//"))


def _walk(block: s.Block, steps: Sequence[Step]) -> tuple[s.Block, list[str]] | None:
    """The deepest block that is there, and the names below it that lead to the attribute."""
    names = list(steps)
    while len(names) > 1:
        name = names[0]
        if not isinstance(name, str):
            return None
        blocks = block.body.blocks_of(name)
        dynamic = any(b.kind == "dynamic" and b.labels == (name,) for b in block.body.blocks)
        index = names[1] if isinstance(names[1], int) else 0
        rest = names[2:] if isinstance(names[1], int) else names[1:]
        if dynamic or (len(blocks) > 1 and not isinstance(names[1], int)):
            return None
        if not 0 <= index < len(blocks):
            if blocks or name in block.body.attributes or index > 0:
                return None
            return block, [str(name), *(str(n) for n in rest)]
        block, names = blocks[index], rest
    if len(names) != 1 or not isinstance(names[0], str) or block.body.blocks_of(names[0]):
        return None
    return block, [names[0]]


def _literal(expr: s.Expr) -> bool:
    if isinstance(expr, s.Tuple):
        return all(_literal(item) for item in expr.items)
    return isinstance(expr, s.Literal)


def _insert(path: str, text: str, block: s.Block, names: Sequence[str], value: Any) -> list[Edit] | None:
    end = eol(text)
    indent = _indent(text, block)
    attributes = list(block.body.attributes.values())
    open_brace = text.find("{", block.header_end, block.end)
    if open_brace < 0:
        return None
    if "\n" not in text[block.start : block.end]:
        if attributes or block.body.blocks or text[open_brace + 1 : block.end].strip() != "}":
            return None
        lines = _lines(names, value, indent, "")
        outer = " " * (block.start - line_start(text, block.start))
        inner = "".join(f"{end}{line}" for line in lines)
        return [Edit(path, open_brace + 1, block.end, f"{inner}{end}{outer}}}")]
    if len(names) > 1:  # blocks come last
        close = text.rfind("}", open_brace, block.end)
        start = line_start(text, close)
        if text[start:close].strip():
            return None
        lines = _lines(names, value, indent, "")
        gap = end if text[open_brace + 1 : start].strip() else ""
        return [Edit(path, start, start, gap + "".join(f"{line}{end}" for line in lines))]
    anchor = attributes[-1] if attributes else None
    after = _end(text, anchor.end) if anchor else open_brace + 1
    found = _LINE_END.search(text, after)
    at = found.start() if found else len(text)
    pad = _padding(text, anchor, names[0]) if anchor else ""
    return [Edit(path, at, at, "".join(f"{end}{line}" for line in _lines(names, value, indent, pad)))]


def _lines(names: Sequence[str], value: Any, indent: str, pad: str) -> list[str]:
    if len(names) == 1:
        return [f"{indent}{names[0]}{pad} = {hcl(value)}"]
    inner = _lines(names[1:], value, indent + "  ", "")
    return [f"{indent}{names[0]} {{", *inner, f"{indent}}}"]


def _padding(text: str, anchor: s.Attribute, name: str) -> str:
    """Blanks that put the `=` below the one of the line above, as `terraform fmt` does."""
    equals = text.find("=", anchor.name_end)
    return " " * max(0, equals - 1 - anchor.start - len(name))


def _indent(text: str, block: s.Block) -> str:
    starts = [part.start for part in block.body.attributes.values()] + [
        part.start for part in block.body.blocks
    ]
    for at in starts:
        before = text[line_start(text, at) : at]
        if not before.strip():
            return before
    start = line_start(text, block.start)
    return text[start : block.start] + "  "


def _end(text: str, end: int) -> int:
    return end - 1 if end and text[end - 1 : end] == "\n" else end  # a heredoc ends behind its line
