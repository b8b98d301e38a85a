"""Ray clusters: versions, doors, and what the applications on them ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_base import OfWorkload
from linter.formats.kubernetes.ai_serve import ServePlan
from linter.formats.kubernetes.part import same, unsure
from linter.formats.model import fact
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_RAY_SPEC = {
    "RayCluster": ("spec",),
    "RayJob": ("spec", "rayClusterSpec"),
    "RayService": ("spec", "rayClusterConfig"),
    "RayCronJob": ("spec", "jobTemplate", "rayClusterSpec"),
    "RayClusterFleet": ("spec", "template", "spec"),
    "RayClusterReplicaSet": ("spec", "template", "spec"),
}
_RAY_TAG = lazy_regex(r"(\d{1,9}\.\d{1,9}\.\d{1,9})(?:[.-]|$)")
_RAY_IMAGE = lazy_regex(r"(^|/)(rayproject|anyscale)/ray(-ml|-llm)?$")
AUTH_DEFAULT_SINCE = (2, 61)  # Ray's documentation announces token authentication as the default from 2.61


class RaySide(OfWorkload):
    """What a workload asks of Ray."""

    def ray_path(self) -> tuple[str, ...]:
        return _RAY_SPEC.get(self.workload.type_key, ("spec",))

    def ray(self, *steps: str) -> Any:
        """A value of the Ray cluster's spec, wherever the kind keeps it."""
        return self.raw(*self.ray_path(), *steps)

    @fact
    def rayWorkers(self) -> bool:
        """Whether the cluster has worker groups."""
        groups = self.ray("workerGroupSpecs")
        return UNKNOWN if groups is UNKNOWN else bool(groups)

    @fact
    def rayVersions(self) -> list[str]:
        """The Ray versions that rayVersion and the tags of Ray's own images name, without repetitions."""
        found: dict[str, None] = {}
        stated = self.ray("rayVersion")
        if isinstance(stated, str) and _RAY_TAG.match(stated):
            found[_RAY_TAG.match(stated)[1]] = None  # type: ignore[index]
        for pod in self.pods():
            first = pod.containers[0] if pod.containers is not UNKNOWN and pod.containers else None
            if pod.ai.role in ("head", "worker") and first is not None and first is not UNKNOWN:
                tag = _ray_tag(first)
                if tag:
                    found[tag] = None
        return list(found)

    @fact
    def rayVersionMismatch(self) -> bool:
        """Whether those versions differ."""
        return len(self.rayVersions) > 1

    @fact
    def rayAuthMissing(self) -> bool:
        """Whether the cluster runs without token authentication: not set up, and its version has it off by default."""
        if self.ray("headGroupSpec") is None:
            return False  # a job that runs on a cluster elsewhere
        mode = self.ray("authOptions", "mode")
        if mode is not None or self.ray("authOptions") is not None:
            return UNKNOWN if unsure(mode, self.ray("authOptions")) else mode == "disabled"
        spec: Any = self.workload.node
        for step in self.ray_path():
            spec = spec.get(step) if spec is not None else None
        if self.ray("rayVersion") is UNKNOWN or (spec is not None and spec.open):
            return UNKNOWN  # a template may add what is looked for
        versions = self.rayVersions
        # an image of one's own, or a digest, is taken for one of the versions that nearly all run
        if versions and all(tuple(map(int, item.split(".")[:2])) >= AUTH_DEFAULT_SINCE for item in versions):
            return False
        return not self._auth_by_env()

    def _auth_by_env(self) -> bool:
        for pod in self.pods():
            if pod.ai.role == "head":
                for container in pod.known_containers:
                    if same(container.ai.environment.get("RAY_AUTH_MODE"), "token"):
                        return True
        return False

    @fact
    def rayService(self) -> str | None:
        """Type of the head's Service as written; null when none is."""
        return self.ray("headGroupSpec", "serviceType")

    @fact
    def rayIngress(self) -> bool:
        """Whether the operator makes an Ingress to the head."""
        value = self.ray("headGroupSpec", "enableIngress")
        return UNKNOWN if value is UNKNOWN else value is True

    @fact
    def serve(self) -> ServePlan:
        """Of a RayService: what its applications ask of the cluster."""
        return ServePlan(self.workload)


def _ray_tag(container: Container) -> str:
    """The Ray version in the tag of one of Ray's own images; '' for other images."""
    reference = container.imageRef
    if reference.tag is UNKNOWN or reference.repository is UNKNOWN or not reference.tag:
        return ""
    if not _RAY_IMAGE.search(str(reference.repository)):
        return ""
    match = _RAY_TAG.match(str(reference.tag))
    return match[1] if match else ""
