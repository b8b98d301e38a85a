"""Our instructions (keyword, value, lines) against dockerfile-parse's, on files that it reads as BuildKit does.

What it does not know (see `linter/formats/dockerfile/lines.py`) is left out of both corpora, and `UNCLEAN` says so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dockerfile_parse import DockerfileParser
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linter.formats.dockerfile.lines import Line, split

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = sorted(
    path
    for path in FIXTURES.rglob("*")
    if path.is_file() and re.fullmatch(r"(Docker|Container)file([.-].*)?|.*\.Dockerfile", path.name)
)
# Why dockerfile-parse reads such a text otherwise than BuildKit.
UNCLEAN = {
    "heredocs": r"<<-?[\"']?\w",
    "a doubled escape at the end of a line": r"\\\\[ \t]*$",
    "directives": r"\A(?:#.*\n)*#\s*escape\s*=",
    "blank lines in a continuation": r"\\[ \t]*\r?\n(?:[ \t]*#.*\n)*[ \t]*\r?\n",
    "blanks after a continuation mark": r"\\[ \t]+$",
    "a continuation at the end of the file": r"\\[ \t\n]*(?:#[^\n]*\s*)*\Z",
    "templates": r"\{\{|\{%|\$\$\{",
    "characters that Python takes for line ends": "[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]",
    "carriage returns": r"\r",
    "control characters": r"[\x00\x01]",
}
_UNCLEAN = re.compile("|".join(UNCLEAN.values()), re.MULTILINE)

Instruction = tuple[str, str, int, int]


def ours(text: str) -> list[Instruction]:
    return [
        (line.keyword, " ".join(line.value.text.split()), *lines_of(line, text))
        for line in split(text).instructions
    ]


def lines_of(line: Line, text: str) -> tuple[int, int]:
    """The first line and the last, 0-based."""
    last = len(line.joined.text.rstrip()) - 1
    return text.count("\n", 0, line.joined.source(0)), text.count("\n", 0, line.joined.source(last))


def theirs(text: str) -> list[Instruction]:
    structure = DockerfileParser(fileobj=io.BytesIO(text.encode()), env_replace=False).structure
    return [
        (one["instruction"], " ".join(one["value"].split()), one["startline"], one["endline"])
        for one in structure
        if one["instruction"] != "COMMENT"
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_fixtures(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    unclean = _UNCLEAN.search(text)
    if unclean:
        pytest.skip(f"holds what dockerfile-parse does not know: {unclean.group()!r}")
    assert ours(text) == theirs(text)


def examples() -> Iterator[str]:
    """The Dockerfiles that the rules have as examples."""
    for path in sorted((FIXTURES.parent / "rules" / "dockerfile").glob("*.yaml")):
        for example in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["examples"]:
            yield from (text for kind in ("bad", "good") if isinstance(text := example.get(kind), str))


def test_examples_of_the_rules() -> None:
    clean = [text for text in examples() if not _UNCLEAN.search(text)]
    assert len(clean) > 100
    for text in clean:
        assert ours(text) == theirs(text), text


KEYWORDS = st.sampled_from(
    ["FROM", "RUN", "COPY", "ADD", "ENV", "ARG", "LABEL", "CMD", "ENTRYPOINT", "USER", "WORKDIR", "EXPOSE", "VOLUME",
     "ONBUILD", "SHELL", "HEALTHCHECK", "STOPSIGNAL", "from", "Run", "eNv"]
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(
        ["&&", "a=b", "'x # y'", '"q \\" r"', "$V", "${V:-w}", "[\"a\",", "\"b\"]", "#no", "\\x", "--from=b", "é", "|"]
    ),
    st.text("ab1/.:-=$\"'#\\", min_size=1, max_size=8),
)  # fmt: skip
_JOINTS = st.sampled_from(
    [" "] * 6 + ["\t", "  ", " \\\n  ", " \\\n", " \\\n# inside\n  ", " \\\n  # in\n# side\n"]
)
_BETWEEN = st.sampled_from([""] * 4 + ["\n", "# a comment\n", "   # another: FROM x\n", "  \n", "#\n\n"])


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    rows = []
    for _ in range(draw(st.integers(1, 7))):
        words = draw(st.lists(st.tuples(_JOINTS, WORDS), min_size=1, max_size=6))
        indent = draw(st.sampled_from(["", "", "", "  ", "\t"]))
        rows.append(draw(_BETWEEN) + indent + draw(KEYWORDS) + "".join(joint + word for joint, word in words))
    return "\n".join(rows) + draw(st.sampled_from(["", "\n", "\n\n# end"]))


@settings(max_examples=300)
@given(dockerfiles())
def test_generated(text: str) -> None:
    assume(not _UNCLEAN.search(text))
    assert ours(text) == theirs(text)
