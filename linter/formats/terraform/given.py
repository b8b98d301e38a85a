"""Whether what a call gives a variable of a module is masked already, or told of where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.formats.terraform import syntax as s
from linter.formats.terraform.carrying import path_of
from linter.formats.terraform.exposure import is_sensitive, keeps_secrets
from linter.formats.terraform.mentions import called, children
from linter.formats.terraform.module import Module
from linter.formats.terraform.secretnames import names_secret
from linter.patterns import lazy_regex

MAX_FOLLOWED = 50  # locals
_STORE = lazy_regex(
    r"vault|sops|onepassword|bitwarden|infisical|doppler|akeyless|ssm_parameter|random_password"
)


def is_answered(module: Module, expr: s.Expr) -> bool:
    """Whether the value of an argument is masked wherever it goes, as one part of it is enough for, or a variable that
    is told of itself. What is written out is neither."""
    sources = list(_sources(module, expr))
    if any(masked for masked, _ in sources) or "sensitive" in called(expr):
        return True
    return any(told for _, told in sources)


def _sources(module: Module, expr: s.Expr) -> Iterator[tuple[bool, bool]]:
    """Of each name in an expression, through locals: whether it is masked, and whether it is told of itself."""
    queue, seen = [expr], set[str]()
    while queue and len(seen) < MAX_FOLLOWED:
        for path in _paths(queue.pop()):
            kind, _, rest = path.partition(".")
            name = rest.partition(".")[0]
            if kind != "local":
                yield _is_masked(module, kind, name, path), kind == "var" and names_secret(name)
            elif name in module.locals and name not in seen:
                seen.add(name)
                queue.append(module.locals[name].expr)


def _paths(expr: Any) -> Iterator[str]:
    if isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name):
        yield path_of(expr)
    for inner in [expr.base] if isinstance(expr, s.Traversal) else children(expr):
        yield from _paths(inner)


def _is_masked(module: Module, kind: str, name: str, path: str) -> bool:
    if kind == "var":
        return name in module.variables and is_sensitive(module, module.variables[name])
    if kind == "module":
        child = module.child(name)
        output = child.outputs.get((*path.split("."), "")[2]) if child is not None else None
        return child is not None and output is not None and _is_masked_output(child, output)
    type_ = name if kind == "data" else kind
    last = path.rpartition(".")[2]
    return keeps_secrets(type_) or _STORE.search(type_) is not None or names_secret(last)


def _is_masked_output(child: Module, output: s.Block) -> bool:
    """Whether an output of a module is marked, or what is masked inside of it, which it stays."""
    value = output.body.attributes.get("value")
    inside = value is not None and any(masked for masked, _ in _sources(child, value.expr))
    return inside or is_sensitive(child, output)
