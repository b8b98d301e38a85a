"""The instances that `count` and `for_each` make of a block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.openends import overridable
from linter.formats.terraform.syntax import Block
from linter.formats.terraform.values import is_unknown, text_of

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module

MAX_INSTANCES = 1_000  # of one for_each that are told apart; one more, of which nothing is known, is the rest
MAX_CALLED = 20  # instances of one call that are told apart


def instances(module: Module, block: Block) -> Iterator[tuple[Any, Scope]]:
    """The instances of a resource or module: key and scope. Instances that `count` makes are judged once."""
    attributes = block.body.attributes
    if "count" in attributes:
        expr = attributes["count"].expr
        count = evaluate(expr, module.scope)
        if is_unknown(count) or not isinstance(count, (int, float)):
            yield UNKNOWN, module.scope.bind(count={"index": UNKNOWN})
        elif count > 0:
            index = 0 if count == 1 else UNKNOWN
            yield index, module.scope.bind(count={"index": index})
        elif overridable(module, expr):
            yield UNKNOWN, module.switched(expr).scope.bind(count={"index": UNKNOWN})
    elif "for_each" in attributes:
        expr = attributes["for_each"].expr
        source = evaluate(expr, module.scope)
        if isinstance(source, (list, dict)) and not source and overridable(module, expr):
            yield UNKNOWN, module.switched(expr).scope.bind(each={"key": UNKNOWN, "value": UNKNOWN})
        else:
            yield from _each(module, source)
    else:
        yield None, module.scope


def told_apart(module: Module, block: Block) -> Iterator[tuple[Any, Scope]]:
    """The instances of a call; of too many the first, and one of which nothing is known for the rest."""
    for number, (key, scope) in enumerate(instances(module, block)):
        if number == MAX_CALLED:
            yield UNKNOWN, module.instance_scope(block, UNKNOWN)
            return
        yield key, scope


def _each(module: Module, source: Any) -> Iterator[tuple[Any, Scope]]:
    if isinstance(source, list):
        source = {(item if isinstance(item, str) else text_of(item)): item for item in source}
    if not isinstance(source, dict):
        yield UNKNOWN, module.scope.bind(each={"key": UNKNOWN, "value": UNKNOWN})
        return
    for key, value in list(source.items())[:MAX_INSTANCES]:
        known = not is_unknown(key) and "\ufffc" not in key
        yield (
            (key if known else UNKNOWN),
            module.scope.bind(each={"key": key if known else UNKNOWN, "value": value}),
        )
    if len(source) > MAX_INSTANCES:
        yield UNKNOWN, module.scope.bind(each={"key": UNKNOWN, "value": UNKNOWN})
