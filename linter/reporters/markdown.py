"""Markdown for a pull request's comment or a step's summary: worst first, collapsible, never over the size limit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape
from typing import TextIO

from linter.finding import Finding, Report, Severity
from linter.patterns import lazy_regex
from linter.reporters import standards, tally
from linter.reporters.coverage import coverage_line
from linter.reporters.excerpt import columns
from linter.reporters.links import is_web, rule_url
from linter.reporters.notices import NAMED, alike
from linter.reporters.options import Options
from linter.reporters.visible import visible

COMMENT_LIMIT = 60_000  # GitHub takes 65,536 characters, GitLab a million
MARKER = "<!-- tarecheck -->"  # by which a bot finds its own comment again
_MOST_NOTICES = 10
_SIGNS = {
    Severity.CRITICAL: "🟥",
    Severity.HIGH: "🟧",
    Severity.MEDIUM: "🟨",
    Severity.LOW: "🟦",
    Severity.INFO: "⬜",
}
_SPECIAL = lazy_regex(r"([\\`*_\[\]#|~$<>&])")


def write(report: Report, stream: TextIO, options: Options) -> None:
    """The report, or the view of one standard."""
    if options.standard:
        stream.writelines(f"{line}\n" for line in standards.markdown(report, options))
        return
    write_capped(report, stream, options, COMMENT_LIMIT)


def write_capped(report: Report, stream: TextIO, options: Options, limit: int) -> None:
    """At most `limit` bytes of UTF-8; findings that do not fit are counted."""
    findings = tally.worst_first(tally.shown(report, options.show_suppressed))
    head = "\n".join(_head(report, options))
    tail = "\n".join(_tail(report))
    room = limit - len((head + tail).encode()) - 200
    body = io.StringIO()
    for index, finding in enumerate(findings):
        block = _finding(report, finding, open_it=index == 0 and len(findings) < 4)
        room -= len(block.encode()) + 1
        if room < 0:
            rest = len(findings) - index
            body.write(
                f"\n…and {tally.plural(rest, 'more finding')}, less severe. The full report has them.\n"
            )
            break
        body.write(block + "\n")
    stream.write(f"{head}\n{body.getvalue()}{tail}\n")


def _head(report: Report, options: Options) -> Iterator[str]:
    active = report.active
    yield MARKER
    title = text(options.title) or "tarecheck"
    if not active:
        nothing = not sum(report.coverage.read.values())
        yield f"## {title}: {'nothing was checked ⚠️' if nothing else 'no findings ✅'}"
        yield ""
        return
    sign = "❌" if tally.fails(active, options.fail_on) else "⚠️"
    yield f"## {title}: {tally.plural(len(active), 'finding')} {sign}"
    yield ""
    counts = tally.by_severity(active)
    used = [s for s in tally.SEVERITIES if counts[s]]
    yield "| | " + " | ".join(f"{_SIGNS[s]} {s.label}" for s in used) + " |"
    yield "|---|" + "--:|" * len(used)
    table = tally.by_category(report, active)
    for name, row in table.items():
        yield f"| {text(name)} | " + " | ".join(str(row[s] or "") for s in used) + " |"
    if len(table) > 1:
        yield "| **total** | " + " | ".join(f"**{counts[s]}**" for s in used) + " |"
    yield ""


def _tail(report: Report) -> Iterator[str]:
    yield ""
    groups = alike(item for item in report.diagnostics if item.level != "note")
    for group in groups[:_MOST_NOTICES]:
        places = [code(item.path) for item in group if item.path]
        more = f" and {len(places) - NAMED:,} more" if len(places) > NAMED else ""
        where = f" {', '.join(places[:NAMED])}{more}" if places else ""
        yield f"- **{group[0].level}**{where} {text(group[0].message)}"
    if len(groups) > _MOST_NOTICES:
        yield f"- and {len(groups) - _MOST_NOTICES:,} notices more"
    hidden = {s: n for s, n in tally.by_status(report).items() if n and s.value != "active"}
    if hidden:
        yield (
            "\nNot counted: "
            + ", ".join(f"{count:,} {status.value}" for status, count in hidden.items())
            + "."
        )
    yield f"\n<sub>{text(coverage_line(report)[:2000])}</sub>"


def _finding(report: Report, finding: Finding, *, open_it: bool) -> str:
    rule = tally.rule_of(report, finding.rule)
    place = finding.location
    where = f"{place.path}:{place.line}"
    summary = f"{_SIGNS[finding.severity]} <b>{finding.severity.label}</b> {markup(finding.message)}"
    lines = [
        f"<details{' open' if open_it else ''}><summary>{summary} <code>{markup(where)}</code></summary>",
        "",
    ]
    name = code(finding.rule)
    link = f"[{name}]({rule_url(rule)})" if rule.references and is_web(rule_url(rule)) else name
    subject = f" in {code(finding.subject)}" if finding.subject else ""
    status = "" if finding.status.value == "active" else f" ({finding.status.value}: {text(finding.reason)})"
    lines += [f"{link}{subject}{status}", "", *_excerpt(finding)]
    lines += [
        f"- See {code(f'{r.location.path}:{r.location.line}')}: {text(r.message)}" for r in finding.related
    ]
    if rule.why:
        lines += ["", f"**Why:** {prose(rule.why)}"]
    if rule.fix:
        lines += ["", f"**Fix:** {prose(rule.fix)}"]
    return "\n".join([*lines, "", "</details>", ""])


def _excerpt(finding: Finding) -> list[str]:
    if finding.excerpt is None or not finding.excerpt.lines:
        return []
    lines = []
    for index, raw in enumerate(finding.excerpt.lines):
        shown = visible(raw.rstrip().expandtabs(4))[:300]
        begin, end = columns(finding, finding.excerpt.first + index, raw)
        lines.append(f"{'>' if end > begin else ' '} {finding.excerpt.first + index:>4} {shown}".rstrip())
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *lines, fence]


def text(value: str) -> str:
    """Text from anywhere as nothing but text in Markdown: no markup, no mention, no link."""
    return _inert(_SPECIAL.sub(r"\\\1", visible(value)[:2000]))


def markup(value: str) -> str:
    """The same within a line of HTML, where Markdown's own escapes do not work."""
    return _inert(escape(visible(value)[:2000]))


def _inert(value: str) -> str:
    # a word joiner is not seen, and keeps the site from making mentions and links of what the file says
    return value.replace("@", "@\u2060").replace("://", ":\u2060//").replace("www.", "www\u2060.")


def prose(value: str) -> str:
    """A rule's own words, which may hold inline code: folded to a line, HTML disarmed."""
    parts = " ".join(value.split()).split("`")
    if len(parts) % 2 == 0:
        return text(" ".join(value.split()))
    return "".join(code(part) if index % 2 else text(part) for index, part in enumerate(parts))


def code(value: str) -> str:
    """Inline code that its content can't end."""
    shown = visible(value)[:500]
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}" if shown.strip() else ""
