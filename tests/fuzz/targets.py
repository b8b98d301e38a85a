"""What fuzzing calls: each takes any text and raises for what is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from linter.cel import (
    INT,
    STRING,
    UNKNOWN,
    CelError,
    CelRuntimeError,
    Environment,
    Field,
    ListType,
    MessageType,
)
from linter.errors import UnreadableError
from linter.formats import model
from linter.formats.classify import load_format
from linter.formats.document import Document
from linter.formats.model import Model
from linter.formats.node import MAP, SEQ, Node
from linter.formats.shell import parse_script
from linter.formats.yamltree import parse_documents, parse_templated
from linter.suppress.collect import collect
from linter.text import SourceText, Span

MOST = 20  # elements of a list that are asked


def inside(span: Span, text: str) -> None:
    assert 0 <= span.start <= span.end <= len(text), f"{span} outside of {len(text)} characters"


def read_yaml(text: str) -> None:
    for stream in (parse_documents(SourceText("x.yaml", text)), parse_templated(SourceText("x.yaml", text))):
        for node in stream.documents:
            walk(node, text)
            node.plain()
        for problem in stream.problems:
            inside(Span(problem.start, problem.end), text)


def walk(node: Node, text: str) -> None:
    """Ask a node all that rules and findings ask."""
    inside(node.span, text)
    inside(node.head_span(), text)
    if node.kind == MAP:
        for key in tuple(node.keys()):
            inside(node.entry_span(key), text)
            child = node.get(key)
            assert child is not None
            walk(child, text)
    elif node.kind == SEQ:
        for child in node.elements():
            walk(child, text)
    else:
        node.scalar()
        node.string()


def read_shell(text: str) -> None:
    asked: set[int] = set()
    for command in parse_script(text).commands:
        inside(command.place().span, text)
        ask(command, text, asked)


def reader(format_: str, path: str) -> Callable[[str], None]:
    """The target that reads a file of a format, and asks all subjects everything."""

    def read(text: str) -> None:
        loaded = load_format(format_)
        try:
            document = loaded.read(SourceText(path, text))
        except UnreadableError:
            return
        asked: set[int] = set()
        parts = list(_with_embedded(document))
        collect(parts)
        for part in parts:
            kinds = load_format(part.format).subjects
            for kind in kinds:
                if not kind.project:
                    for scope in kind.iterate(part):
                        for subject in scope:
                            ask(subject, text, asked)
            for problem in part.problems:
                inside(Span(problem.start, problem.end), text)

    return read


def _with_embedded(document: Document) -> Iterator[Document]:
    yield document
    for inner in document.embedded:
        yield from _with_embedded(inner)


@cache
def _members(type_: type[Model]) -> tuple[str, ...]:
    names = [name for name in dir(type_) if not name.startswith("_")]
    return tuple(n for n in names if isinstance(getattr(type_, n, None), (model.Field, model.Fact)))


def ask(subject: Any, text: str, asked: set[int]) -> None:
    """Read every field and fact of a model, and of those in it, and where each stands."""
    if isinstance(subject, list):
        for item in subject[:MOST]:
            ask(item, text, asked)
    if not isinstance(subject, Model) or id(subject) in asked:
        return
    asked.add(id(subject))
    str(subject.address)
    str(subject.type_key)
    placed = _has_place(subject)
    for name in _members(type(subject)):
        value = getattr(subject, name)
        if placed and (not isinstance(value, Model) or _has_place(value)):
            inside(subject.locate((name,)).span, text)
        if value is not UNKNOWN:
            ask(value, text, asked)


def _has_place(subject: Model) -> bool:
    """Some models are values only: no rule points at them."""
    return type(subject).place is not Model.place


@cache
def _environments() -> tuple[Environment, ...]:
    part = MessageType("Part", {"name": Field(STRING), "sizes": Field(ListType(INT))})
    return Environment([("pod", part), ("n", INT)]), Environment([("pod", part), ("n", INT)], checked=False)


class _Part:
    name = "web"
    sizes = (1, 2)

    def has(self, name: str) -> bool:
        return bool(getattr(self, name))


def compile_cel(text: str) -> None:
    for environment in _environments():
        for compile_ in (environment.compile, environment.compile_template):
            try:
                program = compile_(text)
            except CelError as error:
                inside(Span(error.offset, error.offset), text)
                continue
            run = program.render if hasattr(program, "render") else program.evaluate
            for n in (3, UNKNOWN):
                try:
                    run(_Part(), n)
                except CelRuntimeError:
                    continue


TARGETS: dict[str, Callable[[str], None]] = {
    "yaml": read_yaml,
    "shell": read_shell,
    "cel": compile_cel,
    "dockerfile": reader("dockerfile", "Dockerfile"),
    "kubernetes": reader("kubernetes", "x.yaml"),
    "compose": reader("compose", "compose.yaml"),
    "hcl": reader("terraform", "main.tf"),
    "plan": reader("terraform", "plan.json"),
}
