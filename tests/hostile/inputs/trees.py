"""Trees: charts, kustomizations, repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import POD, Attack, Files, Parts

_KUSTOMIZE = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
_OPTION = (
    POD
    + "      {{- if and .Values.b.c.d (get .Values.b .Values.a) (not .Values.a) (eq .Values.a .Values.b) }}\n"
    + "      securityContext: {privileged: true}\n      {{- end }}\n"
    + "      {{- if (get .Values.b .Values.b) }}\n      tty: true\n      {{- end }}\n"
)
_ODD = (
    *("null", "5", "true", "x", "[]", "{}", "[null]", "[[]]", "{a: null}", "[{a: [1]}]", "1e400", ".nan"),
    *("[{name: {}, repository: []}]", "2001-01-01", "*x", "!!binary x"),
)


def in_process() -> Iterator[Attack]:
    def charts(name: str, one: Callable[[str], Files]) -> Attack:
        """A chart for each odd value."""
        return Attack(
            f"chart-{name}",
            lambda: {
                f"c{number}/{path}": text
                for number, value in enumerate(_ODD)
                for path, text in {"Chart.yaml": _CHART, "templates/a.yaml": _OPTION, **one(value)}.items()
            },
        )

    yield charts(
        "dependencies-odd",
        lambda value: {"Chart.yaml": f"{_CHART}dependencies: {value}\n", "requirements.yaml": value},
    )
    yield charts("requirements-odd", lambda value: {"requirements.yaml": f"dependencies: {value}\n"})
    yield charts("values-odd", lambda value: {"values.yaml": f"{value}\n"})
    for name, body in {
        "doubling": '{{ include "a%d" . }}{{ include "a%d" . }}',
        "row": '{{ if eq (include "a%d" .) (include "a%d" .) }}true{{ end }}',
    }.items():
        yield Attack(
            f"chart-helpers-{name}",
            lambda body=body: {  # type: ignore[misc]
                "Chart.yaml": _CHART,
                "values.yaml": "a: 1\n",
                "templates/_h.tpl": '{{ define "a0" }}xxxxxxxxxx{{ end }}\n'
                + "".join(
                    f'{{{{ define "a{n}" }}}}{body % (n - 1, n - 1)}{{{{ end }}}}\n' for n in range(1, 1_000)
                ),
                "templates/a.yaml": _OPTION
                + '      {{- if include "a999" . }}\n      stdin: true\n      {{- end }}\n',
            },
        )
    yield charts("value-odd", lambda value: {"values.yaml": f"a: {value}\nb: {{c: {value}}}\n"})


def by_command() -> Parts:
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
    containers = "".join(
        f"    - name: c{n}\n      image: {{{{ .Values.a }}}}\n      tty: {{{{ .b }}}}\n" for n in range(2_000)
    )
    name = "\n  name: '" + "{{ .Values.a }}x" * 60 + "y'"
    for kind, text, values in (
        ("lines", POD + containers + "# {{ if .Values.z }}\n" * 2_000 + "# {{ end }}\n" * 2_000, "a: 1\n"),
        ("unnamed", POD + "    - image: a:latest\n      args: [{{ .Values.a }}]\n" * 3_000, "a: 1\n"),
        ("name", POD.replace(" {name: p}", name), f"a: {'x' * 60}\n"),
        (
            "objects",
            "---\n".join(
                POD.replace("{name: p}", f"{{name: 'p{n}{{{{ .Values.a }}}}'}}") for n in range(1_000)
            ),
            "a: 1\n",
        ),
        (
            "values",
            POD.partition("spec:")[0] + "spec: {{ toYaml .Values.spec | nindent 2 }}\n",
            "spec:\n  containers:\n"
            + "".join(f"  - {{name: c{n}, image: 'a:latest'}}\n" for n in range(3_000)),
        ),
    ):
        yield f"chart-of-many-{kind}", {"Chart.yaml": _CHART, "values.yaml": values, "templates/a.yaml": text}
    yield (
        "kustomize-renames-many",
        {
            "kustomization.yaml": _KUSTOMIZE
            + "resources: [p.yaml]\nnamePrefix: a-\npatches: [{path: q.yaml}]\n",
            "p.yaml": "---\n".join(POD.replace("name: p", f"name: p{n}") for n in range(1_500)),
            "q.yaml": "---\n".join(
                f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}}}\nspec: {{hostPID: true}}\n"
                for n in range(1_500)
            ),
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
        "kustomize-names",
        {
            "kustomization.yaml": _KUSTOMIZE
            + 'resources: ["a\\0b", '
            + f"{'x' * 5_000}, {'../' * 2_000}x, ~, '*', .]\npatches: [{{path: \"a\\0b\"}}, {{path: {'x' * 5_000}}}]\n"
        },
    )
    yield "kustomize-tops", {f"k{n}/kustomization.yaml": _KUSTOMIZE + "resources: []\n" for n in range(300)}
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
