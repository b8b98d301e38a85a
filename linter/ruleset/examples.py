"""Run a rule's examples: they are its tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from linter.finding import Finding
from linter.formats import effort
from linter.formats.classify import load_format
from linter.formats.document import Document
from linter.formats.records import FOLDER, Data, ProjectContext
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.ruleset.evaluate import Outcome, evaluate, evaluate_project
from linter.ruleset.load import read_examples
from linter.ruleset.located import Located
from linter.ruleset.model import Example, Rule
from linter.ruleset.params import ParamValues
from linter.ruleset.plan import Judged, Plan
from linter.text import SourceText

# A token-shaped value can't stand in a file of ours: it is built when the example runs
_FAKE = lazy_regex(r"\$\{\{\s*fake:([a-z0-9-]+)(?::(\d+))?\s*\}\}")


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """`problem` is empty when the example holds."""

    name: str  # bad-1, good-2 …
    example: Example
    problem: str
    findings: tuple[Finding, ...]


def examples_of(path: Path, rule: Rule) -> list[Example]:
    """The examples in a rule's file."""
    data = Located(path.as_posix(), path.read_text(encoding="utf-8")).data
    return read_examples(data, load_format(rule.info.format))


def run_examples(rule: Rule, examples: list[Example]) -> Iterator[ExampleResult]:
    """Run each example and say what differs from what it promises."""
    counts: dict[str, int] = {}
    for example in examples:
        counts[example.kind] = counts.get(example.kind, 0) + 1
        outcome, texts = run_example(rule, example)
        yield ExampleResult(
            f"{example.kind}-{counts[example.kind]}",
            example,
            _problem(example, outcome, texts),
            tuple(outcome.findings),
        )


def run_example(rule: Rule, example: Example) -> tuple[Outcome, dict[str, str]]:
    """Evaluate one rule on one example; the texts by file name, with built values filled in."""
    fmt = load_format(rule.info.format)
    params = ParamValues(**{**vars(rule.params), **example.params}) if example.params else rule.params
    plan = Plan(fmt, [Judged(rule, rule.info.severity, rule.info.confidence, params)])
    texts = {name: expand(text) for name, text in example.files.items()}
    total = Outcome()
    sources = {name: SourceText(name, text) for name, text in texts.items()}
    records: list[Data] = []
    for source in sources.values():
        effort.begin()
        document = fmt.read(source)
        for part in (document, *document.embedded):
            if part.format == rule.info.format:
                _add(total, evaluate(part, plan), part)
                records += fmt.records(part) if fmt.records is not None and plan.across else ()
    if plan.across and fmt.project is not None:
        joined = fmt.project(records, ProjectContext(sources.__getitem__, partial(_names, texts)))
        _add(total, evaluate_project(joined, plan), joined)
    return total, texts


def _names(texts: dict[str, str], folder: str) -> dict[str, int]:
    """What lies in a folder of the example, as `ProjectContext.names`."""
    found: dict[str, int] = {}
    for path, text in texts.items():
        inside = path.removeprefix(f"{folder}/") if folder else path
        if inside != path or not folder:
            name, _, below = inside.partition("/")
            found[name] = FOLDER if below else len(text)
    return found


def _add(total: Outcome, outcome: Outcome, document: Document) -> None:
    total.findings += outcome.findings
    total.diagnostics += outcome.diagnostics
    total.subjects += outcome.subjects
    for problem in document.problems:
        raise ValueError(f"the example can't be parsed: {problem.message}")
    for rule_id, count in outcome.unknowns.items():
        total.unknowns[rule_id] = total.unknowns.get(rule_id, 0) + count


def expand(text: str) -> str:
    """Replace `${{fake:kind}}` by a built value of that kind of secret."""
    if "${{" not in text:
        return text
    from linter.formats.secrets import sample

    return _FAKE.sub(lambda m: sample(m.group(1), int(m.group(2) or 0)), text)


def _problem(example: Example, outcome: Outcome, texts: dict[str, str]) -> str:
    if outcome.diagnostics:
        return outcome.diagnostics[0].message
    found = [_text_at(finding, texts) for finding in sorted(outcome.findings, key=_place)]
    if example.kind == "bad":
        wanted = [expand(text) for text in example.finds]
        if found != wanted:
            return _masked(f"finds {found!r}, should find {wanted!r}")
    elif found:
        return _masked(f"finds {found!r}, should find nothing")
    if example.kind == "unknown" and not outcome.unknowns:
        return "has a verdict, should have none (no evaluation was unknown)"
    return ""


def _masked(text: str) -> str:
    from linter.formats.secrets import redact

    return redact(text)


def _place(finding: Finding) -> tuple[str, int]:
    return (finding.location.path, finding.location.start)


def _text_at(finding: Finding, texts: dict[str, str]) -> str:
    return texts[finding.location.path][finding.location.start : finding.location.end]
