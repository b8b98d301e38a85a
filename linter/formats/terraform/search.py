"""The search for the line that sets a value: how far it has come, and the ends that it passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.document import Document
from linter.formats.model import End, Place
from linter.formats.terraform import syntax as s
from linter.formats.terraform.openends import default_of
from linter.frozen import dataclass, replace
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.terraform.evaluate import Scope
    from linter.formats.terraform.module import Module

_CHOOSING = frozenset(
    {"try", "coalesce", "lookup", "tobool", "tostring", "tonumber", "element", "contains", "compact"}
)
USED = "The value is used here."
PASSED = "The value is passed on here."


@dataclass(frozen=True, slots=True)
class Each:
    """The instance of a block that a value is of: the entry `key` of its for_each, which `name` stands for."""

    name: str
    source: s.Attribute
    key: str | int


@dataclass(frozen=True, slots=True)
class Here:
    """How far a search for a value has come: the module and file that it is in, and the ends that it passed."""

    module: Module
    scope: Scope  # what the names at this point mean
    file: s.File
    home: s.File  # of the block that the search began in
    follow: bool  # into other files, and from variables to what sets them
    passed: tuple[End, ...] = ()
    default: str = ""  # the variable whose default this is
    each: tuple[Each, ...] = ()  # what `each` and the iterators of dynamic blocks are here

    def place(self, span: Span, *, absent: bool = False, expr: s.Expr | None = None) -> Place:
        """The place of a value. Says of which variable it is no more than the default, and where that stands."""
        document = None if self.file is self.home else document_of(self.file)
        name = self.default or (
            default_of(self.module, expr) if isinstance(expr, s.Expr) and _decides(expr) else None
        )
        if not name:
            return Place(span, absent, document, ends=self.passed)
        ends = self.passed
        if self.follow and not ends:
            default = self.module.variables[name].body.attributes["default"]
            ends = (
                End(Place(default.span, document=document_of(default.file)), f"The default of '{name}'."),
            )
        return Place(span, absent, document, f"The value is the default of variable '{name}'.", ends)

    def onward(self, module: Module, file: s.File, span: Span, default: str) -> Here:
        """The same search, in what a name at `span` means."""
        place = Place(span, document=document_of(self.file))
        end = End(place, PASSED, use=False) if self.passed else End(place, USED, use=True)
        each = _each_of_call(self.module) if module is not self.module else ()
        return replace(
            self,
            module=module,
            scope=module.scope,
            file=file,
            passed=(*self.passed, end),
            default=default,
            each=each,
        )


def _each_of_call(module: Module) -> tuple[Each, ...]:
    """What `each` is in the arguments that a module was called with."""
    source = module.caller[1].body.attributes.get("for_each") if module.caller is not None else None
    return (Each("each", source, module.key),) if source is not None and module.key is not None else ()


def _decides(expr: s.Expr) -> bool:
    """Whether a value is what the variables in its expression are, and not a text or a structure that names some."""
    return isinstance(expr, (s.Traversal, s.Conditional, s.Binary, s.Unary)) or (
        isinstance(expr, s.Call) and expr.name in _CHOOSING
    )


def document_of(file: s.File) -> Document:
    """The document of a file; a bare one for a file that is read only because another calls it."""
    if file.document is None:
        file.document = Document(file.text, "terraform", root=[])
    document: Document = file.document
    return document
