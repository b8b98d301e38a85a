"""Accounts, roles and bindings of a scan, and what they give to whom."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.objectrecord import ObjectRecord
from linter.formats.kubernetes.part import known
from linter.formats.model import fact, field

BUILT_IN = ("admin", "edit", "view", "cluster-admin")


class AccountRecord(ObjectRecord):
    """A ServiceAccount."""


class RoleRecord(ObjectRecord):
    """A Role or ClusterRole."""

    powers: list[Any] = field(None, "rights that lead to the whole cluster")
    execs: bool = field(False, "whether it runs commands in containers")
    everything: bool = field(False, "whether it allows everything in its reach")
    secrets: bool = field(False, "whether it reads or changes Secrets")
    pods: bool = field(False, "whether it creates pods")


class BindingRecord(ObjectRecord):
    """A RoleBinding or ClusterRoleBinding."""

    accounts: list[Any] = field(None, "accounts that it is for: namespace and name")
    roleKind: str | None = field(None, "kind of its role")
    roleName: str | None = field(None, "name of its role")

    @fact
    def powerful(self) -> bool:
        """Whether its role, cluster-wide, leads to the whole cluster."""
        if self.kind != "ClusterRoleBinding":
            return False
        if self.roleName == "cluster-admin":
            return True
        return any(role.powers for role in self.roles)

    @cached_property
    def roles(self) -> list[RoleRecord]:
        """The role that it gives, where that is scanned."""
        named = self.project.roles_named.get(self.roleName, {}) if isinstance(self.roleName, str) else {}
        mine: list[RoleRecord] = named.get(self.roleKind, [])
        if not self.project.spend(len(mine)):
            return []
        return [role for role in mine if role.kind == "ClusterRole" or self.shares_namespace(role)]

    @fact
    def ofCluster(self) -> bool:
        """Whether it comes with the cluster: the control plane's own, or a provider's."""
        name = self.name
        return known(name) and (str(name).startswith(("system:", "gce:")) or name == "cluster-admin")

    @fact
    def roleNowhere(self) -> bool:
        """Whether nothing that is scanned defines its role, which does not come with the cluster either."""
        name = self.roleName
        if not known(name) or self.ofCluster or str(name).startswith(("system:", "gce:")) or name in BUILT_IN:
            return False
        return name not in self.project.roles_named

    @fact
    def givesExec(self) -> bool:
        """Whether its role runs commands in containers."""
        return any(role.execs for role in self.roles)

    @fact
    def givesSecrets(self) -> bool:
        """Whether its role reads or changes Secrets."""
        return any(role.secrets for role in self.roles)

    @fact
    def givesPods(self) -> bool:
        """Whether its role creates pods."""
        return any(role.pods for role in self.roles)

    @fact
    def givesEverything(self) -> bool:
        """Whether its role allows everything in its reach."""
        mine = self.roleKind == "ClusterRole" and self.roleName == "cluster-admin"
        return mine or any(role.everything for role in self.roles)

    def is_for(self, account: Any, namespace: Any) -> bool:
        """Whether it names an account of a namespace."""
        return any(
            known(account) and name == account and (not known(namespace) or space in (None, namespace))
            for space, name in self.accounts
            if space is not UNKNOWN and name is not UNKNOWN
        )
