"""Places that other tools tell too little of, or wrongly."""

from __future__ import annotations

import pytest

from linter.adapters.merging import merge
from linter.adapters.places import lines_of, same_object, with_instructions
from linter.finding import Location, Report, Status
from tests.unit.adapters.test_merging import KNOWN, other
from tests.unit.reporters import sample

DOCKERFILE = b"FROM a\nRUN one && \\\n    # a comment\n\n    two && \\\n    three\nRUN four\n"


def hadolint(line: int) -> Report:
    return other("hadolint", "DL3007", line, line, "docker/Dockerfile")


@pytest.mark.parametrize(("line", "last"), [(1, 1), (2, 6), (7, 7), (99, 99)])
def test_hadolint_means_the_whole_instruction(line: int, last: int) -> None:
    (found,) = with_instructions(hadolint(line), lambda _: DOCKERFILE).findings
    assert lines_of(found) == (line, last)
    assert found.location.line == found.location.end_line == line


def test_a_file_that_is_not_there_changes_nothing() -> None:
    (found,) = with_instructions(hadolint(2), lambda _: None).findings
    assert lines_of(found) == (2, 2)


def test_the_line_of_ours_is_within_the_instruction() -> None:
    ours = sample.report(
        findings=(
            sample.findings()[0].evolve(location=Location("docker/Dockerfile", 5, 5, 5, 8), related=()),
        )
    )
    theirs = with_instructions(hadolint(2), lambda _: DOCKERFILE)
    merged = merge([ours, theirs], KNOWN)
    assert [f.status for f in merged.findings if f.origin == "hadolint"] == [Status.DUPLICATE]
    merged = merge([ours, hadolint(2)], KNOWN)
    assert [f.status for f in merged.findings if f.origin == "hadolint"] == [Status.ACTIVE]


def test_trivy_without_a_line_means_the_file() -> None:
    report = other("trivy", "KSV-0017", 1, 1)
    merged = merge([sample.report(), report], KNOWN)
    assert [f.status for f in merged.findings if f.origin == "trivy"] == [Status.DUPLICATE]


@pytest.mark.parametrize(
    ("subject", "message", "same"),
    [
        ("ml/Pod/trainer#/spec/containers/a", "Container 'a' of Pod 'trainer' should", True),
        ("Pod/trainer#/spec/containers/a", 'container "a" of pod "trainer" in \'x\'', True),
        ("ml/Pod/trainer#/spec/containers/a", "Container 'b' of Pod 'trainer' should", False),
        (
            "x/DaemonSet/cni#/spec/template/spec/containers/a",
            "container a of daemonset cni in x namespace",
            True,
        ),
        (
            "x/DaemonSet/cni#/spec/template/spec/containers/a",
            "container b of daemonset cni in x namespace",
            False,
        ),
        ("x/DaemonSet/cni#/spec/template/spec/volumes/v", "daemonset cni in x namespace shouldn't", True),
        (
            "ml/Deployment/redis#/spec/template/spec/containers/a",
            'container "a" has cpu request 0 object: ml/redis apps/v1, Kind=Deployment',
            True,
        ),
        (
            "Deployment/redis#/spec/template/spec/containers/a",
            'container "b" has cpu request 0 object: <no namespace>/redis apps/v1, Kind=Deployment',
            False,
        ),
        ("rbac.authorization.k8s.io/ClusterRole/x", "ClusterRole 'x' shouldn't have access", True),
        ("ClusterRole/xy", "ClusterRole 'x' shouldn't have access", False),
        ("stage 0/RUN[1]", "Use apt-get in 'RUN'", False),
        ("", "anything", False),
    ],
)
def test_objects_are_compared_by_name(subject: str, message: str, *, same: bool) -> None:
    assert same_object(subject, message) is same
