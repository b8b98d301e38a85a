"""What the words in a role's lists stand for, `*` included, as the API server reads them."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Any

from linter.cel import UNKNOWN

# namespaces that a program makes for nothing but copies of the certificates that it serves: Cilium's chart has a Role
# for each part of it that reads them
SYNCED_SECRETS = frozenset(("cilium-secrets",))
# groups of Kubernetes that hold nothing but numbers
_MEASURES = ("metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io")
# others of it, and of programs that deploy what their objects name, with rights of their own
_WORKFLOWS = (
    "argoproj.io"  # and applications; what lies below it, such as promoter.argoproj.io, only looks on
)
_DEPLOYING = (".k8s.io", "fluxcd.io", "crossplane.io", "cattle.io", "kyverno.io", "tekton.dev")
# resources by which nobody gets anything else, and those of which that holds within one namespace
POWERLESS = frozenset((
    "leases", "events", "poddisruptionbudgets", "horizontalpodautoscalers", "verticalpodautoscalers",
    "persistentvolumeclaims",
))  # fmt: skip
POWERLESS_WITHIN = frozenset(
    ("configmaps", "services", "endpoints", "endpointslices", "ingresses", "networkpolicies")
)
_WORKLOADS = ("deployments", "daemonsets", "statefulsets", "replicasets", "jobs", "cronjobs")
# fact -> the list, and its words, that grant what the fact tells
TELLING: dict[str, tuple[str, tuple[str, ...]]] = {
    "readsSecrets": ("resources", ("secrets",)),
    "writesSecrets": ("resources", ("secrets",)),
    "createsPods": ("resources", ("pods", "replicationcontrollers", *_WORKLOADS)),
    "execs": ("resources", ("pods/exec", "pods/attach")),
    "execsByReading": ("resources", ("pods/exec", "pods/attach")),
    "forwards": ("resources", ("pods/portforward",)),
    "proxiesNodes": ("resources", ("nodes/proxy",)),
    "escalates": ("verbs", ("escalate",)),
    "binds": ("verbs", ("bind",)),
    "bindsByStar": ("verbs", ("bind",)),
    "impersonates": ("verbs", ("impersonate",)),
    "modifiesBindings": ("resources", ("rolebindings", "clusterrolebindings")),
    "configuresWebhooks": ("resources", ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")),
    "requestsTokens": ("resources", ("serviceaccounts/token",)),
    "approves": ("resources", ("certificatesigningrequests/approval",)),
    "createsVolumes": ("resources", ("persistentvolumes",)),
    "writesConfigMaps": ("resources", ("configmaps",)),
    "setsServiceStatus": ("resources", ("services/status",)),
    "fullWildcard": ("verbs", ("*",)),
    "everyResource": ("resources", ("*",)),
}
# of them what a `*` gives that is short of everything, in words
GIVEN = {
    "readsSecrets": "reading of Secrets",
    "execs": "commands in pods",
    "proxiesNodes": "the kubelets' API",
    "requestsTokens": "tokens of service accounts",
    "binds": "binding of any role",
    "modifiesBindings": "change of role bindings",
    "configuresWebhooks": "admission webhooks",
    "createsVolumes": "new PersistentVolumes",
}


@cache
def resource_patterns(resources: tuple[str, ...]) -> frozenset[str]:
    """What stands in a rule that is about one of the resources, beside `*`."""
    parts = [resource.partition("/") for resource in resources]
    return frozenset(
        (*resources, *(item for base, slash, sub in parts if slash for item in (f"{base}/*", f"*/{sub}")))
    )


def contains_all(verbs: Any) -> Any:
    if verbs is UNKNOWN or any(verb is UNKNOWN for verb in verbs):
        return UNKNOWN
    return {"get", "list", "watch", "create", "update", "patch", "delete"} <= set(verbs)


def is_own(group: str) -> bool:
    """Whether an API group is neither of Kubernetes, but for its measurements, nor of what deploys whatever its objects
    say."""
    deploys = group == _WORKFLOWS or group.endswith(_DEPLOYING)
    return "." in group and (group in _MEASURES or not deploys)


def starts(values: Any, prefix: str) -> Any:
    if values is UNKNOWN:
        return UNKNOWN
    return any(value.startswith(prefix) for value in values if value is not UNKNOWN)


def matches(values: Any, wanted: Container[str]) -> Any:
    if values is UNKNOWN:
        return UNKNOWN
    unknown = False
    for value in values:  # a loop: every rule of every role is asked this some thirty times
        if value is UNKNOWN:
            unknown = True
        elif value == "*" or value in wanted:
            return True
    return UNKNOWN if unknown else False
