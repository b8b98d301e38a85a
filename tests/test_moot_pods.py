"""What other parts of a pod make moot: the node is its own anyway, it only shows something, its start is waited for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.programs import needs_helm
from tests.test_cli import Run, run
from tests.test_moot import PROBE, SERVICE, counted, lay, manifest

__all__ = ["run"]

SHELL = """apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  hostIPC: true
  hostPID: true
  containers:
    - name: shell
      image: debian:13.1
      securityContext: {privileged: true}
      volumeMounts: [{name: data, mountPath: /data}, {name: run, mountPath: /run}ROOT]
    OTHER
  volumes:
    - {name: data, hostPath: {path: /etc/iscsi}}
    - {name: run, hostPath: {path: /run}}
    - {name: root, hostPath: {path: /}}
"""
ROOT = ", {name: root, mountPath: /host}"
NODE = {"host-ipc", "writable-host-path", "container-runtime-socket"}
SIDECAR = (
    "- {name: side, image: 'registry.example.org/side:1.0', volumeMounts: [{name: run, mountPath: /run}]}"
)


@pytest.mark.parametrize(
    ("root", "other", "counts"),
    [
        (ROOT, "", {"writable-host-path"}),  # that it has the root
        ("", "", NODE),
        (ROOT, SIDECAR, NODE),
        (ROOT, SIDECAR.replace("name: run", "name: x"), {"host-ipc", "writable-host-path"}),
    ],
)
def test_what_the_node_of_a_container_holds(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str, other: str, counts: set[str]
) -> None:
    text = SHELL.replace("ROOT", root).replace("OTHER", other)
    lay(tmp_path, monkeypatch, {"shell.yaml": text})
    assert {rule for rule in NODE if counted(run, rule)} == counts
    assert counted(run, "privileged-container")


DEVICES = SHELL.replace("path: /run}}", "path: /dev}}").replace("ROOT", "")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (DEVICES.replace("OTHER", ""), False),  # a privileged container has the devices anyway
        (DEVICES.replace("OTHER", SIDECAR), True),
        (DEVICES.replace("OTHER", "").replace("privileged: true", "privileged: false"), True),
        (DEVICES.replace("OTHER", "").replace("path: /dev}", "path: /proc}"), True),
    ],
)
def test_the_devices_of_a_privileged_container(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, counts: bool
) -> None:
    read_only = text.replace("mountPath: /run}", "mountPath: /run, readOnly: true}")
    lay(tmp_path, monkeypatch, {"shell.yaml": read_only})
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    told = {f["message"] for f in document["findings"] if f["rule"] == "sensitive-host-path"}
    assert any("'run'" in message for message in told) is counts


PODS = """{{- define "agent.pod" -}}
containers:
  - name: agent
    image: registry.example.org/agent:1.0
    securityContext: {privileged: PRIVILEGED}
    volumeMounts:
      - {name: devices, mountPath: /host/dev, readOnly: true}
volumes:
  - name: devices
    hostPath: {path: /dev}
{{- end -}}
"""
AGENT = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      {{- include "agent.pod" . | nindent 6 }}
"""


@needs_helm
@pytest.mark.parametrize("privileged", [True, False])
def test_what_a_named_template_in_another_file_writes_of_a_pod(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, privileged: bool
) -> None:
    files = {
        "agent/Chart.yaml": "apiVersion: v2\nname: agent\nversion: 1.0.0\n",
        "agent/values.yaml": "{}\n",
        "agent/templates/_pod.tpl": PODS.replace("PRIVILEGED", str(privileged).lower()),
        "agent/templates/daemonset.yaml": AGENT,
    }
    lay(tmp_path, monkeypatch, files)
    document = json.loads(run("scan", ".", "--exit-zero", "-f", "json").out)
    told = [f["path"] for f in document["findings"] if f["rule"] == "sensitive-host-path"]
    assert told == ([] if privileged else ["agent/templates/_pod.tpl"])


RUNNER = """apiVersion: apps/v1
kind: Deployment
metadata: {name: runner}
spec:
  template:
    spec:
      containers:
        - name: runner
          image: registry.example.org/runner:1.0
          env: [{name: DOCKER_HOST, value: "tcp://localhost:2375"}]
          securityContext: {runAsUser: 0}
        - name: dind
          image: docker:29-dind
          securityContext: {privileged: true}
"""


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("", "", False),
        ("tcp://localhost:2375", "tcp://docker.builds:2375", True),
        ("docker:29-dind", "registry.example.org/engine:1.0", True),
        ("privileged: true", "privileged: false", True),
    ],
)
def test_who_commands_the_daemon_of_its_pod(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"runner.yaml": RUNNER.replace(old, new)})
    assert bool(counted(run, "run-as-uid-zero")) is counts


GATEWAY = """apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway}
spec:
  template:
    spec:
      initContainers:
        - name: links
          image: registry.example.org/gateway:1.0
          command: [sh, -c, "ln -s /usr/sbin/a /hooks/a"]
          securityContext: {runAsUser: 0}
      containers:
        - name: gateway
          image: registry.example.org/gateway:1.0
          securityContext: {privileged: true}
"""


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("", "", False),
        ("gateway:1.0\n          command", "tools:1.0\n          command", True),
        ("privileged: true", "privileged: false", True),
        ("privileged: true", "privileged: true, runAsUser: 1000", True),
        ("command:", "restartPolicy: Always\n          command:", True),  # it stays
        ("command:", "ports: [{containerPort: 80}]\n          command:", True),
        ("initContainers:", "ephemeralContainers:", True),
    ],
)
def test_what_ends_before_its_image_is_started_with_the_whole_node(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"gateway.yaml": GATEWAY.replace(old, new, 1)})
    assert bool(counted(run, "run-as-uid-zero")) is counts
    assert bool(counted(run, "privileged-container")) is ("privileged: false" not in new)


WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: IMAGE
          ports: [{containerPort: 80}]
"""
STOCK = WEB.replace("IMAGE", "nginx:1.31-alpine")
OWN = WEB.replace("IMAGE", "registry.example.org/web:1.0")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (STOCK, False),
        (WEB.replace("IMAGE", "cache.example.org/hub/library/caddy:2.10"), False),
        (WEB.replace("IMAGE", "registry.example.org/nginx:1.31"), True),  # anybody's
        (WEB.replace("IMAGE", "nginx:latest"), True),  # what is built here may be called so
        (STOCK + "          volumeMounts: [{name: pages, mountPath: /usr/share/nginx/html}]\n", True),
        (STOCK + "          command: [sh, -c, 'start']\n", True),
        (STOCK + "          envFrom: [{configMapRef: {name: web}}]\n", True),
    ],
)
def test_web_servers_without_pages(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"web.yaml": text, "service.yaml": SERVICE})
    assert bool(counted(run, PROBE)) is counts
    assert bool(counted(run, "run-as-root")) is counts


def test_a_web_server_of_a_chart_may_be_replaced(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = {"chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n"}
    files = {"chart/templates/web.yaml": STOCK, "chart/templates/service.yaml": SERVICE}
    lay(tmp_path, monkeypatch, chart | files)
    assert counted(run, PROBE)


LOOP = """apiVersion: v1
kind: Pod
metadata: {name: claim}
spec:
  containers:
    - name: claim
      image: registry.example.org/claim:1.0
      command: [/bin/sh]
      args: ["-c", "while true; do COMMAND; sleep 5; done"]
"""


@pytest.mark.parametrize(
    ("command", "counts"),
    [
        ("echo $(date -u) >> /data/out", False),
        ("date", False),
        ("wget -q http://shop/health", True),
    ],
)
def test_loops_that_only_say_the_time(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"claim.yaml": LOOP.replace("COMMAND", command)})
    assert bool(counted(run, "run-as-root")) is counts
    lay(tmp_path, monkeypatch, {"claim.yaml": LOOP.replace("COMMAND; ", "")})
    assert counted(run, "run-as-root")  # in which people run what they like


STARTED = OWN + "          startupProbe: {httpGet: {path: /health, port: 80}}\n"
LIVE = STARTED.splitlines(keepends=True)[-1].replace("startupProbe", "livenessProbe")
SCALED = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  maxReplicas: 4
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
"""


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"web.yaml": STARTED}, False),
        ({"web.yaml": STARTED.replace("  replicas: 1\n", "")}, False),
        ({"web.yaml": STARTED.replace("replicas: 1", "replicas: 2")}, True),
        ({"web.yaml": STARTED.replace("startupProbe", "livenessProbe")}, True),
        ({"web.yaml": STARTED.replace("  replicas: 1\n", ""), "scaler.yaml": SCALED}, True),
        # of several, who fails the same later is started anew
        ({"web.yaml": STARTED.replace("replicas: 1", "replicas: 2") + LIVE}, False),
        (
            {"web.yaml": STARTED.replace("replicas: 1", "replicas: 2") + LIVE.replace("/health", "/alive")},
            True,
        ),
        ({"web.yaml": OWN.replace("replicas: 1", "replicas: 2") + LIVE}, True),
    ],
)
def test_the_only_pod_is_waited_for_at_its_start(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"service.yaml": SERVICE} | files)
    assert bool(counted(run, PROBE)) is counts


TUNER = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tuner}
spec:
  selector: {matchLabels: {app: tuner}}
  template:
    metadata: {labels: {app: tuner}}
    spec:
      hostPID: true
      hostNetwork: true
      initContainers:
        - name: tune
          image: debian:13.1
          securityContext: {privileged: true}
          command: [bash, -ec, "mkdir -p /host/etc/x.d\\nchroot /host systemctl restart x"]
          volumeMounts: [{name: root, mountPath: /host}]
      containers:
        - {name: rest, image: "registry.k8s.io/pause:3.10"}
      volumes:
        - {name: root, hostPath: {path: /}}
"""
OF_PODS = {"host-network", "host-pid", "sensitive-host-path"}


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("", "", set()),
        ("chroot /host systemctl", "nsenter -t 1 -m -- systemctl", set()),
        ("chroot /host systemctl", "nsenter --mount=/proc/1/ns/mnt -- systemctl", set()),
        ("registry.k8s.io/pause:3.10", "registry.example.org/agent:1.0", {"host-network", "host-pid"}),
        ("chroot /host", "chroot /other", OF_PODS),
        ("chroot /host", "echo chroot /host", OF_PODS),
        ("privileged: true", "privileged: false", {"host-network", "host-pid"}),
        ("path: /}", "path: /etc}", OF_PODS),
    ],
)
def test_who_visibly_enters_the_node(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, counts: set[str]
) -> None:
    text = TUNER.replace(old, new)
    lay(tmp_path, monkeypatch, {"tuner.yaml": text})
    assert {rule for rule in OF_PODS if counted(run, rule)} == counts
    assert bool(counted(run, "privileged-container")) is ("privileged: true" in text)


DRIVER = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: disks-node}
spec:
  selector: {matchLabels: {app: disks}}
  template:
    metadata: {labels: {app: disks}}
    spec:
      containers:
        - name: node-driver-registrar
          image: registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.12.0
          volumeMounts: [{name: registration, mountPath: /registration}]
        - name: driver
          image: registry.example.org/disks:1.4.2
          securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}
          volumeMounts:
            - {name: kubelet, mountPath: /var/lib/kubelet, mountPropagation: Bidirectional}
      volumes:
        - {name: registration, hostPath: {path: /var/lib/kubelet/plugins_registry}}
        - {name: kubelet, hostPath: {path: /var/lib/kubelet}}
"""


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("disks", "disks", False),  # the API refuses the mount of a container that is not privileged
        (
            "image: registry.k8s.io/sig-storage/csi-node-driver-registrar",
            "image: registry.example.org/other",
            True,
        ),
        ("mountPropagation: Bidirectional", "mountPropagation: HostToContainer", True),
        ("kind: DaemonSet", "kind: Deployment", True),
        ("/plugins_registry", "/pods", True),
    ],
)
def test_what_mounts_for_its_node(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, counts: bool
) -> None:
    text = DRIVER.replace(old, new).replace("name: node-driver-registrar", "name: beside")
    lay(tmp_path, monkeypatch, {"disks.yaml": text})
    assert bool(counted(run, "privileged-container")) is counts
    assert not counted(run, "dangerous-capability-added")


OLD = """\
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: registry.example.org/web:latest
          securityContext: {privileged: true}
"""


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("", "", False),
        ("extensions/v1beta1", "apps/v1", True),
        (
            "extensions/v1beta1",
            "machines.example.org/v1beta1",
            True,
        ),  # of an API that nobody knows to be gone
    ],
)
def test_what_the_api_refuses_is_told_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, counts: bool
) -> None:
    text = OLD.replace(old, new)
    lay(tmp_path, monkeypatch, {"web.yaml": text})
    assert bool(counted(run, "image-tag-latest")) is counts
    assert counted(run, "host-network")  # what it may do counts
    assert bool(counted(run, "deprecated-api-version")) is ("extensions/" in text)
    assert counted(run, "privileged-container")  # what is critical is told all the same


GIVEN = """\
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec:
  limits:
    - type: Container
      default: {memory: 512Mi}
"""


@pytest.mark.parametrize(
    ("path", "old", "new", "counts"),
    [
        ("shop", "", "", False),
        ("shop", "default:", "defaultRequest:", True),
        ("shop", "default:", "max:", False),  # what is the default then
        ("shop", "Container", "Pod", True),
        ("shop", "- limits.yaml", "# - limits.yaml", True),
        ("shop", "namespace: shop", "namespace: bakery", True),
        ("clusters/one/shop", "", "", True),  # on the others it may be missing
        ("chart/templates", "", "", True),  # whoever installs it says where
    ],
)
def test_a_limit_range_gives_limits(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, old: str, new: str, counts: bool
) -> None:
    files = {
        "web/base/web.yaml": manifest("web"),
        "web/base/kustomization.yaml": "resources: [web.yaml]\n",
        "web/one/kustomization.yaml": "namespace: shop\nresources: [../base]\n",
        "web/two/kustomization.yaml": "namespace: shop\nresources: [../base]\n",
        f"{path}/limits.yaml": GIVEN.replace(old, new),
        f"{path}/kustomization.yaml": "namespace: shop\nresources:\n  - limits.yaml\n".replace(old, new),
    }
    lay(tmp_path, monkeypatch, files)
    assert bool(counted(run, "memory-limit-missing")) is counts
    files["web/two/kustomization.yaml"] = "namespace: market\nresources: [../base]\n"
    lay(tmp_path, monkeypatch, files)
    assert counted(run, "memory-limit-missing")
