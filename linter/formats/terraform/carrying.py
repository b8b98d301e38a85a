"""Whether the value of an expression tells a value that it names, and where in it that is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from linter.formats.terraform import syntax as s
from linter.formats.terraform.mentions import children
from linter.patterns import lazy_regex

# `var.x`, `local.y.password`, or what is left of such a path: empty for all of a value
Names = frozenset[str]
WHOLE: Names = frozenset(("",))
NOTHING: Names = frozenset()
MAX_DEEP = 5  # objects in objects
# what of a value does not tell it
_TELLS_NOTHING = lazy_regex(
    r"sensitive|issensitive|length|can|keys|contains|startswith|endswith|strcontains|alltrue|anytrue|ephemeralasnull"
    r"|(?:file|base64)?(?:sha\d+|md5)|bcrypt|uuidv5"
)
_HANDING_ON = frozenset({"merge", "coalesce", "try", "tomap", "nonsensitive", "one"})


def carries(expr: Any, names: Names) -> bool:
    """Whether the value of an expression tells that of one of the names."""
    return bool(carried(expr, names))


def carried(expr: Any, names: Names) -> Names:
    """Where in the value of an expression those of the names are (`var.x`, `local.y.password`): `settings.token` of an
    object, and the empty path of anything else."""
    if isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name):
        return _named(expr, names)
    if isinstance(expr, (s.Binary, s.Unary)):
        return NOTHING  # comparisons and numbers
    if isinstance(expr, s.Conditional):
        return carried(expr.then, names) | carried(expr.otherwise, names)
    if isinstance(expr, s.Object):
        return _in_object(expr, names)
    if isinstance(expr, s.Call):
        return _from_call(expr, names)
    return _as_whole(_parts(expr), names)


def _as_whole(parts: Iterable[Any], names: Names) -> Names:
    return WHOLE if any(carries(part, names) for part in parts) else NOTHING


def _parts(expr: Any) -> list[Any]:
    if isinstance(expr, s.Traversal):
        return [expr.base]  # an index chooses from it
    return [*expr.then, *expr.otherwise] if isinstance(expr, s.IfPart) else children(expr)


def _named(expr: s.Traversal, names: Names) -> Names:
    """What is left of the names where a path is one, leads into one, or takes an object that has one in it."""
    path = path_of(expr)
    if any(path == name or path.startswith(f"{name}.") for name in names):
        return WHOLE
    found = frozenset(name[len(path) + 1 :] for name in names if name.startswith(f"{path}."))
    return found if all(isinstance(step, str) for step in expr.steps) else WHOLE if found else NOTHING


def _in_object(expr: s.Object, names: Names) -> Names:
    found: set[str] = set()
    for key, value in expr.items:
        inner = carried(value, names)
        if isinstance(key, s.Literal):
            found.update(f"{key.value}.{path}" if path else str(key.value) for path in inner)
        elif inner:
            return WHOLE
    return frozenset(found) if all(path.count(".") < MAX_DEEP for path in found) else WHOLE


def _from_call(expr: s.Call, names: Names) -> Names:
    if _TELLS_NOTHING.fullmatch(expr.name):
        return NOTHING
    if expr.name in _HANDING_ON:
        return NOTHING.union(*(carried(part, names) for part in expr.args))
    if expr.name == "lookup" and len(expr.args) > 1 and isinstance(expr.args[1], s.Literal):
        key, found = str(expr.args[1].value), carried(expr.args[0], names)
        taken = [path[len(key) + 1 :] for path in found if path == key or path.startswith(f"{key}.")]
        return (found & WHOLE).union(taken, *(carried(part, names) for part in expr.args[2:]))
    return _as_whole(expr.args, names)


def path_of(expr: s.Traversal) -> str:
    """What a traversal leads to as far as names alone say it: `local.settings.token`."""
    assert isinstance(expr.base, s.Name)
    return ".".join([expr.base.name, *takewhile(lambda step: isinstance(step, str), expr.steps)])  # type: ignore[list-item]
