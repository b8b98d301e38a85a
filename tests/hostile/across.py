"""Thousands of objects of two kinds each that never quite belong together: what compares all pairs takes minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import Attack

Kind = str | Callable[[int], str]  # an object with @ for its number, or what makes it
COUNT = 6_000  # of each kind
_POD = "containers: [{name: c, image: 'vllm/vllm-openai:v0.9.0', resources: {limits: {nvidia.com/gpu: 1}}}]"


def _deployment(n: int, more: str = "", labels: str = "", replicas: int = 2) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{n}, namespace: n}}\n"
        f"spec: {{replicas: {replicas}, selector: {{matchLabels: {{app: y{n}}}}}, template: {{metadata: {{labels: {{tier: a, app: y{n}{labels}}}}}, "
        f"spec: {{{more}{_POD}}}}}}}\n"
    )


def _pod(n: int, labels: str = "app: y@", more: str = "") -> str:
    labels = labels.replace("@", str(n))
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}, namespace: n, labels: {{{labels}}}}}\n"
        f"spec: {{{more}containers: []}}\n"
    )


def _of(kind: str, spec: str, version: str = "v1", space: str = ", namespace: n") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: o@{space}}}\n{spec}\n"


_SERVICE = _of("Service", "spec: {selector: {tier: a, app: x@}, ports: [{port: 80}]}")
_QUEUE_JOB = (
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j@, namespace: n, labels: {kueue.x-k8s.io/queue-name: z@}}\n"
    "spec: {template: {spec: {" + _POD + "}}}\n"
)


def attacks() -> Iterator[Attack]:
    """All of them."""
    for name, one, other in _pairs():
        yield Attack(
            f"across-{name}",
            lambda one=one, other=other: {  # type: ignore[misc]
                "a.yaml": "---\n".join(_made(one, n) for n in range(COUNT)),
                "b.yaml": "---\n".join(_made(other, n) for n in range(COUNT)),
            },
        )


def _made(what: Kind, n: int) -> str:
    return what.replace("@", str(n)) if isinstance(what, str) else what(n)


def _pairs() -> Iterator[tuple[str, Kind, Kind]]:
    yield "services-pods", _SERVICE, lambda n: _pod(n, "tier: a, app: y@")
    yield (
        "services-pods-crossed",
        _of("Service", "spec: {selector: {a: l, b: l}, ports: [{port: 80}]}"),
        lambda n: _pod(n, "a: l, b: r" if n % 2 else "a: r, b: l"),
    )
    yield "services-deployments", _SERVICE, _deployment
    policy = _of(
        "NetworkPolicy",
        "spec: {podSelector: {matchLabels: {tier: a, app: x@}}, policyTypes: [Ingress], "
        "ingress: [{from: [{podSelector: {matchLabels: {app: w@}}}]}]}",
        "networking.k8s.io/v1",
    )
    yield "policies-pods", policy, _pod
    yield "policies-deployments", policy, _deployment
    yield (
        "policies-expressions",
        _of(
            "NetworkPolicy",
            "spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [x@]}]}, policyTypes: [Ingress]}",
            "networking.k8s.io/v1",
        ),
        _pod,
    )
    yield (
        "policies-namespaces",
        policy.replace("namespace: n", "namespace: m@"),
        _of("Namespace", "", space=""),
    )
    budget = _of(
        "PodDisruptionBudget",
        "spec: {minAvailable: 3, selector: {matchLabels: {tier: a, app: x@}}}",
        "policy/v1",
    )
    yield "budgets-deployments", budget, _deployment
    scaler = _of(
        "HorizontalPodAutoscaler",
        "spec: {minReplicas: 1, maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: x@}}",
        "autoscaling/v2",
    )
    yield "scalers-deployments", scaler, _deployment
    claim = _of(
        "PersistentVolumeClaim",
        "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
    )
    yield (
        "claims-deployments",
        claim,
        lambda n: _deployment(n, f"volumes: [{{name: v, persistentVolumeClaim: {{claimName: x{n}}}}}], "),
    )
    ingress = _of(
        "Ingress",
        "spec: {rules: [{host: h, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: x@, port: {number: 81}}}}]}}]}",
        "networking.k8s.io/v1",
    )
    yield "ingresses-services", ingress, _SERVICE
    yield "ingresses-same-services", ingress.replace("x@", "o@"), _SERVICE
    yield (
        "routes-services",
        _of(
            "HTTPRoute",
            "spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: x@, port: 80}]}]}",
            "gateway.networking.k8s.io/v1",
        ),
        _SERVICE,
    )
    yield (
        "monitors-services",
        _of(
            "ServiceMonitor",
            "spec: {selector: {matchLabels: {app: x@}}, endpoints: [{port: m}]}",
            "monitoring.coreos.com/v1",
        ),
        _SERVICE.replace("namespace: n", "namespace: n, labels: {app: y@}"),
    )
    yield "accounts-pods", _of("ServiceAccount", ""), lambda n: _pod(n, more=f"serviceAccountName: x{n}, ")
    yield (
        "bindings-pods",
        _of(
            "ClusterRoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n"
            "subjects: [{kind: ServiceAccount, name: x@, namespace: n}]",
            "rbac.authorization.k8s.io/v1",
            "",
        ),
        lambda n: _pod(n, more=f"serviceAccountName: y{n}, "),
    )
    yield (
        "bindings-roles",
        _of(
            "ClusterRoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: x}\n"
            "subjects: [{kind: ServiceAccount, name: x@, namespace: n}]",
            "rbac.authorization.k8s.io/v1",
            "",
        ),
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\nrules: []\n",
    )
    yield (
        "settings-pods",
        _of("ConfigMap", "data: {a: b}"),
        lambda n: _pod(n, more=f"volumes: [{{name: v, configMap: {{name: x{n}}}}}], "),
    )
    quota = _of("ResourceQuota", "spec: {hard: {requests.nvidia.com/gpu: 4}}")
    yield "quotas-deployments", quota, _deployment
    queue = _of("LocalQueue", "spec: {clusterQueue: x@}", "kueue.x-k8s.io/v1beta1")
    cluster = _of(
        "ClusterQueue",
        "spec: {resourceGroups: [{coveredResources: [nvidia.com/gpu], flavors: [{name: f@, resources: "
        "[{name: nvidia.com/gpu, nominalQuota: 1}]}]}]}",
        "kueue.x-k8s.io/v1beta1",
        "",
    )
    yield "queues-jobs", queue, _QUEUE_JOB
    yield "queues-jobs-unqueued", queue, _QUEUE_JOB.replace("kueue.x-k8s.io/queue-name", "a")
    yield "queues-clusters", queue, cluster
    yield "queues-same-jobs", queue, _QUEUE_JOB.replace("z@", "o@")
    yield "flavors-clusters", _of("ResourceFlavor", "", "kueue.x-k8s.io/v1beta1", ""), cluster
    yield (
        "runtimes-trainings",
        _of(
            "TrainingRuntime",
            "spec: {template: {spec: {replicatedJobs: [{name: a, template: {spec: {template: {spec: {containers: []}}}}}]}}}",
            "trainer.kubeflow.org/v1alpha1",
        ),
        _of(
            "TrainJob",
            "spec: {runtimeRef: {kind: TrainingRuntime, name: x@}, trainer: {numNodes: 2}}",
            "trainer.kubeflow.org/v1alpha1",
        ),
    )
    yield (
        "sets-services",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s@, namespace: n}\n"
        "spec: {serviceName: x@, selector: {matchLabels: {app: y}}, template: {metadata: {labels: {app: y}}, spec: {containers: []}}}\n",
        _SERVICE,
    )
    yield "deployments-equal", lambda n: _deployment(0), lambda n: scaler.replace("x@", "d0")
