"""The chart of a shop, and findings in it, for tests of what a project deploys itself."""

from __future__ import annotations

from pathlib import Path

from linter.aside.deploys.deployments import Deployments
from linter.aside.deploys.overridden import is_overridden
from linter.aside.leads.namings import Namings
from linter.finding import Confidence, Finding, Location, Related, Severity

VALUES = "image:\n  repository: example.com/shop\n  tag: latest\nresources: {}\nagent:\n  enabled: false\n"


TEMPLATE = (
    "{{- if .Values.agent.enabled }}\nkind: ClusterRole\nmetadata: {name: agent}\n{{- end }}\n---\n"
    "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
    '        - name: shop\n          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n'
    "          {{- with .Values.resources }}\n          resources:\n"
    "            {{- toYaml . | nindent 12 }}\n          {{- end }}\n"
)


TAG, RESOURCES = "image-tag-latest", "memory-limit-missing"


DEPLOYMENT = "charts/shop/templates/all.yaml"


HELMFILE = (
    "environments:\n  staging: {}\n  production: {}\n---\n"
    "helmDefaults:\n  kubeContext: {{ .Environment.Name }}\n"
    "releases:\n  - name: shop\n    chart: ./charts/shop\n    values:\n      - shop/common.yaml.gotmpl\n"
    "      - shop/{{ .Environment.Name }}.yaml\n"
)


SETS = "image:\n  tag: {{ .Values.tag | quote }}\nresources: {limits: {memory: 1Gi}}\n"


def chart(name: str = "shop", **more: str) -> dict[str, str]:
    files = {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n", "values.yaml": VALUES}
    return {
        f"charts/{name}/{file}": text
        for file, text in {**files, "templates/all.yaml": TEMPLATE, **more}.items()
    }


def deployments(top: Path) -> Deployments:
    return Deployments(Namings(top))


def finding(rule: str, path: str = DEPLOYMENT, line: int = 12, *keys: str) -> Finding:
    related = tuple(
        Related(Location("charts/shop/values.yaml", 3, 3, 3, 9), f"The value comes from '{key}' here.")
        for key in keys
    )
    place = Location(path, line, 1, line, 2)
    found = Finding(rule, Severity.MEDIUM, Confidence.HIGH, "m", place, subject="Deployment/shop")
    return found.evolve(related=related, properties=(("chart", "shop"),))


OF_TAG = finding(TAG, DEPLOYMENT, 12, "image.tag", "image.repository")


OF_TAG_IN_VALUES = finding(TAG, "charts/shop/values.yaml", 3)


OF_RESOURCES = finding(RESOURCES, DEPLOYMENT, 11)


ALL = (OF_TAG, OF_TAG_IN_VALUES, OF_RESOURCES)


def overridden(top: Path, found: Finding = OF_TAG) -> bool:
    return is_overridden(found, deployments(top))


ARGO = "kind: Application\nspec:\n  source:\n    repoURL: https://example.com/live\n    path: charts/shop\n    helm:\n"


OF_STAGES = (
    ARGO.replace("kind: Application\n", "{{- if .Values.shop }}\nkind: Application\n")
    + '      valueFiles:\n        - values.yaml\n        - "values-{{ .Values.stage }}.yaml"\n{{- end }}\n'
)
