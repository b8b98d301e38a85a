"""Text to PyYAML's composed nodes, as fast as PyYAML can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.patterns import imported

if TYPE_CHECKING:
    import yaml
else:
    yaml = imported("yaml")  # its pure-Python reader and resolver, which libyaml stands in for: 5 ms

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


_NO_TAG = (
    "".format
)  # takes whatever it is called with, answers '', and is no Python function: it is called per node


class _Composing(_Parser):
    """The parser with PyYAML's slow tag resolver replaced by nothing: untagged nodes have the tag ''."""

    resolve = staticmethod(_NO_TAG)
    descend_resolver = staticmethod(_NO_TAG)
    ascend_resolver = staticmethod(_NO_TAG)


def compose(text: str) -> tuple[list[Any], tuple[str, int] | None]:
    """The composed documents up to the first error, and that error with its offset."""
    roots: list[Any] = []
    try:
        parser = _Composing(text)
        while parser.check_node():
            roots.append(parser.get_node())
    except yaml.reader.ReaderError as error:
        head = text.encode("utf-8", "replace")[: error.position].decode("utf-8", "ignore")
        return roots, (f"{error.reason} (character {_character(error.character)})", len(head))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(part for part in (error.problem, error.context and f"({error.context})") if part)
        return roots, (words, mark.index if mark else 0)
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
