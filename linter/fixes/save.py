"""A changed text back into its file, or shown as a diff."""

from __future__ import annotations

import codecs
import os
import tempfile
from difflib import unified_diff

from linter.errors import UsageError
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
    place = os.path.realpath(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".tarecheck-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(temporary, os.stat(place).st_mode & 0o7777)
            os.replace(temporary, place)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror}") from None


def diff(path: str, before: str, after: str) -> str:
    """A unified diff that `git apply` and `patch -p1` take; empty when nothing changed."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Lines as patch counts them: only a line feed ends one."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
