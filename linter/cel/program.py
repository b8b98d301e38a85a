"""A compiled expression: run it, store it, load it."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType, TracebackType
from typing import TYPE_CHECKING, Any

from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.names import pattern_name
from linter.cel.types import Type, decode, encode
from linter.cel.unknown import UNKNOWN, UnknownTruth

if TYPE_CHECKING:
    from linter.cel import ir

FORMAT = f"cel-2-{sys.implementation.cache_tag}"  # code objects belong to one Python version


class Program:
    """An expression that was checked and compiled.

    `type` is the type of its result; `path` is set when it is a plain selection (`container.image.tag`, `ports[0]`);
    `names` are the variables that it reads. `fast` and `slow` appear when they are first used.
    """

    text: str
    type: Type
    path: tuple[str | int, ...] | None
    names: frozenset[str]
    fast: Callable[..., Any]
    slow: Callable[..., Any]

    def __init__(
        self,
        text: str,
        type_: Type,
        path: tuple[str | int, ...] | None,
        names: frozenset[str],
        code: Code,
        namespace: dict[str, Any],
    ) -> None:
        self.text = text
        self.type = type_
        self.path = path
        self.names = names
        self._code = code
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        if name == "fast":
            self.fast = FunctionType(self._code.fast(), self._namespace, "fast")
            return self.fast
        if name == "slow":
            self.slow = FunctionType(self._code.slow(), self._namespace, "slow")
            return self.slow
        raise AttributeError(name)

    def evaluate(self, *args: Any) -> Any:
        """The value for these variables, in declared order; UNKNOWN where that is not known. Raises CelRuntimeError."""
        try:
            return self.fast(*args)
        except Exception:  # noqa: BLE001 - whatever it was, the slow function knows what it means
            return self.evaluate_slowly(*args)

    def evaluate_slowly(self, *args: Any) -> Any:
        """The same by the complete semantics alone."""
        try:
            return self.slow(*args)
        except UnknownTruth:
            return UNKNOWN
        except CelRuntimeError as error:
            raise CelRuntimeError(error.message, _offset(error.__traceback__)) from error.__cause__
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            raise CelRuntimeError(message, _offset(error.__traceback__)) from error

    def dump(self) -> bytes:
        """The program as bytes for `load`, of use to the same Python version only."""
        fast, slow = self._code.packed()
        data = (
            FORMAT,
            self.text,
            encode(self.type),
            self.path,
            sorted(self.names),
            self._code.patterns,
            tuple(self._namespace[pattern_name(pattern)].translation() for pattern in self._code.patterns),
            fast,
            slow,
        )
        return marshal.dumps(data)

    @classmethod
    def load(cls, data: bytes, functions: Sequence[Function] = ()) -> Program:
        """The program that `dump` wrote; `functions` are those it was compiled with. Raises ValueError."""
        from linter.cel.environment import namespace_of  # an environment makes programs

        format_, text, type_, path, names, patterns, translations, fast, slow = marshal.loads(data)  # noqa: S302 - our own cache
        if format_ != FORMAT:
            raise ValueError("compiled by another Python version")
        namespace = namespace_of(functions, patterns, translations)
        return cls(text, decode(type_), path, frozenset(names), Code(patterns, fast, slow), namespace)


class Code:
    """The two code objects of a program, each made or unpacked when it is wanted."""

    __slots__ = ("_fast", "_slow", "_tree", "params", "patterns")

    def __init__(self, patterns: tuple[str, ...], fast: bytes | CodeType | None, slow: bytes | None) -> None:
        self.patterns = patterns
        self._fast = fast
        self._slow = slow
        self._tree: ir.Node | None = None
        self.params = 0

    @classmethod
    def compile(cls, tree: ir.Node, params: int, *, later: bool = False) -> Code:
        """The code of a checked tree; `later` for what may never be evaluated (and has no patterns)."""
        code = cls((), None, None)
        code._tree, code.params = tree, params
        if not later:
            code._fast, code.patterns = code._emit(slow=False)
        return code

    def _emit(self, *, slow: bool) -> tuple[CodeType, tuple[str, ...]]:
        from linter.cel.emit import Emitter  # programs from a cache never need it

        assert self._tree is not None
        emitter = Emitter(slow=slow)
        return emitter.function(self._tree, self.params), tuple(sorted(emitter.patterns))

    def fast(self) -> CodeType:
        if self._fast is None:
            self._fast, self.patterns = self._emit(slow=False)
        elif isinstance(self._fast, bytes):
            self._fast = marshal.loads(self._fast)  # noqa: S302 - our own cache
        assert isinstance(self._fast, CodeType)
        return self._fast

    def slow(self) -> CodeType:
        if self._slow is None:
            return self._emit(slow=True)[0]
        code = marshal.loads(self._slow)  # noqa: S302 - our own cache
        assert isinstance(code, CodeType)
        return code

    def packed(self) -> tuple[bytes, bytes]:
        fast = self._fast if isinstance(self._fast, bytes) else marshal.dumps(self.fast())
        return fast, self._slow if self._slow is not None else marshal.dumps(self.slow())


def _offset(traceback: TracebackType | None) -> int:
    """Where in the expression an error arose: the line of the innermost generated frame."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<cel>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line - 1
