"""Security contexts of pods and containers, and what a container ends up with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import Part, either, known, same, unsure
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

# Pod Security Standards, baseline: what may be added
BASELINE_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
_DEFAULTS = BASELINE_CAPABILITIES | {"NET_RAW"}  # what container runtimes give when nothing is dropped
# What any pod may set by the baseline Pod Security Standard (some since 1.27, 1.29, 1.32 and 1.37)
SAFE_SYSCTLS = frozenset(
    [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_slow_start_after_idle",
        "net.ipv4.tcp_notsent_lowat",
    ]
)
SELINUX_TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"))


def capability(name: Any) -> Any:
    """A capability's name as the kernel headers have it, without `CAP_`, in upper case."""
    return name.upper().removeprefix("CAP_") if isinstance(name, str) else UNKNOWN


class Capabilities(Part):
    """Linux capabilities to add to or drop from the runtime's default set."""

    add: list[str] = field(None, "capabilities to add")
    drop: list[str] = field(None, "capabilities to drop")

    @fact
    def dropsAll(self) -> bool:
        """Whether `drop` contains ALL."""
        return _contains(self.drop, "ALL")

    @fact
    def dropsEach(self) -> bool:
        """Whether `drop` names every capability that runtimes give by default, one by one."""
        if unsure(self.drop):
            return UNKNOWN
        return {capability(name) for name in self.drop if name is not UNKNOWN} >= _DEFAULTS

    @fact
    def dropsNetRaw(self) -> bool:
        """Whether `drop` contains ALL or NET_RAW."""
        all_, raw = _contains(self.drop, "ALL"), _contains(self.drop, "NET_RAW")
        return either(all_, raw)


def _contains(values: Any, wanted: str) -> Any:
    if values is UNKNOWN:
        return UNKNOWN
    names = [capability(value) for value in values]
    if any(name == wanted for name in names if name is not UNKNOWN):
        return True
    return UNKNOWN if any(name is UNKNOWN for name in names) else False


class SeccompProfile(Part):
    """Which system calls are allowed."""

    type: str | None = field(None, "RuntimeDefault, Localhost or Unconfined")
    localhostProfile: str | None = field(None, "path of a profile on the node")


class AppArmorProfile(Part):
    """Mandatory access control by AppArmor."""

    type: str | None = field(None, "RuntimeDefault, Localhost or Unconfined")
    localhostProfile: str | None = field(None, "name of a profile loaded on the node")


class SELinuxOptions(Part):
    """SELinux labels."""

    user: str | None = field(None, "SELinux user")
    role: str | None = field(None, "SELinux role")
    type: str | None = field(None, "SELinux type")
    level: str | None = field(None, "SELinux level")

    @fact
    def device(self) -> bool:
        """Whether the type is one of those that container-selinux has for containers that use or serve devices."""
        return UNKNOWN if unsure(self.type) else str(self.type).startswith("container_device_")

    @fact
    def custom(self) -> bool:
        """Whether a user or role, or a type other than the container types, is set."""
        types = self.type if not known(self.type) else self.type not in SELINUX_TYPES
        return either(
            *(value if not known(value) else bool(value) for value in (self.user, self.role, types))
        )


class WindowsOptions(Part):
    """Windows specific options."""

    hostProcess: bool | None = field(None, "run as a process of the host")
    runAsUserName: str | None = field(None, "Windows user")


class Sysctl(Part):
    """A kernel parameter."""

    name: str | None = field(None, "name of the parameter")
    value: str | None = field(None, "its value")

    @fact(at="name")
    def safe(self) -> bool:
        """Whether the baseline Pod Security Standard lets any pod set it."""
        return UNKNOWN if unsure(self.name) else self.name in SAFE_SYSCTLS


class PodSecurityContext(Part):
    """Security settings of a pod; containers inherit those that they have too."""

    runAsUser: int | None = field(None, "UID of the containers' processes")
    runAsGroup: int | None = field(None, "primary GID of the containers' processes")
    runAsNonRoot: bool | None = field(None, "refuse to start as UID 0")
    fsGroup: int | None = field(None, "GID that owns the volumes")
    supplementalGroups: list[int] = field(None, "further groups of the processes")
    sysctls: list[Sysctl] = field(None, "kernel parameters of the pod")
    seccompProfile: SeccompProfile = field(None, "system calls allowed")
    appArmorProfile: AppArmorProfile = field(None, "AppArmor profile")
    seLinuxOptions: SELinuxOptions = field(None, "SELinux labels")
    windowsOptions: WindowsOptions = field(None, "Windows options")

    @fact
    def rootDefault(self) -> str:
        """Which of its settings makes root the default of the containers, '' when none does."""
        return self._first(("runAsUser",), 0) or self._first(("runAsNonRoot",), False)

    @fact
    def unconfinedDefault(self) -> str:
        """Which of its settings lifts a confinement of all containers, '' when none does."""
        return (
            self._first(("seccompProfile", "type"), "Unconfined")
            or self._first(("appArmorProfile", "type"), "Unconfined")
            or self._first(("windowsOptions", "hostProcess"), True)
        )

    def _first(self, path: tuple[str, ...], wanted: Any) -> str:
        value: Any = self
        for step in path if _says(self, path[0]) else ():
            value = getattr(value, step)
        return ".".join(path) if same(value, wanted) and type(value) is type(wanted) else ""

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("rootDefault", "unconfinedDefault"):
            return super().locate(tuple(getattr(self, str(steps[0])).split(".")))
        return super().locate(steps)


class SecurityContext(Part):
    """Security settings of one container."""

    privileged: bool = field(False, "run with all rights on the host")
    allowPrivilegeEscalation: bool = field(True, "let processes gain more rights than their parent")
    readOnlyRootFilesystem: bool = field(False, "mount the image read-only")
    runAsUser: int | None = field(None, "UID of the process; overrides the pod's")
    runAsGroup: int | None = field(None, "primary GID; overrides the pod's")
    runAsNonRoot: bool | None = field(None, "refuse to start as UID 0; overrides the pod's")
    procMount: str = field("Default", "Default or Unmasked /proc")
    capabilities: Capabilities = field(None, "Linux capabilities")
    seccompProfile: SeccompProfile = field(None, "system calls allowed")
    appArmorProfile: AppArmorProfile = field(None, "AppArmor profile")
    seLinuxOptions: SELinuxOptions = field(None, "SELinux labels")
    windowsOptions: WindowsOptions = field(None, "Windows options")


def _says(context: Part, name: str) -> bool:
    """Whether a field without a default may have a value; models of what is absent are not made to ask."""
    return context.open or (context.node is not None and context.node.get(name) is not None)


class Effective(Model):
    """What applies to a container: its own setting, else the pod's, else unset."""

    def __init__(self, container: Container, pod: PodSpec) -> None:
        self.document = container.document
        self._container = container
        self._pod = pod

    @property
    def address(self) -> str:
        return self._container.address

    @fact
    def runAsUser(self) -> int | None:
        """UID of the process, null when nobody sets one."""
        return self._pick("runAsUser")

    @fact
    def runAsGroup(self) -> int | None:
        """Primary GID of the process, null when nobody sets one."""
        return self._pick("runAsGroup")

    @fact
    def runAsNonRoot(self) -> bool | None:
        """Whether the kubelet refuses UID 0, null when nobody says."""
        return self._pick("runAsNonRoot")

    @fact
    def seccompType(self) -> str | None:
        """Type of the seccomp profile, legacy annotations included; null when nobody sets one."""
        own = self._pick("seccompProfile", "type")
        return own if own is not None else self._pod.annotated("seccompType", self._container)

    @fact
    def appArmorType(self) -> str | None:
        """Type of the AppArmor profile, legacy annotation included; null when nobody sets one."""
        own = self._pick("appArmorProfile", "type")
        return own if own is not None else self._pod.annotated("appArmorType", self._container)

    @fact
    def seLinuxCustom(self) -> bool:
        """Whether the container or its pod sets SELinux options beyond the container types."""
        contexts = (self._container.securityContext, self._pod.securityContext)
        return either(*(c.seLinuxOptions.custom for c in contexts if _says(c, "seLinuxOptions")))

    @fact
    def seLinuxDevice(self) -> bool:
        """Whether its SELinux type is one for containers that use or serve devices, and no more is set."""
        own, pod = self._container.securityContext.seLinuxOptions, self._pod.securityContext.seLinuxOptions
        return either(own.device, pod.device)

    @fact
    def hostProcess(self) -> bool | None:
        """Whether a Windows container runs as a process of the host."""
        return self._pick("windowsOptions", "hostProcess")

    _PATHS: ClassVar[dict[str, tuple[str, ...]]] = {
        "seccompType": ("seccompProfile", "type"),
        "appArmorType": ("appArmorProfile", "type"),
        "hostProcess": ("windowsOptions", "hostProcess"),
        "seLinuxCustom": ("seLinuxOptions",),
    }

    def _pick(self, *path: str) -> Any:
        for context in (self._container.securityContext, self._pod.securityContext):
            if not _says(context, path[0]):
                continue
            value: Any = context
            for step in path:
                value = getattr(value, step)
            if value is not None:
                return value
        return None

    def place(self) -> Place:
        return self._container.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        if not steps:
            return self.place()
        path = ("securityContext", *self._PATHS.get(str(steps[0]), (steps[0],)))
        own = self._container.locate(path)
        if own.absent:
            inherited = self._pod.locate(path)
            if not inherited.absent:
                return inherited
            return self._pod.place_of_annotation(str(steps[0]), self._container) or own
        return own
