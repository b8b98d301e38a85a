"""What the Kubernetes models say, and where."""

from __future__ import annotations

from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.accelerator import quantity as amount
from linter.formats.kubernetes import FORMAT
from linter.formats.kubernetes.probe import valid_port_name
from linter.formats.kubernetes.resources import same_quantity
from linter.formats.kubernetes.selectors import selects
from linter.formats.kubernetes.volume import normal_path

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: vllm
  namespace: serving
spec:
  selector:
    matchLabels: {app: vllm}
  template:
    metadata:
      labels: {app: vllm}
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: {type: RuntimeDefault}
      initContainers:
        - name: proxy
          image: envoyproxy/envoy:v1.31.0
          restartPolicy: Always
        - name: fetch
          image: alpine:3.20
      containers:
        - name: server
          image: vllm/vllm-openai:v0.9.1
          args: [--model, acme/model, --port=8000]
          securityContext:
            runAsUser: 2000
          resources:
            limits: {memory: 32Gi}
          volumeMounts:
            - {name: models, mountPath: /models/}
      volumes:
        - name: models
          hostPath: {path: /var/lib/kubelet/../docker/}
"""


def test_containers_and_their_roles(read: Any) -> None:
    pod = read(DEPLOYMENT).root.manifests[0].pods[0]
    seen = {c.name: (c.role, c.sidecar, c.runs) for c in pod.known_containers}
    assert seen == {
        "proxy": ("init", True, True),
        "fetch": ("init", False, False),
        "server": ("app", False, True),
    }


ANNOTATED = """\
apiVersion: v1
kind: Pod
metadata:
  name: collector
  annotations:
    container.apparmor.security.beta.kubernetes.io/collector: unconfined
    seccomp.security.alpha.kubernetes.io/pod: unconfined
spec:
  containers:
    - name: collector
      image: registry.example.org/collector:1.0
    - name: proxy
      image: registry.example.org/proxy:1.0
"""


def test_what_annotations_say_of_profiles_stands_there(read: Any, shown: Any) -> None:
    collector, proxy = read(ANNOTATED).root.manifests[0].pods[0].containers
    own = "container.apparmor.security.beta.kubernetes.io/collector: unconfined"
    assert shown(collector.effective, ("appArmorType",)) == own
    assert shown(proxy.effective, ("appArmorType",)) == "name: proxy"
    for container in (collector, proxy):
        assert (
            shown(container.effective, ("seccompType",))
            == "seccomp.security.alpha.kubernetes.io/pod: unconfined"
        )


def test_addresses_have_no_line_numbers(read: Any) -> None:
    pod = read(DEPLOYMENT).root.manifests[0].pods[0]
    assert pod.containers[0].address == "serving/Deployment/vllm#/spec/template/spec/containers/server"
    assert pod.volumes[0].address == "serving/Deployment/vllm#/spec/template/spec/volumes/models"


def test_effective_values_are_the_containers_own_or_the_pods(read: Any, shown: Any) -> None:
    pod = read(DEPLOYMENT).root.manifests[0].pods[0]
    server, fetch = pod.containers[0], pod.initContainers[1]
    assert (server.effective.runAsUser, fetch.effective.runAsUser) == (2000, 1000)
    assert shown(server.effective, ("runAsUser",)) == "runAsUser: 2000"
    assert shown(fetch.effective, ("runAsUser",)) == "runAsUser: 1000"
    assert shown(server.effective, ("seccompType",)) == "type: RuntimeDefault"
    assert shown(server.effective, ("appArmorType",)) == "securityContext"  # set nowhere
    assert server.effective.appArmorType is None
    assert not server.runsAsRoot


def test_absent_fields_point_at_the_nearest_parent(read: Any, shown: Any) -> None:
    workload = read(DEPLOYMENT).root.manifests[0]
    pod = workload.pods[0]
    assert shown(workload) == "kind: Deployment"
    assert shown(pod, ("hostNetwork",)) == "spec"
    assert shown(pod.initContainers[1], ("securityContext", "privileged")) == "name: fetch"
    assert shown(pod.containers[0], ("resources", "requests")) == "resources"


def test_limits_count_as_requests(read: Any) -> None:
    server = read(DEPLOYMENT).root.manifests[0].pods[0].containers[0]
    assert (server.memoryRequested, server.memoryLimited, server.cpuRequested) == (True, True, False)


def test_words_and_flags(read: Any, shown: Any) -> None:
    server = read(DEPLOYMENT).root.manifests[0].pods[0].containers[0]
    assert server.flags == {"model": "acme/model", "port": "8000"}
    assert shown(server, ("flags", "port")) == "--port=8000"
    assert shown(server, ("words", 1)) == "acme/model"


def test_mounts_know_their_volumes(read: Any) -> None:
    server = read(DEPLOYMENT).root.manifests[0].pods[0].containers[0]
    path = server.volumeMounts[0].volume.hostPath
    assert (path.normal, path.sensitive, path.runtimeSocket) == ("/var/lib/docker", True, False)
    assert server.mount_at("/models/llama/weights").name == "models"
    assert server.mount_at("/other") is None


@pytest.mark.parametrize(
    ("path", "sensitive", "socket"),
    [
        ("/", True, False), ("/etc/", True, False), ("/etc/kubernetes", True, False), ("/etc/localtime", False, False),
        ("/dev", True, False), ("/dev/shm", False, False), ("/var/run/docker.sock", True, True), ("/run", True, True),
        ("/run/containerd", True, True), ("/mnt/models", False, False), ("/mnt/../etc", True, False),
        ("/data/docker.sock", False, True), ("/run/udev", False, False), ("/run/log/journal", False, False),
    ],
)  # fmt: skip
def test_host_paths(read: Any, path: str, sensitive: bool, socket: bool) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: b}]\n"
    volume = (
        read(text + f"  volumes: [{{name: v, hostPath: {{path: {path}}}}}]\n")
        .root.manifests[0]
        .pods[0]
        .volumes[0]
    )
    assert (volume.hostPath.sensitive, volume.hostPath.runtimeSocket) == (sensitive, socket)


def test_lists_and_json_and_several_documents(read: Any) -> None:
    item = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}'
    text = '{"apiVersion": "v1", "kind": "List", "items": [' + item % "a" + ", " + item % "b" + "]}"
    assert [m.name for m in read(text, "x.json").root.manifests] == ["a", "b"]
    assert [
        m.name for m in read("---\n" + item % "a" + "\n---\n# nothing\n---\n" + item % "b").root.manifests
    ] == ["a", "b"]


def test_what_is_no_object_is_left_out(read: Any) -> None:
    assert read("replicaCount: 1\nimage:\n  tag: x\n", "values.yaml").root.manifests == []


def test_a_file_of_which_nothing_can_be_read_raises(read: Any) -> None:
    with pytest.raises(UnreadableError):
        read("apiVersion: v1\nkind: [Pod\n")


def test_a_patch_is_open(read: Any) -> None:
    patch = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
        "spec:\n  template:\n    spec:\n      nodeName: x\n"
    )
    pod = read(patch).root.manifests[0].pods[0]
    assert pod.hostNetwork is UNKNOWN
    assert pod.nodeName == "x"
    overlay = patch.replace("nodeName: x", "containers: [{name: c}]")
    assert (
        read(overlay, "overlays/gpu/deployment.yaml").root.manifests[0].pods[0].containers[0].image is UNKNOWN
    )
    assert read(overlay, "deployment.yaml").root.manifests[0].pods[0].containers[0].image is UNKNOWN
    owner = overlay.replace("spec:\n  template", "spec:\n  selector: {matchLabels: {a: b}}\n  template")
    assert read(owner, "deployment.yaml").root.manifests[0].pods[0].containers[0].image is None


def test_bodies_of_resource_definitions_are_not_read(read: Any) -> None:
    text = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec:\n  x: [\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
    )
    document = read(text)
    assert [m.name for m in document.root.manifests] == ["a", "b"]
    assert document.problems == []


def test_an_unknown_or_wrong_api_version_does_not_hide_the_pods(read: Any) -> None:
    for api in ("v1", "{{ .Values.api }}"):
        assert read(DEPLOYMENT.replace("apps/v1", api)).root.manifests[0].pods


ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NAME}
rules:
  - apiGroups: GROUPS
    resources: RESOURCES
    verbs: VERBS
"""


@pytest.mark.parametrize(
    ("groups", "resources", "verbs", "facts"),
    [
        ('[""]', "[secrets]", "[list]", {"readsSecrets"}),
        ('[""]', '["*"]', "[get]", {"readsSecrets", "execsByReading", "proxiesNodes", "wildcard"}),
        ('[""]', "[pods/attach]", "[get, list]", {"execsByReading"}),
        ('[""]', "[pods/exec]", "[get, create]", {"execs"}),
        ('[""]', "[pods/exec]", "[list, watch]", set()),
        ('[""]', '["pods/*"]', "[create]", {"execs", "forwards"}),
        ('["*"]', '["*/exec"]', "[create]", {"execs", "wildcard"}),
        ("[apps]", "[secrets]", "[list]", set()),
        ('[""]', "[pods]", '["*"]', {"wildcard", "createsPods", "deletesWorkloads"}),
        ("[rbac.authorization.k8s.io]", "[clusterroles]", "[bind]", {"binds"}),
    ],
)
def test_access_rules_expand_wildcards(
    read: Any, groups: str, resources: str, verbs: str, facts: set[str]
) -> None:
    text = ROLE.replace("GROUPS", groups).replace("RESOURCES", resources).replace("VERBS", verbs)
    rule = read(text.replace("NAME", "a")).root.manifests[0].rules[0]
    asked = (
        "readsSecrets",
        "execs",
        "execsByReading",
        "forwards",
        "proxiesNodes",
        "wildcard",
        "createsPods",
        "deletesWorkloads",
        "binds",
    )
    assert {name for name in asked if getattr(rule, name) is True} == facts
    builtin = read(text.replace("NAME", "'system:node'")).root.manifests[0].rules[0]
    assert builtin.readsSecrets is False
    called = read(text.replace("NAME", "'system:mine'")).root.manifests[0].rules[0]
    assert called.readsSecrets is rule.readsSecrets  # anybody may write `system:`


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("ClusterRole", "cluster-admin", False),
        ("ClusterRole", "system:node", True),  # of the API server's own only cluster-admin allows everything
        ("ClusterRole", "mine", True),
        ("ClusterRole", "'{{ .Values.name }}'", True),
        ("Role", "cluster-admin", True),
    ],
)
def test_the_servers_own_role_may_do_everything(read: Any, kind: str, name: str, told: bool) -> None:
    text = (
        ROLE.replace("GROUPS", "['*']")
        .replace("RESOURCES", "['*']")
        .replace("VERBS", "['*']")
        .replace("NAME", name)
    )
    rule = read(text.replace("kind: ClusterRole", f"kind: {kind}")).root.manifests[0].rules[0]
    assert rule.fullWildcard is told


def test_secrets_are_sensitive(read: Any) -> None:
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: YWJjZGVm}\nstringData: {p: hunter22}\n"
    )
    assert read(text).sensitive == {"YWJjZGVm", "hunter22"}


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("1", 1),
        ("500m", 0.5),
        ("1Ki", 1024),
        ("2k", 2000),
        ("1.5Gi", 1.5 * 2**30),
        ("1e3", 1000),
        ("x", None),
        ("1Q", None),
    ],
)
def test_quantities(quantity: str, number: float | None) -> None:
    found = amount(quantity)
    assert (None if found is None else float(found)) == number


def test_equal_quantities() -> None:
    assert same_quantity("1", "1000m")
    assert same_quantity("1Gi", "1024Mi")
    assert not same_quantity("1G", "1Gi")


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ({"app": "a"}, True), ({"app": "b"}, False), ({}, True), ({"matchLabels": {"app": "a"}}, True), (None, UNKNOWN),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}, True),
        ({"app": UNKNOWN}, UNKNOWN),
    ],
)  # fmt: skip
def test_selectors(selector: Any, fits: Any) -> None:
    assert selects(selector, {"app": "a"}.get) is fits


@pytest.mark.parametrize(
    ("name", "valid"), [("http", True), ("h2c-1", True), ("80", False), ("a_b", False), ("a" * 16, False)]
)
def test_port_names(name: str, valid: bool) -> None:
    assert valid_port_name(name) is valid


@pytest.mark.parametrize(
    ("path", "normal"), [("/a/../b/", "/b"), ("//a", "/a"), ("a", "a"), (None, None), (UNKNOWN, UNKNOWN)]
)
def test_paths(path: Any, normal: Any) -> None:
    assert normal_path(path) is normal or normal_path(path) == normal


def test_metadata_that_a_template_has_not_stands_where_the_pod_does(read: Any) -> None:
    document = read("apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec: {containers: []}\n")
    ((pod, *_),) = next(kind for kind in FORMAT.subjects if kind.name == "pod").iterate(document)
    for steps in (("metadata",), ("metadata", "labels"), ("metadata", "labels", "app")):
        assert pod.locate(steps).absent
        assert pod.locate(steps).span == pod.place().span


def test_rules_of_a_policy_that_is_a_patch(read: Any) -> None:
    """Its types may be others than those written: the rules of both directions are looked at."""
    text = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
        "spec:\n  podSelector: {}\n  ingress: [{from: [{podSelector: {}}]}]\n  egress: [{}]\n  policyTypes: [Ingress]\n"
    )
    kind = next(kind for kind in FORMAT.subjects if kind.name == "policyrule")
    assert len(list(kind.iterate(read(text)))) == 1
    assert len(list(kind.iterate(read(text, "overlays/policy.yaml")))) == 2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("crd/bases/users.yaml", True),
        ("crd/patches/cainjection_in_users.yaml", False),
        ("config/default/webhook_patch.yaml", False),
        ("dispatch/users.yaml", True),
        ("crd/users-v1beta1.yaml", False),
    ],
)
def test_the_api_version_of_a_patch_is_told_where_the_whole_object_is(
    read: Any, path: str, told: bool
) -> None:
    text = "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\n"
    ((manifest, *_),) = next(kind for kind in FORMAT.subjects if kind.name == "manifest").iterate(
        read(text, path)
    )
    assert manifest.apiEnd.known
    assert manifest.apiEnd.chosen is not told
    assert manifest.apiEnd.guarded is False  # an id of a peer finds it, whatever the file is called


def test_a_container_without_a_name_is_called_by_its_image(read: Any) -> None:
    text = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: hello}
spec:
  template:
    spec:
      containers:
        - image: quay.io/acme/hello:0.0.2
        - resources: {}
"""
    (pod,) = read(text).root.manifests[0].pods
    assert [container.title for container in pod.containers] == ["hello", "?"]
