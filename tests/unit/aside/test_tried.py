"""What only tests, developers and local clusters lead to, and what scripts render and leave there."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope
from linter.aside.leads.namings import Namings
from linter.aside.names.placenames import RENDERED, TESTS, WORKPLACE
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"

SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n"

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"


def test_a_pod_that_only_a_test_starts_and_deletes(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "procedure/test_dns.sh": 'kubectl apply -f "$HERE/manifests/web.yml"\n'
            'kubectl delete -f "$HERE/manifests/web.yml"\nkubectl delete -f manifests/app.yml\n'
            "kubectl apply -f manifests/kept.yml\n",
            "test/helpers.go": 'path := fmt.Sprintf("%s/%s", manifests, "web.yml")\n',
            "procedure/manifests/web.yml": POD + SERVICE,
            "procedure/manifests/app.yml": DEPLOYMENT + SERVICE,
            "procedure/manifests/kept.yml": POD,
        },
    )
    assert reason(tmp_path, "procedure/manifests/web.yml") == TESTS
    assert reason(tmp_path, "procedure/manifests/app.yml") == ""  # the program that it tests
    assert reason(tmp_path, "procedure/manifests/kept.yml") == ""  # and leaves running
    write(tmp_path, {"procedure/install.sh": "kubectl apply -f manifests/web.yml\n"})
    assert reason(tmp_path, "procedure/manifests/web.yml") == ""


@pytest.mark.parametrize("listed", ["- ../store\n", "# Enable it to test backups.\n# - ../store\n"])
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("README.md", "The store has what a store has.\n", WORKPLACE),
        ("backup.go", "// store is where backups go\n", WORKPLACE),
        ("config/tests/README.md", "`kubectl apply -k config/store`\n", WORKPLACE),
        ("Makefile", "deploy:\n\tkubectl apply -k config/store\n", ""),
        ("README.md", "`kubectl apply -k config/store`\n", ""),
        ("deploy/kustomization.yaml", "resources:\n- ../config/store\n", ""),
        ("config/default/kustomization.yaml", "resources:\n- ../store\n", ""),
        ("config/default/kustomization.yaml", "resources:\n# - ../store\n", ""),
    ],
)
def test_what_only_developers_bring_along(
    tmp_path: Path, listed: str, name: str, text: str, why: str
) -> None:
    write(
        tmp_path,
        {
            "config/crd/kustomization.yaml": "resources: []\n",
            "config/development/kustomization.yaml.sample": f"resources:\n- ../manager\n{listed}",
            "config/store/store.yaml": DEPLOYMENT,
            "config/manager/manager.yaml": DEPLOYMENT,
            "Dockerfile": "COPY config/manager /\n",
            name: text,
        },
    )
    assert reason(tmp_path, "config/store/store.yaml") == why
    assert reason(tmp_path, "config/manager/manager.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("README.md", "The agent logs.\n", WORKPLACE),
        ("Tiltfile", "local('kubectl apply -f addons/agent/agent.yaml')\n", WORKPLACE),
        ("Makefile", "addons:\n\tkustomize build $(ADDONS)/agent > $(ADDONS)/agent/agent.yaml\n", ""),
        ("Makefile", "addons:\n\tkubectl apply -f $(ADDONS)/agent/agent.yaml\n", ""),
        ("hack/install.sh", "kubectl apply -f addons/agent/agent.yaml\n", ""),
        (".github/workflows/release.yaml", "run: cp addons/agent/agent.yaml out/\n", ""),
        ("docs/agent.md", "See [the agent](../addons/agent/agent.yaml).\n", ""),
        ("deploy/kustomization.yaml", "resources:\n- ../addons/agent/agent.yaml\n", ""),
        ("clusters/home.yaml", "kind: Kustomization\nspec:\n  path: ./addons/agent\n", ""),
    ],
)
def test_what_kustomizations_of_tests_list_from_afar(tmp_path: Path, name: str, text: str, why: str) -> None:
    listed = "resources:\n- ../../../addons/agent/agent.yaml\n"
    write(
        tmp_path,
        {
            "templates/test/ci/kustomization.yaml": listed,
            "addons/agent/agent.yaml": DEPLOYMENT,
            "addons/other/agent.yaml": DEPLOYMENT,
            name: text,
        },
    )
    assert reason(tmp_path, "addons/agent/agent.yaml") == why
    assert reason(tmp_path, "addons/other/agent.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("skaffold.yaml", "paths:\n- config/variants/wide\n", WORKPLACE),
        ("scripts/release.sh", "kustomize build config/variants/wide > out.yaml\n", ""),
        ("config/default/kustomization.yaml", "resources:\n- ../variants/base\n", ""),
        ("config/other/kustomization.yaml", "resources:\n- ../base\n", WORKPLACE),
    ],
)
def test_what_kustomizations_of_tests_list_in_turn(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(
        tmp_path,
        {
            "test/e2e/kustomization.yaml": "resources:\n- ../../config/variants/wide\n",
            "config/variants/wide/kustomization.yaml": "resources:\n- ../base\n",
            "config/variants/base/kustomization.yaml": "resources:\n- web.yaml\n",
            "config/variants/base/web.yaml": DEPLOYMENT,
            "config/base/web.yaml": DEPLOYMENT,
            name: text,
        },
    )
    assert reason(tmp_path, "config/variants/base/web.yaml") == why
    assert reason(tmp_path, "config/base/web.yaml") == ""


def test_what_only_programs_of_tests_name_and_charts_count(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "test/run_test.go": 'apply("deploy/manually/store.yaml")\n',
            "deploy/manually/store.yaml": DEPLOYMENT,
            "skaffold.yaml": "helm:\n- chartPath: deploy/charts/web\n",
            "deploy/charts/web/Chart.yaml": "name: web\n",
            "deploy/charts/web/templates/web.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "deploy/manually/store.yaml") == ""
    assert reason(tmp_path, "deploy/charts/web/templates/web.yaml") == ""


def test_the_parts_of_an_operator_count_whoever_tests_them(tmp_path: Path) -> None:
    files = {
        "test/e2e/kustomization.yaml": "resources:\n- ../../config/rbac\n",
        "config/rbac/kustomization.yaml": "resources:\n- role.yaml\n",
        "config/rbac/role.yaml": DEPLOYMENT,
    }
    write(tmp_path, files)
    assert reason(tmp_path, "config/rbac/role.yaml") == WORKPLACE
    write(tmp_path, {"PROJECT": "layout: go.kubebuilder.io/v4\n"})
    assert reason(tmp_path, "config/rbac/role.yaml") == ""


SAVED = "---\n# Source: agent/templates/agent.yaml\n" + DEPLOYMENT.replace("{name: a}", "\n  name: my-agent")

WRITES = (
    "helm template my-agent agent --repo https://charts.example.com \\\n  --set tls=true \\\n  > agent.yaml\n"
)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("README.md", "See `modules/agent` for the agent.\n", RENDERED),
        ("other.yaml", "schedule: '*/15 * * * *'\n", RENDERED),
        ("modules/agent/kustomization.yaml", "resources:\n- agent.yaml\n", ""),
        ("modules/agent/README.md", "`kubectl apply -f agent.yaml`\n", ""),
        ("modules/agent/main.tf", 'yamldecode(file("${path.module}/agent.yaml"))\n', ""),
        ("deploy.sh", "kubectl apply -f modules/agent\n", ""),
        ("apps/agent.yaml", "kind: Application\nspec:\n  source:\n    path: modules/agent\n", ""),
        (
            "apps/all.yaml",
            "kind: ApplicationSet\nspec:\n  generators: [{git: {directories: [{path: modules/*}]}}]\n",
            "",
        ),
    ],
)
def test_what_a_script_beside_it_renders(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(tmp_path, {"modules/agent/agent.yaml": SAVED, "modules/agent/helm.sh": WRITES, name: text})
    assert reason(tmp_path, "modules/agent/agent.yaml") == why


def test_renderings_count_without_such_a_script_unless_nobody_named_the_release(tmp_path: Path) -> None:
    unnamed = SAVED.replace("name: my-agent", "name: release-name-agent")
    write(
        tmp_path,
        {
            "examples/agent/agent.yaml": unnamed,
            "examples/own/agent.yaml": SAVED,
            "examples/typed/agent.yaml": unnamed.replace("# Source: ", "# See "),
            "examples/used/agent.yaml": unnamed,
            "examples/used/kustomization.yaml": "resources:\n- agent.yaml\n",
        },
    )
    assert reason(tmp_path, "examples/agent/agent.yaml") == RENDERED
    assert reason(tmp_path, "examples/own/agent.yaml") == ""
    assert reason(tmp_path, "examples/typed/agent.yaml") == ""
    assert reason(tmp_path, "examples/used/agent.yaml") == ""


def test_a_folder_called_testing_may_be_what_is_deployed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "clusters/home/05-testing/kustomization.yaml": "resources:\n- ../../../parts/probe\n",
            "parts/probe/probe.yaml": DEPLOYMENT,
            "parts/probe/kustomization.yaml": "resources:\n- probe.yaml\n",
        },
    )
    assert reason(tmp_path, "parts/probe/probe.yaml") == WORKPLACE
    write(tmp_path, {"clusters/home/probe.yaml": "spec:\n  path: ./clusters/home/05-testing\n"})
    assert reason(tmp_path, "parts/probe/probe.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("test/e2e/run.sh", "kubectl apply -f scripts/services/store.yaml\n", WORKPLACE),
        ("scripts/install.sh", "kubectl apply -f scripts/services/store.yaml\n", ""),
        ("scripts/install.sh", "kubectl apply -f scripts/services\n", ""),
        ("README.md", "`kubectl apply -f scripts/services/store.yaml`\n", ""),
        ("scripts/services/kustomization.yaml", "resources:\n- store.yaml\n", ""),
        ("k8s/kustomization.yaml", "resources:\n- ../scripts/services\n", ""),
    ],
)
def test_what_only_scripts_for_a_local_cluster_apply(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(
        tmp_path,
        {
            "k8s/kustomization.yaml": "resources:\n- web.yaml\n",
            "k8s/web.yaml": DEPLOYMENT,
            "scripts/deploy_local_kind_store.sh": 'kubectl apply -f "$DIR/services/store.yaml"\n',
            "scripts/services/store.yaml": DEPLOYMENT,
            "scripts/services/cache.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "scripts/services/store.yaml") == WORKPLACE
    assert reason(tmp_path, "scripts/services/cache.yaml") == ""  # which nothing names
    write(tmp_path, {name: text})
    assert reason(tmp_path, "scripts/services/store.yaml") == why


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        ({}, True),
        ({"test/e2e/kustomization.yaml": "components:\n- ../../deploy/components/login\n"}, True),
        ({"deploy/whole/kustomization.yaml": "components:\n- ../components/login\n"}, False),
        ({"README.md": "`kubectl apply -k deploy/components/login`\n"}, False),
        ({"up.sh": "kustomize build deploy/components/login\n"}, False),
        ({"flux.yaml": "kind: Kustomization\nspec:\n  path: ./deploy/quick-start/full\n"}, False),
        (
            {"deploy/components/login/kustomization.yaml": "kind: Kustomization\nresources: [form.yaml]\n"},
            False,
        ),
        ({"deploy/install/kustomization.yaml": "kind: Component\n"}, False),  # a library has nothing else
    ],
)
def test_a_component_that_only_examples_have(tmp_path: Path, files: dict[str, str], shown: bool) -> None:
    project = {
        "deploy/install/kustomization.yaml": "resources:\n- ../base\n",
        "deploy/base/app.yaml": DEPLOYMENT,
        "deploy/quick-start/full/kustomization.yaml": "components:\n- ../../components/login\n",
        "deploy/components/login/kustomization.yaml": "kind: Component\nresources:\n- form.yaml\n",
        "deploy/components/login/form.yaml": DEPLOYMENT,
    }
    write(tmp_path, {**project, **files})
    asked = Scope(tmp_path), Namings(tmp_path)
    assert asked[0].is_only_shown("deploy/components/login/form.yaml", asked[1]) is shown
    assert not asked[0].is_only_shown("deploy/base/app.yaml", asked[1])
    assert reason(tmp_path, "app.yaml") == ""  # at the top
