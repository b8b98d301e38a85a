"""Which privileged containers visibly enter their node, by `chroot /host` or `nsenter -t 1`.

What such a container does, it does as root of the node: `privileged-container` says so. That its pod has the node's
processes and network, and that it mounts the root that it changes to, is how it gets there, unless another container
of the pod does some work of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from linter.formats.kubernetes.part import known_items, same, unsure
from linter.formats.shell.command import Command
from linter.formats.shell.started import started
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

# into the namespaces of the node's first process
_TO_FIRST = lazy_regex(r"\s(?:-t\s?|--target[=\s])1(?=\s|\Z)|[=\s]/proc/1/ns/")


def entering(pod: PodSpec) -> list[Container]:
    """The containers of a pod that enter its node."""
    return [one for one in pod.known_containers if one.securityContext.privileged is True and _enters(one)]


def is_entered_alone(pod: PodSpec, entered: list[Container]) -> bool:
    """Whether nothing else in a pod does any work, so that what it has of the node is for those who enter it."""
    if not entered:  # most pods
        return False
    containers = pod.everyContainer
    return not unsure(*containers) and all(one in entered or _rests(one) for one in containers)


def _rests(container: Container) -> bool:
    return container.pause is True or container.idles is True


def _enters(container: Container) -> bool:
    if not any(
        isinstance(word, str) and ("chroot" in word or "nsenter" in word) for word in container.scripts
    ):
        return False
    mounts = known_items(container.volumeMounts)
    roots = {mount.mountPath for mount in mounts if same(mount.volume.hostPath.normal, "/") is True}
    return any(_goes(command, roots) for command in started(container.scripts))


def _goes(command: Command, roots: Collection[str | None]) -> bool:
    if command.type_key == "chroot":
        operands = [token.content for token in command.operands]
        return bool(operands) and (operands[0].rstrip("/") or "/") in roots
    if command.type_key != "nsenter":
        return False
    return _TO_FIRST.search(command.line) is not None
