"""What ConfigMaps of the same file give a container: variables, and files that are mounted into it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import known_items, same
from linter.formats.launchers.script import HOLE
from linter.formats.node import MAP, Node

if TYPE_CHECKING:
    from linter.formats.document import Document
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.volume import VolumeMount


def config_map(document: Document, name: Any) -> Node | None:
    """`data` of a ConfigMap of the document; None when it has none of that name."""
    for manifest in document.root.of_kind("ConfigMap"):
        if same(manifest.metadata.name, name) and manifest.node is not None:
            data: Node | None = manifest.node.get("data")
            return data if data is not None and data.kind == MAP and not data.open else None
    return None


def value_in(document: Document, name: Any, key: Any) -> Any:
    """A value of a ConfigMap of the document; None when it is not there."""
    data = config_map(document, name)
    found = data.get(key) if data is not None and isinstance(key, str) else None
    return found.string() if found is not None else None


def variables(container: Container) -> tuple[dict[str, str], bool]:
    """The variables that envFrom gives, and whether it may give others that the file does not show."""
    found: dict[str, str] = {}
    entries = container.envFrom
    if entries is UNKNOWN:
        return found, True
    unseen = False
    for entry in entries:
        data = config_map(container.document, entry.configMapRef.name) if entry is not UNKNOWN else None
        if data is None or entry.prefix is UNKNOWN:
            unseen = True
            continue
        for key in data.keys():  # noqa: SIM118 - a Node is no dict
            value = data.get(key)
            text = value.string() if value is not None else UNKNOWN
            found[f"{entry.prefix}{key}"] = text if isinstance(text, str) else HOLE
    return found, unseen


def mounts_files(container: Container) -> bool:
    """Whether a ConfigMap of the document is mounted into it."""
    if not container.document.root.of_kind("ConfigMap"):
        return False
    return any(_data(mount) is not None for mount in known_items(container.volumeMounts))


def file_at(container: Container, path: str) -> Node | None:
    """The value of a ConfigMap that is mounted as the file at `path`; None when it is none."""
    path = posixpath.normpath(path)
    mount = container.mount_at(path)
    data = _data(mount) if mount is not None else None
    if mount is None or data is None or not isinstance(mount.mountPath, str):
        return None
    inner = posixpath.relpath(path, mount.mountPath)
    if mount.subPath is not None:
        inner = str(mount.subPath) if inner == "." else posixpath.join(str(mount.subPath), inner)
    return data.get(_key_of(mount, inner))


def _data(mount: VolumeMount) -> Node | None:
    volume = mount.volume
    if not same(volume.type, "configMap"):
        return None
    return config_map(mount.document, volume.configMap.name)


def _key_of(mount: VolumeMount, inner: str) -> str:
    """The key whose value is the file `inner` of the volume: `items` may give it another path."""
    source = mount.volume.configMap.node
    items = source.get("items") if source is not None else None
    for item in items.elements() if items is not None else ():
        path, key = item.get("path"), item.get("key")
        if path is not None and key is not None and same(path.string(), inner):
            return str(key.string())
    return inner
