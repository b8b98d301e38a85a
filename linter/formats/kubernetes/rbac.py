"""Roles and their bindings, with wildcards expanded the way the API server does."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import fact, field
from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.part import Part

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch", "delete", "deletecollection")
RBAC_GROUP = "rbac.authorization.k8s.io"


class RoleRule(Part):
    """One rule of a Role or ClusterRole."""

    apiGroups: list[str] = field(None, "API groups; '' is the core group")
    resources: list[str] = field(None, "resources, with subresources as `pods/exec`")
    verbs: list[str] = field(None, "what may be done")
    resourceNames: list[str] = field(None, "names that it is limited to")
    nonResourceURLs: list[str] = field(None, "paths of the API server that are no resources")

    def allows(self, group: str, resource: str, *verbs: str) -> Any:
        """Whether it allows one of `verbs` on `resource` of `group`, wildcards expanded."""
        parts = (
            _matches(self.apiGroups, (group,)),
            _matches(self.resources, _resource_patterns(resource)),
            _matches(self.verbs, verbs),
        )
        if False in parts:
            return False
        return UNKNOWN if UNKNOWN in parts else True

    @fact
    def named(self) -> bool:
        """Whether it is limited to named objects."""
        return UNKNOWN if self.resourceNames is UNKNOWN else bool(self.resourceNames)


def _resource_patterns(resource: str) -> tuple[str, ...]:
    base, slash, sub = resource.partition("/")
    return (resource, f"{base}/*", f"*/{sub}") if slash else (resource,)


def _matches(values: Any, wanted: tuple[str, ...]) -> Any:
    if values is UNKNOWN:
        return UNKNOWN
    if any(value == "*" or value in wanted for value in values if value is not UNKNOWN):
        return True
    return UNKNOWN if any(value is UNKNOWN for value in values) else False


class Role(Manifest):
    """A Role or ClusterRole."""

    rules: list[RoleRule] = field(None, "what it allows")
    aggregationRule: Any = field(None, "of a ClusterRole: roles that it sums up")


class RoleRef(Part):
    """The role that a binding gives."""

    apiGroup: str | None = field(None, "API group of the role")
    kind: str | None = field(None, "Role or ClusterRole")
    name: str | None = field(None, "name of the role")


class Grantee(Part):
    """Who a binding gives a role to."""

    kind: str | None = field(None, "ServiceAccount, User or Group")
    name: str | None = field(None, "name of the account, user or group")
    namespace: str | None = field(None, "namespace of the account")


class Binding(Manifest):
    """A RoleBinding or ClusterRoleBinding."""

    roleRef: RoleRef = field(None, "the role that it gives")
    subjects: list[Grantee] = field(None, "who gets it")
