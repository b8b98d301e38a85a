"""Configuration, policy and scaling objects."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes import ai_secret, secretnames
from linter.formats.kubernetes.ai_device import Sharing
from linter.formats.kubernetes.ai_device import sharing as device_sharing
from linter.formats.kubernetes.ai_secret import Credential
from linter.formats.kubernetes.kustomized import is_patch_file
from linter.formats.kubernetes.leaks import Leak, in_value
from linter.formats.kubernetes.manifest import LabelSelector, Manifest, Workload
from linter.formats.kubernetes.part import Entry, Part, either, entries, known, unsure
from linter.formats.model import fact, field
from linter.patterns import lazy_regex


class Secret(Manifest):
    """A Secret."""

    type: str = field("Opaque", "what it is for")
    data: dict[str, str] = field(None, "values, base64")
    stringData: dict[str, str] = field(None, "values, as text")
    immutable: bool = field(False, "cannot be changed")

    @fact
    def aiCredentials(self) -> list[Credential]:
        """Its values that have the form of an AI provider's token."""
        return ai_secret.in_secret(self)

    def values(self) -> set[str]:
        """Everything that it keeps secret, as written, line by line."""
        pairs = [*_items(self.data), *_items(self.stringData)]
        return {line.strip() for _, value in pairs if isinstance(value, str) for line in value.splitlines()}

    @fact
    def leaks(self) -> list[Leak]:
        """Its values that are real secrets: no placeholder, reference or ciphertext."""
        if self.node is None or self.node.get("sops") is not None:
            return []
        found = [leak for key, value in _items(self.data) for leak in _decoded(self, key, value)]
        for key, value in _items(self.stringData):
            found += in_value(self, ("stringData", key), key, value)
        return found


def _decoded(owner: Manifest, key: str, value: Any) -> list[Leak]:
    return list(in_value(owner, ("data", key), key, value, base64=True))


def _items(values: Any) -> list[tuple[str, Any]]:
    return [] if values is UNKNOWN else list(values.items())


class ConfigMap(Manifest):
    """A ConfigMap."""

    data: dict[str, str] = field(None, "values, as text")
    binaryData: dict[str, str] = field(None, "values, base64")
    immutable: bool = field(False, "cannot be changed")

    @fact
    def aiCredentials(self) -> list[Credential]:
        """Its keys that name an AI provider's credential and hold one."""
        return ai_secret.in_configmap(self)

    @fact
    def sharing(self) -> list[Sharing]:
        """How device-plugin configurations in it share accelerators."""
        return device_sharing(self)

    @fact
    def entries(self) -> list[Entry]:
        """Its values one by one."""
        return entries(self, "data")

    @fact
    def secretNamed(self) -> list[Entry]:
        """Its values that their name, their shape or a line in them calls a secret, fillers as well."""
        return [
            entry
            for entry in self.entries
            if entry is UNKNOWN
            or secretnames.is_named(entry.key, entry.value) is True
            or any(secretnames.named_inside(entry.value))
        ]

    @fact
    def leaks(self) -> list[Leak]:
        """Secrets in its values."""
        return [
            leak for key, value in _items(self.data) for leak in in_value(self, ("data", key), key, value)
        ]


_NODE_AGENTS = lazy_regex(
    r"\bcsi\b|gpu-operator|network-operator|device-plugin|nvidia|istio|linkerd|cilium|calico|tigera|metallb|longhorn|rook|openebs"
    r"|falco|tetragon|datadog|lacework|sysdig|promtail|fluent|cloudwatch|node-exporter|monitoring|observability|logging|kured|\bnpd\b"
)


_EXAMPLES = lazy_regex(
    r"(?i)(?:^|/)(?:[\w-]+[-_])?(?:examples?|samples?|demos?|tutorials?|quick-?starts?|getting-started|walkthroughs?|workshops?|trainings?)(?:[-_][\w-]+)?/"
)
_OPENSHIFT = lazy_regex(r"openshift-|redhat-ods-|rhods-")
_OPENSHIFT_KEY = lazy_regex(r"(?:[\w-]+\.)*(?:openshift|opendatahub)\.io/")


class Namespace(Manifest):
    """A Namespace."""

    @fact(at="metadata.labels")
    def enforces(self) -> str | None:
        """The Pod Security Standard that admission enforces in it; null when none."""
        return self.metadata.entry("labels", "pod-security.kubernetes.io/enforce")

    @fact(at="metadata.labels")
    def onlyReports(self) -> bool:
        """Whether admission warns of, or records, what breaks a Pod Security Standard in it, and stops nothing: who
        wrote those labels has decided."""
        if self.enforces is not None:
            return UNKNOWN if unsure(self.enforces) else False
        told = [
            self.metadata.entry("labels", f"pod-security.kubernetes.io/{mode}") for mode in ("audit", "warn")
        ]
        return either(*(UNKNOWN if unsure(level) else level in ("baseline", "restricted") for level in told))

    @fact(at="metadata.labels")
    def privileged(self) -> bool:
        """Whether its pods need more than the baseline standard: mesh sidecars, agents of nodes."""
        mesh = self.metadata.entry("labels", "istio-injection")
        meshed = mesh is not UNKNOWN and mesh == "enabled"
        if meshed or _NODE_AGENTS.search(self.name):
            return True
        return UNKNOWN if unsure(self.metadata.name) else False

    @fact(at="metadata.labels")
    def openshift(self) -> bool:
        """Whether its folder, name, a label, annotation or image in its file is OpenShift's, which keeps the labels of
        Pod Security."""
        both_maps = (self.metadata.labels, self.metadata.annotations)
        if (
            "openshift" in self.document.path.rpartition("/")[0]
            or "quay.io/openshift/" in self.document.text.text
        ):
            return True
        return _OPENSHIFT.match(self.name) is not None or any(
            _OPENSHIFT_KEY.match(key) is not None
            for written in both_maps
            if known(written)
            for key in written or ()
        )

    @fact(at="metadata.name")
    def example(self) -> bool:
        """Whether it is in a folder of examples: who copies them has namespaces of their own."""
        return _EXAMPLES.search(self.document.path) is not None

    @fact(at="metadata.name")
    def ofRelease(self) -> bool:
        """Whether a chart makes it for whatever namespace the chart is installed into: nobody chose its name."""
        return self.name == "default" and "/templates/" in f"/{self.document.path}"

    @fact(at="metadata.name")
    def patch(self) -> bool:
        """Whether it only changes a Namespace that is whole elsewhere."""
        return is_patch_file(self.document)


class ServiceAccount(Manifest):
    """A ServiceAccount."""

    automountServiceAccountToken: bool | None = field(None, "mount its token into pods; unset means true")
    secrets: list[Any] = field(None, "long-lived tokens")
    imagePullSecrets: list[Any] = field(None, "credentials for registries")


class ClaimSpec(Part):
    """What a claim asks for."""

    accessModes: list[str] = field(None, "ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod")
    storageClassName: str | None = field(None, "class of the storage; unset means the default one")
    resources: Any = field(None, "size")
    volumeMode: str = field("Filesystem", "Filesystem or Block")


class PersistentVolumeClaim(Manifest):
    """A PersistentVolumeClaim."""

    spec: ClaimSpec = field(None, "what it asks for")


class DisruptionSpec(Part):
    """How many pods may be away."""

    minAvailable: Any = field(None, "pods that must stay, a number or a percentage")
    maxUnavailable: Any = field(None, "pods that may be away, a number or a percentage")
    selector: LabelSelector = field(None, "pods that it is about")
    unhealthyPodEvictionPolicy: str | None = field(None, "IfHealthyBudget or AlwaysAllow")


class PodDisruptionBudget(Manifest):
    """A PodDisruptionBudget."""

    spec: DisruptionSpec = field(None, "how many pods may be away")

    @fact
    def blocks(self) -> bool:
        """Whether it lets no pod be evicted, whatever their number."""
        low, high = self.spec.minAvailable, self.spec.maxUnavailable
        if str(high) in ("0", "0%") or str(low) == "100%":
            return True
        return UNKNOWN if unsure(low, high) else False


class ScaleTarget(Part):
    """What an autoscaler scales."""

    apiVersion: str | None = field(None, "API of the target")
    kind: str | None = field(None, "kind of the target")
    name: str | None = field(None, "name of the target")


class AutoscalerSpec(Part):
    """How an autoscaler scales."""

    minReplicas: int = field(1, "fewest pods")
    maxReplicas: int | None = field(None, "most pods")
    scaleTargetRef: ScaleTarget = field(None, "what it scales")
    metrics: list[Any] = field(None, "by what it scales")

    @fact(at="maxReplicas")
    def stuck(self) -> bool:
        """Whether its most is not more than its least, so that it never scales."""
        if unsure(self.maxReplicas) or unsure(self.minReplicas):
            return UNKNOWN
        return self.maxReplicas is not None and self.maxReplicas <= self.minReplicas


class HorizontalPodAutoscaler(Manifest):
    """A HorizontalPodAutoscaler."""

    spec: AutoscalerSpec = field(None, "how it scales")


class ObjectLimits(Part):
    """Bounds for one type of object."""

    type: str | None = field(None, "Container, Pod or PersistentVolumeClaim")
    max: Any = field(None, "most")
    min: Any = field(None, "least")
    default: Any = field(None, "limit when none is set")
    defaultRequest: Any = field(None, "request when none is set")


class LimitRangeSpec(Part):
    """Bounds and defaults of a namespace."""

    limits: list[ObjectLimits] = field(None, "bounds by type of object")


class LimitRange(Manifest):
    """A LimitRange."""

    spec: LimitRangeSpec = field(None, "bounds and defaults")

    @fact(at="spec.limits")
    def complete(self) -> bool:
        """Whether one of its entries has bounds and both defaults."""
        entries = self.spec.limits
        if entries is UNKNOWN or unsure(*entries):
            return UNKNOWN
        keys = ("type", "max", "min", "default", "defaultRequest")
        return any(all(entry.has(key) is not False for key in keys) for entry in entries)


class QuotaSpec(Part):
    """What a namespace may use in all."""

    hard: dict[str, str] = field(None, "most, by resource")


class ResourceQuota(Manifest):
    """A ResourceQuota."""

    spec: QuotaSpec = field(None, "what the namespace may use")


class SandboxTemplateSpec(Part):
    """What an agent sandbox should be."""

    networkPolicyManagement: str | None = field(
        None, "Managed, as without it, lets the operator isolate it; Unmanaged leaves that to others"
    )
    networkPolicy: Any = field(None, "its own network policy, in place of the operator's")


class Sandbox(Workload):
    """A Sandbox or SandboxTemplate: a pod for untrusted agent code."""

    sandbox: SandboxTemplateSpec = field(None, "its fields beside the pod", key="spec")

    @fact(at="sandbox")
    def openEgress(self) -> bool:
        """Whether its network policy is unmanaged, or lets it reach any address. Without one the operator writes its
        own, by which the cluster, private networks and the metadata service are out of reach."""
        policy = self.sandbox.networkPolicy
        if unsure(policy, self.sandbox.networkPolicyManagement):
            return UNKNOWN
        if self.sandbox.networkPolicyManagement not in (None, "Managed"):
            return True
        if policy is None:
            return False
        if not isinstance(policy, dict):
            return True
        rules = policy.get("egress") or []
        return any(not isinstance(rule, dict) or _unscoped(rule.get("to")) for rule in rules)

    @fact(at="sandbox")
    def publicEgress(self) -> bool:
        """Whether it reaches all public addresses, and nothing else: by the operator's policy, or by one of its own."""
        policy = self.sandbox.networkPolicy
        if unsure(policy, self.openEgress):
            return UNKNOWN
        if self.openEgress:
            return False
        rules = policy.get("egress") or [] if isinstance(policy, dict) else []
        return policy is None or any(_is_public(peer) for rule in rules for peer in _peers(rule))

    @fact
    def egressMalformed(self) -> bool:
        """Whether its egress rules are something else than a list."""
        policy = self.sandbox.networkPolicy
        rules = policy.get("egress") if isinstance(policy, dict) else None
        return rules is not None and rules is not UNKNOWN and not isinstance(rules, list)


# of all addresses, those of the cluster, of private networks and of the metadata service
_INSIDE = {
    "0.0.0.0/0": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.169.254/32"),
    "::/0": ("fc00::/7", "fe80::/10"),
}


def _leaves_out(exceptions: Any, networks: Sequence[str]) -> bool:
    """Whether exceptions of a block cover each of the networks, as far as they are known."""
    if unsure(exceptions) or (isinstance(exceptions, list) and unsure(*exceptions)):
        return True
    written = [_network(item) for item in exceptions] if isinstance(exceptions, list) else []
    return all(any(_covers(wide, ip_network(narrow)) for wide in written) for narrow in networks)


def _network(text: Any) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(str(text), strict=False)
    except ValueError:
        return None


def _covers(wide: IPv4Network | IPv6Network | None, narrow: IPv4Network | IPv6Network) -> bool:
    if isinstance(wide, IPv4Network):
        return isinstance(narrow, IPv4Network) and narrow.subnet_of(wide)
    return isinstance(wide, IPv6Network) and isinstance(narrow, IPv6Network) and narrow.subnet_of(wide)


def _unscoped(peers: Any) -> bool:
    """Whether a list of peers, or one of them, stands for everyone."""
    if peers is UNKNOWN:
        return False
    return not isinstance(peers, list) or not peers or any(_is_anyone(peer) for peer in peers)


def _peers(rule: Any) -> Sequence[Any]:
    peers = rule.get("to") if isinstance(rule, dict) else None
    return peers if isinstance(peers, list) else ()


def _is_public(peer: Any) -> bool:
    """Whether a peer is all addresses but some."""
    block = peer.get("ipBlock") if isinstance(peer, dict) else None
    return isinstance(block, dict) and block.get("cidr") in tuple(_INSIDE)


def _is_anyone(peer: Any) -> bool:
    if not isinstance(peer, dict):
        return False
    block = peer.get("ipBlock")
    if isinstance(block, dict):
        cidr = block.get("cidr")
        return cidr is None or (
            isinstance(cidr, str) and cidr in _INSIDE and not _leaves_out(block.get("except"), _INSIDE[cidr])
        )
    selectors = [
        peer.get(name) for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None
    ]
    return not any(selectors)
