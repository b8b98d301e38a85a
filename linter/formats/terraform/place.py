"""Where the parts of a block stand: a path of names and indexes down to the one line of source that sets the value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.formats.document import Document
from linter.formats.model import End, Place
from linter.formats.terraform import syntax as s
from linter.formats.terraform.evaluate import evaluate
from linter.frozen import dataclass, replace
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.terraform.module import Module

Steps = Sequence[str | int]
_TRANSPARENT = frozenset(
    {
        "jsonencode",
        "yamlencode",
        "tolist",
        "toset",
        "tomap",
        "base64encode",
        "merge",
        "concat",
        "sensitive",
        "nonsensitive",
        "flatten",
        "compact",
        "distinct",
        "coalesce",
        "jsondecode",
        "yamldecode",
    }
)
_CHOOSING = frozenset(
    {"try", "coalesce", "lookup", "tobool", "tostring", "tonumber", "element", "contains", "compact"}
)
_MAX_FOLLOWED = 12
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
            self.module.default_of(expr) if isinstance(expr, s.Expr) and _decides(expr) else None
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
        return replace(self, module=module, file=file, passed=(*self.passed, end), default=default, each=each)


def _each_of_call(module: Module) -> tuple[Each, ...]:
    """What `each` is in the arguments that a module was called with."""
    source = module.caller[1].body.attributes.get("for_each") if module.caller is not None else None
    return (Each("each", source, module.key),) if source is not None and module.key is not None else ()


def _decides(expr: s.Expr) -> bool:
    """Whether a value is what the variables in its expression are, and not a text or a structure that names some."""
    return isinstance(expr, (s.Traversal, s.Conditional, s.Binary, s.Unary)) or (
        isinstance(expr, s.Call) and expr.name in _CHOOSING
    )


def locate(
    module: Module, block: s.Block, steps: Steps, *, follow: bool = True, key: str | None = None
) -> Place:
    """The place of `steps` below a block, or of its nearest present parent.

    With `follow`, that is the line that sets the value, through variables, locals and arguments of modules; the
    places on the way are the place's `ends`, where the value is used first. Without, it is in the block's own file.
    `key` is the instance's, of a block with for_each.
    """
    source = block.body.attributes.get("for_each")
    each = (Each("each", source, key),) if source is not None and key is not None else ()
    return _in_body(Here(module, block.file, block.file, follow, each=each), block.body, block.span, steps)


def _in_body(here: Here, body: s.Body, header: Span, steps: Steps) -> Place:
    if not steps:
        return here.place(header)
    step, rest = steps[0], steps[1:]
    if not isinstance(step, str):
        return _in_body(here, body, header, rest)
    attribute = body.attributes.get(step)
    if attribute is not None:
        return in_expr(here, attribute.expr, attribute.span, rest)
    blocks = _blocks(body, step)
    if not blocks:
        return here.place(header, absent=True)
    if rest and isinstance(rest[0], int):
        block = blocks[min(rest[0], len(blocks) - 1)]
        if len(blocks) == 1:
            here = _iterating(here, body, step, rest[0])
        return _in_body(here, block.body, block.span, rest[1:])
    block = next(
        (b for b in blocks if rest and (rest[0] in b.body.attributes or _blocks(b.body, str(rest[0])))),
        blocks[0],
    )
    return _in_body(here, block.body, block.span, rest)


def _iterating(here: Here, body: s.Body, kind: str, index: int) -> Here:
    """The search in the content of a dynamic block, if there is one, with the entry that this block is made of."""
    for block in body.blocks:
        source = block.body.attributes.get("for_each") if block.kind == "dynamic" else None
        if source is None or block.labels != (kind,):
            continue
        named = block.body.attributes.get("iterator")
        name = named.expr.name if named is not None and isinstance(named.expr, s.Name) else kind
        items = evaluate(source.expr, here.module.scope)
        keys = list(items) if isinstance(items, (dict, list)) else []
        if index < len(keys):
            key = keys[index] if isinstance(keys[index], str) else index
            return replace(here, each=(*here.each, Each(name, source, key)))
    return here


def document_of(file: s.File) -> Document:
    """The document of a file; a bare one for a file that is read only because another calls it."""
    if file.document is None:
        file.document = Document(file.text, "terraform", root=[])
    document: Document = file.document
    return document


def _blocks(body: s.Body, kind: str) -> list[s.Block]:
    """The blocks of a kind; of a `dynamic` one its content."""
    result = []
    for block in body.blocks:
        if block.kind == kind:
            result.append(block)
        elif block.kind == "dynamic" and block.labels == (kind,):
            result += block.body.blocks_of("content") or [block]
    return result


def in_expr(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place:
    """The place of `steps` inside a value whose own place is `span`."""
    onward = _follow(here, expr, span, steps)
    if onward is not None:
        return onward
    if isinstance(expr, s.Call) and expr.name in ("try", "lookup"):
        return _chosen(here, expr, span, steps)
    if not steps:
        return here.place(span, expr=expr)
    step, rest = steps[0], steps[1:]
    file = here.file
    if isinstance(expr, s.Object) and isinstance(step, str):
        for key, value in expr.items:
            if isinstance(key, s.Literal) and str(key.value) == step:
                return in_expr(here, value, file.entry_span(key.start, key.end, value.end), rest)
        return here.place(span, absent=True)
    if isinstance(expr, s.Object):
        return in_expr(here, expr, span, rest)  # one object where a list may stand
    if isinstance(expr, s.Tuple):
        index, rest = (step, rest) if isinstance(step, int) else (0, steps)
        if not expr.items:
            return here.place(span, absent=True)
        item = expr.items[min(index, len(expr.items) - 1)]
        return in_expr(here, item, _head(file, item), rest)
    return _through(here, expr, span, steps)


def _head(file: s.File, expr: s.Expr) -> Span:
    """The line that stands for an element: the first entry of an object, else the element."""
    if isinstance(expr, s.Object) and expr.items:
        key, value = expr.items[0]
        return file.entry_span(key.start, key.end, value.end)
    return Span(expr.start, expr.end)


def _through(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place:
    options: list[s.Expr] = []
    if isinstance(expr, s.Call) and expr.name in _TRANSPARENT:
        options = list(reversed(expr.args))
    elif isinstance(expr, s.Conditional):
        options = [expr.then, expr.otherwise]
    elif isinstance(expr, s.For):
        options = [expr.value]
        steps = steps[1:] if isinstance(steps[0], int) else steps
    elif isinstance(expr, s.Template):
        return _in_text(here, expr, span, steps)
    for option in options:
        found = in_expr(here, option, span, steps)
        if not found.absent and found.span != span:
            return found
    return here.place(span, expr=expr)


def _chosen(here: Here, expr: s.Call, span: Span, steps: Steps) -> Place:
    """Into the first of several values that is there: what `try` tries, an entry that `lookup` looks up."""
    options: list[tuple[s.Expr, Steps]] = [(arg, steps) for arg in expr.args]
    if expr.name == "lookup":
        key = expr.args[1] if len(expr.args) > 1 else None
        if isinstance(key, s.Literal) and isinstance(key.value, str):
            options = [(expr.args[0], (key.value, *steps)), *options[2:]]
        else:
            options = []
    for option, inner in options:
        found = in_expr(here, option, span, inner)
        if not found.absent and found.span != span:
            return found
    return here.place(span, expr=expr)


def _follow(here: Here, expr: s.Expr, span: Span, steps: Steps) -> Place | None:
    """Into what a plain name means; None when the value is none, or what it means is not to be found."""
    if isinstance(expr, s.Template) and len(expr.parts) == 1 and isinstance(expr.parts[0], s.Traversal):
        expr = expr.parts[0]
    if not (isinstance(expr, s.Traversal) and isinstance(expr.base, s.Name)):
        return None
    inner = _literal_steps(expr.steps[1:])
    if len(here.passed) >= _MAX_FOLLOWED or inner is None:
        return None
    for each in here.each:
        if each.name == expr.base.name:
            return _of_each(here, each, str(expr.steps[0]), span, [*inner, *steps])
    found = _setter(here, expr)
    if found is None:
        return None
    module, attribute = found
    onward = here.onward(module, attribute.file, span, _default_of(expr, attribute))
    place = in_expr(onward, attribute.expr, attribute.span, [*inner, *steps])
    return None if place.absent and inner else place


def _default_of(expr: s.Traversal, attribute: s.Attribute) -> str:
    """The variable that `expr` means and whose default `attribute` is; empty when it is another attribute."""
    variable = isinstance(expr.base, s.Name) and expr.base.name == "var"
    return str(expr.steps[0]) if variable and attribute.name == "default" else ""


def _of_each(here: Here, each: Each, part: str, span: Span, steps: Steps) -> Place | None:
    """Into the entry of for_each that an instance is made of; None when it is written nowhere by itself."""
    onward = here.onward(here.module, each.source.file, span, "")
    found = _entry(onward, each.source.expr, each.source.span, each.key)
    if found is None:
        return None
    there, value, at = found
    if part == "key":
        return there.place(at) if not steps else None
    place = in_expr(there, value, at, steps) if part == "value" else None
    return None if place is not None and place.absent else place


def _entry(here: Here, expr: s.Expr, span: Span, key: str | int) -> tuple[Here, s.Expr, Span] | None:
    """The value of `key` in a map, or the element of a set, with its place; through locals and variables."""
    if isinstance(expr, s.Object):
        for name, value in expr.items:
            if isinstance(name, s.Literal) and str(name.value) == key:
                return here, value, here.file.entry_span(name.start, name.end, value.end)
    elif isinstance(expr, s.Tuple):
        for index, item in enumerate(expr.items):
            same = isinstance(key, str) and isinstance(item, s.Literal) and item.value == key
            if index == key or same:
                return here, item, _head(here.file, item)
    elif isinstance(expr, s.Call) and expr.name in _TRANSPARENT:
        options = (_entry(here, option, span, key) for option in reversed(expr.args))
        return next((option for option in options if option is not None), None)
    elif isinstance(expr, s.Traversal) and len(expr.steps) == 1 and len(here.passed) < _MAX_FOLLOWED:
        found = _setter(here, expr)
        if found is not None:
            module, attribute = found
            onward = here.onward(module, attribute.file, span, _default_of(expr, attribute))
            return _entry(onward, attribute.expr, attribute.span, key)
    return None


def _literal_steps(steps: Sequence[s.Step]) -> list[str | int] | None:
    """Names and written indexes; None when another index decides what is meant."""
    result: list[str | int] = []
    for step in steps:
        value = step.value if isinstance(step, s.Literal) else step
        if not isinstance(value, (str, int)):
            return None
        result.append(value)
    return result


def _setter(here: Here, expr: s.Traversal) -> tuple[Module, s.Attribute] | None:
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


def _in_text(here: Here, expr: s.Template, span: Span, steps: Steps) -> Place:
    """The line of a heredoc that holds the last key of `steps`, found key by key."""
    found: re.Match[str] | None = None
    position = expr.start
    for step in steps:
        if isinstance(step, str):
            pattern = re.compile(rf"[\"']?\b{re.escape(step)}\b[\"']?\s*[:=]\s*[^,\n}}\]\[{{]*")
            match = pattern.search(here.file.text.text, position, expr.end)
            if match is None:
                break
            found, position = match, match.start() + len(step)
    if found is None:
        return here.place(span)
    return here.place(Span(found.start(), found.start() + len(found[0].rstrip())))
