"""The text report on screens of every kind."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.finding import Excerpt, Finding, Location, Report
from linter.reporters import Options, coverage_line, write
from linter.reporters.ansi import Paint
from linter.reporters.excerpt import ASCII, DRAWN, render
from linter.reporters.tally import first_sentence
from linter.reporters.visible import cells, expand, visible
from tests.unit.reporters import sample

PLAIN = Paint(color=False, links=False)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


def text(report: Report, options: Options) -> str:
    stream = io.StringIO()
    write("text", report, stream, options)
    return stream.getvalue()


def marked(line: str, column: int, end: int, width: int = 0) -> list[str]:
    base = sample.findings()[3]
    place = Location("f", 1, column, 1, end)
    finding: Finding = base.evolve(location=place, excerpt=Excerpt.of(1, (line,)), evidence="")
    return list(render(finding, PLAIN, ASCII, width, 1))


def test_the_mark_stands_under_the_span() -> None:
    assert marked("image: nginx:latest", 8, 20) == [
        "  |",
        "1 | image: nginx:latest",
        "  |        ^^^^^^^^^^^^",
        "  |",
    ]


def test_tabs_and_wide_characters_move_the_mark() -> None:
    assert marked("\tRUN x", 2, 5)[1:3] == ["1 |     RUN x", "  |     ^^^"]
    assert marked("名: x", 4, 5)[1:3] == ["1 | 名: x", "  |     ^"]


def test_a_control_character_is_spelt_out_and_counted() -> None:
    assert marked("a\x1b[31mb", 7, 8)[1:3] == ["1 | a\\x1b[31mb", "  |          ^"]


def test_a_long_line_is_cut_around_its_span() -> None:
    line = "x" * 500 + "TARGET" + "y" * 500
    shown = marked(line, 501, 507, width=60)
    assert "TARGET" in shown[1]
    assert all(len(row) <= 60 for row in shown)
    assert shown[2].index("^") == shown[1].index("TARGET")


def test_an_empty_span_shows_one_mark() -> None:
    assert marked("abc", 2, 2)[2] == "  |  ^"
    assert marked("abc", 4, 4)[2] == "  |    ^"


def test_a_masked_secret_is_marked_whole() -> None:
    base = sample.findings()[1]
    finding = base.evolve(
        location=Location("f", 1, 5, 1, 60), excerpt=Excerpt.of(1, ("ENV K=abcd… rest",)), evidence="K=abcd…"
    )
    assert list(render(finding, PLAIN, ASCII, 0, 1))[2] == "  |     ^^^^^^^"


@given(st.text(max_size=80), st.integers(0, 90), st.integers(0, 90), st.integers(20, 120))
def test_any_line_and_span_fit_the_screen(line: str, column: int, length: int, width: int) -> None:
    line = line.replace("\n", " ")
    base = sample.findings()[3]
    place = Location("f", 1, column + 1, 1, column + 1 + length)
    finding = base.evolve(location=place, excerpt=Excerpt.of(1, (line,)), evidence="")
    for row in render(finding, PLAIN, DRAWN, width, 1):
        assert cells(row) <= max(width, 25)
        assert visible(row) == row


@given(st.text(max_size=40))
def test_expand_says_where_characters_stand(line: str) -> None:
    shown, starts = expand(line)
    assert len(starts) == len(line) + 1
    assert starts[-1] == cells(shown)
    assert starts == sorted(starts)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_lines_fit_the_screen_unless_one_word_does_not(width: int) -> None:
    for line in text(sample.report(), Options(width=width)).splitlines():
        assert cells(line) <= width or " " not in line.strip(" ─=>-")


def test_color_only_adds_escapes() -> None:
    plain = text(sample.report(), Options(width=90))
    assert ESCAPE.sub("", text(sample.report(), Options(width=90, color=True, links=True))) == plain
    assert "\x1b" not in plain


def test_hostile_text_never_reaches_the_terminal_raw() -> None:
    shown = ESCAPE.sub("", text(sample.hostile(), Options(width=90, color=True, links=True, verbose=1)))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_rule_ids_link_to_their_page() -> None:
    shown = text(sample.report(), Options(links=True))
    url = sample.RULES[2].references[0]
    assert f"critical[\x1b]8;;{url}\x1b\\privileged-container\x1b]8;;\x1b\\]:" in shown


def test_a_link_with_an_escape_is_no_link() -> None:
    assert Paint(color=False, links=True).link("https://x/\x1b\\", "x") == "x"
    assert Paint(color=False, links=True).link("javascript:alert(1)", "x") == "x"


def test_why_and_fix_are_told_once_a_file() -> None:
    twice = sample.report([sample.findings()[3].evolve(subject="other")])
    assert text(twice, Options()).count("= why: A break-out is root on the node.") == 1
    assert text(twice, Options(verbose=1)).count("= why: A break-out is root on the node.") == 2


def test_quiet_leaves_the_summary_out() -> None:
    shown = text(sample.report(), Options(quiet=1))
    assert "Coverage" not in shown
    assert "critical[privileged-container]" in shown


def test_nothing_checked_is_no_success() -> None:
    assert "Nothing was checked." in text(sample.empty(), Options())


def test_coverage_line() -> None:
    assert coverage_line(sample.report()) == (
        "Coverage: read 2 of 5 files (1 dockerfile, 1 kubernetes), 1 not ours, "
        "skipped 2 (1 over 200 MB, 1 over 5 MB); 5 rules over 7 subjects; 3 unknowns."
    )


@pytest.mark.parametrize(
    ("paragraph", "first"),
    [
        ("One. Two.", "One."),
        ("Use e.g. This. Then that.", "Use e.g. This."),
        ("Version 1.2 is fine. Yes.", "Version 1.2 is fine."),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_first_sentence(paragraph: str, first: str) -> None:
    assert first_sentence(paragraph) == first
