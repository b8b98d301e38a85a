"""What a rule says of a pod in vain, since its containers have the whole node: parts of the pod that add nothing to it.

A privileged container that mounts the node's root has all of the node before it, which other rules tell. What else it
mounts of the node gives it nothing; what another container mounts counts, and so does all where only `hostPID` lets it
go there (`nsenter`): readers of reviews want those folders listed. The node's devices are before each privileged
container, whether it mounts `/dev` or not, and its root before one that visibly enters the node. Nor does it matter
which user a container has that commands the privileged Docker daemon of its pod, or one that ends before a privileged
container starts which runs the same image as root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.kubernetes.entersnode import entering, is_entered_alone
from linter.formats.kubernetes.part import known_items, same, unsure
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec
    from linter.formats.kubernetes.volume import Volume, VolumeMount

# where the daemon of `docker:dind` listens; the socket is the same file where both mount its folder
_DAEMON = lazy_regex(r"(?:\A|[\s=\"'])(?:tcp://)?(?:localhost|127\.0\.0\.1):237[56](?!\d)")
_IN_DOCKER = lazy_regex(r"(?:\A|[/:_-])dind(?:[-_@:]|\Z)")


def parts_in_vain(pod: PodSpec) -> list[str]:
    """The parts of a pod, as findings name them, of which its containers' power over the node says all."""
    privileged = [one for one in pod.known_containers if one.securityContext.privileged is True]
    if not privileged:  # most pods
        return []
    owners = [one for one in privileged if _mounts_root(one)]
    entered = entering(pod)
    found = [*_of_volumes(pod, privileged, owners, entered), *_of_commanders(pod, privileged)]
    found += _of_same_images(pod, privileged)
    if is_entered_alone(pod, entered) or (
        owners and all(one in owners for one in pod.known_containers if one.runs is not False)
    ):
        found.append(pod.address)
    return [address.partition("#")[2] for address in found]


def pods_entered(pods: Iterable[PodSpec]) -> list[str]:
    """The pods, as findings name them, of which one container enters the node and no other does any work."""
    return [one.address.partition("#")[2] for one in pods if is_entered_alone(one, entering(one))]


def parts_for_node(pods: Iterable[PodSpec]) -> list[str]:
    """The containers, as findings name them, of which the API asks that they are privileged, since they mount for their
    node to see (`Bidirectional`), and which are those of storage drivers and network agents."""
    return [
        one.address.partition("#")[2]
        for pod in pods
        for one in pod.known_containers
        if _mounts_for_node(one) and (pod.storageDriver is True or pod.networkAgent is True)
    ]


def _mounts_for_node(container: Container) -> bool:
    propagated = (mount.mountPropagation for mount in known_items(container.volumeMounts))
    return any(same(one, "Bidirectional") is True for one in propagated)


def _mounts_root(container: Container) -> bool:
    paths = (mount.volume.hostPath.normal for mount in known_items(container.volumeMounts))
    return any(isinstance(path, str) and path == "/" for path in paths)


def _of_volumes(
    pod: PodSpec, privileged: list[Container], owners: list[Container], entered: list[Container]
) -> Iterator[str]:
    """Volumes of the node but its root, and where they are mounted, that only containers with all of it mount, and
    those of its devices that only privileged ones do; its root where only those mount it that enter the node."""
    volumes = [volume for volume in known_items(pod.volumes) if _is_in_vain(volume, owners)]
    mounts = _mounts_of(pod) if volumes else None
    for volume in volumes if mounts is not None else ():
        having = {"/dev": privileged, "/": entered}.get(volume.hostPath.normal, owners)
        own = [(one, mount) for one, mount in mounts or () if mount.name == volume.name]
        if own and all(one in having for one, _ in own):
            yield volume.address
            yield from (mount.address for _, mount in own)


def _mounts_of(pod: PodSpec) -> list[tuple[Container, VolumeMount]] | None:
    """The mounts of its containers; None where one may mount what is not known."""
    containers = pod.everyContainer
    if unsure(*containers) or any(unsure(one.volumeMounts) for one in containers):
        return None
    found = [(one, mount) for one in containers for mount in one.volumeMounts]
    return None if any(unsure(mount) or unsure(mount.name) for _, mount in found) else found


def _is_in_vain(volume: Volume, owners: list[Container]) -> bool:
    """Whether it may add nothing: it is the folder of the node's devices, or another below the root that some have, or
    that root."""
    if volume.type is UNKNOWN or volume.type != "hostPath":
        return False
    path = volume.hostPath.normal
    return path == "/dev" or (bool(owners) and path is not UNKNOWN)


def _of_commanders(pod: PodSpec, privileged: list[Container]) -> Iterator[str]:
    """Containers that tell a privileged Docker daemon of their pod what to do."""
    daemons = [one for one in privileged if _IN_DOCKER.search(one.imageRef.label) is not None]
    if daemons:
        yield from (one.address for one in pod.known_containers if one not in daemons and _commands(one))


def _of_same_images(pod: PodSpec, privileged: list[Container]) -> Iterator[str]:
    """Containers that end before the image that they run is started again as root, with all of the node before it."""
    images = {one.image for one in privileged if one.runs is True and one.runsAsRoot is True}
    for one in pod.known_containers:
        ends = one.role == "init" and one.sidecar is False and one.securityContext.privileged is False
        if ends and isinstance(one.image, str) and one.image in images and not _may_answer(one):
            yield one.address


def _may_answer(container: Container) -> bool:
    return unsure(container.ports) or bool(container.ports)


def _commands(container: Container) -> bool:
    given = ((item.name, item.value) for item in known_items(container.env))
    words = [
        *(value for name, value in given if isinstance(name, str) and name == "DOCKER_HOST"),
        *known_items(container.words),
    ]
    return any(isinstance(word, str) and _DAEMON.search(word) is not None for word in words)
