"""Bindings: who gets a role."""

from __future__ import annotations

from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.part import Part
from linter.formats.model import field


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
