"""Files in the user's cache: what is damaged, gone or somebody else's is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.ownfiles import read_own_data, read_own_parts, write_own_data

PARTS = (b"first", b"", b"third" * 1000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kept.bin"
    assert write_own_data(path, {"a": [1, 2]}, PARTS)
    return path


def test_parts_are_read_when_they_are_asked_for(file: Path) -> None:
    found = read_own_parts(file)
    assert found is not None
    data, parts = found
    assert data == read_own_data(file) == {"a": [1, 2]}
    assert [part.read() for part in parts] == list(PARTS)


def test_a_damaged_part_leaves_the_others(file: Path) -> None:
    found = read_own_parts(file)
    assert found is not None
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert [part.read() for part in found[1]] == [*PARTS[:2], None]


@pytest.mark.parametrize("at", [0, 4, 9])
def test_damaged_data_is_none(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    assert read_own_parts(file) is None


@pytest.mark.parametrize("size", [0, 3, 8, 12])
def test_a_cut_file_is_none(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    assert read_own_data(file) is None


def test_what_others_may_write_is_none(file: Path) -> None:
    file.chmod(0o666)
    assert read_own_data(file) is None


def test_parts_of_a_file_that_went_are_none(file: Path) -> None:
    found = read_own_parts(file)
    assert found is not None
    file.unlink()
    assert [part.read() for part in found[1]] == [None] * 3
