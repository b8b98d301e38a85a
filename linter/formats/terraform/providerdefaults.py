"""What the Kubernetes provider writes itself where a configuration leaves it out."""

from __future__ import annotations

# The way from an object to the pod that it makes, of those kinds for which the provider has a restart policy of its
# own: the API's default, Always, is refused there
_PODS_THAT_END: dict[str, tuple[str, ...]] = {
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
RESTART_POLICY = "Never"


def pod_that_ends(kind: str) -> tuple[str, ...]:
    """Where the pod of a kind is that runs to its end; empty for other kinds."""
    return _PODS_THAT_END.get(kind, ())
