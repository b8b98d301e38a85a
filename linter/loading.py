"""Bytes of a file to documents; of what can't be read, a document that holds nothing but the reason."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from linter.errors import UnreadableError
from linter.finding import Diagnostic
from linter.formats.classify import candidates, load_format
from linter.formats.document import Document, Problem
from linter.text import SourceText

MEGABYTE = 1_000_000  # bytes; a file up to here needs no look at `max-file-size`
MAX_PLAN_BYTES = 200_000_000  # of a Terraform plan
MAX_TEXT = MAX_PLAN_BYTES  # bytes of any other file, with the highest `max-file-size` there can be
_AT_ONCE = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_CHUNK = 65_536  # bytes read at first: most files are smaller


def read_bytes(path: str | Path, *, plain: bool = False) -> bytes:
    """The bytes of a file, at most one more than of the largest that we read. Raises OSError.

    By system calls, three or four of them: the file objects of Python make nine. `plain`: it is known to be no pipe, of
    which less than was asked for is not all.
    """
    descriptor = os.open(path, _AT_ONCE)
    try:
        data = os.read(descriptor, _CHUNK)
        if not data:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it became a pipe since it was looked at
                raise OSError(errno.EINVAL, "not a regular file")
            return data
        if plain and len(data) < _CHUNK:
            return data
        parts, room = [data], MAX_PLAN_BYTES + 1 - len(data)
        while room > 0:
            more = os.read(descriptor, min(_CHUNK if len(parts) == 1 else MEGABYTE, room))
            if not more:
                break
            parts.append(more)
            room -= len(more)
        return data if len(parts) == 1 else b"".join(parts)
    finally:
        os.close(descriptor)


def is_module_file(shown: str) -> bool:
    """Whether the file is read together with its directory: Terraform source and variable values."""
    return candidates(shown) == ("terraform",)


def read_plan(text: SourceText, source: Path | None, root: Path) -> list[Document]:
    """A plan: alone, with its resources moved to the source that made them, or the source inside a binary one."""
    from linter.formats.terraform import join_source, read_plan_file

    try:
        if text.raw is not None:
            documents = read_plan_file(text.path, text.raw)
        else:
            document = read_document(text, "terraform")
            joined = source is not None and document.root is not None
            documents = join_source(document, source, root) if joined and source is not None else [document]
    except UnreadableError as error:
        documents = [
            Document(
                text, "terraform", problems=[Problem(error.message, error.start, error.end, error.limit)]
            )
        ]
    except MemoryError:
        documents = [_without_memory(text, "terraform")]
    except Exception as error:  # noqa: BLE001 - a reader that crashes is our fault: told, and the scan goes on
        documents = [_crashed(text, "terraform", error)]
    return [part for document in documents for part in (document, *document.embedded)]


def read_module(texts: Sequence[SourceText], root: Path) -> list[Document]:
    """Read the Terraform files of a directory together."""
    from linter.formats.terraform import read_directory

    try:
        return read_directory(texts, root)
    except MemoryError:
        return [_without_memory(text, "terraform") for text in texts]
    except Exception as error:  # noqa: BLE001 - a reader that crashes is our fault: told, and the scan goes on
        return [_crashed(text, "terraform", error) for text in texts]


def _crashed(text: SourceText, format_name: str, error: Exception) -> Document:
    return Document(text, format_name, diagnostics=[crash_of(text.path, "reading the file", error)])


def _without_memory(text: SourceText, format_name: str) -> Document:
    words = "More memory is needed to read it than there is: nothing in it was checked."
    return Document(text, format_name, problems=[Problem(words, 0, 0, limit=True)])


def crash_of(path: str, what: str, error: Exception) -> Diagnostic:
    """An internal error while a file was dealt with, or none (empty path): without the secrets of its message."""
    from linter.formats.secrets import redact

    return Diagnostic(
        "error", f"{what} crashed: {type(error).__name__}: {redact(str(error))}", path, internal=True
    )


def read_document(text: SourceText, format_name: str, root: Path | None = None) -> Document:
    """Read, or give a document that holds nothing but the reason why it could not be read.

    With the root of the scan, together with the files that it is put together from.
    """
    try:
        fmt = load_format(format_name)
        if root is not None and fmt.read_within is not None:
            return fmt.read_within(text, root)
        return fmt.read(text)
    except UnreadableError as error:
        return Document(
            text, format_name, problems=[Problem(error.message, error.start, error.end, error.limit)]
        )
    except RecursionError:
        return Document(text, format_name, problems=[Problem("nested too deeply to be read", 0, 0)])
    except MemoryError:
        return _without_memory(text, format_name)
    except Exception as error:  # noqa: BLE001 - a reader that crashes is our fault: told, and the scan goes on
        return _crashed(text, format_name, error)
