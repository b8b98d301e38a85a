"""A service of a Compose file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.compose import gpu
from linter.formats.compose.environment import Setting, inline, merged_settings
from linter.formats.compose.exposure import AuthSwitch, auth_switches
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.mounts import DeviceMap, Mount, devices, mounts
from linter.formats.compose.ports import Port, ports
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.image import ImageRef
from linter.formats.image_agents import OF_HOSTS
from linter.formats.model import End, Place, fact, field, remembered
from linter.formats.node import SCALAR, SEQ, Step
from linter.formats.nodemodel import NodeModel
from linter.formats.shell.preparing import only_prepares
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.file import ComposeFile

_EXPORTER = lazy_regex(r"(?:dcgm|gpu|smi|metrics)[-_].*exporter|^nvitop")
_LOOPBACK = lazy_regex(r"127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|localhost")
_SIZE = lazy_regex(r"(\d{1,18}(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_DATABASES = lazy_regex(
    r"/(?:postgres|pgvector|mysql|mariadb|mongo(?:db)?|elasticsearch|opensearch|neo4j|milvus|qdrant"
    r"|weaviate|chroma|cassandra|kafka|rabbitmq|etcd|clickhouse(?:-server)?|vdms|arangodb|opengauss)(?:$|[/-])"
)
_MOST_ENDS = 4  # other files that a finding names
_LONGEST_COMMAND = 20_000  # characters; splitting takes their square
_SHM = "/dev/shm"  # noqa: S108 - what we look for, nothing that we write to
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Healthcheck(NodeModel):
    """How to tell that a service works."""

    test: Any = field(None, "command that answers")
    disable: bool = field(False, "switches off the image's own check")


class Build(NodeModel):
    """How the image is built."""

    context: str | None = field(None, "folder or URL of the build context")
    dockerfile: str | None = field(None, "Dockerfile other than the default one")
    target: str | None = field(None, "stage to build")
    secrets: Any = field(None, "secrets of the build")
    ssh: Any = field(None, "SSH agents of the build")
    privileged: bool = field(False, "builds with elevated rights")
    network: str | None = field(None, "network of the build")


class Service(NodeModel):
    """A service: what Compose runs, with variables resolved and what it extends merged in."""

    image: str | None = field(None, "image reference with variables resolved")
    build: Build = field(None, "how the image is built")
    privileged: bool = field(False, "runs with every right of the host's root")
    network_mode: str | None = field(None, "network namespace: bridge, host, none, service:…")
    pid: str | None = field(None, "process namespace")
    ipc: str | None = field(None, "namespace of shared memory")
    uts: str | None = field(None, "namespace of the host name")
    userns_mode: str | None = field(None, "namespace of users")
    cgroup: str | None = field(None, "namespace of control groups")
    user: str | None = field(None, "user, or user and group")
    cap_add: list[str] = field(None, "capabilities added")
    cap_drop: list[str] = field(None, "capabilities dropped")
    security_opt: list[str] = field(None, "labels and profiles of the security modules")
    device_cgroup_rules: list[str] = field(None, "rules for devices")
    read_only: bool = field(False, "root filesystem is read-only")
    runtime: str | None = field(None, "container runtime, such as nvidia")
    gpus: Any = field(None, "`all` or a list of device requests")
    shm_size: Any = field(None, "size of /dev/shm")
    command: Any = field(None, "arguments, or what runs instead of the image's command")
    entrypoint: Any = field(None, "what runs")
    restart: Any = field(None, "when to start it again")
    mem_limit: Any = field(None, "most memory")
    profiles: list[str] = field(None, "profiles that it belongs to")
    healthcheck: Healthcheck = field(None, "how to tell that it works")
    deploy: gpu.Deploy = field(None, "how it is deployed")
    secrets: Any = field(None, "secrets that it may read")
    env_file: Any = field(None, "files with variables")

    def __init__(self, file: ComposeFile, name: str, node: ComposeNode, stands: Sequence[Span]) -> None:
        super().__init__(file.document, node, file, "services")
        self.file = file
        self._name = name
        self.stands = stands  # where its parts are written: here, in an override, in what it extends

    @fact
    def name(self) -> str:
        """Name of the service."""
        return self._name

    @property
    def address(self) -> str:
        return f"services/{self._name}"

    @property
    def alone(self) -> bool:
        """Whether all of it stands in this file, though others may be included."""
        return not any(self.document.at(stand.start)[0] for stand in self.stands)

    @property
    def here(self) -> bool:
        """Whether a part of it stands in this file or in one that is told of with it; else another scan judges it."""
        document = self.document
        if not document.beyond or not self.stands:
            return True
        told = {document.path, *document.guests, *self.file.sources.unjudged}
        return any(document.at(stand.start)[1].path in told for stand in self.stands)

    def place(self) -> Place:
        services = self.file.services_node
        assert services is not None
        # of a file and its override the one that is overridden: what neither says is missing there
        holder = next(layer for layer in reversed(services.layers) if layer.get(self._name) is not None)
        return self.placed(_first_line(self, holder.entry_span(self._name)))

    def placed(self, span: Span, *, absent: bool = False) -> Place:
        """The place of a part of it, with the other files that it is put together from."""
        beyond = self.document.beyond
        if not beyond:
            return Place(span, absent)
        start, document = self.document.at(span.start)
        ends = []
        if document.path in self.file.sources.unjudged and (here := self._extends) is not None:
            ends = [End(Place(span), "The value is set here.")]
            span, start = here, 0
        seen = {start}
        for stand in self.stands:
            start = self.document.at(stand.start)[0]
            if start not in seen and len(ends) < _MOST_ENDS:
                seen.add(start)
                ends.append(End(Place(stand), f"Service '{self._name}' is put together with this."))
        return Place(span, absent, ends=tuple(ends))

    @remembered
    def _stand_in(self) -> Place:
        return Place(self.place().span, absent=True)

    def child(self, key: str) -> ComposeNode | None:
        """The node under a key of the service."""
        found = self.node.get(key) if self.node is not None else None
        return found if isinstance(found, ComposeNode) else None

    @fact(at="image")
    def imageRef(self) -> ImageRef:
        """The image reference, taken apart."""
        node = self.child("image")
        return ImageRef(node.text() if node is not None else UNKNOWN, self, ("image",))

    @fact(at="build")
    def built(self) -> bool:
        """Whether Compose builds the image, so that its name is only what the result is called."""
        return True if self.child("build") is not None else UNKNOWN if self.open else False

    @fact
    def environment(self) -> list[Setting]:
        """Environment variables, in either form."""
        return list(merged_settings(self, "environment", self._stacked("environment")))

    @fact
    def buildArgs(self) -> list[Setting]:
        """Arguments of the build."""
        return list(merged_settings(self, "build.args", self._build_args))

    @fact
    def literals(self) -> list[Setting]:
        """Every place of the service that may hold a literal secret: variables, build arguments, labels, commands.

        A secret stands in its file even where another file overrides it.
        """
        found: list[Setting] = []
        for where, layers in (
            ("environment", self._stacked("environment")),
            ("build.args", self._build_args),
            ("labels", self._stacked("labels")),
        ):
            for part in self._by_file(layers):
                found += merged_settings(self, where, part)
        for where in ("command", "entrypoint"):
            for part in self._by_file(self._stacked(where)):
                found += self._inline(where, part[0])
        return found

    def _inline(self, where: str, node: ComposeNode) -> list[Setting]:
        if node.kind == SCALAR:
            return list(inline(self, where, node.written(), _first_line(self, node.span), node.span))
        text = " ".join(element.written() for element in node.elements())
        return list(inline(self, where, text, node.head_span(), node.span))

    @property
    def _build_args(self) -> list[ComposeNode]:
        build = self.child("build")
        return build.stacked("args") if build is not None else []

    def _stacked(self, key: str) -> list[ComposeNode]:
        return self.node.stacked(key) if isinstance(self.node, ComposeNode) else []

    def _by_file(self, layers: Sequence[ComposeNode]) -> list[list[ComposeNode]]:
        """The layers of each file together."""
        groups: dict[int, list[ComposeNode]] = {}
        for layer in layers:
            groups.setdefault(self.document.at(layer.span.start)[0], []).append(layer)
        return list(groups.values())

    def variable(self, name: str) -> Any:
        """The value of a variable: None when it is not set, UNKNOWN when it is set elsewhere."""
        return next(
            (v.value if v.value is not None else UNKNOWN for v in self.environment if v.name == name), None
        )

    @fact
    def published(self) -> list[Port]:
        """Ports that the host publishes; none when the service shares the host's network."""
        return list(ports(self, self.child("ports")))

    @fact
    def onlyOnLoopback(self) -> bool:
        """Whether the host publishes ports of it, each of them on the loopback alone."""
        if self.network_mode == "host":
            return False
        addresses = [port.hostIp for port in self.published]
        return bool(addresses) and all(isinstance(a, str) and _LOOPBACK.fullmatch(a) for a in addresses)

    @fact
    def mounts(self) -> list[Mount]:
        """Volumes, in either form."""
        found = enumerate(mounts(self, self.child("volumes")))
        # of two at one place the last one holds, as for Compose
        return list(
            {mount.target if isinstance(mount.target, str) else n: mount for n, mount in found}.values()
        )

    @fact
    def devices(self) -> list[DeviceMap]:
        """Devices of the host that it gets."""
        return list(devices(self, self.child("devices")))

    @fact(at="cap_drop")
    def dropsAll(self) -> bool:
        """Whether every default capability is dropped."""
        dropped: Any = self.cap_drop
        if dropped is UNKNOWN:
            return UNKNOWN
        return any(cap is not UNKNOWN and cap.upper() == "ALL" for cap in dropped)

    @fact(at="cap_add")
    def capabilities(self) -> list[str]:
        """Added capabilities, in upper case without CAP_."""
        added = self.cap_add
        if added is UNKNOWN:
            return UNKNOWN
        return [cap if cap is UNKNOWN else cap.upper().removeprefix("CAP_") for cap in added]

    @fact
    def hostNamespaces(self) -> list[Setting]:
        """Namespaces that it shares with the host, but for that of shared memory."""
        names = ("network_mode", "pid", "uts", "userns_mode", "cgroup")
        return [found for name in names if (found := self._host_namespace(name)) is not None]

    @fact
    def networkProgram(self) -> bool:
        """Whether it is a program that is about the network of its host: a router, VPN, server of names or relay of
        calls, or a watcher of devices in it."""
        return OF_HOSTS.search(self.imageRef.written) is not None or self.imageRef.ofNetworks

    def _host_namespace(self, name: str) -> Setting | None:
        if getattr(self, name) is UNKNOWN or getattr(self, name) != "host":
            return None
        return Setting(self, "", name, "host", "host", self.locate((name,)).span)

    @fact
    def authSwitches(self) -> list[AuthSwitch]:
        """Settings that switch off the authentication of a data or model service."""
        return list(auth_switches(self))

    @property
    def words(self) -> list[str]:
        """Entrypoint and command as words, HOLE for what is not known."""
        return [*self._entrypoint, *self._command]

    @cached_property
    def _entrypoint(self) -> list[str]:
        return _argv(self.child("entrypoint"))

    @cached_property
    def _command(self) -> list[str]:
        return _argv(self.child("command"))

    @fact(at="command")
    def onlyPrepares(self) -> bool:
        """Whether it does nothing but make folders in volumes and give them to the users of other services."""
        return only_prepares(self.words)

    @fact
    def holdsEngine(self) -> bool:
        """Whether it mounts the socket of the engine, which is root on the host."""
        return any(mount.socket is True for mount in self.mounts)

    @fact(at="command")
    def trustsRemoteCode(self) -> bool:
        """Whether a model's own Python code is run on load: an option of the command."""
        return any(
            re.fullmatch(r"--trust[-_]remote[-_]code(?:=(?:true|1|yes))?", word, re.IGNORECASE)
            or re.search(r"(?:^|\s)--trust[-_]remote[-_]code(?!=f)(?:\s|=|$)", word)
            for word in self.words
        )

    @fact(at="command")
    def parallelProcesses(self) -> int:
        """Processes that share memory in this container, by the options of its launcher; 1 when none says."""
        from linter.formats.document import Problem
        from linter.formats.launchers import Environment, launchers
        from linter.formats.launchers.words import CUT

        env = Environment.of([(v.name, v.value) for v in self.environment])
        image = self.imageRef.full_name
        found = launchers(self._entrypoint, self._command, env, image if isinstance(image, str) else "")
        if env.room.cut is not None:
            span = self.locate(("command",) if self._command else ("entrypoint",)).span
            if self.document.at(span.start)[0] == 0:  # another file's is told when that is read
                self.document.note(Problem(CUT, span.start, span.end, limit=True))
        counts = [launcher.devices for launcher in found]
        return max((count for count in counts if isinstance(count, int)), default=1)

    @fact(at="shm_size")
    def sharedMemory(self) -> int:
        """Bytes of /dev/shm: shm_size, a tmpfs there, or Docker's 64 MiB; very many when it is the host's."""
        ipc, shm_size = self.ipc, self.shm_size  # type: Any, Any
        if ipc is UNKNOWN or shm_size is UNKNOWN:
            return UNKNOWN
        if ipc is not None and ipc.startswith(("host", "service:", "container:")):
            return _UNITS["t"]
        if self._mounts_shm():
            return _UNITS["t"]
        size = _SIZE.fullmatch(str(shm_size).strip()) if shm_size is not None else None
        if size is None:
            return UNKNOWN if shm_size is not None or self.open else 64 << 20
        return int(float(size[1]) * _UNITS[size[2].lower()])

    def _mounts_shm(self) -> bool:
        tmpfs = self.child("tmpfs")
        texts = [tmpfs.text()] if tmpfs is not None else []
        texts += [element.text() for element in tmpfs.elements()] if tmpfs is not None else []
        return any(text.startswith(_SHM) for text in texts) or any(m.target == _SHM for m in self.mounts)

    @fact
    def accelerated(self) -> bool:
        """Whether it gets accelerators in any of Compose's ways."""
        reserved = self.deploy.resources.reservations.devices
        if reserved is not UNKNOWN and any(d is not UNKNOWN and d.gpu is True for d in reserved):
            return True
        runtime = self.runtime if isinstance(self.runtime, str) else ""
        return self.child("gpus") is not None or runtime.lower() in {"nvidia", "habana", "amd"}

    @fact
    def watchesDevices(self) -> bool:
        """Whether it measures the accelerators of the host for others, by its image: an exporter."""
        return isinstance(self.imageRef.name, str) and _EXPORTER.search(self.imageRef.name) is not None

    @fact
    def seesAllDevices(self) -> list[Setting]:
        """Variables by which the vendor's runtime shows it every accelerator."""
        name = gpu.VISIBLE_DEVICES.get(str(self.runtime).lower())
        return [v for v in self.environment if v.name == name and v.value is not UNKNOWN and v.value == "all"]

    @fact(at="gpus")
    def gpusAll(self) -> bool:
        """Whether `gpus` asks for every GPU."""
        node = self.child("gpus")
        if node is None:
            return False
        if node.kind == SCALAR:
            return UNKNOWN if HOLE in node.text() else node.text() == "all"
        return any(
            e.get("device_ids") is None and ((c := e.get("count")) is None or c.text() in ("all", "-1"))
            for e in node.elements()
        )

    @property
    def dependencies(self) -> list[tuple[str, str]]:
        """Services that it waits for, with the condition."""
        node = self.child("depends_on")
        if node is None:
            return []
        if node.kind == SEQ:
            return [(element.text(), "service_started") for element in node.elements()]
        found = []
        for name in node.keys():  # noqa: SIM118 - nodes are no mappings
            entry = node.get(name)
            condition = entry.get("condition") if is_map(entry) and entry is not None else None
            found.append((name, condition.text() if condition is not None else "service_started"))
        return found

    @fact
    def awaited(self) -> str | None:
        """What others wait for: `service_healthy` before `service_started`; null when none does."""
        conditions = self.file.awaited.get(self._name, ())
        return next((name for name in ("service_healthy", "service_started") if name in conditions), None)

    @fact
    def modelServer(self) -> bool:
        """Whether it is a model server, which answers minutes after its container starts."""
        from linter.formats.launchers.engines import engine_of_image

        name = self.imageRef.full_name
        return isinstance(name, str) and engine_of_image(name) is not None

    @fact
    def database(self) -> bool:
        """Whether it is a database, which answers seconds after its container starts, as Redis does not."""
        name = self.imageRef.full_name
        return isinstance(name, str) and _DATABASES.search(name) is not None

    @fact
    def plainImage(self) -> bool:
        """Whether its image is known to bring no health check: one of Docker's own, a database or a model server, and
        not built here."""
        name = self.imageRef.full_name
        if not isinstance(name, str) or self.child("build") is not None:
            return False
        return name.startswith("docker.io/library/") or self.database or self.modelServer

    @fact(at="healthcheck")
    def checked(self) -> bool:
        """Whether a health check is written."""
        return True if self.child("healthcheck") is not None else UNKNOWN if self.open else False

    @property
    def _extends(self) -> Span | None:
        """Where this file says what the service extends."""
        layers = self.node.layers if isinstance(self.node, ComposeNode) else ()
        own = (layer for layer in layers if layer.get("extends") is not None)
        return next(
            (s for layer in own if not self.document.at((s := layer.entry_span("extends")).start)[0]), None
        )

    def locate(self, steps: Sequence[Step]) -> Place:
        place = super().locate(steps)
        return self.placed(_first_line(self, place.span), absent=place.absent)


def _argv(node: ComposeNode | None) -> list[str]:
    """A command as Compose takes it apart: a list, or a text that is split as a shell does."""
    if node is None:
        return []
    if node.kind == SEQ:
        return [element.text() for element in node.elements()]
    text = node.text()
    try:
        return shlex.split(text) if len(text) <= _LONGEST_COMMAND else text.split()
    except ValueError:
        return text.split()


def _first_line(service: Service, span: Span) -> Span:
    """The span, or its part on the first line: findings stand on one."""
    start, document = service.document.at(span.start)
    text, first = document.text.text, span.start - start
    end = text.find("\n", first, span.end - start)
    return span if end < 0 else Span(span.start, len(text[first:end].rstrip()) + span.start)
