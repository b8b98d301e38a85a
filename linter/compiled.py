"""What Python's own compilers gave in earlier runs: regular expressions and generated methods.

A run needs some two hundred expressions and fifty methods, nearly always the same ones, and compiling them took a
fifth of a one-file scan. They are kept like Python's own .pyc files: safe to delete, made anew when anything is off.
What comes from scanned files never goes in.
"""

from __future__ import annotations

import marshal
import re
import sys
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

from linter.ownfiles import read_own_data, write_own_data

MAX_KEPT = 3_000  # expressions and methods; with more the file starts anew

_Key = tuple[Any, int] | str  # expression and flags, or the source of a method
_kept: dict[_Key, Any] = {}
_made: dict[_Key, Any] = {}  # in this run


def regex(expression: Any, flags: int = 0) -> re.Pattern[Any]:
    """As `re.compile`, for an expression of our own. Raises `re.error`."""
    key = (expression, int(flags))
    program = _kept.get(key)
    if program is not None:
        try:
            return _assembled(expression, program)
        except Exception:  # noqa: BLE001, S110 - of another build of Python: compiled again below
            pass
    try:
        program = _made[key] = _program(expression, int(flags))
        return _assembled(expression, program)
    except re.error:
        raise
    except Exception:  # noqa: BLE001 - this Python is built differently inside: nothing is kept
        _made.pop(key, None)
        return re.compile(expression, flags)


def _program(expression: Any, flags: int) -> tuple[int, bytes, int, dict[str, int], tuple[Any, ...]]:
    """The steps of `re.compile` up to what can be kept; the program is made of units of four bytes."""
    parsed = import_module("re._parser").parse(expression, flags)
    state = parsed.state
    code = import_module("re._compiler")._code(parsed, flags)
    names = [None] * state.groups
    for name, index in state.groupdict.items():
        names[index] = name
    units = memoryview(bytearray(4 * len(code))).cast("I")
    for index, unit in enumerate(code):
        units[index] = unit
    return flags | state.flags, units.tobytes(), state.groups - 1, dict(state.groupdict), tuple(names)


def _assembled(expression: Any, program: Any) -> re.Pattern[Any]:
    flags, code, groups, index, names = program
    units = memoryview(code).cast("I").tolist()
    pattern: re.Pattern[Any] = import_module("_sre").compile(expression, flags, units, groups, index, names)
    return pattern


def method(source: str) -> CodeType:
    """As `compile`, for the source of a generated method."""
    kept = _kept.get(source)
    if kept is not None:
        return marshal.loads(kept)  # type: ignore[no-any-return] # noqa: S302 - our own file, see `load`
    code = compile(source, "<generated>", "exec")
    _made[source] = marshal.dumps(code)
    return code


def load(directory: Path) -> None:
    """Take over what earlier runs kept there, if nobody else could have written it."""
    if not _kept:
        _kept.update(read_own_data(_file(directory)) or {})


def save(directory: Path) -> None:
    """Keep what this run had to compile, where that is more than was kept: some is made before anything is loaded."""
    if _made.keys() - _kept.keys():
        found = {**_kept, **_made}
        write_own_data(_file(directory), found if len(found) <= MAX_KEPT else _made)


def _file(directory: Path) -> Path:
    # of this very release: a later one may compile the same expression in another way
    return directory / f"compiled-{sys.implementation.cache_tag}-{sys.hexversion:x}.bin"
