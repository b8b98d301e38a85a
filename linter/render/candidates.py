"""Of several lines of a template that may write an element of a list, the one that did."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.sourcemap import Element, name_of, words_of
from linter.adapters.sourceobjects import can_become
from linter.adapters.templatemap import Origin, TemplateMap
from linter.cel import UNKNOWN
from linter.formats.node import MAP, SEQ, Node
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import SourceText

_EXPRESSION = lazy_regex(r"\{\{-?\s*(.*?)\s*-?\}\}")
_DEEPEST = 5  # templates that include one another
_MOST_LINES = 20  # that may write an element, of one template
_MOST_ELEMENTS = 200  # of a list that are looked at
# how likely something wrote an element: between the last two, by how many letters of its name are written out there
NO, PERHAPS, SURELY = 0, 1, 1_000
NAMED = PERHAPS + 4  # by a word of its name

# a named template as the file in the path has it: its map, and its trees
NamedAs = Callable[[str, Path], tuple[TemplateMap, Sequence[Node]] | None]


@dataclass(frozen=True, slots=True)
class Given:
    """What a rendering was given: what its values have at some keys, and what an expression comes to."""

    value: Callable[[Sequence[str]], Node | None]
    come_to: Callable[[str], Any]
    told: dict[Any, tuple[int, int]] = field(
        default_factory=dict
    )  # which lines wrote elements that were asked about


def chosen(origin: Origin, asking: Path, column: int, named_as: NamedAs, given: Given) -> Origin:
    """The origin, or another line beside it, that writes the element which the origin lacks.

    Where it can't be told it is the first that may; where none can have written it, the list as a whole.
    `column`: where the entry starts.
    """
    if not origin.others or not isinstance(origin.rest[0], Element):
        return origin
    line, verdict = likeliest((origin, *origin.others), asking, column, named_as, given)
    return line if verdict else Origin(origin.around, (), origin.rest)


def likeliest(
    lines: Sequence[Origin], asking: Path, column: int, named_as: NamedAs, given: Given
) -> tuple[Origin, int]:
    """The first of the lines that lack an element which is most likely to write it, and how likely."""
    step = lines[0].rest[0] if lines[0].rest else None
    if not isinstance(step, Element):
        return lines[0], NO
    lines = lines[:_MOST_LINES]
    key = (step, asking, column, tuple((line.span.start, line.includes, line.values) for line in lines))
    if key not in given.told:
        asked = _Asked(step, asking, named_as, given)
        verdicts = [asked.of_line(line, column, 0) for line in lines]
        given.told[key] = verdicts.index(max(verdicts)), max(verdicts)
    at, verdict = given.told[key]
    return lines[at], verdict


@dataclass(frozen=True, slots=True)
class _Asked:
    """One element that is looked for."""

    step: Element
    asking: Path
    named_as: NamedAs
    given: Given

    def of_line(self, line: Origin, column: int, depth: int) -> int:
        """Whether a line writes the element."""
        if line.includes:
            inner = max(0, column - line.indent)
            likely = max(self._of_template(name, inner, depth) for name in line.includes)
            # `tuple "server" . | include "container"`
            return SURELY if likely >= PERHAPS and self.step.name in line.passed else likely
        return max((self._of_value(keys) for keys in line.values), default=PERHAPS)

    def _of_value(self, keys: Sequence[str]) -> int:
        node = self.given.value(keys)
        if node is None:
            return NO
        return self._of_list(node, None) if node.kind == SEQ else PERHAPS

    def _of_template(self, name: str, column: int, depth: int) -> int:
        found = self.named_as(name, self.asking)
        if found is None or depth >= _DEEPEST:
            return PERHAPS
        template, roots = found
        lists = [root for root in roots if root.kind == SEQ]
        best = max((self._of_list(root, template.text) for root in lists), default=NO)
        if best == SURELY or (lists and not any(root.open for root in lists)):
            return best
        lines = template.lines_of_elements(column, ())[:_MOST_LINES]
        if not lists and not lines:
            return PERHAPS
        return max((best, *(self.of_line(line, column, depth + 1) for line in lines)))

    def _of_list(self, node: Node, text: SourceText | None) -> int:
        elements = node.elements()[:_MOST_ELEMENTS]
        return max((likeness(one, self.step, text, self.given) for one in elements), default=NO)


def likeness(element: Node, step: Element, text: SourceText | None, given: Given) -> int:
    """Whether an element is the one that was rendered. `text`: of the template that it stands in."""
    if not step.name:
        words = words_of(element)
        return SURELY if words and words <= step.words else int(bool(words & step.words))
    child = element.get("name") if element.kind == MAP else None
    if child is None:
        return int(element.open)
    written = name_of(element) or (text.text[child.span.start : child.span.end].strip("\"' ") if text else "")

    def known(expression: re.Match[str]) -> str:
        result = given.come_to(expression[1])
        return expression[0] if result is None or result is UNKNOWN else str(result)

    said = _EXPRESSION.sub(known, written)
    if said == step.name:
        return SURELY
    spelt = sum(map(str.isalnum, _EXPRESSION.sub("", said)))
    return min(PERHAPS + spelt, SURELY - 1) if "{{" in said and can_become(said, step.name) else NO
