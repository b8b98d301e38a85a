"""What a chart's template has in a branch that the chart's own values leave out: an option of an object.

A whole object that is optional is no option in this sense: who wants it gets its flaws. What counts is the branch
within an object, such as `hostNetwork: true` under `if .Values.hostNetwork`.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from linter.adapters.definitions import MAX_FILES, helper_files
from linter.aside.named import NamedTemplates, Token
from linter.aside.switches import Switches
from linter.aside.valueuses import ValueUses
from linter.cel import UNKNOWN
from linter.finding import Diagnostic
from linter.formats.scalars import whole
from linter.frozen import dataclass
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, crash_of
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

# as long as actions get: of many that are open each would look through the whole text
_ACTION = lazy_regex(r"\{\{-?\s*+(?!/\*)(.{0,2000}?)-?\}\}", re.DOTALL)
_COMMENT = lazy_regex(r"\{\{-?\s*/\*(?:(?!\{\{-?\s*/\*).)*?\*/\s*-?\}\}", re.DOTALL)
# `)` with the path of what is taken from the value in the parentheses: `(.Values.a).b`
_WORDS = lazy_regex(r'"[^"]*"|`[^`]*`|\)(?:\.[\w.-]*\w)?|[(|]|[^\s()|]+')
_OBJECT = lazy_regex(r"^(?:kind|apiVersion)\s*:", re.MULTILINE)
_DOCUMENT_END = lazy_regex(r"\n---")
_ASSIGNED = lazy_regex(r"(\$\w+)\s*:?=\s*(\S.*)\Z", re.DOTALL)
_OPENS = ("if", "with", "range", "define", "block")
_INSIDE = frozenset(
    ("templates", "files")
)  # of a chart: its templates, and what they read as templates (`tpl`)
_OF_CLUSTER = ".Capabilities."
_MAX_DEPTH = 20  # of parentheses in a condition
_LONGEST = 1_000  # characters of a condition that is looked at
_MOST_ACTIONS = 5_000  # of one template; with more of them none of it is an option
_MOST_NEEDS = 20  # conditions of one branch: those of the branches before it must be false


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a template that is there under a condition. Offsets are of its text."""

    start: int
    end: int
    condition: str
    wanted: bool  # what the condition must be


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition can be told from."""

    values: Any
    names: dict[str, Any]
    include: Callable[[str], Any]


class Charts:
    """The templates and values of charts that were asked about, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Diagnostic] = []
        self.switches = Switches(root)
        self.uses = ValueUses(root, self.is_option)
        self._left_out: dict[tuple[str, bool], frozenset[int]] = {}
        self._values: dict[Path, Any] = {}
        self._named: dict[Path, NamedTemplates] = {}

    def is_option(self, path: str, line: int, *, whole: bool = False) -> bool:
        """Whether a line (from 1) of a file, relative to the root, is in a branch that the values leave out.

        `whole`: also when that is an object as a whole.
        """
        if not _INSIDE.intersection(path.split("/")[:-1]):
            return False
        key = (path, whole)
        if key not in self._left_out:
            self._left_out[key] = self._told(path, whole=whole)
        return line in self._left_out[key]

    def asks_cluster(self, path: str, line: int) -> bool:
        """Whether a line (from 1) of a template, relative to the root, is there for clusters of some version, as a
        condition around it asks: `.Capabilities.APIVersions.Has "policy/v1beta1"`."""
        text = _read(self.root / path) if _INSIDE.intersection(path.split("/")[:-1]) else None
        if text is None or text.count("{{") > _MOST_ACTIONS:
            return False
        at = SourceText(path, text).offset(line, 1)
        return any(
            branch.start <= at < branch.end and _OF_CLUSTER in branch.condition for branch in branches(text)
        )

    def _told(self, path: str, *, whole: bool) -> frozenset[int]:
        try:
            return frozenset(self._of(path, whole=whole))
        except Exception as error:  # noqa: BLE001 - our fault: told, and what can't be known for an option counts
            self.faults.append(crash_of(path, "looking for options of the chart", error))
            return frozenset()

    def _of(self, path: str, *, whole: bool) -> Iterator[int]:
        """The lines of a template that the values leave out."""
        *parts, _ = path.split("/")
        at = max(number for number, part in enumerate(parts) if part in _INSIDE)
        folder = self.root.joinpath(*parts[:at])
        text = _read(self.root / path)
        if text is None or text.count("{{") > _MOST_ACTIONS or not (folder / "Chart.yaml").is_file():
            return
        values = self._values_of(folder)
        include = self.templates_of(folder).output
        names = _assigned(text, values, include)
        lines = SourceText(path, text)
        objects = [match.start() for match in _OBJECT.finditer(text)]
        ends = [match.start() for match in _DOCUMENT_END.finditer(text)]
        left_out = 0  # all lines before it are told
        wholes: dict[
            tuple[str, bool], int
        ] = {}  # what whole objects hang on, and where the last of them ends
        for branch in sorted(branches(text), key=lambda branch: (branch.start, -branch.end)):
            if not whole and not _is_within(branch, objects, ends):
                wholes[branch.condition, branch.wanted] = branch.end
                continue
            if branch.end <= wholes.get((branch.condition, branch.wanted), 0):
                continue  # who wants the object gets it
            verdict = evaluate(branch.condition, values, names, include)
            if verdict is not UNKNOWN and bool(verdict) is not branch.wanted:
                last = lines.position(branch.end).line
                yield from range(max(lines.position(branch.start).line, left_out), last + 1)
                left_out = max(left_out, last + 1)

    def templates_of(self, folder: Path) -> NamedTemplates:
        """The named templates of the chart in a folder."""
        if folder not in self._named:
            values = self._values_of(folder)
            # the chart's own come last: they have the last word on a name
            files = reversed(list(islice(helper_files(folder), MAX_FILES)))
            texts = [text for text in map(_read, files) if text and text.count("{{") <= _MOST_ACTIONS]

            def come_to(expression: str) -> Any:
                return evaluate(expression, values, {}, self._named[folder].output)

            self._named[folder] = NamedTemplates([list(_tokens(text)) for text in texts], come_to)
        return self._named[folder]

    def come_to(self, folder: Path, expression: str) -> Any:
        """What an expression in a template of the chart in a folder is by its values; UNKNOWN when it can't be told."""
        return evaluate(expression, self._values_of(folder), {}, self.templates_of(folder).output)

    def _values_of(self, folder: Path) -> Any:
        from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

        if folder not in self._values:
            text = _read(folder / "values.yaml")
            documents = parse_documents(decode("values.yaml", text.encode())).documents if text else []
            self._values[folder] = documents[0].plain() if documents else {}
        return self._values[folder]


def _read(path: Path) -> str | None:
    try:
        return read_regular(path, MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return None


def _tokens(text: str) -> Iterator[Token]:
    """The actions of a template, and the texts between them."""
    at = 0
    for match in _ACTION.finditer(text):
        yield "", _COMMENT.sub("", text[at : match.start()])
        at = match.end()
        keyword, _, rest = match[1].strip().partition(" ")
        yield keyword, rest.strip()
    yield "", text[at:]


def _assigned(text: str, values: Any, include: Callable[[str], Any]) -> dict[str, Any]:
    """What variables stand for; UNKNOWN where that does not hang on the values alone, or they are given more."""
    names: dict[str, Any] = {}
    for action in _ACTION.findall(text):
        match = _ASSIGNED.match(action)
        if match:
            value = evaluate(match[2].strip(), values, names, include)
            before = names.get(match[1], value)
            same = before is not UNKNOWN and value is not UNKNOWN and before == value
            names[match[1]] = value if same else UNKNOWN
        else:
            for name in re.findall(r"(\$\w+)(?:\s*,\s*\$\w+)?\s*:?=", action):
                names[name] = UNKNOWN
    return names


def _is_within(branch: Branch, objects: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether a branch is a part of an object. Offsets: where objects begin, and where documents end."""
    above = bisect_left(objects, branch.start)
    if not above or (above < len(objects) and objects[above] < branch.end):
        return False  # the whole object
    return bisect_left(ends, branch.start) == bisect_left(ends, objects[above - 1])


def branches(text: str) -> Iterator[Branch]:
    """Every branch of every block."""
    opened: list[tuple[str, int, list[tuple[str, bool]]]] = []  # keyword, start of the branch, what it takes
    for match in _ACTION.finditer(text):
        keyword, _, rest = match[1].strip().partition(" ")
        rest = rest.strip()
        if keyword in _OPENS:
            opened.append(
                (keyword, match.end(), [(rest, True)] if keyword in ("if", "with", "range") else [])
            )
        elif keyword in ("else", "end") and opened:
            word, start, needs = opened.pop()
            yield from (Branch(start, match.start(), condition, wanted) for condition, wanted in needs)
            if keyword == "else":
                others = [(condition, False) for condition, wanted in needs if wanted]
                others = [*others, *(need for need in needs if not need[1])][:_MOST_NEEDS]
                more = re.sub(r"^(?:if|with)\s+", "", rest)
                opened.append((word, match.end(), others + ([(more, True)] if rest else [])))


def evaluate(
    condition: str, values: Any, names: dict[str, Any], include: Callable[[str], Any] = lambda name: UNKNOWN
) -> Any:
    """What a condition is for the values; UNKNOWN for what hangs on anything else.

    `names` are variables and what they stand for, `include` gives the text of a named template.
    """
    if len(condition) > _LONGEST:
        return UNKNOWN
    words = _WORDS.findall(condition)
    verdict, rest = _call(words, Known(values, names, include), 0)
    return UNKNOWN if rest else verdict


def _call(words: Sequence[str], known: Known, depth: int) -> tuple[Any, Sequence[str]]:
    """A pipeline up to the closing parenthesis, and the words after it."""
    value, rest = _command(words, known, depth)
    while rest and rest[0] == "|":
        value, rest = _command(rest[1:], known, depth, (value,))
    return value, rest


def _command(
    words: Sequence[str], known: Known, depth: int, piped: tuple[Any, ...] = ()
) -> tuple[Any, Sequence[str]]:
    """One call or value of a pipeline, and the words after it. `piped` is the last argument, from the one before."""
    items: list[Any] = []
    if len(words) > 2 and words[0] in ("include", "template") and words[2] in (".", "$"):
        return known.include(words[1].strip('"`')), words[3:]
    function = words[0] if words and words[0] in _FUNCTIONS else ""
    rest = words[1:] if function else words
    while rest and rest[0][0] not in ")|":
        if depth > _MAX_DEPTH:
            return UNKNOWN, ()
        if rest[0] == "(":
            value, rest = _call(rest[1:], known, depth + 1)
            value = _part(value, rest[0].split(".")[1:] if rest else ())
            rest = rest[1:]
        else:
            value, rest = _value(rest[0], known), rest[1:]
        items.append(value)
    if function:
        return _FUNCTIONS[function]([*items, *piped]), rest
    return (items[0] if len(items) == 1 and not piped else UNKNOWN), rest


def _value(word: str, known: Known) -> Any:
    if word[0] in '"`':
        return word[1:-1]
    if word in ("true", "false"):
        return word == "true"
    if (number := whole(word.removeprefix("-"))) is not None:
        return -number if word[0] == "-" else number
    name, _, path = word.partition(".")
    if name in known.names and name:
        return _part(known.names[name], path.split(".") if path else ())
    word = word.removeprefix("$")
    if word != ".Values" and not word.startswith(".Values."):
        return UNKNOWN
    return _part(known.values, word.split(".")[2:])


def _part(values: Any, path: Sequence[str]) -> Any:
    """What is at a path in some values; nothing where they have nothing there."""
    for key in path:
        if values is UNKNOWN or values is True:
            return UNKNOWN
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _and(items: Sequence[Any]) -> Any:
    """The first that is false or empty, else the last, as templates have it."""
    unknown = False
    for item in items:
        if item is UNKNOWN:
            unknown = True
        elif not item:
            return False if unknown else item
    return UNKNOWN if unknown or not items else items[-1]


def _or(items: Sequence[Any]) -> Any:
    """The first that is neither false nor empty, else the last; true where it is not known which."""
    unknown = False
    for item in items:
        if item is UNKNOWN:
            unknown = True
        elif item:
            return True if unknown else item
    return UNKNOWN if unknown or not items else items[-1]


def _not(items: Sequence[Any]) -> Any:
    return UNKNOWN if len(items) != 1 or items[0] is UNKNOWN else not items[0]


def _eq(items: Sequence[Any]) -> Any:
    if len(items) < 2 or any(item is UNKNOWN or isinstance(item, (dict, list)) for item in items):
        return UNKNOWN  # helm compares no maps and lists
    return any(items[0] == item for item in items[1:])


def _ne(items: Sequence[Any]) -> Any:
    same = _eq(items)
    return UNKNOWN if same is UNKNOWN else not same


def _get(items: Sequence[Any]) -> Any:
    if len(items) != 2 or any(item is UNKNOWN for item in items) or not isinstance(items[1], str):
        return UNKNOWN
    return items[0].get(items[1], "") if isinstance(items[0], dict) else ""


def _index(items: Sequence[Any]) -> Any:
    value = items[0] if items else UNKNOWN
    for key in items[1:]:
        if key is UNKNOWN or not isinstance(value, dict):
            return UNKNOWN
        value = value.get(key)
    return value


def _text(items: Sequence[Any]) -> Any:
    if len(items) != 1 or not isinstance(items[0], (str, bool, int)):
        return UNKNOWN
    return str(items[0]).lower() if isinstance(items[0], bool) else str(items[0])


def _print(items: Sequence[Any]) -> Any:
    return "".join(items) if all(isinstance(item, str) for item in items) else UNKNOWN


def _quote(items: Sequence[Any]) -> Any:
    """What is not there gives an empty text, without quotes around it."""
    if len(items) != 1 or items[0] is UNKNOWN:
        return UNKNOWN
    if items[0] is None:
        return ""
    text = _text(items)
    return text if text is UNKNOWN else f'"{text}"'


def _default(items: Sequence[Any]) -> Any:
    if len(items) != 2 or items[1] is UNKNOWN:
        return UNKNOWN
    return items[1] or items[0]


def _lower(items: Sequence[Any]) -> Any:
    return items[0].lower() if len(items) == 1 and isinstance(items[0], str) else UNKNOWN


def _coalesce(items: Sequence[Any]) -> Any:
    """The first that is not empty."""
    for item in items:
        if item is UNKNOWN or item:
            return item
    return None


def _len(items: Sequence[Any]) -> Any:
    return len(items[0]) if len(items) == 1 and isinstance(items[0], (str, list, dict)) else UNKNOWN


def _int(items: Sequence[Any]) -> Any:
    return items[0] if len(items) == 1 and type(items[0]) is int else UNKNOWN


def _compared(by: Callable[[int, int], bool]) -> Callable[[Sequence[Any]], Any]:
    def compare(items: Sequence[Any]) -> Any:
        numbers = len(items) == 2 and all(type(item) is int for item in items)
        return by(items[0], items[1]) if numbers else UNKNOWN

    return compare


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "index": _index,
    "toString": _text,
    "print": _print,
    "quote": _quote,
    "squote": _quote,
    "default": _default,
    "empty": _not,
    "get": _get,
    "and": _and,
    "or": _or,
    "not": _not,
    "eq": _eq,
    "ne": _ne,
    "lower": _lower,
    "coalesce": _coalesce,
    "len": _len,
    "int": _int,
    "gt": _compared(operator.gt),
    "ge": _compared(operator.ge),
    "lt": _compared(operator.lt),
    "le": _compared(operator.le),
}
