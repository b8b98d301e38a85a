"""The panels that are tables: standards, accelerators, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from linter.finding import Finding, Report, Status
from linter.reporters import standards
from linter.reporters.controls import STANDARDS
from linter.reporters.html import charts
from linter.reporters.options import Options
from linter.reporters.standards import Control, Verdict
from linter.reporters.tally import plural
from linter.reporters.visible import visible

_KIND = {
    Verdict.FAIL: "fail",
    Verdict.PASS: "pass",
    Verdict.UNKNOWN: "unknown",
    Verdict.SUPPRESSED: "accepted",
    Verdict.UNCOVERED: "none",
}
_WORKLOAD = ("workload", "name", "address", "subject")
_COLUMNS = (
    *_WORKLOAD,
    "kind",
    "container",
    "resource",
    "vendor",
    "model",
    "product",
    "mode",
    "count",
    "replicas",
    "total",
    "path",
    "line",
)
_NUMBERS = frozenset({"count", "replicas", "total", "line"})


def _text(value: object) -> str:
    return escape(visible(str(value)))


def _panel(name: str, heading: str) -> str:
    head = f'<h2 id="h-{name}" tabindex="-1">{heading}</h2>'
    return f'<section class="panel" id="{name}" aria-labelledby="h-{name}">{head}'


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[str] = frozenset(), kind: str = ""
) -> str:
    """A table of cells that are HTML already, in a box that scrolls sideways on a narrow screen."""
    sides = [' class="num"' if name in numbers else "" for name in head]
    top = "".join(f'<th scope="col"{side}>{_text(name)}</th>' for name, side in zip(head, sides, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{cell}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in rows
    )
    label = _text(", ".join(head))
    styled = f' class="{kind}"' if kind else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table{styled}>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def standards_panel(report: Report, options: Options) -> Iterator[str]:
    """Each standard with its share of controls by verdict, and each control with the rules that stand for it."""
    yield _panel("standards", "Standards")
    yield (
        '<p class="muted">A control passes when a rule that stands for it judged files and found nothing. '
        "No control is claimed that no rule checks.</p>"
    )
    groups: dict[str, list[Control]] = {}
    for control in standards.controls(report, options.standard or "all"):
        groups.setdefault(control.standard, []).append(control)
    if groups:
        yield '<div class="cards"><div class="card wide"><table class="bars"><tbody>'
        for key, controls in groups.items():
            yield _standard_row(key, controls)
        yield "</tbody></table></div>"
        for key, controls in groups.items():
            yield f'<div class="card wide"><h3>{_standard_name(key)}</h3>{_controls(controls)}</div>'
        yield "</div>"
    else:
        yield '<div class="card">No rule that ran stands for a control of a standard.</div>'
    yield "</section>"


def _standard_name(key: str) -> str:
    standard = STANDARDS.get(key)
    if standard is None:
        return _text(key)
    return f'<a href="{_text(standard.url)}" rel="noopener noreferrer">{_text(standard.title)}</a>'


def _standard_row(key: str, controls: list[Control]) -> str:
    counts = standards.summary(controls)
    parts = [(_KIND[verdict], count, verdict.value) for verdict, count in counts.items()]
    told = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
    name = _text(standards.title_of(key))
    bar = charts.bar(parts, len(controls))
    return f'<tr><th scope="row">{name}</th><td>{bar}</td><td class="muted">{told}</td></tr>'


def _controls(controls: list[Control]) -> str:
    rows = []
    for control in controls:
        counts = Counter(f.rule for f in control.findings)
        failing_first = sorted(control.rules, key=lambda rule: not counts[rule.id])
        rules = "".join(_rule(rule.id, counts[rule.id]) for rule in failing_first)
        verdict = f'<span class="badge v-{_KIND[control.verdict]}">{control.verdict.value}</span>'
        found = f"{len(control.findings):,}" if control.findings else ""
        rows.append((verdict, f"<b>{_text(control.id)}</b> {_text(control.title)}", rules, found))
    return table(("verdict", "control", "rules", "findings"), rows, frozenset({"findings"}), "controls")


def _rule(rule: str, count: int) -> str:
    if not count:
        return f'<code class="chip muted">{_text(rule)}</code>'
    return (
        f'<button class="chip mono" type="button" disabled data-only="rule" data-value="{_text(rule)}">'
        f"{_text(rule)} ×{count}</button>"
    )


def inventory_panel(report: Report) -> Iterator[str]:
    """What asks for which accelerators, and how many in all."""
    yield _panel("accelerators", "Accelerators")
    rows = report.inventory
    if not rows:
        yield '<div class="card">No workload that was read asks for an accelerator.</div></section>'
        return
    totals: Counter[str] = Counter()
    for row in rows:
        amount = row.get("total", row.get("count"))
        totals[str(row.get("resource", "accelerator"))] += amount if isinstance(amount, int) else 0
    yield '<div class="tiles">'
    for name, total in totals.most_common():
        yield f'<div class="tile"><b>{total:,}</b><code>{_text(name)}</code></div>'
    yield f'<div class="tile"><b>{len(rows):,}</b>requests</div></div>'
    names = {name for row in rows for name in row}
    head = [name for name in _COLUMNS if name in names] + sorted(names - set(_COLUMNS))
    cells = [[_cell(row.get(name)) for name in head] for row in rows]
    yield f'<div class="card">{table(head, cells, _NUMBERS)}</div></section>'


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def coverage_panel(report: Report) -> Iterator[str]:
    """What was read and what was not, what has no verdict, and what was found and does not count."""
    coverage = report.coverage
    yield _panel("coverage", "Coverage")
    yield '<div class="tiles">'
    facts = (
        (coverage.found, "files found"),
        (sum(coverage.read.values()), "read"),
        (coverage.other, "not ours"),
        (len(coverage.skipped), "skipped"),
        (coverage.rules, "rules"),
        (coverage.subjects, "subjects"),
        (coverage.unknowns, "unknown verdicts"),
    )
    for count, label in facts:
        yield f'<div class="tile"><b>{count:,}</b>{label}</div>'
    yield '</div><div class="cards">'
    formats = [(_text(name), f"{count:,}") for name, count in sorted(coverage.read.items())]
    yield f'<div class="card"><h3>Files read</h3>{table(("format", "files"), formats, frozenset({"files"}))}</div>'
    yield from _unknowns(report)
    yield from _programs(report)
    yield from _rendering(report)
    if coverage.skipped:
        rows = [(f"<code>{_text(s.path)}</code>", _text(s.reason)) for s in coverage.skipped]
        yield f'<div class="card"><h3>Skipped</h3>{table(("file", "reason"), rows)}</div>'
    if report.diagnostics:
        notes = [
            (
                _text(d.level),
                f"<code>{_text(d.path)}{f':{d.line}' if d.line else ''}</code>",
                _text(d.message),
            )
            for d in report.diagnostics
        ]
        yield f'<div class="card wide"><h3>Notices</h3>{table(("level", "file", "notice"), notes)}</div>'
    hidden = [f for f in report.findings if f.status is not Status.ACTIVE]
    if hidden:
        yield f'<div class="card wide"><h3>Found and not counted</h3>{_hidden(hidden)}</div>'
    yield "</div></section>"


def _rendering(report: Report) -> Iterator[str]:
    """Charts and kustomizations: how many were judged as what they become, and which were not."""
    done, missed = report.coverage.rendered, report.coverage.unrendered
    if not done and not missed:
        return
    told = ", ".join(plural(count, what.removesuffix("s")) for what, count in sorted(done.items()) if count)
    wide = " wide" if missed else ""
    yield f'<div class="card{wide}"><h3>Rendered</h3><p>Judged as what they become: {_text(told or "none")}.</p>'
    if missed:
        yield (
            f'<p class="muted">{len(missed):,} not rendered; their files were read as they are written, '
            "with holes where a value decides.</p>"
        )
        rows = [(f"<code>{_text(item.path)}</code>", _text(item.reason)) for item in missed]
        yield table(("chart or kustomization", "reason"), rows)
    yield "</div>"


def _programs(report: Report) -> Iterator[str]:
    """The other programs that were heard, and what each of them says that we do not."""
    if not report.programs:
        return
    counts = Counter(finding.origin for finding in report.active)
    doubles = Counter(f.origin for f in report.findings if f.status is Status.DUPLICATE)
    dated = any(program.database for program in report.programs)
    head = ("program", "version", *(("database",) if dated else ()), "only theirs", "ours too")
    rows = [
        (
            _text(program.name),
            _text(program.version),
            *((_text(program.database[:10]),) if dated else ()),
            f"{counts[program.name]:,}",
            f"{doubles[program.name]:,}",
        )
        for program in report.programs
    ]
    yield f'<div class="card"><h3>Other programs</h3>{table(head, rows, frozenset(head[-2:]))}</div>'


def _unknowns(report: Report) -> Iterator[str]:
    if not report.coverage.unknowns:
        return
    yield (
        '<div class="card"><h3>Without a verdict</h3><p class="muted">A value that is only known later '
        "(a build argument, a plan's “known after apply”, a template's hole) is neither a finding nor a pass.</p>"
    )
    worst = sorted(report.coverage.unknown_rules.items(), key=lambda item: (-item[1], item[0]))[:20]
    if worst:
        rows = [(f"<code>{_text(rule)}</code>", f"{count:,}") for rule, count in worst]
        yield table(("rule", "unknown"), rows, frozenset({"unknown"}))
    yield "</div>"


def _hidden(findings: list[Finding]) -> str:
    rows = [
        (
            _text(f.status.value),
            f'<span class="badge s-{f.severity.label}">{f.severity.label}</span>',
            f"<code>{_text(f.rule)}</code>",
            f"<code>{_text(f.location.path)}:{f.location.line}</code>",
            _text(f.reason),
        )
        for f in findings[:1000]
    ]
    return table(("status", "severity", "rule", "place", "reason"), rows)
