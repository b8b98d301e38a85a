from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.text import Position, SourceText, Span, decode


def test_positions_count_code_points_and_all_line_ends() -> None:
    text = SourceText("f", "a\r\nbé\nc\rd")
    assert [text.position(i) for i in (0, 3, 4, 6, 8)] == [
        Position(1, 1),
        Position(2, 1),
        Position(2, 2),
        Position(3, 1),
        Position(4, 1),
    ]
    assert [text.line(n) for n in range(1, 6)] == ["a", "bé", "c", "d", ""]


@given(st.text(alphabet="ab\r\n\u2028é"), st.integers(0, 40))
def test_position_and_offset_are_inverse(text: str, offset: int) -> None:
    source = SourceText("f", text)
    offset = min(offset, len(text))
    place = source.position(offset)
    assert source.offset(place.line, place.column) == offset


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_decodes_what_editors_and_shells_write(encoding: str) -> None:
    source = decode("f", "kind: Pod # plain text\n".encode(encoding))
    assert source.text == "kind: Pod # plain text\n"
    assert not source.lossy


def test_invalid_bytes_are_replaced_and_told() -> None:
    source = decode("f", b"FROM a\xe9\n")
    assert source.lossy
    assert source.slice(Span(0, 6)) == "FROM a"


def test_a_zip_is_kept_as_bytes() -> None:
    data = b"PK\x03\x04tfplan"
    assert decode("f", data).raw == data
