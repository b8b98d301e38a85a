"""Which containers of a pod Services send requests to: those with a target port, and what these may pass them on to.

A proxy passes requests on to the others of its pod, and so may any program that somebody built: its configuration is
not here. Of several containers with one image that is not what the asked ones are there for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import known_items, unsure
from linter.patterns import lazy_regex

_PORT = lazy_regex(r"[0-9]{1,5}")
_NUMBER = lazy_regex(r"(?<!\d)\d{2,5}(?!\d)")


def doors(pod: Any) -> Any:
    """Of a pod with several containers each with its image, its ports by number and name, and the ports of the pod that
    its words name. None for a pod with one, UNKNOWN where its containers are not known."""
    containers = pod.containers
    if unsure(containers) or unsure(*containers):
        return UNKNOWN
    if len(containers) < 2:
        return None
    ports = [_ports(container) for container in containers]
    numbers = {port for own in ports if not unsure(own) for port in own if isinstance(port, int)}
    return [
        {"name": one.name, "image": one.image, "ports": own, "calls": _calls(one, numbers)}
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


def _calls(container: Any, numbers: set[int]) -> list[int]:
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
        wanted = int(target) if _PORT.fullmatch(str(target)) else target
        found = [row for row in rows if unsure(row["ports"]) or wanted in row["ports"]]
        if not found and isinstance(wanted, int):
            return False  # a port that nobody names may be anybody's
        asked += found
    return all(row is not own[0] and _keeps_to_itself(row, own[0]) for row in asked)


def _keeps_to_itself(asked: Any, other: Any) -> bool:
    """Whether a container that is asked passes nothing on to another one."""
    if unsure(asked["ports"], asked["image"], other["image"]):
        return False
    return (
        bool(other["image"])
        and asked["image"] == other["image"]
        and not set(asked["calls"]) & set(other["ports"])
    )
