"""LimitRanges of a scan, which give a limit to each container of their namespace that sets none."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.classify import KUSTOMIZATIONS
from linter.formats.kubernetes.objectrecord import ObjectRecord
from linter.formats.kubernetes.part import known, known_items
from linter.formats.model import field
from linter.patterns import lazy_regex

# folders of which each one below is of another cluster or stage, where a namespace of that name is another one
_OF_STAGES = frozenset(
    ("overlays", "overlay", "environments", "environment", "envs", "env", "stages", "clusters", "cluster")
)
_ENTRY = lazy_regex(r"(?m)^[ \t]*-[ \t]+[\"']?(?:\./)?([\w.-]+)[\"']?[ \t]*(?:#.*)?$")


class LimitRangeRecord(ObjectRecord):
    """A LimitRange."""

    resources: list[Any] = field(None, "of which resources it gives a limit to each container without one")

    def limits(self, resource: str, workload: ObjectRecord, namespace: str) -> bool:
        """Whether it surely gives a limit of a resource to what runs in a namespace: that of both is known, also from
        their kustomizations, and it is not of one stage or cluster while they are of all. That of a chart is not known:
        it is rendered as if it were for `default`."""
        if any("/templates/" in record.path for record in (self, workload)):
            return False
        if resource not in (self.resources or ()) or not known(self.namespace):
            return False
        return self.namespace == namespace and workload.path.startswith(self._stage) and self._is_listed()

    @property
    def _stage(self) -> str:
        """The folder of the stage or cluster that it is of; empty: it is of none."""
        parts = self.path.split("/")
        below = [number for number, part in enumerate(parts[:-2]) if part in _OF_STAGES]
        return "/".join((*parts[: below[-1] + 2], "")) if below else ""

    def _is_listed(self) -> bool:
        """Whether the kustomization beside it lists it, where there is one."""
        for name in KUSTOMIZATIONS:
            try:
                text = self.project.context.text(posixpath.join(self.folder, name)).text
            except (OSError, KeyError):
                continue
            return any(match[1] == posixpath.basename(self.path) for match in _ENTRY.finditer(text))
        return True


def limited_resources(entries: Any) -> Sequence[str]:
    """The resources of which the entries of a LimitRange give a limit to each container: a default, or else the most
    that one may have."""
    found: dict[str, None] = {}
    for entry in known_items(entries):
        if entry.type is UNKNOWN or entry.type != "Container":
            continue
        for given in (entry.default, entry.max):
            found.update(dict.fromkeys(given) if isinstance(given, dict) else {})
    return [name for name in found if isinstance(name, str)]
