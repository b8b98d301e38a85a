"""What no list, script, glob or command of a project leads to: set aside where the lists say what is deployed."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.copies.releases import EARLIER
from linter.aside.leads.leftout import LEFT_OUT
from linter.aside.leads.namings import Namings
from linter.aside.leads.unbuilt import UNBUILT
from linter.aside.leads.uncalled import UNCALLED
from linter.aside.names.placenames import RENDERED, TESTS, WORKPLACE
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status
from tests.unit.trees import reason_by_namings as reason
from tests.unit.trees import write

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
APPS = "kind: Kustomization\nresources:\n  - blog\n  - ./chat\n  - mail\n"


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """A tree whose kustomization lists three of its four applications."""
    files = {"clusters/home/apps/kustomization.yaml": APPS}
    for name in ("blog", "chat", "mail", "phone"):
        files[f"clusters/home/apps/{name}/app.yaml"] = DEPLOYMENT
    write(tmp_path, files)
    return tmp_path


PHONE = "clusters/home/apps/phone/app.yaml"


def test_a_folder_that_the_kustomization_does_not_list(cluster: Path) -> None:
    assert reason(cluster, PHONE) == LEFT_OUT
    assert reason(cluster, "clusters/home/apps/chat/app.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flux/phone.yaml", "kind: Kustomization\nspec:\n  path: ./clusters/home/apps/phone\n"),
        ("clusters/home/other/kustomization.yaml", "resources:\n- ../apps/phone\n"),
        ("clusters/home/apps/blog/kustomization.yaml", "resources:\n- ../phone/app.yaml\n"),
        (
            "sets.yaml",
            "kind: ApplicationSet\nspec: {generators: [{git: {directories: [{path: clusters/*/apps/*}]}}]}\n",
        ),
        ("sets.yaml", "kind: ApplicationSet\nspec: {x: [{path: 'clusters/**/app.yaml'}]}\n"),
        ("chart/templates/apps.yaml", "path: clusters/home/apps/{{ .name }}\n"),
        ("values.yaml", "apps:\n  - name: phone\n"),
        ("argo.yaml", "path: clusters/home\ndirectory:\n  recurse: true\n"),
        ("deploy.sh", 'for app in clusters/home/apps/*; do kubectl apply -k "$app"; done\n'),
        ("deploy.sh", "kubectl apply -R -f clusters/home\n"),
        ("deploy.sh", "ROOT=clusters/home/apps\nkubectl apply -k $ROOT/phone\n"),
        ("bin/up", "start phone\n"),
        ("Makefile", "phone:\n\tkubectl apply -f $(DIR)/phone\n"),
        (
            ".github/workflows/up.yml",
            "jobs:\n  up:\n    strategy: {matrix: {app: [phone]}}\n    run: echo apps/$app\n",
        ),
        ("README.md", "Then `kubectl apply -k clusters/home/apps/phone`.\n"),
        ("notes.yaml", "# kubectl apply -k clusters/home/apps/phone\n"),
    ],
)
def test_what_something_leads_to_counts(cluster: Path, name: str, text: str) -> None:
    write(cluster, {name: text})
    assert reason(cluster, PHONE) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flux/apps.yaml", "kind: Kustomization\nspec:\n  path: ./clusters/home/apps\n"),
        (".github/linter-ignore.yaml", "paths: ['**/phone/app.yaml', apps/phone]\n"),
        (".github/workflows/check.yml", "on:\n  push:\n    paths:\n      - 'clusters/home/apps/**'\n"),
        ("README.md", "There is a phone, and apps/phone has been off since May.\n"),
        ("old.yaml", "resources:\n# - clusters/home/apps/phone\n"),
        ("apps/web/server.ts", "const url = `${base}/apps/${name}`;\n"),
        ("sweep.sh", "aws s3 rm --recursive s3://bucket/clusters\n"),
        ("clusters/home/apps/phone/README.md", "kubectl apply -k .  # or ../phone\n"),
        ("phones/kustomization.yaml", "resources:\n- phones\n- apps/phone-book\n"),
    ],
)
def test_what_leads_elsewhere_or_nowhere_changes_nothing(cluster: Path, name: str, text: str) -> None:
    write(cluster, {name: text})
    assert reason(cluster, PHONE) == LEFT_OUT


def test_what_is_commented_out_and_what_may_be_built_by_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/kustomization.yaml": "resources:\n- web\n# - ./phone  # off\n",
            "app/web/web.yaml": DEPLOYMENT,
            "app/phone/phone.yaml": DEPLOYMENT,
            "app/radio/radio.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "app/phone/phone.yaml") == LEFT_OUT
    assert reason(tmp_path, "app/radio/radio.yaml") == ""  # with one folder beside it, a root as well
    write(tmp_path, {f"big/{name}/x.yaml": DEPLOYMENT for name in ("a", "b", "c", "overlays/prod", "d")})
    write(tmp_path, {"big/kustomization.yaml": "resources: [a, b, c]\n"})
    assert reason(tmp_path, "big/d/x.yaml") == LEFT_OUT
    assert reason(tmp_path, "big/overlays/prod/x.yaml") == ""


def test_a_file_beside_those_that_the_kustomization_lists(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base/kustomization.yaml": "resources:\n- jobs/apply.yaml\n- web.yaml\n",
            "base/web.yaml": DEPLOYMENT,
            "base/canary.yaml": DEPLOYMENT,
            "base/values.yaml": "image: web\n",
            "base/jobs/apply.yaml": POD,
            "base/jobs/export.yaml": POD,
            "other/kustomization.yaml": "resources:\n- canary.yaml\n",  # its own
            "docs/history.md": "| **kubectl apply -f -** | `export.yaml` |\n",
        },
    )
    assert reason(tmp_path, "base/jobs/export.yaml") == LEFT_OUT
    assert reason(tmp_path, "base/canary.yaml") == LEFT_OUT
    assert reason(tmp_path, "base/jobs/apply.yaml") == reason(tmp_path, "base/web.yaml") == ""
    assert reason(tmp_path, "base/values.yaml") == ""  # no manifest
    assert reason(tmp_path, "base/kustomization.yaml") == ""
    write(tmp_path, {"up.sh": "kubectl apply -f base/\n"})
    assert reason(tmp_path, "base/canary.yaml") == ""
    assert reason(tmp_path, "base/jobs/export.yaml") == LEFT_OUT  # which it does not reach
    write(tmp_path, {"base/README.md": "kubectl create -f jobs/export.yaml\n"})
    assert reason(tmp_path, "base/jobs/export.yaml") == ""


def test_kustomizations_that_list_nothing_or_bring_charts_say_nothing_of_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/kustomization.yaml": "images:\n- name: web\n",
            "a/web.yaml": DEPLOYMENT,
            "b/kustomization.yaml": "resources: [web.yaml]\nhelmCharts:\n- name: x\n",
            "b/web.yaml": DEPLOYMENT,
            "b/charts/x/y.yaml": DEPLOYMENT,
            "examples/kustomization.yaml": "resources: [web.yaml]\n",
            "examples/web.yaml": DEPLOYMENT,
            "examples/roles.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "a/web.yaml") == reason(tmp_path, "b/charts/x/y.yaml") == ""
    assert reason(tmp_path, "examples/roles.yaml") == ""  # for readers to apply


def test_of_a_part_of_the_tree_the_repository_tells_the_rest(cluster: Path) -> None:
    part = Scope(cluster, folders=(str(cluster / "clusters"),))
    assert part.reason_by_namings(PHONE, Namings(cluster)) == ""
    (cluster / ".git").mkdir()
    assert part.reason_by_namings(PHONE, Namings(cluster)) == LEFT_OUT
    write(cluster, {"deploy.sh": "kubectl apply -k clusters/home/apps/phone\n"})
    assert part.reason_by_namings(PHONE, Namings(cluster)) == ""
    named = Scope(cluster, files=frozenset({str(cluster / PHONE)}))
    (cluster / "deploy.sh").unlink()
    assert named.reason_by_namings(PHONE, Namings(cluster)) == ""


def test_secrets_count_where_nothing_leads_to_them(cluster: Path) -> None:
    def found(rule: str) -> Finding:
        return Finding(rule, Severity.HIGH, Confidence.HIGH, "m", Location(PHONE, 1, 1, 1, 2))

    info = RuleInfo("key", "t", "secrets", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")
    key, port = set_aside([found("key"), found("port")], Scope(cluster), lambda _: Config(), {"key": info})
    assert key.status is Status.ACTIVE
    assert (port.status, port.reason) == (Status.ASIDE, LEFT_OUT)


MODULE = 'variable "secret" {}\nresource "kubernetes_deployment" "a" {}\n'


def test_a_module_whose_call_is_commented_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "stack/main.tf": '# module "a" {\n#   source = "./a"\n# }\nmodule "b" {\n  source = "./b"\n}\n'
            '# module "c" {\n#   source = "./c"\n# }\n',
            "stack/a/main.tf": MODULE,
            "stack/b/main.tf": MODULE,
            "stack/c/main.tf": MODULE.replace("{}", '{ default = "x" }'),
            "stack/d/main.tf": MODULE,
        },
    )
    assert reason(tmp_path, "stack/a/main.tf") == UNCALLED
    assert reason(tmp_path, "stack/b/main.tf") == ""
    assert reason(tmp_path, "stack/c/main.tf") == ""  # applied as it is, it may be
    assert reason(tmp_path, "stack/d/main.tf") == ""  # nobody says that it is off
    write(tmp_path, {"other/main.tf": 'module "a" {\n  source = "../stack/a"\n}\n'})
    assert reason(tmp_path, "stack/a/main.tf") == ""
    (tmp_path / "other" / "main.tf").unlink()
    write(tmp_path, {"stack/a/state.tf": 'terraform {\n  backend "s3" {}\n}\n'})
    assert reason(tmp_path, "stack/a/main.tf") == ""


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


CLUSTER = "resources:\n  - ../../../parts/dns\n  # - ../../../parts/search\n"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("parts/dns/kustomization.yaml", "resources:\n- ../search/k8s/bucket.yaml\n", LEFT_OUT),
        ("docs/search.md", "It is in `parts/search/k8s/other.yaml`.\n", LEFT_OUT),
        ("docs/search.md", "It is in `parts/search`.\n", ""),
        ("docs/search.md", "It is in `parts/search/k8s/search.yaml`.\n", ""),
        ("clusters/two/apps/kustomization.yaml", "resources:\n  - ../../../parts/search\n", ""),
        ("clusters/two/search.yaml", "kind: Kustomization\nspec:\n  path: ./parts/search\n", ""),
        ("clusters/two/all.yaml", "kind: Kustomization\nspec:\n  path: ./parts/search/k8s\n", ""),
        ("Makefile", "all:\n\tkubectl apply -k parts/$(PART)\n", ""),
    ],
)
def test_what_clusters_name_in_comments_only(tmp_path: Path, name: str, text: str, why: str) -> None:
    files = {
        "clusters/home/apps/kustomization.yaml": CLUSTER,
        "parts/dns/dns.yaml": DEPLOYMENT,
        "parts/search/kustomization.yaml": "resources:\n- k8s/search.yaml\n",
        "parts/search/k8s/bucket.yaml": POD,
        "parts/search/k8s/search.yaml": DEPLOYMENT,
        name: text,
    }
    write(tmp_path, files)
    assert reason(tmp_path, "parts/search/k8s/search.yaml") == why
    assert reason(tmp_path, "parts/dns/dns.yaml") == ""
    if name.startswith("parts/dns/"):
        assert reason(tmp_path, "parts/search/k8s/bucket.yaml") == ""


def test_what_only_something_names_that_is_off(tmp_path: Path) -> None:
    files = {
        "clusters/home/kustomization.yaml": "resources:\n- ../../apps/dns/ks.yaml\n# - ../../apps/search/ks.yaml\n",
        "apps/dns/ks.yaml": "kind: Kustomization\nspec:\n  path: ./apps/dns/app\n",
        "apps/dns/app/dns.yaml": DEPLOYMENT,
        "apps/search/ks.yaml": "kind: Kustomization\nspec:\n  path: ./apps/search/app\n",
        "apps/search/app/search.yaml": DEPLOYMENT,
        "apps/search/app/kustomization.yaml": "resources:\n- search.yaml\n",
        "apps/copies.yaml": "kind: ArtifactGenerator\nspec:\n  from: '@repo/apps/search/app/'\n",
    }
    write(tmp_path, files)
    assert reason(tmp_path, "apps/search/app/search.yaml") == LEFT_OUT
    assert reason(tmp_path, "apps/dns/app/dns.yaml") == ""
    write(tmp_path, {"clusters/two/ks.yaml": "kind: Kustomization\nspec:\n  path: ./apps/search/app\n"})
    assert reason(tmp_path, "apps/search/app/search.yaml") == ""


def test_what_lies_beside_a_kustomization_is_for_those_who_need_it(tmp_path: Path) -> None:
    listed = "resources:\n- ../manager\n# - ../metrics\n"
    write(tmp_path, {"config/default/kustomization.yaml": listed, "config/metrics/web.yaml": DEPLOYMENT})
    assert reason(tmp_path, "config/metrics/web.yaml") == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("`kubectl apply -f apps/mail/job.yaml`\n", LEFT_OUT),
        ("`kubectl apply -f apps/blog/job.yaml`\n", ""),
        ("`kubectl apply -f job.yaml`\n", ""),
        ("`kubectl apply -f $APP/job.yaml`\n", ""),
    ],
)
def test_a_command_names_the_file_of_its_folder(cluster: Path, text: str, why: str) -> None:
    blog = {"kustomization.yaml": "resources:\n- app.yaml\n", "job.yaml": DEPLOYMENT}
    write(cluster / "clusters/home/apps/blog", blog)
    write(cluster, {"README.md": text})
    assert reason(cluster, "clusters/home/apps/blog/job.yaml") == why


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
    ("file", "chart", "named", "why"),
    [
        ("install_v2_0_0_rc4.yaml", "v3.5.0", "", EARLIER),
        ("v2.4.1_full.yaml", "2.5.0", "", EARLIER),
        ("v2.4.1_full.yaml", "2.4.9", "", ""),  # a version that is kept up
        ("install_v2_0_0_rc4.yaml", "v1.9.0", "", ""),
        ("install.yaml", "v3.5.0", "", ""),
        ("install_v2_0_0_rc4.yaml", "v3.5.0", "Run `kubectl apply -f samples/install_v2_0_0_rc4.yaml`.", ""),
    ],
)
def test_releases_that_the_chart_is_past(tmp_path: Path, file: str, chart: str, named: str, why: str) -> None:
    manifest = DEPLOYMENT.replace("{name: a}", "\n  labels:\n    app.kubernetes.io/name: balancer")
    described = f"name: balancer\nversion: 9.0.0\nappVersion: {chart}\n"
    write(tmp_path, {f"samples/{file}": manifest, "helm/b/Chart.yaml": described, "README.md": named})
    assert reason(tmp_path, f"samples/{file}") == why
    write(tmp_path, {"scripts/run-e2e-test.sh": f"kubectl apply -f samples/{file}\n"})
    assert reason(tmp_path, f"samples/{file}") == why
    write(tmp_path, {f"other/{file}": manifest.replace("balancer", "database")})
    assert reason(tmp_path, f"other/{file}") == ""


def test_a_file_that_clusters_name_in_comments_only(tmp_path: Path) -> None:
    listed = "resources:\n  - ../../../apps/mail.yaml\n  # - ../../../apps/radio.yaml\n"
    write(tmp_path, {"clusters/home/apps/kustomization.yaml": listed})
    write(tmp_path, {f"apps/{name}.yaml": DEPLOYMENT for name in ("mail", "radio")})
    assert reason(tmp_path, "apps/radio.yaml") == LEFT_OUT
    assert reason(tmp_path, "apps/mail.yaml") == ""
    write(tmp_path, {"flux.yaml": "kind: Kustomization\nspec:\n  path: ./apps\n"})
    assert reason(tmp_path, "apps/radio.yaml") == ""


def test_what_names_a_folder_of_the_same_name_elsewhere_leads_nowhere(tmp_path: Path) -> None:
    listed = "resources:\n  - ../../../lab/parts/dns\n  # - ../../../lab/parts/search\n"
    write(
        tmp_path,
        {
            "clusters/home/apps/kustomization.yaml": listed,
            "lab/parts/dns/dns.yaml": DEPLOYMENT,
            "lab/parts/search/search.yaml": DEPLOYMENT,
            "shop/Makefile": "all:\n\tkubectl apply -k parts/search\n",
            "shop/parts/search/search.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "lab/parts/search/search.yaml") == LEFT_OUT
    write(tmp_path, {"shop/Makefile": "all:\n\tcd ../lab && kubectl apply -k parts/search\n"})
    assert reason(tmp_path, "lab/parts/search/search.yaml") == ""
    write(tmp_path, {"shop/Makefile": "all:\n\tkubectl apply -k $(LAB)/parts/search\n"})
    assert reason(tmp_path, "lab/parts/search/search.yaml") == ""


APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    path: {}\n"
THREE = ("blog", "chat", "mail")


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Four folders, of which objects of Argo CD take three; Argo CD takes the files above them, too."""
    files = {f"parts/{name}.yaml": APPLICATION.format(f"parts/{name}") for name in THREE}
    files |= {f"parts/{name}/app.yaml": DEPLOYMENT for name in (*THREE, "phone")}
    lists = {"parts/phone/kustomization.yaml": "resources:\n- app.yaml\n"}
    write(tmp_path, files | lists | {"root.yaml": APPLICATION.format("parts")})
    return tmp_path


def test_a_folder_that_objects_beside_it_pass_over(parts: Path) -> None:
    assert reason(parts, "parts/phone/app.yaml") == LEFT_OUT
    assert reason(parts, "parts/chat/app.yaml") == ""
    assert reason(parts, "parts/chat.yaml") == ""
    (parts / "parts/mail.yaml").unlink()  # two beside it are no list
    assert reason(parts, "parts/phone/app.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("root.yaml", APPLICATION.format("parts\n    directory:\n      recurse: true")),
        (
            "flux.yaml",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  path: ./parts\n",
        ),
        ("set.yaml", "kind: ApplicationSet\nspec: {generators: [{git: {directories: [{path: parts/*}]}}]}\n"),
        ("up.sh", "for app in blog phone; do kubectl apply -k $TOP/$app; done\n"),
        ("Makefile", "phone:\n\tkustomize build parts/phone | kubectl apply -f -\n"),
        ("stages/prod/kustomization.yaml", "resources:\n- ../../parts/phone\n"),
        ("stages/prod/kustomization.yaml", "resources:\n- https://github.com/acme/x//parts/phone?ref=v1\n"),
        ("docs/phone.md", "See `parts/phone`.\n"),
        ("parts/phone/README.md", "Install it by hand: `kubectl apply -k .`\n"),
        ("parts/phone/Makefile", "up:\n\tkubectl apply -k .\n"),
        ("parts/phone/argo.yaml", APPLICATION.format("parts/phone")),
    ],
)
def test_a_folder_that_something_leads_to_is_not_passed_over(parts: Path, name: str, text: str) -> None:
    write(parts, {name: text})
    assert reason(parts, "parts/phone/app.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/phone.md", "The phone rings. See [the others](../parts/chat).\n"),
        ("parts/phone/README.md", "It rings.\n"),
        ("parts/phone/rules.yaml", "kind: Role\nrules: [{apiGroups: [argoproj.io]}]\n"),
        ("build.sh", "docker build phone\n"),
    ],
)
def test_what_only_speaks_of_a_folder_does_not_lead_to_it(parts: Path, name: str, text: str) -> None:
    write(parts, {name: text})
    assert reason(parts, "parts/phone/app.yaml") == LEFT_OUT


def test_stages_that_list_from_afar(tmp_path: Path) -> None:
    listed = "".join(f"- ../../{name}/overlays/prod\n" for name in THREE)
    files = {f"app/{name}/overlays/prod/app.yaml": DEPLOYMENT for name in (*THREE, "phone")}
    write(tmp_path, files | {"app/stages/prod/kustomization.yaml": f"resources:\n{listed}"})
    assert reason(tmp_path, "app/phone/overlays/prod/app.yaml") == LEFT_OUT
    assert reason(tmp_path, "app/mail/overlays/prod/app.yaml") == ""


def test_parts_of_the_same_rank_and_choices_are_not_passed_over(tmp_path: Path) -> None:
    listed = "".join(f"- ../{name}\n" for name in THREE)
    write(tmp_path, {"config/default/kustomization.yaml": f"resources:\n{listed}"})
    write(tmp_path, {f"config/{name}/app.yaml": DEPLOYMENT for name in (*THREE, "phone")})
    assert reason(tmp_path, "config/phone/app.yaml") == ""
    listed = "".join(f"- ../../components/net/{name}\n" for name in THREE)
    write(tmp_path, {"home/lab/kustomization.yaml": f"resources:\n{listed}"})
    write(tmp_path, {f"components/net/{name}/app.yaml": DEPLOYMENT for name in (*THREE, "phone")})
    assert reason(tmp_path, "components/net/phone/app.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("docs/shop.md", "`kubectl apply -f services/`\n", LEFT_OUT),
        ("docs/shop.md", "`kubectl apply -f shop/services/`\n", LEFT_OUT),
        ("app.ts", "import { api } from '../services/api'\n", ""),
        ("docs/shop.md", "In `lab/base`: `kubectl apply -f services/`\n", ""),
        ("docs/shop.md", "`kubectl apply -f base/services/`\n", ""),
        ("docs/shop.md", "`kubectl apply -f $DIR/services/`\n", ""),
        ("README.md", "`kubectl apply -f services/`\n", ""),
        ("lab/README.md", "`kubectl apply -f services/`\n", ""),
        ("up.sh", "kubectl apply -f services/\n", ""),
    ],
)
def test_a_folder_of_which_a_command_takes_all_files(tmp_path: Path, name: str, text: str, why: str) -> None:
    listed = "resources:\n- mail.yaml\n- chat.yaml\n- blog.yaml\n"
    files = {f"lab/base/{part}.yaml": DEPLOYMENT for part in (*THREE, "services/phone")}
    write(tmp_path, files | {"lab/base/kustomization.yaml": listed, name: text})
    assert reason(tmp_path, "lab/base/services/phone.yaml") == why


ROLE = (
    "apiVersion: rbac.authorization.k8s.io/{}\nkind: ClusterRole\nmetadata: {{name: a}}\n---\n"
    + DEPLOYMENT.replace("{name: a}", "{{name: a}}")
)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("docs/web.md", "See `deploy/v2/web.yaml`.\n", EARLIER),
        ("docs/web.md", "For old clusters: `deploy/v1/web.yaml`.\n", ""),
        ("Makefile", "up:\n\tkubectl apply -f deploy/v1\n", ""),
        ("deploy/v2/web.yaml", ROLE.format("v1beta1"), ""),  # no newer
        ("deploy/v1/web.yaml", DEPLOYMENT, ""),  # one of two that run
        ("deploy/v1/web.yaml", ROLE.format("v1"), ""),
    ],
)
def test_what_no_cluster_takes_beside_its_successor(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(tmp_path, {"deploy/v1/web.yaml": ROLE.format("v1beta1"), "deploy/v2/web.yaml": ROLE.format("v1")})
    write(tmp_path, {name: text})
    assert reason(tmp_path, "deploy/v1/web.yaml") == why
    assert reason(tmp_path, "deploy/v2/web.yaml") == ""


SCAFFOLD = {
    "PROJECT": "layout: go.kubebuilder.io/v4\n",
    "README.md": "It is built with `make`, and values apply by default.\n",
    "Makefile": "manifests:\n\tcontroller-gen crd output:crd:artifacts:config=config/crd/bases\n"
    "image:\n\tcd config/manager && kustomize edit set image controller=$(IMG)\n",
    "config/default/kustomization.yaml": "resources:\n- ../crd\n- ../rbac\n- ../manager\n"
    "patches:\n- path: proxy_patch.yaml\n",
    "config/default/proxy_patch.yaml": DEPLOYMENT,
    "config/manager/kustomization.yaml": "resources:\n- manager.yaml\n",
    "config/manager/manager.yaml": DEPLOYMENT,
    "config/rbac/kustomization.yaml": "resources:\n- role.yaml\n",
    "config/rbac/role.yaml": DEPLOYMENT,
    "config/crd/kustomization.yaml": "# run by config/default\nresources:\n- crd.yaml\n",
    "config/crd/crd.yaml": DEPLOYMENT,
}
CHART = {"charts/op/Chart.yaml": "name: op\n"}


def test_an_operator_of_which_people_get_the_chart_and_nothing_builds_the_rest(tmp_path: Path) -> None:
    write(tmp_path, SCAFFOLD)
    assert reason(tmp_path, "config/manager/manager.yaml") == ""  # how else do people get it?
    write(tmp_path, {"test/chart/Chart.yaml": "name: op\n"})
    assert reason(tmp_path, "config/manager/manager.yaml") == ""
    write(tmp_path, CHART)
    assert reason(tmp_path, "config/manager/manager.yaml") == UNBUILT
    assert reason(tmp_path, "config/default/proxy_patch.yaml") == UNBUILT
    assert reason(tmp_path, "config/rbac/role.yaml") == UNBUILT
    assert reason(tmp_path, "config/crd/crd.yaml") == ""
    write(tmp_path, {"Makefile": "chart:\n\tcp config/rbac/role.yaml charts/op/templates\n"})
    assert reason(tmp_path, "config/rbac/role.yaml") == ""
    assert reason(tmp_path, "config/manager/manager.yaml") == UNBUILT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", "deploy:\n\t$(KUSTOMIZE) build config/default | kubectl apply -f -\n"),
        ("Makefile", "deploy:\n\tcd config && kustomize build default\n"),
        ("Makefile", "deploy:\n\tkubectl apply -k $(CONFIG)/default\n"),
        ("Makefile", "deploy:\n\tkubectl apply -k config/$(VARIANT)\n"),
        ("Makefile", "deploy:\n\tkubectl apply -k default\n"),
        ("README.md", "`kubectl apply -k config/default`\n"),
        (".github/workflows/release.yaml", "run: kustomize build config/default > install.yaml\n"),
        ("test/e2e_test.go", 'dir := filepath.Join("config", "default")\n'),
        ("config/manifests/kustomization.yaml", "resources:\n- ../default\n"),
    ],
)
def test_an_operator_that_something_builds_counts(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, SCAFFOLD | CHART | {name: text})
    assert reason(tmp_path, "config/manager/manager.yaml") == ""
    assert reason(tmp_path, "config/default/proxy_patch.yaml") == ""


def test_an_operator_that_cannot_be_built(tmp_path: Path) -> None:
    lost = {name: text for name, text in SCAFFOLD.items() if "/rbac/" not in name}
    deploys = "deploy:\n\tkustomize build config/default | kubectl apply -f -\n"
    write(tmp_path, lost | {"Makefile": deploys})
    assert reason(tmp_path, "config/manager/manager.yaml") == UNBUILT
    assert reason(tmp_path, "config/default/proxy_patch.yaml") == UNBUILT
    write(tmp_path, {"Makefile": f"roles:\n\tcontroller-gen rbac output:dir=config/rbac\n{deploys}"})
    assert reason(tmp_path, "config/manager/manager.yaml") == ""  # it is written before
    write(tmp_path, {"Makefile": f"run:\n\tkustomize build config/manager | kubectl apply -f -\n{deploys}"})
    assert reason(tmp_path, "config/default/proxy_patch.yaml") == UNBUILT
    assert reason(tmp_path, "config/manager/manager.yaml") == ""


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
