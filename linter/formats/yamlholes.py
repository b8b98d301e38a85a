"""Templates that make YAML (Helm, Go, Jinja, ytt, envsubst, SOPS): the same text with what is not known filled in.

Every offset stays: an expression is replaced by as many `HOLE` characters, control lines become blanks, and
where an expression would write whole keys or elements the place is noted: absence proves nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from linter.formats.image import HOLE
from linter.formats.yamlcompose import compose
from linter.frozen import dataclass
from linter.patterns import lazy_regex

# an action ends before the next one begins, so that a file of openings is read in one pass
_COMMENT = r"\{\{[-~]?[ \t]*/\*(?:(?!\{\{[-~]?[ \t]*/\*|\*/).)*\*/[ \t]*[-~]?\}\}"  # it may hold actions
_INSIDE = r"(?:[^{}]|\{(?!\{)|\}(?!\}))*"
_BRACES = (
    rf"{_COMMENT}|\{{\{{\{{{_INSIDE}\}}\}}\}}|\{{\{{{_INSIDE}\}}\}}"  # `{a: {{ .b }}}` ends a mapping too
)
_DIRECTIVE = r"%\{~?[ \t]*(?:if|for|else|endif|endfor)\b[^{}\n]*\}"  # of Terraform
_STATEMENT = rf"\{{%(?:(?!\{{%|%\}}).)*%\}}|{_DIRECTIVE}"
_REMARK = r"\{#(?:(?!\{#|#\}).)*#\}"
_ACTION = lazy_regex(rf"{_BRACES}|{_STATEMENT}", re.DOTALL)
_JINJA_ACTION = lazy_regex(rf"{_BRACES}|{_STATEMENT}|{_REMARK}", re.DOTALL)
_SILENT = lazy_regex(
    r"%\{|\{[%#]|\{\{[-~]?\s*(?:(?:if|else|end|range|with|define|block|break|continue)\b|/\*|\$\w*\s*:?=(?!=))"
)
_QUIET = lazy_regex(r"\{#|\{\{[-~]?\s*(?:/\*|\$\w*\s*:?=(?!=))")  # writes nothing, decides nothing
_INDENT = lazy_regex(r"\bn?indent\s*+\(?\s*+(\d{1,9})\b")
_KEY = lazy_regex(r"(?P<lead>\s*+(?:-\s++)*)(?!-\s)[^\s#].*?:\s*(?:#.*)?$")
# a value of one word with a shell-like variable, or one that is a remark in angle brackets
_VARIABLE = r"\$\{[A-Za-z_][\w.-]*(?:(?::?[-=?+]|/)[^}\s]{0,500})?\}|\$[A-Z_][A-Z0-9_]{2,}"
_WORD_LINE = lazy_regex(
    rf"^(?:[ \t]*(?:-[ \t]+)*)(?:[\w./-]+:[ \t]+|-[ \t]+)[\"']?(?=[^\s\"'#]*?(?:{_VARIABLE}))[^\s\"']*+[\"']?"
    r"[ \t]*(?:#.*)?\r?$"
)
_REMARK_LINE = lazy_regex(
    r"^[ \t]*(?:-[ \t]+)*[\w./-]+:[ \t]+([\"']?)(<[A-Za-z][^<>\n]*>)\1[ \t]*(?:#.*)?\r?$"
)
# `image: #@ data.values.image`: ytt writes the value
_YTT_LINE = lazy_regex(r"(?m)^([ \t]*(?:-[ \t]+)*[\w./\"'-]+:[ \t]+|[ \t]*(?:-[ \t]+)+)(#@[ \t][^\r\n]*)")
# what SOPS encrypted: only who has the key knows the value
_CIPHERTEXT = lazy_regex(r"ENC\[AES256_GCM,[^\]\r\n]*\]")
# the header of a block scalar, blanks below it, and the first line of its own
_LEADING = lazy_regex(
    r"^[^\n#]*[:-][ \t]+[|>][-+]?[ \t]*\r?\n((?:[ \t]+\r?\n)+)(?=([ ]*)[^\s])", re.MULTILINE
)
_OWN = lazy_regex(
    r"[ \t]*(?:-[ \t]+)*(?=([^\s|>-]|-\S)?)"
)  # up to the key whose scalar it is, or the dash of a list
# what Jinja keeps in a variable is no text of the file
_SET = lazy_regex(r"\{%[-~+]?[ \t]*(?:set[ \t]+[A-Za-z_]\w*|(?P<end>endset))[ \t]*[-~+]?%\}")
_HEADER = lazy_regex(r"^[^#\n]*[:-][ \t]+[|>][-+]?\d?[ \t]*\r?$")
# what stands in for entries that the other branch writes
_EMPTY_BRANCH = lazy_regex(
    r"^([ \t]*\{\{[-~]?[ \t]*else[ \t]*[-~]?\}\}[ \t]*\r?\n[ \t]*)(?:\{\}|\[\])(?=[ \t]*\r?$)", re.MULTILINE
)
_LONGEST_LINE = 2000  # characters: a longer one holds data, no setting
_MOST_BLANK = 300  # lines that are looked across for what an expression belongs to
_TOO_FAR = -1  # what comes after so many blank lines is not looked at
_MARK = lazy_regex(r"\$(?:\{|[A-Z])|<[A-Za-z]")
_VARIABLE_RE = lazy_regex(_VARIABLE)
_DIRECTIVE_RE = lazy_regex(_DIRECTIVE)


@dataclass(frozen=True, slots=True)
class Filled:
    """`text` is as long as the original; `spots` are (offset, column) where entries may be added."""

    text: str
    spots: tuple[tuple[int, int], ...]
    engine: bool  # a template engine's own syntax is in it, not only variables


@dataclass(frozen=True, slots=True)
class Output:
    """A line on which an expression writes entries of a mapping or list, and their column."""

    line: int
    column: int
    inline: bool  # after `key:` on the same line
    remark: bool  # in a comment: written by an engine, and nothing where there is none


def fill(text: str) -> Filled | None:
    """Fill in the holes of a template; None when the text has none."""
    marked = _fill_variables(text)
    if "#@ " in marked:
        marked = _YTT_LINE.sub(lambda m: m[1] + HOLE * len(m[2]), marked)
    if "ENC[AES256_GCM," in marked:
        marked = _CIPHERTEXT.sub(lambda m: HOLE * len(m[0]), marked)
    if "{{" in marked and "else" in marked:
        marked = _EMPTY_BRANCH.sub(lambda m: m[1] + "  ", marked)
    if "{{" not in text and "{%" not in text and not ("%{" in text and _DIRECTIVE_RE.search(text)):
        return Filled(marked, (), engine=False) if marked is not text else None
    if "{%" in marked:
        marked = _cover_sets(marked)
    filled, outputs = _fill_actions(marked)
    if any(output.remark for output in outputs) and compose(text)[1] is None:
        outputs = [output for output in outputs if not output.remark]  # a manifest as it stands
    placed, spots = place(filled, outputs)
    return Filled(_LEADING.sub(_lead, placed), spots, engine=True)


def _lead(match: re.Match[str]) -> str:
    """Blanks that begin a block scalar and are longer than its indent would set it: a hole stands there instead."""
    header = match[0][: match.start(1) - match.start()]
    own = _OWN.match(header)
    least = own.end() if own is not None and own[1] else len(header) - len(header.lstrip())
    indent = max(
        len(match[2]), least + 1
    )  # what comes next may be beside the scalar, which then has these lines alone
    lines = [
        line[:indent] + HOLE * (len(line.rstrip("\r")) - indent) + "\r" * line.endswith("\r")
        if len(line.rstrip("\r")) > indent
        else line
        for line in match[1].split("\n")
    ]
    return header + "\n".join(lines)


def _fill_variables(text: str) -> str:
    """Cover variables and remarks line by line; the text itself when it has none."""
    if "$" not in text and "<" not in text:
        return text
    parts: list[str] = []
    done = seen = 0
    for mark in _MARK.finditer(text):
        if mark.start() < seen:
            continue  # another one of the same line
        start = text.rfind("\n", 0, mark.start()) + 1
        end = text.find("\n", mark.end())
        seen = len(text) if end < 0 else end
        if seen - start > _LONGEST_LINE:
            continue
        line = text[start:seen]
        filled = _VARIABLE_RE.sub(lambda m: HOLE * len(m[0]), line) if _WORD_LINE.match(line) else line
        remark = _REMARK_LINE.match(line)
        if remark:
            filled = line.replace(remark[2], HOLE * len(remark[2]))
        if filled != line:
            parts += [text[done:start], filled]
            done = start + len(line)
    return "".join([*parts, text[done:]]) if parts else text


def _groups(text: str) -> Iterator[list[tuple[int, int]]]:
    """Actions that share a line."""
    group: list[tuple[int, int]] = []
    line_end = -1
    for match in (_JINJA_ACTION if "{%" in text else _ACTION).finditer(text):
        if group and match.start() > line_end:
            yield group
            group = []
        group.append(match.span())
        found = text.find("\n", match.end())
        line_end = found if found >= 0 else len(text)
    if group:
        yield group


def _fill_actions(text: str) -> tuple[str, list[Output]]:
    parts: list[str] = []
    outputs: list[Output] = []
    done = line = 0
    for group in _groups(text):
        first, last = group[0][0], group[-1][1]
        start = text.rfind("\n", 0, first) + 1
        end = text.find("\n", last)
        end = len(text) if end < 0 else end
        around = [text[start:first]] + [
            text[a[1] : b[0]] for a, b in pairwise(group)
        ] + [text[last:end]]  # fmt: skip
        residue = "".join(around).strip()
        actions = [text[a:b] for a, b in group]
        loud = [action for action in actions if not _SILENT.match(action)]
        alone = not residue or residue.startswith("#")
        bare = not loud and not residue.strip("- \t")  # `- {{- if .x }}`: the element begins on the next line
        line += text.count("\n", done, start)
        parts.append(text[done:start])
        inline = bool(loud) and residue.endswith(":") and "nindent" in loud[-1] and not around[-1].strip()
        if loud and (alone or inline):
            remark = around[0].lstrip().startswith("#")
            outputs.append(Output(line, _column(loud[-1], group[0][0] - start), inline, remark))
        for index, action in enumerate(actions):
            parts.append(around[index].replace("\t", " ") if alone else around[index])
            blank = alone or bare or inline or _QUIET.match(action) is not None
            parts.append(_cover(action, " " if blank else HOLE))
        parts.append(around[-1])
        line += text.count("\n", start, end)
        done = end
    parts.append(text[done:])
    return "".join(parts), outputs


def _cover_sets(text: str) -> str:
    """Cover what stands in blocks of `set`; a block ends before the next one begins."""
    parts: list[str] = []
    done = 0
    opened = None
    for mark in _SET.finditer(text):
        if mark["end"] is None:
            opened = mark.end()
        elif opened is not None:
            parts += [text[done:opened], _cover_lines(text[opened : mark.start()])]
            done, opened = mark.start(), None
    return "".join([*parts, text[done:]]) if parts else text


def _cover_lines(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _column(action: str, own: int) -> int:
    found = _INDENT.findall(action)
    return int(found[-1]) if found else own


def _cover(action: str, mark: str) -> str:
    first, newline, rest = action.partition("\n")
    covered = mark * len(first)
    return covered + newline + re.sub(r"[^\r\n]", " ", rest) if newline else covered


def place(text: str, outputs: list[Output]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Decide for each output line whether it is the value of the key above, or entries beside others."""
    if not outputs:
        return text, ()
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spots: list[tuple[int, int]] = []
    for output in outputs:
        if not output.inline and output.line and _HEADER.search(lines[output.line - 1]):
            continue  # text of a block scalar
        key = _key_column(lines, output)
        after = _next_content(lines, output.line + 1)
        if after == _TOO_FAR:
            spots.append((starts[output.line], output.column))
            continue
        indent = len(lines[after]) - len(lines[after].lstrip()) if after is not None else -1
        item = after is not None and lines[after].lstrip().startswith("- ")
        if key is None or output.column < key:
            anchor = after if after is not None and indent >= output.column else output.line
            spots.append((starts[anchor] + (indent if anchor == after else 0), output.column))
        elif after is not None and (indent > key or (indent == key and item)):
            spots.append((starts[after] + indent, indent))
        else:
            _fill_value(lines, output, key, spots, starts)
    return "\n".join(lines), tuple(spots)


def _fill_value(
    lines: list[str], output: Output, key: int, spots: list[tuple[int, int]], starts: list[int]
) -> None:
    """Put a hole where the key's value would be written."""
    line = lines[output.line]
    content = len(line.rstrip()) + 1 if output.inline else key + 1
    room = len(line.rstrip("\r")) - content
    if room > 0:
        lines[output.line] = line[:content] + HOLE * room + line[content + room :]
    else:  # no room: the mapping that holds the key is open, so its null value reads as unknown
        spots.append((starts[output.line], key))


def _key_column(lines: list[str], output: Output) -> int | None:
    """The column of the key without a value that the output follows; None when it follows something else."""
    number = output.line if output.inline else output.line - 1
    stop = max(-1, number - _MOST_BLANK)
    while number > stop and not output.inline and _is_blank(lines[number]):
        number -= 1
    match = _KEY.match(lines[number].rstrip()[:_LONGEST_LINE]) if number > stop else None
    return len(match["lead"]) if match else None


def _next_content(lines: list[str], number: int) -> int | None:
    stop = min(len(lines), number + _MOST_BLANK)
    while number < stop and _is_blank(lines[number]):
        number += 1
    if number == stop < len(lines):
        return _TOO_FAR
    return number if number < stop and not lines[number].startswith("---") else None


def _is_blank(line: str) -> bool:
    stripped = line.strip()
    return not stripped or stripped.startswith("#")
