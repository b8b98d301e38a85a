"""What was made of charts of known programs, and committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.placenames import VENDORED
from linter.config.model import Config
from linter.finding import Severity, Status
from tests.unit.aside.trees import INFOS, finding

_OBJECT = """---
kind: DaemonSet
metadata:
  name: manager
  labels:
    helm.sh/chart: longhorn-1.8.1
    app.kubernetes.io/managed-by: Helm
"""
_OWN = "---\nkind: DaemonSet\nmetadata:\n  name: own\n"


def _is_of_program(root: Path, text: str, line: int = 4) -> bool:
    (root / "apps").mkdir(exist_ok=True)
    (root / "apps" / "a.yaml").write_text(text)
    return Scope(root).is_of_program("apps/a.yaml", line)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", True),
        ("longhorn-1", "longhorn-v1", True),
        ("longhorn-1", "shop-1", False),  # of a chart that nobody knows: it is what is deployed
        ("longhorn-1", "longhorn-shop-1", False),
        ("Helm", "Flux", False),
        ("    helm.sh/chart: longhorn-1.8.1\n", "", False),
        ("    helm.sh", "spec:\n      helm.sh", False),  # of its pods
        ("kind", "# Source: longhorn/templates/daemonset.yaml\nkind", True),
        ("kind", "# Source: shop/charts/longhorn/templates/daemonset.yaml\nkind", False),
    ],
)
def test_what_was_made_of_the_chart_of_a_known_program(
    tmp_path: Path, old: str, new: str, expected: bool
) -> None:
    assert _is_of_program(tmp_path, _OBJECT.replace(old, new, 1)) is expected


def test_what_somebody_added_to_it_counts(tmp_path: Path) -> None:
    text = _OBJECT + _OWN
    last = text.count("\n")
    assert _is_of_program(tmp_path, text)
    assert not _is_of_program(tmp_path, text, last)
    assert not _is_of_program(tmp_path, _OWN[4:] + _OBJECT, 1)
    assert _is_of_program(tmp_path, _OWN[4:] + _OBJECT, last)


def test_the_name_of_a_release_tells_it_in_generated_files(tmp_path: Path) -> None:
    text = _OBJECT.replace("labels", "annotations", 1).replace(
        "helm.sh/chart: longhorn-1.8.1", "meta.helm.sh/release-name: cilium\n  labels:"
    )
    assert not _is_of_program(tmp_path, text)
    assert _is_of_program(tmp_path, f"# Made by a script. DO NOT EDIT.\n{text}", 5)


def test_the_program_s_own_repository_counts(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module github.com/longhorn/longhorn-manager\n")
    assert not _is_of_program(tmp_path, _OBJECT)


def test_a_tree_that_has_the_chart_counts(tmp_path: Path) -> None:
    chart = tmp_path / "charts" / "storage" / "Chart.yaml"
    chart.parent.mkdir(parents=True)
    chart.write_text("apiVersion: v2\nname: longhorn\n")
    assert not _is_of_program(tmp_path, _OBJECT)


def test_secrets_count_in_what_was_rendered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(_OBJECT)
    given = [finding("a.yaml", Severity.CRITICAL), finding("a.yaml", rule="key")]
    found = set_aside(given, Scope(tmp_path), lambda path: Config(), INFOS)
    assert [f.status for f in found] == [Status.ASIDE, Status.ACTIVE]
    assert found[0].reason == VENDORED
    named = Scope(tmp_path, files=frozenset({str(tmp_path / "a.yaml")}))
    assert {f.status for f in set_aside(given, named, lambda path: Config(), INFOS)} == {Status.ACTIVE}
