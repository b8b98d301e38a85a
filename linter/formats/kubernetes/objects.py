"""Configuration, policy and scaling objects."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import fact, field
from linter.formats.kubernetes.manifest import LabelSelector, Manifest
from linter.formats.kubernetes.part import Part


class Secret(Manifest):
    """A Secret."""

    type: str = field("Opaque", "what it is for")
    data: dict[str, str] = field(None, "values, base64")
    stringData: dict[str, str] = field(None, "values, as text")
    immutable: bool = field(False, "cannot be changed")


class ConfigMap(Manifest):
    """A ConfigMap."""

    data: dict[str, str] = field(None, "values, as text")
    binaryData: dict[str, str] = field(None, "values, base64")
    immutable: bool = field(False, "cannot be changed")


class Namespace(Manifest):
    """A Namespace."""

    @fact(at="metadata.labels")
    def enforces(self) -> str | None:
        """The Pod Security Standard that admission enforces in it; null when none."""
        return self.metadata.entry("labels", "pod-security.kubernetes.io/enforce")


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
        return UNKNOWN if UNKNOWN in (low, high) else False


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


class HorizontalPodAutoscaler(Manifest):
    """A HorizontalPodAutoscaler."""

    spec: AutoscalerSpec = field(None, "how it scales")
