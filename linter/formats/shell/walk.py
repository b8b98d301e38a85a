"""From the syntax tree of a script to its commands, without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from linter.formats.image import HOLE
from linter.formats.shell.command import Assignment, Command, Redirect, Token
from linter.formats.shell.cutter import Cutter
from linter.formats.shell.knots import most_commands, parse
from linter.formats.shell.record import Recorder
from linter.formats.shell.salvage import KEYWORDS, salvage
from linter.formats.shell.script import Pipe
from linter.formats.shell.simple import Plain, plain
from linter.formats.shell.text import MappedText
from linter.formats.shell.tools import SHELLS
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex

USE_PLAIN = True  # tests compare both ways
MAX_LEVEL = 20  # of substitutions within substitutions
_REDIRECT = lazy_regex(r"(\d*)(&>>|&>|>>|>\||>&|<&|<>|>|<)\s*")
_BLOCKS = frozenset({"if_statement", "while_statement", "for_statement", "c_style_for_statement", "case_statement",
                     "function_definition", "elif_clause", "else_clause", "case_item"})  # fmt: skip
_TESTS = frozenset({"if_statement", "elif_clause", "while_statement"})


@dataclass(frozen=True, slots=True)
class _Context:
    """Where in the script a node stands."""

    pipes: tuple[tuple[Pipe, int], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    substitutes: Command | None = None
    conditional: bool = False
    assigned: str = ""
    level: int = 0  # of substitutions within substitutions
    tested: bool = False  # the condition of an `if` or `while`

    def but(self, redirects: tuple[Redirect, ...], *, conditional: bool) -> _Context:
        """The same place with other redirects."""
        return replace(self, redirects=redirects, conditional=conditional)


class Walk:
    """One pass over a tree with a stack of its own: chains of `&&` nest as deep as they are long."""

    def __init__(self, cutter: Cutter, recorder: Recorder, owner: Any) -> None:
        self.cut = cutter
        self.text = cutter.text
        self.recorder = recorder
        self.script = recorder.script
        self.owner = owner
        self.offsets: Sequence[int] | None = None
        self._tested: dict[int, bool] = {}  # by the id of a list: chains nest, and are asked at each level

    def run(self) -> None:
        """Read the whole text."""
        if not self.text.strip():
            return
        commands = plain(self.text) if USE_PLAIN else None
        if commands is not None:
            self._run_plain(commands)
            return
        data = self.text.encode("utf-8", "surrogatepass")
        if len(data) != len(self.text):
            self.offsets = _character_offsets(self.text)
        tree = parse(_parser(), data)
        if tree is None:
            self.script.broken = self.script.cut = True
            self._salvage(0, len(self.text), _Context())
            return
        self.script.broken = tree.root_node.has_error
        stack: list[tuple[Any, _Context]] = [(tree.root_node, _Context())]
        while stack and len(self.script.commands) < most_commands():
            node, context = stack.pop()
            if isinstance(node, Pipe):
                node.link()
                self._run_fed(node)
                continue
            if isinstance(node, tuple):  # a command and the words that stand behind a redirect of its list
                children = list(self._command(node[0], context, node[1]))
            else:
                children = list(self._visit(node, context))
            stack.extend(reversed(children))
        self.script.cut = self.script.cut or bool(stack)

    def _run_plain(self, commands: list[Plain]) -> None:
        pipe: list[list[Command]] = []
        first = 0
        most = most_commands()
        self.script.cut = len(commands) > most
        for one in commands[:most]:
            words = [token for place in one.words for token in self.cut.split(self.cut.token(*place))]
            redirects = [self.cut.redirect_to(*redirect) for redirect in one.redirects]
            assignments = [self.cut.assignment_at(*place) for place in one.assignments]
            added = self._record(Command(words, assignments, redirects), _Context()) if words else []
            first = first if pipe else one.words[0][0]
            pipe.append(added)
            if not one.piped:
                if len(pipe) > 1:
                    self.script.pipelines.append(self.cut.mapped.span(first, one.words[-1][1]))
                    whole = Pipe(pipe)
                    whole.link()
                    self._run_fed(whole)
                pipe = []

    def _at(self, offset: int) -> int:
        return offset if self.offsets is None else self.offsets[offset]

    def _range(self, node: Any) -> tuple[int, int]:
        return self._at(node.start_byte), self._at(node.end_byte)

    def _visit(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
        kind = node.type
        if kind == "command":
            yield from self._command(node, context)
        elif kind == "redirected_statement":
            yield from self._redirected(node, context)
        elif kind == "pipeline":
            yield from self._pipeline(node, context)
        elif kind in ("variable_assignment", "declaration_command"):
            yield from self._assigned(node, context)
        elif kind == "list" and not context.conditional and self._tests(node.children[0]):
            first, *rest = [child for child in node.children if child.is_named]
            yield first, context
            for child in rest:
                yield child, context.but(context.redirects, conditional=True)
        elif kind == "ERROR":
            self._salvage(*self._range(node), context)
        elif kind == "comment" or node.child_count == 0:
            return
        else:
            if kind == "for_statement":
                self._loop_variable(node)
            if kind in _BLOCKS and not context.conditional:
                context = context.but(context.redirects, conditional=True)
            tested = replace(context, tested=True) if kind in _TESTS else context
            for child in node.children:
                if child.type in ("then", "do_group"):
                    tested = context
                if child.is_named:
                    yield child, tested

    def _tests(self, node: Any) -> bool:
        """Whether what stands before `&&` or `||` holds a test: `[ … ]` or `[[ … ]]`."""
        lists = []
        while (
            node.type == "list" and node.id not in self._tested and node.children[-1].type != "test_command"
        ):
            lists.append(node.id)
            node = node.children[0]
        found = self._tested.get(node.id)
        if found is None:
            found = node.type == "test_command" or (
                node.type == "list" and node.children[-1].type == "test_command"
            )
            lists.append(node.id)
        self._tested.update(dict.fromkeys(lists, found))
        return found

    def _loop_variable(self, node: Any) -> None:
        name = node.child_by_field_name("variable")
        if name is not None:
            start, end = self._range(name)
            self.cut.locals[self.text[start:end]] = HOLE

    def _pipeline(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
        parts = [child for child in node.children if child.is_named]
        pipe = Pipe([[] for _ in parts])
        start, end = self._range(node)
        self.script.pipelines.append(self.cut.mapped.span(start, end))
        for index, part in enumerate(parts):
            # a redirect of the whole belongs to the last command
            redirects = context.redirects if index == len(parts) - 1 else ()
            piped = replace(context, pipes=(*context.pipes[-7:], (pipe, index)), redirects=redirects)
            # in a long chain the grammar takes `a && b | c` for `(a && b) | c`: only b is in the pipe
            elements = _elements(part)
            inside = elements[-1] if index == 0 else elements[0]
            for element in elements:
                if index == 0 and element is inside and element.type == "redirected_statement":
                    yield from self._redirected(element, piped, context)
                else:
                    yield element, piped if element is inside else context
        yield pipe, context

    def _redirected(
        self, node: Any, context: _Context, leading: _Context | None = None
    ) -> Iterator[tuple[Any, _Context]]:
        """`leading`: what holds for the commands that the grammar takes in before the one with the redirect."""
        body, redirects = None, list(context.redirects)
        rest: list[Any] = []
        for child in node.children:
            if child.type.endswith("_redirect"):
                redirects.extend(self._redirect(child, rest))
            elif child.is_named:
                body = child
        new = context.but(tuple(redirects), conditional=context.conditional)
        if body is None:
            return
        consumer = None
        if body.type == "command":
            before = len(self.script.commands)
            yield from self._command(body, new, rest)
            consumer = self.script.commands[before] if len(self.script.commands) > before else None
        elif body.type == "list":  # `a && b > f`: the redirect is b's
            parts = [child for child in body.children if child.is_named]
            for child in parts[:-1]:
                yield child, leading or context
            last = parts[-1]
            yield ((last, rest) if last.type == "command" else last), new
        else:
            yield body, new
        for child in node.children:
            if child.type.endswith("_redirect"):
                yield from self._substitutions(child, consumer, context)

    def _redirect(self, node: Any, rest: list[Any]) -> list[Redirect]:
        start, end = self._range(node)
        if node.type == "herestring_redirect":
            children = node.children
            low, high = self._range(children[-1])
            return [Redirect("<<<", self.cut.token(low, high), self.cut.mapped.slice(low, high))]
        operator = _REDIRECT.match(self.text, start, end)
        targets = [child for child in node.children if child.is_named and child.type != "file_descriptor"]
        if operator is None or not targets:
            return []
        low, high = self._range(targets[0])
        rest.extend(targets[1:])  # the grammar takes the words after a target for more targets
        return [self.cut.redirect_to(operator.group(2), low, high)]

    def _command(
        self, node: Any, context: _Context, rest: Sequence[Any] = ()
    ) -> Iterator[tuple[Any, _Context]]:
        words: list[Token] = []
        assignments: list[Assignment] = []
        redirects = list(context.redirects)
        parts: list[Any] = []
        for child in (*node.children, *rest):
            kind = child.type
            if kind == "variable_assignment" and not words:
                assignments.append(self._assignment(child))
            elif kind.endswith("_redirect"):
                extra: list[Any] = []
                redirects.extend(self._redirect(child, extra))
                words.extend(self.cut.token(*self._range(one)) for one in extra)
            else:
                start, end = self._range(child)
                if end > start:
                    words.extend(self.cut.split(self.cut.token(start, end)))
            parts.append(child)
        if not words or (len(words) == 1 and words[0].text in KEYWORDS):
            return
        command = Command(words, assignments, redirects)
        self._record(command, context)
        for child in parts:
            outer = None if child.type == "variable_assignment" else command
            yield from self._substitutions(child, outer, context)

    def _record(self, command: Command, context: _Context) -> list[Command]:
        command.owner = self.owner
        command.substitutes = context.substitutes
        command.conditional = context.conditional
        command.tested = context.tested
        command.assigned = context.assigned
        added = self.recorder.add(command)
        for pipe, index in context.pipes:
            pipe.segments[index].extend(added)
        if command.type_key in ("read", "export", "declare"):
            for token in command.words[1:]:
                name, mark, content = token.content.partition("=")
                self.cut.locals[name] = content if mark else HOLE
        return added

    def _salvage(self, start: int, end: int, context: _Context) -> None:
        """Commands of a part that the grammar could not read."""
        upstream: list[Command] = []
        for one in islice(salvage(self.cut, start, end), most_commands()):
            if one.command is None:
                self.script.assignments.extend(one.assignments)
                continue
            added = self._record(one.command, context)
            if upstream:
                Pipe([upstream, added]).link()
                self.script.pipelines.append(one.command.place().span)
            upstream = added if one.piped else []

    def _substitutions(
        self, node: Any, command: Command | None, context: _Context
    ) -> Iterator[tuple[Any, _Context]]:
        """Scripts inside a word: `$(…)`, backquotes, `<(…)`."""
        if node.child_count == 0:
            return
        start, end = self._range(node)
        raw = self.text[start:end]
        if "`" not in raw and "(" not in raw:
            return
        if context.level > MAX_LEVEL:
            self.script.cut = True
            return
        if node.type in ("command_substitution", "process_substitution"):
            inner = _Context((), (), command, context.conditional, context.assigned, context.level + 1)
            for child in node.children:
                if child.is_named:
                    yield child, inner
            return
        pending = list(reversed(node.children))
        while pending:
            child = pending.pop()
            if child.type in ("command_substitution", "process_substitution"):
                yield from self._substitutions(child, command, context)
            elif child.child_count:
                pending.extend(reversed(child.children))

    def _assignment(self, node: Any) -> Assignment:
        return self.cut.assignment_at(*self._range(node))

    def _assigned(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
        children = [node] if node.type == "variable_assignment" else node.children
        for child in children:
            if child.type == "variable_assignment":
                assignment = self._assignment(child)
                known_before = context.conditional and assignment.name in self.cut.locals
                self.cut.locals[assignment.name] = HOLE if known_before else assignment.content
                self.script.assignments.append(assignment)
                context = _Context((), (), None, context.conditional, assignment.name, context.level)
            yield from self._substitutions(child, None, context)

    def _run_fed(self, pipe: Pipe) -> None:
        """`echo … | sh`, `cat <<EOF | sh`: what is written out is a script too."""
        for left, right in zip(pipe.segments, pipe.segments[1:], strict=False):
            shell = next((one for one in right if one.type_key in SHELLS and not one.operands), None)
            if not left or shell is None:
                continue
            text = _written(left[-1])
            if text is not None:
                self.recorder.feed(shell, text)


def _written(command: Command) -> MappedText | None:
    """What a command writes to its output, where that is a text of the script itself."""
    if command.type_key in ("echo", "printf"):
        tokens = [token for token in command.tokens if not token.content.startswith("-")]
        return tokens[0].script() if len(tokens) == 1 else None
    if command.type_key == "cat" and not command.operands:
        bodies = [redirect.body for redirect in command.redirects if redirect.body is not None]
        return bodies[-1] if bodies else None  # of several redirects of the input the last one counts
    return None


def _elements(node: Any) -> list[Any]:
    """The commands of a chain of `&&` and `||`; of any other node, itself."""
    result, stack = [], [node]
    while stack:
        one = stack.pop()
        if one.type == "list":
            stack.extend(child for child in reversed(one.children) if child.is_named)
        else:
            result.append(one)
    return result


def _character_offsets(text: str) -> list[int]:
    """For each byte offset of the UTF-8 text, the character that it is in."""
    result: list[int] = []
    for index, char in enumerate(text):
        result.extend([index] * len(char.encode("utf-8", "surrogatepass")))
    result.append(len(text))
    return result


@cache
def _parser() -> Any:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
