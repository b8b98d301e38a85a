"""The Pod Security Standards, control by control: what they forbid is found, what they allow is not.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ (v1.37, as admission has it).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from linter.formats.kubernetes import FORMAT
from linter.formats.kubernetes.security import BASELINE_CAPABILITIES
from linter.ruleset.evaluate import evaluate
from linter.ruleset.infos import Infos
from linter.ruleset.load import load_file
from linter.ruleset.plan import Judged, Plan
from linter.ruleset.select import match
from linter.text import SourceText

_RULES = Path(__file__).parents[4] / "rules" / "kubernetes"

# A pod that the restricted standard accepts; each case changes one thing
_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  annotations: {{{annotations}}}
spec:
  {pod}
  securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}{pod_context}}}
  {main}
  {list}:
    - name: train
      image: ghcr.io/acme/train:1.4.2
      {container}
      securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]{add}}}{context}}}
  volumes:
    - name: data
      {volume}
"""
_MAIN = (
    "containers: [{name: main, image: 'ghcr.io/acme/main:1', securityContext:"
    " {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]"
)
_BARE = """\
apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  os: {}
  containers:
    - {{name: a, image: 'b:1'}}
"""
_DEFAULTS = {
    "annotations": "",
    "pod": "hostNetwork: false",
    "pod_context": "",
    "list": "containers",
    "container": "tty: false",
}
_DEFAULTS |= {"add": "", "context": "", "volume": "emptyDir: {}"}

_OWN_APPARMOR = ", appArmorProfile: {type: RuntimeDefault}"
_HOST_PROCESS = ", windowsOptions: {hostProcess: true}"
BASELINE_FORBIDDEN = [
    ("HostProcess", {"context": ", windowsOptions: {hostProcess: true}"}),
    ("HostProcess", {"pod_context": ", windowsOptions: {hostProcess: true}"}),
    ("Host Namespaces", {"pod": "hostNetwork: true"}),
    ("Host Namespaces", {"pod": "hostPID: true"}),
    ("Host Namespaces", {"pod": "hostIPC: true"}),
    ("Privileged Containers", {"context": ", privileged: true"}),
    ("Capabilities", {"add": ", add: [NET_ADMIN]"}),
    ("Capabilities", {"add": ", add: [SYS_NICE]"}),
    ("Capabilities", {"add": ", add: [IPC_LOCK]"}),
    ("Capabilities", {"add": ", add: [CAP_NET_RAW]"}),
    ("Capabilities", {"add": ", add: [CAP_CHOWN]"}),
    ("Capabilities", {"add": ", add: [chown]"}),
    ("HostPath Volumes", {"volume": "hostPath: {path: /mnt/models}"}),
    ("Host Ports", {"container": "ports: [{containerPort: 8000, hostPort: 8000}]"}),
    ("Host Probes", {"container": "livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}"}),
    ("Host Probes", {"container": "startupProbe: {httpGet: {port: 80, host: 10.0.0.1}}"}),
    ("Host Probes", {"container": "lifecycle: {postStart: {httpGet: {port: 80, host: 10.0.0.1}}}"}),
    ("Host Probes", {"container": "readinessProbe: {tcpSocket: {port: 80, host: 10.0.0.1}}"}),
    ("Host Probes", {"container": "lifecycle: {preStop: {httpGet: {port: 80, host: 10.0.0.1}}}"}),
    ("AppArmor", {"context": ", appArmorProfile: {type: Unconfined}"}),
    ("AppArmor", {"pod_context": ", appArmorProfile: {type: Unconfined}"}),
    ("AppArmor", {"annotations": "container.apparmor.security.beta.kubernetes.io/train: unconfined"}),
    ("AppArmor", {"pod_context": ", appArmorProfile: {type: Unconfined}", "context": _OWN_APPARMOR}),
    ("HostProcess", {"pod_context": _HOST_PROCESS, "context": ", windowsOptions: {hostProcess: false}"}),
    ("SELinux", {"context": ", seLinuxOptions: {type: spc_t}"}),
    ("SELinux", {"pod_context": ", seLinuxOptions: {user: system_u}"}),
    ("SELinux", {"context": ", seLinuxOptions: {role: system_r}"}),
    ("/proc Mount Type", {"context": ", procMount: Unmasked"}),
    ("Seccomp", {"context": ", seccompProfile: {type: Unconfined}"}),
    ("Sysctls", {"pod_context": ", sysctls: [{name: kernel.msgmax, value: '1'}]"}),
]
RESTRICTED_FORBIDDEN = [
    *(
        ("Volume Types", {"volume": f"{name}: {{}}"})
        for name in (
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "gitRepo",
            "nfs",
            "iscsi",
            "glusterfs",
            "rbd",
            "flexVolume",
            "cinder",
            "cephfs",
            "flocker",
            "fc",
            "azureFile",
            "vsphereVolume",
            "quobyte",
            "azureDisk",
            "portworxVolume",
            "scaleIO",
            "storageos",
            "photonPersistentDisk",
        )
    ),
    ("Privilege Escalation", {"context": ", allowPrivilegeEscalation: true"}),
    ("Running as Non-root", {"context": ", runAsNonRoot: false"}),
    ("Running as Non-root user", {"context": ", runAsUser: 0"}),
    ("Running as Non-root user", {"pod_context": ", runAsUser: 0", "context": ", runAsUser: 1000"}),
    ("/proc Mount Type", {"pod": "hostUsers: false", "context": ", procMount: Unmasked"}),
    ("Capabilities", {"add": ", add: [CHOWN]"}),
]
ALLOWED = [
    ("as it is", {}),
    ("baseline capability", {"add": ", add: [NET_BIND_SERVICE]"}),
    ("host port 0", {"container": "ports: [{containerPort: 8000, hostPort: 0}]"}),
    ("local AppArmor profile", {"context": ", appArmorProfile: {type: Localhost, localhostProfile: x}"}),
    ("container type", {"context": ", seLinuxOptions: {type: container_engine_t, level: 's0'}"}),
    ("default proc mount", {"context": ", procMount: Default"}),
    ("local seccomp profile", {"context": ", seccompProfile: {type: Localhost, localhostProfile: x}"}),
    ("safe sysctl", {"pod_context": ", sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]"}),
    ("safe sysctl", {"pod_context": ", sysctls: [{name: net.ipv4.tcp_notsent_lowat, value: '1'}]"}),
    ("root in a user namespace", {"pod": "hostUsers: false", "context": ", runAsUser: 0, runAsNonRoot: false"}),
    ("probe of the pod", {"container": "livenessProbe: {httpGet: {port: 80, host: ''}}"}),
    *((f"{name} volume", {"volume": f"{name}: {{}}"}) for name in (
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret")),
]  # fmt: skip
LISTS = ("containers", "initContainers", "ephemeralContainers")


@cache
def plan(standard: str) -> Plan:
    rules = [load_file(path) for path in sorted(_RULES.glob("*.yaml"))]
    ids = match(f"pss:{standard}", Infos.of([rule.info for rule in rules]), {}, "default")
    chosen = [rule for rule in rules if rule.id in ids]
    return Plan(
        FORMAT, [Judged(rule, rule.info.severity, rule.info.confidence, rule.params) for rule in chosen]
    )


def found(standard: str, **changes: str) -> set[str]:
    values = _DEFAULTS | changes
    text = _POD.format(main="" if values["list"] == "containers" else _MAIN, **values)
    document = FORMAT.read(SourceText("pod.yaml", text))
    assert document.problems in ([], [p for p in document.problems if "duplicate" in p.message])
    outcome = evaluate(document, plan(standard))
    assert outcome.diagnostics == []
    return {finding.rule for finding in outcome.findings}


@pytest.mark.parametrize(("control", "changes"), BASELINE_FORBIDDEN, ids=lambda value: str(value)[:60])
@pytest.mark.parametrize("containers", LISTS)
def test_what_baseline_forbids_is_found(control: str, changes: dict[str, str], containers: str) -> None:
    assert found("baseline", list=containers, **changes)
    assert found("restricted", list=containers, **changes)


@pytest.mark.parametrize(("control", "changes"), RESTRICTED_FORBIDDEN, ids=lambda value: str(value)[:60])
def test_what_restricted_forbids_is_found(control: str, changes: dict[str, str]) -> None:
    assert not found("baseline", **changes)
    assert found("restricted", **changes)


@pytest.mark.parametrize(("what", "changes"), ALLOWED, ids=lambda value: str(value)[:60])
def test_what_the_standards_allow_is_not_found(what: str, changes: dict[str, str]) -> None:
    assert found("restricted", **changes) == set()


# What a pod may not leave out: each case takes one thing away from a pod that the restricted standard accepts
_FULL = """\
apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  hostUsers: {users}
  securityContext: {{{pod}}}
  containers:
    - {{name: a, image: 'b:1', securityContext: {{{main}}}}}
"""
_MUST_POD = "runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}"
_MUST_MAIN = "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}"
_EACH = ", ".join(sorted(BASELINE_CAPABILITIES | {"NET_RAW"}))  # all that runtimes give, one by one
MUST = [
    ("Privilege Escalation", _MUST_POD, "capabilities: {drop: [ALL]}"),
    ("Capabilities", _MUST_POD, "allowPrivilegeEscalation: false"),
    ("Capabilities", _MUST_POD, "allowPrivilegeEscalation: false, capabilities: {drop: [NET_RAW]}"),
    ("Capabilities", _MUST_POD, f"allowPrivilegeEscalation: false, capabilities: {{drop: [{_EACH}]}}"),
    ("Seccomp", "runAsNonRoot: true", _MUST_MAIN),
    ("Seccomp", "runAsNonRoot: true", _MUST_MAIN + ", seccompProfile: {type: Unconfined}"),
    ("Running as Non-root", "seccompProfile: {type: RuntimeDefault}", _MUST_MAIN),
    ("Running as Non-root", "seccompProfile: {type: RuntimeDefault}, runAsUser: 1000", _MUST_MAIN),
    ("Running as Non-root", "seccompProfile: {type: RuntimeDefault}, runAsNonRoot: false", _MUST_MAIN),
    ("Running as Non-root", _MUST_POD.replace("true", "false"), _MUST_MAIN + ", runAsNonRoot: true"),
]


def judged(text: str) -> set[str]:
    outcome = evaluate(FORMAT.read(SourceText("pod.yaml", text)), plan("restricted"))
    assert outcome.diagnostics == []
    return {finding.rule for finding in outcome.findings}


@pytest.mark.parametrize("users", ["true", "false"])
@pytest.mark.parametrize(("control", "pod", "main"), MUST)
def test_what_restricted_asks_for_must_be_there(control: str, pod: str, main: str, users: str) -> None:
    spared = users == "false" and control == "Running as Non-root"
    assert bool(judged(_FULL.format(users=users, pod=pod, main=main))) is not spared
    assert judged(_FULL.format(users=users, pod=_MUST_POD, main=_MUST_MAIN)) == set()


def test_a_bare_pod_lacks_four_things() -> None:
    assert judged(_BARE.format("{}")) == {
        "drop-all-capabilities",
        "privilege-escalation-allowed",
        "run-as-non-root-not-required",
        "run-as-root",
        "seccomp-profile-missing",
    }


def test_windows_pods_are_spared_what_linux_has() -> None:
    """Non-root is asked of Windows pods too; capabilities, seccomp and privilege escalation are Linux's."""
    assert judged(_BARE.format("{name: windows}")) == {"run-as-non-root-not-required"}


def test_windows_pods_are_known_by_their_os_alone() -> None:
    text = _BARE.format("{}").replace("spec:", "spec:\n  nodeSelector: {kubernetes.io/os: windows}")
    assert judged(text) == {"run-as-non-root-not-required", "windows-os-unset"}
