"""Resources of containers and pods, and the quantities that they are written in."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity
from linter.formats.kubernetes.part import Entry, Part, either, known, unsure
from linter.formats.model import fact, field


def same_quantity(one: str, other: str) -> bool:
    """Whether two quantities are the same number, however they are written."""
    first, second = quantity(one), quantity(other)
    told = all(value is not None and value is not UNKNOWN for value in (first, second))
    return bool(first == second) if told else one == other


class Resources(Part):
    """What a container may use. Quantities are strings as written."""

    limits: dict[str, str] = field(None, "most that it may use, by resource")
    requests: dict[str, str] = field(None, "what it is sure to get, by resource")
    claims: list[Any] = field(None, "resource claims of the pod that it uses")

    @fact
    def differing(self) -> list[Entry]:
        """Requests that are not equal to the limit of the same resource, or that have none beside them."""
        if unsure(self.requests, self.limits):
            return [UNKNOWN]
        return [
            Entry(self, ("requests", name), name, value)
            for name, value in self.requests.items()
            if known(value) and self._differs(value, self.entry("limits", name))
        ]

    @staticmethod
    def _differs(request: str, limit: Any) -> bool:
        return limit is not UNKNOWN and (limit is None or not same_quantity(request, limit))

    def limited(self, resource: str) -> Any:
        """Whether a limit is set."""
        value = self.entry("limits", resource)
        return UNKNOWN if value is UNKNOWN else value is not None

    def requested(self, resource: str) -> Any:
        """Whether a request is set, or a limit that the API copies to the request."""
        value = self.entry("requests", resource)
        return either(UNKNOWN if value is UNKNOWN else value is not None, self.limited(resource))
