"""Copies that are set aside: others' releases and charts, bundles, dumps of clusters."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.copies.dumps import DUMPED
from linter.aside.copies.releases import EARLIER
from linter.aside.names.placenames import ARCHIVED, GENERATED, VENDORED
from linter.config.model import Config
from linter.finding import Severity, Status
from tests.unit.aside.trees import INFOS, finding, write


def test_charts_that_were_fetched_are_other_peoples(tmp_path: Path) -> None:
    chart = tmp_path / "charts" / "shop"
    (chart / "charts").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(
        "name: shop\ndependencies:\n"
        "  - {name: redis, version: 1.0.0, repository: 'https://charts.example.org'}\n"
        "  - {name: cart, version: 1.0.0}\n"
        "  - {name: stock, repository: 'file://../stock'}\n"
    )
    (chart / "requirements.yaml").write_text("dependencies: [{name: db, repository: '@stable'}, 3]\n")
    scope = Scope(tmp_path)
    assert scope.reason("charts/shop/charts/redis/templates/a.yaml") == VENDORED
    assert scope.reason("charts/shop/charts/redis/charts/common/values.yaml") == VENDORED
    assert scope.reason("charts/shop/charts/db/values.yaml") == VENDORED
    assert scope.reason("charts/shop/charts/cart/values.yaml") == ""
    assert scope.reason("charts/shop/charts/stock/values.yaml") == ""
    assert scope.reason("charts/shop/values.yaml") == ""
    assert Scope(chart / "charts" / "redis").reason("values.yaml") == ""


@pytest.mark.parametrize(
    ("owner", "module", "reason"),
    [("kyverno", "acme/shop", VENDORED), ("acme", "acme/shop", ""), ("", "acme/shop", "")],
)
def test_a_chart_of_another_project_in_one_of_ours(
    tmp_path: Path, owner: str, module: str, reason: str
) -> None:
    inner = tmp_path / "tools" / "charts" / "policies"
    inner.mkdir(parents=True)
    (tmp_path / "go.mod").write_text(f"module github.com/{module}\n")
    (tmp_path / "tools" / "Chart.yaml").write_text("name: tools\n")
    source = f"sources: [https://github.com/{owner}/policies]\n" if owner else ""
    (inner / "Chart.yaml").write_text(f"name: policies\n{source}")
    assert Scope(tmp_path).reason("tools/charts/policies/templates/role.yaml") == reason
    assert Scope(tmp_path).reason("tools/templates/role.yaml") == ""


def test_the_release_of_a_known_program_is_other_peoples(tmp_path: Path) -> None:
    (tmp_path / "cert-manager.yaml").write_text("kind: Application\n")
    assert Scope(tmp_path).reason("cert-manager.yaml") == ""
    (tmp_path / "cert-manager.yaml").write_text("# CustomResourceDefinition\n" * 4000)
    assert Scope(tmp_path).reason("cert-manager.yaml") == VENDORED


def test_a_copied_release_with_its_kinds_is_other_peoples(tmp_path: Path) -> None:
    release = tmp_path / "platform" / "argocd" / "install.yaml"
    release.parent.mkdir(parents=True)
    kinds = "---\nkind: CustomResourceDefinition\n" * 3000
    release.write_text(kinds)
    assert Scope(tmp_path).reason("platform/argocd/install.yaml") == ""  # nothing runs
    release.write_text(kinds + "---\nkind: Deployment\n")
    assert Scope(tmp_path).reason("platform/argocd/install.yaml") == VENDORED
    (tmp_path / "platform" / "install.yaml").write_text(release.read_text())
    assert Scope(tmp_path).reason("platform/install.yaml") == ""
    (tmp_path / "go.mod").write_text("module github.com/argoproj/argo-cd/v3\n")
    assert Scope(tmp_path).reason("platform/argocd/install.yaml") == ""


@pytest.mark.parametrize(
    ("path", "parts", "module", "reason"),
    [
        ("deploy/knative/kourier.yaml", 3, "example.org/shop", VENDORED),
        ("deploy/knative/kourier.yaml", 2, "example.org/shop", ""),  # a part of it was copied
        ("deploy/knative/kourier.yaml", 3, "knative.dev/serving", ""),
        ("charts/kourier/templates/kourier.yaml", 3, "example.org/shop", ""),
    ],
)
def test_what_the_authors_of_a_program_head_is_theirs(
    tmp_path: Path, path: str, parts: int, module: str, reason: str
) -> None:
    part = "# Copyright 2020 The Knative Authors\nkind: Role\n---\n"
    write(tmp_path, {path: part * parts, "go.mod": f"module {module}\n"})
    assert Scope(tmp_path).reason(path) == reason


def test_a_copy_of_the_cluster_is_an_archive(tmp_path: Path) -> None:
    assert Scope(tmp_path).reason("backup/apps/pod.yaml") == ""
    for name in ("apps", "core"):
        (tmp_path / "backup" / name).mkdir(parents=True)
    assert Scope(tmp_path).reason("backup/apps/pod.yaml") == ARCHIVED


@pytest.mark.parametrize(("chart", "reason"), [(False, GENERATED), (True, "")])
def test_what_an_operator_is_released_as_is_told_at_its_sources(
    tmp_path: Path, chart: bool, reason: str
) -> None:
    made = (
        "bundle/manifests",
        "bundle/metadata",
        "config/default",
        *(("dist/chart",) if chart else ("dist",)),
    )
    for folder in made:
        (tmp_path / folder).mkdir(parents=True)
    for file in ("PROJECT", "bundle/metadata/annotations.yaml", "config/default/kustomization.yaml"):
        (tmp_path / file).touch()
    scope = Scope(tmp_path)
    assert scope.reason("bundle/manifests/role.yaml") == GENERATED
    assert scope.reason("dist/install.yaml") == reason
    assert scope.reason("config/rbac/role.yaml") == ""


def test_a_small_release_is_known_by_the_name_of_its_file(tmp_path: Path) -> None:
    text = "kind: CustomResourceDefinition\n---\nkind: Deployment\n" + "#" * 5_000
    for name in ("sealed-secrets.yaml", "shop.yaml"):
        (tmp_path / name).write_text(text)
    assert Scope(tmp_path).reason("sealed-secrets.yaml") == VENDORED
    assert Scope(tmp_path).reason("shop.yaml") == ""


def test_the_three_files_of_a_storage_operator_are_other_peoples(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    folder.mkdir()
    for name in ("common", "operator", "cluster"):
        (folder / f"{name}.yaml").touch()
    assert Scope(tmp_path).reason("storage/common.yaml") == ""
    (folder / "crds.yaml").write_text("metadata:\n  name: cephclusters.ceph.rook.io\n")
    assert Scope(tmp_path).reason("storage/common.yaml") == VENDORED
    assert Scope(tmp_path).reason("storage/cluster.yaml") == ""


def test_an_early_release_of_it_had_fewer_files(tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "storage"
    folder.mkdir(parents=True)
    (folder / "operator.yaml").write_text("metadata:\n  name: cephclusters.ceph.rook.io\n")
    (folder / "scc.yaml").touch()
    assert Scope(tmp_path).reason("examples/storage/operator.yaml") == ""
    (folder / "toolbox.yaml").touch()
    for name in ("operator", "scc", "toolbox"):
        assert Scope(tmp_path).reason(f"examples/storage/{name}.yaml") == VENDORED
    assert Scope(tmp_path).reason("examples/storage/object.yaml") == ""  # one's own
    assert Scope(tmp_path).reason("examples/toolbox.yaml") == ""


def test_what_is_called_as_releases_are_may_be_smaller(tmp_path: Path) -> None:
    text = "kind: CustomResourceDefinition\n---\nkind: Deployment\n" + "#" * 30_000
    for path in ("optional/argo/install.yaml", "optional/argo/own.yaml", "optional/shop/install.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert Scope(tmp_path).reason("optional/argo/install.yaml") == VENDORED
    assert Scope(tmp_path).reason("optional/argo/own.yaml") == ""
    assert Scope(tmp_path).reason("optional/shop/install.yaml") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "# Charts\n\nThis directory has charts synced from upstream repos. **Do not edit files in this\n"
            "directory manually** — they will be overwritten.\n",
            VENDORED,
        ),
        ("Vendored from https://example.org/charts; please do not modify them here.\n", VENDORED),
        ("These charts were copied from https://example.org/charts and changed.\n", ""),
        ("Do not edit this file manually: it is generated from values.schema.json.\n", ""),
        ("The charts are synced from upstream.\n\nDo not edit README.md manually.\n", ""),
    ],
)
def test_a_folder_whose_readme_says_that_it_is_a_copy(tmp_path: Path, text: str, reason: str) -> None:
    folder = tmp_path / "parts" / "dns" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / "parts" / "README.md").write_text(text)
    (tmp_path / "README.md").write_text("Synced from upstream, do not edit here.\n")  # of the whole: of more
    assert Scope(tmp_path).reason_but_secrets("parts/dns/templates/all.yaml") == reason
    assert Scope(tmp_path).reason_but_secrets("own/all.yaml") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "The manifest at `driver.yaml` is synced from `https://example.org/${VERSION}/driver.yaml`.",
            VENDORED,
        ),
        ("`driver.yaml` was synchronized by hand from <https://example.org/driver.yaml>", ""),
        ("`driver.yaml` is synced from https://example.org/driver.yaml, as others are.", VENDORED),
        ("`other.yaml` is synced from https://example.org/other.yaml.", ""),
        ("`driver.yaml` is made of what is synced from https://example.org/parts.", ""),
        ("Install `driver.yaml`. See https://example.org/driver.yaml.", ""),
        ("`driver.yaml` is generated from https://example.org/driver.yaml.", ""),
    ],
)
def test_a_file_whose_readme_says_where_it_is_synced_from(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "csi" / "own").mkdir(parents=True)
    (tmp_path / "csi" / "README.md").write_text(f"# CSI\n\n{text}\n")
    assert Scope(tmp_path).reason_but_secrets("csi/driver.yaml") == reason
    assert Scope(tmp_path).reason_but_secrets("csi/own/driver.yaml") == ""
    assert Scope(tmp_path).reason_but_secrets("csi/kustomization.yaml") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Of the last release. What you edit is in [`sources`](../sources/).", EARLIER),
        ("What you edit is in [`install`](../sources/install).", EARLIER),
        ("Of the last release.", ""),
        ("What you edit is in ../elsewhere.", ""),
    ],
)
def test_a_folder_that_is_not_edited(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "sources" / "install" / "web").mkdir(parents=True)
    (tmp_path / "install" / "web").mkdir(parents=True)
    (tmp_path / "install" / "DO_NOT_EDIT.md").write_text(text)
    (tmp_path / "sources" / "install" / "web" / "web.yaml").touch()
    assert Scope(tmp_path).reason_but_secrets("install/web/web.yaml") == reason
    assert Scope(tmp_path).reason_but_secrets("install/web/only-here.yaml") == ""
    assert Scope(tmp_path).reason_but_secrets("sources/install/web/web.yaml") == ""


def test_the_parts_of_kube_prometheus_are_other_peoples(tmp_path: Path) -> None:
    folder = tmp_path / "monitoring"
    (folder / "setup").mkdir(parents=True)
    assert Scope(tmp_path).reason("monitoring/setup/prometheus-operator-clusterRole.yaml") == ""
    for part in ("alertmanager-alertmanager", "kube-state-metrics-deployment", "prometheus-prometheus"):
        (folder / f"{part}.yaml").touch()
    assert Scope(tmp_path).reason("monitoring/setup/prometheus-operator-clusterRole.yaml") == VENDORED
    assert Scope(tmp_path).reason("monitoring/node-exporter-daemonset.yaml") == VENDORED
    (tmp_path / "go.mod").write_text("module github.com/prometheus-operator/kube-prometheus\n")


def test_an_unpacked_release_is_other_peoples(tmp_path: Path) -> None:
    (tmp_path / "modules" / "istio-1.20.0").mkdir(parents=True)
    assert Scope(tmp_path).reason("modules/istio-1.20.0/a.yaml") == ""
    (tmp_path / "modules" / "istio-1.20.0" / "LICENSE").touch()
    assert Scope(tmp_path).reason("modules/istio-1.20.0/charts/a.yaml") == VENDORED


_DUMP = """apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: db-0
    ownerReferences:
    - apiVersion: apps/v1
      controller: true
      kind: StatefulSet
      name: db
      uid: f6300354-5f9b-4cae-8cfb-abc1f678f8db
    resourceVersion: "9322488"
kind: List
"""


def test_what_a_cluster_was_asked_for_is_no_source_of_it(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(_DUMP)
    (tmp_path / "pod.yaml").write_text(_DUMP.replace("    ownerReferences:", "    others:"))
    (tmp_path / "exported.yaml").write_text(_DUMP.replace("resourceVersion", "generateName"))
    pod, deployment = "Pod/db-0#/spec", "Deployment/web#/spec"
    given = [
        finding("all.yaml").evolve(subject=deployment),
        finding("all.yaml", Severity.CRITICAL).evolve(subject=pod),
        finding("all.yaml", rule="key").evolve(subject=pod),  # a leaked key is one wherever it lies
        finding("pod.yaml").evolve(subject=pod),
        finding("exported.yaml").evolve(subject=pod),
    ]
    found = set_aside(given, Scope(tmp_path), lambda path: Config(), INFOS)
    assert [f.status for f in found] == [Status.ASIDE] * 2 + [Status.ACTIVE] * 3
    assert found[0].reason == DUMPED
    named = Scope(tmp_path, files=frozenset({str(tmp_path / "all.yaml")}))
    assert {f.status for f in set_aside(given, named, lambda path: Config(), INFOS)} == {Status.ACTIVE}


def test_an_export_of_single_objects_is_no_source_either(tmp_path: Path) -> None:
    ids = "uid: 19dcd081-e299-45c8-8f68-777544230d06\n"
    export = f'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  resourceVersion: "4684148"\n  {ids}'
    as_list = f'kind: List\nitems:\n- kind: Service\n  metadata:\n    resourceVersion: "7"\n    {ids}'
    inside = f'kind: ConfigMap\ndata:\n  was: |\n    metadata:\n      resourceVersion: "7"\n      {ids}'
    for number, (text, encoding, reason) in enumerate(
        [
            (export, "utf-8", DUMPED),
            (export.replace("\n", "\r\n"), "utf-16", DUMPED),
            (as_list, "utf-8", DUMPED),
            (f"{export}---\nkind: Service\n", "utf-8", ""),  # which somebody wrote
            (export.replace("4684148", ""), "utf-8", ""),
            (inside, "utf-8", ""),
        ]
    ):
        (tmp_path / f"{number}.yaml").write_bytes(text.encode(encoding))
        assert Scope(tmp_path).reason(f"{number}.yaml") == reason, text
