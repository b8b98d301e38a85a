"""Where the scheduler may put a pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import misspelt_taint
from linter.formats.kubernetes.part import Part
from linter.formats.model import fact, field


class Toleration(Part):
    """A taint that the pod puts up with."""

    key: str | None = field(None, "key of the taint; unset means every key")
    operator: str = field("Equal", "Equal or Exists")
    value: str | None = field(None, "value of the taint")
    effect: str | None = field(None, "effect of the taint; unset means every effect")
    tolerationSeconds: int | None = field(None, "how long a NoExecute taint is tolerated")

    @fact(at="key")
    def taintMeant(self) -> str | None:
        """The taint key of accelerator nodes that the key is a slip of; null when it is none."""
        return misspelt_taint(self.key) if isinstance(self.key, str) else None


def _on_windows(term: Any) -> bool:
    """Whether a term of a node affinity lets in Windows nodes only."""
    expressions = term.get("matchExpressions") if isinstance(term, dict) else None
    return any(
        isinstance(expression, dict)
        and expression.get("key") in ("kubernetes.io/os", "beta.kubernetes.io/os")
        and expression.get("operator") == "In"
        and expression.get("values") == ["windows"]
        for expression in (expressions if isinstance(expressions, list) else [])
    )


class Affinity(Part):
    """Where the scheduler should or must put the pod."""

    nodeAffinity: Any = field(None, "by labels of nodes")
    podAffinity: Any = field(None, "near other pods")
    podAntiAffinity: Any = field(None, "away from other pods")

    @fact(at="nodeAffinity")
    def windowsOnly(self) -> bool:
        """Whether every alternative that it requires of nodes is Windows."""
        needed = self.nodeAffinity
        for step in ("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"):
            needed = needed.get(step) if isinstance(needed, dict) else None
        terms = needed if isinstance(needed, list) else []
        return bool(terms) and all(_on_windows(term) for term in terms)

    def avoided(self) -> Iterator[Any]:
        """The selectors of its anti-affinity, required and preferred."""
        away = self.podAntiAffinity
        for kind in (
            "requiredDuringSchedulingIgnoredDuringExecution",
            "preferredDuringSchedulingIgnoredDuringExecution",
        ):
            terms = away.get(kind) if isinstance(away, dict) else None
            for term in terms if isinstance(terms, list) else ():
                inner = term.get("podAffinityTerm", term) if isinstance(term, dict) else None
                yield inner.get("labelSelector") if isinstance(inner, dict) else UNKNOWN
