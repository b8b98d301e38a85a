"""What is set aside: by folder, by what was named, by configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.leftout import LEFT_OUT
from linter.aside.names.examples import EXAMPLES
from linter.aside.names.placenames import ARCHIVED, BY_HAND, GENERATED, RENDERED, TESTS, VENDORED, WORKPLACE
from linter.aside.names.point import POINT
from linter.aside.values.unreleased import UNRELEASED
from linter.config.model import Config, SuppressionPolicy
from linter.finding import (
    APP_VERSION,
    Confidence,
    Diagnostic,
    Finding,
    Location,
    Related,
    RuleInfo,
    Severity,
    Status,
)

ROOT = Path("/repo")
INFOS = {
    "key": RuleInfo(
        "key", "t", "secrets", Severity.CRITICAL, Confidence.HIGH, "default", "any", "", "", "", ""
    )
}


def finding(
    path: str, severity: Severity = Severity.HIGH, status: Status = Status.ACTIVE, rule: str = "rule"
) -> Finding:
    return Finding(rule, severity, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2), status=status)


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


def test_a_password_that_its_name_alone_tells_is_made_up_in_tests() -> None:
    def status(path: str, kind: str) -> Status:
        told = finding(path, Severity.CRITICAL, rule="key").evolve(
            message=f"Variable 'x' holds a secret ({kind})."
        )
        return set_aside([told], Scope(ROOT), lambda path: Config(), INFOS)[0].status

    assert status("fixtures/setup.yaml", "named-secret") is Status.ASIDE
    assert status("fixtures/setup.yaml", "github-token") is Status.ACTIVE
    assert status("deploy/setup.yaml", "named-secret") is Status.ACTIVE


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        ("Pod/debug-pod#/spec/containers/x", Status.ASIDE),
        ("Pod/shell#/spec", Status.ACTIVE),
        ("home/Pod/localai-testpod", Status.ASIDE),
        ("home/Pod/latest-pod#/spec", Status.ACTIVE),
        ("home/Deployment/debug-pod#/spec", Status.ACTIVE),
        ("Pod/testimonials#/spec", Status.ACTIVE),
    ],
)
def test_pods_to_try_things_with(subject: str, status: Status) -> None:
    told = finding("apps/pod.yaml").evolve(subject=subject)
    assert set_aside([told], Scope(ROOT), lambda path: Config(), INFOS)[0].status is status


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


def test_openshift_gives_a_user_to_what_names_none(tmp_path: Path) -> None:
    for folder in ("own", "both", "chart", "base/deployments", "base/routes"):
        (tmp_path / folder).mkdir(parents=True)
    route = "apiVersion: route.openshift.io/v1\nkind: Route\n"
    (tmp_path / "own" / "route.yaml").write_text(route)
    (tmp_path / "both" / "route.yaml").write_text(route)
    (tmp_path / "both" / "ingress.yaml").write_text("apiVersion: networking.k8s.io/v1\nkind: Ingress\n")
    (tmp_path / "chart" / "route.yaml").write_text(f"{{{{ if .Values.route }}}}\n{route}")
    (tmp_path / "base" / "routes" / "web.yaml").write_text(route)

    def status(path: str, rule: str = "run-as-root") -> Status:
        return set_aside([finding(path, rule=rule)], Scope(tmp_path), lambda path: Config(), {})[0].status

    assert status("own/web.yaml") is Status.ASIDE
    assert status("base/deployments/web.yaml") is Status.ASIDE
    assert status("own/namespace.yaml", "pod-security-admission-missing") is Status.ASIDE
    assert status("own/web.yaml", "run-as-uid-zero") is Status.ACTIVE
    for path in ("both/web.yaml", "chart/web.yaml", "base/web.yaml", "none/web.yaml"):
        assert status(path) is Status.ACTIVE


PROXY = "args:\n{}            - '--provider=openshift'\n"
MARKET = "kind: Role\nmetadata:\n  name: {{ .Values.name }}\n  namespace: openshift-marketplace\n"


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"own/web.yaml": PROXY.format("")}, Status.ASIDE),
        ({"own/web.yaml": PROXY.format("{{ if .openshift }}\n")}, Status.ACTIVE),
        (
            {"own/web.yaml": PROXY.format(""), "own/role.yaml": "- securitycontextconstraints\n"},
            Status.ACTIVE,
        ),
        ({"own/web.yaml": "", "own/proxy.yaml": PROXY.format("")}, Status.ACTIVE),
        ({"c/Chart.yaml": "", "c/templates/role.yaml": MARKET}, Status.ASIDE),
        ({"c/templates/role.yaml": MARKET}, Status.ACTIVE),
        ({"c/Chart.yaml": "", "c/templates/role.yaml": f"{{{{- if .Values.x }}}}\n{MARKET}"}, Status.ACTIVE),
        (
            {"c/Chart.yaml": "", "c/templates/role.yaml": MARKET, "c/templates/i.yaml": "kind: Ingress\n"},
            Status.ACTIVE,
        ),
        (
            {
                "c/Chart.yaml": "",
                "c/templates/role.yaml": MARKET,
                "c/templates/a.yaml": "system:openshift:scc:anyuid",
            },
            Status.ACTIVE,
        ),
    ],
)
def test_pods_and_charts_that_need_openshift(tmp_path: Path, files: dict[str, str], status: Status) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    path = "own/web.yaml" if "own/web.yaml" in files else "c/templates/jobs/job.yaml"
    found = set_aside([finding(path, rule="run-as-root")], Scope(tmp_path), lambda path: Config(), {})
    assert found[0].status is status


def test_what_is_named_counts() -> None:
    scope = Scope(ROOT, folders=("/repo/tests",), files=frozenset({"/repo/e2e/a.yaml"}))
    paths = ("tests/a.yaml", "tests/testdata/a.yaml", "e2e/a.yaml", "e2e/b.yaml")
    assert [scope.reason(path) for path in paths] == ["", TESTS, "", TESTS]


def test_a_copy_of_the_tree_has_the_same() -> None:
    scope = Scope(ROOT, folders=("/repo/tests",), files=frozenset({"/repo/e2e/a.yaml"})).moved(Path("/copy"))
    assert [scope.reason(path) for path in ("tests/a.yaml", "e2e/a.yaml", "e2e/b.yaml")] == ["", "", TESTS]


def test_what_counts_all_the_same() -> None:
    given = [
        finding("tests/a"),
        finding("tests/a", Severity.CRITICAL),
        finding("tests/a", Severity.CRITICAL, rule="key"),
        finding("vendor/a", Severity.CRITICAL),
        finding("tests/a", status=Status.SUPPRESSED),
        finding("a"),
    ]
    statuses = [f.status for f in set_aside(given, Scope(ROOT), lambda _: Config(), INFOS)]
    assert statuses == [
        Status.ASIDE,
        Status.ASIDE,
        Status.ACTIVE,
        Status.ASIDE,
        Status.SUPPRESSED,
        Status.ACTIVE,
    ]


@pytest.mark.parametrize(
    ("config", "everywhere", "status"),
    [
        (Config(), False, Status.ASIDE),
        (Config(), True, Status.ACTIVE),
        (Config(everywhere=True), False, Status.ACTIVE),
        (Config(everywhere=False), True, Status.ASIDE),
        (Config(suppressions=SuppressionPolicy(locked=frozenset({"rule"}))), False, Status.ACTIVE),
    ],
)
def test_the_configuration_decides(config: Config, everywhere: bool, status: Status) -> None:
    (result,) = set_aside([finding("tests/a")], Scope(ROOT, everywhere=everywhere), lambda _: config, INFOS)
    assert result.status is status


@pytest.mark.parametrize("config", [Config(profile="strict"), Config(select=("rule",))])
def test_what_is_asked_for_by_name_counts_everywhere(config: Config) -> None:
    found = set_aside([finding("tests/pod.yaml")], Scope(ROOT), lambda _: config, INFOS)
    assert [f.status for f in found] == [Status.ACTIVE]
    silenced = Config(profile=config.profile, select=config.select, everywhere=False)
    found = set_aside([finding("tests/pod.yaml")], Scope(ROOT), lambda _: silenced, INFOS)
    assert [f.status for f in found] == [Status.ASIDE]


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


SHOWN = RuleInfo(
    "probe",
    "t",
    "reliability",
    Severity.MEDIUM,
    Confidence.HIGH,
    "default",
    "any",
    "",
    "",
    "",
    "",
    hygiene=True,
)


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("examples/pod.yaml", True),
        ("config/samples/v1_queue.yaml", True),
        ("configsamples/queue.yaml", True),
        ("site/static/examples/job.yaml", True),
        ("example-app/pod.yaml", True),
        ("deploy/task_sample.yaml", True),
        ("getting-started/quickstart/pod.yaml", True),
        ("docs/install/pod.yaml", True),
        ("proposals/driver/workflow.yaml", True),
        ("demo/pod.yaml", True),
        ("overlays/demo/pod.yaml", False),
        ("provider/manifest/demo.yaml", True),
        ("overlays/prod/demo.yaml", False),
        ("apps/docs/pod.yaml", False),
        ("sampler/pod.yaml", False),
        ("recipes/agent/pod.yaml", True),
        ("apps/recipes/pod.yaml", False),
        ("python-practice/pod.yaml", True),
        ("best-practices/pod.yaml", False),
        ("examples.yaml", False),
        ("deploy/pod.yaml", False),
    ],
)
def test_examples_leave_out_what_they_do_not_show(path: str, shows: bool) -> None:
    probe = finding(path, rule="probe")
    (found, other) = set_aside([probe, finding(path)], Scope(ROOT), lambda _: Config(), {"probe": SHOWN})
    assert found.reason == (EXAMPLES if shows else "")
    assert other.status is Status.ACTIVE


def test_our_own_faults_are_told_and_let_findings_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_above: str, _relative: str) -> str:
        raise ValueError("no number")

    monkeypatch.setattr("linter.aside.scope.reason_of", fails)
    faults: list[Diagnostic] = []
    both = [finding("tests/a.yaml"), finding("tests/a.yaml", rule="other")]
    assert set_aside(both, Scope(ROOT), lambda _: Config(), {}, faults) == both
    (fault,) = faults
    assert (fault.path, fault.internal) == ("tests/a.yaml", True)
    assert "no number" in fault.message


def test_examples_that_are_named_count() -> None:
    probe = finding("examples/x/pod.yaml", rule="probe")
    (found,) = set_aside(
        [probe], Scope(ROOT, folders=("/repo/examples",)), lambda _: Config(), {"probe": SHOWN}
    )
    assert found.status is Status.ACTIVE


def test_what_a_kustomization_comments_out_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "default"
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text(
        "resources:\n- ../manager\n# - a.yaml  is b\n"
        "patches:\n# the proxy\n#- proxy.yaml\n#- path: hook.yaml\n- path: ./kept.yaml\n#- kept.yaml\n"
    )
    (tmp_path / "config" / "kustomization.yaml").write_text(
        "patches:\n- path: default/of_parent_patch.yaml\n"
    )
    for name, reason in (
        ("proxy.yaml", LEFT_OUT),
        ("hook.yaml", LEFT_OUT),
        ("kept.yaml", ""),
        ("other.yaml", ""),
        ("stale_patch.yaml", LEFT_OUT),
        ("of_parent_patch.yaml", ""),
    ):
        (found,) = set_aside([finding(f"config/default/{name}")], Scope(tmp_path), lambda _: Config(), {})
        assert (name, found.reason) == (name, reason)


def test_releases_that_are_attacked_count_where_they_were_copied(tmp_path: Path) -> None:
    for rule, status in (("ingress-nginx-controller-vulnerable", Status.ACTIVE), ("rule", Status.ASIDE)):
        grave = finding("third_party/ingress/all.yaml", Severity.CRITICAL, rule=rule)
        (found,) = set_aside([grave], Scope(tmp_path), lambda _: Config(), {})
        assert (rule, found.status) == (rule, status)


def test_releases_that_are_attacked_count_where_they_were_rendered(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(
        "---\n# Source: ingress/templates/all.yaml\nmetadata:\n  name: release-name-ingress\n"
    )
    for rule, status in (("ingress-nginx-controller-vulnerable", Status.ACTIVE), ("rule", Status.ASIDE)):
        (found,) = set_aside(
            [finding("all.yaml", Severity.CRITICAL, rule=rule)], Scope(tmp_path), lambda _: Config(), {}
        )
        assert (rule, found.status) == (rule, status)


def test_attacks_are_what_examples_of_them_show(tmp_path: Path) -> None:
    for path, rule, status in (
        ("docs/02_attack_files/pod.yaml", "rule", Status.ASIDE),
        ("docs/02_attack_files/pod.yaml", "key", Status.ACTIVE),
        ("docs/02_files/pod.yaml", "rule", Status.ACTIVE),
        ("deploy/attack_files/pod.yaml", "rule", Status.ACTIVE),
    ):
        grave = finding(path, Severity.CRITICAL, rule=rule)
        (found,) = set_aside([grave], Scope(tmp_path), lambda _: Config(), INFOS)
        assert (path, rule, found.status) == (path, rule, status)


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


def test_what_a_chart_was_rendered_to_is_not_asked_for_hygiene(tmp_path: Path) -> None:
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "app.yaml").write_text(
        "---\n# Source: app/templates/deployment.yaml\nkind: Deployment\n"
    )
    (tmp_path / "prod" / "own.yaml").write_text("kind: Deployment\n")
    for name, rule, reason in (
        ("app", "probe", RENDERED),
        ("app", "other", ""),
        ("own", "probe", ""),
    ):
        (found,) = set_aside(
            [finding(f"prod/{name}.yaml", rule=rule)], Scope(tmp_path), lambda _: Config(), {"probe": SHOWN}
        )
        assert (name, rule, found.reason) == (name, rule, reason)


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


def test_definitions_for_old_clusters_beside_the_new_ones(tmp_path: Path) -> None:
    for version in ("v1", "v1beta1"):
        (tmp_path / "crd" / version).mkdir(parents=True)
        (tmp_path / "crd" / version / "jobs.yaml").touch()
    old = "deprecated-api-version"
    (jobs, queues, other) = set_aside(
        [
            finding("crd/v1beta1/jobs.yaml", rule=old),
            finding("crd/v1beta1/queues.yaml", rule=old),
            finding("crd/v1beta1/jobs.yaml"),
        ],
        Scope(tmp_path),
        lambda _: Config(),
        {},
    )
    assert (jobs.status, queues.status, other.status) == (Status.ASIDE, Status.ACTIVE, Status.ACTIVE)


LATEST = (
    "Container 'a' uses quay.io/acme/harvester:latest, which is whatever is newest when the node pulls it."
)


@pytest.mark.parametrize(
    ("steps", "message", "told"),
    [
        ("cd deploy && kustomize edit set image harvester=$(IMG)\n", LATEST, False),
        ("cat base/x.yaml | sed 's@image: quay.io/acme/harvester:.*@image: $(IMG)@'\n", LATEST, False),
        ("yq -i '.image.tag = \"v1\"' deploy/app.yaml\n", LATEST, False),
        ("yq -i '.image.tag = \"v1\"' other/app.yaml\n", LATEST, True),  # of another file
        (
            "sed -i '/image: \"\\?quay.io\\/acme\\/harvester:.*/s/:[a-z.]+/:$(VERSION)/g' all.yaml\n",
            LATEST,
            False,
        ),
        ("sed -i '/image: \"\\?quay.io\\/acme\\/sower:.*/s/:[a-z.]+/:$(VERSION)/g' all.yaml\n", LATEST, True),
        ("docker build -t quay.io/acme/harvester:latest .\n", LATEST, True),  # nothing writes it
        ("kustomize edit set image harvester=$(IMG)\n", LATEST.replace("harvester", "redis"), True),
    ],
)
def test_a_tag_that_the_steps_of_a_project_write(
    tmp_path: Path, steps: str, message: str, told: bool
) -> None:
    (tmp_path / "go.mod").write_text("module github.com/acme/harvester\n")
    (tmp_path / "Makefile").write_text(f"release:\n\t{steps}")
    (tmp_path / "deploy").mkdir()
    latest = finding("deploy/app.yaml", rule="image-tag-latest").evolve(message=message)
    (found,) = set_aside([latest], Scope(tmp_path), lambda _: Config(), {})
    assert found.status is (Status.ACTIVE if told else Status.ASIDE)


@pytest.mark.parametrize(
    ("folder", "steps", "app_version", "reason"),
    [
        ("hack/jenkins", 's/^(appVersion: latest)/appVersion: $v/" $out/Chart.yaml', "latest", UNRELEASED),
        ("hack/jenkins", 's/^(appVersion: latest)/appVersion: $v/" $out/Chart.yaml', "main", ""),
        ("hack/jenkins", 's/^(version: latest)/version: $v/" $out/Chart.yaml', "latest", ""),
        ("elsewhere", 's/^(appVersion: latest)/appVersion: $v/" $out/Chart.yaml', "latest", ""),
        ("scripts", 's/\\(defaultImageTag: \\).*/\\1$V/" charts/harvester/values.yaml', "main", UNRELEASED),
        ("scripts", 's/\\(defaultImageTag: \\).*/\\1$V/" charts/sower/values.yaml', "main", ""),
    ],
)
def test_a_version_that_the_steps_of_a_project_write(
    tmp_path: Path, folder: str, steps: str, app_version: str, reason: str
) -> None:
    (tmp_path / "go.mod").write_text("module github.com/acme/harvester\n")
    (tmp_path / "charts" / "harvester").mkdir(parents=True)
    (tmp_path / "charts" / "harvester" / "Chart.yaml").write_text(f"name: h\nappVersion: {app_version}\n")
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "save.sh").write_text(f'sed -i "{steps}\n')
    given = Related(Location("charts/harvester/Chart.yaml", 2, 1, 2, 2), APP_VERSION)
    latest = finding("charts/harvester/templates/app.yaml", rule="image-tag-latest")
    (found,) = set_aside(
        [latest.evolve(message=LATEST, related=(given,))], Scope(tmp_path), lambda _: Config(), {}
    )
    assert found.reason == reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("charts/harvester/values.yaml", UNRELEASED),
        ("charts/harvester/templates/app.yaml", UNRELEASED),
        ("charts/harvester/utilities/job.yaml", ""),  # `kubectl apply -f` it, and nothing has written its tag
    ],
)
def test_a_tag_that_steps_write_to_values_is_in_no_manifest_beside_them(
    tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "go.mod").write_text("module github.com/acme/harvester\n")
    (tmp_path / "charts" / "harvester" / "utilities").mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "save.sh").write_text(
        "yq -i '.image.tag = env(V)' charts/harvester/values.yaml\n"
    )
    latest = finding(path, rule="image-tag-latest").evolve(message=LATEST)
    (found,) = set_aside([latest], Scope(tmp_path), lambda _: Config(), {})
    assert found.reason == reason


@pytest.mark.parametrize(
    ("name", "rule", "reason"),
    [
        ("values-bitnami-legacy.yaml", "image-registry-deprecated", POINT),
        ("values-bitnamilegacy.yaml", "image-registry-deprecated", POINT),
        ("values-bitnami-legacy.yaml", "image-tag-latest", ""),
        ("values-legacy.yaml", "image-registry-deprecated", ""),
        ("values.yaml", "image-registry-deprecated", ""),
    ],
)
def test_values_that_are_named_for_retired_images(name: str, rule: str, reason: str) -> None:
    (found,) = set_aside([finding(f"charts/shop/{name}", rule=rule)], Scope(ROOT), lambda _: Config(), {})
    assert found.reason == reason


def test_a_rendering_deep_below_its_chart(tmp_path: Path) -> None:
    chart = tmp_path / "charts" / "shop"
    deep = chart / "docs" / "examples" / "features" / "metrics" / "hosts" / "output.yaml"
    deep.parent.mkdir(parents=True)
    (chart / "templates").mkdir()
    (chart / "templates" / "role.yaml").write_text("kind: Role\n")
    (chart / "Chart.yaml").write_text("name: shop\nversion: 1.0.0\n")
    deep.write_text("---\n# Source: shop/templates/role.yaml\nkind: Role\n")
    (found,) = set_aside([finding(str(deep.relative_to(tmp_path)))], Scope(tmp_path), lambda _: Config(), {})
    assert found.reason == RENDERED
