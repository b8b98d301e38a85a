"""The instances of a block: what their `each` and `count` are, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.syntax import Block
from linter.formats.terraform.values import is_unknown, text_of

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module

T = TypeVar("T")


def shared(module: Module, key: Hashable, compute: Callable[[], T]) -> T:
    """What is the same for all instances of a block, by its key.

    Nothing is kept while a name is worked out: one that needs itself is unknown until then.
    """
    if key in module.shared:
        kept: T = module.shared[key]
        return kept
    value = compute()
    if module.settled:
        module.shared[key] = value
    return value


def instance_scope(module: Module, block: Block, key: Any) -> Scope:
    """The scope of the instance `key` of a block."""
    attribute = block.body.attributes.get("for_each")
    if attribute is not None:
        source = shared(module, ("for_each", id(block)), lambda: evaluate(attribute.expr, module.scope))
        known = isinstance(source, dict) and not is_unknown(key)
        value = source.get(text_of(key), UNKNOWN) if known else key
        return module.scope.bind(each={"key": key, "value": value})
    if "count" in block.body.attributes:
        return module.scope.bind(count={"index": key})
    return module.scope
