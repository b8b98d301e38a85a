"""Splitting into instructions: each gap of dockerfile-parse that BuildKit does not have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.errors import UnreadableError
from linter.formats.classify import classify
from linter.formats.dockerfile.lines import split
from linter.formats.image import HOLE


def split_up(text: str) -> list[tuple[str, str]]:
    return [(line.keyword, line.value.text.strip()) for line in split(text).instructions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nRUN <<EOF\nUSER root\nFROM evil\nEOF\nUSER app", ["FROM", "RUN", "USER"]),
        ("FROM a\nCOPY <<'E' /x\nENV HF_TOKEN=abc\nE", ["FROM", "COPY"]),
        ("FROM a\nRUN <<EOF\nfoo \\\nEOF\nUSER x", ["FROM", "RUN", "USER"]),
        ("FROM a\nONBUILD RUN <<EOF\nUSER x\nEOF\nUSER y", ["FROM", "ONBUILD", "USER"]),
        ("FROM a\nCOPY <<A <<B /d/\nUSER x\nA\nUSER y\nB\nUSER z", ["FROM", "COPY", "USER"]),
        ("FROM a\nRUN cat <<-EOF\n\tUSER x\n\tEOF\nUSER y", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN cat <<EOF>/f\nUSER x\nEOF\nUSER y", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN echo '<<EOF'\nUSER y", ["FROM", "RUN", "USER"]),
        ('FROM a\nRUN ["echo", "<<EOF"]\nUSER y', ["FROM", "RUN", "USER"]),
        ("FROM a\nENV X=<<EOF\nUSER y", ["FROM", "ENV", "USER"]),
        ("FROM a\nRUN foo \\\n\n bar\nUSER x", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN echo foo\\\\\nUSER root", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN curl x | sh \\", ["FROM", "RUN"]),
        ("FROM a\nRUN curl x | sh \\\n# c", ["FROM", "RUN"]),
        ("FROM a\nCMD", ["FROM", "CMD"]),
        ("FR\\\nOM a", ["FROM"]),
        ("from a\n\tuser x", ["FROM", "USER"]),
        ("FROM a\r\nRUN b \\\r\n c\r\nUSER x\r\n", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN a\x0cUSER b\u2028USER c\nUSER x", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN a \\   \n b\nUSER x", ["FROM", "RUN", "USER"]),
        ("FROM a\nRUN a \\\n# USER q \\\n b\nUSER x", ["FROM", "RUN", "USER"]),
        ("{% if x %}\nFROM a\n{% endif %}\nRUN a \\\n{%- if y %}\n b\nUSER x", ["FROM", "RUN", "USER"]),
    ],
)
def test_keywords(text: str, expected: list[str]) -> None:
    assert [keyword for keyword, _ in split_up(text)] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("RUN foo \\\n\n bar", "foo  bar"),
        ("RUN echo foo\\\\", "echo foo\\\\"),
        ("RUN a \\\n# c\n  b", "a   b"),
        ("RUN curl x | sh \\", "curl x | sh"),
        ("# escape=`\nRUN a `\n b", "a  b"),
        ("# syntax=x\n# escape=`\nRUN a `\n b", "a  b"),
        ("# check=skip=all\n# escape=`\nRUN a `\n b", "a  b"),
        ("# hello\n# escape=`\nRUN a \\\n b", "a  b"),
    ],
)
def test_joining(text: str, value: str) -> None:
    assert split_up(text)[0][1] == value


def test_heredoc_bodies_are_kept_with_their_places() -> None:
    text = "FROM a\nCOPY <<A <<-'B' /d/\nx\nA\n\ty\n\tB\n"
    first, second = split(text).instructions[1].heredocs
    assert (first.name, first.expands, first.body.text) == ("A", True, "x\n")
    assert (second.name, second.expands, second.body.text) == ("B", False, "y\n")
    assert text[second.body.source(0)] == "y"


def test_comments_within_heredocs_are_none() -> None:
    lines = split("# a\nFROM a\nRUN <<EOF\n# b\nEOF\nRUN x \\\n  # c\n y")
    assert [(comment.text, comment.continued) for comment in lines.comments] == [("a", False), ("c", True)]


def test_directives() -> None:
    lines = split("# syntax = docker/dockerfile:1\n#escape=`\n# check=skip=X;error=true\nFROM a")
    assert {name: value for name, (value, _) in lines.directives.items()} == {
        "syntax": "docker/dockerfile:1",
        "escape": "`",
        "check": "skip=X;error=true",
    }
    assert split("FROM a\n# escape=`\nRUN b").escape == "\\"


def test_problems_are_told() -> None:
    assert "twice" in split("# escape=`\n# escape=\\\nFROM a").problems[0].message
    assert "no end" in split("FROM a\nRUN <<EOF\nx").problems[0].message


def test_places() -> None:
    text = "# c\nFROM a\n  RUN  b \\\n   c\n"
    run = split(text).instructions[1]
    span = run.joined.span(0, len(run.joined.text))
    assert text[span.start : span.end] == "RUN  b"
    value = run.value
    assert text[value.source(value.text.index("c"))] == "c"


def test_blank_lines_in_a_continuation_are_noted() -> None:
    assert len(split("FROM a\nRUN b \\\n\n c\n").instructions[1].empty_continuations) == 1
    assert split("FROM a\nRUN b \\\n\n").instructions[1].empty_continuations == []


def test_templates_are_holes() -> None:
    lines = split("FROM {{ IMAGE }}:{{TAG}}\nENV X=$${Y}\nENV Z=${W}\n")
    assert lines.instructions[0].value.text == HOLE * 11 + ":" + HOLE * 7
    assert lines.instructions[1].value.text == "X=" + HOLE * 5
    assert lines.instructions[2].value.text == "Z=" + HOLE * 4


def test_what_is_no_dockerfile() -> None:
    with pytest.raises(UnreadableError):
        split("FROM a\0")
    with pytest.raises(UnreadableError):
        split("#" * 6_000_000)


def test_comments_do_not_hide_a_dockerfile() -> None:
    comments = b"# nothing but words\n"
    for many in (5_000, 100_000):  # beyond what is looked at, the name has to do
        assert classify("a/Dockerfile", comments * many + b"FROM a\n") == "dockerfile"
    assert classify("a/Dockerfile", comments + b"kind: Pod\n") is None


def test_many_continued_lines_are_linear() -> None:
    text = "FROM a\nRUN x \\\n" + "  y \\\n" * 60_000 + "  z\n"
    assert split_up(text)[1][1].endswith("z")


ROWS = st.lists(st.text(alphabet=st.sampled_from(list("RUN FROM<-'\"E\\#`{}%\t=[]"))), max_size=12)


@given(ROWS)
def test_any_text_can_be_split(rows: list[str]) -> None:
    text = "\n".join(rows)
    for line in split(text).instructions:
        joined = line.joined
        span = joined.span(0, len(joined.text))
        assert 0 <= span.start <= span.end <= len(text)
        assert joined.text[line.value_at :].strip() == line.value.text.strip()
