"""What rules can ask: the subjects of each format, and every model with its fields, types and meanings."""

from __future__ import annotations

from collections.abc import Iterator

from docs_build.markdown import code, prose, table
from docs_build.rules import NAMES
from linter import cel
from linter.formats.classify import FORMATS, load_format
from linter.formats.document import Format, SubjectKind
from linter.formats.model import Model
from linter.formats.ruletypes import message_type


def pages() -> dict[str, str]:
    return {f"reference/models/{name}.md": "\n".join(_page(load_format(name))) for name in FORMATS}


def _page(fmt: Format) -> Iterator[str]:
    yield f"# Models: {NAMES[fmt.name]}\n"
    yield (
        "What conditions can ask. A rule is `for:` one subject and sees the names of its scope. The same in a terminal: "
        "`tarecheck rules fields SUBJECT`. `T or null` may be null; a field that is not written reads as its default; "
        "what can't be known is unknown and never a finding.\n"
    )
    yield "## Subjects\n"
    yield table(("subject", "sees", "meaning"), (_subject(kind) for kind in fmt.subjects))
    if fmt.functions:
        yield "## Functions\n"
        called = ((code(f.signature), prose(f.doc)) for f in sorted(fmt.functions, key=lambda f: f.name))
        yield table(("function", "meaning"), called)
    for found in _reachable(fmt):
        yield f"## {found.name} {{ #{found.name.lower()} }}\n"
        if found.doc:
            yield prose(found.doc) + "\n"
        rows = (
            (code(name), _link(field.type), prose(field.doc)) for name, field in sorted(found.fields.items())
        )
        yield table(("name", "type", "meaning"), rows)


def _subject(kind: SubjectKind) -> tuple[str, str, str]:
    return code(kind.name), ", ".join(_entry(name, model) for name, model in kind.scope), prose(kind.doc)


def _entry(name: str, model: type[Model] | cel.Type) -> str:
    if isinstance(model, type) and issubclass(model, Model):
        return f"{code(name)}: {_link(message_type(model))}"
    return f"{code(name)}: {cel.describe(model)}" if isinstance(model, cel.Type) else code(name)


def _link(kind: cel.Type) -> str:
    """The name of a type, linked where it is a model."""
    shown = cel.describe(kind)
    inner: cel.Type = kind
    while not isinstance(inner, cel.MessageType):
        nested = (
            getattr(inner, "element", None) or getattr(inner, "inner", None) or getattr(inner, "value", None)
        )
        if not isinstance(nested, cel.Type):
            return prose(shown)
        inner = nested
    return prose(shown).replace(inner.name, f"[{inner.name}](#{inner.name.lower()})", 1)


def _reachable(fmt: Format) -> list[cel.MessageType]:
    """Every model that a subject leads to, each once, sorted by name."""
    pending: list[cel.Type] = []
    for kind in fmt.subjects:
        for _, model in kind.scope:
            if isinstance(model, type) and issubclass(model, Model):
                pending.append(message_type(model))
    found: dict[str, cel.MessageType] = {}
    while pending:
        one: object = pending.pop()
        if isinstance(one, cel.MessageType):
            if one.name not in found:
                found[one.name] = one
                pending += [field.type for field in one.fields.values()]
            continue
        for attribute in ("element", "inner", "value"):
            nested = getattr(one, attribute, None)
            if isinstance(nested, cel.Type):
                pending.append(nested)
    return sorted(found.values(), key=lambda message: message.name)
