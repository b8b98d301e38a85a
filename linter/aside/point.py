"""Examples that are named for what they show: it is their point, and no flaw of them."""

from __future__ import annotations

import os

POINT = "in examples of just that"
# `15-hostNetwork.yaml`, `configuration-snippets/ingress.yaml`; what is critical is told all the same
_POINTS = {
    "host-network": "hostnetwork",
    "host-pid": "hostpid",
    "host-ipc": "hostipc",
    "host-port": "hostport",
    "host-path-volume": "hostpath",
    "writable-host-path": "hostpath",
    "ingress-nginx-snippet": "snippet",
}


def is_the_point(relative: str, rule: str) -> bool:
    """Whether an example is named for what a rule finds in it, or its folder is."""
    word = _POINTS.get(rule)
    if word is None:
        return False
    return any(word in name.lower().replace("-", "").replace("_", "") for name in relative.split(os.sep)[-2:])
