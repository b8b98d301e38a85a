"""Where a part of an expression stands, through the names in it to the line that sets the value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter.formats.model import Place
from linter.formats.terraform import syntax as s
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.openends import default_of
from linter.formats.terraform.search import Each, Here
from linter.formats.terraform.setters import setter, written_statement
from linter.frozen import replace
from linter.patterns import lazy_regex
from linter.text import Span

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
_JOINING = frozenset({"concat", "flatten"})
_MAX_FOLLOWED = 12
_LIST = lazy_regex(r"\w*[\"']?\s*[:=]\s*\[")
_BRACKET = lazy_regex(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*(?:"|(?=\n)|\Z)|[\[\]{},]')


def in_expr(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place:
    """The place of `steps` inside a value whose own place is `span`."""
    onward = _follow(here, expr, span, steps)
    if onward is not None:
        return onward
    if isinstance(expr, s.Call) and expr.name in ("try", "lookup"):
        return _chosen(here, expr, span, steps)
    if not steps:
        return here.place(span, expr=expr)
    step, rest = steps[0], steps[1:]
    file = here.file
    if isinstance(expr, s.Object) and isinstance(step, str):
        for key, value in expr.items:
            if isinstance(key, s.Literal) and str(key.value) == step:
                return in_expr(here, value, file.entry_span(key.start, key.end, value.end), rest)
        return here.place(span, absent=True)
    if isinstance(expr, s.Object):
        return in_expr(here, expr, span, rest)  # one object where a list may stand
    if isinstance(expr, s.Tuple):
        index, rest = (step, rest) if isinstance(step, int) else (0, steps)
        if not expr.items:
            return here.place(span, absent=True)
        item = expr.items[min(index, len(expr.items) - 1)]
        return in_expr(here, item, _head(file, item), rest)
    return _through(here, expr, span, steps)


def _head(file: s.File, expr: s.Expr) -> Span:
    """The line that stands for an element: the first entry of an object, else the element."""
    if isinstance(expr, s.Object) and expr.items:
        key, value = expr.items[0]
        return file.entry_span(key.start, key.end, value.end)
    return Span(expr.start, expr.end)


def _through(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place:
    options: list[s.Expr] = []
    if isinstance(expr, s.Call) and expr.name in _JOINING and isinstance(steps[0], int):
        part, index = _part(here, expr, steps[0])
        if part is not None:
            return in_expr(here, part, _head(here.file, part), [index, *steps[1:]])
        options = list(reversed(expr.args))
    elif isinstance(expr, s.Call) and expr.name in _TRANSPARENT:
        options = list(reversed(expr.args))
    elif isinstance(expr, s.Conditional):
        chosen = evaluate(expr.condition, here.scope)
        options = [expr.then, expr.otherwise]
        if isinstance(chosen, bool):
            options = [options[not chosen]]
            here = replace(here, default=here.default or default_of(here.module, expr.condition) or "")
    elif isinstance(expr, s.For):
        options = [expr.value]
        steps = steps[1:] if isinstance(steps[0], int) else steps
    elif isinstance(expr, s.Template):
        return _in_text(here, expr, span, steps)
    for option in options:
        found = in_expr(here, option, span, steps)
        if not found.absent and found.span != span:
            return found
    return here.place(span, expr=expr)


def _part(here: Here, expr: s.Call, index: int) -> tuple[s.Expr | None, int]:
    """The one of several lists that are joined which holds the element `index`, and where in it that is."""
    parts: Sequence[s.Expr] = expr.args
    if expr.name == "flatten":
        parts = parts[0].items if len(parts) == 1 and isinstance(parts[0], s.Tuple) else ()
    for part in parts:
        value = evaluate(part, here.scope)
        if not isinstance(value, list) or (
            expr.name == "flatten" and any(isinstance(v, list) for v in value)
        ):
            return None, 0
        if index < len(value):
            return part, index
        index -= len(value)
    return None, 0


def _chosen(here: Here, expr: s.Call, span: Span, steps: Steps) -> Place:
    """Into the first of several values that is there: what `try` tries, an entry that `lookup` looks up."""
    options: list[tuple[s.Expr, Steps]] = [(arg, steps) for arg in expr.args]
    if expr.name == "lookup":
        key = expr.args[1] if len(expr.args) > 1 else None
        if isinstance(key, s.Literal) and isinstance(key.value, str):
            options = [(expr.args[0], (key.value, *steps)), *options[2:]]
        else:
            options = []
    for option, inner in options:
        found = in_expr(here, option, span, inner)
        if not found.absent and found.span != span:
            return found
    return here.place(span, expr=expr)


def _follow(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place | None:
    """Into what a plain name means; None when the value is none, or what it means is not to be found."""
    if isinstance(expr, s.Template) and len(expr.parts) == 1 and isinstance(expr.parts[0], s.Traversal):
        expr = expr.parts[0]
    if not (isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name)):
        return None
    inner = _literal_steps(expr.steps[1:])
    if len(here.passed) >= _MAX_FOLLOWED or inner is None:
        return None
    for each in here.each:
        if each.name == expr.base.name:
            return _of_each(here, each, str(expr.steps[0]), span, [*inner, *steps])
    found = setter(here, expr)
    if found is None:
        return _of_document(here, expr, span, steps)
    module, attribute = found
    onward = here.onward(module, attribute.file, span, _default_of(expr, attribute))
    place = in_expr(onward, attribute.expr, attribute.span, [*inner, *steps])
    return None if place.absent and inner else place


def _of_document(here: Here, expr: s.Traversal, span: Span, steps: Steps) -> Place | None:
    """Into the statement of a policy document that a part of its JSON is made of."""
    found = written_statement(here, expr, steps)
    if found is None:
        return None
    part, rest = found
    onward = here.onward(here.module, part.file, span, "")
    return (
        onward.place(part.span) if isinstance(part, s.Block) else in_expr(onward, part.expr, part.span, rest)
    )


def _default_of(expr: s.Traversal, attribute: s.Attribute) -> str:
    """The variable that `expr` means and whose default `attribute` is; empty when it is another attribute."""
    variable = isinstance(expr.base, s.Name) and expr.base.name == "var"
    return str(expr.steps[0]) if variable and attribute.name == "default" else ""


def _of_each(here: Here, each: Each, part: str, span: Span, steps: Steps) -> Place | None:
    """Into the entry of for_each that an instance is made of; None when it is written nowhere by itself."""
    onward = here.onward(here.module, each.source.file, span, "")
    found = _entry(onward, each.source.expr, each.source.span, each.key)
    if found is None:
        return None
    there, value, at = found
    if part == "key":
        return there.place(at) if not steps else None
    place = in_expr(there, value, at, steps) if part == "value" else None
    return None if place is not None and place.absent else place


def _entry(here: Here, expr: s.Expr, span: Span, key: str | int) -> tuple[Here, s.Expr, Span] | None:
    """The value of `key` in a map, or the element of a set, with its place; through locals and variables."""
    if isinstance(expr, s.Object):
        for name, value in expr.items:
            if isinstance(name, s.Literal) and str(name.value) == key:
                return here, value, here.file.entry_span(name.start, name.end, value.end)
    elif isinstance(expr, s.Tuple):
        for index, item in enumerate(expr.items):
            same = isinstance(key, str) and isinstance(item, s.Literal) and item.value == key
            if index == key or same:
                return here, item, _head(here.file, item)
    elif isinstance(expr, s.Call) and expr.name in _TRANSPARENT:
        options = (_entry(here, option, span, key) for option in reversed(expr.args))
        return next((option for option in options if option is not None), None)
    elif isinstance(expr, s.Conditional):
        chosen = evaluate(expr.condition, here.scope)
        if isinstance(chosen, bool):
            here = replace(here, default=here.default or default_of(here.module, expr.condition) or "")
            return _entry(here, expr.then if chosen else expr.otherwise, span, key)
    elif isinstance(expr, s.Traversal) and len(expr.steps) == 1 and len(here.passed) < _MAX_FOLLOWED:
        found = setter(here, expr)
        if found is not None:
            module, attribute = found
            onward = here.onward(module, attribute.file, span, _default_of(expr, attribute))
            return _entry(onward, attribute.expr, attribute.span, key)
    return None


def _in_text(here: Here, expr: s.Template, span: Span, steps: Steps) -> Place:
    """The line of a heredoc that holds the last key of `steps`, found key by key."""
    found: re.Match[str] | None = None
    position = expr.start
    for step in steps:
        if isinstance(step, str):
            pattern = re.compile(rf"[\"']?\b{re.escape(step)}\b[\"']?\s*[:=]\s*[^,\n}}\]\[{{]*")
            match = pattern.search(here.file.text.text, position, expr.end)
            if match is None:
                break
            found, position = match, match.start() + len(step)
        elif found is not None:
            position = _element(here.file.text.text, position, expr.end, step)
    if found is None:
        return here.place(span)
    return here.place(Span(found.start(), found.start() + len(found[0].rstrip())))


def _element(text: str, position: int, end: int, index: int) -> int:
    """Where the element `index` of the list after `position` begins; `position` when no list in brackets follows."""
    start = _LIST.match(text, position, end)
    depth, at = 0, position
    for match in _BRACKET.finditer(text, start.end(), end) if start is not None else ():
        mark = match[0]
        if mark in "{[":
            if depth == 0 and index == 0:
                return match.start()
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth < 0:
                break
        elif mark == "," and depth == 0:
            index -= 1
    return at


def _literal_steps(steps: Sequence[s.Step]) -> list[str | int] | None:
    """Names and written indexes; None when another index decides what is meant."""
    result: list[str | int] = []
    for step in steps:
        value = step.value if isinstance(step, s.Literal) else step
        if not isinstance(value, (str, int)):
            return None
        result.append(value)
    return result
