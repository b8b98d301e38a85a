"""Tokens to syntax tree: precedence climbing over CEL's seven levels."""

from __future__ import annotations

from collections.abc import Iterable

from linter.cel import syntax
from linter.cel.errors import CelError
from linter.cel.tokens import RESERVED, Token, tokenize
from linter.cel.values import UInt

MAX_DEPTH = 72  # height of a tree, and of what is open while parsing

_RELATIONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "in"})
_LEVELS: tuple[frozenset[str], ...] = (_RELATIONS, frozenset("+-"), frozenset("*/%"))


def parse(text: str) -> syntax.Node:
    """The syntax tree of an expression. Raises CelError."""
    return parse_tokens(tokenize(text))


def parse_tokens(tokens: list[Token]) -> syntax.Node:
    """The syntax tree of tokens that end in an `end` token."""
    parser = _Parser(tokens)
    tree = parser.expression()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.open = 0

    # -- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def advance(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def at(self, *ops: str) -> bool:
        token = self.token
        return token.value in ops and token.kind in ("op", "name")

    def accept(self, op: str) -> bool:
        if self.at(op):
            self.position += 1
            return True
        return False

    def expect(self, op: str) -> Token:
        if not self.at(op):
            raise CelError(f"expected {op!r}, found {self.found()}", self.token.start)
        return self.advance()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            hint = {"=": "compare with ==", "&": "use &&", "|": "use ||"}.get(str(self.token.value))
            raise CelError(f"unexpected {self.found()}", self.token.start, hint)

    def found(self) -> str:
        token = self.token
        return "the end of the expression" if token.kind == "end" else repr(token.value)

    # -- expressions

    def expression(self) -> syntax.Node:
        self.open += 1
        if self.open > MAX_DEPTH:
            raise CelError(f"the expression is nested deeper than {MAX_DEPTH}", self.token.start)
        condition = self.logic("||")
        if self.at("?"):
            offset = self.advance().start
            then = self.logic("||")
            self.expect(":")
            otherwise = self.expression()
            depth = _depth((condition, then, otherwise), offset)
            condition = syntax.Ternary(offset, depth, condition, then, otherwise)
        self.open -= 1
        return condition

    def logic(self, op: str) -> syntax.Node:
        """A chain of `||` or of `&&`, flat."""
        offset = -1
        operands = [self.logic("&&") if op == "||" else self.binary(0)]
        while self.at(op):
            token = self.advance()
            offset = token.start if offset < 0 else offset
            operands.append(self.logic("&&") if op == "||" else self.binary(0))
        if len(operands) == 1:
            return operands[0]
        return syntax.Logic(offset, _depth(operands, offset), op, operands)

    def binary(self, level: int) -> syntax.Node:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.at(*_LEVELS[level]):
            token = self.advance()
            right = self.binary(level + 1)
            left = syntax.Binary(token.start, _depth((left, right), token.start), token.value, left, right)
        return left

    def unary(self) -> syntax.Node:
        if not self.at("!", "-"):
            return self.postfix(self.primary())
        token = self.advance()
        following = self.token
        if token.value == "-" and following.kind in ("int", "float"):
            self.advance()
            literal = _number(following, -following.value, token.start)
            return self.postfix(literal)
        self.open += 1
        if self.open > MAX_DEPTH:
            raise CelError(f"the expression is nested deeper than {MAX_DEPTH}", token.start)
        operand = self.unary()
        self.open -= 1
        return syntax.Unary(token.start, _depth((operand,), token.start), token.value, operand)

    def postfix(self, node: syntax.Node) -> syntax.Node:
        while True:
            if self.accept("."):
                optional = self.accept("?")
                name = self.field_name()
                if not optional and name.kind == "name" and self.at("("):
                    self.advance()
                    args = self.items(")")
                    node = syntax.Call(name.start, _depth([node, *args], name.start), node, name.value, args)
                else:
                    node = syntax.Select(name.start, _depth((node,), name.start), node, name.value, optional)
            elif self.at("["):
                offset = self.advance().start
                optional = self.accept("?")
                index = self.expression()
                self.expect("]")
                node = syntax.Index(offset, _depth((node, index), offset), node, index, optional)
            else:
                return node

    def field_name(self) -> Token:
        token = self.token
        if token.kind not in ("name", "quoted") or (
            token.kind == "name" and token.value in ("in", "true", "false", "null")
        ):
            raise CelError(f"expected a field name, found {self.found()}", token.start)
        return self.advance()

    def primary(self) -> syntax.Node:
        token = self.advance()
        match token.kind:
            case "string" | "bytes":
                return syntax.Literal(token.start, 1, token.value)
            case "int" | "uint" | "float":
                return _number(token, token.value, token.start)
            case "name":
                return self.name(token)
            case "op":
                return self.bracketed(token)
            case "end":
                raise CelError("the expression ends too early", token.start)
        raise CelError(f"unexpected {token.value!r}", token.start)

    def bracketed(self, token: Token) -> syntax.Node:
        offset = token.start
        match token.value:
            case "(":
                inner = self.expression()
                self.expect(")")
                return inner
            case "[":
                items = self.list_items()
                return syntax.ListLiteral(offset, _depth([item for item, _ in items], offset), items)
            case "{":
                entries = self.map_entries()
                parts = [part for key, value, _ in entries for part in (key, value)]
                return syntax.MapLiteral(offset, _depth(parts, offset), entries)
            case ".":
                name = self.advance()
                if name.kind != "name":
                    raise CelError("expected a name after the dot", name.start)
                return self.name(name, absolute=True)
        raise CelError(f"unexpected {token.value!r}", offset)

    def name(self, token: Token, *, absolute: bool = False) -> syntax.Node:
        word = token.value
        if not absolute and word in ("true", "false", "null"):
            return syntax.Literal(token.start, 1, {"true": True, "false": False, "null": None}[word])
        if word in RESERVED or word == "in":
            raise CelError(f"{word!r} is a reserved word", token.start)
        if self.accept("("):
            args = self.items(")")
            return syntax.Call(token.start, _depth(args, token.start), None, word, args)
        return syntax.Ident(token.start, 1, word, absolute)

    def items(self, closing: str) -> list[syntax.Node]:
        """Expressions between commas up to `closing`; a comma may end them."""
        result: list[syntax.Node] = []
        while not self.accept(closing):
            result.append(self.expression())
            if not self.at(closing):
                self.expect(",")
        return result

    def list_items(self) -> list[tuple[syntax.Node, bool]]:
        result: list[tuple[syntax.Node, bool]] = []
        while not self.accept("]"):
            optional = self.accept("?")
            result.append((self.expression(), optional))
            if not self.at("]"):
                self.expect(",")
        return result

    def map_entries(self) -> list[tuple[syntax.Node, syntax.Node, bool]]:
        result: list[tuple[syntax.Node, syntax.Node, bool]] = []
        while not self.accept("}"):
            optional = self.accept("?")
            key = self.expression()
            self.expect(":")
            result.append((key, self.expression(), optional))
            if not self.at("}"):
                self.expect(",")
        return result


def _depth(children: Iterable[syntax.Node], offset: int) -> int:
    depth = 1 + max((child.depth for child in children), default=0)
    if depth > MAX_DEPTH:
        raise CelError(f"the expression is nested deeper than {MAX_DEPTH}", offset)
    return depth


def _number(token: Token, value: float, offset: int) -> syntax.Literal:
    if token.kind == "float":
        return syntax.Literal(offset, 1, value)
    low, high = (0, 2**64 - 1) if token.kind == "uint" else (-(2**63), 2**63 - 1)
    if not low <= value <= high:
        raise CelError("the number does not fit into 64 bits", offset)
    return syntax.Literal(offset, 1, UInt(value) if token.kind == "uint" else int(value))
