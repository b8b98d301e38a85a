"""Variables in Compose values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.compose.interpolate import HOLE, interpolate, is_reference


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("${TAG:-latest}", "latest"),
        ("${TAG-latest}", "latest"),
        ("${TAG:=latest}", "latest"),
        ("$TAG", HOLE),
        ("${TAG}", HOLE),
        ("${TAG:?set it}", HOLE),
        ("${TAG:+other}", HOLE),
        ("${REGISTRY:-opea}/chatqna:${TAG:-latest}", "opea/chatqna:latest"),
        ("${A:-${B:-c}}d", "cd"),
        ("${A:-${B}}", HOLE),
        ("${A:-}", ""),
        ("$$HOME and $$${X:-1}", "$HOME and $1"),
        ("5$", "5$"),
        ("${unclosed", "${unclosed"),
        ("${1}", HOLE),
        ("a$TAGb", "a" + HOLE),
    ],
)
def test_interpolation(written: str, read: str) -> None:
    assert interpolate(written) == read


@pytest.mark.parametrize("text", ["$X", "${X}", "${X:?needed}", "${X?}", " ${X} "])
def test_references(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize("text", ["${X:-a}", "a${X}", "x", "$$X", ""])
def test_no_references(text: str) -> None:
    assert not is_reference(text)


@given(st.text(alphabet="${}:-=?+AB \n", max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert isinstance(interpolate(text), str)
