"""Examples that are named for what they show: it is their point, and no flaw of them."""

from __future__ import annotations

import os

from linter.patterns import lazy_regex

POINT = "in examples of just that"
# `15-hostNetwork.yaml`, `configuration-snippets/ingress.yaml`; what is critical is told all the same, but of attacks
_ATTACKS = lazy_regex(r"(?:.*[-_. ])?(?:attacks?|exploits?|malicious|vulnerable|insecure)(?:[-_. ].*)?")
_OF_NODES = ("hostpath", "localstorage", "localvolume", "volumelocal", "storagelocal")
_POINTS = {
    "host-network": ("hostnetwork",),
    "host-pid": ("hostpid",),
    "host-ipc": ("hostipc",),
    "host-port": ("hostport",),
    "host-path-volume": _OF_NODES,
    "writable-host-path": _OF_NODES,
    "ingress-nginx-snippet": ("snippet",),
}


# options that are named for the place that images moved to, and for nothing else
_LEGACY = lazy_regex(r"(?:.+[-_.])?bitnami[-_]?legacy(?:[-_.].+)?\.ya?ml")


def asks_for_legacy(relative: str, rule: str) -> bool:
    """Whether values are named for the retired images that a rule finds in them: who gives them wants those."""
    name = relative.rpartition(os.sep)[2].lower()
    return rule == "image-registry-deprecated" and _LEGACY.fullmatch(name) is not None


def is_attack(relative: str) -> bool:
    """Whether an example is named for an attack, or its folder is: what it does is what it shows, however grave."""
    return any(_ATTACKS.fullmatch(name.lower()) for name in relative.split(os.sep)[-2:])


def is_the_point(relative: str, rule: str) -> bool:
    """Whether an example is named for what a rule finds in it, or its folder is; or for an attack."""
    names = [name.lower() for name in relative.split(os.sep)[-2:]]
    if is_attack(relative):
        return True
    plain = [name.replace("-", "").replace("_", "") for name in names]
    return any(word in name for word in _POINTS.get(rule, ()) for name in plain)
