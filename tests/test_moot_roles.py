"""What bindings and other roles of a project say of a role."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import Run, run
from tests.test_moot import CHART, ROLE, SERVICE, counted, lay, manifest, rules_told

__all__ = ["run"]

BINDING = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NAME}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAME}
subjects: [{kind: User, name: jane}]
"""
SECRETS = "rbac-secrets-access"
TWO = f"{manifest('clerk', ROLE)}---\n{manifest('boss', ROLE)}"


def test_a_role_that_nobody_is_given(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, monkeypatch, {"rbac/roles.yaml": TWO, "rbac/bindings.yaml": manifest("clerk", BINDING)})
    assert counted(run, SECRETS) == {"ClusterRole/clerk"}


@pytest.mark.parametrize(
    ("roles", "bindings"),
    [
        (TWO, ""),  # the bindings may lie elsewhere
        (TWO, manifest("boss", BINDING)),
        (TWO, f"{manifest('clerk', BINDING)}---\n{manifest('boss', BINDING)}"),
        (TWO, manifest("clerk", BINDING) + "---\n" + BINDING.replace("name: NAME}\nsub", "name: \"${ROLE}\"}\nsub")),
        (TWO, manifest("clerk", BINDING) + "---\n" + manifest("prod-boss", BINDING)),  # as a kustomization calls it
        (
            TWO.replace("name: boss}", "name: boss, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}"),
            manifest("clerk", BINDING),
        ),
    ],
)  # fmt: skip
def test_a_role_that_somebody_may_be_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, roles: str, bindings: str
) -> None:
    lay(tmp_path, monkeypatch, {"rbac/roles.yaml": roles, "rbac/bindings.yaml": bindings})
    assert "ClusterRole/boss" in counted(run, SECRETS)


def test_a_role_in_a_file_of_its_own_is_for_who_installs_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "rbac/clerk.yaml": f"{manifest('clerk', ROLE)}---\n{manifest('clerk', BINDING)}",
        "rbac/boss.yaml": manifest("boss", ROLE),
    }
    lay(tmp_path, monkeypatch, files)
    assert counted(run, SECRETS) == {"ClusterRole/clerk", "ClusterRole/boss"}


OF_NAMESPACE = "rbac-namespace-secrets-access"
OWN_ROLE = manifest("desk", ROLE).replace("ClusterRole", "Role")
OWN_BINDING = manifest("desk", BINDING).replace("ClusterRole", "Role")
JANE, CLERK = "{kind: User, name: jane}", "{kind: ServiceAccount, namespace: shop, name: clerk}"
OTHER = CLERK.replace("clerk", "other")
GIVEN_ALL = f"{manifest('clerk', ROLE)}---\n{manifest('clerk', BINDING)}---\n".replace(JANE, CLERK)
GIVEN_ONE = f"{OWN_ROLE}---\n{OWN_BINDING}".replace(JANE, CLERK)


@pytest.mark.parametrize(
    ("everywhere", "here", "counts"),
    [
        (GIVEN_ALL, GIVEN_ONE, False),
        ("", GIVEN_ONE, True),
        (GIVEN_ALL.replace("[get, list]", "[create]"), GIVEN_ONE, True),
        (GIVEN_ALL.replace("verbs:", "resourceNames: [one], verbs:"), GIVEN_ONE, True),
        (GIVEN_ALL.replace("ClusterRoleBinding", "RoleBinding"), GIVEN_ONE, True),
        (GIVEN_ALL.replace(CLERK, OTHER), GIVEN_ONE, True),
        (GIVEN_ALL, GIVEN_ONE.replace(CLERK, f"{CLERK}, {OTHER}"), True),
        (GIVEN_ALL, GIVEN_ONE.replace(CLERK, f"{CLERK}, {JANE}"), True),
        (GIVEN_ALL, f"{GIVEN_ONE}---\n{OWN_BINDING}", True),  # and to a user
    ],
)
def test_a_role_whose_accounts_read_every_secret_anyway(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everywhere: str, here: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"rbac.yaml": everywhere + here})
    assert (OF_NAMESPACE in rules_told(run)) is counts
    lay(tmp_path, monkeypatch, {"rbac.yaml": here, "elsewhere/all.yaml": everywhere})
    assert OF_NAMESPACE in rules_told(run)


def _in(namespace: str, text: str) -> str:
    return text.replace("name: desk}", f"name: desk, namespace: {namespace}}}", 1)


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: vault}\n"
READER = _in("vault", OWN_ROLE) + "---\n" + _in("vault", OWN_BINDING).replace(JANE, CLERK)
RUNS_THERE = manifest("web").replace("name: web}", "name: web, namespace: vault}", 1)


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({}, False),
        ({"config/namespace.yaml": ""}, True),  # it may be there for others
        ({"go.mod": ""}, True),  # in the tree of a cluster others may run there
        ({"config/web.yaml": RUNS_THERE}, True),
        ({"config/rbac.yaml": READER.replace("namespace: shop", "namespace: vault")}, True),
        ({"config/rbac.yaml": READER.replace(CLERK, f"{CLERK}, {JANE}")}, True),
        ({"config/rbac.yaml": READER.partition("---")[0]}, True),
        ({"config/rbac.yaml": READER.replace("resources: [secrets]", "resources: [secrets, pods]")}, True),
        ({"config/rbac.yaml": READER.replace("[get, list]", "[get, list, update]")}, True),
    ],
)
def test_a_namespace_for_the_secrets_of_a_program(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], counts: bool
) -> None:
    usual = {
        "go.mod": "module acme.io/desk\n",
        "config/namespace.yaml": NAMESPACE,
        "config/rbac.yaml": READER,
    }
    lay(tmp_path, monkeypatch, {name: text for name, text in (usual | files).items() if text})
    assert (OF_NAMESPACE in rules_told(run)) is counts


TERRAFORM = """resource "kubernetes_cluster_role" "NAME" {
  metadata {
    name = "NAME"
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get", "list"]
  }
}
"""
GIVEN = """resource "kubernetes_cluster_role_binding" "NAME" {
  metadata {
    name = "NAME"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = ROLE
  }
  subject {
    kind = "User"
    name = "jane"
  }
}
"""


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        ('"admin"', {"clerk"}),
        ("kubernetes_cluster_role.boss.metadata[0].name", {"clerk", "boss"}),
        ("var.role", {"clerk", "boss"}),
    ],
)
def test_roles_in_terraform(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: str, told: set[str]
) -> None:
    clerk = manifest("clerk", GIVEN).replace("ROLE", "kubernetes_cluster_role.clerk.metadata[0].name")
    other = manifest("other", GIVEN).replace("ROLE", binding)
    roles = manifest("clerk", TERRAFORM) + manifest("boss", TERRAFORM)
    # the rules across files of Kubernetes are asked where there is a manifest
    files = {"main.tf": roles + clerk + other + 'variable "role" {}\n', "app/service.yaml": SERVICE}
    lay(tmp_path, monkeypatch, files)
    assert counted(run, SECRETS) == {f"ClusterRole/{name}" for name in told}


def test_a_role_of_a_program_is_for_its_users(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"rbac/roles.yaml": TWO, "rbac/bindings.yaml": manifest("clerk", BINDING)}
    lay(tmp_path, monkeypatch, files | {"go.mod": "module example.org/clerk\n"})
    assert counted(run, SECRETS) == {"ClusterRole/clerk", "ClusterRole/boss"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (CHART, False),
        ({}, True),  # others may bind it
        (CHART | {"config/rbac/role_binding.yaml": manifest("manager-role", BINDING)}, True),
        ({name: text for name, text in CHART.items() if "role" not in name}, True),
    ],
)
def test_a_role_that_was_generated_for_the_chart(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], told: bool
) -> None:
    files = {"config/rbac/role.yaml": manifest("manager-role", ROLE), "go.mod": "module example.org/op\n"}
    lay(tmp_path, monkeypatch, files | more)
    assert ("ClusterRole/manager-role" in counted(run, SECRETS)) is told


IN_SHOP = manifest("clerk", BINDING).replace("ClusterRoleBinding", "RoleBinding")
CLERKS = manifest("clerk", ROLE)
BY_CLUSTER_ROLE = "rbac-namespace-secrets-by-cluster-role"


@pytest.mark.parametrize(
    ("role", "binding", "everywhere"),
    [
        (CLERKS, IN_SHOP, False),
        (CLERKS, "", True),
        (CLERKS, manifest("clerk", BINDING), True),
        (CLERKS, f"{IN_SHOP}---\n{manifest('clerk', BINDING)}", True),
        (CLERKS, f"{IN_SHOP}---\n{manifest('prod-clerk', BINDING)}", True),  # as a kustomization calls it
        (CLERKS, IN_SHOP + "---\n" + manifest('"${ROLE}"', BINDING), True),
        (CLERKS, IN_SHOP.replace("metadata: {", "metadata: {namespace: kube-system, "), True),
        (CLERKS.replace("name: clerk}", "name: clerk, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}"),
         IN_SHOP, True),
    ],
)  # fmt: skip
def test_a_cluster_role_that_is_given_in_namespaces(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, binding: str, everywhere: bool
) -> None:
    lay(tmp_path, monkeypatch, {"rbac/role.yaml": role, "rbac/bindings.yaml": binding})
    found = rules_told(run) & {SECRETS, BY_CLUSTER_ROLE}
    assert found == {SECRETS if everywhere else BY_CLUSTER_ROLE}
    name = '{{ include "shop.fullname" . }}'
    chart = {
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "chart/templates/role.yaml": role.replace("name: clerk", f"name: {name}"),
        "chart/templates/bindings.yaml": binding.replace("name: clerk", f"name: {name}").replace(
            "RoleBinding\nmetadata: {name:",
            "RoleBinding\nmetadata: {namespace: '{{ .Release.Namespace }}', name:",
        ),
    }
    lay(tmp_path / "other", monkeypatch, chart)
    assert rules_told(run) & {SECRETS, BY_CLUSTER_ROLE} == found
