"""Bindings: who gets a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.part import Part, unsure
from linter.formats.kubernetes.rbac import READ, Role
from linter.formats.kubernetes.rolesbeside import manifests_beside
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

_ADMINISTERING = frozenset(("system:masters", "system:cluster-admins", "system:admin", "kube:admin"))
_ADMINISTRATORS = lazy_regex(
    r"(?i)(?:^|[-_:/. ])(?:super|cluster|platform|sys|k8s|kube)?[-_ ]?admin(?:s|istrators?)?\Z"
)


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

    @fact(at="name")
    def administrator(self) -> bool:
        """Whether it is whose work it is to administer the cluster: those whom the cluster itself has for it, people by
        their addresses, and groups that are called so."""
        if unsure(self.kind, self.name):
            return UNKNOWN
        name = self.name if isinstance(self.name, str) else ""
        if name in _ADMINISTERING:
            return True
        if self.kind == "User":
            return "@" in name and "gserviceaccount" not in name
        return self.kind == "Group" and _ADMINISTRATORS.search(name) is not None


class Binding(Manifest):
    """A RoleBinding or ClusterRoleBinding."""

    roleRef: RoleRef = field(None, "the role that it gives")
    subjects: list[Grantee] = field(None, "who gets it")

    @fact(at="roleRef")
    def ofNamedReads(self) -> bool:
        """Whether its role stands in the same file, or in one beside it, and lets nobody do more than read some named
        objects, no Secrets but those that are public by their names."""
        return self._gives_only(_reads_named)

    @fact(at="roleRef")
    def ofPublicPaths(self) -> bool:
        """Whether its role, the cluster's own or one beside it, gives no more than what is made for whoever asks:
        versions, health, and the keys with which others verify tokens of service accounts."""
        return self.roleRef.name in _FOR_ANYBODY or self._gives_only(_gets_public)

    @fact(at="roleRef")
    def ofMeasures(self) -> bool:
        """Whether its role, the cluster's own or one in the same file or beside it, lets one read public paths and
        metrics of programs and ask who somebody is and what they may do, but gives no rights to objects."""
        return self.roleRef.name in _FOR_REVIEWS or self._gives_only(_gets_measures)

    def _gives_only(self, allowed: Callable[[Any], bool]) -> bool:
        """Whether all rules of its role are of a kind; no where there is no such role here."""
        name = self.roleRef.name
        if not isinstance(name, str):
            return False
        roles = [found for found in self.document.root.manifests if self._gives(found)]
        roles = roles or [found for found in manifests_beside(self.document, name) if self._gives(found)]
        return bool(roles) and all(_all_are(allowed, role) for role in roles)

    def _gives(self, manifest: Manifest) -> bool:
        return (
            isinstance(manifest, Role)
            and manifest.type_key == self.roleRef.kind
            and isinstance(self.roleRef.name, str)
            and manifest.metadata.name == self.roleRef.name
        )


# roles of the cluster that its documentation has for whoever may reach it
_FOR_ANYBODY = ("system:public-info-viewer", "system:service-account-issuer-discovery")
# and for programs that ask who sends them requests
_FOR_REVIEWS = ("system:auth-delegator",)
_REVIEWS = frozenset(("tokenreviews", "subjectaccessreviews"))
_PUBLIC_PATHS = frozenset(
    ("/healthz", "/livez", "/readyz", "/version", "/.well-known/openid-configuration", "/openid/v1/jwks")
)
_METRICS = lazy_regex(r"/metrics(?:[-/][\w./*-]*)?")
# Secrets that hold what may be known, by their names; not `…-ca-cert`, in which cert-manager keeps the CA's key as well
_PUBLIC_SECRET = lazy_regex(r"(?:.*[-.])?(?:public-?keys?|(?:ca|trust)-bundle)|.*\.pub")


def _all_are(allowed: Callable[[Any], bool], role: Any) -> bool:
    rules = role.rules
    if rules is UNKNOWN or not rules or role.aggregationRule is not None:
        return False
    return all(rule is not UNKNOWN and allowed(rule) for rule in rules)


def _reads_named(rule: Any) -> bool:
    """Whether a rule of a role surely lets one only read objects that it names."""
    if unsure(rule.resourceNames, rule.verbs, rule.resources):
        return False
    names, verbs, resources = rule.resourceNames, rule.verbs, rule.resources
    if any(value is UNKNOWN for value in (*names, *verbs, *resources)):
        return False
    public = "secrets" not in resources or all(_PUBLIC_SECRET.fullmatch(name) for name in names)
    return bool(names and verbs) and set(verbs) <= set(READ) and "*" not in resources and public


def _gets_public(rule: Any) -> bool:
    return _gets(rule, lambda path: path.rstrip("/") in _PUBLIC_PATHS)


def _gets_measures(rule: Any) -> bool:
    return _asks(rule) or _gets(
        rule, lambda path: path.rstrip("/") in _PUBLIC_PATHS or _METRICS.fullmatch(path) is not None
    )


def _asks(rule: Any) -> bool:
    """Whether a rule of a role surely lets one only ask for reviews, which change nothing and tell of nobody's data."""
    if unsure(rule.verbs, rule.resources, rule.nonResourceURLs) or rule.nonResourceURLs:
        return False
    resources, verbs = rule.resources, rule.verbs
    if any(value is UNKNOWN for value in (*resources, *verbs)):
        return False
    return bool(resources and verbs) and set(resources) <= _REVIEWS and set(verbs) <= {"create"}


def _gets(rule: Any, fits: Callable[[str], bool]) -> bool:
    """Whether a rule of a role surely lets one only get paths that fit, and no objects."""
    if unsure(rule.verbs, rule.resources, rule.nonResourceURLs) or rule.resources:
        return False
    paths, verbs = rule.nonResourceURLs, rule.verbs
    if any(value is UNKNOWN for value in (*paths, *verbs)):
        return False
    return bool(paths and verbs) and set(verbs) <= {"get", "head"} and all(map(fits, paths))
