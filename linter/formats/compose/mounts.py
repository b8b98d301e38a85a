"""Volumes and devices of a service: what of the host it can reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.item import Item
from linter.formats.compose.tree import ComposeNode
from linter.formats.model import fact, field
from linter.formats.node import MAP, SCALAR
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service

_SOCKETS = lazy_regex(r"(?:^|/)(?:docker|containerd|crio|podman|cri-dockerd|dockershim|buildkitd)\.sock$")
_SYSTEM = (
    "/root",
    "/proc",
    "/sys",
    "/dev",
    "/boot",
    "/var/run",
    "/run",
    "/var/lib/docker",
    "/var/lib/kubelet",
)
# of /etc only what decides who may do what: a folder of its own there is the program's configuration
_RULING = lazy_regex(
    r"/etc(?:/(?:passwd-?|group-?|g?shadow-?|sudoers(?:\.d)?|ssh|cron[^/]*|systemd|init(?:\.d)?|pam(?:\.d|\.conf)|security"
    r"|ld\.so\.[^/]*|profile(?:\.d)?|rc[^/]*|bash[^/]*|environment|kubernetes|docker|containers|containerd|cni|rancher|apt"
    r"|default|network|netplan|udev|fstab|modprobe\.d|modules[^/]*|nsswitch\.conf|subuid|subgid|ssl/private|letsencrypt)(?:/.*)?)?"
)
# what programs need of those and nobody gains by reading; /dev/* are devices, judged as such
_HARMLESS = lazy_regex(
    r"/dev/(?:shm|dri|kfd|nvidia.*|infiniband.*|snd|video\d+|accel.*|hugepages|null|zero|u?random|log|fuse|net/tun|bus/usb)(?:/.*)?"
    r"|/run/(?:user/.*|udev(?:/.*)?|dbus/.*)|/var/run/(?:dbus|nscd|utmp|habana.*|user)(?:/.*)?|/sys/class(?:/.*)?"
    r"|/sys/fs/cgroup|/sys/bus(?:/.*)?|/sys/devices(?:/.*)?|/sys/module(?:/.*)?|/sys/kernel/debug/.*",
    re.DOTALL,
)
_OWN_KEYS = lazy_regex(
    r"(?:^~|/root|/home/[^/]+|\$\{?HOME\}?)/\.(?:ssh|aws|azure|config/gcloud|docker|kube|gnupg|netrc)(?:/|$)"
)
_MODES = lazy_regex(r"(?:rw|ro|z|Z|cached|delegated|consistent|nocopy|r?(?:shared|slave|private)|,)+")


class Mount(Item):
    """A volume entry: what is mounted where."""

    type: str = field("", "bind, volume, tmpfs, npipe, cluster or image")
    source: str = field("", "path on the host, or name of a volume; empty for an anonymous one")
    target: str = field("", "path inside the container")
    readOnly: bool = field(False, "mounted read-only")

    def __init__(self, service: Service, span: Span, kind: str, source: str, target: str, mode: str) -> None:
        super().__init__(service, span, f"volumes/{target.replace(HOLE, '?')}")
        self.written_source = source
        self.source = UNKNOWN if HOLE in source else source
        self.target = UNKNOWN if HOLE in target else target
        self.type = kind or (
            "bind"
            if source.startswith(("/", ".", "~", "\\"))
            else "volume"
            if HOLE not in source
            else UNKNOWN
        )
        self.readOnly = "ro" in mode.split(",")

    @fact
    def socket(self) -> bool:
        """Whether it is the control socket of a container engine."""
        return (
            _SOCKETS.search(self.written_source) is not None or _SOCKETS.search(str(self.target)) is not None
        )

    @fact
    def systemPath(self) -> bool:
        """Whether it is the host's root, or a folder of its system, of root or of someone's keys."""
        kind, source = self.type, self.source  # type: Any, Any
        if kind is not UNKNOWN and kind == "volume":
            return False
        if _OWN_KEYS.search(self.written_source):
            return True
        if source is UNKNOWN:
            return UNKNOWN
        path = _normal(source)
        if self.socket or _HARMLESS.fullmatch(path):
            return False
        if path == "/etc" or path.startswith("/etc/"):
            return _RULING.fullmatch(path) is not None
        return path in ("/", "/home") or any(path == root or path.startswith(root + "/") for root in _SYSTEM)


def _normal(path: str) -> str:
    return str(PurePosixPath(path)) if path.startswith("/") else path


def mounts(service: Service, node: ComposeNode | None) -> Iterator[Mount]:
    """The entries of `volumes`, short and long."""
    for element in node.elements() if node is not None else ():
        if element.kind == SCALAR:
            yield _short(service, element)
        elif element.kind == MAP:
            texts = {
                key: child.text()
                for key in ("type", "source", "target")
                if (child := element.get(key)) is not None
            }
            read_only = element.get("read_only")
            mode = "ro" if read_only is not None and read_only.scalar() is True else ""
            source = texts.get("source", "")
            span = element.entry_span("source") if source else element.head_span()
            yield Mount(service, span, texts.get("type", ""), source, texts.get("target", ""), mode)


def _short(service: Service, element: ComposeNode) -> Mount:
    text = element.text().strip()
    drive = re.match(r"[A-Za-z]:[\\/]", text)  # a path of Windows has a colon of its own
    head, rest = (text[:2], text[2:]) if drive else ("", text)
    parts = rest.split(":")
    mode = parts.pop() if len(parts) > 1 and _MODES.fullmatch(parts[-1]) else ""
    source, target = (head + parts[0], ":".join(parts[1:])) if len(parts) > 1 else ("", head + parts[0])
    return Mount(service, element.head_span(), "", source, target, mode)


class DeviceMap(Item):
    """An entry of `devices`: a device of the host."""

    source: str = field("", "path of the device on the host, or its CDI name")

    def __init__(self, service: Service, span: Span, source: str) -> None:
        super().__init__(service, span, f"devices/{source.replace(HOLE, '?')}")
        self.source = UNKNOWN if HOLE in source else source

    @fact
    def broad(self) -> bool:
        """Whether it hands over the host: all of /dev, or memory."""
        source: Any = self.source
        if source is UNKNOWN:
            return UNKNOWN
        return str(source).rstrip("/") in {"/dev", "/dev/mem", "/dev/kmem", "/dev/port"}

    @fact
    def everyGpu(self) -> bool:
        """Whether it hands over every GPU of /dev/dri."""
        source: Any = self.source
        return UNKNOWN if source is UNKNOWN else str(source).rstrip("/") == "/dev/dri"


def devices(service: Service, node: ComposeNode | None) -> Iterator[DeviceMap]:
    """The entries of `devices`, short and long."""
    for element in node.elements() if node is not None else ():
        if element.kind == SCALAR:
            yield DeviceMap(service, element.head_span(), element.text().strip().partition(":")[0])
        elif element.kind == MAP and (source := element.get("source")) is not None:
            yield DeviceMap(service, element.head_span(), source.text())
