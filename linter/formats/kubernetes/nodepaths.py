"""Paths of a node: which of them tell or control something, which are harmless."""

from __future__ import annotations

from collections.abc import Iterable

from linter.patterns import lazy_regex

SENSITIVE = [
    "/boot",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sys",
    "/usr",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/kubelet",
    "/var/lib/etcd",
    "/var/run",
]
# what root keeps hidden in its home: keys and settings; other folders there are data
OF_ROOTS_HOME = lazy_regex(r"/root(?:/?\Z|/\.(?!cache(?:/|\Z)))")
SENSITIVE_EXACT = frozenset(("/", "/dev", "/var", "/var/lib", "/home", "/opt"))
# below /usr, and yet no part of the system: `/usr/local/acme`
OF_ADMINISTRATORS = lazy_regex(
    r"/usr/local/(?!(?:bin|sbin|etc|lib\w*|include|share|src|games|man)(?:/|\Z))[\w.-]+(?:/|\Z)"
)
# What a program keeps for itself under /run, unless it is one that runs the node, and how far a collector of logs came
OF_A_PROGRAM = lazy_regex(
    r"/var/(?:lib|log)/(?:[\w-]+-)?(?:otelcol|alloy|vector|fluent-?(?:bit|d)|filebeat|promtail|vmagent)(?:-[\w-]+)?(?:/|$)|"
    r"(?:/var)?/run/(?!containerd|cri|docker|podman|systemd|dbus|netns|secrets(?:/|$)|user|k3s|k0s|rke|lock|initctl|openvswitch|libvirt"
    r"|kube|multus|cni|udev|log)[\w.-]+(?:/|$)"
)
# beneath a sensitive path and yet without the node's secrets or controls
HARMLESS = (
    "/run/udev",
    "/run/log/journal",  # what the node logs, as in /var/log
    "/lib/modules",  # the kernel's, which programs read to have it load one
    "/usr/lib/modules",
    "/usr/src",  # its headers, for programs that it takes from tracers
    "/etc/pcidp",  # settings of single programs
    "/etc/kubernetes/node-feature-discovery",
    "/var/run/cdi",
    "/run/cdi",
    "/etc/cdi",
    "/var/lib/kubelet/device-plugins",  # device plugins have to be there
    "/var/lib/kubelet/pod-resources",
    "/var/lib/kubelet/plugins",  # and CSI drivers
    "/var/lib/kubelet/plugins_registry",
    "/run/nvidia-fabricmanager",
    "/run/nvidia-topologyd",
    "/run/nvidia",  # what drivers and their operators tell each other
    "/run/mellanox",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/etc/ssl/certs",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/cacert",
    "/etc/cacerts",
    "/var/lib/ca-certificates",  # of SUSE
    "/usr/share/ca-certificates",
    "/etc/timezone",
    "/etc/selinux",  # the policy, which drivers of storage read to label volumes
    "/usr/share",  # data and documents of programs
    "/etc/os-release",
    "/etc/lsb-release",  # single files that say what the node is
    "/usr/lib/os-release",
    "/etc/hostname",
    "/etc/machine-id",
    "/etc/hccn.conf",
    "/etc/ascend_install.info",
    "/home/kubernetes/bin/nvidia",  # the driver and NCCL of GKE's nodes
    "/home/kubernetes/bin/gib",
    "/proc/stat",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/swaps",
    "/proc/uptime",
    "/proc/version",
    "/proc/filesystems",
    "/proc/sys/kernel/osrelease",  # as `uname -r` tells everybody
)
# where the driver that mounts secrets meets its providers
OF_PROVIDERS = lazy_regex(r"/etc/kubernetes/[\w-]*csi-providers(?:/|\Z)")
# where programs of the node meet the kubelet: what serves devices or volumes puts its socket there
PLUGINS = (
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet/plugins",
    "/var/lib/kubelet/plugins_registry",
    "/var/lib/kubelet/pod-resources",
    "/var/run/cdi",  # where drivers say how a container gets a device
    "/run/cdi",
    "/etc/cdi",
    "/etc/kubernetes/node-feature-discovery",  # where programs say what node-feature-discovery tells of the node
)
# the kernel's own file systems, for those who trace or tune it
KERNELS = ("/sys/fs/bpf", "/sys/fs/lustre", "/sys/kernel/debug", "/sys/kernel/tracing")
# where the logs of a node's containers are
LOGS_OF_CONTAINERS = frozenset(
    ("/var/log", "/var/log/pods", "/var/log/containers", "/var/lib/docker/containers")
)
# what root alone may read there, beside the sockets of the container runtime: the kubelet lets nobody else into the
# folders where plug-ins meet it
OF_ROOT = LOGS_OF_CONTAINERS | {
    "/",
    "/var/lib/kubelet",
    "/var/lib/kubelet/pods",
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet/plugins_registry",
}
# what programs of the node read there as data, and run nothing of: profiles for containers, certificates of authorities
FILLED = (
    "/var/lib/kubelet/seccomp",
    "/etc/apparmor.d",
    "/etc/docker/certs.d",
    "/etc/pki/ca-trust/source/anchors",
    "/etc/ssl/certs",
    "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates",
)
# of IBM's cloud, MicroK8s, k0s and others, whose kubelet lives elsewhere
KUBELET = lazy_regex(
    r"\A/(?:[\w.-]+/){1,8}kubelet(?=/(?:plugins|plugins_registry|device-plugins|pod-resources|pods)(?:/|\Z))"
)
# and what tells a container nothing but the time and the name of its node
NODE_FACTS = (
    "/etc/localtime",
    "/etc/timezone",
    "/usr/share/zoneinfo",
    "/etc/os-release",
    "/etc/lsb-release",
    "/usr/lib/os-release",
    "/etc/hostname",
    "/etc/machine-id",
    "/etc/hccn.conf",  # the network of Ascend devices, and where their driver is
    "/etc/ascend_install.info",
    "/home/kubernetes/bin/nvidia",  # the driver and NCCL of GKE's nodes
    "/home/kubernetes/bin/gib",
    "/proc/stat",  # what node-feature-discovery and exporters read, and other pods see too
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/swaps",
    "/proc/uptime",
    "/proc/version",
    "/proc/filesystems",
    "/proc/sys/kernel/osrelease",
    "/etc/ssl/certs",  # certificates that everybody trusts
    "/etc/ca-certificates",
    "/etc/cacert",
    "/etc/cacerts",
    "/var/lib/ca-certificates",  # of SUSE
    "/usr/share/ca-certificates",
    "/etc/pki/tls",
    "/etc/pki/ca-trust",
    "/run/xtables.lock",  # an empty file by which the iptables of all containers take turns
)

# words of paths that are no names of programs
_COMMON = frozenset((
    "agent", "cache", "config", "containers", "images", "local", "models", "monitoring", "node-agent", "scripts",
    "server", "share", "state", "storage", "volumes", "worker",
))  # fmt: skip
# of what runs the node, its system among it: who changes them is root on it
_SETTINGS_OF_THE_NODE = lazy_regex(
    r"(?:containerd|cri|docker|podman|buildkit|systemd|kube|rancher|k3s|rke|ssh|sudo|cron|pam|cni|nvidia-container"
    r"|flatcar|coreos|talos|nixos|bottlerocket|ubuntu|debian)"
)
_SETTINGS = lazy_regex(r"/etc/(?P<name>[\w-]+)(?:\.(?:ya?ml|json|toml|conf|cfg|ini))?(?:/.*)?")


def are_settings_of(path: str, programs: Iterable[str]) -> bool:
    """Whether a path holds what one of the programs is told in files of its own name, /etc/litestream.yml, and the
    program is none that runs the node."""
    match = _SETTINGS.fullmatch(path)
    if match is None or _SETTINGS_OF_THE_NODE.match(match["name"]):
        return False
    return is_named_after(match["name"], programs)


def is_named_after(path: str, programs: Iterable[str]) -> bool:
    """Whether a folder of a path has the name of one of the programs, or what it begins with: /var/fluent-bit/state.
    Or it begins with the name: /var/lib/filebeat-data."""
    folders = [folder for folder in path.split("/") if len(folder) > 4 and folder not in _COMMON]
    return any(
        f"{program}-".startswith(f"{folder}-")
        or (len(program) > 4 and program not in _COMMON and folder.startswith(f"{program}-"))
        for program in programs
        for folder in folders
    )
