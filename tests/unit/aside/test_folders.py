"""Folders and files of which nothing is shipped, by their names and by what lies around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.placenames import ARCHIVED, BY_HAND, GENERATED, RENDERED, TESTS, VENDORED, WORKPLACE
from linter.config.model import Config
from tests.unit.aside.trees import ROOT, finding


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("deploy/pod.yaml", ""),
        ("tests/pod.yaml", TESTS),
        ("x/conformance/base/pod.yaml", TESTS),
        ("pkg/Test/e2e/pod.yaml", TESTS),
        ("pkg/x/testdata/bad.yaml", TESTS),
        ("systemtest/pod.yaml", TESTS),
        ("playwright/apps/pod.yaml", TESTS),
        ("apps/playwright/pod.yaml", ""),
        ("assets/kubetest/configs/pod.yaml", TESTS),
        ("scripts/util/lib/testfiles/ingress.yaml", TESTS),
        ("ui-tests/Dockerfile", TESTS),
        ("charts/x/templates/tests/pod.yaml", TESTS),
        ("vendor/k8s.io/test/pod.yaml", VENDORED),
        ("third_party/x/Dockerfile", VENDORED),
        ("web/node_modules/x/Dockerfile", VENDORED),
        (".devcontainer/Dockerfile", WORKPLACE),
        ("config/registry-kind/a.yaml", WORKPLACE),
        ("local-clusters/dns/secret.yaml", WORKPLACE),
        ("config/local-registry-pullsecret.yaml", WORKPLACE),
        ("config/registry.yaml", ""),
        ("charts/flyte-devbox/values.yaml", WORKPLACE),
        ("tools/dev-resources/namespace.yaml", WORKPLACE),
        ("tools/charts/dev/templates/user.yaml", WORKPLACE),
        ("clusters/dev/user.yaml", ""),
        ("local-stack/gateway/gateway.yaml", WORKPLACE),
        ("examples/kind-multinode/a.yaml", WORKPLACE),
        ("kinds/a.yaml", ""),
        ("manifests/dev-tilt/a.yaml", WORKPLACE),
        ("core/Dockerfile.test", TESTS),
        ("injector/fake/data/pod.yaml", TESTS),
        ("docker-compose.e2e.yml", TESTS),
        ("Dockerfile.testing", ""),
        ("latest.Dockerfile", ""),
        ("_archive/cluster-0/pod.yaml", ARCHIVED),
        ("charts/c/examples/daemonset/rendered/pod.yaml", RENDERED),
        ("rendered/prod/pod.yaml", ""),
        ("examples/istio/rendered_manifests/role.yaml", RENDERED),
        ("rendered_manifests/prod/role.yaml", ""),
        ("ci_scripts/k8s-splunk.yml", TESTS),
        (".just/resources/rook/wipe.yaml.j2", BY_HAND),
        ("retired_benchmarks/Dockerfile", ARCHIVED),
        ("docker/devbox-bundled/manifests/dev.yaml", WORKPLACE),
        ("ingress/superseded--nginx/pod.yaml", ARCHIVED),
        ("misc/homepage.disabled/pod.yaml", ARCHIVED),
        ("overrides/cache/values.orig.yaml", ARCHIVED),
        ("manifests/.tweaks.yaml", ARCHIVED),
        (".tweaks.yaml", ""),
        ("scheduling/test3-2.yaml", TESTS),
        ("manifests/cache-disabled/pod.yaml", ""),  # a variant
        ("overlays/test/pod.yaml", ""),
        (".tekton/build.yaml", WORKPLACE),
        ("yamls/kwok.yaml", WORKPLACE),
        ("design/cli/PoC/base/pod.yaml", WORKPLACE),
        ("incubator/traffic/config/poc-004-2/pod.yaml", WORKPLACE),
        ("kubevirtci/cluster-up/cluster/pod.yaml", WORKPLACE),
        ("manifests/fake-teams-api.yaml", TESTS),
        ("manifests/minimal-fake-pooler.yaml", TESTS),
        ("deploy/smtp-mock.yaml", TESTS),
        ("flexvol/mount-dummy.yaml", TESTS),
        ("charts/crds/templates/fake.yaml", ""),
        ("apps/fake-gpu-operator.yaml", ""),
        ("fake-api.yaml", ""),
        ("clusters/eu/test/pod.yaml", ""),
        ("ab_testing/pod.yaml", ""),
        ("latest/pod.yaml", ""),
        ("speedtest/pod.yaml", ""),
        ("examples/pod.yaml", ""),
        ("test.yaml", ""),
        ("clusters/main/flux-system/gotk-components.yaml", VENDORED),
        ("old/kubernetes/pod.yaml", ARCHIVED),
        ("BACKUP-BEFORE-JULY-UPDATES/02-Pods/pod.yaml", ARCHIVED),
        ("old-docs/k8s/pod.yaml", ARCHIVED),
        ("holdings/pod.yaml", ""),
        ("helmfile.d/upstream/jetstack/cert-manager/pod.yaml", VENDORED),
        ("overlays/upstream/pod.yaml", ""),
        ("acceptance/framework/operator.yaml", TESTS),
        ("environments/acceptance/pod.yaml", ""),
        ("chart/apptest/deployer/tester.yaml", TESTS),
        ("deploy/.ci/manifests/pod.yaml", TESTS),
        ("hack/calico/calico-v3.30.0.yaml", WORKPLACE),
        (".claude/skills/deploy/assets/deployment.yaml", WORKPLACE),
        (".kilo/k8s/web.yaml", WORKPLACE),
        ("apps/cursor/web.yaml", ""),
        ("charts/egress/values-tilt.yaml", WORKPLACE),
        ("tilted/values.yaml", ""),
        ("charts/egress/values.ci.yaml", TESTS),
        ("charts/egress/values.cilium.yaml", ""),
        ("devel/dependencies/db.yaml", WORKPLACE),
        ("overlays/devel/db.yaml", ""),
        ("bundle/manifests/role.yaml", ""),
        ("dist/install.yaml", ""),
        ("examples/gateway-api/strimzi-0.46.0.yaml", VENDORED),
        ("install/strimzi-0.46.0.yaml", ""),
        (".github/scripts/wipe.yaml", WORKPLACE),
        ("helm-tests/template-tests/pod.yaml", TESTS),
        ("resources/kube-system/test.yaml", TESTS),
        ("config/samples/test-cert-manager.yaml", TESTS),
        ("modules/storage/longhorn_test.tf", TESTS),
        ("modules/web/latest.tf", ""),
        ("packages/test-stub-cel/deployment.yaml", TESTS),
        ("frontend/mock-backend/pod.yaml", TESTS),
        ("deploy/fake-gpu-operator/pod.yaml", ""),
        ("examples/e2e-rag/pod.yaml", ""),
        ("examples/e2e-stack.yaml", ""),
        ("deploy/values-test.yaml", ""),
        ("overlays/ci/pod.yaml", TESTS),
        ("examples/development-minio/pod.yaml", WORKPLACE),
        ("apps/development-portal/pod.yaml", ""),
        ("overlays/local/pod.yaml", WORKPLACE),
        ("components/volsync/local/claim.yaml", ""),
        ("kubernetes/kind/nginx-ingress.yaml", WORKPLACE),
        ("charts/x/templates/playground/deployment.yaml", ""),
        ("infra/debug/debug-pod.yaml", WORKPLACE),
        ("infra/debug-pod.yaml", WORKPLACE),
        ("cmd/debug-server/kube.yaml", WORKPLACE),
        ("apps/debug-symbols/web.yaml", ""),
        ("charts/x/values-minikube.yaml", WORKPLACE),
        ("scripts/storage/io-benchmark-pod.yaml", BY_HAND),
        ("apps/iperf3/pod.yaml", BY_HAND),
        ("archived_projects/store/templates/pod.yaml", ARCHIVED),
        ("archiver/pod.yaml", ""),
        ("apps/transmission-old/pod.yaml", ARCHIVED),
        ("apps/threshold/pod.yaml", ""),
        ("apps/speed-test/pod.yaml", ""),
        (".local/debug.yaml", WORKPLACE),
        ("functionaltests/values.yaml", TESTS),
        ("cluster/.tools/wipe.yaml", BY_HAND),
        ("ci/nfs/deployment.yaml", TESTS),
        ("apps/ci/deployment.yaml", ""),
        ("config/testing/pod.yaml", TESTS),
        ("chart/.snapshots/full.yaml", TESTS),
        ("config/samples/testpod_annotated.yaml", TESTS),
        ("samples/testimonials.yaml", ""),
        ("unmaintained/gaps/values.yaml", ARCHIVED),
        ("apps/nzbget/temp.yaml", WORKPLACE),
        ("apps/temperature.yaml", ""),
        ("tools/wipe-rook-disk.yaml", BY_HAND),
        ("tools/clean-rook-data.yaml", BY_HAND),
        ("apps/storage/jobs/disk-wipe.yaml.j2", BY_HAND),
        ("apps/storage/jobs/zap-disk.yaml", BY_HAND),
        ("apps/storage/jobs/disk-wiper.yaml.j2", ""),
        ("apps/storage/disk-usage.yaml.j2", ""),
        ("machine-config/99-crio-disable-wipe.yaml", ""),
        ("scan/zap.yaml", ""),
        ("apps/snapshots/localized-files/raw.githubusercontent.com/x/setup.yaml", VENDORED),
        ("environments/testing/pod.yaml", ""),
        ("packages/test-stub-cel/pod.yaml", TESTS),
        ("packages/x/.test-fixtures/pod.yaml", TESTS),
        ("local/minio.yaml", WORKPLACE),
        ("config/localresource/namespace.yaml", WORKPLACE),
        ("clusters/local-cluster/app.yaml", ""),
        ("BACKUPS/BACKUP-14MAY2025/pod.yaml", ARCHIVED),
        ("apps/backup/pod.yaml", ""),
        ("alpha-releases/v0.20.0-rc.1.yml", ARCHIVED),
        ("apps/backups-s3/pod.yaml", ""),
        ("history-versions/0.10.2/pod.yaml", ARCHIVED),
        ("apps/history-server/pod.yaml", ""),
        ("integration/helm/pod.yaml", ""),
        ("clusters/local/minio.yaml", ""),
        (".taskfiles/rook/wipe-job.yaml", BY_HAND),
        ("kubernetes/network/external/app.yaml", ""),
        ("tests", ""),
    ],
)
def test_folders(path: str, reason: str) -> None:
    assert Scope(ROOT).reason(path) == reason


def test_a_test_among_stages_is_one(tmp_path: Path) -> None:
    (tmp_path / "k8s" / "prod").mkdir(parents=True)
    (tmp_path / "k8s" / "test").mkdir()
    assert Scope(tmp_path).reason("k8s/test/pod.yaml") == ""
    assert Scope(tmp_path).reason("k8s/tests/pod.yaml") == TESTS


def test_values_to_try_a_chart_with_are_tests(tmp_path: Path) -> None:
    (tmp_path / "charts" / "shop").mkdir(parents=True)
    assert Scope(tmp_path).reason("charts/shop/ci/a-values.yaml") == ""
    (tmp_path / "charts" / "shop" / "Chart.yaml").touch()
    assert Scope(tmp_path).reason("charts/shop/ci/a-values.yaml") == TESTS
    assert Scope(tmp_path).reason("charts/shop/test-values.yaml") == TESTS
    (tmp_path / "charts" / "cluster").mkdir()
    assert Scope(tmp_path).reason("charts/cluster/test/pod.yaml") == ""
    (tmp_path / "charts" / "cluster" / "Chart.yaml").touch()
    assert Scope(tmp_path).reason("charts/cluster/test/pod.yaml") == TESTS
    assert Scope(tmp_path).reason("stages/test-values.yaml") == ""


def test_charts_from_outside_and_the_authors_own_try_out(tmp_path: Path) -> None:
    (tmp_path / "external" / "velero").mkdir(parents=True)
    assert Scope(tmp_path).reason("external/velero/templates/role.yaml") == ""
    (tmp_path / "external" / "velero" / "Chart.yaml").touch()
    assert Scope(tmp_path).reason("external/velero/templates/role.yaml") == VENDORED
    assert Scope(tmp_path).reason("config/dev/namespace.yaml") == ""
    for operator, kinds in (("", "crd"), ("operator/", "crds")):
        (tmp_path / operator / "config" / kinds).mkdir(parents=True)
        assert Scope(tmp_path).reason(f"{operator}config/dev/namespace.yaml") == WORKPLACE


def test_a_test_among_the_overlays_of_an_operator_is_one(tmp_path: Path) -> None:
    assert Scope(tmp_path).reason("config/overlays/test/pod.yaml") == ""
    (tmp_path / "config" / "crd").mkdir(parents=True)
    (tmp_path / "config" / "overlays").mkdir()
    assert Scope(tmp_path).reason("config/overlays/test/pod.yaml") == TESTS


def test_integration_beside_a_module_of_go_is_its_tests(tmp_path: Path) -> None:
    assert Scope(tmp_path).reason("integration/helm/pod.yaml") == ""
    (tmp_path / "go.mod").touch()
    assert Scope(tmp_path).reason("integration/helm/pod.yaml") == TESTS
    assert Scope(tmp_path).reason("apps/integration/pod.yaml") == ""


def test_a_folder_in_which_tests_of_pytest_lie_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "integration" / "scripts"
    (folder / "load").mkdir(parents=True)
    (folder / "conftest.py").touch()
    assert (
        Scope(tmp_path).reason("integration/scripts/load/role.yaml") == ""
    )  # a package may have one besides
    (folder / "test_load.py").touch()
    assert Scope(tmp_path).reason("integration/scripts/load/role.yaml") == TESTS
    assert Scope(tmp_path).reason("integration/role.yaml") == ""
    assert Scope(folder).reason("load/role.yaml") == ""  # at the top one asks for what is there
    (folder / "Dockerfile").touch()  # a program whose tests lie beside it
    assert Scope(tmp_path).reason("integration/scripts/load/role.yaml") == ""


def test_the_top_folder_dev_of_a_program_is_its_developers(tmp_path: Path) -> None:
    assert Scope(tmp_path).reason("dev/k8s/pod.yaml") == ""
    (tmp_path / "go.mod").touch()
    assert Scope(tmp_path).reason("dev/k8s/pod.yaml") == WORKPLACE
    assert Scope(tmp_path).reason("deploy/dev/pod.yaml") == ""
    (tmp_path / "prod").mkdir()
    assert Scope(tmp_path).reason("dev/k8s/pod.yaml") == ""


def test_a_folder_of_makefiles_is_of_the_build(tmp_path: Path) -> None:
    (tmp_path / "make").mkdir()
    assert Scope(tmp_path).reason("make/config/bind/pod.yaml") == ""
    (tmp_path / "make" / "e2e.mk").touch()
    assert Scope(tmp_path).reason("make/config/bind/pod.yaml") == WORKPLACE
    assert Scope(tmp_path).reason("apps/make/pod.yaml") == ""


def test_a_test_beside_the_same_of_production_is_a_stage(tmp_path: Path) -> None:
    (tmp_path / "deploy" / "shop-prod").mkdir(parents=True)
    assert Scope(tmp_path).reason("deploy/shop-test/pod.yaml") == ""
    assert Scope(tmp_path).reason("deploy/cart-test/pod.yaml") == TESTS
    assert Scope(tmp_path).reason("deploy/pod-test.yaml") == TESTS
    (tmp_path / "deploy" / "pod-prod.yaml").touch()
    assert Scope(tmp_path).reason("deploy/pod-test.yaml") == ""


def test_a_chart_that_installs_a_program_for_tests_is_a_product(tmp_path: Path) -> None:
    (tmp_path / "charts" / "load-test").mkdir(parents=True)
    assert Scope(tmp_path).reason("charts/load-test/templates/pod.yaml") == TESTS
    (tmp_path / "charts" / "load-test" / "Chart.yaml").touch()
    assert Scope(tmp_path).reason("charts/load-test/templates/pod.yaml") == ""


def test_bundles_for_olm_beside_the_source_of_their_operator(tmp_path: Path) -> None:
    for folder in ("deploy/x-operator", "operators/other"):
        (tmp_path / folder / "metadata").mkdir(parents=True)
        (tmp_path / folder / "metadata" / "annotations.yaml").touch()
    bundle = finding("deploy/x-operator/manifests/x.clusterserviceversion.yaml")
    other = finding("operators/other/manifests/other.clusterserviceversion.yaml")
    plain = finding("deploy/manifests/pod.yaml")

    def reasons() -> list[str]:
        found = set_aside([bundle, other, plain], Scope(tmp_path), lambda _: Config(), {})
        return [item.reason for item in found]

    assert reasons() == ["", "", ""]  # a catalogue of bundles
    (tmp_path / "config" / "manager").mkdir(parents=True)
    (tmp_path / "config" / "manager" / "manager.yaml").touch()
    assert reasons() == [GENERATED, GENERATED, ""]


def test_resources_on_which_policies_are_tried(tmp_path: Path) -> None:
    for folder, result in (("host-path", "fail"), ("shipped", "pass")):
        (tmp_path / folder / "resources").mkdir(parents=True)
        (tmp_path / folder / "kyverno-test.yaml").write_text(
            "policies:\n- p.yaml\nresources:\n  - resource.yaml\n  - ./resources/bad.yaml # refused\n"
            f"results:\n- policy: p\n  result: {result}\n"
        )
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "chainsaw-test.yaml").touch()
    for name, reason in (
        ("host-path/resource.yaml", TESTS),
        ("host-path/resources/bad.yaml", TESTS),
        ("host-path/deployment.yaml", ""),
        ("shipped/resource.yaml", ""),
        ("steps/pod.yaml", TESTS),
        ("resource.yaml", ""),
    ):
        (found,) = set_aside([finding(name)], Scope(tmp_path), lambda _: Config(), {})
        assert (name, found.reason) == (name, reason)
