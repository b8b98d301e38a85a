"""One fact, one finding; and what changed between two reports."""

from __future__ import annotations

import pytest

from linter.adapters.merging import compare, merge
from linter.finding import Finding, Location, Report, RuleInfo, Severity, Status, number
from tests.unit.reporters import sample

KNOWN = {rule.id: rule for rule in sample.RULES}


def other(tool: str, rule: str, first: int, last: int, path: str = "k8s/pod.yaml") -> Report:
    base = sample.findings()[3]
    rule = f"{tool}:{rule}"
    finding = base.evolve(
        rule=rule,
        origin=tool,
        location=Location(path, first, 1, last, 1),
        message=f"{tool} says so",
        properties=(),
    )
    info = RuleInfo(
        rule, rule, "correctness", Severity.HIGH, base.confidence, "default", "", "", "", "", "", origin=tool
    )
    return sample.report(findings=(finding,), rules={rule: info}, diagnostics=(), inventory=())


def status(report: Report, origin: str) -> list[tuple[Status, str]]:
    return [(f.status, f.reason) for f in report.findings if f.origin == origin]


def test_the_same_fact_from_another_tool_is_a_duplicate() -> None:
    merged = merge([sample.report(), other("checkov", "CKV_K8S_16", 1, 11)], KNOWN)
    assert status(merged, "checkov") == [
        (Status.DUPLICATE, "the same as privileged-container of tarecheck at line 9")
    ]


def test_trivy_ids_are_known_in_every_spelling() -> None:
    for name in ("KSV017", "KSV-0017", "AVD-KSV-0017"):
        merged = merge([sample.report(), other("trivy", name, 9, 9)], KNOWN)
        assert status(merged, "trivy")[0][0] is Status.DUPLICATE


def test_another_place_or_rule_is_another_fact() -> None:
    for report in (other("checkov", "CKV_K8S_16", 1, 3), other("checkov", "CKV_K8S_99", 1, 11)):
        assert status(merge([sample.report(), report], KNOWN), "checkov") == [(Status.ACTIVE, "")]


def test_two_other_tools_count_once_without_us() -> None:
    merged = merge([other("checkov", "CKV_K8S_16", 1, 11), other("trivy", "KSV-0017", 8, 9)], KNOWN)
    assert status(merged, "trivy") == [(Status.ACTIVE, "")]
    assert status(merged, "checkov")[0][0] is Status.DUPLICATE


def test_the_same_file_twice_counts_once() -> None:
    merged = merge([sample.report(), sample.report()], KNOWN)
    assert len(merged.active) == len(sample.report().active)
    assert len(merged.findings) == 2 * len(sample.report().findings)


def test_category_and_standards_come_from_our_rule() -> None:
    info = merge([other("checkov", "CKV_K8S_16", 1, 11)], KNOWN).rules["checkov:CKV_K8S_16"]
    assert info.category == "privilege"
    assert "cis-k8s:5.2.2" in info.standards


@pytest.mark.parametrize(("tool", "severity"), [("checkov", Severity.CRITICAL), ("trivy", Severity.HIGH)])
def test_severity_of_a_program_that_tells_none_is_that_of_our_rule(tool: str, severity: Severity) -> None:
    report = other(tool, "CKV_K8S_16" if tool == "checkov" else "KSV-0017", 1, 3)
    told = report.findings[0].evolve(severity=Severity.HIGH)
    merged = merge([sample.report(findings=(told,), rules=report.rules)], KNOWN)
    assert [f.severity for f in merged.findings] == [severity]


def moved(finding: Finding, lines: int) -> Finding:
    place = finding.location
    return finding.evolve(
        location=Location(
            place.path, place.line + lines, place.column, place.end_line + lines, place.end_column
        )
    )


def test_compare_tells_new_fixed_and_same() -> None:
    old = sample.findings()
    extra = sample.finding("root-user", "docker/Dockerfile", "USER root", "New one.", subject="stage 1/USER")
    before = sample.report(findings=tuple(number(old[:4])))
    after = sample.report(findings=tuple(number([moved(old[0], 5), *old[2:4], extra])))
    result = compare(after, before, "old.sarif")
    assert [f.message for f in result.new] == ["New one."]
    assert [f.rule for f in result.fixed] == ["secret-in-env"]
    assert [f.rule for f in result.same] == ["floating-base-image", "privileged-container"]
    assert result.line == "1 new, 1 fixed, 2 the same."
    assert (
        result.report.diagnostics[-1].message
        == "Fixed since old.sarif: secret-in-env: ENV 'API_KEY' holds a secret."
    )
    assert {f.reason for f in result.same} == {"in old.sarif"}


def test_compare_with_itself_changes_nothing() -> None:
    result = compare(sample.report(), sample.report(), "x")
    assert (result.new, result.fixed) == ((), ())
    assert result.report.active == ()


def test_findings_of_another_tool_are_matched_by_line_hash_then_words() -> None:
    before = other("checkov", "CKV_K8S_16", 1, 11)
    later = before.findings[0].evolve(location=Location("k8s/pod.yaml", 4, 1, 14, 1))
    assert compare(sample.report(findings=(later,)), before, "x").new == ()
