"""What a name of a module is set by: a local, the argument of a call, a file of values, a default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.terraform import syntax as s

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module
    from linter.formats.terraform.search import Here


def setter(here: Here, expr: s.Traversal) -> tuple[Module, s.Attribute] | None:
    """What a variable or a local of a module is set by."""
    module = here.module
    kind, name = expr.base, expr.steps[0]
    if not isinstance(kind, s.Name) or not isinstance(name, str):
        return None
    if kind.name == "local":
        attribute = module.locals.get(name)
        within = attribute is not None and (here.follow or attribute.file is here.file)
        return (module, attribute) if attribute is not None and within else None
    if kind.name != "var" or not here.follow:
        return None
    return _argument(module, expr) or _value_of_root(module, name)


def _argument(module: Module, expr: s.Expr) -> tuple[Module, s.Attribute] | None:
    """The argument of the module's call that a bare variable stands for."""
    if module.caller is None or not isinstance(expr, s.Traversal) or not isinstance(expr.base, s.Name):
        return None
    name = expr.steps[0]
    given = module.caller[1].body.attributes.get(name) if isinstance(name, str) else None
    return (module.caller[0], given) if given is not None and expr.base.name == "var" else None


def _value_of_root(module: Module, name: str) -> tuple[Module, s.Attribute] | None:
    """The line of a tfvars file, or the default, that a variable has its value from."""
    if name in module.settings:
        attribute = module.settings_at.get(name)
    else:
        block = module.variables.get(name)
        attribute = block.body.attributes.get("default") if block is not None else None
    return (module, attribute) if attribute is not None else None
