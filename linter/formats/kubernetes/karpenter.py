"""Pools of nodes that Karpenter makes for accelerators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.formats.accelerator import accelerator
from linter.formats.kubernetes.part import mapping_at
from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest


class NodePool(Model):
    """A Karpenter pool, as far as it concerns accelerators."""

    accelerated: bool = field(False, "whether its requirements choose instances with accelerators")
    tainted: bool = field(False, "whether it taints its nodes")
    limited: bool = field(False, "whether it limits its accelerators, or its machines by CPUs or memory")
    consolidates: bool = field(False, "whether it takes nodes away that are in use")

    _FAMILY = lazy_regex(r"(?:p[2-9]\w*|g[3-9]\w*|gr6\w*|inf\d|trn\d\w*|dl\d\w?)(?:\.\w+)?")

    def __init__(self, manifest: Manifest) -> None:
        self.document = manifest.document
        self.manifest = manifest
        body = manifest.body
        spec = body.get("spec") if isinstance(body, dict) and manifest.type_key == "NodePool" else None
        spec = spec if isinstance(spec, dict) else {}
        inner = mapping_at(spec, "template", "spec")
        requirements = inner.get("requirements")
        self.accelerated = isinstance(requirements, list) and any(map(self._chooses, requirements))
        self.tainted = bool(inner.get("taints")) or bool(inner.get("startupTaints"))
        limits = spec.get("limits")
        self.limited = isinstance(limits, dict) and any(
            key in ("cpu", "memory") or accelerator(str(key)) is not None for key in limits
        )
        policy = mapping_at(spec, "disruption").get("consolidationPolicy")
        self.consolidates = policy in ("WhenEmptyOrUnderutilized", "WhenUnderutilized")

    def _chooses(self, requirement: Any) -> bool:
        if not isinstance(requirement, dict) or requirement.get("operator") not in ("In", "Exists", "Gt"):
            return False
        key, values = str(requirement.get("key")), requirement.get("values")
        if "instance-gpu-" in key or "instance-accelerator-" in key:
            return True
        names = [str(value) for value in values] if isinstance(values, list) else []
        if key.endswith(("instance-category", "instance-family", "instance-type")) and names:
            whole = {"p", "g", "inf", "trn", "dl", "gr"}
            return all(name in whole or self._FAMILY.fullmatch(name) is not None for name in names)
        return False

    @property
    def address(self) -> str:
        return self.manifest.address

    def place(self) -> Place:
        return self.manifest.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        path = {
            "tainted": ("body", "spec", "template", "spec", "requirements"),
            "limited": ("body", "spec", "limits"),
            "consolidates": ("body", "spec", "disruption", "consolidationPolicy"),
        }.get(str(steps[0]) if steps else "")
        return self.manifest.locate(path) if path else self.place()
