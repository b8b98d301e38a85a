"""PodSecurityPolicies and webhooks of a scan, taken together; accounts whose token opens something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.admission import admitted, looks_at_namespaces
from linter.formats.kubernetes.project import KubernetesProject
from linter.formats.kubernetes.records import records
from linter.formats.records import ProjectContext
from linter.text import SourceText

Read = Callable[..., Document]


def _project(read: Read, *texts: str) -> KubernetesProject:
    found = [r for number, text in enumerate(texts) for r in records(read(text, f"{number}.yaml"))]
    return KubernetesProject(found, ProjectContext(lambda path: SourceText(path, "")))


def test_what_a_policy_admits() -> None:
    strict = {
        "allowPrivilegeEscalation": False,
        "requiredDropCapabilities": ["ALL"],
        "runAsUser": {"rule": "MustRunAs", "ranges": [{"min": 1, "max": 9}]},
    }
    assert admitted({"spec": strict}) == []
    assert admitted({"spec": {**strict, "hostPID": True, "allowedCapabilities": ["*"]}}) == [
        "hostPID",
        "allowedCapabilities",
    ]
    assert admitted({"spec": {**strict, "runAsUser": {"rule": "MustRunAs", "ranges": [{"min": 0}]}}}) == [
        "runAsUser"
    ]
    assert admitted({}) == ["allowPrivilegeEscalation", "requiredDropCapabilities", "runAsUser"]


def test_what_is_not_known_is_not_admitted() -> None:
    unknown = dict.fromkeys(("privileged", "allowPrivilegeEscalation", "requiredDropCapabilities"), UNKNOWN)
    assert admitted({"spec": {**unknown, "runAsUser": {"rule": UNKNOWN}}}) == []


def test_one_strict_policy_is_enough(read: Read) -> None:
    policy = (
        "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {{name: p}}\nspec: {{hostIPC: {}}}\n"
    )
    lax, strict = policy.format("true"), policy.format("false")
    assert "hostIPC" in _project(read, lax, lax).securityPolicies[0].unopposed
    assert "hostIPC" not in _project(read, lax, strict).securityPolicies[0].unopposed


def test_webhooks_that_look_at_namespaces() -> None:
    hook = {"webhooks": [{"rules": [{"scope": "Cluster"}]}]}
    assert not looks_at_namespaces(hook)
    assert looks_at_namespaces({"webhooks": [{"rules": [{"resources": ["pods"]}]}]})
    assert not looks_at_namespaces({"webhooks": "none"})


_POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}\n"
    "spec: {serviceAccountName: s, containers: [{name: c, image: i}]}\n"
)
_BINDING = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: a}\n"
    "roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: s, namespace: a}]\n"
)


def test_the_token_of_a_bound_account(read: Read) -> None:
    def token(*texts: str) -> Any:
        return _project(read, *texts).workloads[0].boundToken

    assert token(_POD) is None
    assert token(_POD, _BINDING) == "s"
    assert token(_POD, _BINDING.replace("name: s,", "name: t,")) is None
    assert (
        token(
            _POD.replace("serviceAccountName", "automountServiceAccountToken: false, serviceAccountName"),
            _BINDING,
        )
        is None
    )
    account = (
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: a}\n"
        "automountServiceAccountToken: false\n"
    )
    assert token(_POD, _BINDING, account) is None
    assert (
        token(
            _POD.replace("serviceAccountName", "automountServiceAccountToken: true, serviceAccountName"),
            _BINDING,
            account,
        )
        == "s"
    )


def test_a_kind_in_another_case_is_read(read: Read) -> None:
    text = _BINDING.replace("kind: RoleBinding", "kind: Rolebinding")
    assert _project(read, text).bindings[0].roleName == "r"
