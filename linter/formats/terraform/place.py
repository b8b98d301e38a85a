"""Where the parts of a block stand: a path of names and indexes down to one line of source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.formats.document import Document, Place
from linter.formats.terraform import syntax as s
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module

Steps = Sequence[str | int]
_TRANSPARENT = frozenset(
    {
        "jsonencode",
        "yamlencode",
        "tolist",
        "toset",
        "tomap",
        "base64encode",
        "merge",
        "concat",
        "try",
        "sensitive",
        "nonsensitive",
        "flatten",
        "compact",
        "distinct",
        "coalesce",
        "jsondecode",
        "yamldecode",
    }
)
_MAX_FOLLOWED = 12


def locate(module: Module, block: s.Block, steps: Steps) -> Place:
    """The place of `steps` below a block, or of its nearest present parent."""
    return _in_body(module, block.file, block.body, block.span, steps)


def _in_body(module: Module, file: s.File, body: s.Body, header: Span, steps: Steps) -> Place:
    if not steps:
        return Place(header)
    step, rest = steps[0], steps[1:]
    if not isinstance(step, str):
        return _in_body(module, file, body, header, rest)
    attribute = body.attributes.get(step)
    if attribute is not None:
        home, source = given_by(module, attribute)
        place = in_expr(home, source.file, source.expr, source.span, rest)
        document = None if source.file is file else document_of(source.file)
        name = home.default_of(source.expr)
        remark = f"The value is the default of variable '{name}'." if name else ""
        return Place(place.span, place.absent, document, remark) if document or remark else place
    blocks = _blocks(body, step)
    if not blocks:
        return Place(header, absent=True)
    if rest and isinstance(rest[0], int):
        block = blocks[min(rest[0], len(blocks) - 1)]
        return _in_body(module, file, block.body, block.span, rest[1:])
    block = next(
        (b for b in blocks if rest and (rest[0] in b.body.attributes or _blocks(b.body, str(rest[0])))),
        blocks[0],
    )
    return _in_body(module, file, block.body, block.span, rest)


def given_by(module: Module, attribute: s.Attribute) -> tuple[Module, s.Attribute]:
    """The argument of a module call that an attribute passes on, however far up; else the attribute itself."""
    while module.caller is not None:
        expr = attribute.expr
        if not (isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name) and expr.base.name == "var"):
            break
        name = expr.steps[0] if len(expr.steps) == 1 else None
        given = module.caller[1].body.attributes.get(name) if isinstance(name, str) else None
        if given is None:
            break
        module, attribute = module.caller[0], given
    return module, attribute


def document_of(file: s.File) -> Document:
    """The document of a file; a bare one for a file that is read only because another calls it."""
    if file.document is None:
        file.document = Document(file.text, "terraform", root=[])
    return file.document


def _blocks(body: s.Body, kind: str) -> list[s.Block]:
    """The blocks of a kind; of a `dynamic` one its content."""
    result = []
    for block in body.blocks:
        if block.kind == kind:
            result.append(block)
        elif block.kind == "dynamic" and block.labels == (kind,):
            result += block.body.blocks_of("content") or [block]
    return result


def in_expr(
    module: Module, file: s.File, expr: s.Expr, span: Span, steps: Steps, budget: int = _MAX_FOLLOWED
) -> Place:
    """The place of `steps` inside a value whose own place is `span`."""
    if not steps:
        return Place(span)
    step, rest = steps[0], steps[1:]
    if isinstance(expr, s.Object) and isinstance(step, str):
        for key, value in expr.items:
            if isinstance(key, s.Literal) and str(key.value) == step:
                return in_expr(
                    module, file, value, file.entry_span(key.start, key.end, value.end), rest, budget
                )
        return Place(span, absent=True)
    if isinstance(expr, s.Object):
        return in_expr(module, file, expr, span, rest, budget)  # one object where a list may stand
    if isinstance(expr, s.Tuple):
        index, rest = (step, rest) if isinstance(step, int) else (0, steps)
        if not expr.items:
            return Place(span, absent=True)
        item = expr.items[min(index, len(expr.items) - 1)]
        return in_expr(module, file, item, _head(file, item), rest, budget)
    return _through(module, file, expr, span, steps, budget)


def _head(file: s.File, expr: s.Expr) -> Span:
    """The line that stands for an element: the first entry of an object, else the element."""
    if isinstance(expr, s.Object) and expr.items:
        key, value = expr.items[0]
        return file.entry_span(key.start, key.end, value.end)
    return Span(expr.start, expr.end)


def _through(module: Module, file: s.File, expr: s.Expr, span: Span, steps: Steps, budget: int) -> Place:
    options: list[s.Expr] = []
    if isinstance(expr, s.Call) and expr.name in _TRANSPARENT:
        options = list(reversed(expr.args))
    elif isinstance(expr, s.Conditional):
        options = [expr.then, expr.otherwise]
    elif isinstance(expr, s.For):
        options = [expr.value]
        steps = steps[1:] if isinstance(steps[0], int) else steps
    elif isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name) and budget:
        return _follow(module, file, expr, span, steps, budget)
    elif isinstance(expr, s.Template):
        return _in_text(file, expr, span, steps)
    for option in options:
        found = in_expr(module, file, option, span, steps, budget)
        if not found.absent and found.span != span:
            return found
    return Place(span)


def _follow(module: Module, file: s.File, expr: s.Traversal, span: Span, steps: Steps, budget: int) -> Place:
    """Into the local that a value names, when it stands in the same file."""
    first = expr.steps[0]
    if isinstance(expr.base, s.Name) and expr.base.name == "local" and isinstance(first, str):
        attribute = module.locals.get(first)
        if attribute is not None and attribute.file is file:
            inner = [step for step in expr.steps[1:] if isinstance(step, str)]
            return in_expr(module, file, attribute.expr, attribute.span, [*inner, *steps], budget - 1)
    return Place(span)


def _in_text(file: s.File, expr: s.Template, span: Span, steps: Steps) -> Place:
    """The line of a heredoc that holds the last key of `steps`, found key by key."""
    found: re.Match[str] | None = None
    position = expr.start
    for step in steps:
        if isinstance(step, str):
            pattern = re.compile(rf"[\"']?\b{re.escape(step)}\b[\"']?\s*[:=]\s*[^,\n}}\]\[{{]*")
            match = pattern.search(file.text.text, position, expr.end)
            if match is None:
                break
            found, position = match, match.start() + len(step)
    if found is None:
        return Place(span)
    return Place(Span(found.start(), found.start() + len(found[0].rstrip())))
