"""Ports, probes and life-cycle hooks of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import Part, known, same, unsure
from linter.formats.model import fact, field
from linter.formats.scalars import whole
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_PROFILE = 6060  # of net/http/pprof; Argo's controller has its health there
_MOST_PORTS = 500  # of a container that are compared
_TELEMETRY = lazy_regex(
    r"^(?:https?-?)?(?:metrics?|prom(?:etheus)?|telemetry|monitoring|stats|health(?:z|-probes?)?|pprof|profil(?:er|ing)|debug|exporter|membership|memberlist|gossip|http-endpoint|liveness)(?:-|\Z)|-(?:metrics|exporter|healthz?|livez|readyz|probes?)\Z|-prom(?:e|etheus)?(?:-|\Z)"
)
_PORT_NAME = lazy_regex(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\Z")
# what a script writes something else for: `replace_port`, `UI_PORT`
_FILLER = lazy_regex(r"(?i:(?:.*[-_])?(?:replace|change|your|todo)[-_].*\Z)|[A-Z0-9]+(?:_[A-Z0-9]+)+\Z")

# `HEALTH_PORT`, which a program replaces: no port can be called that
_FILLED_IN = lazy_regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")


def valid_port_name(name: Any) -> Any:
    """Whether a name is an IANA service name; null and UNKNOWN pass as UNKNOWN, and so does what stands for one."""
    if not isinstance(name, str) or _FILLER.match(name) is not None:
        return UNKNOWN
    return _PORT_NAME.match(name) is not None


def is_telemetry(name: Any) -> bool:
    """Whether the name of a port says that only monitoring asks there, or its own kind to find each other."""
    return isinstance(name, str) and _TELEMETRY.search(name) is not None


class ContainerPort(Part):
    """A port that a container listens on."""

    name: str | None = field(None, "name that Services and probes refer to")
    containerPort: int | None = field(None, "port number in the pod")
    hostPort: int | None = field(None, "port number on the node")
    hostIP: str | None = field(None, "address on the node")
    protocol: str = field("TCP", "TCP, UDP or SCTP")

    @fact(at="name")
    def validName(self) -> bool:
        """Whether the name, if there is one, is one that the API accepts."""
        return True if self.name is None else valid_port_name(self.name)

    @fact(at="name")
    def ofWeb(self) -> bool:
        """Whether its name says that HTTP is spoken there, or gRPC."""
        name = self.name
        return isinstance(name, str) and name.partition("-")[0] in ("http", "https", "grpc", "web")

    @fact(at="name")
    def telemetry(self) -> bool:
        """Whether its name says that only monitoring asks there, or its own kind; 6060 without one is Go's profile."""
        if unsure(self.name):
            return UNKNOWN
        return same(self.containerPort, _PROFILE) is True if self.name is None else is_telemetry(self.name)

    @fact(at="name")
    def repeated(self) -> bool:
        """Whether an earlier port of the same container has the same name."""
        ports = getattr(self.owner, "ports", None)
        if self.name is None or ports is None:
            return False
        if unsure(self.name, ports):
            return UNKNOWN
        for port in ports[:_MOST_PORTS]:
            if port is self:
                return False
            if port is not UNKNOWN and same(port.name, self.name) is True:
                return True
        return False

    def _label(self) -> str:
        if isinstance(self.name, str) and self.name:
            return self.name
        return str(self.step if self.containerPort is UNKNOWN else self.containerPort or self.step)


class HttpGet(Part):
    """An HTTP request."""

    path: str = field("/", "path of the request")
    port: Any = field(None, "number or name of the port")
    host: str | None = field(None, "host to connect to; unset means the pod")
    scheme: str = field("HTTP", "HTTP or HTTPS")
    httpHeaders: list[Any] = field(None, "headers of the request")


class TcpSocket(Part):
    """A TCP connection."""

    port: Any = field(None, "number or name of the port")
    host: str | None = field(None, "host to connect to; unset means the pod")


class Grpc(Part):
    """A gRPC health check."""

    port: Any = field(None, "number of the port")
    service: str | None = field(None, "service name")


class Exec(Part):
    """A command run in the container."""

    command: list[str] = field(None, "argument vector")


class Handler(Part):
    """Something that the kubelet does to a container."""

    httpGet: HttpGet = field(None, "an HTTP request")
    tcpSocket: TcpSocket = field(None, "a TCP connection")
    grpc: Grpc = field(None, "a gRPC health check")
    exec: Exec = field(None, "a command")

    @fact
    def present(self) -> bool:
        """Whether it is written at all."""
        return UNKNOWN if self.node is None and self.open else self.node is not None

    @fact
    def host(self) -> str | None:
        """The host that its request or connection names; null when it names none."""
        found = self.httpGet.host if self.httpGet.node is not None else self.tcpSocket.host
        return found or None

    @property
    def container(self) -> Container | None:
        owner = self.owner
        while owner is not None and not getattr(owner, "is_container", False):
            owner = owner.parent
        return cast("Container | None", owner)

    def asked(self) -> dict[str, Any]:
        """What it does, untyped: the key of its handler and what stands there."""
        node = self.node
        found = {key: node.get(key) for key in ("httpGet", "tcpSocket", "grpc", "exec")} if node else {}
        return {key: child.plain() for key, child in found.items() if child is not None}

    def _target(self) -> tuple[str, Any]:
        for name in ("httpGet", "tcpSocket", "grpc"):
            handler = getattr(self, name)
            if handler.node is not None:
                return name, handler.port
        return "", None


class Probe(Handler):
    """How the kubelet finds out how a container is."""

    initialDelaySeconds: int = field(0, "seconds to wait before the first one")
    periodSeconds: int = field(10, "seconds between two")
    timeoutSeconds: int = field(1, "seconds until one has failed")
    successThreshold: int = field(1, "successes in a row that count as well")
    failureThreshold: int = field(3, "failures in a row that count as broken")
    terminationGracePeriodSeconds: int | None = field(None, "seconds to stop in after a failure")

    @fact
    def role(self) -> str:
        """The field that it stands in: livenessProbe, readinessProbe or startupProbe."""
        return str(self.step)

    @fact
    def port(self) -> Any:
        """The port that it goes to, a number or a name; null for a command."""
        return self._target()[1]

    @fact
    def serverPort(self) -> int | None:
        """The port on which the model server of its container answers; null when it is none, or several things."""
        from linter.formats.kubernetes.ai_port import port_of

        container = self.container
        return port_of(container) if container is not None else None

    @fact
    def asksElsewhere(self) -> bool:
        """Whether it asks a port on which neither that server nor anything else of the pod answers."""
        from linter.formats.kubernetes.ai_port import asks_elsewhere

        return asks_elsewhere(self)

    @fact
    def portMissing(self) -> bool:
        """Whether it goes to a named port that the container does not declare."""
        port = self.port
        if port is UNKNOWN or not isinstance(port, str) or port.isdigit():
            return UNKNOWN if port is UNKNOWN else False
        if _FILLED_IN.match(port):
            return UNKNOWN
        container = self.container
        ports = container.ports if container is not None and not container.is_empty("ports") else UNKNOWN
        if unsure(ports):
            return UNKNOWN
        names = [UNKNOWN if item is UNKNOWN else item.name for item in ports]
        if any(name == port for name in names if known(name)):
            return False
        return UNKNOWN if any(name is UNKNOWN for name in names) else True

    @fact
    def portUndeclared(self) -> bool:
        """Whether it goes to a port, by number or name, that the container does not declare."""
        port = self.port
        if port is UNKNOWN or port is None:
            return UNKNOWN if unsure(port) else False
        if isinstance(port, str):
            number = whole(port)
            if number is None:
                return self.portMissing
            port = number
        container = self.container
        ports = container.ports if container is not None else UNKNOWN
        if ports is UNKNOWN or any(item is UNKNOWN or item.containerPort is UNKNOWN for item in ports):
            return UNKNOWN
        return all(item.containerPort != int(port) for item in ports)


class Lifecycle(Part):
    """What runs after a container has started and before it is stopped."""

    postStart: Handler = field(None, "runs after the start")
    preStop: Handler = field(None, "runs before the stop")
