"""The manual page of a rule, as `tarecheck explain` prints it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from linter.config.outside import normal
from linter.finding import RuleInfo
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.reporters import cwe
from linter.reporters.ansi import Paint
from linter.reporters.controls import STANDARDS
from linter.ruleset.model import EditSpec, Param
from linter.ruleset.store import RuleSet

WIDTH = 100
_HOLE = lazy_regex(r"\{[^{}]*\}")
_EXAMPLES = (("bad", "Wrong"), ("good", "Right"), ("unknown", "No verdict"))


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made of, and for which screen."""

    info: RuleInfo
    params: dict[str, Param]
    edit: EditSpec | None
    paint: Paint
    width: int = WIDTH

    @classmethod
    def of(cls, info: RuleInfo, rules: RuleSet, paint: Paint, width: int) -> Page:
        edit = next((rule.edit for rule in rules.rules(info.format) if rule.id == info.id), None)
        return cls(info, rules.param_specs.get(info.id, {}), edit, paint, min(width or WIDTH, WIDTH))

    def lines(self) -> Iterator[str]:
        """The page, from what the rule says to where it is configured."""
        info = self.info
        yield f"{self.paint('bold', info.id)}: {info.title}"
        yield from self._wrap(f"{', '.join(self._weights())}.")
        if info.message:
            yield from self._section("What it says", self._wrap(_HOLE.sub("…", info.message), 2))
        yield from self._section("Why it matters", self._wrap(info.why, 2))
        yield from self._section("What to do", self._remedy())
        for kind, title in _EXAMPLES:
            example = next((text for found, text in info.examples if found == kind), None)
            if example is not None:
                yield from self._section(
                    title, (f"  {line}".rstrip() for line in example.rstrip().splitlines())
                )
        yield from self._section("Configuration", self._configuration())
        yield from self._section("Same check elsewhere", self._peers())
        yield from self._section("Standards", self._standards())
        yield from self._section("References", (f"  {self.paint.link(u, u)}" for u in info.references))

    def _weights(self) -> Iterator[str]:
        info = self.info
        yield f"{self.paint.severity(info.severity, info.severity.label)} severity"
        yield f"{info.confidence.label} confidence"
        yield info.category
        yield f"{info.format} {info.subject}".strip()
        if info.profile != "default":
            yield "only in the strict profile" if info.profile == "strict" else "only when selected by name"

    def _section(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        """Nothing for a section without lines."""
        body = list(lines)
        if body:
            yield ""
            yield self.paint("bold", title)
            yield from body

    def _wrap(self, text: str, indent: int = 0) -> list[str]:
        lead = " " * indent
        return textwrap.wrap(
            " ".join(text.split()),
            self.width,
            initial_indent=lead,
            subsequent_indent=lead,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _remedy(self) -> Iterator[str]:
        for paragraph in self.info.fix.split("\n\n"):
            yield from self._wrap(paragraph, 2)
        if self.edit is not None:
            flag = "--fix" if self.edit.safe else "--fix --unsafe-fixes"
            yield f"  `tarecheck scan {flag}` does it."

    def _configuration(self) -> Iterator[str]:
        info = self.info
        yield "  rules:"
        yield f"    {info.id}:"
        yield f"      severity: {info.severity.label}"
        yield f"      enabled: {'true' if info.profile == 'default' else 'false'}"
        yield "      ignore: []  # paths whose findings are suppressed"
        if self.params:
            yield "      params:"
        for name, param in self.params.items():
            lead = f"        {name}: {_literal(param.default)}  # "
            doc = self._wrap(f"{param.doc.rstrip('.')} ({param.type})")
            yield lead + doc[0]
            yield from (" " * (len(lead) - 2) + f"# {line}" for line in doc[1:])
        yield f"  In a file, at the line: # tarecheck: ignore[{info.id}] the reason"

    def _peers(self) -> Iterator[str]:
        by_tool: dict[str, list[str]] = {}
        for alias in self.info.aliases:
            tool, _, name = alias.partition(":")
            names = by_tool.setdefault(tool, [])
            if normal(tool, name) not in {normal(tool, known) for known in names}:  # spellings of one id
                names.append(name)
        for tool, names in sorted(by_tool.items()):
            yield f"  {tool:<12} {', '.join(names)}"

    def _standards(self) -> Iterator[str]:
        width = max((len(name) for name in self.info.standards), default=0)
        for name in self.info.standards:
            lead = f"  {name:<{width}}  "
            first, *rest = self._wrap(_control(name), len(lead)) or [""]
            yield (lead + first.strip()).rstrip()
            yield from rest


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if not isinstance(value, str) else f'"{value}"'


def _control(name: str) -> str:
    """The title of a control, with that of its standard."""
    key, _, control = name.partition(":")
    if key == "cwe":
        return cwe.name(control)
    standard = STANDARDS.get(key)
    if standard is None:
        return ""
    title = standard.controls.get(control)
    return f"{standard.title}: {title}" if title else standard.title
