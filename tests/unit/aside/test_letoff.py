"""Clusters that let namespaces off a Pod Security Standard."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.clusters.letoff import LET_OFF, lets_off
from linter.aside.leads.namings import Namings
from linter.config.model import Config
from linter.finding import Status
from tests.unit.aside.trees import INFOS, finding, write

_NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: agents
  labels:
    pod-security.kubernetes.io/enforce: privileged
"""
_RELEASE = "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: agents\n"
_AGENT = "---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agents\n"
_STEP = "kubectl label namespace agents pod-security.kubernetes.io/enforce=privileged --overwrite\n"
_TERRAFORM = 'labels = {\n  "pod-security.kubernetes.io/enforce" = "privileged"\n}\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"apps/agents/namespace.yaml": _NAMESPACE}, True),
        ({"apps/agents/namespace.yaml": _NAMESPACE.replace("privileged", '"privileged"')}, True),
        ({"apps/agents/release.yaml": _NAMESPACE + _RELEASE}, True),
        ({"scripts/bootstrap.sh": _STEP}, True),
        ({"Makefile": f"setup:\n\t{_STEP}"}, True),
        ({"terraform/agents.tf": _TERRAFORM}, True),
        # another level, and a label that only warns
        ({"apps/agents/namespace.yaml": _NAMESPACE.replace("privileged", "baseline")}, False),
        ({"apps/agents/namespace.yaml": _NAMESPACE.replace("enforce", "warn")}, False),
        ({"apps/agents/namespace.yaml": _NAMESPACE.replace("    pod", "    # pod")}, False),
        # brought along with a program, in prose, in a chart, among tests
        ({"apps/agents/install.yaml": _NAMESPACE + _AGENT}, False),
        ({"README.md": f"    {_STEP}"}, False),
        ({"src/provision.ts": f'run("{_STEP.strip()}")'}, False),
        ({"chart/templates/namespace.yaml": _NAMESPACE}, False),
        ({"tests/namespace.yaml": _NAMESPACE}, False),
        # of a program for the clusters of others
        ({"config/namespace.yaml": _NAMESPACE, "go.mod": "module example.com/operator\n"}, False),
    ],
)
def test_a_label_that_lets_off_tells_of_the_cluster(
    tmp_path: Path, files: dict[str, str], expected: bool
) -> None:
    write(tmp_path, files)
    assert lets_off(Namings(tmp_path)) is expected


def test_only_what_asks_for_the_label_is_set_aside(tmp_path: Path) -> None:
    write(tmp_path, {"apps/agents/namespace.yaml": _NAMESPACE, "apps/web/namespace.yaml": _NAMESPACE[:60]})
    path = "apps/web/namespace.yaml"
    given = [
        finding(path, rule="pod-security-admission-missing"),
        finding(path, rule="namespace-without-admission-control"),
    ]
    found = set_aside(given, Scope(tmp_path), lambda path: Config(), INFOS)
    assert [f.status for f in found] == [Status.ASIDE, Status.ACTIVE]
    assert found[0].reason == LET_OFF
    named = Scope(tmp_path, files=frozenset({str(tmp_path / path)}))
    assert {f.status for f in set_aside(given, named, lambda path: Config(), INFOS)} == {Status.ACTIVE}
