"""Every rule that has an `edit` fixes one of its own bad examples at least, breaks none, and is then at rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from linter.finding import Confidence, Finding, Location, Severity, number
from linter.fixes import fix_text, make_fix
from linter.formats.classify import load_format
from linter.ruleset.builtin import UNPARSABLE
from linter.ruleset.evaluate import evaluate
from linter.ruleset.examples import examples_of, expand
from linter.ruleset.files import builtin_directory, rule_files
from linter.ruleset.load import Loader
from linter.ruleset.model import Example, Rule
from linter.ruleset.params import ParamValues
from linter.ruleset.plan import Judged, Plan
from linter.text import SourceText

_FIXABLE = sorted(path for path in rule_files(builtin_directory()) if "\nedit:" in path.read_text("utf-8"))


@cache
def _loader() -> Loader:
    return Loader()


def scanner(rule: Rule, example: Example, name: str) -> Callable[[str], list[Finding]]:
    fmt = load_format(rule.info.format)
    params = ParamValues(**{**vars(rule.params), **example.params}) if example.params else rule.params
    plan = Plan(fmt, [Judged(rule, rule.info.severity, rule.info.confidence, params)])

    def scan(text: str) -> list[Finding]:
        document = fmt.read(SourceText(name, text))
        findings = []
        for part in (document, *document.embedded):
            if part.format == rule.info.format:
                outcome = evaluate(part, plan, make_fix)
                assert outcome.diagnostics == []
                findings += outcome.findings
        place = Location(name, 1, 1, 1, 1)
        findings += [
            Finding(UNPARSABLE, Severity.HIGH, Confidence.HIGH, problem.message, place)
            for problem in document.problems
        ]
        return number(findings)

    return scan


@pytest.mark.parametrize("path", _FIXABLE, ids=lambda path: path.stem)
def test_the_fix_of_a_rule(path: Path) -> None:
    rule = _loader().load(path, f"rules/{path.parent.name}/{path.name}")
    mended = 0
    for example in examples_of(path, rule):
        if example.kind != "bad" or len(example.files) != 1:
            continue
        ((name, text),) = ((name, expand(text)) for name, text in example.files.items())
        scan = scanner(rule, example, name)
        fixed = fix_text(text, scan(text), scan, unsafe=True)
        # a fix that does not mend an example, such as one that another setting contradicts, leaves it as it was
        assert fixed.refused == () or fixed.text == text, f"{path.stem}: taken back in part: {fixed.text}"
        if example.fixed is not None:
            assert fixed.text == expand(example.fixed)
        if fixed.applied:
            mended += 1
            again = fix_text(fixed.text, scan(fixed.text), scan, unsafe=True)
            assert again.text == fixed.text
    assert mended, f"{path.stem} fixes none of its bad examples"
