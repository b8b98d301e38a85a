"""Bindings whose role stands in the file beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.scan import Request, scan

BINDING = """apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: info, namespace: tools}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: info}
subjects:
  - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:authenticated"}
"""
ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: info, namespace: tools}
rules:
  - {apiGroups: [""], resources: [configmaps], verbs: [get]%s}
"""
LISTS = "resources:\n  - ./base/  # what both clusters get\n  - binding.yaml\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"roles.yaml": ROLE % ", resourceNames: [info]"}, False),
        ({"roles.yaml": ROLE % ""}, True),
        ({"other/roles.yaml": ROLE % ", resourceNames: [info]"}, True),
        ({"roles.yaml": ROLE % ", resourceNames: [info]", "more.yml": ROLE % ""}, True),
        ({"roles.yaml": (ROLE % ", resourceNames: [info]").replace("Role\n", "ClusterRole\n")}, True),
        ({"base/roles.yaml": ROLE % ", resourceNames: [info]", "kustomization.yaml": LISTS}, False),
        ({"base/roles.yaml": ROLE % "", "kustomization.yaml": LISTS}, True),
        ({"other/roles.yaml": ROLE % ", resourceNames: [info]", "kustomization.yaml": LISTS}, True),
        ({"roles.yaml": "{name: info", "binding.txt": ROLE % ", resourceNames: [info]"}, True),
    ],
)
def test_everybody_may_read_what_a_role_beside_names(
    tmp_path: Path, files: dict[str, str], told: bool
) -> None:
    for name, text in {"binding.yaml": BINDING, **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    report = scan(
        Request(paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),), isolated=True), cwd=tmp_path)
    )
    rules = {finding.rule for finding in report.active}
    assert ("rbac-authenticated-group" in rules) is told
