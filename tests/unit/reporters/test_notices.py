"""Notices of a scan: the same words once, nothing lost."""

from __future__ import annotations

import io

from linter.finding import Diagnostic
from linter.reporters import Options, write
from tests.unit.reporters import sample

SAME = tuple(Diagnostic("warning", "not rendered: no env", f"{name}/kustomization.yaml") for name in "abcde")
PLACED = tuple(Diagnostic("warning", "can't be read", "a.yaml", line, 1) for line in (3, 9))


def told(kind: str, *diagnostics: Diagnostic, options: Options | None = None) -> list[str]:
    stream = io.StringIO()
    write(kind, sample.report(diagnostics=diagnostics), stream, options or Options())
    return [
        line
        for line in stream.getvalue().splitlines()
        if line.startswith(("warning:", "- **warning**", "- and"))
    ]


def test_the_same_of_several_files_is_told_once_and_counted() -> None:
    line = "a/kustomization.yaml, b/kustomization.yaml, c/kustomization.yaml and 2 more: not rendered: no env"
    assert told("text", *SAME) == [f"warning: {line}"]


def test_who_asks_for_more_sees_each() -> None:
    each = [f"warning: {item.path}: not rendered: no env" for item in SAME]
    assert told("text", *SAME, options=Options(verbose=True)) == each


def test_what_stands_at_a_line_is_told_by_itself() -> None:
    places = ["a.yaml:3:1", "a.yaml:9:1"]
    assert told("text", *PLACED) == [f"warning: {place}: can't be read" for place in places]


def test_two_files_are_both_named() -> None:
    assert told("text", *SAME[:2]) == [
        "warning: a/kustomization.yaml, b/kustomization.yaml: not rendered: no env"
    ]


def test_notes_take_no_room_from_the_warnings_of_a_comment() -> None:
    notes = [Diagnostic("note", f"skipped {number}") for number in range(10)]
    others = [
        Diagnostic("warning", f"can't be read {number}", "a.yaml", number, 1) for number in range(1, 13)
    ]
    lines = told("markdown", *notes, *SAME, *others)
    named = ", ".join(f"`{item.path}`" for item in SAME[:3])
    assert lines[0] == f"- **warning** {named} and 2 more not rendered: no env"
    assert len(lines) == 11
    assert lines[-1] == "- and 3 notices more"
