"""Resources that a chart leaves to whoever installs it, and says why beside the empty value: "We usually recommend not
to specify default resources and to leave this as a conscious choice for the user."

Where the project itself installs the chart, or another one of which it is a part, it is the user, and has made no
choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.deploys.overridden import OF_RESOURCES, resources_of_container
from linter.finding import Finding
from linter.formats.node import MAP
from linter.givenfiles import start_of
from linter.patterns import lazy_regex
from linter.text import decode

LEFT_OPEN = "of resources that a chart leaves to its users, as its values say"
_MANY = 500_000  # bytes of a file of values that are looked at
_FARTHEST = 8  # lines of a comment
# also as it is often misspelt
_CHOICE = lazy_regex(r"\bcons?cious choice (?:for|by) the (?:user|administrator|operator)\b")


def is_left_open(finding: Finding, deployments: Deployments) -> bool:
    """Whether a finding is about such resources."""
    path = finding.location.path
    chart = chart_folder(deployments.charts, path) if finding.rule in OF_RESOURCES else ""
    if not chart or not deployments.is_left_to_others(chart):
        return False
    keys = list(resources_of_container(deployments.root, path, finding.location.line))
    return bool(keys) and all(_says_why(deployments.root, f"{chart}/values.yaml", each) for each in keys)


def _says_why(root: str, path: str, keys: Sequence[str]) -> bool:
    """Whether a comment beside a value says it."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    text = decode(path, start_of(Path(root, path), _MANY))
    lines = text.text.splitlines()
    node = next(iter(parse_documents(text).documents), None)
    line, end = 0, len(lines)  # of the key, and where what it has ends at the latest
    for key in keys:
        if node is None or node.kind != MAP:
            return False
        starts = {each: text.position(node.entry_span(each).start).line for each in node.keys()}  # noqa: SIM118 - a Node is no dict
        if key in starts:
            line = starts[key]
            end = min((start - 1 for start in starts.values() if start > line), default=end)
        elif key == keys[-1]:
            line = _commented_out(lines, key, min(starts.values(), default=0), end)
        else:
            return False
        node = node.get(key)
    above = _comment(reversed(lines[max(0, line - 1 - _FARTHEST) : line - 1]))
    empty = line < len(lines) and lines[line].strip() == "{}"  # on a line of its own, the comment below it
    below = _comment(lines[line + empty : line + empty + _FARTHEST])
    return bool(line) and any(_CHOICE.search(" ".join(said)) is not None for said in (above[::-1], below))


def _commented_out(lines: Sequence[str], key: str, first: int, end: int) -> int:
    """The line (from 1) of a key that is commented out beside others, of which `first` has the first; 0: none."""
    beside = lines[first - 1] if first else ""
    indent = len(beside) - len(beside.lstrip(" "))
    out = re.compile(rf" {{{indent}}}#+[ \t]*{re.escape(key)}:[ \t]*(?:\{{\}})?[ \t]*")
    found = (number for number in range(first, end + 1) if number and out.fullmatch(lines[number - 1]))
    return next(found, 0)


def _comment(lines: Iterable[str]) -> list[str]:
    """The words of the comment that some lines begin with."""
    commented = takewhile(lambda line: line.lstrip().startswith("#"), lines)
    return [" ".join(line.strip(" #\t").split()) for line in commented]
