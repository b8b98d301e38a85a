"""Manifests in the place of which a pipeline installs a chart."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.deploys.replaced import REPLACED
from linter.config.model import Config
from linter.finding import RuleInfo
from tests.unit.aside.trees import INFOS, finding, write

FLOW = ".github/workflows/deploy.yml"
HELPERS = """{{- define "shop.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name }}
{{- end }}
{{- end }}
{{- end }}
"""
INSTALL = (
    "jobs:\n  a:\n    steps:\n      - run: |\n          helm upgrade --install web ./charts/shop --set a=b\n"
)
MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-shop\nspec: {}\n"
FILES = {
    FLOW: INSTALL,
    "charts/shop/Chart.yaml": "name: shop\nversion: 1.2.3\n",
    "charts/shop/values.yaml": "db: store\n",
    "charts/shop/templates/_helpers.tpl": HELPERS,
    "charts/shop/templates/all.yaml": MANIFEST.replace("web-shop", '{{ include "shop.fullname" . }}')
    + "---\napiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    {{- a | nindent 4 }}\n"
    '  name: "{{ .Release.Name }}-{{ .Values.db }}"\n',
    "k8s/app.yaml": MANIFEST,
}


def reason(top: Path, path: str = "k8s/app.yaml", rule: str = "rule") -> str:
    infos: dict[str, RuleInfo] = INFOS
    (told,) = set_aside([finding(path, rule=rule)], Scope(top), lambda _: Config(), infos)
    return told.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("charts/shop/values.yaml", "a: b\n"),
        ("k8s/app.yaml", "kind: Service\nmetadata: {name: web-store}\n"),
        ("k8s/app.yaml", f"{MANIFEST}---\nkind: Service\nmetadata: {{name: web-store}}\n"),
        (FLOW, INSTALL.replace("--set a=b", "-n live --wait")),
        (
            FLOW,
            INSTALL.replace("install web", "install --wait web-shop"),
        ),  # which has the chart's name already
        (FLOW, INSTALL.replace("a=b", "fullnameOverride=web-shop").replace("install web", "install www")),
    ],
)
def test_what_a_pipeline_installs_in_its_place(tmp_path: Path, path: str, text: str) -> None:
    write(tmp_path, {**FILES, path: text})
    assert reason(tmp_path) == REPLACED
    assert reason(tmp_path, rule="key") == ""  # a secret is there all the same


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("k8s/app.yaml", MANIFEST.replace("web-shop", "web")),
        ("k8s/app.yaml", f"{MANIFEST}---\nkind: Service\nmetadata: {{name: other}}\n"),
        ("k8s/app.yaml", MANIFEST.replace("name: web-shop", "name: web-shop\n  namespace: live")),
        ("k8s/kustomization.yaml", "resources: [app.yaml]\n"),
        ("Makefile", "deploy:\n\tkubectl apply -f k8s/\n"),
        ("Makefile", "deploy:\n\tkubectl apply -f k8s/app.yaml\n"),
        ("README.md", "Manifests for those without Helm are in `k8s`.\n"),
        ("apps/app.yaml", "kind: Application\nspec: {source: {path: k8s}}\n"),
        (FLOW, INSTALL.replace("install web", "install ${{ inputs.name }}")),
        (FLOW, INSTALL.replace("install web", "install other")),
        (FLOW, INSTALL.replace("--set a=b", "--dry-run")),
        (FLOW, INSTALL.replace("upgrade --install", "template")),
        (FLOW, f"{INSTALL}      - run: kind create cluster\n"),
        (FLOW, INSTALL.replace("charts/shop", "charts/mall")),
        ("charts/shop/templates/_helpers.tpl", HELPERS.replace("%s-%s", "%s-v2-%s")),
    ],
)
def test_what_may_be_another_or_is_led_to(tmp_path: Path, path: str, text: str) -> None:
    flow = {FLOW: INSTALL.replace("--set", "-n shop --set")}
    write(tmp_path, {**FILES, **flow, path: text})
    assert reason(tmp_path) == ""


def test_what_no_pipeline_installs(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, FLOW: "jobs: {}\n", "README.md": "Run `helm install web ./charts/shop`.\n"})
    assert reason(tmp_path) == ""
