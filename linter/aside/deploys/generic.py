"""Probes of a chart that runs whatever image its users give it: by its own values it has none, and what the image
answers is theirs to say, as the template lets them.

Where the project itself installs the chart it is that user, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.deploys.release import UNSET, Layer, value_at
from linter.finding import Finding
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

GENERIC = "of charts that run whatever image their users give them"
_RULES = {"readiness-probe-missing": "readinessProbe:"}  # and what the template has for it
_MANY = 500_000  # bytes of a file that are looked at
_FARTHEST = 200  # lines of one container
_IMAGE = lazy_regex(r"[ \t]*+(?:- )?image:[ \t]*+[\"']?\{\{")
# `{{ .Values.image.repository }}` without anything in its place
_NAMED = lazy_regex(
    r"\{\{-?[ \t]*+\.Values\.((?:\w+\.)*(?:repository|name|image))[ \t]*+(?:\|[ \t]*+quote[ \t]*+)?-?\}\}"
)


def is_of_generic_chart(finding: Finding, deployments: Deployments) -> bool:
    """Whether a finding is about such a probe."""
    path, key = finding.location.path, _RULES.get(finding.rule, "")
    chart = chart_folder(deployments.charts, path) if key else ""
    if not chart or not deployments.is_left_to_others(chart):
        return False
    own = deployments.files.read(f"{chart}/values.yaml")
    if not isinstance(own, dict):
        return False
    lines = list(_of_container(deployments.root, path, finding.location.line))
    names = [name for line in lines if _IMAGE.match(line) for name in _NAMED.findall(line)]
    given = (value_at([Layer("", own)], name.split(".")) for name in names)
    return any(line.lstrip().startswith(key) for line in lines) and any(each in ("", UNSET) for each in given)


def _of_container(root: str, path: str, line: int) -> Iterator[str]:
    """The lines of the container in a template that begins at one."""
    lines = start_of(Path(root, path), _MANY).decode("utf-8", "replace").splitlines()[line - 1 :]
    depth = len(lines[0]) - len(lines[0].lstrip(" ")) if lines else 0
    for number, text in enumerate(islice(lines, _FARTHEST)):
        words = text.lstrip(" ")
        if number and words and not words.startswith(("{{", "#")) and len(text) - len(words) <= depth:
            return
        yield text
