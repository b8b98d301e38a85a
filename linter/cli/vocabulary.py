"""`tarecheck rules fields`: the words that rules have, from the models themselves."""

from __future__ import annotations

import click

from linter import cel
from linter.cel import suggest
from linter.errors import UsageError
from linter.formats.classify import FORMATS, load_format
from linter.formats.document import SubjectKind
from linter.formats.model import Model
from linter.formats.ruletypes import message_type


def print_subjects() -> None:
    for name in FORMATS:
        for kind in load_format(name).subjects:
            seen = ", ".join(entry for entry, _ in kind.scope)
            click.echo(f"{name:<10} {kind.name:<16} sees {seen}" + (f": {kind.doc}" if kind.doc else ""))


def print_fields(subject: str, format_name: str | None) -> None:
    """The names that a rule for this subject sees, with types and meanings, nested models below."""
    kinds = [
        kind
        for name in FORMATS
        if format_name in (None, name)
        for kind in load_format(name).subjects
        if kind.name == subject
    ]
    if not kinds:
        names = sorted({kind.name for name in FORMATS for kind in load_format(name).subjects})
        near = suggest(subject, names)
        raise UsageError(
            f"no subject '{subject}'", f"did you mean '{near}'?" if near else f"there are {', '.join(names)}"
        )
    for kind in kinds:
        click.echo(f"# {kind.format} {kind.name}")
        _print_kind(kind)


def _print_kind(kind: SubjectKind) -> None:
    printed: set[str] = set()
    pending: list[cel.MessageType] = []
    for name, model in kind.scope:
        if isinstance(model, type) and issubclass(model, Model):
            found = message_type(model)
            click.echo(f"{name}: {found.name}")
            pending.append(found)
        else:
            click.echo(f"{name}: {cel.describe(model)}")
    while pending:
        found = pending.pop(0)
        if found.name in printed:
            continue
        printed.add(found.name)
        click.echo(f"\n{found.name}" + (f": {found.doc}" if found.doc else ""))
        for name, field in sorted(found.fields.items()):
            click.echo(f"  {name}: {cel.describe(field.type)}" + (f"  {field.doc}" if field.doc else ""))
            inner = field.type.element if isinstance(field.type, cel.ListType) else field.type
            if isinstance(inner, cel.MessageType):
                pending.append(inner)
