"""What kubebuilder wrote of an operator, of which nothing is built: no step and no document names `config/default`, and
people get a chart; or it lists a folder that is not there.

With it go the parts that nothing else names. `kustomize edit set image` in one of them builds nothing yet.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text
from linter.aside.names.folders import reason_of
from linter.frozen import dataclass
from linter.patterns import lazy_regex

UNBUILT = "in parts of an operator that nothing builds"
_LISTED = lazy_regex(r"(?m)^[ \t]*-[ \t]*[\"']?\.\./([\w.@-]+)/?[\"']?[ \t]*(?:#.*)?$")
_EDITS = lazy_regex(r"(?m)^.*\bedit[ \t]+set\b.*$")
_USED = frozenset(("crd", "samples"))  # without the rest


def is_unbuilt(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is of one."""
    parts = relative.split(os.sep)
    if not relative.endswith((".yaml", ".yml")) or "config" not in parts[:-2] or not namings.has_listings:
        return False
    at = parts.index("config")
    return parts[at + 1] in namings.once(_unbuilt).get("/".join(parts[: at + 1]), ())


def _unbuilt(namings: Namings) -> dict[str, frozenset[str]]:
    """The folders `config` of the project's operators, and the parts of which nothing is built."""
    if not namings.is_whole:
        return {}
    ends = "config/default/kustomization.yaml"
    tops = (path[: -len(ends)] for path in namings.by_path if f"/{path}".endswith(f"/{ends}"))
    operators = (top for top in tops if os.path.isfile(os.path.join(namings.root, top, "PROJECT")))
    found = (_Operator(f"{top}config", namings) for top in operators)
    return {operator.config: frozenset(operator.unbuilt()) for operator in found}


@dataclass(frozen=True, slots=True)
class _Operator:
    """What kubebuilder wrote of one."""

    config: str  # the folder
    namings: Namings

    def unbuilt(self) -> Iterator[str]:
        """The parts of which nothing is built."""
        whole = self.namings.by_path[f"{self.config}/default/kustomization.yaml"]
        parts = {match[1] for match in _LISTED.finditer(whole.text)} - _USED
        missing = (part for part in parts if not os.path.exists(self._place(part)))
        if any(not self._is_named(part) for part in missing) or self._is_replaced():
            yield "default"
            yield from (part for part in parts if not self._is_named(part))

    def _place(self, part: str) -> str:
        return os.path.join(self.namings.root, self.config, part)

    def _is_replaced(self) -> bool:
        """Whether nothing builds the whole, and people get a chart."""
        root = self.namings.root
        charts = (path for path in self.namings.by_path if path.endswith("/Chart.yaml"))
        has_chart = any(not reason_of(root, path.replace("/", os.sep)) for path in charts)
        return has_chart and not self._is_named("default")

    def _is_named(self, part: str) -> bool:
        """Whether anything but the whole, and what lies in a part, names the part."""
        named = re.compile(
            rf"(?:config|\.\.|\$[({{]?\w+[)}}]?)/{re.escape(part)}(?![\w-])|config/(?:\*(?!\.)|[$%{{<])"
            rf"|(?:(?i:kustomize)[)}}\"]*[ \t]+build|[ \t]-k)[ \t]+(?:\./)?{re.escape(part)}(?![\w-])"
            rf"|[\"']config[\"'],\s*[\"']{re.escape(part)}[\"']"
        )
        whole, inside = f"{self.config}/default/", f"{self.config}/{part}/"
        texts = (text for text in self.namings.texts if not text.path.startswith((whole, inside)))
        return any(self._names(text, part, named) for text in texts)

    def _names(self, text: Text, part: str, named: re.Pattern[str]) -> bool:
        if KUSTOMIZATION.fullmatch(text.path):
            item = f"{self.config}/{part}"
            return any(f"{path}/".startswith(f"{item}/") for path in self.namings.paths(text))
        found = named.search(text.text)
        return found is not None and named.search(_EDITS.sub("", text.text)) is not None
