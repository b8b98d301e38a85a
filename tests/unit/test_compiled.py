"""What is kept of Python's compilers must be what they would give, and never be trusted blindly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linter import compiled
from linter.formats.secrets.table import patterns as secret_formats

EXPRESSIONS = [
    (r"a(?P<b>c+)|(d)", 0),
    (r"(?i)straße|\bΣ", re.MULTILINE),
    (rb"(?:^|\s)key[\x80-\xff]", re.MULTILINE),
    (r"[^\u0000-\u001f\U0001f600]{2,5}(?<=x)(?!y)", re.DOTALL | re.ASCII),
    *[(fmt.regex, 0) for fmt in secret_formats()],
]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_kept", {})
    monkeypatch.setattr(compiled, "_made", {})


def _file(directory: Path) -> Path:
    return next(directory.glob("compiled-*.bin"))


def _forget() -> None:
    compiled._kept.clear()
    compiled._made.clear()


@pytest.mark.usefixtures("fresh")
def test_kept_expressions_are_equal(tmp_path: Path) -> None:
    for expression, flags in EXPRESSIONS:
        assert compiled.regex(expression, flags) == re.compile(expression, flags)
    compiled.save(tmp_path)
    _forget()
    compiled.load(tmp_path)
    for expression, flags in EXPRESSIONS:
        kept, plain = compiled.regex(expression, flags), re.compile(expression, flags)
        # equality of patterns compares flags, program and source
        assert (kept, kept.groups, kept.groupindex) == (plain, plain.groups, plain.groupindex)
    assert not compiled._made


@pytest.mark.usefixtures("fresh")
def test_a_wrong_expression_is_told() -> None:
    with pytest.raises(re.error):
        compiled.regex("(")
    assert not compiled._made


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("program", [(0, b"\xff\xff\xff\xff", 0, {}, ()), (0, b"123", 0, {}, ()), "?", ()])
def test_a_program_of_another_python_is_compiled_again(program: object) -> None:
    compiled._kept["ab+", 0] = program
    match = compiled.regex("ab+").search("cabb")
    assert match is not None
    assert match[0] == "abb"


@pytest.mark.usefixtures("fresh")
def test_methods(tmp_path: Path) -> None:
    source = "def double(x):\n    return 2 * x"
    for _ in range(2):
        scope: dict[str, object] = {}
        exec(compiled.method(source), scope)
        assert scope["double"](4) == 8  # type: ignore[operator]
        compiled.save(tmp_path)
        _forget()
        compiled.load(tmp_path)
    assert source in compiled._kept


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "writable by others", "a folder"])
def test_a_file_that_cannot_be_trusted_is_not_read(tmp_path: Path, harm: str) -> None:
    compiled.regex("x+")
    compiled.save(tmp_path)
    file = _file(tmp_path)
    content = file.read_bytes()
    if harm == "cut":
        file.write_bytes(content[:-3])
    elif harm == "changed":
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "a folder":
        file.unlink()
        file.mkdir()
    else:
        file.chmod(0o666)
    _forget()
    compiled.load(tmp_path)
    assert not compiled._kept


@pytest.mark.usefixtures("fresh")
def test_the_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MAX_KEPT", 3)
    for number in range(5):
        compiled.regex(f"x{number}")
        compiled.save(tmp_path)
        _forget()
        compiled.load(tmp_path)
    assert 0 < len(compiled._kept) <= 3
