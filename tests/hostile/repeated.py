"""Each element of each grammar repeated until what is not linear shows: lines, keys, marks, patterns, entries."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator

from tests.hostile.attack import POD, Attack, Files

_FLAW = POD + "      securityContext: {privileged: true}\n"
_KUSTOMIZE = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"


def attacks() -> Iterator[Attack]:
    """All of them."""
    for part in (_yaml, _hcl, _plan, _dockerfile, _shell, _compose, _charts, _releases, _beside, _git):
        for name, files in part():
            yield Attack(f"repeated-{name}", lambda files=files: files)  # type: ignore[misc]


def _yaml() -> Iterator[tuple[str, Files]]:
    def pod(rest: str) -> Files:
        return {"bad.yaml": POD + rest}

    yield "yaml-blank-lines", pod("\n" * 1_000_000)
    yield "yaml-blanks", pod("      a: b" + " " * 4_000_000 + "\n")
    yield "yaml-dashes", pod("-" * 4_000_000 + "\n")
    yield "yaml-colons", pod("      a: " + "a:" * 1_000_000 + "\n")
    yield "yaml-hashes", pod("      a: b " + "#" * 4_000_000 + "\n")
    yield "yaml-anchored-scalars", pod("      a: [" + "&a x, *a, " * 100_000 + "]\n")
    yield "yaml-folded", pod("      a: >\n" + "        x\n\n" * 400_000)
    yield "yaml-quoted-lines", pod('      a: "' + "x\n\n      " * 200_000 + '"\n')
    yield "yaml-escapes", pod('      a: "' + "\\x41\\u0041" * 300_000 + '"\n')
    yield "yaml-long-keys", pod("".join(f"      {'k' * 1_000}{n}: v\n" for n in range(4_000)))
    yield "yaml-merge-keys", pod("      <<: [" + "{a: 1}, " * 100_000 + "]\n")
    yield "yaml-null-entries", pod("      env:\n" + "      -\n" * 300_000)
    yield (
        "yaml-env",
        pod("      env:\n" + "".join(f"      - {{name: A{n}, value: $(A{n})}}\n" for n in range(60_000))),
    )
    yield (
        "yaml-ports",
        pod("      ports:\n" + "".join(f"      - containerPort: {n % 65_000}\n" for n in range(60_000))),
    )
    yield (
        "yaml-tolerations",
        pod("  tolerations:\n" + "  - {key: nvidia.com/gpu, operator: Exists}\n" * 60_000),
    )
    mounts = "".join(f"      - {{name: v{n}, mountPath: /m/{n}}}\n" for n in range(30_000))
    volumes = "".join(f"  - {{name: v{n}, hostPath: {{path: /h/{n}}}}}\n" for n in range(30_000))
    yield "yaml-volumes-and-mounts", pod("      volumeMounts:\n" + mounts + "  volumes:\n" + volumes)
    yield "yaml-paths", pod("      command: [" + "/" * 2_000_000 + "]\n")
    yield "yaml-dots", pod("      command: [" + "../" * 1_000_000 + "]\n")
    yield "yaml-urls", pod("      command: [" + "http://a@" * 400_000 + "]\n")
    yield "yaml-at-signs", pod("      command: ['" + "postgres://u:p" * 200_000 + "']\n")
    yield "yaml-base64", pod("      command: ['" + "aGVsbG8=" * 400_000 + "']\n")
    yield "yaml-hex", pod("      command: ['" + "deadbeef" * 500_000 + "']\n")
    yield "yaml-keys-of-secrets", pod("      command: ['" + "AKIA" * 900_000 + "']\n")
    yield "yaml-percent", pod("      a: '" + "%41" * 1_000_000 + "'\n")
    yield "yaml-shell-script", pod("      args: ['-c', '" + "export A=$(cat x); " * 60_000 + "']\n")
    yield "yaml-json-args", pod("      args: ['--override', '" + '{"a":' * 100_000 + "']\n")
    yield "yaml-flags", pod("      args: [" + ", ".join(f"--f{n}=1" for n in range(100_000)) + "]\n")
    yield "yaml-suppressions", pod("      a: b # tarecheck: ignore[privileged-container] -- x\n" * 30_000)
    yield (
        "yaml-foreign-suppressions",
        pod("      a: b # trivy:ignore:KSV017 #checkov:skip=CKV_K8S_1:x kics-scan\n" * 30_000),
    )
    yield (
        "yaml-services",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{n}}}\nspec: {{selector: {{app: x{n}}}, ports: [{{port: 80}}]}}\n"
                f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}, labels: {{app: y{n}}}}}\nspec: {{containers: []}}\n"
                for n in range(8_000)
            )
        },
    )
    yield (
        "yaml-bindings",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r{n}}}\nrules: []\n"
                f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b{n}}}\n"
                f"roleRef: {{kind: ClusterRole, name: q{n}}}\nsubjects: [{{kind: ServiceAccount, name: a, namespace: b}}]\n"
                for n in range(6_000)
            )
        },
    )
    yield (
        "yaml-runtimes",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: serving.kserve.io/v1alpha1\nkind: ServingRuntime\nmetadata: {{name: r{n}}}\n"
                "spec: {supportedModelFormats: [{name: x, autoSelect: true}], containers: [{name: kserve-container, image: i}]}\n"
                f"---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {{name: i{n}}}\n"
                "spec: {predictor: {model: {modelFormat: {name: x}}}}\n"
                for n in range(4_000)
            )
        },
    )
    yield (
        "yaml-queues",
        {
            "bad.yaml": "".join(
                f"---\napiVersion: kueue.x-k8s.io/v1beta1\nkind: LocalQueue\nmetadata: {{name: q{n}}}\nspec: {{clusterQueue: c{n}}}\n"
                f"---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: j{n}, labels: {{kueue.x-k8s.io/queue-name: z{n}}}}}\n"
                "spec: {template: {spec: {containers: []}}}\n"
                for n in range(5_000)
            )
        },
    )


def _hcl() -> Iterator[tuple[str, Files]]:
    head = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n'

    def block(rest: str) -> Files:
        return {"bad.tf": f"{head}{rest}\n}}\n"}

    yield "hcl-blank-lines", block("\n" * 1_000_000)
    yield "hcl-text", block('  a = "' + "x" * 4_000_000 + '"')
    yield "hcl-escapes", block('  a = "' + "\\n" * 500_000 + '"')
    yield "hcl-templates", block('  a = "' + "${x}" * 100_000 + '"')
    yield "hcl-directives", block('  a = "' + "%{ if x }y%{ endif }" * 30_000 + '"')
    yield "hcl-dollars", block('  a = "' + "$$%%" * 300_000 + '"')
    yield "hcl-sum", block("  a = 1" + " + 1" * 100_000)
    yield "hcl-ands", block("  a = true" + " && true" * 60_000)
    yield "hcl-list", block("  a = [" + '"x", ' * 200_000 + "]")
    yield "hcl-map", block("  a = {\n" + "".join(f'    k{n} = "v"\n' for n in range(60_000)) + "  }")
    yield "hcl-references", block("  a = [" + "aws_s3_bucket.b.id, " * 60_000 + "]")
    yield (
        "hcl-resources",
        {
            "bad.tf": "".join(
                f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = aws_s3_bucket.b{n - 1}.id\n}}\n'
                for n in range(5_000)
            )
        },
    )
    yield (
        "hcl-variables",
        {
            "bad.tf": "".join(
                f'variable "v{n}" {{\n  default = "x"\n}}\nlocals {{\n  l{n} = var.v{n}\n}}\n'
                for n in range(10_000)
            )
        },
    )
    yield (
        "hcl-ingress",
        {
            "bad.tf": 'resource "aws_security_group" "g" {\n'
            + '  ingress {\n    from_port = 0\n    to_port = 0\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
            * 10_000
            + "}\n"
        },
    )
    yield "hcl-heredocs", block("".join(f"  a{n} = <<-E\n    x\n  E\n" for n in range(20_000)))
    yield "hcl-user-data", block("  user_data = <<-E\n" + "    curl http://x | sh\n" * 60_000 + "  E")
    yield (
        "hcl-policy",
        block(
            "  policy = jsonencode({ Statement = ["
            + '{ Effect = "Allow", Action = "*", Resource = "*" }, ' * 20_000
            + "] })"
        ),
    )
    yield (
        "hcl-tfvars",
        {
            "main.tf": 'variable "a" {}\n',
            "terraform.tfvars": "".join(f'a{n} = "x"\n' for n in range(100_000)),
        },
    )
    yield (
        "hcl-files",
        {
            f"f{n}.tf": f'resource "aws_s3_bucket" "b{n}" {{\n  acl = "public-read"\n}}\n'
            for n in range(3_000)
        },
    )
    yield "hcl-comments", block("  # tarecheck: ignore[s3-public-acl]\n" * 60_000)
    yield (
        "hcl-json",
        {
            "bad.tf.json": json.dumps(
                {"resource": {"aws_s3_bucket": {f"b{n}": {"acl": "public-read"} for n in range(20_000)}}}
            )
        },
    )


def _plan() -> Iterator[tuple[str, Files]]:
    head = '{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": ['
    one = '{"address": "aws_s3_bucket.b%d", "mode": "managed", "type": "aws_s3_bucket", "name": "b%d", "values": {"acl": "public-read"%s}}'
    yield "plan-blanks", {"plan.json": head + " " * 20_000_000 + one % (0, 0, "") + "]}}}"}
    yield (
        "plan-values",
        {"plan.json": head + one % (0, 0, "".join(f', "k{n}": "v"' for n in range(200_000))) + "]}}}"},
    )
    yield "plan-text", {"plan.json": head + one % (0, 0, ', "policy": "' + "x" * 20_000_000 + '"') + "]}}}"}
    yield (
        "plan-escapes",
        {"plan.json": head + one % (0, 0, ', "policy": "' + "\\u0041" * 1_000_000 + '"') + "]}}}"},
    )
    yield "plan-equal-addresses", {"plan.json": head + ", ".join([one % (0, 0, "")] * 20_000) + "]}}}"}
    yield "plan-unclosed", {"plan.json": head + ", ".join(one % (n, n, "") for n in range(20_000))}


def _dockerfile() -> Iterator[tuple[str, Files]]:
    def after(rest: str) -> Files:
        return {"Dockerfile": "FROM alpine:latest\n" + rest}

    yield "docker-tabs", after("RUN" + "\t" * 2_000_000 + "x\n")
    yield (
        "docker-stages",
        after("".join(f"FROM alpine AS s{n}\nCOPY --from=s{n - 1} / /\n" for n in range(15_000))),
    )
    yield "docker-args", after("".join(f"ARG A{n}=$A{n - 1}x\n" for n in range(40_000)))
    yield (
        "docker-args-doubling",
        after("".join(f"ARG A{n}=$A{n - 1}$A{n - 1}\n" for n in range(200)) + "FROM $A199\n"),
    )
    yield (
        "docker-env-chain",
        after("ENV A0=x\n" + "".join(f"ENV A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 200))),
    )
    yield "docker-image-slashes", {"Dockerfile": "FROM " + "a/" * 500_000 + "b\n"}
    yield "docker-image-colons", {"Dockerfile": "FROM " + "a:" * 500_000 + "b\n"}
    yield "docker-from-flags", {"Dockerfile": "FROM " + "--platform=x " * 100_000 + "alpine\n"}
    yield "docker-labels", after("LABEL " + " ".join(f"a{n}=b" for n in range(60_000)) + "\n")
    yield "docker-expose", after("EXPOSE " + "22 " * 200_000 + "\n")
    yield "docker-expose-range", after("EXPOSE 1-999999999 " * 1_000 + "\n")
    yield "docker-volume", after("VOLUME " + "/a " * 200_000 + "\n")
    yield "docker-healthchecks", after("HEALTHCHECK CMD curl x\n" * 30_000)
    yield "docker-workdirs", after("WORKDIR a\n" * 40_000)
    yield "docker-workdir-dots", after("WORKDIR " + "../" * 500_000 + "\n")
    yield "docker-comment", after("#" * 4_000_000 + "\n")
    yield "docker-comment-blanks", after("# a" + " " * 2_000_000 + "b\n")
    yield (
        "docker-directive-blanks",
        {"Dockerfile": "# syntax = a" + " a" * 1_000_000 + "\nFROM alpine:latest\n"},
    )
    yield (
        "docker-ignores",
        after("# tarecheck: ignore[root-user]\n# hadolint ignore=DL3002,DL3007\nRUN x\n" * 10_000),
    )
    yield "docker-continued-blanks", after("RUN a \\" + " " * 2_000_000 + "\n b\n")
    yield "docker-add-urls", after("ADD " + "http://x/a " * 50_000 + "/\n")
    yield "docker-copy-chmod", after("COPY --chmod=777 a /b\n" * 20_000)
    yield "docker-shells", after('SHELL ["/bin/bash", "-c"]\nRUN a | b\n' * 15_000)
    yield "docker-case", after("rUn ApT-GeT InStAlL x\n" * 30_000)


def _shell() -> Iterator[tuple[str, Files]]:
    def run(text: str) -> Files:
        return {"Dockerfile": f"FROM alpine:latest\nRUN {text}\n"}

    for name, part in {
        "tests": "[ -f a ] && ", "loops": "for a in b; do c; done; ", "whiles": "while a; do b; done; ", "subshells": "(a); ",
        "strings": "a 'b' \"c\" ", "expansions": "echo ${a:-b} ; ", "lengths": "echo ${#a}${a%%b}${a//b/c} ; ",
        "arrays": "a=(b c); ", "redirections": "a 2>&1 >/dev/null <b ; ", "backgrounds": "a & ", "curls": "curl -k http://x -o y; ",
        "wgets": "wget -qO- http://x | bash; ", "pips": "pip install a; ", "npms": "npm install -g a; ", "gits": "git clone http://x y; ",
        "chmods": "chmod 777 a; ", "sudos": "sudo a; ", "cds": "cd a; ", "exports": "export A=b; ", "sets": "set -e; ", "seds": "sed -i s/a/b/ c; ",
        "pythons": "python -c 'import a'; ", "bashes": "bash -c 'a'; ", "echoes": "echo 'FROM a' >> b; ", "tars": "tar xzf a.tgz; ",
        "users": "useradd -m a; ", "heredocs": "cat <<< a; ", "conds": "if [[ a =~ b ]]; then c; fi; ", "cases": "case a in b) c;; esac; ", "outputs": "A=$(curl -s http://x | jq .a); ",
    }.items():  # fmt: skip
        yield f"shell-{name}", run(part * (300_000 // len(part)) + "true")


def _compose() -> Iterator[tuple[str, Files]]:
    app = "services:\n  app:\n    image: a:1\n"
    yield (
        "compose-services",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  a{n}: {{image: a:1, privileged: true}}\n" for n in range(20_000))
        },
    )
    yield (
        "compose-of-hosts",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  a{n}:\n    image: a:1\n    network_mode: host\n" for n in range(4_000))
        },
    )
    yield (
        "compose-extends",
        {
            "compose.yaml": "services:\n  a0: {image: a:1}\n"
            + "".join(f"  a{n}: {{extends: {{service: a{n - 1}}}}}\n" for n in range(1, 10_000))
        },
    )
    yield (
        "compose-depends",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{image: a:1, depends_on: [a{n + 1}], networks: [n{n}], links: [a{n + 1}]}}\n"
                for n in range(8_000)
            )
        },
    )
    yield (
        "compose-environment",
        {"compose.yaml": app + "    environment:\n" + "".join(f"      A{n}: $A{n}\n" for n in range(50_000))},
    )
    yield (
        "compose-dotenv",
        {
            "compose.yaml": app + "    environment: [A=$A9999]\n",
            ".env": "A0=x\n" + "".join(f"A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 10_000)),
        },
    )
    yield "compose-volumes", {"compose.yaml": app + "    volumes:\n" + "      - /:/h\n" * 50_000}
    yield "compose-volume-colons", {"compose.yaml": app + "    volumes: ['" + "a:" * 500_000 + "']\n"}
    yield "compose-ports", {"compose.yaml": app + "    ports:\n" + "      - '1-65535:1-65535'\n" * 20_000}
    yield "compose-dollars", {"compose.yaml": app + "    command: '" + "${A:-${B:-" * 50_000 + "'\n"}
    yield (
        "compose-anchors",
        {
            "compose.yaml": "x-a: &a {image: a:1}\nservices:\n"
            + "".join(f"  a{n}: {{<<: *a}}\n" for n in range(20_000))
        },
    )
    yield (
        "compose-override",
        {
            "compose.yaml": app,
            "compose.override.yaml": "services:\n"
            + "".join(f"  a{n}: {{image: a:1}}\n" for n in range(20_000)),
        },
    )


def _charts() -> Iterator[tuple[str, Files]]:
    yield (
        "chart-values",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "".join(
                f"a{n}: {{image: {{repository: a, tag: latest}}}}\n" for n in range(20_000)
            ),
        },
    )
    yield (
        "chart-template",
        {
            "Chart.yaml": _CHART,
            "values.yaml": "a: 1\n",
            "templates/a.yaml": _FLAW + "{{- if .Values.a }}\n# x\n{{- end }}\n" * 20_000,
        },
    )
    yield (
        "chart-holes",
        {
            "Chart.yaml": _CHART,
            "templates/a.yaml": POD
            + "      env:\n"
            + "      - {name: {{ .a }}, value: {{ .b | quote }}}\n" * 20_000,
        },
    )
    yield (
        "chart-helpers",
        {
            "Chart.yaml": _CHART,
            "templates/_h.tpl": '{{ define "a" }}{{ end }}\n' * 50_000,
            "templates/a.yaml": _FLAW,
        },
    )
    yield (
        "kustomize-resources",
        {"kustomization.yaml": _KUSTOMIZE + "resources:\n" + "- p.yaml\n" * 50_000, "p.yaml": _FLAW},
    )
    yield (
        "kustomize-patches",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "resources: [p.yaml]\npatches:\n"
            + "- {path: q.yaml, target: {kind: Pod}}\n" * 20_000,
            "p.yaml": _FLAW,
            "q.yaml": "- {op: remove, path: /spec/a}\n" * 20_000,
        },
    )
    yield (
        "kustomize-circle",
        {f"k{n}/kustomization.yaml": _KUSTOMIZE + f"resources: [../k{(n + 1) % 300}]\n" for n in range(300)},
    )


_STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: NAME}
spec:
  serviceName: NAME
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec: {containers: [{name: c, image: "ghcr.io/acme/web:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: NAME}
spec: {selector: {app: NAME}, ports: [{port: 80}]}
"""


def _flux_tree(size: int) -> Iterator[tuple[str, str]]:
    """Folders that Flux takes, each of which lists the next one, and as many beside them that nothing takes."""
    begins = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: %s}\nspec:\n  path: ./%s\n---\n"
    yield "bad.yaml", _FLAW
    yield "clusters/x/flux-system/gotk-sync.yaml", begins % ("flux-system", "clusters/x")
    yield "clusters/x/apps.yaml", "".join(begins % (f"a{n}", f"apps/a{n}") for n in range(size))
    for n in range(size):
        yield f"apps/a{n}/kustomization.yaml", f"resources: [pod.yaml, ../a{(n + 1) % size}]\n"
        yield f"apps/a{n}/pod.yaml", POD
        yield f"apps/left{n}/pod.yaml", POD


def _twins(size: int) -> Iterator[tuple[str, str]]:
    """Objects that Flux takes from some folders, and that lie once more in many to which nothing leads."""
    twin = POD.replace("metadata: {name: p}", "metadata:\n  name: p\n  namespace: x")
    path = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a%s}\nspec:\n  path: ./apps/a%s\n---\n"
    yield "bad.yaml", _FLAW
    yield "clusters/apps.yaml", "".join(path % (n, n) for n in range(20))
    for n in range(20):
        yield f"apps/a{n}/kustomization.yaml", "resources: [pod.yaml]\n"
        yield f"apps/a{n}/pod.yaml", twin
    for n in range(size):
        yield f"left{n}/pod.yaml", twin


def _releases() -> Iterator[tuple[str, Files]]:
    chart = {"charts/x/Chart.yaml": _CHART, "charts/x/values.yaml": "image: {repository: a, tag: latest}\n"}
    image = POD.replace("app:1.0", "{{ .Values.image.repository }}:{{ .Values.image.tag }}")
    application = (
        "{{ range .Values.apps }}\nkind: Application\nspec: {source: {path: charts/x}}\n---\n{{ end }}\n"
    )
    yield (
        "application-lists",
        {
            **chart,
            "bad.yaml": _FLAW,
            "charts/x/templates/a.yaml": image,
            "charts/apps/Chart.yaml": _CHART,
            **{f"charts/apps/templates/t{n}.yaml": application for n in range(1_000)},
            **{f"charts/apps/values-{n}.yaml": "apps: []\n" for n in range(1_000)},
        },
    )
    yield "flux-tree", dict(_flux_tree(400))
    yield "twins", dict(_twins(800))
    yield (
        "stateful-sets",
        {"bad.yaml": _FLAW, **{f"sets/s{n}.yaml": _STATEFUL.replace("NAME", f"web{n}") for n in range(800)}},
    )
    release = (
        "kind: HelmRelease\nspec:\n  chart: {spec: {chart: charts/x, sourceRef: {kind: GitRepository}}}\n"
        "  values:\n    app:\n      before:\n"
    )
    container = "        - {name: a, image: a:1, securityContext: {\n            privileged: true}}\n"
    yield (
        "release-values",
        {
            **chart,
            "bad.yaml": _FLAW,
            **{
                f"charts/x/templates/t{n}.yaml": "# {{ .Values.app.before }} {{ .securityContext.user }}\n"
                * 2_000
                for n in range(100)
            },
            "release.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\n" + release + container * 3_000,
        },
    )


def _beside() -> Iterator[tuple[str, Files]]:
    flaw = {"bad.yaml": _FLAW}
    yield "gitignore-lines", {**flaw, ".gitignore": "".join(f"x{n}/**/y*\n" for n in range(10_000))}
    yield (
        "gitignore-stars",
        {**{f"{'a' * 100}{n}.yaml": _FLAW for n in range(50)}, ".gitignore": ("*a" * 3 + "*b\n") * 10_000},
    )
    yield "gitignore-classes", {**flaw, ".gitignore": "[" + "a-z" * 30_000 + "]x\n" + "[!" * 30_000}
    yield "gitignore-questions", {**flaw, ".gitignore": "?" * 90_000 + "\n" + "!" * 90_000}
    yield "gitignore-slashes", {**flaw, ".gitignore": "/" * 90_000 + "\n" + "a/" * 40_000}
    yield "configuration-long", {**flaw, "tarecheck.yaml": "# x\n" * 200_000}
    yield (
        "configuration-nested",
        {
            **{f"{'d/' * n}tarecheck.yaml": "profile: strict\n" for n in range(200)},
            f"{'d/' * 199}bad.yaml": _FLAW,
        },
    )
    yield (
        "pyproject",
        {**flaw, "pyproject.toml": "[a]\n" + "".join(f"k{n} = [[[[[[1]]]]]]\n" for n in range(30_000))},
    )
    yield "pyproject-deep", {**flaw, "pyproject.toml": "a = " + "[" * 300_000}
    yield "pyproject-dotted", {**flaw, "pyproject.toml": ".".join(["a"] * 20_000) + " = 1\n"}
    yield (
        "dockerignore",
        {"Dockerfile": "FROM a:1\nCOPY . /\n", ".dockerignore": "!" * 200_000 + "\n" + "**/a\n" * 400},
    )
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        info = tarfile.TarInfo("../../bad.yaml")
        info.size = 30_000_000
        tar.addfile(info, io.BytesIO(b"\0" * info.size))
    yield (
        "chart-archive",
        {"Chart.yaml": _CHART, "charts/a.tgz": archive.getvalue(), "templates/a.yaml": _FLAW},
    )


def _git() -> Iterator[tuple[str, Files]]:
    """Forged repositories: the index alone decides what is looked at."""
    head = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "bad.yaml": _FLAW,
        ".gitignore": "ignored.yaml\n",
        "ignored.yaml": _FLAW,
    }
    entry = b"\0" * 24 + (0o100644).to_bytes(4, "big") + b"\0" * 34
    for name, path in {
        "up": b"../../../etc/x.yaml",
        "absolute": b"/etc/x.yaml",
        "empty": b"",
        "long": b"a/" * 2_000 + b"x.yaml",
    }.items():
        row = entry + path + b"\0"
        index = b"DIRC" + (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + row + b"\0" * (-len(row) % 8)
        yield f"git-index-{name}", {**head, ".git/index": index + b"\0" * 20}
    rows = b"".join(entry + b"\0" + b"%07d.yaml\0" % n for n in range(200_000))
    yield (
        "git-index-many",
        {
            **head,
            ".git/index": b"DIRC" + (4).to_bytes(4, "big") + (200_000).to_bytes(4, "big") + rows + b"\0" * 20,
        },
    )
    yield (
        "git-index-endless",
        {**head, ".git/index": b"DIRC" + (4).to_bytes(4, "big") + b"\xff" * 4 + (entry + b"\0a\0") * 1_000},
    )
    yield (
        "git-file",
        {**{k: v for k, v in head.items() if not k.startswith(".git/")}, ".git": "gitdir: /dev/zero\n"},
    )
    yield (
        "git-config",
        {
            **head,
            ".git/config": "[core]\n" + "\tx = y\n" * 300_000,
            ".git/index": b"DIRC\0\0\0\x09" + b"\0" * 99,
        },
    )
