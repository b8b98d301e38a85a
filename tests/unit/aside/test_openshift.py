"""Projects that deploy to OpenShift alone: what they have, and what makes them others'."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.clusters.openshift import OPENSHIFT
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, Severity
from tests.unit.aside.trees import write

ROUTE = "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: a}\n"
KUBECTL = "kubectl apply -k bootstrap\n"
LOGIN = "jobs:\n  up:\n    steps:\n      - uses: redhat-actions/oc-login@v1\n"
JOB = "apiVersion: batch/v1\nkind: CronJob\nspec:\n  serviceAccountName: backup\n"
GRANT = (
    "kind: RoleBinding\nroleRef:\n  name: system:openshift:scc:anyuid\n"
    "subjects:\n- kind: ServiceAccount\n  name: {}\n"
)
IMAGE = "---\napiVersion: image.openshift.io/v1\nkind: ImageStream\n"
PROJECT = {
    "web/route.yaml": ROUTE,
    "console/config.yaml": "apiVersion: operator.openshift.io/v1\nkind: Console\n",
    "build/image.yaml": IMAGE,
    "bootstrap.sh": "oc apply -k bootstrap\n",
    "backup/job.yaml": JOB,
    "backup/plain.yaml": "apiVersion: batch/v1\nkind: CronJob\n",
    "backup/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: backup}\n",
}


def reason(top: Path, files: dict[str, str], path: str, rule: str) -> str:
    write(top, PROJECT | files)
    found = Finding(rule, Severity.HIGH, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2))
    return set_aside([found], Scope(top), lambda _: Config(), {})[0].reason


USERS, LABELS = "run-as-root", "pod-security-admission-missing"


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({}, "backup/job.yaml", OPENSHIFT),
        ({}, "backup/plain.yaml", OPENSHIFT),
        # whose account gets another standard, by its name, as all do, or as those may that are not known
        ({"web/scc.yaml": GRANT.format("web")}, "backup/job.yaml", OPENSHIFT),
        ({"web/scc.yaml": GRANT.format("backup")}, "backup/job.yaml", ""),
        ({"web/scc.yaml": GRANT.format("default")}, "backup/plain.yaml", ""),
        ({"web/scc.yaml": GRANT.format("system:serviceaccounts")}, "backup/job.yaml", ""),
        ({"up.sh": "oc apply -k .\noc adm policy add-scc-to-user anyuid -z backup\n"}, "backup/job.yaml", ""),
        ({"up.sh": "oc adm policy add-scc-to-user anyuid -z web\n"}, "backup/job.yaml", OPENSHIFT),
        ({"up.sh": "oc adm policy add-scc-to-group anyuid -z web\n"}, "backup/job.yaml", ""),
        ({"up.sh": 'oc adm policy add-scc-to-user anyuid "$who"\n'}, "backup/job.yaml", ""),
        (
            {"web/scc.yaml": GRANT.format("web"), "backup/job.yaml": JOB.replace("backup", "{{ .name }}")},
            "backup/job.yaml",
            "",
        ),
        # what is for others, too
        ({"web/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"}, "backup/job.yaml", ""),
        ({"README.md": "It also runs on EKS.\n"}, "backup/job.yaml", ""),
        ({"bootstrap.sh": "kubectl apply -k bootstrap\n"}, "backup/job.yaml", ""),
        ({"dev.sh": KUBECTL}, "backup/job.yaml", ""),
        ({"build/image.yaml": "kind: Deployment\n"}, "backup/job.yaml", ""),
        ({"build/image.yaml": "{{ if .Values.openshift }}\n" + IMAGE}, "backup/job.yaml", ""),
        # which is made for OpenShift alone, or wherever somebody wants it
        ({"build/image.yaml": "{{ if .Values.image.enabled }}\n" + IMAGE}, "backup/job.yaml", OPENSHIFT),
        # where a workflow logs in, `kubectl` asks the same cluster
        ({"dev.sh": KUBECTL, ".github/workflows/up.yaml": LOGIN}, "backup/job.yaml", OPENSHIFT),
        ({"dev.sh": KUBECTL, ".github/workflows/up.yaml": LOGIN.replace("oc-", "aks-")}, "backup/job.yaml", ""),
    ],
)  # fmt: skip
def test_users_in_projects_for_openshift_alone(
    tmp_path: Path, files: dict[str, str], path: str, said: str
) -> None:
    assert reason(tmp_path, files, path, USERS) == said


def test_what_else_is_asked_there(tmp_path: Path) -> None:
    granted = {"web/scc.yaml": GRANT.format("backup")}
    assert reason(tmp_path, granted, "backup/namespace.yaml", LABELS) == OPENSHIFT  # whatever accounts get
    assert reason(tmp_path, granted, "backup/job.yaml", "run-as-uid-zero") == ""


_IN_CHART = "agents/templates/job.yaml"
_WITH_PODS = JOB + "  containers: [{name: a}]\n"
CHART = {
    "README.md": "It also runs on EKS.\n",  # the project as a whole is for others, too
    "agents/Chart.yaml": "apiVersion: v2\nname: agents\nversion: 1.0.0\n",
    "agents/templates/subscription.yaml": "kind: Subscription\nspec:\n  sourceNamespace: openshift-marketplace\n",
    _IN_CHART: _WITH_PODS,
}
_ROLE = "kind: ClusterRole\nmetadata:\n  name: sees\nrules:\n- resources: [securitycontextconstraints]\n"
_BOUND = "---\nkind: RoleBinding\nroleRef:\n  name: sees\nsubjects:\n- kind: ServiceAccount\n  name: {}\n"
_SCC = "kind: SecurityContextConstraints\nmetadata:\n  name: a\nusers:\n- system:serviceaccount:{{{{ .x }}}}:{}\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, OPENSHIFT),
        ({"scc.yaml": GRANT.format("agent")}, OPENSHIFT),
        (
            {"scc.yaml": GRANT.format("agent") + "---\nkind: ServiceAccount\nmetadata:\n  name: backup\n"},
            OPENSHIFT,
        ),
        ({"scc.yaml": GRANT.format("backup")}, ""),
        ({"scc.yaml": GRANT.format("{{ .Values.account }}")}, ""),
        ({"scc.yaml": GRANT.format("agent").replace("- kind", "- name: system:authenticated\n- kind")}, ""),
        ({"scc.yaml": _SCC.format("agent")}, OPENSHIFT),
        ({"scc.yaml": _SCC.format("backup")}, ""),
        ({"scc.yaml": _SCC.format("{{ .Values.account }}")}, ""),
        ({"scc.yaml": _ROLE + _BOUND.format("agent")}, OPENSHIFT),
        ({"scc.yaml": _ROLE + _BOUND.format("backup")}, ""),
        ({"_help.tpl": '{{ define "a" }}securitycontextconstraints{{ end }}'}, ""),
        ({"scc.yaml": GRANT.format("agent"), "job.yaml": _WITH_PODS.replace("backup", "{{ .x }}")}, ""),
        ({"scc.yaml": GRANT.format("agent"), "job.yaml": f"{_WITH_PODS}---\ncontainers: []\n"}, ""),
    ],
)
def test_users_in_charts_that_give_some_accounts_a_standard(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    chart = CHART | {f"agents/templates/{name}": text for name, text in files.items()}
    assert reason(tmp_path, chart, _IN_CHART, USERS) == said
