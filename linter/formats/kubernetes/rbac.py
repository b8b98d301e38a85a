"""Roles and their bindings, with wildcards expanded the way the API server does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.builtinroles import is_builtin, is_cluster_admin
from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.part import Part, both, either, negate, same, unsure
from linter.formats.kubernetes.rbacwords import (
    GIVEN,
    POWERLESS,
    POWERLESS_WITHIN,
    SYNCED_SECRETS,
    TELLING,
    contains_all,
    is_own,
    matches,
    resource_patterns,
    starts,
)
from linter.formats.model import Place, fact, field
from linter.formats.node import Step

READ = ("get", "list", "watch")
CHANGE = ("create", "update", "patch")
WRITE = ("create", "update", "patch", "delete", "deletecollection")
# resources by which a cluster is taken over step by step
SENSITIVE = frozenset((
    "*", "pods", "pods/exec", "pods/attach", "pods/portforward", "deployments", "statefulsets", "daemonsets",
    "replicasets", "jobs", "cronjobs", "nodes", "nodes/proxy", "secrets", "serviceaccounts/token",
))  # fmt: skip
_EXEC = ("pods/exec", "pods/attach")
RBAC_GROUP = "rbac.authorization.k8s.io"
_BINDINGS = ("rolebindings", "clusterrolebindings")
_CERTIFICATES, _APPROVAL = "certificates.k8s.io", "certificatesigningrequests/approval"


class RoleRule(Part):
    """One rule of a Role or ClusterRole."""

    apiGroups: list[str] = field(None, "API groups; '' is the core group")
    resources: list[str] = field(None, "resources, with subresources as `pods/exec`")
    verbs: list[str] = field(None, "what may be done")
    resourceNames: list[str] = field(None, "names that it is limited to")
    nonResourceURLs: list[str] = field(None, "paths of the API server that are no resources")

    def locate(self, steps: Sequence[Step]) -> Place:
        """As for other parts; what a fact tells is granted by one element of a list, which is on a line of its own."""
        fact = steps[0] if len(steps) == 1 and isinstance(steps[0], str) else ""
        told = (self.star or "verbs", ("*",)) if fact == "star" else TELLING.get(fact)
        index = self._granting(*told) if told is not None else None
        if told is None:
            return super().locate(steps)
        return super().locate((told[0], index) if index is not None else (told[0],))

    def _granting(self, name: str, words: tuple[str, ...]) -> int | None:
        """The first element of a list that grants one of the words: itself, before a `*` that stands for it."""
        values = getattr(self, name)
        if values is UNKNOWN:
            return None
        patterns = resource_patterns(words)
        found = [index for index, value in enumerate(values) if value is not UNKNOWN and value in patterns]
        stars = [index for index, value in enumerate(values) if value is not UNKNOWN and value == "*"]
        return next(iter([*found, *stars]), None)

    def grants(self, group: str, resources: tuple[str, ...], *verbs: str) -> Any:
        """Whether it allows one of `verbs` on one of `resources`, wildcards expanded, whoever made the role."""
        groups = matches(self.apiGroups, (group,))
        if groups is False:  # most rules are about another group
            return False
        found = matches(self.resources, resource_patterns(resources))
        return found if found is False else both(groups, found, matches(self.verbs, verbs))

    def any_of(self, group: str, resources: tuple[str, ...], *verbs: str) -> Any:
        """Whether it allows one of `verbs` on one of `resources`; no for roles that come with the cluster."""
        found = self.grants(group, resources, *verbs)
        if found is not False and self.owner is not None and self.owner.type_key and is_builtin(self.owner):
            return False
        return found

    def any_clusterwide(self, group: str, resources: tuple[str, ...], *verbs: str) -> Any:
        """`any_of` for resources that are in no namespace: a Role gives no rights to them, even by a wildcard."""
        if self.owner is not None and self.owner.type_key == "Role":
            return False
        return self.any_of(group, resources, *verbs)

    @fact(at="verbs")
    def fullWildcard(self) -> bool:
        """Whether it allows every verb on every resource of every group; no for the cluster's own cluster-admin."""
        return both(self.everything(), self.owner is None or not is_cluster_admin(self.owner))

    def everything(self) -> Any:
        """Whether it allows every verb on every resource of every group, whoever made the role."""
        every_verb = either(matches(self.verbs, ()), contains_all(self.verbs))
        return both(matches(self.resources, ()), every_verb, matches(self.apiGroups, ()))

    def administers(self) -> Any:
        """Whether `*` stands for the verbs and the resources of the core group, or of all groups."""
        return both(matches(self.resources, ()), matches(self.verbs, ()), matches(self.apiGroups, ("",)))

    @fact(at="resources")
    def everyResource(self) -> bool:
        """Whether it allows less than everything, but that on every resource of every group."""
        return both(
            self.owner is None or not is_builtin(self.owner),
            both(matches(self.resources, ()), both(matches(self.apiGroups, ()), negate(self.fullWildcard))),
        )

    @fact
    def wildcard(self) -> bool:
        """Whether a `*` stands in its verbs, resources, groups or URLs, short of allowing everything."""
        lists = (self.verbs, self.resources, self.apiGroups, self.nonResourceURLs)
        return both(either(*(matches(values, ()) for values in lists)), negate(self.fullWildcard))

    @fact(at="verbs")
    def wildcardOfOwnKinds(self) -> bool:
        """Whether a `*` gives no more than rights to API groups that are no part of Kubernetes and deploy nothing, all
        verbs on what the role names and gives nobody any power, a look at all resources of named groups, the core one
        with its Secrets left out, or at named ones of any group."""
        groups, verbs, resources = self.apiGroups, self.verbs, self.resources
        if unsure(groups, verbs) or any(value is UNKNOWN for value in (*groups, *verbs)):
            return UNKNOWN
        own = bool(groups) and all(is_own(group) for group in groups)
        if not unsure(resources) and resources and all(map(self._is_powerless, resources)):
            return True
        every, urls = matches(resources, ()), matches(self.nonResourceURLs, ())
        if not groups and not unsure(self.nonResourceURLs) and self.nonResourceURLs:
            return bool(verbs) and set(verbs) <= {
                *READ,
                "head",
            }  # metrics, versions and health of the API server
        looks = bool(verbs) and set(verbs) <= set(READ)
        named = bool(groups) and not {"", "*"} & set(groups)
        harmless = negate(either(every, matches(resources, ("secrets", "nodes/proxy", "pods/exec"))))
        return both(negate(urls), either(own, both(looks, either(both(named, every), harmless))))

    def _is_powerless(self, resource: Any) -> bool:
        """Whether who may do all of a resource runs nothing by it, reads no secrets and gets no other rights.

        What leads requests somewhere, or has the settings of others, is so in a namespace alone.
        """
        within = POWERLESS_WITHIN if self.owner is not None and self.owner.type_key == "Role" else ()
        return isinstance(resource, str) and (
            resource in POWERLESS or resource in within or resource.endswith(("/status", "/finalizers"))
        )

    @fact(at="resources")
    def wildcardOfScales(self) -> bool:
        """Whether its only resource is the scale of whatever has one, as autoscalers need it."""
        resources = self.resources
        if unsure(resources) or any(name is UNKNOWN for name in resources):
            return UNKNOWN
        return set(resources) == {"*/scale"} and negate(matches(self.verbs, ()))

    @fact(at="verbs")
    def star(self) -> str:
        """The first of its lists that has a `*`; for where a finding points."""
        names = ("verbs", "resources", "apiGroups", "nonResourceURLs")
        return next((name for name in names if matches(getattr(self, name), ()) is True), "")

    @fact(at="verbs")
    def starGives(self) -> str:
        """In words for a message, what that `*` gives that is dangerous; empty where it is nothing of the sort."""
        found = [words for power, words in GIVEN.items() if self._by_star(power)]
        return f", which gives {', '.join(found)}" if found else ""

    def _by_star(self, power: str) -> bool:
        """Whether it is the first `*` by which a power is given."""
        name, words = TELLING[power]
        index = self._granting(name, words) if name == self.star else None
        return index is not None and getattr(self, name)[index] == "*" and getattr(self, power) is True

    @fact(at="resources")
    def readsSecrets(self) -> bool:
        """Whether it can read Secrets."""
        return self.any_of("", ("secrets",), *READ)

    @fact
    def withinNamespace(self) -> bool:
        """Whether its rights end at one namespace, as a Role's do, and that is not the one where the cluster keeps the
        tokens by which its own parts and new nodes log in."""
        owner: Any = self.owner
        if owner is None or owner.type_key != "Role":
            return False
        return not same(owner.metadata.namespace, "kube-system")

    @fact
    def ofSyncedSecrets(self) -> bool:
        """Whether it is of a Role in a namespace that is made for nothing but certificates which a program serves."""
        owner: Any = self.owner
        return owner is not None and owner.type_key == "Role" and owner.metadata.namespace in SYNCED_SECRETS

    @fact(at="resources")
    def writesSecrets(self) -> bool:
        """Whether it can change or delete Secrets."""
        return self.any_of("", ("secrets",), *WRITE)

    @fact(at="resources")
    def createsPods(self) -> bool:
        """Whether it can create or change pods, directly or through a controller."""
        apps = ("deployments", "daemonsets", "statefulsets", "replicasets")
        return either(
            self.any_of("", ("pods", "replicationcontrollers"), *CHANGE),
            self.any_of("apps", apps, *CHANGE),
            self.any_of("batch", ("jobs", "cronjobs"), *CHANGE),
        )

    def creates_pods(self) -> Any:
        """Whether it can create pods or their controllers, whoever made the role."""
        apps = ("deployments", "daemonsets", "statefulsets", "replicasets")
        return either(
            self.grants("", ("pods",), "create"),
            self.grants("apps", apps, "create"),
            self.grants("batch", ("jobs", "cronjobs"), "create"),
        )

    @fact(at="resources")
    def execs(self) -> bool:
        """Whether it can run commands in, or attach to, containers."""
        return self.any_of("", _EXEC, "create")

    @fact(at="resources")
    def execsByReading(self) -> bool:
        """Whether it could run commands, or attach, before Kubernetes 1.35: a WebSocket begins with a GET, and asked
        for no more than `get` until then."""
        return both(self.any_of("", _EXEC, "get"), negate(self.execs))

    @fact(at="resources")
    def forwards(self) -> bool:
        """Whether it can open connections into pods."""
        return self.any_of("", ("pods/portforward",), "create")

    @fact(at="resources")
    def proxiesNodes(self) -> bool:
        """Whether it can reach the kubelets' API."""
        return self.any_clusterwide("", ("nodes/proxy",), *READ, *WRITE)

    @fact(at="verbs")
    def escalates(self) -> bool:
        """Whether it can give roles more rights than it has itself."""
        return self.any_of(RBAC_GROUP, ("roles", "clusterroles"), "escalate")

    @fact(at="verbs")
    def binds(self) -> bool:
        """Whether it can bind any role, without a limit to named ones."""
        written = self.verbs is not UNKNOWN and "bind" in self.verbs
        more = _BINDINGS if written else ()  # there it is meant, though the API asks for it on roles
        return both(self.any_of(RBAC_GROUP, ("roles", "clusterroles", *more), "bind"), negate(self.named))

    @fact(at="verbs")
    def bindsByStar(self) -> bool:
        """Whether `*` gives it `bind` on bindings, where the API never asks for it."""
        return both(self.any_of(RBAC_GROUP, _BINDINGS, "bind"), negate(self.named))

    @fact(at="verbs")
    def impersonates(self) -> bool:
        """Whether it can act as other users, groups or accounts."""
        core = self._acts_as_others()
        extra = both(
            matches(self.apiGroups, ("authentication.k8s.io",)),
            either(matches(self.resources, ("userextras", "uids")), starts(self.resources, "userextras/")),
            matches(self.verbs, ("impersonate",)),
        )
        return either(core, both(extra, self.owner is None or not is_builtin(self.owner)))

    def _acts_as_others(self) -> Any:
        return self.any_of("", ("users", "groups", "serviceaccounts"), "impersonate")

    @fact(at="verbs")
    def impersonatesLittle(self) -> bool:
        """Whether the others that it can act as are named, and none is the cluster's own but the groups that everybody
        is in, or it adds no more than attributes (`userextras`, `uids`) to whom another rule lets it be: those give no
        rights by roles, and the API server takes them with a user alone."""
        names = self.resourceNames
        if self._acts_as_others() is False:
            return self.impersonates
        return UNKNOWN if unsure(names) else both(bool(names), negate(either(*map(_is_of_cluster, names))))

    @fact(at="resources")
    def modifiesBindings(self) -> bool:
        """Whether it can create or change role bindings, without a limit to named ones."""
        return both(self.any_of(RBAC_GROUP, _BINDINGS, *CHANGE), negate(self.named))

    @fact(at="resources")
    def configuresWebhooks(self) -> bool:
        """Whether it can create, change or delete admission webhooks, without a limit to named ones."""
        kinds = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
        return both(self.any_clusterwide("admissionregistration.k8s.io", kinds, *WRITE), negate(self.named))

    @fact(at="resources")
    def requestsTokens(self) -> bool:
        """Whether it can issue tokens for service accounts, without a limit to named ones."""
        return both(self.any_of("", ("serviceaccounts/token",), "create"), negate(self.named))

    @fact(at="resources")
    def createsVolumes(self) -> bool:
        """Whether it can create PersistentVolumes."""
        return self.any_clusterwide("", ("persistentvolumes",), "create")

    @fact(at="resources")
    def writesConfigMaps(self) -> bool:
        """Whether it can change any ConfigMap."""
        return both(self.any_of("", ("configmaps",), *WRITE), negate(self.named))

    @fact(at="resourceNames")
    def writesAwsAuth(self) -> bool:
        """Whether it can change the ConfigMap that maps AWS identities to cluster users."""
        writes = self.any_of("", ("configmaps",), *WRITE)
        names = self.resourceNames
        return both(writes, UNKNOWN if names is UNKNOWN else "aws-auth" in names)

    @fact(at="resources")
    def writesNetwork(self) -> bool:
        """Whether it can change Services, endpoints, Ingresses or network policies."""
        return either(
            self.any_of("", ("services", "endpoints"), *WRITE),
            self.any_of("networking.k8s.io", ("ingresses", "networkpolicies"), *WRITE),
            self.any_of("discovery.k8s.io", ("endpointslices",), *WRITE),
        )

    @fact(at="resources")
    def setsServiceStatus(self) -> bool:
        """Whether it can set the status, and so the external addresses, of Services."""
        return self.any_of("", ("services/status",), "update", "patch")

    @fact(at="resources")
    def deletesTraces(self) -> bool:
        """Whether it can delete events or logs."""
        delete = ("delete", "deletecollection")
        logs = self.any_of("", ("pods/log", "events"), *delete)
        return either(logs, self.any_of("events.k8s.io", ("events",), *delete))

    @fact(at="resources")
    def deletesWorkloads(self) -> bool:
        """Whether it can delete workloads, volumes or Services."""
        delete = ("delete", "deletecollection")
        return either(
            self.any_of("", ("pods", "services", "persistentvolumeclaims", "persistentvolumes"), *delete),
            self.any_of("apps", ("deployments", "statefulsets", "daemonsets", "replicasets"), *delete),
            self.any_of("batch", ("jobs", "cronjobs"), *delete),
        )

    @fact
    def named(self) -> bool:
        """Whether it is limited to named objects."""
        return UNKNOWN if unsure(self.resourceNames) else bool(self.resourceNames)


_OF_ALL = frozenset(("system:authenticated", "system:unauthenticated"))


def _is_of_cluster(name: Any) -> Any:
    """Whether a user, group or account is the cluster's own, and no group that everybody is in."""
    return UNKNOWN if name is UNKNOWN else name.startswith("system:") and name not in _OF_ALL


_HARMLESS_SIGNERS = frozenset(("kubernetes.io/kubelet-serving", "kubernetes.io/legacy-unknown"))


def _of_servers(signers: Any) -> bool:
    """Whether signers are named, and none signs what its holder is somebody by: of the cluster's own only certificates
    of kubelets as servers. Nobody can ask for `legacy-unknown` since the API without a signer is gone (1.22)."""
    return bool(signers) and all(
        isinstance(name, str) and (name in _HARMLESS_SIGNERS or not name.startswith(("kubernetes.io/", "*")))
        for name in signers
    )


class Role(Manifest):
    """A Role or ClusterRole."""

    rules: list[RoleRule] = field(None, "what it allows")
    aggregationRule: Any = field(None, "of a ClusterRole: roles that it sums up")

    @fact(at="rules")
    def provisions(self) -> bool:
        """Whether it is what a storage provisioner needs: to look at classes of storage and at claims, and to make and
        delete the volumes for them, while it makes no claims and no pods."""
        rules = [rule for rule in (self.rules if self.rules is not UNKNOWN else ()) if rule is not UNKNOWN]
        wanted = (
            ("storage.k8s.io", ("storageclasses",), ("list", "watch")),
            ("", ("persistentvolumeclaims",), ("list", "watch")),
            ("", ("persistentvolumes",), ("create",)),
            ("", ("persistentvolumes",), ("delete",)),
        )
        if any(rule.grants("storage.k8s.io", ("storageclasses",), "create") is True for rule in rules):
            return True  # whose classes they are
        more = ("", ("persistentvolumeclaims", "pods"), ("create",))
        return all(
            any(rule.grants(group, names, *verbs) is True for rule in rules) for group, names, verbs in wanted
        ) and not any(rule.grants(more[0], more[1], *more[2]) is not False for rule in rules)

    def locate(self, steps: Sequence[Step]) -> Place:
        """As for other objects; that it approves certificates is granted by one resource of one rule."""
        if tuple(steps) != ("approvesCertificates",):
            return super().locate(steps)
        for rule in self.rules if self.rules is not UNKNOWN else ():
            if (
                rule is not UNKNOWN
                and rule.any_clusterwide(_CERTIFICATES, (_APPROVAL,), "update", "patch") is True
            ):
                return rule.locate(("approves",))
        return super().locate(("rules",))

    @fact(at="rules")
    def approvesCertificates(self) -> bool:
        """Whether it can approve certificate requests for a signer, by any of its rules together."""
        rules = [rule for rule in (self.rules if self.rules is not UNKNOWN else ()) if rule is not UNKNOWN]
        return both(
            either(*(rule.any_clusterwide(_CERTIFICATES, (_APPROVAL,), "update", "patch") for rule in rules)),
            either(
                *(
                    rule.any_clusterwide(_CERTIFICATES, ("signers",), "approve")
                    for rule in rules
                    if not _of_servers(rule.resourceNames)
                )
            ),
        )
