"""Dockerfiles that are kept for each release, one folder or file a version (`dockerfiles/1.2.0/ubi/Dockerfile`,
`Dockerfile.4.1.0`): what is said of the newest is said of the others again.

Only what stands there in the same words, but for versions, is the same; and two versions are two products, not a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linter.finding import Finding, RuleInfo
from linter.patterns import lazy_regex

_ROW = 3  # so many versions of one file
_FOLDER = lazy_regex(r"(?:[A-Za-z][A-Za-z0-9]{0,40}[-_])?v?\d{1,9}(?:\.\d{1,9}){1,5}(?:[-_+][\w.+-]{0,40})?")
_IN_FILE = lazy_regex(r"\d{1,9}(?:\.\d{1,9}){1,5}")
_NUMBER = lazy_regex(r"\d{1,9}")

Kept = tuple[str, str, str]


def kept_of(finding: Finding, info: RuleInfo) -> Kept | None:
    """What a finding says of a Dockerfile of some version, without that version; None: of no such file."""
    if info.format != "dockerfile" or info.category == "secrets":
        return None
    path, versions = _apart(finding.location.path)
    if not versions:
        return None
    return path, _without(versions, finding.message), _without(versions, finding.evidence)


def of_releases(findings: Sequence[Finding], indexes: Iterable[int]) -> list[list[int]]:
    """Of findings that say the same, in groups, the first of each file, the second of each and so on; of the newest
    version first."""
    by_file: dict[str, list[int]] = {}
    for index in indexes:
        by_file.setdefault(findings[index].location.path, []).append(index)
    if len(by_file) < _ROW:
        return []
    files = sorted(by_file, key=lambda path: _numbers(_apart(path)[1]), reverse=True)
    most = max(map(len, by_file.values()))
    groups = [[by_file[path][nth] for path in files if nth < len(by_file[path])] for nth in range(most)]
    return [group for group in groups if len(group) >= _ROW]


def _apart(path: str) -> tuple[str, list[str]]:
    """A path without the versions in it, and these."""
    *folders, file = path.split("/")
    versions = [name for name in folders if _FOLDER.fullmatch(name) is not None]
    rest = ["*" if name in versions else name for name in folders]
    return "/".join((*rest, _IN_FILE.sub("*", file))), versions + _IN_FILE.findall(file)


def _numbers(versions: Iterable[str]) -> list[int]:
    return [int(number) for version in versions for number in _NUMBER.findall(version)]


def _without(versions: Iterable[str], text: str) -> str:
    """A text without versions: those of its file, and others."""
    for version in versions:
        text = text.replace(version, "*")
    return _IN_FILE.sub("*", text)
