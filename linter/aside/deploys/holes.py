"""YAML that a template language completes before it is read, as far as it says something by itself.

What an expression writes is a hole, which has some value; what is there under a condition need not be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linter.patterns import lazy_regex
from linter.text import decode

HOLE = "HOLE--"  # plain text in YAML, of which no value is made
_MANY = 2_000  # actions of one text; of one with more nothing is read
_COMMENT = lazy_regex(r"\{\{-?\s*/\*.{0,2000}?\*/\s*-?\}\}", re.DOTALL)
_ESCAPED = lazy_regex(
    r"\{\{-?\s*`([^`\n]{0,500})`\s*-?\}\}"
)  # `{{`{{ .Release.Name }}`}}`: for a later reading
_ACTION = lazy_regex(r"\{\{-?\s*+(.{0,1000}?)-?\}\}", re.DOTALL)
_OPENS = ("if", "with", "range", "define", "block")


def documents(text: str, *, branches: bool = False) -> list[Any] | None:
    """The documents of a text; None where they can't be read. `branches`: with what is there under a condition."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    if text.count("{{") > _MANY:
        return None
    filled = "\n".join(_lines(text, branches=branches)) if "{{" in text else text
    stream = parse_documents(decode("values.yaml", filled.encode()))
    documents = [document.plain() for document in stream.documents]
    return None if not documents and stream.problems else documents


def _lines(text: str, *, branches: bool) -> Iterator[str]:
    text = _ESCAPED.sub(r"\1", _COMMENT.sub("", text))
    text = _ACTION.sub(lambda match: match[0].replace("\n", " "), text)
    depth = 0
    for line in text.split("\n"):
        words = [match[1].partition(" ")[0].strip() for match in _ACTION.finditer(line)]
        change = sum(word in _OPENS for word in words) - words.count("end")
        alone = bool(words) and not _ACTION.sub("", line).strip()
        if not alone and (branches or (depth <= 0 and change <= 0)):
            yield _ACTION.sub(HOLE, line)
        depth += change


def is_hole(value: Any) -> bool:
    """Whether some expression writes a value, or a part of it."""
    return isinstance(value, str) and HOLE in value
