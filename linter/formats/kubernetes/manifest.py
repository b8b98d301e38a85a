"""A manifest: one object of the Kubernetes API, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes import ai_setting
from linter.formats.kubernetes.ai_device import DeviceRequest, device_requests
from linter.formats.kubernetes.ai_setting import Setting
from linter.formats.kubernetes.ai_workload import AiWorkload
from linter.formats.kubernetes.api_fields import slips
from linter.formats.kubernetes.apis import ApiRemoval
from linter.formats.kubernetes.constraints import are_of_driver
from linter.formats.kubernetes.deployed import DASHBOARD, TILLER, signs
from linter.formats.kubernetes.karpenter import NodePool
from linter.formats.kubernetes.kinds import Template, pod_templates
from linter.formats.kubernetes.nodedata import NodeData
from linter.formats.kubernetes.part import (
    Entry,
    Metadata,
    Part,
    both,
    either,
    known,
    negate,
    same,
    unsure,
    written_name,
)
from linter.formats.kubernetes.pod import PodSpec
from linter.formats.kubernetes.selectors import selects
from linter.formats.launchers.script import HOLE
from linter.formats.model import Place, fact, field, remembered
from linter.formats.node import Step
from linter.formats.nodemodel import NodeModel, locate_node
from linter.patterns import lazy_regex

# `app: XXX`, which the program replaces that has the manifest among its files
_FILLED_IN = lazy_regex(r"X{3,}")


class LabelSelector(Part):
    """Which labels an object must have."""

    matchLabels: dict[str, str] = field(None, "labels that must be equal")
    matchExpressions: list[Any] = field(None, "further conditions")


class Strategy(Part):
    """How old pods are replaced by new ones."""

    type: str = field("RollingUpdate", "RollingUpdate, Recreate or OnDelete")
    rollingUpdate: Any = field(None, "how many at a time")


class WorkloadSpec(Part):
    """Fields that workload kinds of the Kubernetes API have beside their pod template."""

    replicas: int | None = field(None, "number of pods; unset means one, or what an autoscaler says")
    selector: Any = field(None, "labels of the pods that it owns")
    strategy: Strategy = field(None, "of a Deployment: how pods are replaced")
    updateStrategy: Strategy = field(None, "of a DaemonSet or StatefulSet: how pods are replaced")
    serviceName: str | None = field(None, "of a StatefulSet: its headless Service")
    podManagementPolicy: str = field("OrderedReady", "of a StatefulSet: OrderedReady or Parallel")
    parallelism: int | None = field(None, "of a Job: pods at a time")
    completions: int | None = field(None, "of a Job: pods that must succeed")
    backoffLimit: int | None = field(None, "of a Job: retries; unset means 6")
    ttlSecondsAfterFinished: int | None = field(None, "of a Job: seconds until it is deleted")
    activeDeadlineSeconds: int | None = field(None, "of a Job: seconds until it is ended")
    schedule: str | None = field(None, "of a CronJob: when")
    concurrencyPolicy: str = field("Allow", "of a CronJob: Allow, Forbid or Replace")
    startingDeadlineSeconds: int | None = field(None, "of a CronJob: how late it may start")
    suspend: bool | None = field(None, "of a CronJob: whether its schedule starts nothing for now")
    jobTemplate: Any = field(None, "of a CronJob: its Job")


_INGRESS_NGINX = lazy_regex(
    r"(?:^|/)ingress-nginx/(?:controller|nginx-ingress-controller)\b|nginx-ingress-controller"
)
# where projects keep what kustomize completes; `controller:latest` in config/manager is kubebuilder's own
_KUSTOMIZE_FOLDER = lazy_regex(
    r"(?:^|/)(?:bases?|overlays?|components?|kustomize|kustomization|config/(?!samples?/|examples?/|testdata/)[\w.-]+)/"
)
_YTT = lazy_regex(r"(?m)^[ \t]*#@ ")
_LABEL = lazy_regex(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?\Z")
CLUSTER_KINDS = frozenset(
    (
        "ClusterRole",
        "ClusterRoleBinding",
        "Namespace",
        "Node",
        "PersistentVolume",
        "StorageClass",
        "CustomResourceDefinition",
        "PriorityClass",
        "RuntimeClass",
        "IngressClass",
        "GatewayClass",
        "ClusterTrainingRuntime",
        "ClusterServingRuntime",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
        "APIService",
        "CSIDriver",
        "PodSecurityPolicy",
    )
)


_BORN_IN_DEFAULT = frozenset(
    (
        ("Service", "kubernetes"),
        ("Endpoints", "kubernetes"),
        ("EndpointSlice", "kubernetes"),
        ("ServiceAccount", "default"),
    )
)


# `${NAME}`, `$name`, `{region}`, `<name>`: something fills it in before the API sees it
_TO_FILL = lazy_regex(r"\$\{|\$\(\w|^\$\w|\{[a-zA-Z_][\w.-]*\}|<[a-zA-Z][\w -]*>|^%\w+%$|^@\w+@$|^__\w+__$")


def _bad_label(value: Any) -> bool:
    if isinstance(value, str) and value and not value.strip("-_."):
        return False  # what joins parts that are not here, as a chart's without its dependencies
    return isinstance(value, str) and not _is_label(value) and _TO_FILL.search(value) is None


@lru_cache(maxsize=4096)
def _is_label(value: str) -> bool:
    return _LABEL.match(value.replace(HOLE, "x")) is not None


class Manifest(NodeModel):
    """An object of the Kubernetes API."""

    apiVersion: str | None = field(None, "API group and version")
    kind: str | None = field(None, "kind of object")
    metadata: Metadata = field(None, "name, namespace, labels, annotations")

    templates: list[Template] | None = None  # its pod templates, when whoever made it has looked

    @remembered
    def type_key(self) -> str:
        return self.kind if isinstance(self.kind, str) else ""

    @remembered
    def address(self) -> str:
        meta = self.metadata
        name = meta.name if isinstance(meta.name, str) else meta.generateName
        space = f"{meta.namespace}/" if isinstance(meta.namespace, str) and meta.namespace else ""
        known = name.replace("\ufffc", "?") if isinstance(name, str) else "?"
        return f"{space}{self.type_key or '?'}/{known}"

    @fact(at="apiVersion")
    def group(self) -> str:
        """API group, '' for the core group."""
        api = self.apiVersion
        return UNKNOWN if unsure(api) else (api or "").rpartition("/")[0]

    @fact
    def deletes(self) -> bool:
        """Whether it is a patch that takes an object away (`$patch: delete`), and no object."""
        directive = self.node.get("$patch") if self.node is not None else None
        return directive is not None and directive.string() == "delete"

    @fact(at="apiVersion")
    def version(self) -> str:
        """Version of the API group, such as v1beta1."""
        api = self.apiVersion
        return UNKNOWN if unsure(api) else (api or "").rpartition("/")[2]

    @fact
    def modelUris(self) -> list[Setting]:
        """Addresses of models in it."""
        return ai_setting.model_uris(self)

    @fact
    def quotaSlips(self) -> list[Setting]:
        """Of a ResourceQuota: keys that name an accelerator in a way that limits nothing."""
        return ai_setting.quota_slips(self)

    @fact
    def openPolicies(self) -> list[Setting]:
        """Of an Istio AuthorizationPolicy: empty rules that let anyone reach an AI workload."""
        return ai_setting.open_policies(self)

    @fact
    def rayDoors(self) -> list[Setting]:
        """What in it lets the outside reach a Ray head."""
        return ai_setting.ray_doors(self)

    @fact
    def httpOnlyGateway(self) -> bool:
        """Of a Gateway of the Gateway API: whether no listener has TLS, and its class is not an internal one."""
        return ai_setting.http_only_gateway(self)

    @fact
    def toolkitEnvClosed(self) -> bool:
        """Of a ClusterPolicy: whether unprivileged containers can't take GPUs by a variable."""
        return ai_setting.toolkit_env_closed(self)

    @fact(at="body.users")
    def ofDriver(self) -> bool:
        """Of SecurityContextConstraints: whether one account of a driver or agent of the nodes alone may use them."""
        return are_of_driver(self.node, self.document.text)

    @fact
    def nodePool(self) -> NodePool:
        """Of a Karpenter NodePool: what concerns accelerators."""
        return NodePool(self)

    @fact
    def nodeData(self) -> NodeData:
        """Of the objects that collectors of node data write: what they saw on a node."""
        return NodeData(self)

    @fact
    def deviceRequests(self) -> list[DeviceRequest]:
        """Of a device claim: what it requests."""
        return device_requests(self)

    @fact
    def body(self) -> Any:
        """The whole object, untyped; for kinds that have no model."""
        return self.node.plain() if self.node is not None else UNKNOWN

    @fact
    def name(self) -> str:
        """The name for messages; '?' when there is none."""
        own = written_name(self.metadata, "name")
        return own if own != "?" else written_name(self.metadata, "generateName")

    @fact
    def apiEnd(self) -> ApiRemoval:
        """When its API version was deprecated and removed, and what replaces it."""
        return ApiRemoval(self)

    @fact
    def apiSlips(self) -> list[Entry]:
        """Fields that its kind does not have, or whose values are of another sort, by the table of the API."""
        return slips(self)

    @fact
    def badLabels(self) -> list[Entry]:
        """Labels, its own and its pods', whose values the API server refuses."""
        name = self.metadata.name
        if isinstance(name, str) and (not name or " " in name):
            return []  # no object of Kubernetes, but another program's file of like form, or a sketch
        owners = [self.metadata]
        owners += [pod.metadata for pod in self.pods if pod.template and pod.template.steps != ("spec",)]
        return [
            Entry(owner, ("labels", key), key, value)
            for owner in owners
            if owner.has("labels") is not False and owner.labels is not UNKNOWN
            for key, value in owner.labels.items()
            if _bad_label(value)
        ]

    @fact
    def ingressNginx(self) -> list[Entry]:
        """Where it deploys or asks for the retired ingress-nginx controller."""
        found = [
            Entry(container, ("image",), "image", container.image)
            for pod in self.pods
            for container in pod.known_containers
            if isinstance(container.image, str)
            and "nginx" in container.image
            and _INGRESS_NGINX.search(container.image)
        ]
        spec = self.node.get("spec") if self.node is not None and self.type_key == "IngressClass" else None
        controller = spec.get("controller") if spec is not None else None
        if controller is not None and controller.string() == "k8s.io/ingress-nginx":
            found.append(Entry(self, ("body", "spec", "controller"), "controller", "k8s.io/ingress-nginx"))
        return found

    @fact
    def tiller(self) -> list[Entry]:
        """Where it deploys or serves Tiller, the server part of Helm 2."""
        return signs(self, TILLER)

    @fact
    def dashboard(self) -> list[Entry]:
        """Where it deploys or serves the Kubernetes dashboard."""
        return signs(self, DASHBOARD)

    @fact
    def isDefaultNamespace(self) -> bool:
        """Whether its namespace is explicitly `default`."""
        return UNKNOWN if unsure(self.metadata.namespace) else self.metadata.namespace == "default"

    @fact
    def bornInDefault(self) -> bool:
        """Whether it is an object that the API server itself makes in the default namespace."""
        return (
            UNKNOWN if unsure(self.metadata.name) else (self.type_key, self.metadata.name) in _BORN_IN_DEFAULT
        )

    @fact
    def controlPlane(self) -> bool:
        """Whether it is a component of the control plane, by the labels that kubeadm gives it."""
        labels = (self.metadata.entry("labels", "tier"), self.metadata.entry("labels", "component"))
        return same(labels[0], "control-plane") and known(labels[1])

    @fact
    def helmTest(self) -> bool:
        """Whether Helm runs it for `helm test` alone."""
        hook = self.metadata.entry("annotations", "helm.sh/hook")
        return isinstance(hook, str) and hook.split(",")[0].strip().startswith("test")

    @fact
    def onCloudRun(self) -> bool:
        """Whether Google's Cloud Run runs it, a Knative Service with its annotations: it takes no security context and
        limits the memory of each container."""
        if not str(self.apiVersion).startswith("serving.knative.dev/"):
            return False
        return any(
            key.startswith("run.googleapis.com/")
            for owner in (self.metadata, *(pod.metadata for pod in self.pods))
            if owner.annotations is not UNKNOWN
            for key in owner.annotations
        )

    @fact
    def hook(self) -> bool:
        """Whether Helm or Argo CD runs it once, around an installation."""
        keys = ("helm.sh/hook", "argocd.argoproj.io/hook")
        return any(isinstance(self.metadata.entry("annotations", key), str) for key in keys)

    @fact
    def retagged(self) -> bool:
        """Whether kustomize or kbld replaces its image tags: not known where its folder is one that kustomize builds
        from, or its file a template of ytt."""
        if _YTT.search(self.document.text.text) is not None:
            return UNKNOWN
        return UNKNOWN if _KUSTOMIZE_FOLDER.search(self.document.path) else False

    @fact
    def namespaced(self) -> bool:
        """Whether objects of its kind live in a namespace; true for kinds that we do not know."""
        return self.type_key not in CLUSTER_KINDS

    @fact
    def pods(self) -> list[PodSpec]:
        """Its pod specs, by the table of kinds."""
        if self.node is None:
            return []
        return [
            PodSpec(self.document, template.spec, self, None, template=template)
            for template in (self.templates if self.templates is not None else pod_templates(self.node))
        ]

    @fact
    def windows(self) -> bool:
        """Whether any of its pods runs on Windows."""
        return any(pod.windows is True for pod in self.pods)

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "body" and self.node is not None:
            return locate_node(self.node, steps[1:])
        return super().locate(steps)

    def place(self) -> Place:
        return Place(self.node.entry_span("kind")) if self.node is not None else super().place()


class Workload(Manifest):
    """An object that carries pods."""

    spec: WorkloadSpec = field(None, "what it should be")

    @fact
    def switchedOff(self) -> bool:
        """Whether it says that it has no pods at all; False where its number is not known."""
        return isinstance(self.spec.replicas, int) and self.spec.replicas == 0

    @fact
    def ai(self) -> AiWorkload:
        """What it asks for as a whole, if it is an AI workload."""
        return AiWorkload(self)

    @fact
    def native(self) -> bool:
        """Whether its kind is one of the Kubernetes API itself."""
        return self.group in ("", "apps", "batch", "extensions")

    @fact(at="spec.serviceName")
    def headless(self) -> bool:
        """Of a StatefulSet: whether it names a Service, which must be headless where its file shows it. Not known of a
        patch, which has no pods of its own."""
        from linter.formats.kubernetes.network import Service

        if not self.pods:
            return UNKNOWN
        name = self.spec.serviceName
        if not name or unsure(name):
            return UNKNOWN if unsure(name) else False
        services = [
            m for m in self.document.root.manifests if isinstance(m, Service) and m.metadata.name == name
        ]
        return either(not services, *(self._governed_by(service) for service in services))

    def _governed_by(self, service: Any) -> Any:
        address, selector = service.spec.clusterIP, service.spec.selector
        if not self.pods or unsure(address, selector):
            return UNKNOWN
        metadata = self.pods[0].metadata
        fits = selects(selector, lambda key: metadata.entry("labels", key)) if selector else True
        return both(address == "None", fits)

    @fact(at="spec.selector")
    def selectorMismatch(self) -> bool:
        """Whether its selector asks for labels that its own pod template does not have."""
        selector = self.spec.selector if self.type_key != "CronJob" else self._selector_of_jobs
        if not isinstance(selector, dict) or not self.pods:
            return UNKNOWN if selector is UNKNOWN else False
        wanted = selector.get("matchLabels")
        if isinstance(wanted, dict) and any(_FILLED_IN.fullmatch(str(value)) for value in wanted.values()):
            return UNKNOWN
        metadata = self.pods[0].metadata
        if unsure(metadata.labels):
            return UNKNOWN
        return negate(selects(selector, lambda key: metadata.entry("labels", key)))

    @property
    def _selector_of_jobs(self) -> Any:
        spec = self.spec.jobTemplate
        for step in ("spec", "selector"):
            if spec is UNKNOWN:
                return UNKNOWN
            spec = spec.get(step) if isinstance(spec, dict) else None
        return spec
