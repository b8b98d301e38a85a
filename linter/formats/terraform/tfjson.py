"""The JSON syntax of Terraform as our syntax. Nested blocks stay object values: there is no schema to tell them."""

from __future__ import annotations

import json
from functools import partial

from linter.errors import UnreadableError
from linter.formats.jsontree import JsonNode, JsonText
from linter.formats.terraform.expressions import Hole
from linter.formats.terraform.syntax import Attribute, Block, Body, Expr, File, Literal, Object, Tuple
from linter.formats.terraform.values import too_deep
from linter.text import SourceText

MAX_DEPTH = 60  # of values in values
_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1}


def parse(text: SourceText) -> File:
    """Raises UnreadableError for what is no JSON object."""
    try:
        value = json.loads(text.text)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", 0)
        raise UnreadableError(f"not valid JSON: {getattr(error, 'msg', error)}", at, at + 1) from None
    if too_deep(value, MAX_DEPTH):
        raise UnreadableError("nested too deeply to be read", 0, 1)
    if not isinstance(value, dict):
        raise UnreadableError("a JSON configuration must be an object")
    start = len(text.text) - len(text.text.lstrip())
    file = File(text)
    root = JsonNode(value, JsonText(text.text, lambda offset: offset), None, 0, start)
    if text.path.endswith(".tfvars.json"):
        file.body = _values(file, root)
        return file
    for kind in root.keys():  # noqa: SIM118 - a node is no dict
        child = root.get(kind)
        if child is not None:
            _blocks(file, kind, (), root, kind, child, _LABELS.get(kind, 0))
    return file


def _blocks(
    file: File, kind: str, labels: tuple[str, ...], parent: JsonNode, key: str, node: JsonNode, wanted: int
) -> None:
    if isinstance(node.value, list):
        for element in node.elements():
            _blocks(file, kind, labels, parent, key, element, wanted)
        return
    if not isinstance(node.value, dict):
        return
    if wanted:
        for name in node.keys():  # noqa: SIM118
            child = node.get(name)
            if child is not None:
                _blocks(file, kind, (*labels, name), node, name, child, wanted - 1)
        return
    header = parent.key_span(key) or node.span
    span = node.span
    file.body.blocks.append(Block(kind, labels, _body(file, node), header.start, header.end, span.end, file))


def _body(file: File, node: JsonNode) -> Body:
    body = Body()
    for name in node.keys():  # noqa: SIM118
        child, key = node.get(name), node.key_span(name)
        if child is None or key is None or name == "//":
            continue
        if name == "provisioner":
            for element in child.elements() or [child]:
                for kind in element.keys():  # noqa: SIM118
                    inner = element.get(kind)
                    if inner is not None and isinstance(inner.value, dict):
                        body.blocks.append(
                            Block(name, (kind,), _body(file, inner), key.start, key.end, inner.span.end, file)
                        )
            continue
        body.attributes[name] = Attribute(name, key.start, key.end, child.span.end, file, child, expression)
    return body


def _values(file: File, root: JsonNode) -> Body:
    """The values of variables; their strings are no templates."""
    body = Body()
    for name in root.keys():  # noqa: SIM118 - a node is no dict
        child, key = root.get(name), root.key_span(name)
        if child is not None and key is not None:
            build = partial(expression, templates=False)
            body.attributes[name] = Attribute(name, key.start, key.end, child.span.end, file, child, build)
    return body


def expression(node: JsonNode, *, templates: bool = True) -> Expr:
    """A JSON value as an expression; strings are templates, except in files of values."""
    span, value = node.span, node.value
    if isinstance(value, dict):
        items = []
        for name in node.keys():  # noqa: SIM118
            child, key = node.get(name), node.key_span(name)
            if child is not None and key is not None:
                items.append((Literal(key.start, key.end, name), expression(child, templates=templates)))
        return Object(span.start, span.end, tuple(items))
    if isinstance(value, list):
        elements = tuple(expression(item, templates=templates) for item in node.elements())
        return Tuple(span.start, span.end, elements)
    if templates and isinstance(value, str) and ("${" in value or "%{" in value):
        return _template(value, span.start, span.end)
    return Literal(span.start, span.end, value)


def _template(text: str, start: int, end: int) -> Expr:
    from linter.formats.terraform.hcl import parse as parse_hcl

    file = parse_hcl(SourceText("", "t = " + json.dumps(text, ensure_ascii=False).replace("\\/", "/")))
    attribute = file.body.attributes.get("t")
    if attribute is None or file.errors:
        return Hole(start, end)
    expr = attribute.expr
    expr.start, expr.end = start, end
    return expr
