"""Where the parts of a block stand: a path of names and indexes down to the one line of source that sets the value."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from linter.formats.model import Place
from linter.formats.terraform import syntax as s
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.insides import Steps, in_expr
from linter.formats.terraform.perblock import shared
from linter.formats.terraform.search import Each, Here
from linter.frozen import replace
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module


def locate(
    module: Module, block: s.Block, steps: Steps, *, follow: bool = True, key: str | None = None
) -> Place:
    """The place of `steps` below a block, or of its nearest present parent.

    With `follow`, that is the line that sets the value, through variables, locals and arguments of modules; the
    places on the way are the place's `ends`, where the value is used first. Without, it is in the block's own file.
    `key` is the instance's, of a block with for_each.
    """
    source = block.body.attributes.get("for_each")
    each = (Each("each", source, key),) if source is not None and key is not None else ()
    scope = module.instance_scope(block, key) if each else module.scope
    return _in_body(
        Here(module, scope, block.file, block.file, follow, each=each), block.body, block.span, steps
    )


def _in_body(here: Here, body: s.Body, header: Span, steps: Steps) -> Place:
    if not steps:
        return here.place(header)
    step, rest = steps[0], steps[1:]
    if not isinstance(step, str):
        return _in_body(here, body, header, rest)
    attribute = body.attributes.get(step)
    if attribute is not None:
        return in_expr(here, attribute.expr, attribute.span, rest)
    blocks = _blocks(body, step)
    if not blocks:
        return here.place(header, absent=True)
    none = _made_of_nothing(here, body, step) if len(blocks) == 1 else None
    if none is not None:
        return here.place(none.span, absent=True, expr=none.expr)
    if rest and isinstance(rest[0], int):
        here, block = _nth(here, body, step, rest[0], blocks[-1])
        return _in_body(here, block.body, block.span, rest[1:])
    block = next(
        (b for b in blocks if rest and (rest[0] in b.body.attributes or _blocks(b.body, str(rest[0])))),
        blocks[0],
    )
    if len(blocks) == 1:
        here, _ = _nth(here, body, step, 0, block)
    return _in_body(here, block.body, block.span, rest)


def _nth(here: Here, body: s.Body, kind: str, index: int, last: s.Block) -> tuple[Here, s.Block]:
    """The block that makes the element `index` of a kind, and the search in it; `last` where that is not known."""
    for block in body.blocks:
        if block.kind == kind:
            if index == 0:
                return here, block
            index -= 1
        elif block.kind == "dynamic" and block.labels == (kind,):
            source = block.body.attributes.get("for_each")
            items = None if source is None else _items(here, block, source)
            count = len(items) if isinstance(items, (dict, list)) else 1
            if index < count:
                content = (block.body.blocks_of("content") or [block])[0]
                return (here if source is None else _iterating(here, block, source, items, index)), content
            index -= count
    return here, last


def _items(here: Here, block: s.Block, source: s.Attribute) -> Any:
    """What a dynamic block is made for, worked out once for each instance around it."""
    key = ("dynamic", id(block), *((each.name, each.key) for each in here.each))
    return shared(here.module, key, lambda: evaluate(source.expr, here.scope))


def _iterating(here: Here, block: s.Block, source: s.Attribute, items: Any, index: int) -> Here:
    """The search in the content of a dynamic block, with the entry that the element `index` is made of."""
    if not isinstance(items, (dict, list)):
        return here
    named = block.body.attributes.get("iterator")
    name = named.expr.name if named is not None and isinstance(named.expr, s.Name) else block.labels[0]
    entry = (
        next(islice(items.items(), index, None)) if isinstance(items, dict) else (items[index], items[index])
    )
    key = entry[0] if isinstance(entry[0], str) else index
    scope = here.scope.bind(**{name: {"key": entry[0], "value": entry[1]}})
    return replace(here, scope=scope, each=(*here.each, Each(name, source, key)))


def _made_of_nothing(here: Here, body: s.Body, kind: str) -> s.Attribute | None:
    """The for_each of a dynamic block that makes no block."""
    for block in body.blocks:
        source = block.body.attributes.get("for_each") if block.kind == "dynamic" else None
        if source is not None and block.labels == (kind,):
            items = evaluate(source.expr, here.scope)
            return source if isinstance(items, (list, dict)) and not items else None
    return None


def _blocks(body: s.Body, kind: str) -> list[s.Block]:
    """The blocks of a kind; of a `dynamic` one its content."""
    result = []
    for block in body.blocks:
        if block.kind == kind:
            result.append(block)
        elif block.kind == "dynamic" and block.labels == (kind,):
            result += block.body.blocks_of("content") or [block]
    return result
