"""What whoever calls a module may decide otherwise: values that depend on nothing but defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.terraform.mentions import references
from linter.formats.terraform.syntax import Expr, Name, Traversal
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module

_ENVIRONMENT = lazy_regex(r"(?:\w+_)?(?:env|environment|stage|deployment_?env\w*|env_?name|environment_name)")


def overridable(module: Module, expr: Expr) -> bool:
    """Whether a value depends on a variable that has nothing but its default: a switch that someone may turn."""
    return default_of(module, expr) is not None


def default_of(module: Module, expr: Expr) -> str | None:
    """The first variable that a value depends on and that has nothing but its default."""
    return next(defaults_of(module, expr), None)


def defaults_of(module: Module, expr: Expr, depth: int = 8) -> Iterator[str]:
    """The variables that a value depends on and that have nothing but their default."""
    for name in sorted(references(expr)):
        kind, _, rest = name.partition(".")
        if kind == "var" and rest not in module.settings and (module.args is None or rest not in module.args):
            block = module.variables.get(rest)
            if block is not None and "default" in block.body.attributes:
                yield rest
        inner = module.locals.get(rest) if kind == "local" else None
        if inner is not None and depth:
            yield from defaults_of(module, inner.expr, depth - 1)


def undecided(module: Module, expr: Expr) -> bool:
    """Whether an expression is the environment that each caller says, of which only the default is known."""
    if not (isinstance(expr, Traversal) and isinstance(expr.base, Name) and expr.base.name == "var"):
        return False
    name = expr.steps[0]
    named = isinstance(name, str) and _ENVIRONMENT.fullmatch(name) is not None
    return named and overridable(module, expr)
