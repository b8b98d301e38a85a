"""API versions that are deprecated or gone; the table is `deprecated_apis.csv` beside this module.

Source: the Kubernetes deprecation guide, and the release notes of the operators in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from linter.formats.model import Model, Place, fact
from linter.formats.node import Step
from linter.frozen import dataclass
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest


_LOOK_BACK = 600  # characters before `apiVersion` in which the condition that it depends on stands
_CONDITION = lazy_regex(r"\{\{-?[ \t]*(?:else[ \t]+)?if\b[^{}]*\}\}|\{\{-?[ \t]*(?:else|end)\b[^{}]*\}\}")
_RELEASE = lazy_regex(r"1\.(\d{1,3})")
_LAST_GONE = 22  # of which nobody has had a cluster for years
_PATCHES = lazy_regex(r"(?:^|[/._-])patch(?:es)?[/._-]", re.IGNORECASE)
_OF_VERSIONS = lazy_regex(
    r"(?i)\bpsp|pod_?security_?polic|capabilities|api_?version|kube_?version|semver|/v\d|\bv\d+(?:beta|alpha)\d"
)


@dataclass(frozen=True, slots=True)
class ApiEnd:
    """When a version of a kind was deprecated and removed (`1.25`, `KubeRay 1.5`, or `gone`), and what replaces it."""

    deprecated: str
    removed: str
    replacement: str


@cache
def table() -> dict[tuple[str, str], ApiEnd]:
    """API version and kind to their end."""
    import csv  # most of what is scanned needs no table

    text = Path(__file__).with_name("deprecated_apis.csv").read_text(encoding="utf-8")
    return {
        (row["apiVersion"], row["kind"]): ApiEnd(row["deprecated"], row["removed"], row["replacement"])
        for row in csv.DictReader(text.splitlines())
    }


class ApiRemoval(Model):
    """The end of an API version."""

    def __init__(self, manifest: Manifest) -> None:
        self.document = manifest.document
        self._manifest = manifest
        self._entry = table().get((str(manifest.apiVersion), manifest.type_key))

    @fact
    def known(self) -> bool:
        """Whether the API version is deprecated or removed."""
        return self._entry is not None

    @fact
    def chosen(self) -> bool:
        """Whether a template takes it only where the cluster, or whoever fills it in, asks for this version, or the
        name of the file says for which clusters it is, or that it is a patch: it has the version of what it changes."""
        version = str(self._manifest.apiVersion).rpartition("/")[2]
        if "beta" in version and version in self.document.path.rpartition("/")[2].lower():
            return True  # deployment-v1beta1.yaml, for clusters that know no other
        return _PATCHES.search(self.document.path) is not None or self.guarded

    @fact
    def guarded(self) -> bool:
        """Whether a template takes it only where the cluster, or whoever fills it in, asks for this version."""
        at = self.place().span.start
        before = self.document.text.text[max(0, at - _LOOK_BACK) : at]
        conditions = _CONDITION.findall(before)
        return bool(conditions) and _OF_VERSIONS.search(conditions[-1]) is not None

    @property
    def gone(self) -> bool:
        """Whether no release of Kubernetes that anybody maintains serves it, and nothing says that it is there for
        older ones."""
        if self._entry is None or self.chosen is not False:
            return False
        version = _RELEASE.fullmatch(self._entry.removed)
        return version is not None and int(version[1]) <= _LAST_GONE

    @fact
    def deprecated(self) -> str:
        """The release that deprecated it, '' when not known."""
        return self._entry.deprecated if self._entry else ""

    @fact
    def removed(self) -> str:
        """The release that removed it, or `gone`."""
        return self._entry.removed if self._entry else ""

    @fact
    def replacement(self) -> str:
        """What to use instead."""
        return self._entry.replacement if self._entry else ""

    @property
    def address(self) -> str:
        return self._manifest.address

    def place(self) -> Place:
        return self._manifest.locate(("apiVersion",))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()
