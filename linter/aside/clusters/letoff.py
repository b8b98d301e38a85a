"""Clusters that enforce a Pod Security Standard by default, told by the namespaces that somebody lets off it.

A namespace without a label is as free as one labelled `privileged`, unless the API server is set up to enforce more:
who writes that label says that it is. Of a program that others run it says so of the clusters of all its users, and
nothing of one: what came along with a program is passed over, and so is the tree of one.
"""

from __future__ import annotations

import os

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

LET_OFF = "where namespaces let off a Pod Security Standard show that the cluster enforces one"
_LABEL = "pod-security.kubernetes.io/enforce"
_PRIVILEGED = lazy_regex(r"pod-security\.kubernetes\.io/enforce[\"']?\]?[ \t]*[:=][ \t]*[\"']?privileged\b")
_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(\w+)")
# what whoever keeps a cluster writes beside a namespace: Flux' and Argo CD's objects, not workloads
_OF_KEEPERS = frozenset(
    (
        *("Namespace", "Kustomization", "Component", "Application", "ApplicationSet", "AppProject"),
        *("HelmRelease", "HelmRepository", "OCIRepository", "GitRepository", "Secret", "ExternalSecret"),
        "StorageClass",
    )
)
_STEPS = (".sh", ".bash", ".mk", ".just", ".tf", ".tofu", ".nix")
_PROGRAMS = ("go.mod", "PROJECT")  # at the top, of operators and what else runs in clusters of others
_NOT_OURS = lazy_regex(
    r"(?:^|/)(?:templates|charts|vendor|third_party|examples?|tests?|e2e|\.archive|archived?)/"
)


def lets_off(namings: Namings) -> bool:
    """Whether whoever keeps the clusters of a tree lets a namespace off what these enforce."""
    return namings.once(_lets_off)


def _lets_off(namings: Namings) -> bool:
    if any(os.path.exists(os.path.join(namings.root, name)) for name in _PROGRAMS):
        return False
    return any(_is_keepers(text) and _PRIVILEGED.search(text.text) is not None for text in namings.texts)


def _is_keepers(text: Text) -> bool:
    """Whether a text has the label, and is of those who keep the clusters."""
    if _LABEL not in text.text or _NOT_OURS.search(text.path) is not None:
        return False
    if not text.yaml:
        return text.path.endswith(_STEPS) or "." not in text.path.rpartition("/")[2]
    kinds = _KIND.findall(text.text)
    return "Namespace" in kinds and _OF_KEEPERS.issuperset(kinds)
