"""A standard asks the same of everybody: what our defaults forgive agents, drivers, jobs and trials, it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linter.formats.kubernetes import FORMAT
from linter.ruleset.evaluate import evaluate
from linter.ruleset.infos import Infos
from linter.ruleset.load import load_file
from linter.ruleset.plan import Judged, Plan
from linter.ruleset.select import match
from linter.text import SourceText

_RULES = Path(__file__).parents[4] / "rules" / "kubernetes"
_HOST = "nsa-k8s:host-access"

Json = dict[str, Any]


def _pod(image: str = "ghcr.io/acme/app:1.4.2", **fields: Any) -> Json:
    container = {"name": fields.pop("name", "main"), "image": image} | fields.pop("container", {})
    return {"containers": [container], "volumes": []} | fields


def _host(path: str) -> Json:
    return {"name": path.strip("/").replace("/", "-"), "hostPath": {"path": path}}


# Who is forgiven something: kind, pod, and metadata beside the name
WHO: dict[str, tuple[str, Json, Json]] = {
    "application": ("Deployment", _pod(), {}),
    "network agent": (
        "DaemonSet",
        _pod("quay.io/cilium/cilium:v1.17.4", volumes=[_host("/opt/cni/bin")]),
        {},
    ),
    "speaker": ("DaemonSet", _pod("quay.io/metallb/speaker:v0.14.9", name="speaker"), {}),
    "kube-proxy": ("DaemonSet", _pod("registry.k8s.io/kube-proxy:v1.33.1", name="kube-proxy"), {}),
    "control plane": (
        "Pod",
        _pod("registry.k8s.io/kube-apiserver:v1.33.1", container={"command": ["kube-apiserver"]}),
        {"namespace": "kube-system"},
    ),
    "node exporter": ("DaemonSet", _pod("quay.io/prometheus/node-exporter:v1.9.1", name="node-exporter"), {}),
    "collector of traces": ("DaemonSet", _pod("otel/opentelemetry-collector:0.144.0", name="collector"), {}),
    "ingress controller of each node": ("DaemonSet", _pod("nginx/nginx-ingress:5.3.0", name="ingress"), {}),
    "log collector": (
        "DaemonSet",
        _pod("fluent/fluent-bit:4.0.1", name="fluent-bit", volumes=[_host("/var/log")]),
        {"namespace": "logging"},
    ),
    "storage driver": (
        "DaemonSet",
        _pod(
            "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0",
            volumes=[_host("/var/lib/kubelet/plugins_registry"), _host("/var/lib/kubelet/pods")],
        ),
        {},
    ),
    "device plugin": (
        "DaemonSet",
        _pod("nvcr.io/nvidia/k8s-device-plugin:v0.17.2", volumes=[_host("/var/lib/kubelet/device-plugins")]),
        {},
    ),
    "client of MPS": (
        "Job",
        _pod("nvcr.io/nvidia/cuda:12.8.1-base-ubuntu24.04", volumes=[_host("/tmp/nvidia-mps")]),
        {},
    ),
    "daemon of MPS": (
        "DaemonSet",
        _pod(
            "nvcr.io/nvidia/k8s-device-plugin:v0.17.2",
            container={"command": ["nvidia-cuda-mps-control", "-d"]},
            volumes=[_host("/tmp/nvidia-mps"), _host("/var/lib/kubelet/device-plugins")],
        ),
        {},
    ),
    "job": ("Job", _pod("bitnami/kubectl:1.33.1", container={"command": ["kubectl", "get", "pods"]}), {}),
    "test of a chart": ("Pod", _pod(), {"annotations": {"helm.sh/hook": "test"}}),
    "hook of a chart": ("Job", _pod(), {"annotations": {"helm.sh/hook": "pre-install"}}),
    "trial": ("Pod", _pod("busybox:1.37", container={"command": ["sleep", "3600"]}), {}),
    "kaniko": ("Pod", _pod("gcr.io/kaniko-project/executor:v1.24.0", name="kaniko"), {}),
    "buildkit": ("Deployment", _pod("moby/buildkit:v0.21.1-rootless", name="buildkitd"), {}),
    "Docker in Docker": ("Deployment", _pod("docker:28.1-dind", name="dind"), {}),
    "pause": ("DaemonSet", _pod("registry.k8s.io/pause:3.10", name="pause"), {}),
    "ingress controller": ("Deployment", _pod("traefik:v3.4.0", name="traefik"), {}),
    "OpenShift": ("Deployment", _pod(), {"annotations": {"openshift.io/scc": "restricted-v2"}}),
    "database": ("StatefulSet", _pod("postgres:17.5", name="postgres"), {}),
    "training": (
        "Job",
        _pod("nvcr.io/nvidia/pytorch:25.04-py3", container={"resources": {"limits": {"nvidia.com/gpu": 8}}}),
        {},
    ),
}


def _of_pod(**fields: Any) -> Callable[[Json], None]:
    return lambda pod: pod.update(fields)


def _of_container(**fields: Any) -> Callable[[Json], None]:
    return lambda pod: pod["containers"][0].update(fields)


def _context(**fields: Any) -> Callable[[Json], None]:
    return lambda pod: pod["containers"][0]["securityContext"].update(fields)


def _volume(path: str, *, mounted: bool = False) -> Callable[[Json], None]:
    def change(pod: Json) -> None:
        pod["volumes"].append(_host(path) | {"name": "flaw"})
        if mounted:
            pod["containers"][0]["volumeMounts"] = [{"name": "flaw", "mountPath": "/host"}]

    return change


def _hardened(pod: Json) -> None:
    """All that the standards want to be said; the other changes are made after it."""
    pod["automountServiceAccountToken"] = False
    container = pod["containers"][0]
    container["securityContext"] = {
        "runAsNonRoot": True, "runAsUser": 1000, "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"},
    }  # fmt: skip
    amounts = {"cpu": 1, "memory": "1Gi"} | container.get("resources", {}).get("limits", {})
    container["resources"] = {"requests": dict(amounts), "limits": dict(amounts)}


def _unsaid(pod: Json) -> None:
    """Nothing of it."""
    del (
        pod["automountServiceAccountToken"],
        pod["containers"][0]["securityContext"],
        pod["containers"][0]["resources"],
    )


def _without(amount: str) -> Callable[[Json], None]:
    def change(pod: Json) -> None:
        for amounts in pod["containers"][0]["resources"].values():
            del amounts[amount]

    return change


def _on_host(**fields: Any) -> Callable[[Json], None]:
    def change(pod: Json) -> None:
        pod["hostNetwork"] = True
        pod["containers"][0].update(fields)

    return change


def _nfs(pod: Json) -> None:
    pod["volumes"].append({"name": "nfs", "nfs": {"server": "a", "path": "/b"}})


_PORT = [{"containerPort": 80, "hostPort": 80}]
_PROBE = {"httpGet": {"host": "127.0.0.1", "port": 80}}
_GAINS = _context(privileged=True, allowPrivilegeEscalation=True)
_ESCALATION = ["cis-k8s:5.2.6", "nsa-k8s:privilege-escalation"]
_CAPABILITIES = ["cis-k8s:5.2.9", "nsa-k8s:capabilities"]
_SECCOMP = ["cis-k8s:5.6.2", "nsa-k8s:seccomp"]

# What is flawed, and the controls that say so
WHAT: list[tuple[str, Callable[[Json], None], list[str]]] = [
    ("hostNetwork", _of_pod(hostNetwork=True), ["pss:baseline", "cis-k8s:5.2.5", _HOST]),
    ("hostPID", _of_pod(hostPID=True), ["pss:baseline", "cis-k8s:5.2.3", _HOST]),
    ("hostIPC", _of_pod(hostIPC=True), ["pss:baseline", "cis-k8s:5.2.4", _HOST]),
    *(
        (f"hostPath {path}", _volume(path), ["pss:baseline", "cis-k8s:5.2.11", _HOST])
        for path in ("/", "/etc", "/etc/localtime", "/var/log", "/dev", "/dev/nvidia0", "/dev/shm", "/sys", "/proc",
                     "/var/lib/kubelet/pods", "/run/containerd/containerd.sock", "/opt/cni/bin", "/lib/modules",
                     "/mnt/models", "/run/udev", "/etc/cni/net.d", "/tmp/nvidia-mps", "/etc/kubernetes/pki")
    ),
    *((f"writable {path}", _volume(path, mounted=True), [_HOST]) for path in ("/", "/var/lib/kubelet/plugins", "/dev")),
    ("hostPort", _of_container(ports=_PORT), ["pss:baseline", "cis-k8s:5.2.12", _HOST]),
    ("hostPort on the node's network", _on_host(ports=_PORT), ["cis-k8s:5.2.12"]),
    ("host in a probe", _of_container(livenessProbe=_PROBE), ["pss:baseline"]),
    ("host in a probe on the node's network", _on_host(livenessProbe=_PROBE), ["pss:baseline"]),
    ("privileged", _context(privileged=True), ["pss:baseline", "cis-k8s:5.2.2", "nsa-k8s:privileged"]),
    ("privileged gains privileges", _GAINS, ["pss:restricted", *_ESCALATION]),
    *(
        (f"adds {name}", _context(capabilities={"add": [name]}), ["pss:baseline", *_CAPABILITIES])
        for name in ("NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE", "IPC_LOCK", "SYS_NICE", "ALL", "CAP_CHOWN")
    ),
    ("seccomp", _context(seccompProfile={"type": "Unconfined"}), ["pss:baseline", *_SECCOMP]),
    ("apparmor", _context(appArmorProfile={"type": "Unconfined"}), ["pss:baseline", "nsa-k8s:apparmor"]),
    ("selinux", _context(seLinuxOptions={"type": "spc_t"}), ["pss:baseline", "nsa-k8s:selinux"]),
    ("proc", _context(procMount="Unmasked"), ["pss:baseline"]),
    ("sysctl", _of_pod(securityContext={"sysctls": [{"name": "net.core.somaxconn", "value": "1"}]}), ["pss:baseline"]),
    ("host process", _context(windowsOptions={"hostProcess": True}), ["pss:baseline", "cis-k8s:5.2.10"]),
    ("user 0", _context(runAsUser=0), ["pss:restricted", "cis-k8s:5.2.7", "nsa-k8s:non-root"]),
    ("NFS", _nfs, ["pss:restricted"]),
    (
        "nothing said",
        _unsaid,
        ["pss:restricted", "cis-k8s:5.2.7", "nsa-k8s:non-root", "cis-k8s:5.1.6", "nsa-k8s:service-account-token",
         "nsa-k8s:immutable-filesystem", "nsa-k8s:resource-policies", *_ESCALATION, *_CAPABILITIES, *_SECCOMP],
    ),
    *(
        (f"nothing of {name}", _without(name), ["nsa-k8s:resource-policies"]) for name in ("cpu", "memory")
    ),
    ("image without a tag", _of_container(image="ghcr.io/acme/app"), ["nsa-k8s:images"]),
    (
        "secret",
        _of_container(env=[{"name": "DB_PASSWORD", "value": "Tr0ub4dor" + "-and-3"}]),
        ["nsa-k8s:secrets"],
    ),
    (
        "secret by name",
        _of_container(env=[{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]),
        ["cis-k8s:5.4.1"],
    ),
]  # fmt: skip


@cache
def _plan() -> tuple[Plan, dict[str, set[str]]]:
    """The rules of all controls, and which are of which."""
    rules = [load_file(path) for path in sorted(_RULES.glob("*.yaml"))]
    infos = Infos.of([rule.info for rule in rules])
    of = {control: match(control, infos, {}, "default") for _, _, asked in WHAT for control in asked}
    chosen = [rule for rule in rules if any(rule.id in ids for ids in of.values())]
    judged = [Judged(rule, rule.info.severity, rule.info.confidence, rule.params) for rule in chosen]
    return Plan(FORMAT, judged), of


def manifest(who: str, change: Callable[[Json], None]) -> str:
    kind, pod, metadata = WHO[who]
    pod = json.loads(json.dumps(pod))
    _hardened(pod)
    if change is not _hardened:
        change(pod)
    group = {"Pod": "v1", "Job": "batch/v1"}.get(kind, "apps/v1")
    top: Json = {"apiVersion": group, "kind": kind, "metadata": {"name": "a"} | metadata}
    if kind == "Pod":
        return json.dumps(top | {"spec": pod}, indent=2)
    spec: Json = {"template": {"metadata": {"labels": {"app": "a"}}, "spec": pod}}
    if kind != "Job":
        spec["selector"] = {"matchLabels": {"app": "a"}}
    return json.dumps(top | {"spec": spec}, indent=2)


@cache
def told(who: str, change: Callable[[Json], None]) -> set[tuple[str, str]]:
    """Rules and messages."""
    outcome = evaluate(FORMAT.read(SourceText("a.json", manifest(who, change))), _plan()[0])
    return {(finding.rule, finding.message) for finding in outcome.findings}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("what", "change", "asked"), WHAT, ids=[what for what, _, _ in WHAT])
def test_a_standard_forgives_nobody(
    who: str, what: str, change: Callable[[Json], None], asked: list[str]
) -> None:
    more = {rule for rule, _ in told(who, change) - told(who, _hardened)}
    assert [control for control in asked if more.isdisjoint(_plan()[1][control])] == []
