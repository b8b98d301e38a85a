"""What a file's objects say to the objects of other files, as plain data: see `project`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN, UnknownTruth
from linter.formats.document import Document
from linter.formats.kubernetes import admission, ai_records
from linter.formats.kubernetes.bindings import Binding
from linter.formats.kubernetes.doors import doors
from linter.formats.kubernetes.ingressreleases import FORCES, RELEASING, released_controller
from linter.formats.kubernetes.limitranges import limited_resources
from linter.formats.kubernetes.manifest import Manifest, Workload
from linter.formats.kubernetes.network import Ingress, NetworkPolicy, Service
from linter.formats.kubernetes.objects import (
    ConfigMap,
    HorizontalPodAutoscaler,
    LimitRange,
    Namespace,
    PodDisruptionBudget,
    Secret,
    ServiceAccount,
)
from linter.formats.kubernetes.part import known_items, same, unsure, written
from linter.formats.kubernetes.rbac import READ, SENSITIVE, Role
from linter.formats.kubernetes.related import SCALER
from linter.formats.kubernetes.rights import AGGREGATES
from linter.formats.kubernetes.showing import only_shows
from linter.formats.kubernetes.wholenode import parts_for_node, parts_in_vain, pods_entered
from linter.formats.node import MAP, Step
from linter.formats.records import Data, record

Fields = dict[str, Any]
Places = Mapping[str, Sequence[Step]]
Describe = Callable[[Any], Iterator[tuple[str, Fields, Places]]]
_ENFORCE = "pod-security.kubernetes.io/enforce"
_LONGEST_NAME = 500  # characters, as a template writes it
_SCALERS = ("ScaledObject", "HTTPScaledObject", "PodAutoscaler")
_ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")


def records(document: Document) -> list[Data]:
    """The records of a document's objects."""
    found = []
    for manifest in document.root.manifests:
        told = _told(_describe, manifest) + _told(ai_records.describe, manifest)
        if not told:
            continue
        meta = manifest.metadata
        common = {"kind": manifest.kind, "name": meta.name, "namespace": meta.namespace}
        if not isinstance(meta.name, str):
            common["title"] = manifest.name
        home = manifest.place()
        for kind, fields, places in told:
            found.append(record(kind, manifest, document.path, fields | common, places, home))
    return found


def _told(describe: Describe, manifest: Manifest) -> list[tuple[str, Fields, Places]]:
    """What `describe` says of an object; nothing when that depends on something unknown."""
    try:
        return list(describe(manifest))
    except UnknownTruth:
        return []


def _describe(manifest: Manifest) -> Iterator[tuple[str, Fields, Places]]:
    if manifest.type_key == "InferencePool":
        spec = manifest.body.get("spec") if isinstance(manifest.body, dict) else None
        yield "k8s-pool", {"selector": spec.get("selector") if isinstance(spec, dict) else UNKNOWN}, {}
        return
    if manifest.type_key in _SCALERS:
        yield SCALER, {}, {}
    for model, describe in _DESCRIBERS:
        if isinstance(manifest, model):
            yield from describe(manifest)
            return
    if manifest.type_key in _ROUTES:
        yield "k8s-route", {"backends": _route_backends(manifest.body)}, {}
    elif manifest.type_key in ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
        if not _is_empty(manifest.body):
            yield "k8s-policy", {"selector": _cilium_selector(manifest.body)}, {"selector": ("body", "spec")}
    elif manifest.type_key == "PodSecurityPolicy":
        found = admission.admitted(manifest.body)
        yield "k8s-psp", {"admits": found}, {name: ("body", "spec", name) for name in found}
    elif manifest.type_key in admission.HOOKS:
        yield "k8s-webhook", {"ofNamespaces": admission.looks_at_namespaces(manifest.body)}, {}
    elif manifest.type_key in RELEASING:
        if (released := released_controller(manifest.body)) is not None:
            yield "k8s-ingress-controller", released, {}
    elif manifest.type_key == "ServiceMonitor":
        spec = manifest.body.get("spec") if isinstance(manifest.body, dict) else None
        selector = spec.get("selector") if isinstance(spec, dict) else UNKNOWN
        yield "k8s-monitor", {"selector": selector}, {"selector": ("body", "spec", "selector")}


def _is_empty(body: Any) -> bool:
    """Whether a CiliumNetworkPolicy has a list of policies in which none is."""
    return isinstance(body, dict) and body.get("specs") == [] and not body.get("spec")


def _cilium_selector(body: Any) -> Any:
    """The pods of a CiliumNetworkPolicy; UNKNOWN for `specs`, nodes and Cilium's own labels."""
    spec = body.get("spec") if isinstance(body, dict) else None
    selector = spec.get("endpointSelector") if isinstance(spec, dict) else None
    if not isinstance(selector, dict):
        return UNKNOWN
    labels, expressions = selector.get("matchLabels") or {}, selector.get("matchExpressions") or []
    if not isinstance(labels, dict) or not isinstance(expressions, list):
        return UNKNOWN
    if not all(isinstance(expression, dict) for expression in expressions):
        return UNKNOWN
    plain = {_cilium_label(key): value for key, value in labels.items()}
    asked = [{**expression, "key": _cilium_label(expression.get("key"))} for expression in expressions]
    keys = (*plain, *(expression["key"] for expression in asked))
    own = any(key.startswith(("reserved:", "io.kubernetes.", "io.cilium.")) for key in keys)
    return UNKNOWN if own else {"matchLabels": plain, "matchExpressions": asked}


def _cilium_label(key: Any) -> str:
    return str(key).removeprefix("k8s:").removeprefix("any:")


def _reads_secrets_alone(rule: Any) -> bool:
    """Whether a rule of a role gives nothing but to read Secrets."""
    words = ((rule.resources, ("secrets",)), (rule.verbs, READ))
    return all(not unsure(given) and bool(given) and set(given) <= set(known) for given, known in words)


_TEMPLATED = frozenset(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"))
_SCHEDULED = frozenset(("CronJob", "CronWorkflow"))  # a queue goes on with other jobs that are suspended


def _workload(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    pods = manifest.pods
    labels = [UNKNOWN if unsure(pod.metadata.labelsOpen) else pod.labels for pod in pods]
    if not labels and manifest.type_key in _TEMPLATED:
        labels = [UNKNOWN, *_selected_labels(manifest)]  # a Helm template writes the template of its pods
    fields = {
        "pods": labels,
        "accounts": [pod.account for pod in pods],
        "tokens": [pod.automountServiceAccountToken for pod in pods],
        "replicas": manifest.spec.replicas,
        "suspended": manifest.spec.suspend if manifest.type_key in _SCHEDULED else None,
        "references": [reference for pod in pods for reference in _references(pod)],
        "service": manifest.spec.serviceName,
        "doors": [doors(pod) for pod in pods],
        "service_lifetime": any(pod.lifetime == "service" for pod in pods),
        "images": _images(pods),
        "as_others": _run(pods, as_others=True),
        "maybe_root": _run(pods, as_others=False) or _run_unseen(manifest),
        "shown": _names(pods, only_shows),
        "started": _names(pods, _is_asked_at_start),
        "restarted": _names(pods, _is_asked_on),
        "in_vain": [part for pod in pods for part in parts_in_vain(pod)],
        "entered": pods_entered(pods),
        "for_node": parts_for_node(pods),
        "api_gone": manifest.apiEnd.gone and not manifest.deletes,
    }
    # only what is written is looked up: this runs for every workload of a scan
    places = {"replicas": ("spec", "replicas")} if fields["replicas"] is not None else {}
    yield "k8s-workload", fields, places


def _images(pods: Sequence[Any]) -> dict[str, str]:
    """The images of containers as written, by the container's name."""
    return {
        container.name: container.imageRef.written
        for pod in pods
        for container in pod.known_containers
        if isinstance(container.name, str) and container.image is not None
    }


def _run(pods: Sequence[Any], *, as_others: bool) -> list[str]:
    """The images, as written, that surely run as a user other than root, or those that may not; of one that is not
    known, its container's name, which most often is the same."""
    containers = (one for pod in pods for one in pod.known_containers if _is_run(one))
    found = (_image_of(one) for one in containers if (one.runsAsRoot is False) is as_others)
    return sorted({name for name in found if isinstance(name, str)})


def _is_run(container: Any) -> bool:
    """Whether it is more than a patch of one, which names no image, unless that is for root; what a Helm template
    writes a container into may name it."""
    written = container.node is not None and container.node.get("image") is not None
    as_root = same(container.effective.runAsUser, 0) is True
    return written or as_root or "/templates/" in container.document.path


def _run_unseen(manifest: Any) -> list[str]:
    """What stands for the images of a workload of which a Helm template writes the pods."""
    return [] if manifest.pods or "/templates/" not in manifest.document.path else [manifest.name]


def _image_of(container: Any) -> Any:
    reference = container.imageRef
    return container.name if unsure(reference.name) else reference.written


def _names(pods: Sequence[Any], fits: Callable[[Any], bool]) -> list[str]:
    """The names of the containers that fit."""
    containers = (container for pod in pods for container in pod.known_containers)
    return [one.name for one in containers if isinstance(one.name, str) and fits(one)]


def _is_asked_at_start(container: Any) -> bool:
    """Whether it has a startup probe, until which succeeds nobody takes its pod for ready."""
    return container.startupProbe.present is True


def _is_asked_on(container: Any) -> bool:
    """Whether what its startup probe asks is asked on, and it is started anew as soon as that fails: a readiness probe
    that asks the same would take its pod out no sooner."""
    live, started = container.livenessProbe.asked(), container.startupProbe.asked()
    return bool(live) and live == started


def _selected_labels(manifest: Any) -> list[Any]:
    """The labels that a workload's selector asks for, which its pods have among others."""
    selector = manifest.spec.selector
    labels = selector.get("matchLabels") if isinstance(selector, dict) else None
    return [labels] if isinstance(labels, dict) and labels else []


def _references(pod: Any) -> Iterator[list[Any]]:
    """Secrets and ConfigMaps that a pod can't start without: kind, name, key."""
    for container in pod.known_containers:
        for env in known_items(container.env):
            source = env.node.get("valueFrom") if env.node is not None else None  # most have none
            if source is None or source.kind != MAP:
                continue
            for kind, ref in (
                ("Secret", env.valueFrom.secretKeyRef),
                ("ConfigMap", env.valueFrom.configMapKeyRef),
            ):
                if ref.node is not None and ref.optional is False:
                    yield [kind, ref.name, ref.key]
        for whole in known_items(container.envFrom):
            for kind, name in (("Secret", whole.secretRef), ("ConfigMap", whole.configMapRef)):
                if name.node is not None and name.optional is False:
                    yield [kind, name.name, None]


def _service(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    spec = manifest.spec
    fields = {
        "selector": spec.selector,
        "ports": [[port.port, port.name] for port in known_items(spec.ports)],
        "targets": UNKNOWN if unsure(spec.ports) else [_target(port) for port in spec.ports],
        "headless": UNKNOWN if spec.clusterIP is UNKNOWN else spec.clusterIP == "None",
        "external": UNKNOWN if spec.type is UNKNOWN else spec.type == "ExternalName",
        "labels": UNKNOWN if unsure(manifest.metadata.labelsOpen) else manifest.metadata.labels,
    }
    yield "k8s-service", fields, {"selector": ("spec", "selector")}


def _target(port: Any) -> Any:
    """The port of the pods that one of a Service leads to."""
    if port is UNKNOWN or unsure(port.targetPort):
        return UNKNOWN
    return port.port if port.targetPort is None else port.targetPort


def _policy(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    selector = manifest.spec.podSelector
    plain = selector.node.plain() if selector.node is not None else UNKNOWN if selector.open else {}
    types = manifest.spec.policyTypes
    if types == []:
        types = ["Ingress", "Egress"] if manifest.spec.egress != [] else ["Ingress"]
    rules = [*known_items(manifest.spec.ingress), *known_items(manifest.spec.egress)]
    peers = [
        peer.podSelector
        for rule in rules
        for peer in known_items(rule.peers)
        if peer.podSelector is not None and peer.namespaceSelector is None
    ]
    fields = {"selector": plain, "directions": types, "peers": peers}
    yield "k8s-policy", fields, {"selector": ("spec", "podSelector")}


def _budget(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    selector = manifest.spec.selector
    plain = selector.node.plain() if selector.node is not None else UNKNOWN
    fields = {
        "selector": plain,
        "minAvailable": manifest.spec.minAvailable,
        "maxUnavailable": manifest.spec.maxUnavailable,
    }
    yield "k8s-budget", fields, {"minAvailable": ("spec", "minAvailable")}


def _autoscaler(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    target = manifest.spec.scaleTargetRef
    fields = {"targetKind": target.kind, "targetName": target.name, "minReplicas": manifest.spec.minReplicas}
    yield (
        "k8s-autoscaler",
        fields,
        {"target": ("spec", "scaleTargetRef"), "minReplicas": ("spec", "minReplicas")},
    )


def _ingress(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    ports = [[_backend_name(backend), _backend_port(backend)] for backend in _backends(manifest)]
    own = manifest.metadata.entry("annotations", FORCES) is None
    served_by = manifest.controller if own else None
    fields = {"backends": _ingress_backends(manifest), "ports": ports, "served_by": served_by}
    yield "k8s-ingress", fields, {"rules": ("spec", "rules")}


def _ingress_backends(manifest: Any) -> list[Any]:
    """The names of the Services that an Ingress leads to."""
    return [name for name in map(_backend_name, _backends(manifest)) if name is not None]


def _backends(manifest: Any) -> list[Any]:
    found: list[Any] = [manifest.spec.defaultBackend] if manifest.spec.defaultBackend else []
    for rule in manifest.spec.rules if manifest.spec.rules is not UNKNOWN else [UNKNOWN]:
        http = rule.get("http") if isinstance(rule, dict) else None
        written = http.get("paths") if isinstance(http, dict) else None
        paths = written if isinstance(written, list) else []
        found += [path.get("backend") if isinstance(path, dict) else UNKNOWN for path in paths]
    return found


def _backend_port(backend: Any) -> Any:
    """The number or name of the port that a backend leads to; UNKNOWN where none is written."""
    service = backend.get("service") if isinstance(backend, dict) else None
    port = service.get("port") if isinstance(service, dict) else None
    value = port.get("number", port.get("name")) if isinstance(port, dict) else None
    if value is None and isinstance(backend, dict):
        value = backend.get("servicePort")
    return UNKNOWN if value is None else value


def _backend_name(backend: Any) -> Any:
    if not isinstance(backend, dict):
        return UNKNOWN
    service = backend.get("service")
    if isinstance(service, dict):
        return service.get("name")
    return backend.get("serviceName")


def _route_backends(body: Any) -> list[Any]:
    spec = body.get("spec") if isinstance(body, dict) else None
    rules = spec.get("rules") if isinstance(spec, dict) else None
    found = []
    for rule in rules if isinstance(rules, list) else []:
        for backend in (rule.get("backendRefs") or []) if isinstance(rule, dict) else []:
            if not isinstance(backend, dict):
                found.append(UNKNOWN)
            elif backend.get("kind", "Service") == "Service" and not backend.get("namespace"):
                found.append(backend.get("name"))
    return found


def _limit_range(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    yield "k8s-limits", {"resources": limited_resources(manifest.spec.limits)}, {}


def _account(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    yield "k8s-account", {"automount": manifest.automountServiceAccountToken}, {}


def _namespace(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    labels = manifest.metadata.labels
    known = labels is not UNKNOWN and manifest.metadata.labelsOpen is not UNKNOWN
    enforced = any(key.startswith(_ENFORCE) for key in labels) if known else UNKNOWN
    ours = known and labels.get("control-plane") == "controller-manager"
    yield "k8s-namespace", {"enforced": enforced, "ofManager": ours}, {}


def _role(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    rules = list(known_items(manifest.rules))
    powers = (
        "fullWildcard",
        "escalates",
        "binds",
        "impersonates",
        "readsSecrets",
        "createsPods",
        "modifiesBindings",
    )
    held = [power for power in powers if any(getattr(rule, power) is True for rule in rules)]
    execs = any(rule.grants("", ("pods/exec", "pods/attach"), "create", "get") is True for rule in rules)
    everything = any(rule.everything() is True for rule in rules)
    secrets = any(rule.grants("", ("secrets",), *READ, "create", "delete") is True for rule in rules)
    every_secret = any(rule.readsSecrets is True and rule.named is False for rule in rules)
    pods = any(rule.creates_pods() is True for rule in rules)
    sensitive = any(name in SENSITIVE for rule in rules for name in known_items(rule.resources))
    fields = {
        "powers": held,
        "execs": execs,
        "everything": everything,
        "secrets": secrets,
        "every_secret": every_secret,
        "reads_secrets_alone": bool(rules) and all(map(_reads_secrets_alone, rules)),
        "pods": pods,
        "sensitive": sensitive,
        "administers": any(rule.administers() is True for rule in rules),
        "labels": UNKNOWN if unsure(manifest.metadata.labelsOpen) else manifest.metadata.labels,
        "sums": manifest.aggregationRule is not None,
    }
    if manifest.type_key != "ClusterRole":
        yield "k8s-role", fields, {}
        return
    places: Places = {}
    if every_secret:
        number = _first_reading(manifest.rules)
        fields |= {"names_secrets": number is not None, "aggregated": _is_aggregated(manifest)}
        places = {"readsWithin": ("rules", number, "readsSecrets")} if number is not None else {}
    yield "k8s-role", fields | _as_written("nameWritten", manifest.metadata), places


def _first_reading(rules: Sequence[Any]) -> int | None:
    """The first of a role's rules that gives all Secrets, and that in so many words: what `*` gives is told of that."""
    return next(
        (
            number
            for number, rule in enumerate(rules)
            if rule is not UNKNOWN
            and rule.readsSecrets is True
            and rule.named is False
            and "secrets" in known_items(rule.resources)
            and "*" not in known_items(rule.verbs)
        ),
        None,
    )


def _is_aggregated(manifest: Any) -> bool:
    """Whether it has a label, under whatever condition of a template, that adds its rules to a role of the cluster."""
    meta = manifest.metadata
    if meta.labels is not UNKNOWN and any(AGGREGATES in key for key in meta.labels):
        return True
    span = meta.node.span if meta.node is not None else manifest.place().span
    return AGGREGATES in manifest.document.text.text[span.start : span.end]


def _as_written(field: str, model: Any) -> Fields:
    """The name as a template writes it, where it is not known otherwise."""
    return {} if isinstance(model.name, str) else {field: written(model, "name", _LONGEST_NAME)}


def _binding(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    accounts = [
        [grantee.namespace, grantee.name]
        for grantee in known_items(manifest.subjects)
        if grantee.kind == "ServiceAccount"
    ]
    groups = [grantee.name for grantee in known_items(manifest.subjects) if grantee.kind == "Group"]
    all_known = not unsure(manifest.subjects) and len(accounts) == len(manifest.subjects)
    ref = manifest.roleRef
    yield (
        "k8s-binding",
        {
            "accounts": accounts,
            "for_accounts": all_known,
            "groups": groups,
            "roleKind": ref.kind,
            "roleName": ref.name,
            **_as_written("roleWritten", ref),
        },
        {"role": ("roleRef", "name")},
    )


def _settings(manifest: Any) -> Iterator[tuple[str, Fields, Places]]:
    keys: list[Any] = []
    for name in ("data", "stringData", "binaryData"):
        values = getattr(manifest, name, None)
        keys += [UNKNOWN] if values is UNKNOWN else list(values or ())
    yield "k8s-settings", {"keys": keys}, {}


_DESCRIBERS: tuple[tuple[type[Manifest], Describe], ...] = (
    (Workload, _workload),
    (Service, _service),
    (NetworkPolicy, _policy),
    (PodDisruptionBudget, _budget),
    (HorizontalPodAutoscaler, _autoscaler),
    (Ingress, _ingress),
    (Namespace, _namespace),
    (LimitRange, _limit_range),
    (ServiceAccount, _account),
    (Role, _role),
    (Binding, _binding),
    (Secret, _settings),
    (ConfigMap, _settings),
)
