"""The page without its script: verdict, charts, standards, accelerators and coverage can be read as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape

from linter import __version__
from linter.finding import Report, Status
from linter.reporters import tally
from linter.reporters.coverage import coverage_line
from linter.reporters.html import charts, tables
from linter.reporters.options import Options
from linter.reporters.visible import visible

NOSCRIPT_ROWS = 500


def text(value: object) -> str:
    """Anything as the text of an element or an attribute."""
    return escape(visible(str(value)))


def title(report: Report, options: Options) -> str:
    count = len(report.active)
    return text(f"{options.title or 'tarecheck report'}: {tally.plural(count, 'finding')}")


def body(report: Report, options: Options) -> Iterator[str]:
    """Lines from `<body>` up to the data block."""
    start = "standards" if options.standard else "overview"
    yield f'<body data-start="{start}">\n<a class="skip" href="#main">Skip to the report</a>'
    yield from _header(report, options)
    yield from _tabs(report)
    yield '<main id="main" class="wrap">'
    yield from _overview(report)
    yield from _findings(report)
    yield from tables.standards_panel(report, options)
    yield from tables.inventory_panel(report)
    yield from tables.coverage_panel(report)
    yield "</main>"
    yield f'<footer><div class="wrap"><p>{text(coverage_line(report))}</p>'
    when = f" · {text(options.ended)}" if options.ended and not options.reproducible else ""
    yield f"<p>tarecheck {__version__}{when}. This file needs no network and sends nothing.</p></div></footer>"


def _header(report: Report, options: Options) -> Iterator[str]:
    active = report.active
    yield '<header class="top"><div class="wrap"><div class="topline">'
    yield f"<h1>{text(options.title or 'tarecheck report')}</h1>"
    yield '<button class="button" id="theme" type="button" hidden>Light or dark</button></div>'
    kind, headline, detail = _verdict(report, options)
    yield f'<div class="verdict {kind}">{charts.icon(kind)}<strong>{text(headline)}</strong><p>{text(detail)}</p></div>'
    yield '<div class="tiles">'
    for severity, count in tally.by_severity(active).items():
        zero = "" if count else " zero"
        yield (
            f'<button class="tile s-{severity.label}{zero}" type="button" disabled data-only="severity" '
            f'data-value="{severity.label}"><b>{count:,}</b>{severity.label}</button>'
        )
    yield "</div></div></header>"


def _verdict(report: Report, options: Options) -> tuple[str, str, str]:
    active = report.active
    files = tally.plural(sum(report.coverage.read.values()), "file")
    if not sum(report.coverage.read.values()) and not active:
        return "warns", "Nothing was checked", "No file that tarecheck reads was found."
    if not active:
        accepted = tally.plural(len(report.findings), "accepted finding")
        return (
            "passes",
            "No findings",
            f"{files} judged by {tally.plural(report.coverage.rules, 'rule')}; {accepted}.",
        )
    where = f"{len({f.location.path for f in active}):,} of {files} read"
    worst = tally.severity_words(tally.by_severity(active))
    detail = f"{tally.plural(len(active), 'finding')} in {where}: {worst}."
    if tally.fails(active, options.fail_on):
        return "fails", f"Fails at {options.fail_on} and above", detail
    bar = "nothing fails the scan" if options.fail_on == "none" else f"none at {options.fail_on} or above"
    return "warns", f"Passes with findings: {bar}", detail


def _tabs(report: Report) -> Iterator[str]:
    counts = {"findings": len(report.active), "accelerators": len(report.inventory)}
    names = ("overview", "findings", "standards", "accelerators", "coverage")
    yield '<nav class="tabs" aria-label="Parts of the report"><div class="wrap">'
    for name in names:
        count = f' <span class="count">{counts[name]:,}</span>' if counts.get(name) else ""
        yield f'<a href="#{name}">{name.capitalize()}{count}</a>'
    yield "</div></nav>"


def _overview(report: Report) -> Iterator[str]:
    active = report.active
    yield '<section class="panel" id="overview" aria-labelledby="h-overview">'
    yield '<h2 id="h-overview" tabindex="-1">Overview</h2><div class="cards">'
    counts = tally.by_severity(active)
    yield f'<div class="card"><h3>By severity</h3><div class="donut">{charts.donut(counts)}<ul class="legend">'
    for severity, count in counts.items():
        yield f'<li class="s-{severity.label}"><span class="swatch"></span>{severity.label} <b>{count:,}</b></li>'
    yield "</ul></div></div>"
    yield from _by_category(report)
    yield from _top("Most frequent rules", "rule", report, lambda rule: tally.rule_of(report, rule).title)
    yield from _top("Files with most findings", "path", report, str)
    yield "</div></section>"


def _by_category(report: Report) -> Iterator[str]:
    table = tally.by_category(report, report.active)
    most = max((sum(row.values()) for row in table.values()), default=1)
    yield '<div class="card"><h3>By category</h3><table class="bars"><tbody>'
    for name, row in table.items():
        parts = [(severity.label, count, severity.label) for severity, count in row.items()]
        yield (
            f'<tr><th scope="row">{_only("category", name, name)}</th><td>{charts.bar(parts, most)}</td>'
            f'<td class="num">{sum(row.values()):,}</td></tr>'
        )
    yield (
        "</tbody></table></div>"
        if table
        else '<tr><td class="muted">No findings.</td></tr></tbody></table></div>'
    )


def _only(field: str, value: str, shown: str) -> str:
    """A button that shows the findings of one rule, file or category; plain text without the script."""
    target = f'data-only="{field}" data-value="{text(value)}"'
    return f'<button class="link" type="button" disabled {target}>{text(shown)}</button>'


def _top(heading: str, field: str, report: Report, name: Callable[[str], str]) -> Iterator[str]:
    """The eight most frequent values with their shares by severity."""
    by_value: dict[str, Counter[str]] = {}
    for finding in report.active:
        value = finding.rule if field == "rule" else finding.location.path
        by_value.setdefault(value, Counter())[finding.severity.label] += 1
    counts = {value: sum(row.values()) for value, row in by_value.items()}
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]
    yield f'<div class="card"><h3>{heading}</h3><table class="bars"><tbody>'
    for value, count in top:
        parts = [(s.label, by_value[value][s.label], s.label) for s in tally.SEVERITIES]
        yield (
            f'<tr><th scope="row">{_only(field, value, name(value))}</th>'
            f'<td>{charts.bar(parts, top[0][1])}</td><td class="num">{count:,}</td></tr>'
        )
    if not top:
        yield '<tr><td class="muted">No findings.</td></tr>'
    yield "</tbody></table></div>"


def _findings(report: Report) -> Iterator[str]:
    yield '<section class="panel" id="findings" aria-labelledby="h-findings">'
    yield '<h2 id="h-findings" tabindex="-1">Findings</h2>'
    yield '<form class="toolbar" id="toolbar" role="search" aria-label="Filter the findings">'
    yield '<input type="search" id="search" placeholder="Search message, rule, file, standard…" aria-label="Search">'
    yield "<fieldset><legend>Severity</legend>"
    for severity in tally.SEVERITIES:
        yield _toggle("checkbox", "severity", severity.label, severity.label, f" s-{severity.label}")
    yield "</fieldset><fieldset><legend>Group by</legend>"
    for value, label in (
        ("rule", "rule"),
        ("path", "file"),
        ("workload", "workload"),
        ("severity", "severity"),
    ):
        yield _toggle("radio", "group", value, label, "", checked=value == "rule")
    yield "</fieldset>"
    yield '<select id="category" aria-label="Category"><option value="">all categories</option>'
    yield "".join(
        f'<option value="{text(c)}">{text(c)}</option>' for c in tally.by_category(report, report.findings)
    )
    yield "</select>"
    hidden = sum(1 for f in report.findings if f.status is not Status.ACTIVE)
    off = "" if hidden else " hidden"
    yield (
        f'<label class="toggle"{off}><input type="checkbox" id="accepted"><span>also '
        f"{hidden:,} not counted</span></label></form>"
    )
    yield '<div class="status"><span id="shown" role="status"></span><span>'
    yield '<button class="button" id="expand" type="button">Open all</button> '
    yield '<button class="button" id="reset" type="button" hidden>Clear filters</button>'
    yield '</span></div><div id="list"></div>'
    yield f"<noscript>{''.join(_plain_rows(report))}</noscript></section>"


def _toggle(kind: str, name: str, value: str, label: str, tone: str, *, checked: bool = False) -> str:
    on = " checked" if checked else ""
    return (
        f'<label class="toggle{tone}"><input type="{kind}" name="{name}" value="{value}"{on}>'
        f"<span>{label}</span></label>"
    )


def _plain_rows(report: Report) -> Iterable[str]:
    """The worst findings as a table, where scripts are switched off."""
    worst = tally.worst_first(report.active)
    yield "<table><thead><tr><th>Severity</th><th>Finding</th><th>Rule</th><th>Place</th></tr></thead><tbody>"
    for finding in worst[:NOSCRIPT_ROWS]:
        place = f"{finding.location.path}:{finding.location.line}"
        label = finding.severity.label
        yield f'<tr><td><span class="badge s-{label}">{label}</span></td><td>{text(finding.message)}</td>'
        yield f"<td><code>{text(finding.rule)}</code></td><td><code>{text(place)}</code></td></tr>"
    yield "</tbody></table>"
    if len(worst) > NOSCRIPT_ROWS:
        yield f"<p>{len(worst) - NOSCRIPT_ROWS:,} more need the page's script.</p>"
