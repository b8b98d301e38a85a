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
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"

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


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("hooks.toml", 'url = "https://forge.example/phone/hooks"\n', LEFT_OUT),
        ("bootstrap.just", "wait:\n  kubectl -n phone get pods\n", LEFT_OUT),
        ("up.sh", "kubectl apply -k app/phone\n", ""),
        ("up.sh", 'for app in web phone; do kubectl apply -k "app/$app"; done\n', ""),
        ("other/kustomization.yaml", "resources:\n- ../app/phone/phone.yaml\n", ""),
    ],
)
def test_what_is_commented_out_is_named_by_its_path_alone(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    files = {
        "app/kustomization.yaml": "resources:\n- web\n# - ./phone\n",
        "app/web/web.yaml": DEPLOYMENT,
        "app/phone/kustomization.yaml": "resources:\n- ./phone.yaml\n",
        "app/phone/phone.yaml": DEPLOYMENT,
    }
    write(tmp_path, files | {name: text})
    assert reason(tmp_path, "app/phone/phone.yaml") == why


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
            "docs/usage.md": "`kubectl apply -k https://forge.example/parts-for-web/base`\n",
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


def test_a_module_that_its_configuration_does_not_call(tmp_path: Path) -> None:
    root = 'module "net" {\n  source = "./modules/net"\n}\n'
    write(
        tmp_path,
        {
            "stack/main.tf": root + 'terraform {\n  backend "s3" {}\n}\n',
            "stack/modules/net/main.tf": MODULE,
            "stack/modules/old/main.tf": MODULE,
            "library/main.tf": root,  # a module itself, with parts that others may take
            "library/modules/net/main.tf": MODULE,
            "library/modules/extra/main.tf": MODULE,
            "flat/main.tf": 'provider "aws" {}\n',  # it calls none of them
            "flat/modules/extra/main.tf": MODULE,
        },
    )
    assert reason(tmp_path, "stack/modules/old/main.tf") == UNCALLED
    assert reason(tmp_path, "stack/modules/net/main.tf") == ""
    assert reason(tmp_path, "library/modules/extra/main.tf") == ""
    assert reason(tmp_path, "flat/modules/extra/main.tf") == ""
    write(tmp_path, {"live/terragrunt.hcl": 'terraform {\n  source = "../stack/modules/old"\n}\n'})
    assert reason(tmp_path, "stack/modules/old/main.tf") == ""


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


THREE = ("blog", "chat", "mail")


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


OTHER = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - web.yaml\n  - job.yaml\n"


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("kustomization-extra.yaml", {}, LEFT_OUT),
        ("kustomization-extra.yaml", {".pre-commit-config.yaml": "exclude: kustomization-.*\n"}, LEFT_OUT),
        ("extra-kustomization.yaml", {"README.md": "See [the job](apps/job.yaml).\n"}, LEFT_OUT),
        (
            "kustomization-extra.yaml",
            {"run.sh": "cp apps/kustomization-extra.yaml apps/kustomization.yaml\n"},
            "",
        ),
        ("kustomization-extra.yaml", {"run.sh": "cp apps/kustomization-$STAGE.yaml $DIR\n"}, ""),
        ("extra-kustomization.yaml", {"run.py": "name = f'{stage}-kustomization.yaml'\n"}, ""),
        ("kustomization-extra.yaml", {"README.md": "`kubectl apply -f apps/job.yaml`\n"}, ""),
        ("list.yaml", {}, ""),
    ],
)
def test_a_kustomization_that_kustomize_does_not_read(
    tmp_path: Path, name: str, more: dict[str, str], expected: str
) -> None:
    files = {
        "apps/kustomization.yaml": "resources: [web.yaml]\n",
        f"apps/{name}": OTHER,
        "apps/web.yaml": DEPLOYMENT,
        "apps/job.yaml": POD,
    }
    write(tmp_path, {**files, **more})
    assert reason(tmp_path, "apps/job.yaml") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, LEFT_OUT),
        ({"search/base/roles.yaml": DEPLOYMENT + "---\n" + POD}, LEFT_OUT),
        ({"search/base/roles.yaml": DEPLOYMENT}, ""),
        ({"search/base/kustomization.yaml": "resources: [web.yaml]\n"}, ""),
        ({"search/kustomization.yaml": "resources: [20-roles.yaml]\n"}, ""),
        ({"apps/all.yaml": "kind: Application\nspec:\n  source:\n    path: search\n"}, ""),
        ({"Makefile": "up:\n\tkubectl apply -f search/\n"}, ""),
        ({"README.md": "Then `kubectl apply -f search/20-roles.yaml`.\n"}, ""),
    ],
)
def test_what_was_moved_to_the_base(tmp_path: Path, more: dict[str, str], expected: str) -> None:
    files = {
        "search/20-roles.yaml": POD,
        "search/base/kustomization.yaml": "resources: [roles.yaml]\n",
        "search/base/roles.yaml": POD,
        "search/overlays/prod/kustomization.yaml": "resources: [../../base]\n",
        "apps/search.yaml": "kind: Application\nspec:\n  source:\n    path: search/overlays/prod\n",
    }
    write(tmp_path, {**files, **more})
    assert reason(tmp_path, "search/20-roles.yaml") == expected
    assert reason(tmp_path, "search/base/roles.yaml") == ""
