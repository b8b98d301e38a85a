"""What the named templates of a chart come to for its own values, as far as that hangs on the values alone.

`{{ if eq (include "chart.usesHostPID" .) "true" }}` is a switch like any other: its template says true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN

# keyword and rest of an action, or "" and a text between two of them
Token = tuple[str, str]
_OPENS = ("if", "with", "range", "define", "block")
_MOST = 5_000  # tokens of one template
_LONGEST = 10_000  # characters that one gives
_DEEPEST = 10  # templates that include one another


class NamedTemplates:
    """Templates by name, each come to once. `evaluate` says what an expression is, UNKNOWN when it can't."""

    def __init__(self, texts: Sequence[Sequence[Token]], evaluate: Callable[[str], Any]) -> None:
        self._evaluate = evaluate
        self._bodies = {name: body for text in texts for name, body in _definitions(text)}
        self._results: dict[str, Any] = {}
        self._depth = 0

    def output(self, name: str) -> Any:
        """The text that a template gives, without the space around it; UNKNOWN for what hangs on anything else."""
        if name not in self._results:
            if self._depth >= _DEEPEST:
                return UNKNOWN
            self._results[name] = UNKNOWN  # also for one that includes itself
            self._depth += 1
            self._results[name] = self._run(self._bodies[name]) if name in self._bodies else UNKNOWN
            self._depth -= 1
        return self._results[name]

    def _run(self, body: Sequence[Token]) -> Any:
        result: list[str] = []
        size = 0
        taken: list[
            tuple[bool, bool]
        ] = []  # of each open block: whether this branch is taken, whether one was
        for keyword, rest in body:
            inside = all(now for now, _ in taken)
            if keyword in ("if", "with"):
                verdict = self._evaluate(rest) if inside else False
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
                    verdict = self._evaluate(rest.removeprefix("if ").removeprefix("with "))
                    if verdict is UNKNOWN:
                        return UNKNOWN
                taken.append((bool(verdict), before or bool(verdict)))
            elif keyword == "end" and taken:
                taken.pop()
            elif inside:
                text = rest if not keyword else self._evaluate(f"{keyword} {rest}".strip())
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
