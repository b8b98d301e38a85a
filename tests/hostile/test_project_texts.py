"""Texts of a project that say what it deploys, with lines that are one part over and over: what is asked of them for
findings elsewhere must take time that grows with their length, not its square."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.scan import Request, scan

LENGTH = 100_000  # characters of a line
CPU = 20.0  # seconds of one project; most take one, and what grows with the square takes minutes
# what begins a command, a path, a comment, a link or an expression, and may go on for ever
PARTS = [
    "kubectl ", "helm template ", "helm upgrade ", "kustomize build ", "s/", "s/latest ", "s/appVersion latest ",
    "/image:", "yq ", ".image.tag ", "edit set ", "a/", "../", "$(X)/", "{{ ", "{{", "`", "[", "# ", "#", "- ", " ",
    "a-", "a_", "a.", "https://a", "synced from https://a", "needs https://a/", "privileged https://a", "oc -n a ", "dependencies: ",
    "image: ", "name: ", "- name: ", "\\ ", "tag=", "this is for test ", "not to be applied ", "*/", "a: {", "\t",
]  # fmt: skip
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers:\n"
    "    - name: c\n      image: ghcr.io/acme/harvester:latest\n      securityContext: {privileged: true}\n"
)
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  template:\n    spec:\n      containers:\n"
    "        - name: c\n          image: {{ .Values.image.repository }}:{{ .Values.image.tag }} # %s\n"
)
FILES = {
    "README.md": "# A\n%s\n",
    "Makefile": "deploy:\n\t%s\nX = %s\n",
    "go.mod": "module github.com/acme/harvester\n",
    "hack/deploy.sh": "#!/bin/sh\n%s\n",
    ".github/workflows/ci.yaml": "jobs:\n  a:\n    steps:\n      - run: |\n          helm %s\n",
    "helmfile.yaml": "releases:\n  - name: a\n    chart: ./charts/a\n    values:\n      - tag: %s\n# helm %s\n",
    "apps/kustomization.yaml": "resources: [web.yaml]\n# %s\n#- %s\n",
    "apps/README.md": "%s\n",
    "clusters/home.yaml": "".join(
        f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}}}\nspec:\n  path: ./parts/{name}\n---\n"
        for name in ("dns", "mail", "web")
    ),
    **{f"parts/{name}/pod.yaml": POD for name in ("dns", "mail", "web", "search")},
    "parts/search/deploy.sh": "# search %s\n",
    "parts/search/README.md": "%s\n",
    "local/pod.yaml": POD.replace("image:", "imagePullPolicy: Never\n      image:"),
    "local/other.yaml": f"# %s\n{POD}",
    "apps/web.yaml": f"# %s\n{POD}      # %s\n",
    "apps/other.yaml": f"{POD}      tty: true # %s\n",
    "config/default/kustomization.yaml": "resources: [../rbac]\n# %s\n",
    "PROJECT": "projectName: a\n",
    "charts/a/Chart.yaml": "apiVersion: v2\nname: a\nappVersion: latest\ndescription: for %s\n",
    "charts/a/README.md": "# a\n%s\n",
    "charts/a/values.yaml": "# %s\nimage:\n  repository: ghcr.io/acme/harvester\n  tag: latest # %s\n",
    "charts/a/templates/d.yaml": DEPLOYMENT,
    "charts/a/helper.yaml": POD,
}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: ascii(part)[1:-1])
def test_what_is_asked_of_texts_grows_with_their_length(part: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("%s", part * (LENGTH // len(part))))
    recipe = Recipe(paths=(str(tmp_path),))
    started = time.process_time()
    report = scan(Request(paths=(tmp_path,), recipe=recipe, cwd=tmp_path, render=False))
    assert time.process_time() - started < CPU
    assert [d.message for d in report.diagnostics if d.internal] == []
    assert report.findings
