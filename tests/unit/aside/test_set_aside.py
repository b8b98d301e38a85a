"""What is set aside: by folder, by what was named, by configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.leftout import LEFT_OUT
from linter.aside.names.examples import EXAMPLES
from linter.aside.names.placenames import RENDERED, TESTS
from linter.aside.names.point import POINT
from linter.config.model import Config, SuppressionPolicy
from linter.finding import (
    Confidence,
    Diagnostic,
    RuleInfo,
    Severity,
    Status,
)
from tests.unit.aside.trees import INFOS, ROOT, finding, write


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
    ("path", "line", "status"),
    [
        ("chart/values.yaml", "key: made-up-value", Status.ASIDE),
        ("chart/values.yaml", "key: made-up-other", Status.ACTIVE),
        ("chart/values.yaml", "key:", Status.ACTIVE),  # and more below it
        ("tests/other.yaml", "key: made-up-value", Status.ACTIVE),  # told nowhere else
    ],
)
def test_a_secret_of_tests_that_is_told_beside_them(
    tmp_path: Path, path: str, line: str, status: Status
) -> None:
    write(tmp_path, {path: f"{line}\n", "tests/values.yaml": "  key: made-up-value\n"})
    told = [
        finding(file, Severity.CRITICAL, rule="key").evolve(
            message="Variable 'key' holds a secret (server-key).", evidence="key: made****[server-key]"
        )
        for file in (path, "tests/values.yaml")
    ]
    first, second = set_aside(told, Scope(tmp_path), lambda path: Config(), INFOS)
    assert (first.status, second.status) == (Status.ACTIVE, status)


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


@pytest.mark.parametrize(
    ("line", "value", "chart", "told"),
    [
        ('version: "app-{{ .Values.version }}"', "app-", True, False),
        ('version: "{{ .Values.site }}-app-{{ .Values.part }}"', "-app-", True, False),
        ('version: "{{ .Values.version }}"', "a b", True, True),
        ('version: "app-"', "app-", True, True),
        ('version: "app-{{ .Values.version }}"', "app-", False, True),
    ],
)
def test_a_label_that_ends_where_a_value_is_to_come(
    tmp_path: Path, line: str, value: str, chart: bool, told: bool
) -> None:
    write(tmp_path, {"app/Chart.yaml": "name: app\n", "app/templates/app.yaml": f"{line}\n"})
    label = finding("app/templates/app.yaml", rule="label-value-invalid").evolve(
        message=f"Deployment 'app' has a label value that the API refuses: '{value}'.",
        properties=(("chart", "app"),) if chart else (),
    )
    (found,) = set_aside([label], Scope(tmp_path), lambda _: Config(), {})
    assert found.status is (Status.ACTIVE if told else Status.ASIDE)
