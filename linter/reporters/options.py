"""How a report is written: what the command line decided, with nothing read from the environment here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from linter.frozen import dataclass, field


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the scanned tree comes from, for `versionControlProvenance`."""

    repository: str  # absolute URI, without credentials
    revision: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """Every reporter takes the same options and uses the ones that it knows."""

    color: bool = False  # ANSI colours; only ever true for a terminal or FORCE_COLOR
    links: bool = False  # OSC 8 hyperlinks
    unicode: bool = True  # the stream's encoding can show box drawing characters
    width: int = 0  # columns of the terminal; 0: no terminal, wrap nothing
    verbose: int = 0
    quiet: int = 0  # 1: findings only, no summary and no coverage line
    show_suppressed: bool = False  # also findings that do not count: suppressed, baselined, duplicates
    sarif_suppressed: Literal["omit", "include"] = "omit"
    sarif_category: str = ""
    sarif_limit: int = 25_000  # results a run may hold at GitHub; 0: no limit
    reproducible: bool = False  # nothing that differs between two checkouts or two runs
    baseline: bool = False  # a baseline or a base revision was given: say what is new
    standard: str = ""  # a standards view was asked for: `pss:restricted`, `cis-k8s`
    title: str = ""  # heading of HTML and Markdown; default: tarecheck report
    command_line: str = ""
    exit_code: int | None = None
    fail_on: str = "medium"  # the verdict of HTML and Markdown; a severity or `none`
    started: str = ""  # RFC 3339, UTC; empty: not written, so that two runs give identical bytes
    ended: str = ""
    provenance: Provenance | None = None
    # bytes of a scanned file by its path in the report; None when they can't be had
    read_bytes: Callable[[str], bytes | None] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)  # GITHUB_STEP_SUMMARY, GITHUB_SERVER_URL …
