"""What a collector saw on a node: the settings that its kubelet runs with, and its files (see `nodefiles`).

Two collectors write their results as objects, which people keep as files: `NodeInfo` of Aqua's node collector, which
has a list of values for each setting, and `KubeletInfo` of Kubescape's host scanner, which has the command line and
the configuration file. One row of the table says where both have a setting.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.container import parse_flags
from linter.formats.kubernetes.nodefiles import NodeFile, node_files
from linter.formats.kubernetes.part import mapping_at
from linter.formats.model import Model, Place, fact
from linter.formats.node import Step
from linter.formats.yamlcompose import plain_value

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest

_CONFIG = "config"  # the flag that names the configuration file
# flag of the kubelet: key in `info` of a NodeInfo, path in a KubeletConfiguration
_SETTINGS: dict[str, tuple[str, str]] = {
    "anonymous-auth": ("kubeletAnonymousAuthArgumentSet", "authentication.anonymous.enabled"),
    "authorization-mode": ("kubeletAuthorizationModeArgumentSet", "authorization.mode"),
    "client-ca-file": ("kubeletClientCaFileArgumentSet", "authentication.x509.clientCAFile"),
    "event-qps": ("kubeletEventQpsArgumentSet", "eventRecordQPS"),
    "hostname-override": ("kubeletHostnameOverrideArgumentSet", ""),
    "make-iptables-util-chains": ("kubeletMakeIptablesUtilChainsArgumentSet", "makeIPTablesUtilChains"),
    "pod-max-pids": ("", "podPidsLimit"),
    "protect-kernel-defaults": ("kubeletProtectKernelDefaultsArgumentSet", "protectKernelDefaults"),
    "read-only-port": ("kubeletReadOnlyPortArgumentSet", "readOnlyPort"),
    "rotate-certificates": ("kubeletRotateCertificatesArgumentSet", "rotateCertificates"),
    "rotate-server-certificates": (
        "kubeletRotateKubeletServerCertificateArgumentSet",
        "serverTLSBootstrap",
    ),
    "streaming-connection-idle-timeout": (
        "kubeletStreamingConnectionIdleTimeoutArgumentSet",
        "streamingConnectionIdleTimeout",
    ),
    "tls-cert-file": ("kubeletTlsCertFileTlsArgumentSet", "tlsCertFile"),
    "tls-cipher-suites": ("kubeletOnlyUseStrongCryptographic", "tlsCipherSuites"),
    "tls-private-key-file": ("kubeletTlsPrivateKeyFileArgumentSet", "tlsPrivateKeyFile"),
}
_GATE = "RotateKubeletServerCertificate"  # the feature gate that goes with serverTLSBootstrap


class NodeData(Model):
    """What a collector saw on a node."""

    def __init__(self, manifest: Manifest) -> None:
        self.document = manifest.document
        self._manifest = manifest

    @fact
    def kubelet(self) -> dict[str, Any]:
        """Settings that its kubelet runs with, by flag, as text; null for one that is not set."""
        if self._manifest.type_key == "NodeInfo":
            return {flag: self._measured(key) for flag, (key, _) in _SETTINGS.items()}
        return {flag: self._given(flag, path) for flag, (_, path) in _SETTINGS.items()}

    @fact
    def files(self) -> list[NodeFile]:
        """Its files that matter to the CIS benchmark, with their modes and owners."""
        return node_files(self._manifest)

    @fact
    def unread(self) -> bool:
        """Whether its kubelet was started with a configuration file that the collector could not read."""
        return _CONFIG in self._flags and self._configuration is None

    @fact
    def configured(self) -> bool:
        """Whether the collector read a configuration file that its kubelet was started with."""
        return self._configuration is not None

    @cached_property
    def _body(self) -> dict[str, Any]:
        body = self._manifest.body
        return body if isinstance(body, dict) else {}

    def _measured(self, key: str) -> Any:
        """The values of a NodeInfo in one text; UNKNOWN for what the collector did not look at."""
        found = mapping_at(self._body, "info").get(key, UNKNOWN)
        values = found.get("values", UNKNOWN) if isinstance(found, dict) else found
        if not isinstance(values, list):
            return UNKNOWN
        return ",".join(map(_text, values)) if values else None

    def _given(self, flag: str, path: str) -> Any:
        """The flag of the command line, else the field of the configuration."""
        if flag == "rotate-server-certificates" and (gate := self._gate) is not None:
            return gate
        if flag in self._flags:
            return self._flags[flag]
        return self._configured(path) if path else None

    @property
    def _gate(self) -> str | None:
        for gate in self._flags.get("feature-gates", "").split(","):
            name, _, value = gate.partition("=")
            if name == _GATE:
                return value
        return None

    def _configured(self, path: str) -> str | None:
        value: Any = self._configuration or {}
        for step in path.split("."):
            # the kubelet's own reader took keys in any case
            keys = (
                {key.lower(): key for key in value if isinstance(key, str)} if isinstance(value, dict) else {}
            )
            value = value[keys[step.lower()]] if step.lower() in keys else None
        if value is None:
            return None
        return ",".join(map(_text, value)) if isinstance(value, list) else _text(value)

    @cached_property
    def _flags(self) -> dict[str, str]:
        line = mapping_at(self._body, "data").get("cmdLine")
        return parse_flags(line.split()) if isinstance(line, str) else {}

    @cached_property
    def _configuration(self) -> dict[str, Any] | None:
        """The configuration file that its kubelet was started with; None where the data has none."""
        if _CONFIG not in self._flags:
            return None
        content = mapping_at(self._body, "data", "configFile").get("content")
        if not isinstance(content, str):
            return None
        try:
            found = plain_value(base64.b64decode(content, validate=True).decode())
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def address(self) -> str:
        return self._manifest.address

    def place(self) -> Place:
        return self._manifest.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        flag = str(steps[1]) if len(steps) > 1 else ""
        if flag not in _SETTINGS:
            return self.place()
        if self._manifest.type_key == "NodeInfo":
            return self._manifest.locate(("body", "info", _SETTINGS[flag][0]))
        in_file = flag not in self._flags and self._configuration is not None
        path = ("configFile",) if in_file and self.kubelet[flag] is not None else ("cmdLine",)
        return self._manifest.locate(("body", "data", *path))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
