"""What a file is read with besides itself, noted while it is read.

A result that is kept for later holds only while the same questions have the same answers. A reader that looks at
another file does so by a method that notes it, as those of `linter.formats.folder.Folder` do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Question = tuple[str, ...]  # folder relative to the root, what is asked of it, of what
Answers = dict[Question, bytes]  # hashes of the answers

noted: ContextVar[Answers | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Answers]:
    """Note every question and a hash of its answer while the block runs."""
    answers: Answers = {}
    token = noted.set(answers)
    try:
        yield answers
    finally:
        noted.reset(token)


def note(question: Question, answer: bytes) -> None:
    answers = noted.get()
    if answers is not None:
        answers[question] = answer
