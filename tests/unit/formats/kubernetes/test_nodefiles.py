"""Files of nodes as two collectors saw them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linter.formats.document import Document
from linter.formats.kubernetes.nodefiles import NodeFile

Read = Callable[..., Document]


def _files(read: Read, text: str) -> list[NodeFile]:
    found: list[NodeFile] = read(text).root.manifests[0].nodeData.files
    return found


def _modes(read: Read, key: str, *modes: Any) -> list[bool]:
    text = f"apiVersion: v1\nkind: NodeInfo\ninfo: {{{key}: {{values: {list(modes)}}}}}\n"
    return [file.loose for file in _files(read, text)]


def test_modes_of_a_node_info(read: Read) -> None:
    key = "adminConfFilePermissions"
    assert _modes(read, key, 600, 400, 500, "600") == [False] * 4
    assert _modes(read, key, 644, 601, 700, "0640") == [True] * 4
    assert _modes(read, key, "none", [], 1.5) == []
    assert _modes(read, "etcdDataDirectoryPermissions", 700, 750) == [False, True]


def test_owners_of_a_node_info(read: Read) -> None:
    text = (
        "apiVersion: v1\nkind: NodeInfo\ninfo:\n  adminConfFileOwnership: ['root:root', 'root:admin']\n"
        "  etcdDataDirectoryOwnership: {values: ['root:root', 'etcd:etcd', '']}\n"
    )
    found = [(file.role, file.owner, file.foreign, file.mode) for file in _files(read, text)]
    assert found == [
        ("etcd-data", "root:root", True, None),
        ("etcd-data", "etcd:etcd", False, None),
        ("admin-config", "root:root", False, None),
        ("admin-config", "root:admin", True, None),
    ]


_SCANNED = """\
apiVersion: hostdata.kubescape.cloud/v1beta0
kind: ControlPlaneInfo
metadata: {name: w}
data:
  etcdDataDir: {path: /var/lib/etcd, permissions: 448, ownership: {username: root, groupname: root}}
  PKIFiles:
    - {path: /pki/ca.crt, permissions: 420, ownership: {username: root, groupname: root}}
    - {path: /pki/ca.key, permissions: 384, ownership: {error: no such user, username: "", groupname: ""}}
  adminConfigFile: none
"""


def test_files_of_the_host_scanner(read: Read, shown: Callable[..., str]) -> None:
    files = {(file.role, file.path): file for file in _files(read, _SCANNED)}
    assert sorted(role for role, _ in files) == ["etcd-data", "pki", "pki", "pki-certificate", "pki-key"]
    assert not files["etcd-data", "/var/lib/etcd"].foreign
    assert files["pki-certificate", "/pki/ca.crt"].loose
    assert files["pki-certificate", "/pki/ca.crt"].mode == "644"
    key = files["pki-key", "/pki/ca.key"]
    assert not key.loose
    assert not key.foreign
    assert shown(key).startswith("path: /pki/ca.key")


def test_broken_data_has_no_files(read: Read) -> None:
    for text in (
        "apiVersion: v1\nkind: NodeInfo\ninfo: 3\n",
        "apiVersion: x/v1\nkind: CNIInfo\ndata: {CNIConfigFiles: 1}\n",
    ):
        assert _files(read, text) == []
    assert _files(read, "apiVersion: v1\nkind: ConfigMap\ndata: {}\n") == []
