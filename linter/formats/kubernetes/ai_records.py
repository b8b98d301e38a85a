"""What a file's objects say about AI workloads to the objects of other files, as plain data: see `ai_project`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import accelerator, quantity
from linter.formats.kubernetes import kueue
from linter.formats.kubernetes.ai_port import ports_of
from linter.formats.kubernetes.manifest import Manifest, Workload
from linter.formats.kubernetes.network import Ingress, Service, is_homely
from linter.formats.kubernetes.objects import HorizontalPodAutoscaler, PersistentVolumeClaim
from linter.formats.kubernetes.part import either, same
from linter.formats.node import Step
from linter.patterns import lazy_regex

Described = tuple[str, dict[str, Any], Mapping[str, Sequence[Step]]]
_ROUTES = ("HTTPRoute", "GRPCRoute", "VirtualService")
# kind -> the label by which its controller marks the pods with its name
_NAMED_BY = {
    "LeaderWorkerSet": "leaderworkerset.sigs.k8s.io/name",
    "JobSet": "jobset.sigs.k8s.io/jobset-name",
    "InferenceService": "serving.kserve.io/inferenceservice",
    "RayCluster": "ray.io/cluster",
}


def describe(manifest: Manifest) -> Iterator[Described]:
    """The AI records of an object: type, fields, places."""
    if isinstance(manifest, Workload):
        yield from _workload(manifest)
        yield from kueue.describe_workload(manifest)
    elif isinstance(manifest, Service):
        yield from _service(manifest)
    elif isinstance(manifest, Ingress) or manifest.type_key in _ROUTES:
        yield from _route(manifest)
    elif manifest.type_key == "Route" and same(manifest.group, "route.openshift.io"):
        yield from _openshift_route(manifest)
    elif isinstance(manifest, HorizontalPodAutoscaler):
        yield from _autoscaler(manifest)
    elif isinstance(manifest, PersistentVolumeClaim):
        yield "ai-claim", {"modes": manifest.spec.accessModes}, {"modes": ("spec", "accessModes")}
    elif manifest.type_key == "Kustomization" and isinstance(manifest.body, dict):
        names = [manifest.body.get(key) for key in ("resources", "bases", "components")]
        fields = {
            "resources": [
                item
                for listed in names
                if isinstance(listed, list)
                for item in listed
                if isinstance(item, str)
            ],
            "renames": bool(manifest.body.get("namePrefix") or manifest.body.get("nameSuffix")),
        }
        yield "ai-kustomization", fields, {}
    elif manifest.type_key == "ResourceQuota":
        yield from _quota(manifest)
    elif same(manifest.group, kueue.GROUP):
        yield from kueue.describe_queue(manifest)


def _workload(manifest: Workload) -> Iterator[Described]:
    pods = [pod for pod in manifest.pods if not pod.ai.agent]
    volumes = [volume for pod in pods for volume in (() if pod.volumes is UNKNOWN else pod.volumes)]
    claims = [
        volume.persistentVolumeClaim.claimName
        for volume in volumes
        if volume is not UNKNOWN and isinstance(volume.persistentVolumeClaim.claimName, str)
    ]
    found = [
        _engine(container, name)
        for pod in pods
        for container in pod.known_containers
        if container.role == "app" and (name := _served_by(container))
    ]
    requested = [pod.accelerator.requested is True for pod in pods]
    if not (found or claims or any(requested)):
        return
    totals = [
        _times(pod.accelerator.count, pod.accelerator.pods)
        for pod in pods
        if pod.accelerator.requested is True
    ]
    fields = {
        "pods": [_labels(manifest, pod.labels) for pod in pods],
        "engines": found,
        "claims": claims,
        "replicas": manifest.spec.replicas,
        "accelerated": any(requested),
        "accelerators": UNKNOWN if any(total is UNKNOWN for total in totals) else sum(totals),
        "resource": next((pod.accelerator.name for pod in pods if pod.accelerator.requested is True), ""),
        "links": [pod.enableServiceLinks for pod in pods],
        "proxied": any(pod.ai.proxied for pod in pods),
        "serves": any(pod.ai.server for pod in pods),
        "listening": [ports_of(pod) if pod.ai.server else UNKNOWN for pod in pods],
        "plays": not found and any(pod.ai.plays for pod in pods),
    }
    yield "ai-workload", fields, {"replicas": ("spec", "replicas"), "accelerators": ("ai", "accelerator")}


def _labels(manifest: Workload, own: Any) -> Any:
    """Labels of pods, with the one that the controller of their kind adds."""
    key, name = _NAMED_BY.get(manifest.type_key), manifest.metadata.name
    return {**own, key: name} if isinstance(own, dict) and key and isinstance(name, str) else own


def _times(one: Any, two: Any) -> Any:
    return UNKNOWN if one is UNKNOWN or two is UNKNOWN else one * two


def _served_by(container: Any) -> str:
    """The engine that a container serves with; '' where there is none."""
    name: str = container.ai.engine if container.launcher.role in ("server", "tool", "") else ""
    return name


def _engine(container: Any, name: str) -> dict[str, Any]:
    """What a container serves, and which of its doors are open."""
    launcher = container.launcher
    flags = launcher.launcher.flags
    mode = flags.get("model-control-mode")
    env = container.ai.environment.values
    words = [word.text for word in launcher.launcher.words]
    return {
        "name": name,
        "key": launcher.apiKey,
        "control": mode.text == "explicit" if mode is not None else False,  # `poll` refuses what the API asks
        "login": "basic-auth" in " ".join(words) or "MLFLOW_AUTH_CONFIG_PATH" in env,
        "origins": env.get("OLLAMA_ORIGINS") == "*",
        # what the command line, also one in the image, or a variable of its own says comes before the kubelet's
        # MLFLOW_PORT
        "ported": name == "mlflow"
        and bool(not words or flags.keys() & {"port", "p"} or "MLFLOW_PORT" in env),
    }


def _service(manifest: Service) -> Iterator[Described]:
    ports = [] if manifest.spec.ports is UNKNOWN else manifest.spec.ports
    fields = {
        "selector": manifest.spec.selector,
        "type": manifest.spec.type,
        "exposed": manifest.exposed,
        "external": manifest.spec.externalIPs is not UNKNOWN and bool(manifest.spec.externalIPs),
        "headless": UNKNOWN if manifest.spec.clusterIP is UNKNOWN else manifest.spec.clusterIP == "None",
        "ports": [port.port for port in ports if port is not UNKNOWN],
        "targets": [
            [port.port, port.port if port.targetPort is None else port.targetPort]
            for port in ports
            if port is not UNKNOWN
        ],
    }
    places: dict[str, Sequence[Step]] = {
        "type": ("spec", "type"),
        "ports": ("spec", "ports"),
        "name": ("metadata", "name"),
        "externalIPs": ("spec", "externalIPs"),
    }
    for index, port in enumerate(ports):
        if port is not UNKNOWN and isinstance(port.port, int):
            places[f"port{port.port}"] = ("spec", "ports", index, "port")
    yield "ai-service", fields, places


def _route(manifest: Manifest) -> Iterator[Described]:
    from linter.formats.kubernetes.records import _ingress_backends, _route_backends

    body = manifest.body if isinstance(manifest.body, dict) else {}
    spec = body.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    if isinstance(manifest, Ingress):
        annotations = manifest.metadata.annotations
        keys = {} if annotations is UNKNOWN else annotations
        ended = any(
            word in f"{key}={value}"
            for key, value in keys.items()
            for word in (
                "certificate-arn",
                "pre-shared-cert",
                "managed-certificates",
                "cert-manager.io/",
                "ssl-redirect=true",
            )
        )
        locked = any("auth-" in key or "auth_" in key or "middlewares" in key for key in keys)
        inside = any("internal" in f"{key}={value}" for key, value in keys.items())
        fields = {
            "backends": _ingress_backends(manifest),
            "secure": UNKNOWN
            if annotations is UNKNOWN
            else either(manifest.encrypted, ended, manifest.homely),
            "locked": locked,
            "internal": inside or manifest.homely or _is_inside(manifest.controller),
        }
        yield "ai-route", fields, {"rules": ("spec", "rules")}
        return
    mesh = manifest.type_key == "VirtualService"
    backends = _mesh_backends(spec) if mesh else _route_backends(manifest.body)
    gateways = spec.get("gateways") if mesh else None
    # Kubeflow's gateway asks every caller to log in
    locked = isinstance(gateways, list) and any(str(name).endswith("kubeflow-gateway") for name in gateways)
    fields = {"backends": backends, "secure": True, "locked": locked, "internal": _is_kept_in(spec)}
    yield "ai-route", fields, {"rules": ("body", "spec", "http" if mesh else "rules")}


# names of gateways and classes that only a network of one's own reaches
_INSIDE = lazy_regex(r"(?i)(?:^|[^a-z])(?:internal|private|intranet|tailscale|tailnet|vpn|lan)(?:[^a-z]|$)")


def _is_inside(name: Any) -> bool:
    return isinstance(name, str) and _INSIDE.search(name) is not None


def _is_kept_in(spec: Mapping[str, Any]) -> bool:
    """Whether a route of the Gateway API hangs on gateways inside the network only, or has hosts of that alone."""
    parents, hosts = spec.get("parentRefs"), spec.get("hostnames")
    named = [item for item in parents if isinstance(item, dict)] if isinstance(parents, list) else []
    inside = [
        any(_is_inside(item.get(key)) for key in ("name", "sectionName", "namespace")) for item in named
    ]
    return (bool(inside) and all(inside)) or (
        isinstance(hosts, list) and bool(hosts) and all(map(is_homely, hosts))
    )


def _mesh_backends(spec: Mapping[str, Any]) -> list[str]:
    """Services of its namespace that a VirtualService of Istio leads to from a gateway; none from within the mesh."""
    gateways = spec.get("gateways")
    if not isinstance(gateways, list) or not any(name is not UNKNOWN and name != "mesh" for name in gateways):
        return []
    found = []
    for route in (spec.get("http") or []) if isinstance(spec.get("http"), list) else ():
        listed = route.get("route") if isinstance(route, dict) else None
        for target in listed if isinstance(listed, list) else ():
            place = target.get("destination") if isinstance(target, dict) else None
            host = place.get("host") if isinstance(place, dict) else None
            if isinstance(host, str):
                found.append(host.partition(".")[0])
    return found


def _openshift_route(manifest: Manifest) -> Iterator[Described]:
    body = manifest.body if isinstance(manifest.body, dict) else {}
    spec = body.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    target, tls = spec.get("to"), spec.get("tls")
    name = target.get("name") if isinstance(target, dict) else UNKNOWN
    fields = {
        "backends": [name],
        "secure": UNKNOWN if tls is UNKNOWN else bool(tls),
        "locked": False,
        "internal": False,
    }
    yield "ai-route", fields, {"rules": ("body", "spec", "to")}


def _autoscaler(manifest: HorizontalPodAutoscaler) -> Iterator[Described]:
    target, metrics = manifest.spec.scaleTargetRef, manifest.spec.metrics
    body = manifest.body if isinstance(manifest.body, dict) else {}
    legacy = (
        body.get("spec", {}).get("targetCPUUtilizationPercentage")
        if isinstance(body.get("spec"), dict)
        else None
    )
    listed = [] if metrics is UNKNOWN else metrics
    names = [
        (item.get("resource") or {}).get("name")
        if isinstance(item, dict) and item.get("type") == "Resource"
        else "other"
        for item in listed
        if item is not UNKNOWN
    ]
    only = bool(names) and all(name in ("cpu", "memory") for name in names)
    fields = {
        "targetKind": target.kind,
        "targetName": target.name,
        "onlyCpu": UNKNOWN if metrics is UNKNOWN else only or (legacy is not None and not names),
    }
    yield "ai-autoscaler", fields, {"onlyCpu": ("spec", "metrics"), "target": ("spec", "scaleTargetRef")}


def _quota(manifest: Manifest) -> Iterator[Described]:
    body = manifest.body if isinstance(manifest.body, dict) else {}
    spec = body.get("spec")
    hard = spec.get("hard") if isinstance(spec, dict) else None
    limits = {}
    for key, value in hard.items() if isinstance(hard, dict) else ():
        name = str(key).removeprefix("requests.")
        if str(key).startswith("requests.") and accelerator(name) is not None:
            amount = quantity(value)
            limits[name] = UNKNOWN if amount is UNKNOWN or amount is None else int(amount)
    places: dict[str, Sequence[Step]] = {
        name: ("body", "spec", "hard", f"requests.{name}") for name in limits
    }
    yield "ai-quota", {"limits": limits}, places
