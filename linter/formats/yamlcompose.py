"""Text to PyYAML's composed nodes, as fast as PyYAML can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from linter.patterns import imported, lazy_regex

if TYPE_CHECKING:
    import yaml
else:
    yaml = imported("yaml")  # its pure-Python reader and resolver, which libyaml stands in for: 5 ms

MAX_REDEFINED = 50  # anchors of one text that are defined anew
MAX_COMPOSED_AGAIN = 5_000_000  # characters of one file: a text is composed again for each of them
_MAX_NAMES = 100  # that are tried for one of them
_ANCHOR_NAME = lazy_regex(r"[A-Za-z0-9_-]+")

# where the rest of the program takes them from, so that nothing imports the library before
MappingNode = yaml.MappingNode
ScalarNode = yaml.ScalarNode
SequenceNode = yaml.SequenceNode

if yaml.__with_libyaml__:
    from yaml._yaml import CParser as _Parser
else:  # pragma: no cover - PyYAML without libyaml is correct and some ten times slower
    from yaml.composer import Composer as _Composer
    from yaml.parser import Parser as _EventParser
    from yaml.reader import Reader as _Reader
    from yaml.scanner import Scanner as _Scanner

    class _Parser(_Reader, _Scanner, _EventParser, _Composer):  # type: ignore[no-redef]
        def __init__(self, stream: str) -> None:
            _Reader.__init__(self, stream)
            _Scanner.__init__(self)
            _EventParser.__init__(self)
            _Composer.__init__(self)


# called per node, so no Python functions: one answers an empty text to whatever, of the others nobody takes the answer
_NO_TAG = "".format
_DESCEND = {}.get  # type: ignore[var-annotated]
_ASCEND = [].clear


class _Composing(_Parser):
    """The parser with PyYAML's slow tag resolver replaced by nothing: untagged nodes have the tag ''."""

    resolve = staticmethod(_NO_TAG)
    descend_resolver = staticmethod(_DESCEND)
    ascend_resolver = staticmethod(_ASCEND)


class Again:
    """How many characters of a file may still be composed again."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_COMPOSED_AGAIN

    def spend(self, size: int) -> bool:
        """Whether so many more may be."""
        self.left -= size
        return self.left >= 0


def compose(text: str, again: Again | None = None) -> tuple[list[Any], tuple[str, int] | None]:
    """The composed documents up to the first error, and that error with its offset.

    An anchor that is defined anew holds from there on, as YAML has it and libyaml does not. `again` is for all texts of
    a file together.
    """
    again = again or Again()
    roots, error = _compose(text)
    tries = 0
    while isinstance(error, yaml.composer.ComposerError) and tries < MAX_REDEFINED and again.spend(len(text)):
        first, second = error.context_mark, error.problem_mark
        renamed = _renamed(text, first.index, second.index) if first and second else None
        if renamed is None:
            break
        text, tries = renamed, tries + 1
        roots, error = _compose(text)
    if error is None or isinstance(error, tuple):
        return roots, error
    mark = error.problem_mark or error.context_mark
    words = " ".join(part for part in (error.problem, error.context and f"({error.context})") if part)
    return roots, (words, mark.index if mark else 0)


def _renamed(text: str, first: int, second: int) -> str | None:
    """The text with another name of the same length for an anchor that a later one of its name replaces."""
    name = _ANCHOR_NAME.match(text, first + 1)
    if name is None or not text.startswith(f"&{name[0]}", second):
        return None
    size = len(name[0])
    names = islice(_names(size), _MAX_NAMES)
    fresh = next((new for new in names if f"&{new}" not in text and f"*{new}" not in text), None)
    if fresh is None:
        return None
    uses = re.compile(rf"(?<=[&*]){re.escape(name[0])}(?![A-Za-z0-9_-])")
    return text[:first] + uses.sub(fresh, text[first:second]) + text[second:]


def _names(size: int) -> Iterator[str]:
    """Names of so many characters that nobody gives."""
    digits = "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210"
    for pair in product(digits, repeat=min(size, 2)):
        yield "".join(pair).ljust(size, "z")


def _compose(text: str) -> tuple[list[Any], Any]:
    """The documents up to the first error, and that error: the library's own where it has marks."""
    roots: list[Any] = []
    try:
        parser = _Composing(text)
        while parser.check_node():
            roots.append(parser.get_node())
    except yaml.reader.ReaderError as error:
        head = text.encode("utf-8", "replace")[: error.position].decode("utf-8", "ignore")
        return roots, (f"{error.reason} (character {_character(error.character)})", len(head))
    except yaml.MarkedYAMLError as error:
        # where it was raised leads back to the parser and to the callers: a circle of 70 kB for each document
        return roots, error.with_traceback(None)
    except UnicodeEncodeError as error:
        return roots, ("lone surrogate in the text", error.start)
    return roots, None


def plain_value(text: str) -> Any:
    """The value of a text of one YAML document, without places; None where it is no YAML."""
    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _character(value: object) -> str:
    return f"#x{value:04x}" if isinstance(value, int) else repr(value)
