"""Charts that a project deploys itself: what all its releases override."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.deploys.filled import filled, parts_of
from linter.aside.deploys.holes import HOLE, documents
from linter.aside.deploys.offeverywhere import is_off_everywhere
from linter.aside.values.options import Charts
from linter.finding import Finding
from tests.unit.aside.shop import (
    ALL,
    ARGO,
    DEPLOYMENT,
    HELMFILE,
    OF_RESOURCES,
    OF_STAGES,
    RESOURCES,
    SETS,
    TAG,
    VALUES,
    chart,
    deployments,
    finding,
    overridden,
)
from tests.unit.aside.trees import write


def test_what_expressions_write_is_a_hole() -> None:
    text = "a: {{ .x }}\n{{- if .y }}\nb: 1\n{{- end }}\nc: '{{`{{ .Release.Name }}`}}-c'\n"
    text += "{{ toYaml .z }}\n{{/* d: 1 */}}\n"
    assert documents(text) == [{"a": HOLE, "c": f"{HOLE}-c"}]
    assert documents(text, branches=True) == [{"a": HOLE, "b": 1, "c": f"{HOLE}-c"}]


@pytest.mark.parametrize("found", ALL, ids=["template", "values", "resources"])
def test_a_helmfile_that_overrides_a_default_in_each_environment(tmp_path: Path, found: Finding) -> None:
    write(tmp_path, {**chart(), "helmfile.yaml.gotmpl": HELMFILE, "shop/common.yaml.gotmpl": SETS})
    assert overridden(tmp_path, found)


@pytest.mark.parametrize("found", ALL, ids=["template", "values", "resources"])
@pytest.mark.parametrize(
    "files",
    [
        {
            "shop/production.yaml": "image: {tag: '1.2'}\nresources: {limits: {memory: 1Gi}}\n"
        },  # staging has none
        {"shop/common.yaml.gotmpl": f"{{{{ if .Values.pinned }}}}\n{SETS}{{{{ end }}}}\n"},
        {"shop/common.yaml.gotmpl": "image: {tag: latest}\nresources: {limits: {cpu: 1}}\n"},
        {"shop/common.yaml.gotmpl": "image: {tag: null}\nresources: null\n"},
        {},
        {"shop/common.yaml.gotmpl": SETS, "ct.yaml": "charts: [charts]\n"},  # others get it, too
        {
            "shop/common.yaml.gotmpl": SETS,
            "main.tf": 'resource "helm_release" "a" {\n  chart = "./charts/shop"\n}\n',
        },
        {"shop/common.yaml.gotmpl": SETS, "deploy.sh": "helm upgrade --install shop ./charts/shop -n shop\n"},
        {"shop/common.yaml.gotmpl": SETS, "README.md": "Run `helm install shop charts/shop`.\n"},
        {
            "shop/common.yaml.gotmpl": SETS,
            "docs/use.md": "Run `helm install shop oci://example.com/charts/shop`.\n",
        },
        {
            "shop/common.yaml.gotmpl": SETS,
            "apps/set.yaml": "kind: ApplicationSet\nspec: {template: {spec: {source: {path: 'charts/{{ name }}'}}}}\n",
        },
        {
            "shop/common.yaml.gotmpl": SETS,
            "charts/all/Chart.yaml": "name: all\ndependencies:\n  - {name: shop, repository: 'file://../shop'}\n",
        },
    ],
)
def test_a_default_that_some_release_leaves_or_may_leave(
    tmp_path: Path, found: Finding, files: dict[str, str]
) -> None:
    write(tmp_path, {**chart(), "helmfile.yaml.gotmpl": HELMFILE, **files})
    assert not overridden(tmp_path, found)


STATE = {
    "deploy/helmfile.yaml.gotmpl": (
        "bases: [bases/stages.yaml.gotmpl, stacks/shop.yaml.gotmpl]\n---\n"
        "releases:\n  - inherit: [template: shop]\n    name: live\n"
    ),
    "deploy/bases/stages.yaml.gotmpl": (
        "environments:\n{{- if eq .Environment.Name `default` }}\n  default: {}\n{{- else }}\n  live: {}\n{{- end }}\n"
    ),
    "deploy/stacks/shop.yaml.gotmpl": (
        "templates:\n  common: {namespace: shop, values: [none.yaml]}\n  shop:\n    inherit: [template: common]\n"
        "    installed: {{ .Values.on }}\n    chart: ../charts/shop\n"
        "    values: ['values/shop.yaml.gotmpl', 'values/{{ .Environment.Name }}.yaml']\n"
    ),
    "deploy/values/shop.yaml.gotmpl": "image:\n  tag: v2\nresources: {{- toYaml .Values.resources | nindent 2 }}\n",
}


def test_a_helmfile_that_is_made_of_others(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), **STATE})
    assert all(overridden(tmp_path, found) for found in ALL)
    write(tmp_path, {"deploy/values/live.yaml": "image: {tag: latest}\n"})  # in one environment alone
    assert not overridden(tmp_path)


def test_what_a_helmfile_is_made_of_has_releases_too(tmp_path: Path) -> None:
    files = {
        "deploy/helmfile.yaml": "environments:\n  live: {}\n---\nbases:\n  - shop/helmfile.yaml\n",
        "deploy/shop/helmfile.yaml": (
            "releases:\n  - name: shop\n    chart: ../charts/shop\n"
            "    values: ['{{`{{ .Release.Name }}`}}/values.yaml', '{{ .Environment.Name }}.yaml']\n"
        ),
        "deploy/shop/values.yaml": "image: {tag: v2}\nresources: {limits: {memory: 1Gi}}\n",
    }
    write(tmp_path, {**chart(), **files})
    assert overridden(tmp_path)
    write(tmp_path, {"deploy/live.yaml": "image: {tag: latest}\n"})
    assert not overridden(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"deploy/stacks/shop.yaml.gotmpl": STATE["deploy/stacks/shop.yaml.gotmpl"].replace("chart:", "# chart:")},
        {"more/other.yaml": "bases: [../deploy/stacks/shop.yaml.gotmpl]\nreleases: [{inherit: [{template: shop}]}]\n"},
        {"deploy/helmfile.yaml.gotmpl": STATE["deploy/helmfile.yaml.gotmpl"].replace("stacks/", "{{ .x }}/")},
    ],
)  # fmt: skip
def test_a_helmfile_that_is_made_of_more(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {**chart(), **STATE, **files})
    assert not overridden(tmp_path)


MATRIX = "jobs:\n  publish:\n    strategy: {matrix: {folder: [./charts/mail]}}\n"


PACKAGES = f"{MATRIX}    steps:\n    - run: helm package %s"


RELEASES = (
    "jobs:\n  release:\n    steps:\n    - uses: actions/checkout@v4\n      with:\n        sparse-checkout: |\n"
    "          charts/%s\n    - uses: helm/chart-releaser-action@v1\n"
)


@pytest.mark.parametrize(
    ("files", "ours"),
    [
        ({".github/workflows/push.yaml": PACKAGES % "${{ matrix.folder }}"}, True),
        ({".github/workflows/push.yaml": PACKAGES % "charts/mail"}, True),
        ({".github/workflows/push.yaml": PACKAGES % "charts/shop"}, False),
        ({".github/workflows/push.yaml": PACKAGES % "$1"}, False),
        ({".github/workflows/push.yaml": (PACKAGES % "charts/mail") + "\n    - run: helm package $1\n"}, False),
        ({".github/workflows/push.yaml": (PACKAGES % "charts/mail") + "\n    - run: ct lint\n"}, False),
        ({".github/workflows/push.yaml": RELEASES % "mail"}, True),
        ({".github/workflows/push.yaml": RELEASES % "shop"}, False),
        ({".github/workflows/push.yaml": RELEASES % ""}, False),
        ({".github/workflows/push.yaml": RELEASES % "*"}, False),
        ({".github/workflows/push.yaml": (RELEASES % "mail").replace("sparse-checkout", "other")}, False),
        ({"Makefile": "release:\n\thelm package charts/mail \\\n\t\t-d dist\n"}, True),
        ({"Makefile": "release:\n\thelm package charts/mail charts/shop\n"}, False),
        ({"Makefile": "release:\n\tfor c in charts/*; do helm package $$c; done\n"}, False),
        ({"Makefile": "release:\n\thelm push dist/all.tgz\n"}, False),
    ],
)  # fmt: skip
def test_a_project_that_publishes_some_of_its_charts(
    tmp_path: Path, files: dict[str, str], ours: bool
) -> None:
    helmfile = "releases:\n  - {chart: charts/shop, set: [{name: image.tag, value: v2}]}\n"
    write(tmp_path, {**chart(), **chart("mail"), "helmfile.yaml": helmfile, **files})
    assert overridden(tmp_path) is ours


@pytest.mark.parametrize(
    ("image", "moved"),
    [
        ("{repository: ghcr.io/acme/shop}", True),
        ("{repository: '{{ .Values.mirror }}/store'}", True),
        ("{registry: registry.example.com}", True),
        ("{registry: docker.io}", False),
        ("{repository: bitnamilegacy/shop}", False),
        ("{repository: registry.example.com/bitnami/shop}", False),
        ("{repository: shop}", False),
        ("{tag: v2}", False),
    ],
)
def test_an_image_that_each_release_takes_from_elsewhere(tmp_path: Path, image: str, moved: bool) -> None:
    helmfile = "releases:\n  - {chart: charts/shop, values: [shop.yaml]}\n"
    values = VALUES.replace("example.com/shop", "bitnami/shop")
    write(
        tmp_path,
        {**chart(**{"values.yaml": values}), "helmfile.yaml": helmfile, "shop.yaml": f"image: {image}\n"},
    )
    rule = "image-registry-deprecated"
    assert overridden(tmp_path, finding(rule, "charts/shop/values.yaml", 2)) is moved
    assert overridden(tmp_path, finding(rule, DEPLOYMENT, 12, "image.tag", "image.repository")) is moved
    assert overridden(tmp_path, finding(rule, DEPLOYMENT, 12, "image")) is moved


def test_other_rules_and_other_keys_count(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), "helmfile.yaml.gotmpl": HELMFILE, "shop/common.yaml.gotmpl": SETS})
    assert not overridden(tmp_path, finding("privileged-container", DEPLOYMENT, 12, "image.tag"))
    assert not overridden(tmp_path, finding(TAG, DEPLOYMENT, 12, "sidecar.tag"))


def test_charts_of_a_repository_that_has_those_of_the_tree(tmp_path: Path) -> None:
    listed = "".join(
        f"  - {{name: {name}, chart: ours/{name}, values: [set.yaml]}}\n" for name in ("shop", "mail", "chat")
    )
    files = {**chart(), **chart("mail"), **chart("chat"), "live/helmfile.yaml": f"releases:\n{listed}"}
    write(tmp_path, {**files, "live/set.yaml": "image: {tag: v2}\n"})
    assert overridden(tmp_path)
    write(
        tmp_path,
        {"live/helmfile.yaml": "releases:\n  - {name: shop, chart: ours/shop, values: [set.yaml]}\n"},
    )
    assert not overridden(tmp_path)  # it may be others' of that name


@pytest.mark.parametrize(
    "helm",
    [
        "      valueFiles: [../../live/shop.yaml]\n",
        "      valueFiles: [/live/shop.yaml]\n",
        "      values: |\n        image:\n          tag: v2\n",
        "      valuesObject: {image: {tag: v2}}\n",
        "      parameters: [{name: image.tag, value: v2}]\n",
    ],
)
def test_an_application_of_argo_cd(tmp_path: Path, helm: str) -> None:
    write(tmp_path, {**chart(), "live/shop.yaml": "image: {tag: v2}\n", "apps/shop.yaml": ARGO + helm})
    assert overridden(tmp_path)
    write(tmp_path, {"apps/other.yaml": f"{ARGO}      releaseName: other\n"})
    assert not overridden(tmp_path)


def test_another_tag_that_moves_is_another_line(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), "apps/shop.yaml": f"{ARGO}      valuesObject: {{image: {{tag: main}}}}\n"})
    assert overridden(tmp_path)
    assert not overridden(
        tmp_path, finding("ai-image-latest", DEPLOYMENT, 12, "image.tag")
    )  # says it of `main` too


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        ("resources: [application.yaml]\n", True),
        ("", False),  # Kustomize would refuse the folder: who knows what takes it
        ("resources: [application.yaml, templates/all.yaml]\n", False),
        ("helmCharts:\n- {name: shop}\nhelmGlobals: {chartHome: ..}\n", False),
    ],
)
def test_a_kustomization_that_takes_the_application_beside_the_chart(
    tmp_path: Path, own: str, ours: bool
) -> None:
    beside = {"charts/shop/application.yaml": f"{ARGO}      valueFiles: [values.yaml, values-live.yaml]\n"}
    beside |= {"charts/shop/values-live.yaml": "image: {tag: v2}\nresources: {limits: {memory: 1Gi}}\n"}
    beside |= {"charts/shop/kustomization.yaml": own} if own else {}
    write(tmp_path, {**chart(), **beside, "charts/kustomization.yaml": "resources:\n  - ./shop\n"})
    assert overridden(tmp_path) is ours
    assert overridden(tmp_path, OF_RESOURCES) is ours
    for other in ("generators: [./shop]\n", "resources:\n  - ./shop\n  - ./shop/values-live.yaml\n"):
        write(tmp_path, {"charts/kustomization.yaml": other})
        assert not overridden(tmp_path)


@pytest.mark.parametrize(
    ("after", "ours"),
    [
        ("", True),
        (" --set agent.enabled=true", True),
        (" | kubectl apply -f -", False),
        (" > all.yaml", False),
        (" --output-dir out", False),
    ],
)
def test_documentation_that_only_shows_what_a_chart_renders(tmp_path: Path, after: str, ours: bool) -> None:
    docs = f"Look at it:\n\n```bash\nhelm template shop charts/shop -f charts/shop/values.yaml{after}\n```\n"
    app = f"{ARGO}      valuesObject: {{image: {{tag: v2}}}}\n"
    write(tmp_path, {**chart(), "apps/shop.yaml": app, "docs/check.md": docs})
    assert overridden(tmp_path) is ours


PART = {path.replace("charts/shop/", "charts/store/charts/shop/"): text for path, text in chart().items()}


STORE = {
    "charts/store/Chart.yaml": "name: store\ndependencies:\n  - {name: shop, alias: front, repository: ''}\n",
    "charts/store/values.yaml": "front:\n  image: {tag: 18.2}\n",
    "cr.yaml": "owner: acme\n",  # others get the chart that it is a part of
}


@pytest.mark.parametrize(
    ("files", "pinned"),
    [
        ({}, True),
        ({"charts/store/values.yaml": "front:\n  image: {tag: latest}\n"}, False),
        ({"charts/store/values.yaml": "shop:\n  image: {tag: 18.2}\n"}, False),  # no key of any part
        ({"charts/store/Chart.yaml": "name: store\n", "charts/store/values.yaml": "shop: {image: {tag: a1}}\n"}, True),
        ({"deploy.sh": "helm upgrade --install shop charts/store/charts/shop\n"}, False),
        ({"push.sh": "helm package charts/store/charts/shop\n"}, False),
        ({"apps/shop.yaml": ARGO.replace("charts/shop", "charts/store/charts/shop")}, False),
        ({"charts/all/Chart.yaml": "dependencies: [{name: shop, repository: 'file://../store/charts/shop'}]"}, False),
    ],
)  # fmt: skip
def test_a_part_that_only_its_chart_runs(tmp_path: Path, files: dict[str, str], pinned: bool) -> None:
    write(tmp_path, {**PART, **STORE, **files})
    found = finding(TAG, "charts/store/charts/shop/values.yaml", 3)
    assert overridden(tmp_path, found) is pinned
    assert not overridden(tmp_path, finding(RESOURCES, "charts/store/charts/shop/values.yaml", 4))


APPS = (
    "{{ range .Values.apps }}\n{{- $tag := ($.Files.Get (printf `tags/%s` .name) | fromYaml).tag }}\n"
    "kind: Application\nmetadata: {name: {{ .name }}}\nspec:\n  source:\n"
    '    path: "{{ .chart | default "charts/mail" }}"\n'
    "    helm:\n      values: |\n        {{- toYaml (omit $.Values `apps`) | nindent 8 }}\n        {{- if .images }}\n"
    "        images: {{ .images }}\n        {{- else }}\n        image:\n          tag: {{ $tag }}\n"
    "        {{- end }}\n        {{- with .values }}\n        {{- toYaml . | nindent 8 }}\n"
    "        {{- end }}\n---\n{{ end }}\n"
)


LISTED_APPS = "apps:\n- name: mail\n- name: shop\n  chart: charts/shop\n  values: {replicas: 2}\n"


OF_APPS = {
    "apps/Chart.yaml": "name: apps\n",
    "apps/templates/all.yaml": APPS,
    "apps/values-live.yaml": LISTED_APPS,
}


NAMED_APPS = "apps:\n  shop: {path: charts/shop, values: {image: {tag: v2}}}\n"


OF_NAMED_APPS = (
    "{{- range $name, $app := .Values.apps }}\n{{- if ne $app.off true }}\nkind: Application\nspec:\n  source:\n"
    "    path: {{ $app.path }}\n    helm:\n      values: |\n        {{- toYaml $app.values | nindent 8 }}\n---\n"
    "{{- end }}\n{{- end }}\n"
)


@pytest.mark.parametrize(
    ("files", "ours"),
    [
        ({}, True),
        ({"apps/values-test.yaml": "apps: []\n"}, True),
        ({"apps/values-live.yaml": LISTED_APPS.replace("replicas: 2", "image: {tag: latest}")}, False),
        ({"apps/values-live.yaml": LISTED_APPS.replace("  values", "  images: [a]\n  values")}, False),
        ({"apps/values-live.yaml": f"{LISTED_APPS}other: charts/shop\n"}, False),
        ({"live/values.yaml": LISTED_APPS}, False),  # with a list that nobody knows of
        ({"apps/templates/all.yaml": APPS.replace("kind:", "{{ if $.a }}\nkind:").replace("---", "{{ end }}")}, False),
        ({"apps/templates/all.yaml": APPS.replace("{{ .chart |", "{{ $.Values.chart |")}, False),
        ({"apps/templates/all.yaml": OF_NAMED_APPS, "apps/values-live.yaml": NAMED_APPS}, True),
        ({"apps/templates/all.yaml": OF_NAMED_APPS, "apps/values-live.yaml": NAMED_APPS.replace("v2", "''")}, False),
    ],
)  # fmt: skip
def test_a_chart_of_applications(tmp_path: Path, files: dict[str, str], ours: bool) -> None:
    write(tmp_path, {**chart(), **chart("mail"), **OF_APPS, **files})
    assert overridden(tmp_path) is ours


def test_parts_of_templates() -> None:
    parts = parts_of(
        "{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}{{ with .c }}{{ .d }}{{ end }}{{ range .e }}4{{ end }}"
    )
    assert filled(parts, {"a": True}, {}) == "1{{ if . }}4{{ end }}"
    assert filled(parts, {"b": 1, "c": {"d": "x"}}, {}) == "2x{{ if . }}4{{ end }}"
    assert filled(parts, {}, {}) == "3{{ if . }}4{{ end }}"
    assert filled(parts_of("{{ if $.Values.a }}1{{ else }}2{{ end }}"), {}, {}) == "{{ if . }}1{{ end }}"
    assert parts_of("{{ if .a }}" * 5) == parts_of("{{ if .a }}" * 50 + "{{ end }}" * 50) == []


def test_a_release_of_flux(tmp_path: Path) -> None:
    release = (
        "kind: HelmRelease\nspec:\n  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: %s, name: live}}}\n"
        "  values: {image: {tag: v2}}\n"
    )
    write(tmp_path, {**chart(), "apps/shop.yaml": release % "GitRepository"})
    assert overridden(tmp_path)
    write(tmp_path, {"apps/shop.yaml": release % "HelmRepository"})
    assert not overridden(tmp_path)


def test_a_kustomization_that_renders_a_chart(tmp_path: Path) -> None:
    listed = (
        "helmGlobals:\n  chartHome: ../charts\nhelmCharts:\n  - name: shop\n    valuesFile: values-shop.yaml\n"
        "    valuesInline: {image: {tag: v1}}\n"
    )
    values = "resources: {limits: {memory: 1Gi}}\n"
    write(tmp_path, {**chart(), "live/kustomization.yaml": listed, "live/values-shop.yaml": values})
    assert all(overridden(tmp_path, found) for found in ALL)
    assert is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path))
    for inline in ("", "    valuesMerge: merge\n"):  # one of them, or all, may be on
        on = {"live/values-shop.yaml": "agent: {enabled: true}\n"}
        write(tmp_path, {"live/kustomization.yaml": listed + inline, **on})
        assert not overridden(tmp_path, OF_RESOURCES)
        assert not is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path))
    write(tmp_path, {"live/kustomization.yaml": listed.replace("../charts", "charts")})
    assert not overridden(tmp_path)  # that is another


def test_a_command_of_a_makefile(tmp_path: Path) -> None:
    make = (
        "OPTS ?= --set resources.limits.cpu=1 \\\n\t--set resources.limits.memory=1Gi\n\napply:\n"
        "\thelm upgrade --install shop charts/shop --namespace shop \\\n\t\t$(OPTS) \\\n\t\t--set image.tag=$(TAG)\n"
    )
    write(tmp_path, {**chart(), "Makefile": make})
    assert all(overridden(tmp_path, found) for found in ALL)
    write(
        tmp_path,
        {"Makefile": make.replace("image.tag=$(TAG)", "image.tag=latest").replace("=1Gi", "=1Gi,a=b")},
    )
    assert not overridden(tmp_path)
    assert overridden(tmp_path, OF_RESOURCES)
    write(tmp_path, {"Makefile": "", "e2e/run.sh": "helm install shop charts/shop --set image.tag=v1\n"})
    assert not overridden(tmp_path)  # with which it is only tried


ENTERS = "steps:\n- run: make up\n  working-directory: ./charts/platform\n"


CHANGES = "helm upgrade platform charts/platform --reuse-values --set "


PLATFORM = {
    "charts/platform/Chart.yaml": "name: platform\ndependencies:\n- name: shop\n  repository: file://../shop\n",
    "charts/platform/values.yaml": "shop: {}\n",
    "charts/platform/Makefile": (
        'TAG=\n\ndefine arguments\n\tplatform . -f values.yaml -f "values-$(STAGE).yaml" \\\n'
        '\t--set shop.image.tag="${TAG}" \\\n\t--set shop.agent.enabled=false\nendef\n\n'
        "up:\n\t@helm upgrade --install $(call arguments) --wait\n"
    ),
    ".github/workflows/up.yaml": ENTERS,
}


@pytest.mark.parametrize(
    ("files", "leaves"),
    [
        ({}, False),
        ({"charts/platform/Makefile": PLATFORM["charts/platform/Makefile"].replace("shop.", "web.")}, True),
        # what keeps the values of a release gives it no other tag, unless it says so
        ({"up.sh": f"{CHANGES}shop.replicas=0\n"}, False),
        ({"up.sh": f"{CHANGES}shop.image.tag=latest\n"}, True),
        ({".github/workflows/up.yaml": ENTERS.replace("make up", "helm upgrade platform .")}, True),
    ],
)  # fmt: skip
def test_what_a_makefile_defines_over_several_lines(
    tmp_path: Path, files: dict[str, str], leaves: bool
) -> None:
    write(tmp_path, {**chart(), **PLATFORM, **files})
    assert overridden(tmp_path) is not leaves


def test_a_release_that_is_changed_later_may_have_what_was_off(tmp_path: Path) -> None:
    make = PLATFORM["charts/platform/Makefile"].replace(' -f "values-$(STAGE).yaml"', "")
    write(tmp_path, {**chart(), **PLATFORM, "charts/platform/Makefile": make})
    assert is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path))
    write(tmp_path, {"on.sh": f"{CHANGES}shop.agent.enabled=$1\n"})
    assert not is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path))


def test_a_command_that_only_documentation_has(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), "docs/use.md": "    helm install shop charts/shop --set image.tag=v1\n"})
    assert not overridden(tmp_path)
    write(tmp_path, {"examples/small/install.sh": "helm install shop charts/shop --set image.tag=v1\n"})
    assert not overridden(tmp_path)


def test_a_chart_that_is_a_part_of_another(tmp_path: Path) -> None:
    described = (
        "name: live\ndependencies:\n  - {name: shop, alias: web, repository: 'file://../../charts/shop'}\n"
    )
    write(
        tmp_path,
        {**chart(), "live/all/Chart.yaml": described, "live/all/values.yaml": "web: {image: {tag: v2}}\n"},
    )
    assert overridden(tmp_path)
    write(tmp_path, {"live/all/values.yaml": "shop: {image: {tag: v2}}\n"})
    assert not overridden(tmp_path)


STAGES = {f"charts/shop/values-{stage}.yaml": "resources: {}\n" for stage in ("one", "two")}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, True),
        ({"charts/shop/values-two.yaml": "agent: {enabled: true}\n"}, False),
        ({"charts/shop/values-one.yaml": None, "charts/shop/values-two.yaml": None}, False),
        (
            {
                "sets/templates/shop.yaml": OF_STAGES.replace(
                    "values-{{ .Values.stage }}", "{{ .Values.file }}"
                )
            },
            False,
        ),
        ({"sets/templates/shop.yaml": OF_STAGES.replace("stage }}", "stage }}-{{ .Values.site }}")}, False),
        ({"sets/templates/shop.yaml": OF_STAGES.replace("values-{", "values.yaml/values-{")}, False),
        ({".github/workflows/ci.yaml": "      - run: helm unittest charts/*/tests/..\n"}, True),
        ({".github/workflows/ci.yaml": "          - 'charts/{mail,shop}/Chart.yaml'\n"}, True),
        ({".github/workflows/ci.yaml": "      - run: for c in charts/*; do helm upgrade $c; done\n"}, False),
        ({".github/workflows/ci.yaml": "      - run: helm lint charts/* && helm install charts/*\n"}, False),
    ],
)
def test_values_of_which_an_expression_names_the_file(
    tmp_path: Path, files: dict[str, str | None], expected: bool
) -> None:
    all_of = {**chart(), "sets/templates/shop.yaml": OF_STAGES, **STAGES, **files}
    write(tmp_path, {path: text for path, text in all_of.items() if text is not None})
    assert is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path)) is expected


def test_values_that_need_not_be_there(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), "sets/templates/shop.yaml": OF_STAGES})
    write(tmp_path, {"charts/shop/values-one.yaml": "image: {tag: v2}\n"})
    assert overridden(tmp_path)
    write(tmp_path, {"sets/templates/shop.yaml": f"{OF_STAGES}      ignoreMissingValueFiles: true\n"})
    assert not overridden(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "kind: Application\nspec: {source: {path: charts/shop, helm: {valueFiles: 1, parameters: {a: b}}}}\n",
        "kind: Application\nspec: {sources: {ref: [1]}, source: {path: charts/shop, ref: {a: b}, helm: []}}\n",
        "kind: ApplicationSet\nspec: {template: [{}]}\n",
        "kind: HelmRelease\nspec: {chart: {spec: {chart: charts/shop, valuesFiles: 1, sourceRef: {kind: Bucket}}}}\n",
        "kind: Application\nspec: {source: {path: charts/shop, helm: {values: '{a: [', parameters: [{}, 1]}}}\n",
    ],
)
def test_objects_in_another_form_are_no_release_that_overrides(tmp_path: Path, text: str) -> None:
    write(tmp_path, {**chart(), "apps/shop.yaml": text})
    assert not overridden(tmp_path)
    write(
        tmp_path,
        {"helmfile.yaml": "environments: {1: {}}\nreleases: [1, {chart: 1}, {chart: charts/shop, set: x}]\n"},
    )
    assert not overridden(tmp_path)
