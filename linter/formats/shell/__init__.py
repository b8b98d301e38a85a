"""Shell text to simple commands, through tree-sitter-bash.

`parse_shell` reads a script, `parse_argv` an exec-form list; both look through wrappers (`sudo`, `env`, `sh -c` …).
A text with errors still gives the commands around them. Heredocs are lifted out first: the grammar drops a bare `-`
before `<<` and mis-reads the second heredoc of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from linter.formats.image import HOLE
from linter.formats.shell.command import Assignment, Command, Redirect, Token
from linter.formats.shell.heredoc import lift, lifted_index
from linter.formats.shell.simple import Plain, plain
from linter.formats.shell.text import MappedText, located
from linter.formats.shell.tools import SHELLS
from linter.formats.shell.unwrap import Inner, unwrap
from linter.formats.shell.words import Lookup, value
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import Span

MAX_DEPTH = 6  # of scripts within scripts
MAX_COMMANDS = 50_000
USE_PLAIN = True  # tests compare both ways
MAX_VALUE = 10_000  # characters of a variable's value that is followed
MAX_LEVEL = 20  # of substitutions within substitutions
_REDIRECT = lazy_regex(r"(\d*)(&>>|&>|>>|>\||>&|<&|<>|>|<)\s*")
_OPERATOR = lazy_regex(r"""(\\.|'[^']*'|"(?:[^"\\]|\\.)*")|(&&|\|\||\|&?|;|&|\n)""", re.DOTALL)
_BLANK_WORD = lazy_regex(r"""(?:[^\s\\'"]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|['"\\])+""", re.DOTALL)
_ASSIGNMENT = lazy_regex(r"[A-Za-z_]\w*=")
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "esac", "!", "{", "}"}
)
_BLOCKS = frozenset({"if_statement", "while_statement", "for_statement", "c_style_for_statement", "case_statement",
                     "function_definition", "elif_clause", "else_clause", "case_item"})  # fmt: skip


@dataclass(slots=True)
class Script:
    """What a shell text does, in order."""

    commands: list[Command] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)  # on their own or exported
    broken: bool = False  # the grammar found errors; the commands are those around them
    pipelines: list[Span] = field(default_factory=list)


def no_variables(name: str) -> str | None:
    """A lookup that knows no variable."""
    return None


def parse_shell(
    text: MappedText | str,
    lookup: Lookup = no_variables,
    heredocs: Sequence[tuple[str, MappedText]] = (),
    owner: Any = None,
) -> list[Command]:
    """The commands of a script. `heredocs` are bodies that were already cut out, by their markers' names in order."""
    return parse_script(text, lookup, heredocs, owner).commands


def parse_script(
    text: MappedText | str,
    lookup: Lookup = no_variables,
    heredocs: Sequence[tuple[str, MappedText]] = (),
    owner: Any = None,
    depth: int = 0,
) -> Script:
    """The commands and assignments of a script."""
    mapped = located(text) if isinstance(text, str) else text
    lifted, bodies = lift(mapped, heredocs)
    walk = _Walk(lifted, bodies, lookup, owner, depth)
    walk.run()
    return _finished(walk.script)


def parse_argv(
    words: Iterable[tuple[str, Span]], lookup: Lookup = no_variables, owner: Any = None, depth: int = 0
) -> list[Command]:
    """The command of an exec-form list, and what it wraps. No shell: `$X` in a word stays as it is."""
    tokens = [Token(None, 0, 0, content, span=span) for content, span in words]
    if not tokens:
        return []
    script = Script()
    command = Command(tokens, [], [])
    command.owner = owner
    _add(script, command, lookup, depth)
    return _finished(script).commands


def _finished(script: Script) -> Script:
    """Without what was found twice: a substitution within the text of `sh -c "$(…)"` is also a word of the outer."""
    seen: set[tuple[int, str, int]] = set()
    kept = []
    for command in script.commands:
        span = command.place().span
        key = (span.start, command.type_key, len(command.words))
        if command.substitutes is not None and key in seen:
            continue
        seen.add(key)
        kept.append(command)
    script.commands = kept
    for index, command in enumerate(script.commands):
        command.position = index
    return script


def _add(script: Script, command: Command, lookup: Lookup, depth: int) -> None:
    """Record a command and all that it wraps."""
    pending = [command]
    while pending and len(script.commands) < MAX_COMMANDS:
        current = pending.pop(0)
        script.commands.append(current)
        if len(current.wrappers) > 20:
            continue
        for inner in unwrap(current):
            if inner.words is not None:
                pending.append(_wrapped(current, inner))
            elif inner.script is not None and depth < MAX_DEPTH:
                found = parse_script(inner.script, lookup, (), current.owner, depth + 1)
                _adopt(script, current, inner, found)


def _wrapped(outer: Command, inner: Inner) -> Command:
    assert inner.words is not None
    command = outer.evolve_words(inner.words, inner.wrappers)
    outer.inner.append(command)
    for token in inner.assignments:
        name, _, content = token.content.partition("=")
        command.assignments = [*command.assignments, Assignment(token, name, content)]
    return command


def _adopt(script: Script, outer: Command, inner: Inner, found: Script) -> None:
    script.broken = script.broken or found.broken
    script.assignments.extend(found.assignments)
    script.pipelines.extend(found.pipelines)
    outer.inner.extend(found.commands)
    for command in found.commands:
        command.wrappers = (*outer.wrappers, *inner.wrappers, *command.wrappers)
        command.upstream = command.upstream or outer.upstream
        command.downstream = command.downstream or outer.downstream
        command.substitutes = command.substitutes or outer.substitutes
        command.conditional = command.conditional or outer.conditional
        script.commands.append(command)


@dataclass(slots=True)
class _Pipe:
    """The commands of each segment of a pipeline."""

    segments: list[list[Command]]

    def link(self) -> None:
        for left, right in zip(self.segments, self.segments[1:], strict=False):
            if not left or not right:
                continue
            for command in left:
                command.downstream = command.downstream or right[0]
            for command in right:
                command.upstream = command.upstream or left[-1]


@dataclass(frozen=True, slots=True)
class _Context:
    """Where in the script a node stands."""

    pipes: tuple[tuple[_Pipe, int], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    substitutes: Command | None = None
    conditional: bool = False
    assigned: str = ""
    level: int = 0  # of substitutions within substitutions

    def but(self, redirects: tuple[Redirect, ...], *, conditional: bool) -> _Context:
        """The same place with other redirects."""
        return _Context(self.pipes, redirects, self.substitutes, conditional, self.assigned, self.level)


class _Walk:
    """One pass over a tree with a stack of its own: chains of `&&` nest as deep as they are long."""

    def __init__(
        self, mapped: MappedText, bodies: list[MappedText], lookup: Lookup, owner: Any, depth: int
    ) -> None:
        self.mapped = mapped
        self.text = mapped.text
        self.bodies = bodies
        self.outer_lookup = lookup
        self.owner = owner
        self.depth = depth
        self.locals: dict[str, str] = {}
        self.script = Script()
        self.offsets: Sequence[int] | None = None

    def lookup(self, name: str) -> str | None:
        found = self.locals.get(name)
        return self.outer_lookup(name) if found is None else found

    def run(self) -> None:
        if not self.text.strip():
            return
        commands = plain(self.text) if USE_PLAIN else None
        if commands is not None:
            self._run_plain(commands)
            return
        data = self.text.encode("utf-8", "surrogatepass")
        if len(data) != len(self.text):
            self.offsets = _character_offsets(self.text)
        tree = _parser().parse(data)
        self.script.broken = tree.root_node.has_error
        stack: list[tuple[Any, _Context]] = [(tree.root_node, _Context())]
        while stack and len(self.script.commands) < MAX_COMMANDS:
            node, context = stack.pop()
            if isinstance(node, _Pipe):
                node.link()
                self._run_fed(node)
                continue
            children = list(self._visit(node, context))
            stack.extend(reversed(children))

    def _run_plain(self, commands: list[Plain]) -> None:
        pipe: list[list[Command]] = []
        first = 0
        for one in commands:
            words = [token for place in one.words for token in self._split(self._token(*place))]
            redirects = [self._redirect_to(*redirect) for redirect in one.redirects]
            assignments = [self._assignment_at(*place) for place in one.assignments]
            before = len(self.script.commands)
            if words:
                self._record(Command(words, assignments, redirects), _Context())
            first = first if pipe else one.words[0][0]
            pipe.append(self.script.commands[before:])
            if not one.piped:
                if len(pipe) > 1:
                    self.script.pipelines.append(self.mapped.span(first, one.words[-1][1]))
                    whole = _Pipe(pipe)
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
        elif kind == "ERROR":
            self._salvage(node, context)
        elif kind == "comment" or node.child_count == 0:
            return
        else:
            if kind == "for_statement":
                self._loop_variable(node)
            if kind in _BLOCKS and not context.conditional:
                context = context.but(context.redirects, conditional=True)
            for child in node.children:
                if child.is_named:
                    yield child, context

    def _loop_variable(self, node: Any) -> None:
        name = node.child_by_field_name("variable")
        if name is not None:
            start, end = self._range(name)
            self.locals[self.text[start:end]] = HOLE

    def _pipeline(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
        parts = [child for child in node.children if child.is_named]
        pipe = _Pipe([[] for _ in parts])
        start, end = self._range(node)
        self.script.pipelines.append(self.mapped.span(start, end))
        for index, part in enumerate(parts):
            # a redirect of the whole belongs to the last command
            redirects = context.redirects if index == len(parts) - 1 else ()
            piped = _Context(
                (*context.pipes[-7:], (pipe, index)),
                redirects,
                context.substitutes,
                context.conditional,
                context.assigned,
                context.level,
            )
            # in a long chain the grammar takes `a && b | c` for `(a && b) | c`: only b is in the pipe
            elements = _elements(part)
            inside = elements[-1] if index == 0 else elements[0]
            for element in elements:
                yield element, piped if element is inside else context
        yield pipe, context

    def _redirected(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
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
                yield child, context
            yield parts[-1], new
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
            return [Redirect("<<<", self._token(low, high), self.mapped.slice(low, high))]
        operator = _REDIRECT.match(self.text, start, end)
        targets = [child for child in node.children if child.is_named and child.type != "file_descriptor"]
        if operator is None or not targets:
            return []
        low, high = self._range(targets[0])
        rest.extend(targets[1:])  # the grammar takes the words after a target for more targets
        return [self._redirect_to(operator.group(2), low, high)]

    def _redirect_to(self, operator: str, start: int, end: int) -> Redirect:
        token = self._token(start, end)
        index = lifted_index(self.text[start:end])
        if index is not None and index < len(self.bodies):
            return Redirect("<<", token, self.bodies[index])
        return Redirect(operator, token)

    def _token(self, start: int, end: int) -> Token:
        return Token(self.mapped, start, end, value(self.text[start:end], self.lookup))

    def _split(self, token: Token) -> list[Token]:
        """A word whose value came from a variable without quotes is cut at its blanks, as the shell does."""
        if "$" not in token.text or " " not in token.content or '"' in token.text or "'" in token.text:
            return [token]
        return [token.part(content) for content in token.content.split()]

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
                words.extend(self._token(*self._range(one)) for one in extra)
            else:
                start, end = self._range(child)
                if end > start:
                    words.extend(self._split(self._token(start, end)))
            parts.append(child)
        if not words or (len(words) == 1 and words[0].text in _KEYWORDS):
            return
        command = Command(words, assignments, redirects)
        self._record(command, context)
        for child in parts:
            outer = None if child.type == "variable_assignment" else command
            yield from self._substitutions(child, outer, context)

    def _record(self, command: Command, context: _Context) -> None:
        command.owner = self.owner
        command.substitutes = context.substitutes
        command.conditional = context.conditional
        command.assigned = context.assigned
        before = len(self.script.commands)
        _add(self.script, command, self.lookup, self.depth)
        for pipe, index in context.pipes:
            pipe.segments[index].extend(self.script.commands[before:])
        if command.type_key in ("read", "export", "declare"):
            for token in command.words[1:]:
                name, mark, content = token.content.partition("=")
                self.locals[name] = content if mark else HOLE

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
        return self._assignment_at(*self._range(node))

    def _assignment_at(self, start: int, end: int) -> Assignment:
        raw = self.text[start:end]
        name, _, written = raw.partition("=")
        name = name.removesuffix("+").partition("[")[0]
        content = (
            HOLE if written.startswith("(") or "+=" in raw[: len(name) + 2] else value(written, self.lookup)
        )
        if len(content) > MAX_VALUE:  # values that double each other grow without bound
            content = HOLE
        return Assignment(Token(self.mapped, start, end, raw), name, content)

    def _assigned(self, node: Any, context: _Context) -> Iterator[tuple[Any, _Context]]:
        children = [node] if node.type == "variable_assignment" else node.children
        for child in children:
            if child.type == "variable_assignment":
                assignment = self._assignment(child)
                known_before = context.conditional and assignment.name in self.locals
                self.locals[assignment.name] = HOLE if known_before else assignment.content
                self.script.assignments.append(assignment)
                context = _Context((), (), None, context.conditional, assignment.name, context.level)
            yield from self._substitutions(child, None, context)

    def _run_fed(self, pipe: _Pipe) -> None:
        """`echo … | sh`, `cat <<EOF | sh`: what is written out is a script too."""
        for left, right in zip(pipe.segments, pipe.segments[1:], strict=False):
            shell = next((one for one in right if one.type_key in SHELLS and not one.operands), None)
            if not left or shell is None or self.depth >= MAX_DEPTH:
                continue
            text = _written(left[-1])
            if text is not None:
                found = parse_script(text, self.lookup, (), self.owner, self.depth + 1)
                _adopt(self.script, shell, Inner((shell.type_key,), script=text), found)

    def _salvage(self, node: Any, context: _Context) -> None:
        """Commands of a part that the grammar could not read, split at operators alone."""
        start, end = self._range(node)
        upstream: list[Command] = []
        for low, high, operator in _chunks(self.text, start, end):
            tokens = [self._token(*word.span()) for word in _BLANK_WORD.finditer(self.text, low, high)]
            while tokens and (tokens[0].text in _KEYWORDS or tokens[0].text in ("(", ")")):
                if tokens.pop(0).text == "for":
                    tokens = []  # the words of a loop are no command
            assignments = []
            while tokens and _ASSIGNMENT.match(tokens[0].content):
                token = tokens.pop(0)
                name, _, content = token.content.partition("=")
                assignments.append(Assignment(token, name, content))
            if not tokens:
                self.script.assignments.extend(assignments)
                continue
            command = Command(tokens, assignments, [])
            before = len(self.script.commands)
            self._record(command, context)
            added = self.script.commands[before:]
            if upstream:
                _Pipe([upstream, added]).link()
                self.script.pipelines.append(self.mapped.span(low, high))
            upstream = added if operator.startswith("|") and operator != "||" else []


def _written(command: Command) -> MappedText | None:
    """What a command writes to its output, where that is a text of the script itself."""
    if command.type_key in ("echo", "printf"):
        tokens = [token for token in command.tokens if not token.content.startswith("-")]
        return tokens[0].script() if len(tokens) == 1 else None
    if command.type_key == "cat" and not command.operands:
        return next((redirect.body for redirect in command.redirects if redirect.body is not None), None)
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


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    low = start
    for found in _OPERATOR.finditer(text, start, end):
        if found.group(2):
            yield low, found.start(), found.group(2)
            low = found.end()
    yield low, end, ""


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


def variables(values: Mapping[str, str]) -> Lookup:
    """A lookup in a mapping."""
    return values.get
