"""Manifests in the folder of a chart that are no part of it, and what may use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.besidetemplates import UNUSED
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity
from tests.unit.aside.trees import write

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: busybox}]\n"
CHART = {
    "charts/shop/Chart.yaml": "name: shop\nversion: 1.0.0\n",
    "charts/shop/templates/config.yaml": 'data: {{ (.Files.Glob "files/scripts/*.sh").AsConfig }}\n',
    "charts/shop/files/pod.yaml": POD,
    "charts/shop/pod.yaml": POD,
    "charts/bank/Chart.yaml": "name: bank\nversion: 1.0.0\n",
    "charts/bank/templates/config.yaml": 'data: {{ (.Files.Glob "files/*").AsConfig }}\n',
}
FILES = "charts/shop/files/pod.yaml"


def reason(top: Path, files: dict[str, str], path: str = FILES, rule: str = "image-tag-latest") -> str:
    write(top, CHART | files)
    found = Finding(rule, Severity.HIGH, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2))
    info = RuleInfo("leak", "t", "secrets", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")
    return set_aside([found], Scope(top), lambda _: Config(), {"leak": info})[0].reason


def test_what_helm_does_not_deploy(tmp_path: Path) -> None:
    for path in (FILES, "charts/shop/pod.yaml"):
        assert reason(tmp_path, {}, path) == UNUSED
        assert reason(tmp_path, {}, path, "leak") == ""
    for path in ("charts/shop/templates/pod.yaml", "charts/shop/crds/pod.yaml", "charts/pod.yaml"):
        assert reason(tmp_path, {path: POD}, path) == ""
    assert reason(tmp_path, {"charts/shop/values.yaml": "image: busybox\n"}, "charts/shop/values.yaml") == ""


@pytest.mark.parametrize(
    "files",
    [
        {"charts/shop/templates/config.yaml": '{{ .Files.Get "files/pod.yaml" }}\n'},
        {"charts/shop/templates/config.yaml": '{{ range $path, $_ := .Files.Glob "files/**.yaml" }}{{ end }}\n'},
        {"charts/shop/templates/_all.tpl": '{{ .Files.Get (printf "files/%s.yaml" .Values.name) }}\n'},
        {"charts/shop/templates/_all.tpl": "{{ $files := .Files }}\n"},
        # a library's templates read the files of the chart that has it as a part
        {
            "charts/base/Chart.yaml": "name: base\ntype: library\n",
            "charts/base/templates/_all.tpl": '{{ .Files.Glob "files/*.yaml" }}\n',
        },
        {"charts/shop/Chart.yaml": "name: shop\ndependencies:\n  - name: common\n    version: 1.0.0\n"},
        {"charts/shop/README.md": "An administrator applies [this](files/pod.yaml) before.\n"},
        {"README.md": "    kubectl apply -f charts/shop/files/\n"},
        {"charts/shop/up.sh": "kubectl apply -f files/pod.yaml\n"},
        {"charts/shop/chart.go": "//go:embed files/*.yaml\nvar files embed.FS\n"},
        {"charts/shop/files/kustomization.yaml": "resources:\n  - pod.yaml\n"},
        {"apps/shop.yaml": "kind: Kustomization\nspec:\n  path: ./charts/shop/files\n"},
    ],
)  # fmt: skip
def test_what_may_use_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert reason(tmp_path, files) == ""
