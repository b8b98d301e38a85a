"""What two collectors wrote about nodes, read as one set of settings."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.manifest import Manifest

Read = Callable[[str], Any]
INFO = (
    "apiVersion: hostdata.kubescape.cloud/v1beta0\nkind: KubeletInfo\nmetadata: {name: w}\ndata:\n  cmdLine: "
)


def _manifest(document: Any) -> Manifest:
    found: Manifest = document.root.manifests[0]
    return found


def _config(text: str) -> str:
    return "\n  configFile: {content: " + base64.b64encode(text.encode()).decode() + "}\n"


def test_values_of_a_node_info(read: Read) -> None:
    text = (
        "apiVersion: v1\nkind: NodeInfo\ninfo:\n  kubeletReadOnlyPortArgumentSet: {values: [0]}\n"
        "  kubeletEventQpsArgumentSet: {values: []}\n  kubeletAnonymousAuthArgumentSet: [true]\n"
        "  kubeletOnlyUseStrongCryptographic: {values: [A, B]}\n  kubeletTlsCertFileTlsArgumentSet: text\n"
    )
    kubelet = _manifest(read(text)).nodeData.kubelet
    assert kubelet["read-only-port"] == "0"
    assert kubelet["event-qps"] is None
    assert kubelet["anonymous-auth"] == "true"  # as older collectors wrote it
    assert kubelet["tls-cipher-suites"] == "A,B"
    assert kubelet["tls-cert-file"] is UNKNOWN
    assert kubelet["client-ca-file"] is UNKNOWN  # not looked at


def test_the_command_line_goes_before_the_file(read: Read) -> None:
    file = _config("readOnlyPort: 1\nauthentication: {x509: {clientCAFile: /ca}}\nTLSCipherSuites: [A, B]\n")
    data = _manifest(read(INFO + "kubelet --read-only-port=0 --config /x" + file)).nodeData
    assert data.kubelet["read-only-port"] == "0"
    assert data.kubelet["client-ca-file"] == "/ca"
    assert data.kubelet["tls-cipher-suites"] == "A,B"
    assert data.kubelet["authorization-mode"] is None
    assert data.configured
    assert not data.unread


def test_a_file_that_the_kubelet_was_not_started_with(read: Read) -> None:
    data = _manifest(read(INFO + "kubelet" + _config("readOnlyPort: 1"))).nodeData
    assert data.kubelet["read-only-port"] is None
    assert not data.configured
    assert not data.unread


def test_a_file_that_could_not_be_read(read: Read) -> None:
    for file in (
        "",
        "\n  configFile: {}\n",
        "\n  configFile: {content: '%%%'}\n",
        _config("- 1"),
        _config("{"),
    ):
        assert _manifest(read(INFO + "kubelet --config=/x" + file)).nodeData.unread


def test_the_gate_for_server_certificates(read: Read) -> None:
    line = "kubelet --feature-gates=A=true,RotateKubeletServerCertificate=false"
    assert _manifest(read(INFO + line)).nodeData.kubelet["rotate-server-certificates"] == "false"


def test_broken_data_says_nothing(read: Read) -> None:
    for text in (
        "apiVersion: v1\nkind: NodeInfo\ninfo: 3\n",
        "apiVersion: x/v1\nkind: KubeletInfo\ndata: [1]\n",
    ):
        kubelet = _manifest(read(text)).nodeData.kubelet
        assert all(value is None or value is UNKNOWN for value in kubelet.values())
