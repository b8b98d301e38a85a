"""Which of two findings stays where a rule says more than another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

EVERYTHING = "rbac-full-wildcard"
RULES = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NAME}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, list]}
  - {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}
"""
STAR = "  - {apiGroups: ['*'], resources: ['*'], verbs: ['*']}\n"


def told(run: Run, tmp_path: Path, text: str, *arguments: str) -> list[tuple[str, str]]:
    """Rules and objects of the findings that count."""
    (tmp_path / "roles.yaml").write_text(text)
    result = run("scan", str(tmp_path), "--isolated", "--exit-zero", "-f", "json", *arguments)
    found = json.loads(result.out)["findings"]
    return sorted((f["rule"], f["subject"].partition("#")[0]) for f in found if f["rule"].startswith("rbac-"))


def test_a_right_is_not_told_beside_every_right_of_the_same_role(run: Run, tmp_path: Path) -> None:
    assert told(run, tmp_path, RULES + STAR) == [(EVERYTHING, "ClusterRole/NAME")]
    assert told(run, tmp_path, RULES) == [
        ("rbac-escalate", "ClusterRole/NAME"),
        ("rbac-secrets-access", "ClusterRole/NAME"),
    ]


def test_it_is_told_of_another_role(run: Run, tmp_path: Path) -> None:
    text = RULES.replace("NAME", "one") + STAR + "---\n" + RULES.replace("NAME", "two")
    assert told(run, tmp_path, text) == [
        ("rbac-escalate", "ClusterRole/two"),
        (EVERYTHING, "ClusterRole/one"),
        ("rbac-secrets-access", "ClusterRole/two"),
    ]


@pytest.mark.parametrize("name", ["", "  name: {{ .Values.name }}"])
def test_roles_whose_names_are_not_known_are_not_taken_for_one(run: Run, tmp_path: Path, name: str) -> None:
    rules = RULES.replace("metadata: {name: NAME}", f"metadata:\n{name}")
    assert ("rbac-secrets-access", "ClusterRole/?") in told(run, tmp_path, f"{rules}{STAR}---\n{rules}")


def test_it_is_told_where_every_right_is_not(run: Run, tmp_path: Path) -> None:
    found = told(run, tmp_path, RULES + STAR, "--ignore", EVERYTHING)
    assert ("rbac-secrets-access", "ClusterRole/NAME") in found
