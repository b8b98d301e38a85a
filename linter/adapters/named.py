"""What the named templates of a chart come to for its own values, as far as that hangs on the values alone.

`{{ if eq (include "chart.usesHostPID" .) "true" }}` is a switch like any other: its template says true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.patterns import lazy_regex

# keyword and rest of an action, or "" and a text between two of them
Token = tuple[str, str]
_OPENS = ("if", "with", "range", "define", "block")
_VALUE = lazy_regex(r"\.Values\.(\w+(?:\.\w+)*)")
_MOST = 5_000  # tokens of one template
_LONGEST = 10_000  # characters that one gives
_DEEPEST = 10  # templates that include one another


class NamedTemplates:
    """Templates by name, each come to once. `evaluate` says what an expression is, UNKNOWN when it can't; with a value,
    what it is where that is all that there is."""

    def __init__(self, texts: Sequence[Sequence[Token]], evaluate: Callable[[str, Any], Any]) -> None:
        self._evaluate = evaluate
        self._bodies = {name: body for text in texts for name, body in _definitions(text)}
        self._results: dict[tuple[str, str, str], Any] = {}
        self._depth = 0

    def output(self, name: str, dot: Any = None) -> Any:
        """The text that a template gives, without the space around it; UNKNOWN for what hangs on anything else.

        `dot`: a value that it is given in the place of everything.
        """
        key = name, type(dot).__name__, str(dot)
        if key not in self._results:
            if self._depth >= _DEEPEST:
                return UNKNOWN
            self._results[key] = UNKNOWN  # also for one that includes itself
            self._depth += 1
            self._results[key] = self._run(self._bodies[name], dot) if name in self._bodies else UNKNOWN
            self._depth -= 1
        return self._results[key]

    def named_values(self, name: str) -> frozenset[str]:
        """The paths of the values that a template names itself."""
        text = " ".join(f"{keyword} {rest}" for keyword, rest in self._bodies.get(name, ()) if keyword)
        return frozenset(_VALUE.findall(text))

    def _run(self, body: Sequence[Token], dot: Any) -> Any:
        result: list[str] = []
        size = 0
        taken: list[
            tuple[bool, bool]
        ] = []  # of each open block: whether this branch is taken, whether one was
        for keyword, rest in body:
            inside = all(now for now, _ in taken)
            if keyword == "with" and inside and dot is not None:
                return UNKNOWN  # where the value stands for something else
            if keyword in ("if", "with"):
                verdict = self._evaluate(rest, dot) if inside else False
                if verdict is UNKNOWN:
                    return UNKNOWN
                taken.append((bool(verdict), bool(verdict)))
            elif keyword in ("range", "define", "block"):
                if inside:
                    return UNKNOWN
                taken.append((False, True))
            elif keyword == "else" and taken:
                before = taken.pop()[1]
                verdict = not before
                if rest and verdict and all(now for now, _ in taken):
                    verdict = self._evaluate(rest.removeprefix("if ").removeprefix("with "), dot)
                    if verdict is UNKNOWN:
                        return UNKNOWN
                taken.append((bool(verdict), before or bool(verdict)))
            elif keyword == "end" and taken:
                taken.pop()
            elif inside:
                text = rest if not keyword else self._evaluate(f"{keyword} {rest}".strip(), dot)
                if text is None or not isinstance(text, (str, bool, int)):
                    return UNKNOWN
                result.append(str(text).lower() if isinstance(text, bool) else str(text))
                size += len(result[-1])
                if size > _LONGEST:
                    return UNKNOWN
        return "".join(result).strip()


def _definitions(tokens: Sequence[Token]) -> Iterator[tuple[str, Sequence[Token]]]:
    """The templates that a text defines, by name."""
    opened: list[tuple[str, int]] = []
    for index, (keyword, rest) in enumerate(tokens):
        if keyword in _OPENS:
            opened.append((rest.strip('"` ') if keyword == "define" else "", index))
        elif keyword == "end" and opened:
            name, start = opened.pop()
            if name and index - start < _MOST:
                yield name, tokens[start + 1 : index]
