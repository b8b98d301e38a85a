"""The view by standard claims no control that no rule checked."""

from __future__ import annotations

from linter.api import check_text
from linter.finding import Coverage
from linter.recipe import load_rules
from linter.reporters.controls import STANDARDS
from linter.reporters.standards import Verdict, controls, known, summary
from tests.unit.reporters import sample


def verdicts(wanted: str, **changes: object) -> dict[str, Verdict]:
    return {c.id: c.verdict for c in controls(sample.report(**changes), wanted)}  # type: ignore[arg-type]


def test_a_finding_fails_its_control() -> None:
    assert verdicts("cis-k8s")["5.2.2"] is Verdict.FAIL


def test_a_control_without_a_rule_is_not_covered() -> None:
    assert verdicts("cis-k8s")["5.2.3"] is Verdict.UNCOVERED


def test_only_suppressed_findings_are_accepted() -> None:
    assert verdicts("cis-docker")["4.1"] is Verdict.SUPPRESSED


def test_a_clean_control_passes_when_its_format_was_read() -> None:
    read = Coverage(found=1, read={"kubernetes": 1})
    assert verdicts("cis-k8s", findings=(), coverage=read)["5.2.2"] is Verdict.PASS
    assert verdicts("cis-docker", findings=(), coverage=read)["4.1"] is Verdict.UNKNOWN


def test_an_evaluation_without_a_verdict_keeps_the_control_unknown() -> None:
    read = Coverage(found=1, read={"kubernetes": 1}, unknown_rules={"privileged-container": 2})
    assert verdicts("cis-k8s", findings=(), coverage=read)["5.2.2"] is Verdict.UNKNOWN


def test_restricted_holds_baseline() -> None:
    assert list(verdicts("pss:restricted")) == ["baseline", "restricted"]
    assert list(verdicts("pss:baseline")) == ["baseline"]


def test_controls_are_in_natural_order() -> None:
    ids = list(verdicts("cis-k8s"))
    assert ids.index("5.2.9") < ids.index("5.2.10")


def test_known_standards_are_those_that_rules_name() -> None:
    assert known(sample.report()) == ["pss", "cis-k8s", "cis-docker", "nsa-k8s"]


def test_summary_counts_every_control() -> None:
    items = controls(sample.report(), "all")
    assert sum(summary(items).values()) == len(items)


def test_every_control_that_a_rule_names_is_one_of_its_standard() -> None:
    named = {(i, s) for i, info in load_rules().infos.items() for s in info.standards}
    unknown = {
        (rule, name)
        for rule, name in named
        for key, _, control in [name.partition(":")]
        if key != "cwe" and control not in STANDARDS[key].controls
    }
    assert not unknown
    assert len(named) > 1000


PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata: {name: trainer}
spec:
  containers:
    - {name: train, image: 'ghcr.io/acme/train:1.4.2', securityContext: {privileged: true}}
"""


def test_what_another_rule_says_fails_its_own_control_too() -> None:
    """`privileged-container` says the bigger thing of the container that may run as root and gain privileges."""
    told = {
        c.id: c.verdict for c in controls(check_text(PRIVILEGED, "pod.yaml", select=["cis-k8s"]), "cis-k8s")
    }
    assert {told[name] for name in ("5.2.2", "5.2.6", "5.2.7")} == {Verdict.FAIL}


def test_what_is_said_by_an_accepted_finding_is_accepted() -> None:
    text = PRIVILEGED.replace("true}}", "true}}  # tarecheck: ignore[privileged-container] profiler")
    told = {c.id: c.verdict for c in controls(check_text(text, "pod.yaml", select=["cis-k8s"]), "cis-k8s")}
    assert told["5.2.2"] is told["5.2.6"] is Verdict.SUPPRESSED
