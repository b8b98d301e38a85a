"""What sets a name of a module: a local, the argument of a call, a file of values, a default, a policy document."""

from __future__ import annotations

from collections.abc import Sequence
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


# The words of IAM's JSON, as the blocks of a policy document have them.
_WORDS = {
    "Action": ("actions",),
    "NotAction": ("not_actions",),
    "Resource": ("resources",),
    "NotResource": ("not_resources",),
    "Effect": ("effect",),
    "Principal": ("principals", "identifiers"),
    "NotPrincipal": ("not_principals", "identifiers"),
}
_SOURCES = frozenset(("source_policy_documents", "override_policy_documents", "source_json", "override_json"))


def written_statement(
    here: Here, expr: s.Traversal, steps: Sequence[str | int]
) -> tuple[s.Attribute | s.Block, Sequence[str | int]] | None:
    """What of a policy document makes the part `steps` of the JSON that `expr` takes from it, and what is left of them.

    None when `expr` is no policy document, or one of which more than its own blocks makes the statements.
    """
    if not _is_document(expr) or len(steps) < 2 or steps[0] != "Statement" or not isinstance(steps[1], int):
        return None
    block = here.module.data.get(f"aws_iam_policy_document.{expr.steps[1]}")
    if block is None or not (here.follow or block.file is here.file):
        return None
    if _SOURCES & block.body.attributes.keys() or any(b.kind == "dynamic" for b in block.body.blocks):
        return None
    statements = block.body.blocks_of("statement")
    if steps[1] >= len(statements):
        return None
    statement = statements[steps[1]]
    names = _WORDS.get(str(steps[2])) if len(steps) > 2 else ()
    if not names:
        return statement, ()
    inner = statement.body
    for name in names[:-1]:
        blocks = inner.blocks_of(name)
        if not blocks:
            return statement, ()
        inner = blocks[0].body
    attribute = inner.attributes.get(names[-1])
    return (statement, ()) if attribute is None else (attribute, steps[3:] if len(names) == 1 else ())


def _is_document(expr: s.Traversal) -> bool:
    """Whether an expression is `data.aws_iam_policy_document.NAME.json`."""
    return (
        isinstance(expr.base, s.Name)
        and expr.base.name == "data"
        and len(expr.steps) == 3
        and expr.steps[0] == "aws_iam_policy_document"
        and expr.steps[2] in ("json", "minified_json")
    )
