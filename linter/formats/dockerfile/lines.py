"""From the text of a Dockerfile to its instructions, as BuildKit splits them.

dockerfile-parse splits instructions into keyword and value but does not know heredocs, blank lines within a
continuation, a doubled escape at a line's end, `# escape` after other directives, or a last line without an end.
So `_Front` walks the lines by BuildKit's rules (frontend/dockerfile/parser/parser.go), joins each instruction,
keeps heredoc bodies aside and hands the library one clean line an instruction, in the same place.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left

from linter.errors import UnreadableError
from linter.formats.document import Problem
from linter.formats.image import HOLE
from linter.formats.shell.text import MappedText, located
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import Span

MAX_CHARACTERS = 5_000_000  # the largest real one that we know is 90 kB
MAX_INSTRUCTIONS = 50_000  # those after are not judged; BuildKit itself gives up on some 127 layers
_SENTINEL = "\x01"  # ends every line that the library sees, so that it strips and continues nothing

_DIRECTIVE = lazy_regex(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+)$")  # of a line without blanks at its end
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC_WORD = lazy_regex(r"""(\d*)<<(-?)((?:[^<\s'"]|'[^'\n]*'|"[^"\n]*")+)$""")
_WORD = lazy_regex(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|["'\\])+""", re.DOTALL)
_HEREDOC_OWNERS = lazy_regex(r"\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s", re.IGNORECASE)
_JSON_FORM = lazy_regex(r"\s*(?:ONBUILD\s+)?RUN\s+(?:--\S+\s+)*\[", re.IGNORECASE)
_BARE_NAME = lazy_regex(r"[A-Za-z_]\w*")
# A template's own lines are no instructions: Jinja statements, Go template actions.
_TEMPLATE_LINE = lazy_regex(
    r"\s*(?:\{%.*%\}|\{#.*#\}|\{\{-?\s*(?:if|else|end|range|with|define|block|template|include)\b.*\}\})\s*$"
)
_TEMPLATE_HOLE = lazy_regex(r"\{\{(?:(?!\{\{).)*?\}\}")
_TERRAFORM_HOLE = lazy_regex(r"\$?\$\{[^}$\n]*\}")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line; `text` is without the mark. Never one from within a heredoc."""

    text: str
    span: Span
    continued: bool  # stands between the lines of a continued instruction


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its body with places. `expands` when the marker is not quoted."""

    name: str
    expands: bool
    body: MappedText


@dataclass(slots=True)
class Line:
    """One instruction: the joined text with its places, keyword in upper case, and where its value begins."""

    joined: MappedText
    keyword: str = ""
    value_at: int = 0
    heredocs: list[Heredoc] = field(default_factory=list)
    empty_continuations: list[Span] = field(default_factory=list)
    comments_above: list[Comment] = field(default_factory=list)
    after_template: bool = (
        False  # a statement of a template stands right above: it may go on what came before that
    )

    @property
    def value(self) -> MappedText:
        return self.joined.slice(self.value_at, len(self.joined.text))


@dataclass(slots=True)
class Lines:
    """All that stands in a Dockerfile."""

    instructions: list[Line]
    comments: list[Comment]
    directives: dict[str, tuple[str, Span]]  # syntax, escape, check -> value and its place
    escape: str
    problems: list[Problem]


def split(text: str) -> Lines:
    """The instructions of a Dockerfile's text. UnreadableError when it is no text or too long."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"Dockerfile is longer than {MAX_CHARACTERS:,} characters.", limit=True)
    if "\0" in text:
        at = text.index("\0")
        raise UnreadableError("Dockerfile holds a NUL character.", at, at + 1)
    front = _Front(_without_templates(text))
    lines = front.run()
    _split_keywords(lines)
    return Lines(lines, front.comments, front.directives, front.escape, front.problems)


def _without_templates(text: str) -> str:
    """The text with what a template engine would fill in replaced by holes of the same length."""
    if "{{" in text:
        text = "\n".join(
            line if "{{" not in line or _TEMPLATE_LINE.match(line) else _TEMPLATE_HOLE.sub(_hole, line)
            for line in text.split("\n")
        )
    if "$${" in text:  # written for Terraform's templatefile(): its own ${…} look like ours
        text = _TERRAFORM_HOLE.sub(_hole, text)
    return text


def _hole(match: re.Match[str]) -> str:
    return HOLE * len(match.group())


class _Front:
    """Walks the physical lines once."""

    def __init__(self, text: str) -> None:
        self.rows = text.split("\n")
        self.starts = [0]
        for row in self.rows:
            self.starts.append(self.starts[-1] + len(row) + 1)
        self.next = 0
        self.comments: list[Comment] = []
        self.directives: dict[str, tuple[str, Span]] = {}
        self.escape = "\\"
        self.problems: list[Problem] = []
        self._ends: tuple[dict[str, list[int]], dict[str, list[int]]] = (
            {},
            {},
        )  # row -> where; without, with `-`

    def run(self) -> list[Line]:
        self._read_directives()
        result: list[Line] = []
        above: list[Comment] = []
        after_template = False
        while self.next < len(self.rows):
            row = self.rows[self.next]
            bare = row.strip(" \t\r\v\f")
            if bare.startswith("#"):
                above.append(self._comment(self.next, continued=False))
                self.next += 1
            elif not bare or self._is_template_line(row):
                above = []
                after_template = after_template or bool(bare)
                self.next += 1
            else:
                if len(result) >= MAX_INSTRUCTIONS:
                    at = self.starts[self.next]
                    words = f"More than {MAX_INSTRUCTIONS:,} instructions: the rest is not judged."
                    self.problems.append(Problem(words, at, at + len(row), limit=True))
                    break
                line = self._instruction()
                line.comments_above, above = above, []
                line.after_template, after_template = after_template, False
                if line.joined.text.strip():
                    result.append(line)
        return result

    def _is_template_line(self, row: str) -> bool:
        return row.lstrip().startswith("{") and _TEMPLATE_LINE.match(row) is not None

    def _read_directives(self) -> None:
        for index, row in enumerate(self.rows):
            found = _DIRECTIVE.match(row.rstrip())
            if found is None:
                return
            name, value = found.group(1).lower(), found.group(2)
            if name not in _DIRECTIVES:
                continue
            at = self.starts[index]
            span = Span(at + found.start(2), at + found.end(2))
            if name in self.directives:
                self.problems.append(Problem(f"Directive '{name}' is given twice.", span.start, span.end))
            elif name == "escape" and value not in ("\\", "`"):
                self.problems.append(Problem("The escape directive must be \\ or `.", span.start, span.end))
            else:
                self.directives[name] = (value, span)
                self.escape = value if name == "escape" else self.escape

    def _comment(self, index: int, *, continued: bool) -> Comment:
        row = self.rows[index].rstrip("\r")
        indent = len(row) - len(row.lstrip())
        span = Span(self.starts[index] + indent, self.starts[index] + len(row))
        comment = Comment(row.lstrip()[1:].strip(), span, continued)
        self.comments.append(comment)
        return comment

    def _instruction(self) -> Line:
        escape = self.escape
        pieces: list[tuple[str, int]] = []
        blanks: list[Span] = []
        content, more = _continuation(self.rows[self.next].rstrip("\r"), escape)
        indent = len(content) - len(content.lstrip(" \t\v\f"))
        pieces.append((content[indent:], self.starts[self.next] + indent))
        self.next += 1
        while more and self.next < len(self.rows):
            row = self.rows[self.next].rstrip("\r")
            bare = row.strip(" \t\v\f")
            if bare.startswith("#"):
                self._comment(self.next, continued=True)
            elif not bare:
                if self.next < len(self.rows) - 1:  # the end of the file is no blank line
                    blanks.append(Span(self.starts[self.next], self.starts[self.next] + len(row)))
            elif not self._is_template_line(row):
                content, more = _continuation(row, escape)
                pieces.append((content, self.starts[self.next]))
            self.next += 1
        if more:  # the file ended: blank lines after the last one are no blank lines within
            blanks = []
        line = Line(MappedText(pieces), empty_continuations=blanks)
        self._take_heredocs(line)
        return line

    def _take_heredocs(self, line: Line) -> None:
        text = line.joined.text
        if "<<" not in text or not _HEREDOC_OWNERS.match(text) or _JSON_FORM.match(text):
            return
        for word in _WORD.finditer(text):
            marker = _HEREDOC_WORD.match(word.group())
            if marker is None:
                continue
            if not self._take_body(line, marker.group(3), chomp=bool(marker.group(2))):
                name = marker.group(3).strip("\"'")
                if _BARE_NAME.fullmatch(name):
                    span = line.joined.span(word.start(), word.end())
                    self.problems.append(Problem(f"Heredoc '{name}' has no end.", span.start, span.end))

    def _take_body(self, line: Line, written: str, *, chomp: bool) -> bool:
        quoted = written.strip("\"'").replace("\\", "") != written
        # BuildKit takes all that is glued to the marker for its name; a shell would not: accept both.
        name = re.sub(r"[\"'\\]", "", written)
        for candidate in dict.fromkeys((name, re.split(r"[>|;&)]", name)[0])):
            end = self._find_end(candidate, chomp=chomp) if candidate else None
            if end is None:
                continue
            pieces = []
            for index in range(self.next, end):
                row = self.rows[index]
                cut = len(row) - len(row.lstrip("\t")) if chomp else 0
                pieces.append((row[cut:].rstrip("\r") + "\n", self.starts[index] + cut))
            body = MappedText(pieces) if pieces else located("", self.starts[self.next])
            line.heredocs.append(Heredoc(candidate, not quoted, body))
            self.next = end + 1
            return True
        return False

    def _find_end(self, name: str, *, chomp: bool) -> int | None:
        """The next row that is the name and nothing else. Rows are indexed once: markers without an end are free."""
        ends = self._ends[chomp]
        if not ends:
            for index, row in enumerate(self.rows):
                bare = row.rstrip("\r")
                ends.setdefault(bare.lstrip("\t") if chomp else bare, []).append(index)
        found = ends.get(name, [])
        at = bisect_left(found, self.next)
        return found[at] if at < len(found) else None


def _continuation(row: str, escape: str) -> tuple[str, bool]:
    """The row without its continuation mark, and whether it had one. A doubled escape is none."""
    bare = row.rstrip(" \t")
    if bare.endswith(escape) and not bare.endswith(escape * 2):
        return bare[:-1], True
    return row, False


def _split_keywords(lines: list[Line]) -> None:
    from dockerfile_parse import DockerfileParser  # 20 ms: only where a Dockerfile is read

    clean = "".join(f"{line.joined.text} {_SENTINEL}\n" for line in lines)
    data = io.BytesIO(clean.encode("utf-8", "surrogatepass"))
    entries = DockerfileParser(fileobj=data, env_replace=False).structure
    for entry in entries:
        line = lines[entry["startline"]]
        value = entry["value"].removesuffix(_SENTINEL).rstrip()
        line.keyword = entry["instruction"]
        line.value_at = len(line.joined.text.rstrip()) - len(value)
