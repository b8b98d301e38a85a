"""How much of the grammar a text is worth: it gets slower with every operator that it can't bring to an end.

Minutes and gigabytes for 200 kB of brackets, or for one pipeline of thousands of commands. Nobody writes such a script.
What the grammar does is counted while it does it; a text that it has not read when the file's steps are used up is
looked at by words and operators alone.
"""

from __future__ import annotations

from typing import Any

from linter.formats.effort import effort

_SHORT = 2_000  # bytes of a text that is read at one go: its cost is reckoned afterwards
_CHUNK = 256  # bytes that a reader is given at a time. No more: the binding never frees them
# In steps, of which there are some 300 million a second. A call comes with every hundred operations of the grammar,
# which are slow once it has met an error, and the slower the more it has read by then.
_READ = 1_000
_CALL = 15_000
_CALL_AFTER_ERROR = 200_000
_BYTE_BEFORE = 33
# When an error ends a chain of pipes or of redirects, all of its parts are put together anew for each of them.
_CHAINS = ((b"|", 7), (b"<", 200), (b">", 200))
_COMMAND = 2_000
_MANY = 50_000  # commands of one text
_FEW = 10


def parse(parser: Any, data: bytes) -> Any:
    """The tree of a script; None when the grammar takes too long over it."""
    if effort.left <= 0:
        return None
    if len(data) <= _SHORT:
        tree = parser.parse(data)
        effort.left -= 2 * len(data) ** 2 if tree.root_node.has_error else _CALL
        return tree
    chains = sum([cost * data.count(mark) ** 2 for mark, cost in _CHAINS])
    if chains > effort.left:
        return None

    def read(offset: int, _: Any) -> bytes:
        chunk = data[offset : offset + _CHUNK]
        effort.left -= _READ + len(chunk)
        return chunk

    def over(offset: int, has_error: bool) -> bool:
        effort.left -= _CALL_AFTER_ERROR + _BYTE_BEFORE * offset if has_error else _CALL
        return effort.left <= 0

    try:
        tree = parser.parse(read, progress_callback=over)
    except ValueError:  # it was stopped
        parser.reset()
        return None
    if tree.root_node.has_error:
        effort.left -= chains
    return tree


def most_commands() -> int:
    """How many commands of a text are looked at: fewer when the steps of the file are used up."""
    return _MANY if effort.left > 0 else _FEW


def count_command() -> None:
    """One more command is looked at."""
    effort.left -= _COMMAND
