"""SARIF: valid by schema and by Microsoft's validator, within the limits of its consumers."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from linter.finding import Finding, Location, Program, Report, Severity
from linter.frozen import replace
from linter.reporters import Options, write
from tests import validate_sarif
from tests.unit.reporters import sample

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.schema.json").read_text())
AUDIT = Options(
    read_bytes=sample.read_bytes, sarif_suppressed="include", sarif_category="a b", baseline=True, exit_code=1
)


def sarif(report: Report, options: Options) -> Any:
    stream = io.StringIO()
    write("sarif", report, stream, options)
    return json.loads(stream.getvalue())


def run(report: Report | None = None, options: Options = Options(read_bytes=sample.read_bytes)) -> Any:  # noqa: B008
    return sarif(report or sample.report(), options)["runs"][0]


def many(count: int) -> Report:
    base = sample.findings()[3]
    severities = (Severity.CRITICAL, Severity.LOW)
    found = tuple(
        replace(
            base, severity=severities[i % 2], location=Location("a.yaml", i + 1, 1, i + 1, 5), subject=f"s{i}"
        )
        for i in range(count)
    )
    return sample.report(findings=found)


@pytest.mark.parametrize("options", [Options(), AUDIT], ids=["plain", "audit"])
@pytest.mark.parametrize("name", ["report", "outside", "empty", "hostile"])
def test_valid_by_schema(name: str, options: Options) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(sarif(getattr(sample, name)(), options))


@pytest.mark.slow
def test_validator_has_no_error_and_no_warning(tmp_path: Path) -> None:
    binary = validate_sarif.multitool()
    if isinstance(binary, str):
        pytest.skip(binary)
    for name in ("report", "outside", "empty", "hostile"):
        file = tmp_path / f"{name}.sarif"
        with file.open("w") as stream:
            write("sarif", getattr(sample, name)(), stream, AUDIT)
        assert validate_sarif.complaints(binary, file) == []


def test_version_stands_before_the_runs() -> None:
    assert list(sarif(sample.report(), Options())) == ["$schema", "version", "runs"]


def test_rules_hold_what_consumers_need_and_no_finding() -> None:
    rules = run()["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted(sample.report().rules)
    rule = rules[2]
    assert rule["properties"]["security-severity"] == "9.5"
    assert rule["properties"]["precision"] == "high"
    assert rule["properties"]["tags"] == ["security", "kubernetes", "privilege", "external/cwe/cwe-250"]
    assert rule["relationships"][0]["target"]["id"] == "CWE-250"
    assert "trainer" not in json.dumps(rules)
    assert all(r["help"]["text"] and r["help"]["markdown"] for r in rules)


def test_a_rule_that_is_no_security_matter_makes_no_security_alert() -> None:
    rule = run()["tool"]["driver"]["rules"][1]
    assert rule["id"] == "gpu-pod-without-memory"
    assert "security-severity" not in rule["properties"]
    assert rule["properties"]["problem.severity"] == "warning"


def test_taxa_stand_where_the_rules_say() -> None:
    found = run()
    taxa = found["taxonomies"][0]["taxa"]
    for rule in found["tool"]["driver"]["rules"]:
        for relationship in rule.get("relationships", []):
            target = relationship["target"]
            assert taxa[target["index"]]["id"] == target["id"]


def test_result_points_at_the_exact_token() -> None:
    result = run()["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {
        "startLine": 1,
        "startColumn": 6,
        "endLine": 1,
        "endColumn": 35,
        "snippet": {"text": "nvcr.io/nvidia/pytorch:latest"},
    }
    assert result["partialFingerprints"]["primaryLocationLineHash"].endswith(":1")
    assert len(result["partialFingerprints"]["tarecheckFinding/v1"]) == 64


def test_message_arguments_fill_the_template() -> None:
    found = run()
    result = found["results"][0]
    rule = found["tool"]["driver"]["rules"][result["ruleIndex"]]
    template = rule["messageStrings"][result["message"]["id"]]["text"]
    filled = template.format(*result["message"]["arguments"])
    assert result["message"]["text"] == filled + " [Run by this pod](1)."
    assert result["relatedLocations"][0]["id"] == 1


def test_safe_fixes_only_and_with_a_description() -> None:
    results = run()["results"]
    fix = results[0]["fixes"][0]
    assert fix["description"]["text"] == "Pin the image to the digest."
    assert fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]["startColumn"] == 6
    assert all("fixes" not in r for r in results if r["ruleId"] == "privileged-container")


def test_suppressed_results_are_left_out_or_marked() -> None:
    assert [r["ruleId"] for r in run()["results"] if "suppressions" in r] == []
    audit = run(options=AUDIT)["results"]
    (suppressed,) = [r for r in audit if "suppressions" in r]
    assert suppressed["suppressions"] == [
        {"kind": "inSource", "justification": "SEC-12, until the base image changes", "status": "accepted"}
    ]
    assert [r["baselineState"] for r in audit].count("unchanged") == 1
    assert [r["baselineState"] for r in audit].count("new") == 5


def test_limit_keeps_the_worst_and_says_so() -> None:
    found = run(many(10), Options(sarif_limit=5))
    assert [r["properties"]["severity"] for r in found["results"]] == ["critical"] * 5
    notices = found["invocations"][0]["toolExecutionNotifications"]
    assert "5 results were written; 5 of the least severe were left out." in [
        n["message"]["text"] for n in notices
    ]


def test_no_more_than_github_takes() -> None:
    assert len(run(many(25_010))["results"]) == 25_000


def test_uris_are_relative_and_encoded() -> None:
    where = Location("a b/ü#?:x.yaml", 1, 1, 1, 2)
    report = sample.report(findings=(replace(sample.findings()[3], location=where),))
    uri = run(report)["artifacts"][0]["location"]
    assert uri == {"uri": "a%20b/%C3%BC%23%3F%3Ax.yaml", "uriBaseId": "%SRCROOT%"}


def test_a_text_from_a_file_makes_no_link() -> None:
    item = replace(sample.findings()[3], message="See [here](https://evil.example).")
    text = run(sample.report(findings=(item,)))["results"][0]["message"]["text"]
    assert text == "See \\[here](https://evil.example)."


def test_unreadable_files_are_notices_and_the_tool_ran() -> None:
    invocation = run()["invocations"][0]
    assert invocation["executionSuccessful"] is True
    texts = [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]
    assert "Skipped: over 5 MB." in texts
    assert any(t.startswith("Coverage: read 2 of 5 files") for t in texts)


def test_reproducible_leaves_the_run_out() -> None:
    options = Options(reproducible=True, command_line="x", started="2026-01-01T00:00:00Z")
    invocation = run(options=options)["invocations"][0]
    assert "commandLine" not in invocation
    assert "startTimeUtc" not in invocation


def test_findings_of_unknown_rules_get_a_descriptor() -> None:
    item: Finding = replace(sample.findings()[3], rule="CVE-2026-1", origin="trivy")
    found = run(sample.report(findings=(item,)))
    result = found["results"][0]
    rule = found["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["properties"]["origin"]) == ("CVE-2026-1", "trivy")
    assert result["properties"]["origin"] == "trivy"


def test_another_program_is_an_extension_with_its_version_and_database() -> None:
    found = run(sample.outside())
    assert found["tool"]["extensions"] == [
        {
            "name": "Trivy",
            "organization": "Aqua Security",
            "informationUri": "https://trivy.dev/",
            "version": "0.74.0",
            "semanticVersion": "0.74.0",
            "properties": {"origin": "trivy", "databaseUpdatedAt": "2026-01-02T03:04:05Z"},
        }
    ]
    (result,) = [r for r in found["results"] if r["ruleId"] == "trivy:KSV-0104"]
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "trivy:KSV-0104"


def test_a_version_that_is_none_is_not_called_semantic() -> None:
    found = run(sample.report(programs=(Program("trivy", "dev"),)))
    (extension,) = found["tool"]["extensions"]
    assert extension["version"] == "dev"
    assert "semanticVersion" not in extension


def test_charts_that_were_not_rendered_are_notices() -> None:
    invocation = run(sample.outside())["invocations"][0]
    notices = {n["message"]["text"]: n for n in invocation["toolExecutionNotifications"]}
    notice = notices["chart not rendered: helm says: no values."]
    assert notice["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "charts/broken"
    assert invocation["properties"]["rendered"] == {"charts": 1, "kustomizations": 2}


def test_the_comment_that_suppresses_is_located() -> None:
    item = sample.findings()[2].evolve(properties=(("suppressed-by", "comment"), ("suppressed-at", "2")))
    (result,) = run(sample.report(findings=(item,)), AUDIT)["results"]
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["location"]["physicalLocation"]["region"] == {"startLine": 2}
