"""What a scan says: findings, diagnostics, and the report that holds them.

All of it is plain frozen data that can cross processes and be cached; no reference to a text or a tree.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

from linter.frozen import dataclass, field, replace


class Severity(IntEnum):
    """Ordered: `Severity.HIGH > Severity.LOW`."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return _SEVERITY_LABELS[self]


_SEVERITY_LABELS = tuple(severity.name.lower() for severity in Severity)


class Confidence(IntEnum):
    """How likely a finding of the rule is true on real code."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def label(self) -> str:
        return self.name.lower()


class Status(StrEnum):
    """Why a finding counts, or does not."""

    ACTIVE = "active"
    SUPPRESSED = "suppressed"  # by a comment, an annotation or the configuration
    BASELINED = "baselined"  # known before: baseline file, or the base of --new-since
    DUPLICATE = "duplicate"  # the same fact from another tool or rule
    ASIDE = "aside"  # in tests or in other people's code


FIRST_RELEASE = "0.1.0"  # has every rule that does not say `since`

CATEGORIES = (
    "privilege",
    "secrets",
    "encryption",
    "gpu",
    "resources",
    "supply-chain",
    "network",
    "reliability",
    "correctness",
)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file. Lines and columns are 1-based, the end is exclusive; offsets are code points."""

    path: str  # relative to the root of the scan, forward slashes
    line: int
    column: int
    end_line: int
    end_column: int
    start: int = 0
    end: int = 0


INCLUDED = (
    "The named template is included here."  # of a line that includes what another file of a chart writes
)
WRITTEN_BY = "The template writes it here."  # of a line that writes what the values of a chart have
OF_USE = frozenset((INCLUDED, WRITTEN_BY))  # where a template has what is told at another place
APP_VERSION = "The tag is the appVersion of the chart."  # of a line of its Chart.yaml
COMES_FROM = "It comes from"  # of a line that a template reads or includes, where what is told stands
WRITTEN_IN = "The manifest is written here."  # of the file that another one reads
# property of a finding in a part of a template's object that the chart's own values leave out
OFF_BY_VALUES = ("left-out", "by the chart's values")
DECIDED = ("decided", "by the branch that is taken")  # of one that stands in the other branch of a key
OF_TESTS = (
    "rendered-for",
    "tests",
)  # of one that only the values show with which a chart's own tests render it
MADE = (
    "made",
    "while rendering",
)  # of a secret that an expression may have written into a text of a template
OF_CLUSTER = "kube-version"  # names the property of one in what was rendered for a cluster that was asked for
MOOT = "moot"  # of what a rule says of one file and other files make moot: its value is a word of `moot_if`
SAID_BY = "said by "  # begins the reason of a finding that another rule's covers; the rule's id follows


@dataclass(frozen=True, slots=True)
class Related:
    """The other side of a finding, with what it is."""

    location: Location
    message: str
    use: bool = False  # where the value of the finding is used: a suppression there counts, too


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Source lines around a finding, secrets already masked. `first` is the 1-based number of the first one."""

    first: int
    text: str  # the lines, each with a line feed at its end: one object where a scan of a large tree has thousands

    @classmethod
    def of(cls, first: int, lines: Iterable[str]) -> Excerpt:
        return cls(first, "".join([f"{line}\n" for line in lines]))

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n")[:-1])


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text between two code-point offsets of `path`."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """An autofix: edits that belong together. `safe` fixes never change what correct files do."""

    description: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw at one place. `subject` is its address: `ns/Kind/name#/spec/…`, `module.x.type.name`, a stage."""

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    subject: str = ""
    evidence: str = ""  # normalised text under the span, secrets masked; part of the identity
    excerpt: Excerpt | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    ordinal: int = 0  # tells apart findings that are equal in everything else
    status: Status = Status.ACTIVE
    reason: str = ""  # of the status: the words of the suppression, the name of the baseline
    origin: str = "tarecheck"  # or the external tool that said it
    instances: tuple[str, ...] = ()  # addresses that share this source line (count, for_each)
    properties: tuple[
        tuple[str, str], ...
    ] = ()  # small extras for machine formats, such as the plan's action

    @property
    def identity(self) -> str:
        """Stable over moved lines: sha256 of rule, path, subject, evidence and ordinal, in hexadecimal."""
        from hashlib import sha256  # brings OpenSSL, which a text report needs not

        parts = (self.rule, self.location.path, self.subject, self.evidence, str(self.ordinal))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def evolve(self, **changes: object) -> Finding:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something the reader of the report must know that is no flaw of the scanned code.

    `level` is `note`, `warning` or `error`; `internal` errors make the exit code 4.
    """

    level: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was found and not read, with the reason in a few words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at: the counts of the coverage line."""

    found: int = 0  # candidate files in scope
    read: Mapping[str, int] = field(default_factory=dict)  # format -> files read as it
    other: int = 0  # candidates that are nothing of ours, such as a YAML file that is no manifest
    skipped: tuple[Skipped, ...] = ()
    rules: int = 0  # rules that ran
    unknowns: int = 0  # evaluations that had no verdict
    subjects: int = 0
    unknown_rules: Mapping[str, int] = field(default_factory=dict)  # rule -> its part of `unknowns`
    judged: frozenset[str] | None = None  # rules that met a subject of theirs; None: not told
    rendered: Mapping[str, int] = field(default_factory=dict)  # "charts", "kustomizations" -> rendered
    unrendered: tuple[Skipped, ...] = ()  # of them, those that were not, with the reason


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What reports need of a rule; derived from the rule file."""

    id: str
    title: str
    category: str
    severity: Severity
    confidence: Confidence
    profile: str
    format: str
    subject: str
    why: str
    fix: str
    message: str
    aliases: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    written: bytes = b""  # the examples, by `written_examples`: most runs ask for none of them
    origin: str = "tarecheck"
    since: str = ""  # the release that brought the rule; empty: the first
    exact: bool = False  # selecting one of its aliases selects no wider rule that has it too
    once: bool = False  # told once a project, with the other places
    hygiene: bool = False  # asks for what a manifest works without: not told of examples
    moot_if: tuple[str, ...] = ()  # what other files may say of its object, so that it is set aside
    explained_by: tuple[str, ...] = ()  # words of which a comment that explains it has one
    throughout: bool = False  # what it supersedes it does wherever in the object that stands

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Kind, which is "bad" or "good", and text of each."""
        return marshal.loads(self.written) if self.written else ()  # noqa: S302 - by `written_examples`


def is_about_secrets(rule: str, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether a rule is about secrets; False for one that is not among the infos."""
    info = infos.get(rule)
    return info is not None and info.category == "secrets"


def written_examples(examples: Iterable[tuple[str, str]]) -> bytes:
    """Examples as one value that costs nothing to read until it is asked for."""
    return marshal.dumps(tuple(examples))


@dataclass(frozen=True, slots=True)
class Program:
    """Another program whose findings are in a report. `database` is the date of its vulnerability database."""

    name: str  # the origin of its findings
    version: str = ""
    database: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a scan. `findings` holds all of them, also suppressed ones, in the one order of all formats."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    coverage: Coverage
    rules: Mapping[str, RuleInfo]  # every enabled rule by id, in order of id
    root: str = ""  # absolute path that relative paths start from; never written into reports
    files: tuple[str, ...] = ()  # paths of everything that was read as something of ours
    inventory: tuple[Mapping[str, object], ...] = ()  # accelerator demand, one row a workload
    programs: tuple[Program, ...] = ()  # that were heard besides us

    @property
    def active(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.status is Status.ACTIVE)


def sort_key(finding: Finding) -> tuple[object, ...]:
    """The one order: path, line, column, rule."""
    place = finding.location
    return (
        place.path,
        place.line,
        place.column,
        finding.rule,
        finding.subject,
        finding.message,
        finding.ordinal,
    )


def number(findings: Iterable[Finding]) -> list[Finding]:
    """Sort, and give findings that are equal in identity their ordinals in that order."""
    seen: dict[tuple[str, str, str, str], int] = {}
    result = []
    for item in sorted(findings, key=sort_key):
        key = (item.rule, item.location.path, item.subject, item.evidence)
        count = seen.get(key, 0)
        seen[key] = count + 1
        result.append(item if item.ordinal == count else replace(item, ordinal=count))
    return result
