"""Which containers of a pod Services send requests to: those with a target port, and what these pass requests on to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import known_items, unsure
from linter.patterns import lazy_regex

# what stands before another container of its pod, at a port that its configuration names
_PASSING = lazy_regex(
    r"(?i)nginx|envoy|proxy|traefik|caddy|httpd|apache|istio|linkerd|gateway|auth|openresty|varnish|squid|router"
    r"|balancer|ingress|tailscale|cloudflared|sidecar|web-?server"
)
_NUMBER = lazy_regex(r"(?<!\d)\d{2,5}(?!\d)")


def doors(pod: Any) -> Any:
    """Of a pod with several containers each with its ports, by number and name, and the ports that it may pass requests
    on to; UNKNOWN is any. None for a pod with one, UNKNOWN where its containers are not known."""
    containers = pod.containers
    if unsure(containers) or unsure(*containers):
        return UNKNOWN
    if len(containers) < 2:
        return None
    ports = [_ports(container) for container in containers]
    numbers = {port for own in ports if not unsure(own) for port in own if isinstance(port, int)}
    return [
        {"name": one.name, "ports": own, "calls": _calls(one, numbers)}
        for one, own in zip(containers, ports, strict=True)
    ]


def _ports(container: Any) -> Any:
    """The numbers and names of its ports; UNKNOWN where one is not known, or the node lets others in."""
    if unsure(container.ports) or unsure(*container.ports):
        return UNKNOWN
    found = [
        value for port in container.ports for value in (port.containerPort, port.name) if value is not None
    ]
    outside = any(port.hostPort is not None for port in container.ports)
    return UNKNOWN if outside or unsure(*found) else found


def _calls(container: Any, numbers: set[int]) -> Any:
    if _PASSING.search(f"{container.name} {container.imageRef.label}"):
        return UNKNOWN
    said = {int(number) for word in _words(container) for number in _NUMBER.findall(word)}
    return sorted(said & numbers)


def _words(container: Any) -> Iterator[str]:
    """Its command, arguments and variables, as far as they are known: a port that is known is written there, too."""
    yield from (str(word) for word in known_items(container.words))
    yield from (str(item.value) for item in known_items(container.env) if not unsure(item.value))


def left_out(rows: Any, name: str, targets: Sequence[Any]) -> bool:
    """Whether requests to none of the target ports reach a container, also not by another one."""
    if rows is None or unsure(rows) or unsure(*targets):
        return False
    own = [row for row in rows if row["name"] == name]
    if len(own) != 1 or unsure(own[0]["ports"]) or not own[0]["ports"]:
        return False
    asked = []
    for target in targets:
        wanted = int(target) if str(target).isdigit() else target
        found = [row for row in rows if unsure(row["ports"]) or wanted in row["ports"]]
        if not found and isinstance(wanted, int):
            return False  # a port that nobody names may be anybody's
        asked += found
    mine = own[0]["ports"]
    return all(
        row is not own[0] and not unsure(row["ports"], row["calls"]) and not set(row["calls"]) & set(mine)
        for row in asked
    )
