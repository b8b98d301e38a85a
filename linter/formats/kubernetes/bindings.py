"""Bindings: who gets a role."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.part import Part, unsure
from linter.formats.kubernetes.rbac import READ, Role
from linter.formats.kubernetes.rolesbeside import manifests_beside
from linter.formats.model import fact, field


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

    @fact(at="roleRef")
    def ofNamedReads(self) -> bool:
        """Whether its role stands in the same file, or in one beside it, and lets nobody do more than read some named
        objects, no Secrets."""
        name = self.roleRef.name
        if not isinstance(name, str):
            return False
        roles = [found for found in self.document.root.manifests if self._gives(found)]
        roles = roles or [found for found in manifests_beside(self.document, name) if self._gives(found)]
        return bool(roles) and all(_reads_only_named(role.rules) for role in roles)

    def _gives(self, manifest: Manifest) -> bool:
        return (
            isinstance(manifest, Role)
            and manifest.type_key == self.roleRef.kind
            and isinstance(self.roleRef.name, str)
            and manifest.metadata.name == self.roleRef.name
        )


def _reads_only_named(rules: Any) -> bool:
    return rules is not UNKNOWN and bool(rules) and all(_reads_named(rule) for rule in rules)


def _reads_named(rule: Any) -> bool:
    """Whether a rule of a role surely lets one only read objects that it names."""
    if rule is UNKNOWN or unsure(rule.resourceNames, rule.verbs, rule.resources):
        return False
    names, verbs, resources = rule.resourceNames, rule.verbs, rule.resources
    if any(value is UNKNOWN for value in (*names, *verbs, *resources)):
        return False
    return bool(names and verbs) and set(verbs) <= set(READ) and not {"secrets", "*"} & set(resources)
