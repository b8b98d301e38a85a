"""SARIF as the tools write it, cut down to one result each."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from linter.adapters.sarif_in import read_sarif
from linter.errors import UsageError
from linter.finding import Confidence, Finding, Report, Severity, Status
from linter.reporters import Options, write
from tests.unit.reporters import sample


def log(tool: str, result: dict[str, Any], rule: dict[str, Any] | None = None, **run: Any) -> bytes:
    driver = {"name": tool, "rules": [rule] if rule else []}
    runs = [{"tool": {"driver": driver}, "results": [result], **run}]
    return json.dumps({"version": "2.1.0", "runs": runs}).encode()


def one(data: bytes, root: str = "") -> Finding:
    (finding,) = read_sarif(data, "in.sarif", root).findings
    return finding


def at(uri: str, **region: Any) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]


def ours(report: Report, **options: Any) -> bytes:
    stream = io.StringIO()
    write("sarif", report, stream, Options(read_bytes=sample.read_bytes, **options))
    return stream.getvalue().encode()


@pytest.mark.parametrize("before", [sample.report(), sample.outside()], ids=["ours", "with Trivy's"])
def test_our_own_comes_back_as_it_was(before: Report) -> None:
    after = read_sarif(ours(before, sarif_suppressed="include", baseline=True), "ours.sarif")
    for old, new in zip(before.findings, after.findings, strict=True):
        assert (new.rule, new.severity, new.confidence, new.status) == (
            old.rule,
            old.severity,
            old.confidence,
            old.status,
        )
        assert (new.message, new.subject, new.excerpt) == (old.message, old.subject, old.excerpt)
        assert new.location.path == old.location.path
        assert (new.location.line, new.location.column, new.location.end_column) == (
            old.location.line,
            old.location.column,
            old.location.end_column,
        )
    assert list(after.rules) == list(before.rules)
    assert (after.programs, after.coverage.rendered) == (before.programs, before.coverage.rendered)
    assert after.coverage.unrendered == before.coverage.unrendered
    assert [f.origin for f in after.findings] == [f.origin for f in before.findings]
    assert [rule.origin for rule in after.rules.values()] == [rule.origin for rule in before.rules.values()]
    info, was = after.rules["privileged-container"], before.rules["privileged-container"]
    assert (info.category, info.standards, info.aliases) == (was.category, was.standards, was.aliases)
    assert (info.why, info.fix, info.format) == (was.why, was.fix, was.format)
    assert after.coverage.read == before.coverage.read
    assert after.coverage.unknowns == before.coverage.unknowns


def test_trivy_block_message_score_and_base() -> None:
    result = {
        "ruleId": "KSV-0017",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "Artifact: pod.yaml\nType: kubernetes\nVulnerability KSV-0017\nSeverity: HIGH\n"
            "Message: Container 'x' should not be privileged\nLink: [KSV-0017](https://avd.example/ksv017)"
        },
        "locations": at("k8s/pod.yaml", startLine=7, endLine=12, startColumn=1, endColumn=1),
    }
    rule = {
        "id": "KSV-0017",
        "name": "Misconfiguration",
        "shortDescription": {"text": "Privileged"},
        "helpUri": "https://avd.example/ksv017",
        "properties": {"security-severity": "8.0", "precision": "very-high", "tags": ["misconfiguration"]},
    }
    found = one(log("Trivy", result, rule))
    assert found.message == "Container 'x' should not be privileged"
    assert (found.severity, found.confidence, found.origin) == (Severity.HIGH, Confidence.HIGH, "trivy")
    assert (found.location.path, found.location.line, found.location.end_line) == ("k8s/pod.yaml", 7, 12)


def test_checkov_suppression_and_whole_resource_snippet() -> None:
    snippet = "".join(f"line {n}\n" for n in range(30))
    result = {
        "ruleId": "CKV_K8S_16",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "Container should not be privileged"},
        "locations": at("pod.yaml", startLine=1, endLine=30, snippet={"text": snippet}),
        "suppressions": [{"kind": "inSource", "justification": "needed"}],
        "attachments": [],
    }
    found = one(log("Checkov", result, {"id": "CKV_K8S_16", "defaultConfiguration": {"level": "error"}}))
    assert (found.status, found.reason, found.severity) == (Status.SUPPRESSED, "needed", Severity.HIGH)
    assert found.excerpt is not None
    assert found.excerpt.lines == ("line 0", "line 1", "line 2", "line 3", "line 4")


def test_hadolint_without_rules_and_with_an_absolute_path() -> None:
    result = {
        "ruleId": "DL3007",
        "level": "warning",
        "message": {"text": "Using latest is prone to errors"},
        "locations": at("/src/app/Dockerfile", startLine=1, startColumn=1, endLine=1, endColumn=1),
    }
    assert one(log("Hadolint", result), root="/src").location.path == "app/Dockerfile"
    assert one(log("Hadolint", result)).severity is Severity.MEDIUM


def test_kube_score_puts_the_line_into_the_context() -> None:
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": "file://deploy/a%20b.yaml"},
            "region": {"snippet": {}},
            "contextRegion": {"startLine": 4},
        }
    }
    result = {
        "ruleId": "container-image-tag",
        "message": {"text": "Image with latest tag"},
        "locations": [location],
    }
    found = one(log("kube-score", result))
    assert (found.location.path, found.location.line) == ("deploy/a b.yaml", 4)


def test_passes_and_absent_results_are_no_findings() -> None:
    passed = log("x", {"ruleId": "a", "kind": "pass", "message": {"text": "ok"}})
    absent = log("x", {"ruleId": "a", "baselineState": "absent", "message": {"text": "gone"}})
    assert read_sarif(passed, "x").findings == read_sarif(absent, "x").findings == ()


def test_a_rejected_suppression_does_not_count() -> None:
    result = {
        "ruleId": "a",
        "message": {"text": "x"},
        "suppressions": [{"kind": "external", "status": "rejected"}],
    }
    assert one(log("x", result)).status is Status.ACTIVE


def test_arguments_fill_the_message_of_the_rule() -> None:
    result = {"ruleId": "a", "message": {"id": "m", "arguments": ["one", "two"]}}
    rule = {"id": "a", "messageStrings": {"m": {"text": "{1} before {0}"}}}
    assert one(log("x", result, rule)).message == "two before one"


def test_weaknesses_come_from_tags_and_relationships() -> None:
    rule = {
        "id": "a",
        "properties": {"tags": ["external/cwe/cwe-250"]},
        "relationships": [{"target": {"id": "CWE-798"}}],
    }
    info = read_sarif(log("x", {"ruleId": "a", "message": {"text": "m"}}, rule), "x").rules["x:a"]
    assert info.standards == ("cwe:798", "cwe:250")


def test_a_secret_that_another_tool_quotes_is_masked() -> None:
    token = "hf" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"
    result = {
        "ruleId": "a",
        "message": {"text": f"found {token}"},
        "locations": at("f", startLine=1, snippet={"text": f"HF_TOKEN={token}"}),
    }
    report = read_sarif(log("x", result), "x")
    stream = io.StringIO()
    write("json", report, stream, Options())
    assert token not in stream.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"not json", b"[]", b"{}", b'{"version": "2.1.0"}', b'{"version": "1.0.0", "runs": []}']
)
def test_what_is_no_sarif_is_told(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_sarif(data, "x.sarif")


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"ruleId": 7, "message": "text", "locations": {}},
        {
            "locations": [{"physicalLocation": {"region": {"startLine": -1, "startColumn": "x"}}}],
            "suppressions": [{}],
        },
        {"ruleIndex": 99, "rule": [], "properties": [], "fixes": [{}], "relatedLocations": [[]]},
    ],
)
def test_no_shape_of_a_result_is_a_crash(result: dict[str, Any]) -> None:
    read_sarif(log("x", result), "x.sarif")
