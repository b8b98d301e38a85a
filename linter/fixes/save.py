"""A changed text back into its file, or shown as a diff."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from difflib import unified_diff

from linter.errors import UsageError
from linter.newfiles import replacing
from linter.text import SourceText

_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def encode(source: SourceText, text: str, original: bytes) -> bytes:
    """The bytes of a changed text, in the encoding and with the byte order mark of the original."""
    if source.lossy:
        raise UsageError(f"{source.path}: not all bytes could be read, so it is not rewritten")
    mark = _MARKS.get(source.encoding, b"")
    return (mark if mark and original.startswith(mark) else b"") + text.encode(source.encoding)


def save(path: str, data: bytes) -> None:
    """Replace a file's content at once; its mode stays, a link is followed."""
    try:
        with replacing(path) as stream:
            stream.write(data)
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror}") from None


def diff(path: str, before: str, after: str, masked: Mapping[str, str] | None = None) -> str:
    """A unified diff that `git apply` and `patch -p1` take; empty when nothing changed.

    `masked` maps lines that must not be shown to what is shown instead. Context is left out to avoid them; only a
    changed line of that kind is masked, and the patch is then to be read, not applied.
    """
    hidden = masked or {}
    for context in (3, 2, 1, 0):
        lines = list(unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}", n=context))
        if not any(_bare(line) in hidden for line in lines):
            break
    return "".join(_shown(line, hidden) for line in lines)


def _bare(line: str) -> str:
    return line[1:].rstrip("\r\n")


def _shown(line: str, hidden: Mapping[str, str]) -> str:
    bare = _bare(line)
    shown = f"{line[:1]}{hidden[bare]}{line[1 + len(bare) :]}" if bare in hidden else line
    return shown if shown.endswith("\n") else f"{shown}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as patch counts them: only a line feed ends one."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
