# ruff: noqa: UP031
"""YAML: bombs of aliases and anchors, depth, huge scalars, many of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import HEAD, POD, TOLD, Attack, Files, Parts


def in_process() -> Iterator[Attack]:
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


def by_command() -> Parts:
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
    yield "yaml-anchors-defined-anew", {"bad.yaml": HEAD + anchors}, TOLD
    yield "yaml-set-blocks-without-end", {"bad.yaml": HEAD + "{% set a %}\n" * 100_000}
    yield "yaml-documents-unclosed", {"bad.yaml": (HEAD + "spec: {{ x\n---\n") * 20_000}
    yield "yaml-bomb-of-maps", {"bad.yaml": HEAD + wide(10, 12) + "spec: *x11\n"}, TOLD
    yield "yaml-bomb-in-containers", {"bad.yaml": HEAD + wide(8, 9) + "spec: {containers: [*x8, *x8]}\n"}
    yield (
        "yaml-bomb-of-merges-wide",
        {
            "bad.yaml": HEAD
            + "m0: &m0 {"
            + ", ".join(f"k{n}: v" for n in range(1_000))
            + "}\n"
            + "".join(f"n{n}: {{<<: *m0, z: 1}}\n" for n in range(2_000))
        },
    )
    yield "yaml-merge-of-a-list-of-lists", pod("      <<: [[[[{a: 1}]]]]\n      a: &q [*q]\n"), TOLD
    yield "yaml-merge-of-a-scalar", pod("      <<: 5\n      ? <<\n      : {privileged: true}\n")
    yield "yaml-anchors-redefined", pod("      a: [" + "&a {b: *a}, " * 3_000 + "]\n")
    yield "yaml-deep-flow-mixed", {"bad.yaml": HEAD + "a: " + "[{a: " * 40_000 + "}]" * 40_000}, TOLD
    yield "yaml-deep-question-marks", {"bad.yaml": HEAD + "? " * 30_000 + "a\n"}, TOLD
    yield "yaml-deep-dashes-on-a-line", pod("      a: \n        " + "- " * 20_000 + "x\n"), TOLD
    yield (
        "yaml-deep-mixed-indent",
        {"bad.yaml": HEAD + "".join(" " * n + "- a:\n" for n in range(0, 1_500, 3))},
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
    yield "yaml-duplicate-top", {"bad.yaml": (HEAD + "spec: {containers: []}\n") * 20_000}
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
