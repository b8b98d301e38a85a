"""What a scan says of admission: PodSecurityPolicies of old clusters, and webhooks that look at objects of namespaces.

A pod is admitted when any of the policies admits it, and the CIS benchmark asks for one that does not: so the
controls that come from it look at all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.objectrecord import ObjectRecord
from linter.formats.kubernetes.part import mapping_at
from linter.formats.model import fact, field

HOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
_SWITCHES = ("privileged", "hostPID", "hostIPC", "hostNetwork")


class SecurityPolicyRecord(ObjectRecord):
    """A PodSecurityPolicy."""

    admits: list[str] = field(None, "fields of its spec that admit dangerous pods")

    @fact
    def unopposed(self) -> list[str]:
        """Fields of its spec that admit what every other policy of the scan admits too."""
        others = self.project.securityPolicies
        return [name for name in self.admits if all(name in other.admits for other in others)]


class WebhookRecord(ObjectRecord):
    """A configuration of admission webhooks."""

    ofNamespaces: bool = field(False, "whether one of them looks at objects in namespaces")


def admitted(body: Any) -> list[str]:
    """The fields of a PodSecurityPolicy that surely admit dangerous pods."""
    spec = mapping_at(body, "spec")
    found = [name for name in _SWITCHES if spec.get(name) is True]
    escalation, added = spec.get("allowPrivilegeEscalation"), spec.get("allowedCapabilities")
    dropped = spec.get("requiredDropCapabilities")
    if escalation is None or escalation is True:
        found.append("allowPrivilegeEscalation")
    if isinstance(added, list) and added:
        found.append("allowedCapabilities")
    if dropped is None or (isinstance(dropped, list) and not dropped):
        found.append("requiredDropCapabilities")
    return [*found, "runAsUser"] if _admits_root(mapping_at(spec, "runAsUser")) else found


def _admits_root(user: dict[str, Any]) -> bool:
    rule, ranges = user.get("rule"), user.get("ranges")
    if rule is UNKNOWN or ranges is UNKNOWN or rule == "MustRunAsNonRoot":
        return False
    bounded = isinstance(ranges, list) and all(_above_root(part) for part in ranges)
    return not (rule == "MustRunAs" and bounded)


def _above_root(part: Any) -> bool:
    low = part.get("min") if isinstance(part, dict) else None
    return low is UNKNOWN or (isinstance(low, int) and low > 0)


def looks_at_namespaces(body: Any) -> bool:
    """Whether a webhook of a configuration has a rule for more than objects of the cluster."""
    return any(mapping_at(rule).get("scope", "*") != "Cluster" for rule in _rules(body))


def _rules(body: Any) -> Iterator[Any]:
    hooks = mapping_at(body).get("webhooks")
    for hook in hooks if isinstance(hooks, list) else ():
        rules = mapping_at(hook).get("rules")
        yield from rules if isinstance(rules, list) else ()
