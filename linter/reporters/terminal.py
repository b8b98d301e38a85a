"""The text report: findings by file with excerpt and mark, why and fix, then what it all comes to."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TextIO

from linter.finding import Diagnostic, Finding, Report, RuleInfo, Status
from linter.reporters import excerpt, tally
from linter.reporters.ansi import Paint
from linter.reporters.coverage import coverage_line
from linter.reporters.links import rule_url
from linter.reporters.notices import NAMED, alike
from linter.reporters.options import Options
from linter.reporters.visible import cells, shown_path, visible


def write(report: Report, stream: TextIO, options: Options) -> None:
    """Everything to `stream`, in blocks, so that a pager or a closed pipe sees whole lines."""
    paint = Paint(color=options.color, links=options.links)
    if options.standard:
        from linter.reporters.standards import text

        stream.writelines(f"{line}\n" for line in text(report, options, paint))
        return
    findings = tally.shown(report, options.show_suppressed)
    files = tally.by_path(findings).items()
    stream.writelines("\n".join([*_file(report, path, group, options, paint), ""]) for path, group in files)
    stream.writelines(f"{line}\n" for line in _diagnostics(report, options, paint))
    if not options.quiet:
        stream.writelines(f"{line}\n" for line in _summary(report, findings, options, paint))


def _file(report: Report, path: str, group: list[Finding], options: Options, paint: Paint) -> list[str]:
    rule = "─" if options.unicode else "-"
    shown = shown_path(path)
    counts = tally.severity_words(tally.by_severity(group))
    gap = (options.width or 100) - cells(shown) - len(counts) - 6
    lines = [paint("bold", shown) + f" {paint('dim', rule * max(2, gap))} " + paint("dim", counts)]
    told: set[str] = set()  # rules whose why and fix this file has already shown
    for finding in group:
        brief = finding.rule in told and not options.verbose
        lines += _finding(report, finding, options, paint, brief=brief)
        told.add(finding.rule)
        lines.append("")
    return lines


def _finding(report: Report, finding: Finding, options: Options, paint: Paint, *, brief: bool) -> list[str]:
    rule = tally.rule_of(report, finding.rule)
    frame = excerpt.DRAWN if options.unicode else excerpt.ASCII
    margin = excerpt.gutter(finding)
    place = finding.location
    severity = paint.severity(finding.severity, finding.severity.label)
    name = paint.link(rule_url(rule), paint("bold", visible(finding.rule)))
    label = f"{finding.severity.label}[{visible(finding.rule)}]: "
    message = _wrap(visible(finding.message), options.width, len(label), hang=2)
    gap = "" if message.startswith("\n") else " "
    head = f"{severity}[{name}]:{gap}{message}{_status(finding, paint)}"
    where = f"{shown_path(place.path)}:{place.line}:{place.column}"
    subject = f"  {paint('dim', visible(finding.subject))}" if finding.subject else ""
    if subject and options.width and margin + 5 + cells(where) + cells(finding.subject) > options.width:
        subject = "\n" + " " * (margin + 5) + subject.strip()
    place_line = f"{' ' * margin}{paint('blue', '-->')} {where}{subject}"
    quoted = excerpt.render(finding, paint, frame, options.width, margin)
    return [head, place_line, *quoted, *_notes(finding, rule, options, paint, margin, brief=brief)]


def _status(finding: Finding, paint: Paint) -> str:
    if finding.status is Status.ACTIVE:
        return ""
    reason = f": {visible(finding.reason)}" if finding.reason else ""
    return " " + paint("dim", f"({finding.status.value}{reason})")


def _notes(
    finding: Finding, rule: RuleInfo, options: Options, paint: Paint, margin: int, *, brief: bool
) -> Iterator[str]:
    for related in finding.related:
        place = related.location
        where = f"{shown_path(place.path)}:{place.line}:{place.column}"
        yield _note("see", f"{visible(related.message).rstrip('.')}: {where}", "cyan", options, paint, margin)
    if finding.instances:
        names = ", ".join(visible(name) for name in finding.instances[:4])
        more = f" and {len(finding.instances) - 4} more" if len(finding.instances) > 4 else ""
        yield _note("for", names + more, "cyan", options, paint, margin)
    if brief:
        return
    if rule.why:
        why = rule.why if options.verbose else tally.first_sentence(rule.why)
        yield _note("why", _folded(why), "cyan", options, paint, margin)
    if rule.fix:
        yield _note("fix", _folded(rule.fix), "green", options, paint, margin)
    if finding.fix is not None:
        flag = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
        told = f"{visible(finding.fix.description).rstrip('.')} (`{flag}` does it)"
        yield _note("auto", told, "green", options, paint, margin)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """A rule's own words on one line."""
    return visible(" ".join(text.split()))


def _note(label: str, text: str, style: str, options: Options, paint: Paint, margin: int) -> str:
    sign = f"{' ' * margin} {paint('blue', '=')} {paint(style, label)}: "
    lead = margin + 3 + len(label) + 2
    return sign + _wrap(text, options.width, lead, hang=lead)


def _wrap(text: str, width: int, lead: int, hang: int) -> str:
    """Wrap `text` that starts at column `lead`; later lines are indented by `hang`. No terminal: one line."""
    if not width or lead + cells(text) <= width:
        return text
    room = max(width, hang + 20)
    first = lead if lead + 20 <= room else hang
    lines = textwrap.wrap(
        text,
        room,
        initial_indent=" " * first,
        subsequent_indent=" " * hang,
        break_on_hyphens=False,
        break_long_words=False,
    )
    wrapped = "\n".join(lines)
    return wrapped[first:] if first == lead else "\n" + wrapped


def _diagnostics(report: Report, options: Options, paint: Paint) -> Iterator[str]:
    shown = [d for d in report.diagnostics if d.level != "note" or options.verbose]
    groups = [(item,) for item in shown] if options.verbose else alike(shown)
    for group in groups:
        level = group[0].level
        style = {"error": "high", "warning": "medium"}.get(level, "cyan")
        told = _places(group) + visible(group[0].message)
        yield f"{paint(style, level)}: {_wrap(told, options.width, len(level) + 2, hang=2)}"
    if shown:
        yield ""


def _places(group: Sequence[Diagnostic]) -> str:
    """Where notices of the same words are, all of them or the first few and how many more."""
    places = [_place(item) for item in group if item.path]
    more = f" and {len(places) - NAMED:,} more" if len(places) > NAMED else ""
    return f"{', '.join(places[:NAMED])}{more}: " if places else ""


def _place(diagnostic: Diagnostic) -> str:
    line = f":{diagnostic.line}:{max(diagnostic.column, 1)}" if diagnostic.line else ""
    return f"{shown_path(diagnostic.path)}{line}"


def _summary(report: Report, findings: tuple[Finding, ...], options: Options, paint: Paint) -> Iterator[str]:
    active = report.active
    if len(active) > 1:
        yield from _table(report, active, options, paint)
        yield ""
    if active:
        files = tally.plural(len({f.location.path for f in active}), "file")
        counts = tally.severity_words(tally.by_severity(active))
        found = f"Found {tally.plural(len(active), 'finding')} in {files}"
        yield paint("bold", found) + _wrap(f" ({counts}).", options.width, len(found), hang=2)
    elif sum(report.coverage.read.values()):
        yield paint("green", "No findings.")
    else:
        yield paint("medium", "Nothing was checked.")
    yield from _asides(report, findings, options)
    yield paint("dim", _wrap(coverage_line(report), options.width, 0, hang=2))
    if options.verbose:
        for skipped in report.coverage.skipped:
            yield paint("dim", f"  skipped {visible(skipped.path)}: {visible(skipped.reason)}")


def _asides(report: Report, findings: tuple[Finding, ...], options: Options) -> Iterator[str]:
    hidden = {s: n for s, n in tally.by_status(report).items() if n and s is not Status.ACTIVE}
    if hidden:
        told = "Not counted: " + ", ".join(f"{count:,} {status.value}" for status, count in hidden.items())
        told += "." if options.show_suppressed else " (`--show-suppressed` lists them)."
        yield _wrap(told, options.width, 0, hang=2)
    safe = sum(1 for f in findings if f.fix is not None and f.fix.safe and f.status is Status.ACTIVE)
    if safe:
        yield f"Fixable with `--fix`: {safe:,}."


def _table(report: Report, findings: tuple[Finding, ...], options: Options, paint: Paint) -> Iterator[str]:
    """Severity by category; only the severities that occur."""
    table = tally.by_category(report, findings)
    totals = tally.by_severity(findings)
    columns = [severity for severity in tally.SEVERITIES if totals[severity]]
    first = max(len(visible(name)) for name in (*table, "total"))
    empty = "·" if options.unicode else "."
    heads = [paint.severity(s, s.label) for s in columns]
    widths = [max(len(s.label), len(str(totals[s]))) for s in columns]
    pad = ["  " + " " * (w - len(s.label)) for w, s in zip(widths, columns, strict=True)]
    yield " " * first + "".join(p + h for p, h in zip(pad, heads, strict=True))
    for name, counts in table.items():
        row = [str(counts[s]) if counts[s] else empty for s in columns]
        painted = [
            "  " + " " * (w - len(c)) + (c if c != empty else paint("dim", c))
            for w, c in zip(widths, row, strict=True)
        ]
        yield visible(name).ljust(first) + "".join(painted)
    if len(table) > 1:
        row = [str(totals[s]) for s in columns]
        yield paint("bold", "total".ljust(first)) + "".join(
            "  " + c.rjust(w) for w, c in zip(widths, row, strict=True)
        )
