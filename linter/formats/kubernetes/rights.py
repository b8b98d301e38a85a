"""Accounts, roles and bindings of a scan, and what they give to whom."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.objectrecord import EVERYWHERE, ObjectRecord, may_be_one, same_value
from linter.formats.kubernetes.opennames import readable
from linter.formats.kubernetes.part import known
from linter.formats.model import fact, field

AGGREGATES = "rbac.authorization.k8s.io/aggregate-to-"
_LONGEST_SHOWN = 80  # characters of a name
BUILT_IN = ("admin", "edit", "view", "cluster-admin")
_GENERATED = "config/rbac/role.yaml", "manager-role"  # what controller-gen writes, and the name that it gives


class AccountRecord(ObjectRecord):
    """A ServiceAccount."""

    automount: bool | None = field(None, "mount its token into pods; unset means true")


class RoleRecord(ObjectRecord):
    """A Role or ClusterRole."""

    powers: list[Any] = field(None, "rights that lead to the whole cluster")
    execs: bool = field(False, "whether it runs commands in containers")
    everything: bool = field(False, "whether it allows everything in its reach")
    secrets: bool = field(False, "whether it reads or changes Secrets")
    every_secret: bool = field(False, "whether it reads all Secrets in its reach, as no names limit it")
    reads_secrets_alone: bool = field(False, "whether it gives nothing but to read Secrets")
    pods: bool = field(False, "whether it creates pods")
    administers: bool = field(False, "whether it allows everything in the core group")
    sensitive: bool = field(False, "whether it names resources by which a cluster is taken over step by step")
    labels: Any = field(None, "its own labels")
    names_secrets: bool = field(False, "of a ClusterRole: whether a rule gives all Secrets in so many words")
    aggregated: bool = field(
        False, "of a ClusterRole that reads Secrets: whether a label may add it to another role"
    )
    nameWritten: str = field("", "its name as a template writes it, where it is not known otherwise")
    sums: bool = field(False, "whether it takes its rules from other roles, by their labels")

    @fact
    def unbound(self) -> bool:
        """Whether no binding that is scanned gives it to anybody, though one gives another role of its file.

        Who keeps roles and bindings in one tree would have bound it there. What a program has for its users, a chart
        has, a label may add to another role, or a binding whose role is not known may give, is left alone. What
        controller-gen writes of a program's needs is for the binding beside it; without one it is there to be copied to
        the chart that others get.
        """
        if not isinstance(self.name, str) or "/templates/" in self.path or self._may_be_summed():
            return False
        generated = self._is_generated_for_chart()
        if self.project.is_program and not generated:
            return False
        given = self.project.given
        if {EVERYWHERE, self.folder} & self.project.giving_any or any(
            may_be_one(self.name, name) for name in given
        ):
            return False
        beside = self.project.group(self.project.roles).at(self.folder).items
        return generated or any(other.path == self.path and other.name in given for other in beside)

    @property
    def had_anyway(self) -> bool:
        """Whether each account that is given it reads the Secrets of all namespaces by a ClusterRole beside it, which
        is told there. Of a chart the one may be in place of the other.
        """
        if self.kind != "Role" or not isinstance(self.name, str) or "/templates/" in self.path:
            return False
        bindings = self.project.bindings
        if {EVERYWHERE, self.folder} & self.project.giving_any or not self.project.spend(len(bindings)):
            return False
        giving = [b for b in bindings if b.roleKind == "Role" and may_be_one(self.name, str(b.roleName))]
        beside = self.project.group(bindings).at(self.folder).items
        reading = [b for b in beside if b.reads_everywhere]
        if not giving or not reading or not self.project.spend(len(giving) * len(reading)):
            return False
        had = {
            tuple(account) for binding in reading for account in binding.accounts if all(map(known, account))
        }
        return all(b.for_accounts and had.issuperset(map(tuple, b.accounts)) for b in giving)

    @property
    def of_own_secrets(self) -> bool:
        """Whether it gives a program nothing but to read the Secrets of a namespace that is made beside it for them, in
        which nothing runs, to accounts of other namespaces.

        Who has the source of the program knows what runs there; in the tree of a cluster that may be others' affair.
        """
        if not self.reads_secrets_alone or not self._has_own_namespace() or not self.project.is_program:
            return False
        bindings = self.project.bindings
        if {EVERYWHERE, self.folder} & self.project.giving_any or not self.project.spend(len(bindings)):
            return False
        giving = [b for b in bindings if b.roleKind == "Role" and may_be_one(str(self.name), str(b.roleName))]
        return bool(giving) and all(b.for_accounts and b.are_of_others(self.namespace) for b in giving)

    def _has_own_namespace(self) -> bool:
        """Whether its namespace is made in its folder, and no workload that is scanned is in it."""
        if self.kind != "Role" or not isinstance(self.name, str) or not isinstance(self.namespace, str):
            return False
        made = self.project.group(self.project.namespaces).at(self.folder).items
        return self.namespace not in self.project.inhabited and any(
            same_value(one.name, self.namespace) is True for one in made
        )

    @cached_property
    def bound_within(self) -> bool:
        """Whether each binding that is scanned of a ClusterRole gives it in one namespace: there is a RoleBinding, and
        none that may give it in all of them. What may be added to another role is left alone."""
        if self.kind != "ClusterRole" or self.aggregated or self.project.sums:
            return False
        bindings = self.project.bindings
        if {EVERYWHERE, self.folder} & self.project.giving_any or not self.project.spend(len(bindings)):
            return False
        giving = [b for b in bindings if b.may_give(self)]
        return any(b.kind == "RoleBinding" and b.surely_gives(self) for b in giving) and all(
            b.kind == "RoleBinding" and same_value(b.namespace, "kube-system") is not True for b in giving
        )

    @fact
    def readsWithin(self) -> bool:
        """Whether it reads all Secrets of the namespaces in which RoleBindings, and no other, give it."""
        return self.names_secrets and self.bound_within

    @fact
    def shown(self) -> str:
        """Its name for messages."""
        return self.name if isinstance(self.name, str) else readable(self.nameWritten)[:_LONGEST_SHOWN]

    def _is_generated_for_chart(self) -> bool:
        path, name = _GENERATED
        ours = self.name == name and self.path.endswith(path)
        return ours and any("/templates/" in role.path for role in self.project.roles)

    def _may_be_summed(self) -> bool:
        if self.labels is UNKNOWN or any(str(key).startswith(AGGREGATES) for key in self.labels or ()):
            return True
        return bool(self.labels) and self.project.sums


class BindingRecord(ObjectRecord):
    """A RoleBinding or ClusterRoleBinding."""

    accounts: list[Any] = field(None, "accounts that it is for: namespace and name")
    for_accounts: bool = field(False, "whether it is for accounts alone, as far as it is known for whom")
    groups: list[Any] = field(None, "names of the groups that it is for")
    roleKind: str | None = field(None, "kind of its role")
    roleName: str | None = field(None, "name of its role")
    roleWritten: str = field("", "name of its role as a template writes it, where it is not known otherwise")

    def are_of_others(self, namespace: Any) -> bool:
        """Whether all accounts that it is for are known to be of other namespaces than one."""
        return bool(self.accounts) and all(
            known(home) and home and home != namespace for home, _ in self.accounts
        )

    def may_give(self, role: RoleRecord) -> bool:
        """Whether it may give a ClusterRole. Names that a template writes are those of its chart."""
        if known(self.roleKind) and self.roleKind != "ClusterRole":
            return False
        if isinstance(self.roleName, str) and isinstance(role.name, str):
            return may_be_one(role.name, self.roleName)
        return chart_of(self) == chart_of(role) and (
            not self.roleWritten
            or self.roleWritten == role.nameWritten
            or not self.project.is_written(chart_of(self), self.roleWritten)
        )

    def surely_gives(self, role: RoleRecord) -> bool:
        """Whether the name of its role is that of a ClusterRole, as both are known or written in one chart."""
        if isinstance(self.roleName, str) and isinstance(role.name, str):
            return may_be_one(role.name, self.roleName)
        return bool(self.roleWritten) and self.roleWritten == role.nameWritten

    @property
    def names_role(self) -> bool:
        """Whether the name of its role is known, with no variable in it that some other tool fills in."""
        return isinstance(self.roleName, str) and not {"$", "{"} & set(self.roleName)

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

    @property
    def reads_everywhere(self) -> bool:
        """Whether its role, which stands beside it, lets its accounts read the Secrets of all namespaces."""
        return self.kind == "ClusterRoleBinding" and any(
            role.every_secret and role.folder == self.folder for role in self.roles
        )

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

    @fact
    def givesAdministration(self) -> bool:
        """Whether its role allows everything in the core group, or in all groups."""
        return self.givesEverything or any(role.administers for role in self.roles)

    @fact
    def givesSensitive(self) -> bool:
        """Whether its role names resources by which a cluster is taken over, or is none that was scanned."""
        return not self.roles or any(role.sensitive for role in self.roles)

    def is_for(self, account: Any, namespace: Any) -> bool:
        """Whether it names an account of a namespace."""
        spaces = self._spaces.get(account, ()) if isinstance(account, str) else ()
        return bool(spaces) and (not known(namespace) or None in spaces or namespace in spaces)

    @cached_property
    def _spaces(self) -> dict[str, list[Any]]:
        """Namespaces of the accounts that it is for, by their names: there may be thousands."""
        found: dict[str, list[Any]] = {}
        for space, name in self.accounts:
            if space is not UNKNOWN and isinstance(name, str):
                found.setdefault(name, []).append(space)
        return found


def chart_of(record: ObjectRecord) -> str:
    """What names from a template are compared within: its chart, or the folder of what is in none."""
    chart, templates, _ = record.path.rpartition("/templates/")
    return chart if templates else record.folder


def token_of_bound(workload: Any) -> str | None:
    """An account with rights whose token a workload's pods get.

    Every pod without one has an account named `default`, which only a binding of the same folder is about.
    """
    for account, token in zip(workload.accounts, workload.tokens, strict=True):
        if not known(account) or token is False or token is UNKNOWN:
            continue
        if token is None and _keeps_token(workload, account):
            continue
        if _is_bound(workload, account):
            return str(account)
    return None


def _is_bound(workload: Any, account: Any) -> bool:
    bindings = workload.project.bindings
    if account == "default":
        bindings = workload.project.group(bindings).at(workload.folder).items
    space = workload.namespace or "default"
    return workload.project.spend(len(bindings)) and any(b.is_for(account, space) for b in bindings)


def _keeps_token(workload: Any, account: Any) -> bool:
    """Whether the account, where it is scanned, keeps its token out of pods."""
    named = workload.project.group(workload.project.accounts).having("name", account) or ()
    return any(found.automount is False for found in workload.sharing(named))
