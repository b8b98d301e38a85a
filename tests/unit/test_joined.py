"""What is told once: one finding a project, and one a `*`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n"
RULE = "pod-security-admission-missing"
ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: a
rules:
  - apiGroups: [%s]
    resources: [%s]
    verbs: [%s]
"""


def _scan(run: Run, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("scan", *words, "-f", "json", "--no-cache").out)["findings"]
    return found


@pytest.fixture
def spaces(tmp_path: Path) -> Path:
    for folder, names in (("apps", "bcd"), ("tests", "a")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.yaml").write_text(NAMESPACE % name)
    return tmp_path


def test_the_first_that_counts_stands_for_all(run: Run, spaces: Path) -> None:
    (found,) = _scan(run, ".")
    assert (found["path"], found["rule"]) == ("apps/b.yaml", RULE)
    assert (
        found["message"]
        == "Namespace 'b' enforces no Pod Security Standard. The same holds in 2 more places."
    )
    assert [place["path"] for place in found["related"]] == ["apps/c.yaml", "apps/d.yaml"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("apps/b.yaml", "apps/c.yaml"), 2),
        ((".", "--select", RULE), 4),
        ((".", "--select", "kubescape:C-0193"), 4),
        ((".", "--profile", "strict"), 4),
    ],
)
def test_each_is_told_to_who_asks(run: Run, spaces: Path, words: tuple[str, ...], count: int) -> None:
    assert sum(f["rule"] == RULE for f in _scan(run, *words)) == count


def test_a_baseline_has_each_and_a_new_one_is_told(run: Run, spaces: Path) -> None:
    run("baseline", "create", "-b", "known.json", ".")
    assert (spaces / "known.json").read_text().count(RULE) == 3
    assert _scan(run, ".", "--baseline", "known.json") == []
    (spaces / "apps" / "a.yaml").write_text(NAMESPACE % "new")
    (found,) = _scan(run, ".", "--baseline", "known.json")
    assert found["message"] == "Namespace 'new' enforces no Pod Security Standard."


def test_what_weighs_more_is_told_itself(run: Run, spaces: Path) -> None:
    (spaces / "apps" / "live").mkdir()
    (spaces / "apps" / "live" / "x.yaml").write_text(NAMESPACE % "x")
    (spaces / "apps" / "live" / "tarecheck.yaml").write_text(f"rules:\n  {RULE}: {{severity: high}}\n")
    assert [(f["path"], f["severity"]) for f in _scan(run, ".")] == [
        ("apps/b.yaml", "medium"),
        ("apps/live/x.yaml", "high"),
    ]


@pytest.mark.parametrize(
    ("groups", "resources", "verbs", "expected"),
    [
        ('""', '"*"', "get", ["rbac-wildcard"]),
        ('""', '"*"', '"*"', ["rbac-core-wildcard"]),
        ('""', "pods, serviceaccounts", '"*"', ["rbac-impersonate"]),
        ("rbac.authorization.k8s.io", "roles", '"*"', ["rbac-escalate"]),
        ('"", rbac.authorization.k8s.io', "roles, serviceaccounts", '"*"', ["rbac-escalate"]),
        ('""', "secrets", '"*"', ["rbac-secrets-access", "rbac-wildcard"]),  # each at its own word
        ('""', "secrets, pods/exec", "get", ["rbac-secrets-access", "rbac-pod-exec-attach"]),
    ],
)
def test_one_star_is_one_finding(
    run: Run, tmp_path: Path, groups: str, resources: str, verbs: str, expected: list[str]
) -> None:
    (tmp_path / "role.yaml").write_text(ROLE % (groups, resources, verbs))
    assert [f["rule"] for f in _scan(run, ".")] == expected


def test_a_star_says_what_it_gives(run: Run, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE % ('""', '"*"', "get"))
    (found,) = _scan(run, ".")
    assert found["message"] == (
        "ClusterRole 'a' has a wildcard in its resources, which gives reading of Secrets, commands in pods, "
        "the kubelets' API."
    )
    (other,) = _scan(run, ".", "--select", "checkov:CKV2_K8S_5")
    assert other["rule"] == "rbac-secrets-access"
