"""What a chart's template has in a branch that the chart's own values leave out: an option of an object.

A whole object that is optional is no option in this sense: who wants it gets its flaws. What counts is the branch
within an object, such as `hostNetwork: true` under `if .Values.hostNetwork`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.chartvalues import ACTION, MOST_ACTIONS, ChartValues, read_template
from linter.adapters.expressions import evaluate
from linter.aside.values.switches import Switches
from linter.aside.values.toldswitches import ToldSwitches
from linter.aside.values.valueuses import ValueUses
from linter.cel import UNKNOWN
from linter.finding import Diagnostic
from linter.frozen import dataclass
from linter.loading import crash_of
from linter.patterns import lazy_regex
from linter.text import SourceText

_OBJECT = lazy_regex(r"^(?:kind|apiVersion)\s*:", re.MULTILINE)
_DOCUMENT_END = lazy_regex(r"\n---")
_ASSIGNED = lazy_regex(r"(\$\w+)\s*:?=\s*(\S.*)\Z", re.DOTALL)
_OPENS = ("if", "with", "range", "define", "block")
# of a chart: its templates, and what they read as templates (`tpl`)
_INSIDE = frozenset(("templates", "files"))
_OF_CLUSTER = ".Capabilities."
_MOST_NEEDS = 20  # conditions of one branch: those of the branches before it must be false


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a template that is there under a condition. Offsets are of its text."""

    start: int
    end: int
    condition: str
    wanted: bool  # what the condition must be


class Charts:
    """What the charts of a tree leave off, each template that is asked about looked through once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Diagnostic] = []
        self.switches = Switches(root)
        self.uses = ValueUses(root, self.is_option)
        self._left_out: dict[tuple[str, bool], frozenset[int]] = {}
        self._values = ChartValues()
        self.told = ToldSwitches(root, self._values, self.conditions)

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
        text = read_template(self.root / path) if _INSIDE.intersection(path.split("/")[:-1]) else None
        if text is None or text.count("{{") > MOST_ACTIONS:
            return False
        at = SourceText(path, text).offset(line, 1)
        return any(
            branch.start <= at < branch.end and _OF_CLUSTER in branch.condition for branch in branches(text)
        )

    def conditions(self, path: str, line: int) -> tuple[str, list[str]]:
        """The folder of the chart that a template is of, and the conditions around a line that may leave it out."""
        text = read_template(self.root / path) if _INSIDE.intersection(path.split("/")[:-1]) else None
        if text is None or text.count("{{") > MOST_ACTIONS:
            return "", []
        folder, at = self._folder(path), SourceText(path, text).offset(line, 1)
        values, include = self._values.values_of(folder), self._values.templates_of(folder).output
        names = _assigned(text, values, include)
        around = (branch for branch in branches(text) if branch.start <= at < branch.end)
        told = ((branch, evaluate(branch.condition, values, names, include)) for branch in around)
        left = [one.condition for one, said in told if said is UNKNOWN or bool(said) is not one.wanted]
        return folder.relative_to(self.root).as_posix(), left

    def is_left_out_with(self, values: Any, path: str, line: int) -> bool:
        """Whether a line of a template is in a branch that other values leave out, or an object that they do."""
        return _INSIDE.intersection(path.split("/")[:-1]) != set() and line in self._of(
            path, values, _unknown
        )

    def values_of(self, folder: str) -> Any:
        """The values of the chart in a folder, relative to the root."""
        return self._values.values_of(self.root / folder)

    def _told(self, path: str, *, whole: bool) -> frozenset[int]:
        try:
            folder = self._folder(path)
            values, include = self._values.values_of(folder), self._values.templates_of(folder).output
            return frozenset(self._of(path, values, include, whole=whole))
        except Exception as error:  # noqa: BLE001 - our fault: told, and what can't be known for an option counts
            self.faults.append(crash_of(path, "looking for options of the chart", error))
            return frozenset()

    def _folder(self, path: str) -> Path:
        """The folder of the chart that a template is of."""
        *parts, _ = path.split("/")
        at = max(number for number, part in enumerate(parts) if part in _INSIDE)
        return self.root.joinpath(*parts[:at])

    def _of(
        self, path: str, values: Any, include: Callable[..., Any], *, whole: bool = True
    ) -> Iterator[int]:
        """The lines of a template that some values leave out. `include`: what named templates give by them."""
        text = read_template(self.root / path)
        if (
            text is None
            or text.count("{{") > MOST_ACTIONS
            or not (self._folder(path) / "Chart.yaml").is_file()
        ):
            return
        names = _assigned(text, values, include)
        lines = SourceText(path, text)
        objects, ends = parts_of(text)
        left_out = 0  # all lines before it are told
        wholes: dict[
            tuple[str, bool], int
        ] = {}  # what whole objects hang on, and where the last of them ends
        for branch in sorted(branches(text), key=lambda branch: (branch.start, -branch.end)):
            if not whole and not is_within(branch, objects, ends):
                wholes[branch.condition, branch.wanted] = branch.end
                continue
            if branch.end <= wholes.get((branch.condition, branch.wanted), 0):
                continue  # who wants the object gets it
            verdict = evaluate(branch.condition, values, names, include)
            if verdict is not UNKNOWN and bool(verdict) is not branch.wanted:
                last = lines.position(branch.end).line
                yield from range(max(lines.position(branch.start).line, left_out), last + 1)
                left_out = max(left_out, last + 1)


def _unknown(name: str, dot: Any = None) -> Any:
    return UNKNOWN


def _assigned(text: str, values: Any, include: Callable[..., Any]) -> dict[str, Any]:
    """What variables stand for; UNKNOWN where that does not hang on the values alone, or they are given more."""
    names: dict[str, Any] = {}
    for action in ACTION.findall(text):
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


def parts_of(text: str) -> tuple[list[int], list[int]]:
    """Where objects begin in a text, and where its documents end."""
    return [match.start() for match in _OBJECT.finditer(text)], [
        match.start() for match in _DOCUMENT_END.finditer(text)
    ]


def is_within(branch: Branch, objects: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether a branch is a part of an object. Offsets: where objects begin, and where documents end."""
    above = bisect_left(objects, branch.start)
    if not above or (above < len(objects) and objects[above] < branch.end):
        return False  # the whole object
    return bisect_left(ends, branch.start) == bisect_left(ends, objects[above - 1])


def branches(text: str) -> Iterator[Branch]:
    """Every branch of every block."""
    opened: list[tuple[str, int, list[tuple[str, bool]]]] = []  # keyword, start of the branch, what it takes
    for match in ACTION.finditer(text):
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
