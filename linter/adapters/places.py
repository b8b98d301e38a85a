"""Where other tools' findings really are: some say too little, some point at the wrong lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from linter.finding import Finding, Report
from linter.frozen import replace
from linter.patterns import lazy_regex

# quoted or not, depending on the check: Container 'a' of Pod 'b', container a of daemonset b
_NAMED = lazy_regex(
    r"\b(container|pod|deployment|daemonset|statefulset|replicaset|replicationcontroller|job|cronjob|"
    r"(?:cluster)?role(?:binding)?|service(?:account)?|configmap|secret|ingress|networkpolicy)"
    r" ['\"]?([\w.:-]*\w)",
    re.IGNORECASE,
)
# kube-linter points at line 1 always, and ends its message with: object: ns/name apps/v1, Kind=Deployment
_OBJECT = lazy_regex(r"object: (?:<no namespace>|[^/ ]*)/(\S+) [^,]*, Kind=(\w+)")
# property of a finding: the last line of the instruction whose first line it points at
_END = "instruction-end"
_WHOLE_FILE = 1 << 40


def same_object(subject: str, message: str) -> bool:
    """Whether an address of ours is that of what a message names, such as `Container 'a' of Deployment 'b'`."""
    named = {kind.lower(): name for kind, name in reversed(_NAMED.findall(message))}  # the first counts
    named |= {kind.lower(): name for name, kind in _OBJECT.findall(message)}
    container = named.pop("container", "")
    owner, _, inside = subject.partition("#")
    parts = owner.lower().split("/")[-2:]
    if not any(parts == [kind, name.lower()] for kind, name in named.items()):
        return False
    return not container or inside.rpartition("/")[2] == container


def lines_of(finding: Finding) -> tuple[int, int]:
    """The lines that a finding is about, first and last."""
    place = finding.location
    if finding.origin == "trivy" and (place.line, place.end_line, place.end_column) == (1, 1, 1):
        return 1, _WHOLE_FILE  # how Trivy's SARIF says that a result has no line
    return place.line, max(place.end_line, int(dict(finding.properties).get(_END, 0)))


def with_instructions(report: Report, read: Callable[[str], bytes | None]) -> Report:
    """The report with the whole instructions of hadolint's findings, which point at the first line of one.

    `read` gives the bytes of a file by its path in the report, or None.
    """

    @lru_cache(maxsize=64)
    def lines(path: str) -> tuple[str, ...]:
        data = read(path)
        return tuple(data.decode("utf-8", "replace").splitlines()) if data is not None else ()

    def whole(finding: Finding) -> Finding:
        if finding.origin != "hadolint":
            return finding
        last = _instruction_end(lines(finding.location.path), finding.location.line)
        return replace(finding, properties=(*finding.properties, (_END, str(last))))

    return replace(report, findings=tuple(map(whole, report.findings)))


def _instruction_end(lines: tuple[str, ...], first: int) -> int:
    """The last line of the instruction at a line (1-based): lines are continued, comments and empty ones pass."""
    last = first
    while last < len(lines):
        text = lines[last - 1].strip()
        passes = last > first and (not text or text.startswith("#"))
        if not passes and not text.endswith("\\"):
            break
        last += 1
    return last
