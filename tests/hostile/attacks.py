"""Inputs that were made to hurt: a table of small trees, each of which a scan must survive.

Every attack is made when it is asked for, so that megabytes are held one at a time. Sizes are those that hurt:
most of what is here took minutes, gigabytes or the findings of its neighbours before it was mended.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Files = dict[str, str | bytes]

POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
    - name: c
      image: registry.example.org/app:1.0
"""
GOOD_SIBLINGS: Files = {
    # each has a flaw that must still be found beside any attack
    "zz-good/Dockerfile": "FROM alpine:latest\nUSER root\n",
    "zz-good/pod.yaml": POD + "      securityContext:\n        privileged: true\n",
    "zz-good/main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  acl    = "public-read-write"\n}\n',
    "zz-good/compose.yaml": "services:\n  app:\n    image: registry.example.org/app:1.0\n    privileged: true\n",
}


@dataclass(frozen=True, slots=True)
class Attack:
    """A tree. `told`: the reader must say that a file could not be read whole."""

    name: str
    make: Callable[[], Files]
    told: bool = False
    links: tuple[tuple[str, str], ...] = ()  # (name, target)
    fifos: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Write the tree, and the good siblings beside it."""
        for name, content in {**self.make(), **GOOD_SIBLINGS}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            )
        for name in self.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, target in self.links:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(target)
        for name in self.fifos:
            os.mkfifo(folder / name)


def attacks() -> Iterator[Attack]:
    """All of them."""
    for part in (
        _beside,
        _yaml,
        _json,
        _dockerfile,
        _shell,
        _terraform,
        _plans,
        _compose,
        _encodings,
        _file_system,
    ):
        yield from part()


def _beside() -> Iterator[Attack]:
    """Files that a scanned one names or that are read with it: pipes, devices, links, far too many."""
    copies = "FROM alpine:3.19\nCOPY . /app\nCOPY a /b\n"
    compose = "services:\n  a:\n    image: a:1\n    env_file: {}\n"
    call = 'module "m" {\n  source = "./m"\n}\n'
    yield Attack("beside-dockerignore-pipe", lambda: {"Dockerfile": copies}, fifos=(".dockerignore",))
    yield Attack(
        "beside-dockerignore-device", lambda: {"Dockerfile": copies}, links=((".dockerignore", "/dev/zero"),)
    )
    yield Attack(
        "beside-dockerignore-stars",
        lambda: {
            "Dockerfile": copies + f"COPY {'a' * 200} /x\n" * 50,
            ".dockerignore": "**/" * 1_000 + "x\n" + "*a" * 40 + "b\n" + "[" * 10_000,
        },
    )
    yield Attack(
        "beside-dockerignore-long",
        lambda: {
            "Dockerfile": copies + "".join(f"COPY f{n} /x\n" for n in range(1_000)),
            ".dockerignore": "".join(f"**/x{n}*y\n" for n in range(100_000)),
        },
    )
    yield Attack("beside-env-pipe", lambda: {"x.compose.yaml": compose.format("pipe")}, fifos=("pipe",))
    yield Attack(
        "beside-env-device", lambda: {"x.compose.yaml": compose.format("z")}, links=(("z", "/dev/zero"),)
    )
    yield Attack("beside-env-nul", lambda: {"x.compose.yaml": compose.format('"a\\0b"')})
    yield Attack(
        "beside-module",
        lambda: {"main.tf": call, "m/x.txt": ""},
        fifos=("m/p.tf", "q.tf"),
        links=(("m/main.tf", "/etc/passwd"), ("m/z.tf", "/dev/zero"), ("r", "/")),
    )
    yield Attack(
        "beside-module-tree",
        lambda: {
            f"l{n}/main.tf": "".join(f'module "m{k}" {{\n  source = "../l{n + 1}"\n}}\n' for k in range(30))
            for n in range(7)
        },
    )
    yield Attack(
        "beside-variables-that-double",
        lambda: {
            "bad.yaml": POD
            + "      env:\n"
            + "".join(f'        - {{name: A{n}, value: "$(A{n - 1})$(A{n - 1})x"}}\n' for n in range(3_000))
        },
    )
    for name, value in (("digits", "9" * 300_000), ("small", "0." + "0" * 300_000 + "1m")):
        limits = f"      resources: {{limits: {{memory: '{value}', nvidia.com/gpu: '{value}'}}}}\n"
        yield Attack(f"beside-quantity-{name}", lambda limits=limits: {"bad.yaml": POD + limits})  # type: ignore[misc]


def _yaml() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"yaml-{name}", lambda: {"bad.yaml": make()}, told)

    head = "apiVersion: v1\nkind: Pod\n"
    yield one(
        "alias-bomb",
        lambda: (
            head
            + "a0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
        ),
        told=True,
    )
    yield one(
        "alias-bomb-of-merges",
        lambda: (
            head
            + "a0: &a0 {x: 1}\n"
            + "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
        ),
        told=True,
    )
    yield one(
        "alias-bomb-below-the-limit",
        lambda: (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: &c\n  - &x {name: c, image: i, "
            "securityContext: {privileged: true}}\n" + "  - *x\n" * 50_000
        ),
    )
    yield one("alias-of-itself", lambda: head + "spec: &s\n  containers: [*s]\n", told=True)
    yield one("merge-of-itself", lambda: head + "spec: &s\n  <<: *s\n", told=True)
    yield one(
        "merge-chain",
        lambda: (
            head
            + "m0: &m0 {k: v}\n"
            + "".join(f"m{n}: &m{n}\n  <<: *m{n - 1}\n  k{n}: v\n" for n in range(1, 3_000))
        ),
    )
    yield one("deep-flow", lambda: head + "a: " + "[" * 100_000 + "]" * 100_000, told=True)
    yield one("deep-flow-maps", lambda: head + "a: " + "{a: " * 50_000 + "}" * 50_000, told=True)
    yield one("deep-flow-unclosed", lambda: head + "a: " + "[" * 1_000_000, told=True)
    yield one("deep-block", lambda: head + "".join(" " * n + "a:\n" for n in range(2_000)), told=True)
    yield one("deep-block-sequence", lambda: head + "a:\n" + "- " * 100_000 + "x\n", told=True)
    yield one("deep-240", lambda: POD + "".join("  " * n + "a:\n" for n in range(240)))
    yield one(
        "deep-below-the-limit",
        lambda: POD.replace("image:", "env: " + "[" * 200 + "]" * 200 + "\n      image:"),
    )
    yield one("huge-scalar", lambda: POD + "      command: [" + "x" * 4_500_000 + "]\n")
    yield one("huge-quoted-scalar", lambda: POD + '      command: ["' + "\\n" * 2_000_000 + '"]\n')
    yield one("huge-key", lambda: POD + "      " + "x" * 4_000_000 + ": 1\n")
    yield one("huge-image", lambda: POD.replace("registry.example.org", "a/" * 1_000_000))
    yield one("huge-image-colons", lambda: POD.replace("registry.example.org", "a:@" * 500_000))
    yield one("huge-number", lambda: POD + "      replicas: " + "9" * 1_000_000 + "\n")
    yield one(
        "huge-quantity",
        lambda: (
            POD
            + "      resources: {limits: {memory: "
            + "9" * 200_000
            + "Gi, cpu: 1e999999999, nvidia.com/gpu: 9e99999}}\n"
        ),
    )
    yield one("many-keys", lambda: POD + "".join(f"      k{n}: v\n" for n in range(200_000)))
    yield one("many-equal-keys", lambda: POD + "      k: v\n" * 200_000, told=True)
    yield one("many-documents", lambda: "apiVersion: v1\nkind: Pod\n---\n" * 100_000)
    yield one("many-empty-documents", lambda: head + "---\n" * 1_000_000)
    yield one(
        "many-broken-documents", lambda: "apiVersion: v1\nkind: Pod\n---\na: b: c\n---\n" * 20_000, told=True
    )
    yield one("many-containers", lambda: POD + "    - name: c\n      image: app:latest\n" * 20_000)
    yield one(
        "many-objects-with-flaws",
        lambda: "\n---\n".join(
            POD.replace("name: p", f"name: p{n}") + "      securityContext: {privileged: true}\n"
            for n in range(3_000)
        ),
    )
    yield one(
        "list-of-lists",
        lambda: (
            "apiVersion: v1\nkind: List\nitems:\n"
            + "".join(
                "  " * n + "- apiVersion: v1\n" + "  " * n + "  kind: List\n" + "  " * n + "  items:\n"
                for n in range(100)
            )
        ),
    )
    yield one(
        "tags",
        lambda: (
            head
            + "a: !!python/object/apply:os.system ['touch /tmp/pwned']\nb: !!binary x\nc: !foo {}\nd: !!int x\ne: !!float []\nf: !!set {a}\ng: !!timestamp x\n"
        ),
    )
    yield one(
        "tags-everywhere",
        lambda: "!x apiVersion: !y v1\n!!int kind: !!map Pod\nspec: !!seq {containers: !!map []}\n",
    )
    yield one(
        "complex-keys",
        lambda: POD + "      ? {a: b}\n      : c\n      ? [a]\n      : d\n      ? |\n        x\n      : y\n",
    )
    yield one("unclosed-quote", lambda: POD + '      command: ["' + "x\n" * 500_000, told=True)
    yield one("unclosed-everything", lambda: head + 'a: {b: [c, "d\n', told=True)
    yield one("tabs", lambda: POD.replace("  ", "\t"), told=True)
    yield one("anchors-without-use", lambda: POD + "".join(f"      k{n}: &a{n} v\n" for n in range(100_000)))
    yield one("unknown-aliases", lambda: POD + "      k: *nowhere\n", told=True)
    yield one("directives", lambda: "%YAML 9.9\n%TAG ! tag:x,2000:\n" * 1000 + "---\n" + POD, told=True)
    yield one("template", lambda: POD + "      {{- range $x := .Values }}\n      - {{ $x }}\n" * 20_000)
    yield one("template-unclosed", lambda: POD + "      a: " + "{{ " * 300_000)
    yield one("template-braces", lambda: POD + "      a: " + "{{ }" * 200_000 + "\n")
    yield one("template-ifs", lambda: POD + "{{ if .x }}\n" * 30_000)
    yield one("template-percent", lambda: POD + "      a: " + "{% " * 300_000 + "\n")
    yield one("comment-lines", lambda: POD + "# tarecheck: ignore[\n" * 50_000)
    yield one("ignore-comments", lambda: POD + "# tarecheck: ignore[a,b] until=9999-99-99 by= x\n" * 30_000)
    yield one("ignore-comment-long", lambda: POD + "# tarecheck: ignore[" + "a," * 500_000 + "\n")
    yield one("checkov-comments", lambda: POD + "# checkov:skip=CKV_K8S_16:" * 100_000)
    yield one(
        "annotations",
        lambda: (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n"
            + "".join(f"    tarecheck.dev/ignore.privileged-container{n}: ''\n" for n in range(20_000))
            + POD.partition("metadata: {name: p}\n")[2]
        ),
    )
    yield one(
        "secret-names",
        lambda: (
            POD
            + "      env:\n"
            + "".join(f"      - name: PASSWORD{n}\n        value: hunter{n}\n" for n in range(10_000))
        ),
    )
    yield one("long-secret-line", lambda: POD + "      args: ['" + "--token=a " * 300_000 + "']\n")
    yield one("dotted-names", lambda: POD + "      a: " + "a.b.c-d_" * 400_000 + "\n")
    yield one(
        "base64",
        lambda: (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: "
            + "QUJD" * 1_000_000
            + "\n"
        ),
    )
    yield one(
        "key-file",
        lambda: (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata:\n  k: |\n"
            + "    -----BEGIN PRIVATE KEY-----\n" * 50_000
        ),
    )
    yield one(
        "embedded-json",
        lambda: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata:\n  k: '" + "[" * 100_000 + "'\n",
    )
    yield one("pod-command", lambda: POD + '      command: [sh, -c, "' + "a && " * 100_000 + 'b"]\n')
    yield one(
        "pod-args",
        lambda: POD + "      command: [vllm]\n      args: [" + "--tensor-parallel-size=8, " * 50_000 + "]\n",
    )
    yield one(
        "many-labels",
        lambda: (
            "\n---\n".join(
                f"apiVersion: v1\nkind: Service\nmetadata: {{name: s{n}}}\nspec: {{selector: {{app: a{n % 7}}}, ports: [{{port: 80}}]}}"
                for n in range(3_000)
            )
            + "\n---\n"
            + "\n---\n".join(
                POD.replace("{name: p}", f"{{name: p{n}, labels: {{app: a{n % 7}}}}}") for n in range(3_000)
            )
        ),
    )
    yield one(
        "role-rules",
        lambda: (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n"
            + "- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}\n" * 20_000
        ),
    )
    yield one(
        "roles-and-bindings",
        lambda: "".join(
            f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r{n}}}\nrules: [{{apiGroups: ['*'], resources: ['*'], verbs: ['*']}}]\n"
            f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b{n}}}\nroleRef: {{kind: ClusterRole, name: r{n}}}\nsubjects: [{{kind: Group, name: 'system:authenticated'}}]\n"
            for n in range(2_000)
        ),
    )
    yield one(
        "nan",
        lambda: (
            POD
            + "      resources: {limits: {cpu: .nan, memory: .inf, nvidia.com/gpu: -.inf}}\n      ports: [{containerPort: .nan, hostPort: 1e400}]\n"
        ),
    )
    yield one(
        "bidi",
        lambda: POD.replace("name: c", 'name: "a\\u202e\\e[31mb\\x07\\0"').replace(
            "app:1.0", "app\u202e\u2066:latest"
        ),
    )
    yield one("lone-surrogates", lambda: POD.replace("name: c", 'name: "\\ud800\\udfff"'))
    yield one("line-separators", lambda: POD.replace("\n", "\u2028"), told=False)
    yield one("carriage-returns", lambda: POD.replace("\n", "\r"))
    yield one("next-lines", lambda: POD + "      a: b\x85      c: d\u2028\u2029e\n")


def _json() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"json-{name}", lambda: {"bad.json": make()}, told)

    head = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, '
    pod = head + '"spec": {"containers": [{"name": "c", "image": "app:latest"%s}]}}'
    yield one("deep", lambda: head + '"a": ' + "[" * 100_000 + "]" * 100_000 + "}", told=True)
    yield one("deep-900", lambda: head + '"a": ' + "[" * 900 + "]" * 900 + "}")
    yield one("deep-400-maps", lambda: pod % (', "env": ' + '{"a": ' * 400 + "1" + "}" * 400))
    yield one("deep-unclosed", lambda: head + '"a": ' + '{"a":' * 500_000, told=True)
    yield one("many-unclosed-objects", lambda: head + '"a": ' + '[{"a": 1}, ' * 100_000, told=True)
    yield one("huge-number", lambda: pod % (', "x": ' + "9" * 100_000))
    yield one(
        "huge-exponent", lambda: pod % ', "x": 1e999999, "resources": {"limits": {"nvidia.com/gpu": 1e400}}'
    )
    yield one("nan", lambda: pod % ', "x": NaN, "y": Infinity, "resources": {"limits": {"cpu": -Infinity}}')
    yield one("equal-keys", lambda: pod % "".join(f', "k{n % 500}": 1' for n in range(200_000)), told=True)
    yield one(
        "wide",
        lambda: (
            head
            + '"spec": {"containers": ['
            + ", ".join(['{"name": "c", "image": "app:latest"}'] * 20_000)
            + "]}}"
        ),
    )
    yield one(
        "one-line",
        lambda: (
            head
            + '"spec": {"containers": ['
            + ", ".join(
                ['{"name": "c", "image": "app:latest", "securityContext": {"privileged": true}}'] * 3_000
            )
            + "]}}"
        ),
    )
    yield one("many-documents", lambda: (pod % "") * 5_000)
    yield one("trailing-rubbish", lambda: pod % "" + "}" * 100_000, told=True)
    yield one("comments", lambda: "// x\n" * 10_000 + pod % "")
    yield one("surrogates", lambda: pod % ', "x": "\\ud800", "securityContext": {"privileged": true}')


def _dockerfile() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"dockerfile-{name}", lambda: {"Dockerfile": make()}, told)

    yield one("continuations", lambda: "FROM alpine\nRUN echo \\\n" + "  x \\\n" * 66_000)
    yield one("blank-continuations", lambda: "FROM alpine\nRUN echo \\\n" + "\\\n" * 66_000)
    yield one("empty-lines-in-continuation", lambda: "FROM alpine\nRUN echo \\\n" + "\n" * 66_000 + "x\n")
    yield one("comments-in-continuation", lambda: "FROM alpine\nRUN echo \\\n" + "# x\n" * 66_000 + "x\n")
    yield one("heredoc-unclosed", lambda: "FROM alpine\nRUN cat <<EOF\n" + "echo x\n" * 66_000, told=True)
    yield one("heredocs-unclosed", lambda: "FROM alpine\n" + "RUN cat <<EOF\n" * 60_000, told=True)
    yield one(
        "heredocs-many-on-a-line",
        lambda: "FROM alpine\nRUN cat " + " ".join(f"<<E{n}" for n in range(20_000)) + "\n" + "x\n" * 20_000,
        told=True,
    )
    yield one("heredocs-in-heredocs", lambda: "FROM alpine\nRUN <<E\n" + "cat <<F\n" * 20_000 + "E\n")
    yield one("heredoc-huge", lambda: "FROM alpine\nRUN <<E\n" + "pip install x\n" * 60_000 + "E\n")
    yield one("one-line", lambda: "FROM alpine\nRUN " + "a && " * 300_000 + "b\n")
    yield one("one-word", lambda: "FROM alpine\nRUN " + "a" * 1_900_000 + "\n")
    yield one("too-long", lambda: "FROM alpine\n" + "RUN a\n" * 500_000, told=True)
    yield one("quotes", lambda: "FROM alpine\nRUN <<a " + "\"'" * 100_000 + "\n")
    yield one("quotes-open", lambda: "FROM alpine\nRUN cat << " + '"\\' * 100_000 + "\n")
    yield one("backslashes", lambda: "FROM alpine\nRUN " + "\\" * 500_000 + "\n")
    yield one(
        "variables-that-double",
        lambda: "FROM alpine\nENV a=xxxxxxxxxx\n" + "ENV a=$a$a$a$a\n" * 500 + "RUN $a\n",
    )
    yield one(
        "variables-nested", lambda: "FROM alpine\nENV b=" + "${a:-" * 50_000 + "x" + "}" * 50_000 + "\n"
    )
    yield one("variables-nested-quotes", lambda: "FROM alpine\nENV b=" + '"${a:-' * 5_000 + "\n")
    yield one(
        "variables-many", lambda: "FROM alpine\n" + "".join(f"ENV a{n}=$a{n - 1}\n" for n in range(10_000))
    )
    yield one(
        "arguments-many", lambda: "".join(f"ARG a{n}=x\n" for n in range(20_000)) + "FROM $a1:$a2\n" * 500
    )
    yield one(
        "stages-in-a-row",
        lambda: (
            "FROM alpine AS s0\nRUN apt-get update\n"
            + "".join(f"FROM s{n - 1} AS s{n}\nRUN apt-get update\n" for n in range(1, 5_000))
        ),
    )
    yield one("stages-in-a-circle", lambda: "FROM b AS a\nFROM a AS b\nFROM c AS c\nCOPY --from=c / /\n")
    yield one("stages-equal", lambda: "FROM alpine AS a\nCOPY --from=a / /\n" * 10_000)
    yield one("env-pairs", lambda: "FROM alpine\nENV " + " ".join(f"k{n}=v" for n in range(100_000)) + "\n")
    yield one("env-spaces", lambda: "FROM alpine\nENV a" + " " * 1_000_000 + "b\n")
    yield one("label-quotes", lambda: 'FROM alpine\nLABEL a="' + '\\"' * 300_000 + "\n")
    yield one("json-form-deep", lambda: "FROM alpine\nCMD " + "[" * 200_000 + "\n")
    yield one("json-form-long", lambda: "FROM alpine\nCMD [" + '"a", ' * 200_000 + '"b"]\n')
    yield one(
        "flags",
        lambda: (
            "FROM --platform="
            + "a" * 100_000
            + " alpine\nRUN "
            + "--mount=type=cache,target=/x " * 30_000
            + "true\n"
        ),
    )
    yield one("mount-options", lambda: "FROM alpine\nRUN --mount=" + "a=b," * 200_000 + " true\n")
    yield one("copy-many", lambda: "FROM alpine\nCOPY " + "a " * 300_000 + "/x/\n")
    yield one(
        "ports",
        lambda: "FROM alpine\nEXPOSE " + "99999999999999999999/tcp " * 30_000 + "\nEXPOSE 1-99999999999\n",
    )
    yield one("onbuild", lambda: "FROM alpine\n" + "ONBUILD " * 100_000 + "RUN x\n")
    yield one(
        "templates", lambda: "FROM alpine\n" + "{{ if }}" * 100_000 + "\n" + "{%" * 100_000 + "\nRUN x\n"
    )
    yield one("template-ends", lambda: "FROM alpine\n{%" + "%} " * 200_000 + "x\nRUN x\n")
    yield one(
        "template-blanks", lambda: "FROM alpine\n{% %}" + " " * 200_000 + "x\nRUN {{" + " " * 200_000 + "\n"
    )
    yield one(
        "directives",
        lambda: "# escape=`\n" * 20_000 + "# syntax=x" + " " * 200_000 + "y\nFROM alpine\n",
    )
    yield one("directive-blanks", lambda: "#" + " " * 300_000 + "a = b" + "  c" * 100_000 + "\nFROM alpine\n")
    yield one("no-from", lambda: "RUN x\n" * 10_000)
    yield one(
        "many-instructions",
        lambda: "FROM alpine\n" + "RUN apt-get update && pip install x && curl http://x | sh\n" * 3_000,
    )
    yield one("many-users", lambda: "FROM alpine\n" + "USER root\n" * 30_000)
    yield one("curl-pipes", lambda: "FROM alpine\nRUN " + "curl http://x | " * 20_000 + "sh\n")
    yield one(
        "ignores",
        lambda: (
            "# hadolint ignore="
            + "DL3001," * 100_000
            + "\nFROM alpine\n"
            + "# hadolint ignore=DL3001\n" * 20_000
        ),
    )
    yield one("nul", lambda: b"FROM alpine\nRUN a\0b\n", told=True)
    yield one(
        "controls", lambda: "FROM alpine\nRUN \x1b[31mred\x1b]0;title\x07 \u202e\n" + "USER \x1b[2Jroot\n"
    )
    yield one("only-newlines", lambda: "\n" * 2_000_000)
    yield one(
        "image-reference",
        lambda: "FROM " + "a/" * 500_000 + "b:" + "c" * 100_000 + "@" + "sha256:" * 10_000 + "\n",
    )
    yield one("pip", lambda: "FROM python\nRUN pip install " + "a==1.0 " * 100_000 + "\n")
    yield one("apt", lambda: "FROM debian\nRUN apt-get install " + "-y a=1 " * 100_000 + "\n")


def _shell() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str]) -> Attack:
        return Attack(f"shell-{name}", lambda: {"Dockerfile": "FROM alpine\nRUN " + make() + "\n"})

    yield one("parentheses", lambda: "(" * 20_000 + "a" + ")" * 20_000)
    yield one("parentheses-open", lambda: "(" * 100_000)
    yield one("substitutions", lambda: "echo " + "$(" * 10_000 + "a" + ")" * 10_000)
    yield one("substitutions-open", lambda: "echo " + "$(" * 50_000)
    yield one("substitutions-in-a-row", lambda: "echo " + "$(a) " * 50_000)
    yield one("substitutions-quoted", lambda: "echo " + '"$(' * 3_000 + "a" + ')"' * 3_000)
    yield one("backquotes", lambda: "echo " + "`a " * 20_000)
    yield one("braces", lambda: "{ " * 20_000 + "a" + "; }" * 20_000)
    yield one("ifs", lambda: "if a; then " * 5_000 + "b" + "; fi" * 5_000)
    yield one("ifs-open", lambda: "if a; then " * 20_000)
    yield one("cases", lambda: "case x in " * 5_000)
    yield one("functions", lambda: "f() { " * 5_000 + "a; " + "}; " * 5_000)
    yield one("sh-c", lambda: "sh -c '" + 'sh -c "' * 2_000 + "\"'")
    yield one("sh-c-many", lambda: "sh -c 'curl x | sh' && " * 5_000 + "true")
    yield one("eval", lambda: "eval " * 20_000 + "a")
    yield one("sudo", lambda: "sudo env -i nice " * 20_000 + "a")
    yield one("xargs", lambda: "xargs " * 20_000 + "sh")
    yield one("expansions", lambda: "echo " + "${a:-" * 10_000 + "}" * 10_000)
    yield one("arithmetic", lambda: "echo $((" + "(" * 10_000 + "1" + ")" * 10_000 + "))")
    yield one("redirects", lambda: "a " + "> f " * 50_000)
    yield one("heredoc-words", lambda: "cat " + "<<'E' " * 5_000)
    yield one("assignments", lambda: "a=b " * 100_000 + "c")
    yield one("assignments-double", lambda: "a=xxxxxxxxxx; " + "a=$a$a$a$a; " * 2_000 + "$a")
    yield one("pipes", lambda: "a | " * 50_000 + "b")
    yield one("ands", lambda: "a && " * 50_000 + "b")
    yield one("semicolons", lambda: ";" * 300_000)
    yield one("ampersands", lambda: "&" * 300_000)
    yield one("negations", lambda: "! " * 50_000 + "a")
    yield one("globs", lambda: "echo " + "*" * 300_000)
    yield one("quotes", lambda: "echo " + "'" * 99_999)
    yield one("double-quotes", lambda: "echo " + '"' * 99_999)
    yield one("escapes", lambda: "echo " + "\\\\" * 300_000)
    yield one("dollar", lambda: "echo " + "$" * 300_000)
    yield one("controls", lambda: "\x01\x02\x7f\u0085\u2028 " * 20_000)


def _terraform() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"hcl-{name}", lambda: {"bad.tf": make()}, told)

    def locals_(body: str) -> str:
        return (
            "locals {\n"
            + body
            + '\n}\nresource "aws_instance" "x" {\n  ami = local.a\n  user_data = local.a\n  tags = { a = local.a }\n}\n'
        )

    yield one("deep-parentheses", lambda: locals_("a = " + "(" * 20_000 + "1" + ")" * 20_000))
    yield one("deep-lists", lambda: locals_("a = " + "[" * 20_000 + "]" * 20_000))
    yield one("deep-lists-300", lambda: locals_("a = " + "[" * 300 + "]" * 300))
    yield one("deep-objects", lambda: locals_("a = " + "{a = " * 20_000 + "1" + "}" * 20_000))
    yield one("deep-open", lambda: locals_("a = " + "[" * 200_000), told=True)
    yield one("deep-blocks", lambda: "a {\n" * 5_000 + "}\n" * 5_000)
    yield one(
        "deep-resource-blocks", lambda: 'resource "a" "b" {\n' + "a {\n" * 2_000 + "}\n" * 2_000 + "}\n"
    )
    yield one("deep-conditionals", lambda: locals_("a = " + "true ? 1 : " * 10_000 + "2"))
    yield one("deep-binary", lambda: locals_("a = " + "1 + " * 20_000 + "2"))
    yield one("deep-not", lambda: locals_("a = " + "!" * 20_000 + "true"))
    yield one("deep-calls", lambda: locals_("a = " + "upper(" * 10_000 + '"x"' + ")" * 10_000))
    yield one("deep-templates", lambda: locals_("a = " + '"${' * 5_000 + "1" + '}"' * 5_000))
    yield one(
        "deep-template-ifs",
        lambda: locals_('a = "' + "%{ if true }" * 5_000 + "x" + "%{ endif }" * 5_000 + '"'),
    )
    yield one("deep-index", lambda: locals_("a = b" + "[0]" * 50_000))
    yield one("deep-attributes", lambda: locals_("a = b" + ".c" * 100_000))
    yield one("deep-splats", lambda: locals_("a = b" + "[*]" * 10_000))
    yield one("local-of-itself", lambda: locals_("a = local.a"))
    yield one("locals-in-a-circle", lambda: locals_("a = local.b\nb = local.c\nc = [local.a, local.b]"))
    yield one(
        "locals-in-a-row",
        lambda: locals_(
            "a = local.l5000\nl0 = 1\n" + "\n".join(f"l{n} = local.l{n - 1}" for n in range(1, 5_001))
        ),
    )
    yield one(
        "text-that-doubles",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = "${{local.l{n - 1}}}${{local.l{n - 1}}}"' for n in range(1, 61))
        ),
    )
    yield one(
        "text-joined",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = join("", [local.l{n - 1}, local.l{n - 1}])' for n in range(1, 61))
        ),
    )
    yield one(
        "text-formatted",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = format("%s%s", local.l{n - 1}, local.l{n - 1})' for n in range(1, 61))
        ),
    )
    yield one(
        "text-replaced",
        lambda: locals_(
            'a = local.l40\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = replace(local.l{n - 1}, "x", "xxxx")' for n in range(1, 41))
        ),
    )
    yield one(
        "text-encoded",
        lambda: locals_(
            'a = local.l60\nl0 = "\\"\\""\n'
            + "\n".join(f"l{n} = jsonencode(local.l{n - 1})" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-joined",
        lambda: locals_(
            "a = local.l60\nl0 = [1]\n"
            + "\n".join(f"l{n} = concat(local.l{n - 1}, local.l{n - 1})" for n in range(1, 61))
        ),
    )
    yield one(
        "maps-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = {x = 1}\n"
            + "\n".join(f"l{n} = {{a = local.l{n - 1}, b = local.l{n - 1}}}" for n in range(1, 61))
        ),
    )
    yield one(
        "maps-encoded",
        lambda: locals_(
            "a = jsonencode(local.l60)\nl0 = {x = 1}\n"
            + "\n".join(f"l{n} = {{a = local.l{n - 1}, b = local.l{n - 1}}}" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-compared",
        lambda: locals_(
            "a = local.l60 == local.m60 ? 1 : 2\nl0 = [1]\nm0 = [1]\n"
            + "\n".join(
                f"l{n} = [local.l{n - 1}, local.l{n - 1}]\nm{n} = [local.m{n - 1}, local.m{n - 1}]"
                for n in range(1, 61)
            )
        ),
    )
    yield one(
        "lists-flattened",
        lambda: locals_(
            "a = flatten(local.l60)\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-of-unknowns-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = [data.x.y.z]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "numbers-that-square",
        lambda: locals_(
            "a = local.l60\nl0 = 999999999\n"
            + "\n".join(f"l{n} = local.l{n - 1} * local.l{n - 1}" for n in range(1, 61))
        ),
    )
    yield one(
        "numbers-as-text",
        lambda: locals_(
            'a = "${local.l14}"\nl0 = 999999999\n'
            + "\n".join(f"l{n} = local.l{n - 1} * local.l{n - 1}" for n in range(1, 15))
        ),
    )
    yield one("power", lambda: locals_("a = pow(pow(999999, 63), 63)"))
    yield one("modulo", lambda: locals_("a = 1 % 0\nb = 1 / 0"))
    yield one("range", lambda: locals_("a = range(0, 1000000000000000)"))
    yield one(
        "range-of-ranges", lambda: locals_("a = [for x in range(10000) : [for y in range(10000) : x * y]]")
    )
    yield one(
        "for-in-for",
        lambda: locals_(
            "a = [for a in range(10000) : [for b in range(10000) : [for c in range(10000) : a]]]"
        ),
    )
    yield one(
        "for-over-text",
        lambda: locals_(
            'a = { for a in range(10000) : a => join(",", [for b in range(5000) : "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx${b}"]) }'
        ),
    )
    yield one(
        "for-in-template",
        lambda: locals_(
            'a = "%{ for a in range(10000) }%{ for b in range(10000) }${a}${b}%{ endfor }%{ endfor }"'
        ),
    )
    yield one(
        "format-width",
        lambda: locals_(
            'a = format("%2000000000d", 1)\nb = format("%-2000000000s", "x")\nc = format("%.2000000000f", 1)'
        ),
    )
    yield one("indent", lambda: locals_('a = indent(2000000000, "a\\nb\\nc")'))
    yield one(
        "cidr",
        lambda: locals_(
            'a = cidrsubnet("10.0.0.0/8", -1000000000, 1)\nb = cidrsubnet("10.0.0.0/8", 8, 99999999999999999999)\nc = cidrhost("::/0", 9999999999)\nd = cidrsubnet("::/0", 100, -5)'
        ),
    )
    yield one("setproduct", lambda: locals_("a = setproduct(range(10000), range(10000), range(10000))"))
    yield one(
        "sets",
        lambda: locals_(
            "a = toset(range(10000))\nb = setunion(range(10000), range(5000, 15000))\nc = distinct(range(10000))\nd = setintersection(range(10000), range(10000))\ne = [for n in range(5000) : contains(range(10000), n)]"
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c, local.d, local.e]"),
    )
    yield one("chunklist", lambda: locals_("a = chunklist(range(10000), 0)\nb = chunklist([1], -1)"))
    yield one("regex", lambda: locals_('a = regex("^(a+)+$", "' + "a" * 40 + 'b")'))
    yield one("regexall", lambda: locals_('a = regexall("(a|aa)+$", "' + "a" * 60 + 'b")'))
    yield one("regex-replace", lambda: locals_('a = replace("' + "a" * 40 + 'b", "/(a*)*c/", "x")'))
    yield one(
        "regex-repeat", lambda: locals_('a = regexall("((((a{1,100}){1,100}){1,100}){1,100})", "aaaa")')
    )
    yield one(
        "regex-wrong",
        lambda: locals_(
            'a = regex("(((", "x")\nb = replace("x", "/[/", "y")\nc = regex("(?P<a>x)(?P<a>y)", "xy")'
        ),
    )
    yield one(
        "files-outside",
        lambda: locals_(
            'a = file("../../../../../../etc/passwd")\nb = file("/etc/passwd")\nc = templatefile("/etc/shadow", {})\nd = fileset("/", "**")\ne = fileset("..", "**/../**")\nf = filebase64("/dev/zero")\ng = file("/dev/stdin")'
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c, local.d, local.e, local.f, local.g]"),
    )
    yield one("json-texts", lambda: locals_('a = jsondecode("' + "[" * 50_000 + '")'))
    yield one("json-numbers", lambda: locals_('a = jsondecode("' + "9" * 50_000 + '")'))
    yield one("yaml-texts", lambda: locals_('a = yamldecode("' + "[" * 5_000 + "]" * 5_000 + '")'))
    yield one(
        "yaml-bomb",
        lambda: locals_(
            "a = yamldecode(<<E\na0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
            + "E\n)"
        ),
    )
    yield one("yaml-of-itself", lambda: locals_("a = yamldecode(<<E\na: &a [*a]\nE\n)"))
    yield one(
        "base64",
        lambda: locals_('a = base64decode("' + "/w" * 50_000 + '==")\nb = base64encode(base64encode("x"))'),
    )
    yield one(
        "surrogates",
        lambda: locals_(
            'a = base64encode("\\ud800")\nb = sha256("\\udfff")\nc = urlencode("\\ud800")'
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c]"),
    )
    yield one(
        "huge-number",
        lambda: locals_("a = " + "9" * 100_000) + 'resource "x" "y" {\n  count = ' + "9" * 5_000 + "\n}\n",
    )
    yield one("huge-exponent", lambda: locals_("a = 1e999999999\nb = -1e99999"))
    yield one(
        "huge-count", lambda: 'resource "aws_instance" "x" {\n  count = 1000000000000\n  ami = "x"\n}\n'
    )
    yield one(
        "count-nan",
        lambda: (
            'resource "aws_instance" "x" {\n  count = 1e999 - 1e999\n}\nresource "aws_instance" "y" {\n  count = "x"\n}\nresource "aws_instance" "z" {\n  for_each = 5\n}\n'
        ),
    )
    yield one(
        "huge-for-each",
        lambda: (
            'resource "aws_instance" "x" {\n  for_each = toset([for n in range(5000) : tostring(n)])\n  ami = each.key\n}\n'
        ),
    )
    yield one(
        "dynamic-in-dynamic",
        lambda: (
            'resource "aws_security_group" "x" {\n'
            + 'dynamic "ingress" {\nfor_each = range(64)\ncontent {\n' * 6
            + "a = 1\n"
            + "}\n}\n" * 6
            + "}\n"
        ),
    )
    yield one(
        "dynamic-of-unknown",
        lambda: (
            'resource "aws_security_group" "x" {\n  dynamic "ingress" {\n    for_each = 5\n    content {}\n  }\n  dynamic "a" {\n  }\n  dynamic "b" {\n    for_each = { a = 1 }\n    iterator = "x"\n    content {\n      c = x.value.y.z\n    }\n  }\n}\n'
        ),
    )
    yield one(
        "module-of-itself",
        lambda: (
            'module "a" {\n  source = "./"\n  x = module.a.y\n}\noutput "y" {\n  value = module.a.y\n}\nresource "aws_instance" "x" {\n  ami = module.a.y\n}\n'
        ),
    )
    yield one(
        "modules-of-themselves",
        lambda: (
            "".join(
                f'module "a{n}" {{\n  source = "./"\n  x = module.a{(n + 1) % 12}.y\n}}\n' for n in range(12)
            )
            + 'variable "x" {}\noutput "y" {\n  value = ['
            + ", ".join(f"module.a{n}.y" for n in range(12))
            + ', var.x]\n}\nresource "aws_instance" "x" {\n  ami = module.a0.y\n}\n'
        ),
    )
    yield Attack(
        "hcl-modules-in-a-circle",
        lambda: {
            "a/main.tf": "".join(f'module "b{n}" {{\n  source = "../b"\n}}\n' for n in range(8))
            + 'output "y" {\n  value = ['
            + ", ".join(f"module.b{n}.y" for n in range(8))
            + "]\n}\n",
            "b/main.tf": "".join(f'module "a{n}" {{\n  source = "../a"\n}}\n' for n in range(8))
            + 'output "y" {\n  value = ['
            + ", ".join(f"module.a{n}.y" for n in range(8))
            + "]\n}\n",
            "main.tf": 'module "a" {\n  source = "./a"\n}\nresource "aws_instance" "x" {\n  ami = module.a.y\n}\n',
        },
    )
    yield one(
        "module-sources",
        lambda: "".join(
            f'module "a{n}" {{\n  source = {source}\n}}\nresource "x" "y{n}" {{\n  a = module.a{n}.b\n}}\n'
            for n, source in enumerate(
                (
                    '"../../../../../etc"',
                    '"./bad.tf"',
                    '"./\\u0000"',
                    "5",
                    "null",
                    "[]",
                    '"./${module.a0.b}"',
                    '"' + "./" * 50_000 + '"',
                    '"./' + "x" * 5_000 + '"',
                )
            )
        ),
    )
    yield one(
        "variables-of-types",
        lambda: (
            'variable "a" {\n  type = '
            + "list(" * 3_000
            + "string"
            + ")" * 3_000
            + "\n  default = "
            + "[" * 150
            + "]" * 150
            + '\n}\nresource "x" "y" {\n  a = var.a\n}\n'
        ),
    )
    yield one(
        "variable-optional",
        lambda: (
            'variable "a" {\n  type = object({ a = optional(object({ b = optional(string, var.a) }), {}) })\n  default = {}\n}\nvariable "b" {\n  type = object()\n  default = { a = 1 }\n}\nresource "x" "y" {\n  a = var.a\n  b = var.b\n}\n'
        ),
    )
    yield Attack(
        "hcl-template-of-itself",
        lambda: {
            "bad.tf": locals_('a = templatefile("${path.module}/t.tpl", { x = 1 })'),
            "t.tpl": '${templatefile("t.tpl", { x = 2 })}${templatefile("t.tpl", { x = 2 })}',
        },
    )
    yield Attack(
        "hcl-template-huge",
        lambda: {
            "bad.tf": locals_('a = templatefile("t.tpl", { x = range(10000) })'),
            "t.tpl": "%{ for a in x ~}\n%{ for b in x ~}\nline ${a} ${b}\n%{ endfor ~}\n%{ endfor ~}\n",
        },
    )
    yield Attack(
        "hcl-template-end-marker",
        lambda: {
            "bad.tf": locals_('a = templatefile("t.tpl", {})'),
            "t.tpl": "x\nTEMPLATE_END_7f3a\n}\nlocals { a = 1 }\n",
        },
    )
    yield one("heredoc-open", lambda: locals_("a = <<E\n" + "x\n" * 100_000), told=True)
    yield one("heredocs-many", lambda: locals_("\n".join(f"a{n} = <<E\nx\nE" for n in range(10_000))))
    yield one("text-open", lambda: locals_('a = "' + "${" * 50_000), told=True)
    yield one("comment-open", lambda: locals_("a = 1") + "/*" * 100_000, told=True)
    yield one("comments", lambda: locals_("a = 1") + "# x\n" * 200_000)
    yield one(
        "many-resources",
        lambda: "".join(
            f'resource "aws_instance" "x{n}" {{\n  ami = aws_instance.x{n - 1}.id\n  user_data = "x"\n}}\n'
            for n in range(5_000)
        ),
    )
    yield one(
        "many-attributes",
        lambda: 'resource "aws_instance" "x" {\n' + "".join(f"  a{n} = {n}\n" for n in range(50_000)) + "}\n",
    )
    yield one(
        "many-blocks",
        lambda: (
            'resource "aws_security_group" "x" {\n'
            + '  ingress {\n    cidr_blocks = ["0.0.0.0/0"]\n    from_port = 0\n    to_port = 65535\n  }\n'
            * 5_000
            + "}\n"
        ),
    )
    yield one("many-errors", lambda: "= = = }\n" * 30_000, told=True)
    yield one(
        "user-data",
        lambda: (
            'resource "aws_instance" "x" {\n  user_data = <<E\n#!/bin/bash\n'
            + "curl http://x | sh\n" * 20_000
            + "E\n}\n"
        ),
    )
    yield one(
        "policy",
        lambda: (
            'resource "aws_iam_policy" "x" {\n  policy = jsonencode({ Statement = [for n in range(5000) : { Effect = "Allow", Action = "*", Resource = "*" }] })\n}\n'
        ),
    )
    yield one(
        "policy-text",
        lambda: 'resource "aws_iam_policy" "x" {\n  policy = <<E\n' + '{"Statement": ' * 3_000 + "\nE\n}\n",
    )
    yield one(
        "manifest-text",
        lambda: (
            'resource "kubectl_manifest" "x" {\n  yaml_body = <<E\na0: &a0 [x]\n'
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
            + "apiVersion: v1\nkind: Pod\nE\n}\n"
        ),
    )
    yield one(
        "manifest-of-doubling",
        lambda: (
            "locals {\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 41))
            + '\n}\nresource "kubernetes_manifest" "x" {\n  manifest = { apiVersion = "v1", kind = "Pod", metadata = { name = "x" }, spec = { containers = local.l40 } }\n}\n'
        ),
    )
    yield Attack(
        "hcl-broken-neighbour",
        lambda: {
            "bad.tf": locals_("a = " + "[" * 20_000 + "]" * 20_000),
            "good.tf": GOOD_SIBLINGS["zz-good/main.tf"],
            "bad.tf.json": "[" * 100_000,
            "bad.auto.tfvars.json": "{" * 50_000,
            "bad.auto.tfvars": "a = " + "[" * 50_000,
        },
        told=True,
    )
    yield Attack(
        "hcl-tfvars",
        lambda: {
            "bad.tf": 'variable "x" {}\nresource "x" "y" {\n  a = var.x\n}\n',
            "terraform.tfvars.json": '{"x": ' + "[" * 900 + "]" * 900 + "}",
            "a.auto.tfvars.json": "nope",
            "b.auto.tfvars.json": "[1]",
            "c.auto.tfvars": "x = 9" + "9" * 5000,
        },
        told=True,
    )
    yield Attack(
        "tfjson-deep",
        lambda: {"bad.tf.json": '{"resource": {"a": {"b": {"c": ' + "[" * 900 + "]" * 900 + "}}}}"},
    )
    yield Attack(
        "tfjson-templates",
        lambda: {
            "bad.tf.json": json.dumps(
                {
                    "locals": {"a": "${" * 5_000, "b": "${a}" * 20_000, "c": ["${x}"] * 5_000},
                    "resource": {"x": {"y": {"z": "${local.b}"}}},
                }
            )
        },
    )
    yield Attack(
        "tfjson-types",
        lambda: {
            "bad.tf.json": json.dumps(
                {
                    "resource": [{"a": [{"b": [[{"c": 1}], None, 5]}]}],
                    "data": 5,
                    "module": {"a": None, "b": []},
                    "locals": "x",
                    "variable": {"a": 5},
                    "provisioner": {},
                    "//": 1,
                    "output": {"a": {"value": None}},
                    "terraform": [[]],
                    "provider": {"aws": 5},
                }
            )
        },
    )


def _plan(**parts: Any) -> str:
    return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0", **parts})


def _plans() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"plan-{name}", lambda: {"plan.json": make()}, told)

    def change(number: int, after: Any = None) -> dict[str, Any]:
        values = {"bucket": "b", "acl": "public-read"} if after is None else after
        return {
            "address": f"aws_s3_bucket.b{number}",
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": f"b{number}",
            "change": {
                "actions": ["create"],
                "after": values,
                "after_unknown": {"id": True},
                "after_sensitive": {},
            },
        }

    yield one(
        "many-resources",
        lambda: _plan(planned_values={}, resource_changes=[change(n) for n in range(10_000)]),
    )
    yield one(
        "deep",
        lambda: (
            '{"format_version": "1.2", "terraform_version": "1", "planned_values": '
            + '{"root_module": ' * 100_000
        ),
        told=True,
    )
    yield one(
        "deep-900",
        lambda: _plan(planned_values={}, resource_changes=[change(0, {"a": "DEEP"})]).replace(
            '"DEEP"', "[" * 900 + "]" * 900
        ),
        told=True,
    )
    yield one(
        "deep-200",
        lambda: _plan(planned_values={}, resource_changes=[change(0, {"a": "DEEP"})]).replace(
            '"DEEP"', "[" * 200 + "]" * 200
        ),
    )
    yield one(
        "deep-unknown",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {**change(0), "change": {"actions": ["create"], "after": None, "after_unknown": "DEEP"}}
            ],
        ).replace('"DEEP"', '{"a":' * 800 + "true" + "}" * 800),
        told=True,
    )
    yield one(
        "deep-modules",
        lambda: _plan(planned_values={}, configuration={"root_module": "DEEP"}).replace(
            '"DEEP"', '{"module_calls":{"a":{"module":' * 280 + "{}" + "}}}" * 280
        ),
    )
    yield one(
        "deep-child-modules",
        lambda: _plan(planned_values="DEEP").replace(
            '"DEEP"', '{"root_module":' + '{"child_modules":[' * 400 + "]}" * 400 + "}"
        ),
    )
    yield one(
        "duplicate-keys",
        lambda: (
            '{"format_version": "1.2", "terraform_version": "1", '
            + '"resource_changes": [], ' * 1_000
            + '"resource_changes": ['
            + json.dumps(change(1))
            + "]}"
        ),
    )
    yield one(
        "wide-child-modules",
        lambda: _plan(planned_values={"root_module": {"child_modules": [{"resources": []}] * 100_000}}),
    )
    yield one(
        "large-sensitive",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(n),
                    "change": {
                        "actions": ["create"],
                        "after": {"acl": "public-read", "password": f"hunter{n:05d}"},
                        "after_sensitive": {"password": True},
                    },
                }
                for n in range(3_000)
            ],
        ),
    )
    yield one(
        "huge-numbers",
        lambda: _plan(
            planned_values={},
            resource_changes=[change(0, {"a": "BIG", "desired_capacity": "BIG", "port": "BIG"})],
        ).replace('"BIG"', "9" * 4_200),
    )
    yield one(
        "nan",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                change(0, {"a": float("nan"), "from_port": float("inf"), "to_port": -float("inf")})
            ],
        ),
    )
    yield one(
        "addresses",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(0),
                    "address": 'module.a["' + "x" * 100_000,
                    "module_address": "module." * 50_000,
                    "index": [1],
                }
            ],
        ),
    )
    yield one(
        "references",
        lambda: _plan(
            planned_values={},
            resource_changes=[change(0)],
            configuration={
                "root_module": {
                    "resources": [
                        {
                            "mode": "managed",
                            "type": "aws_s3_bucket",
                            "name": "b0",
                            "expressions": {"id": {"references": ["a." * 50_000] * 50}},
                        }
                    ]
                }
            },
        ),
    )
    yield one(
        "policies",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(0),
                    "type": "aws_iam_policy",
                    "change": {
                        "actions": ["create"],
                        "after": {
                            "policy": json.dumps(
                                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}] * 20_000}
                            )
                        },
                    },
                }
            ],
        ),
    )
    yield one(
        "truncated",
        lambda: _plan(planned_values={}, resource_changes=[change(n) for n in range(1_000)])[:-500],
        told=True,
    )
    yield one("zip", lambda: _zip({"tfplan": b"\0" * 1_000}), told=False)
    yield Attack(
        "plan-zip-bomb",
        lambda: {
            "tfplan": _zip({"tfplan": b"\0" * 50_000_000, "tfconfig/x": b"x"}),
            "bad.tfplan": b"PK\x03\x04tfplan" + b"\xff" * 1_000,
        },
    )


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _compose() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str], *, told: bool = False) -> Attack:
        return Attack(f"compose-{name}", lambda: {"compose.yaml": make()}, told)

    app = "services:\n  app:\n    image: app:latest\n"
    yield one("extends-itself", lambda: app + "    extends: {service: app}\n")
    yield one(
        "extends-circle",
        lambda: "services:\n  a: {extends: b}\n  b: {extends: {service: c}}\n  c: {extends: a}\n",
    )
    yield one(
        "extends-row",
        lambda: (
            app + "".join(f"  s{n}: {{extends: {{service: s{n + 1}}}, image: x}}\n" for n in range(3_000))
        ),
    )
    yield one(
        "extends-outside",
        lambda: (
            app
            + "    extends: {file: ../../../../../etc/passwd, service: x}\n    env_file: [/etc/passwd, ../../../../etc/shadow]\ninclude: [/etc/passwd, ../../..]\n"
        ),
    )
    yield one("interpolation", lambda: app + "    command: " + "${A:-" * 20_000 + "x" + "}" * 20_000 + "\n")
    yield one("interpolation-open", lambda: app + "    command: " + "${A:-" * 100_000 + "\n")
    yield one("interpolation-dollars", lambda: app + "    command: " + "$" * 500_000 + "\n")
    yield one(
        "many-services",
        lambda: (
            "services:\n"
            + "".join(f"  s{n}: {{image: 'x:latest', privileged: true}}\n" for n in range(3_000))
        ),
    )
    yield one(
        "depends-circle",
        lambda: (
            "services:\n"
            + "".join(
                f"  s{n}: {{image: x, depends_on: [s{(n + 1) % 500}, s{(n + 7) % 500}]}}\n"
                for n in range(500)
            )
        ),
    )
    yield one(
        "ports",
        lambda: (
            app
            + "    ports: ['1-65535:1-65535', '99999999999:1', ':::', '[::]:1:1', '"
            + "1:" * 50_000
            + "', '"
            + "9" * 5_000
            + "', 1e400, .nan, {target: x}]\n"
        ),
    )
    yield one(
        "volumes",
        lambda: app + "    volumes: [':', '::', '" + "a:" * 100_000 + "', {type: bind}, null, 5, '/:/:ro']\n",
    )
    yield one(
        "alias-bomb",
        lambda: (
            app
            + "x0: &a0 [x]\n"
            + "".join(f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
        ),
        told=True,
    )
    yield one(
        "merge-row",
        lambda: (
            "x-0: &a0 {privileged: true}\n"
            + "".join(f"x-{n}: &a{n}\n  <<: *a{n - 1}\n" for n in range(1, 900))
            + "services:\n  app:\n    <<: *a899\n    image: x\n"
        ),
    )


def _encodings() -> Iterator[Attack]:
    pod = GOOD_SIBLINGS["zz-good/pod.yaml"]
    assert isinstance(pod, str)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        yield Attack(
            f"encoding-{encoding}",
            lambda encoding=encoding: {  # type: ignore[misc]
                "bad.yaml": pod.encode(encoding),
                "Dockerfile": "FROM alpine:latest\nUSER root\n".encode(encoding),
                "bad.tf": 'resource "x" "y" {}\n'.encode(encoding),
                "bad.json": '{"apiVersion": "v1", "kind": "Pod"}'.encode(encoding),
            },
        )
    yield Attack(
        "encoding-odd-utf-16",
        lambda: {
            "bad.yaml": pod.encode("utf-16")[:-1],
            "Dockerfile": b"\xff\xfeF\0R\0O",
            "bad.tf": b"\xfe\xff\0",
        },
    )
    yield Attack(
        "encoding-broken",
        lambda: {
            "bad.yaml": pod.encode().replace(b"registry", b"\xff\xfe\x80\xc0\xaf\xed\xa0\x80"),
            "Dockerfile": b"FROM alpine\xff\xfe:latest\nRUN \x80\x81\n",
            "bad.tf": b'resource "a\xff" "b" {\n x = "\xc3\x28"\n}\n',
            "bad.json": b'{"apiVersion": "v1", "kind": "\xff"}',
        },
    )
    yield Attack(
        "encoding-nul",
        lambda: {
            "bad.yaml": pod.encode().replace(b"registry", b"re\0gistry"),
            "bad.tf": b'resource "a\0" "b" {}\n\0\0\0',
            "bad.json": b'{"apiVersion": "v1", "kind": "Pod\0"}',
            "compose.yaml": b"services:\0\n",
        },
        told=True,
    )
    yield Attack(
        "encoding-random",
        lambda: {
            name: bytes((n * 7919 + n // 256 * 31) % 256 for n in range(200_000))
            for name in (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
            )
        },
    )
    yield Attack(
        "encoding-empty",
        lambda: dict.fromkeys(
            (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
                "bad.tf.json",
                "bad.tfvars.json",
            ),
            b"",
        ),
    )
    yield Attack(
        "encoding-blank",
        lambda: dict.fromkeys(
            (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
                "bad.tf.json",
                "bad.tfvars.json",
            ),
            b" \n\t\n",
        ),
    )
    yield Attack(
        "encoding-marks",
        lambda: dict.fromkeys(
            ("bad.yaml", "Dockerfile", "bad.tf", "bad.json", "compose.yaml", "bad.tf.json"),
            b"\xef\xbb\xbf" * 3,
        ),
    )


def _file_system() -> Iterator[Attack]:
    yield Attack(
        "fs-fifos",
        dict,
        fifos=("Dockerfile", "bad.yaml", "bad.tf", "plan.json", ".gitignore", "tarecheck.yaml"),
    )
    yield Attack(
        "fs-folders-with-our-names",
        lambda: {"Dockerfile/x": "", "bad.yaml/y": "", "m/main.tf/z": "", ".gitignore/x": ""},
        folders=("tarecheck.yaml", "pyproject.toml", ".git/info"),
    )
    yield Attack(
        "fs-links",
        dict,
        links=(
            ("loop", "."),
            ("Dockerfile", "Dockerfile"),
            ("a.yaml", "b.yaml"),
            ("b.yaml", "a.yaml"),
            ("c.yaml", "/etc/passwd"),
            ("d.yaml", "/dev/zero"),
            ("e.tf", "/dev/stdin"),
            ("f/g", "../f"),
            ("h.yaml", "zz-good"),
            ("i.json", "/proc/self/mem"),
            ("root", "/"),
            ("t.tf", "../../../../../../etc/hostname"),
        ),
    )
    names = (
        "new\nline.yaml",
        "quote'\".yaml",
        "%s%n.yaml",
        "-rf.yaml",
        "--help.yaml",
        "caf\u00e9\u202e.yaml",
        "\x1b[31m.yaml",
        "a b.yaml",
        "::error::.yaml",
        "=cmd.yaml",
        "<script>.yaml",
        "[x](y).yaml",
        "|`.yaml",
        "..yaml",
        "C:\\x.yaml",
        "#x.yaml",
        "\U0001f600.yaml",
        "e\u0301.yaml",
        "a\tb.yaml",
        "\x7f.yaml",
    )
    flaw = GOOD_SIBLINGS["zz-good/pod.yaml"]
    yield Attack("fs-odd-names", lambda: dict.fromkeys(names, flaw))
    yield Attack(
        "fs-odd-bytes",
        lambda: {
            os.fsdecode(b"\xff\xfe.yaml"): flaw,
            os.fsdecode(b"d\x80/Dockerfile"): "FROM alpine\nUSER root\n",
            os.fsdecode(b"d\x81/main.tf"): 'resource "x" "y" {}\n',
        },
    )
    yield Attack("fs-deep-folders", lambda: {"/".join(["d"] * 500) + "/bad.yaml": flaw})
    yield Attack("fs-many-folders", lambda: {f"d{n}/{n}/x.txt": "" for n in range(2_000)})
    yield Attack(
        "fs-gitignore",
        lambda: {
            ".gitignore": "**/" * 50_000
            + "x\n"
            + "a*" * 5_000
            + "b\n[\n\\\n!\n"
            + "(" * 1_000
            + "\n"
            + "*a" * 30
            + "b\n",
            "a" * 200 + ".yaml": flaw,
        },
    )
    yield Attack(
        "fs-gitignore-bytes",
        lambda: {".gitignore": b"\xff\xfe\0\n" * 1_000, "x/.gitignore": b"\x80" * 100_000},
    )
