"""Charts, and parts and objects of them, that a project deploys nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.deploys.deselected import is_deselected
from linter.aside.deploys.offeverywhere import is_off_everywhere
from linter.aside.deploys.overridden import OVERRIDDEN
from linter.aside.deploys.undeployed import UNDEPLOYED, is_installed_from_others, is_undeployed
from linter.aside.leads.namings import Namings
from linter.aside.values.options import Charts
from linter.config.model import Config
from linter.finding import Confidence, RuleInfo, Severity
from tests.unit.aside.shop import DEPLOYMENT, OF_STAGES, OF_TAG, TAG, chart, deployments, finding
from tests.unit.aside.trees import write


def test_an_object_that_each_release_leaves_off(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**chart(), "render.sh": "helm template shop ./charts/shop -f live.yaml\n", "live.yaml": "a: 1\n"},
    )

    def off() -> bool:
        return is_off_everywhere(DEPLOYMENT, 2, deployments(tmp_path), Charts(tmp_path))

    assert off()
    assert not is_off_everywhere(DEPLOYMENT, 6, deployments(tmp_path), Charts(tmp_path))
    for values in ("agent: {enabled: true}\n", "agent: {enabled: '{{ .x }}'}\n"):
        write(tmp_path, {"live.yaml": values})
        assert not off()
    write(tmp_path, {"live.yaml": "a: 1\n", "docs/use.md": "helm install shop charts/shop -f live.yaml\n"})
    assert not off()  # readers may
    write(tmp_path, {"docs/use.md": "", "render.sh": 'helm template shop ./charts/shop -f "$VALUES"\n'})
    assert not off()  # nobody knows what is in them
    write(tmp_path, {"render.sh": ""})
    assert not off()  # who takes the chart may switch it on


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, True),
        ({"live/all/values-two.yaml": "web: {enabled: true}\n"}, False),
        ({"live/all/Chart.yaml": "name: live\ndependencies:\n  - {name: web, version: 1.0.0}\n"}, False),
        ({"live/all/values.yaml": "web: {enabled: '{{ .x }}'}\n"}, False),
        ({"docs/use.md": "helm install all live/all\n"}, False),
        ({"up.sh": "helm upgrade --install web live/all/charts/web\n"}, False),
    ],
)
def test_a_part_that_each_release_leaves_off(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    part = {path.replace("charts/shop", "live/all/charts/web"): text for path, text in chart().items()}
    switch = "  - {name: web, version: 1.0.0, condition: web.enabled}\n"
    around = {
        "live/all/Chart.yaml": f"name: live\ndependencies:\n{switch}",
        "live/all/values.yaml": "web: {enabled: false}\n",
        "live/all/values-one.yaml": "web: {image: {tag: v1}}\n",
        "live/all/values-two.yaml": "web: {image: {tag: v2}}\n",
        "sets/templates/live.yaml": OF_STAGES.replace("charts/shop", "live/all"),
    }
    write(tmp_path, {**part, **around, **files})
    path = DEPLOYMENT.replace("charts/shop", "live/all/charts/web")
    assert is_off_everywhere(path, 12, deployments(tmp_path), Charts(tmp_path)) is expected


LISTED = "releases:\n" + "".join(
    f"  - {{name: {name}, chart: charts/{name}}}\n" for name in ("mail", "chat", "blog")
)


OTHERS = {**chart("mail"), **chart("chat"), **chart("blog")}


def test_a_chart_beside_those_that_are_deployed(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), **OTHERS, "helmfile.yaml": LISTED})
    assert is_undeployed(DEPLOYMENT, deployments(tmp_path))
    assert not is_undeployed("charts/mail/templates/all.yaml", deployments(tmp_path))


@pytest.mark.parametrize(
    "files",
    [
        {"helmfile.yaml": LISTED.replace("  - {name: blog, chart: charts/blog}\n", "")},
        {"helmfile.yaml": "", "examples/helmfile.yaml": LISTED.replace("charts/", "../charts/")},
        {"ct.yaml": "charts: [charts]\n"},
        {"README.md": "helm repo add ours https://example.com/charts\n"},
        {"deploy.sh": "helm upgrade --install shop charts/shop\n"},
        {"deploy.sh": "for name in $NAMES; do helm upgrade --install $name charts/$name; done\n"},
        {"live/requirements.yaml": "dependencies:\n  - {name: shop, repository: 'file://../charts/shop'}\n"},
        {"docs/use.md": "See charts/shop.\n"},
        {
            "apps.yaml": "kind: ApplicationSet\nspec: {generators: [{git: {directories: [{path: charts/*}]}}]}\n"
        },
    ],
)
def test_a_chart_to_which_something_may_lead(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {**chart(), **OTHERS, "helmfile.yaml": LISTED, **files})
    assert not is_undeployed(DEPLOYMENT, deployments(tmp_path))


INSTALLS = "helm repo add acme %s\nhelm upgrade --install shop acme/shop -f charts/shop-values.yaml\n"


def test_a_chart_that_is_installed_from_others(tmp_path: Path) -> None:
    top = write(tmp_path / "live", {**chart(), "deploy.sh": INSTALLS % "https://acme.github.io/charts"})
    write(top, {"charts/shop-values.yaml": "image: {repository: shop/server}\n"})
    assert is_installed_from_others(DEPLOYMENT, deployments(top))


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "# Acme's cluster\n"},  # they are the same people
        {"deploy.sh": INSTALLS % "https://charts.example.com"},  # whose it is cannot be told
        {"deploy.sh": (INSTALLS % "https://acme.github.io/charts").replace("acme/shop", "acme/mail")},
        {"test.sh": "helm install shop ./charts/shop\n"},
        {"deploy.sh": "", "docs/use.md": INSTALLS % "https://acme.github.io/charts"},
        {"Makefile": "release:\n\thelm package charts/shop\n"},
    ],
)
def test_a_chart_of_its_own_or_used_from_the_tree(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path / "live", {**chart(), "deploy.sh": INSTALLS % "https://acme.github.io/charts", **files})
    assert not is_installed_from_others(DEPLOYMENT, deployments(tmp_path / "live"))


def test_secrets_count_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {**chart(), **OTHERS, "helmfile.yaml": LISTED})
    info = RuleInfo("leak", "t", "secrets", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")
    found = [finding("leak"), finding(TAG)]
    marked = set_aside(found, Scope(tmp_path), lambda _: Config(), {"leak": info})
    assert [one.reason for one in marked] == ["", UNDEPLOYED]
    write(
        tmp_path,
        {"helmfile.yaml": "releases:\n  - {chart: charts/shop, set: [{name: image.tag, value: v2}]}\n"},
    )
    marked = set_aside([OF_TAG], Scope(tmp_path), lambda _: Config(), {})
    assert [one.reason for one in marked] == [OVERRIDDEN]
    assert [
        one.reason
        for one in set_aside(
            [OF_TAG], Scope(tmp_path, files=frozenset({str(tmp_path / DEPLOYMENT)})), lambda _: Config(), {}
        )
    ] == [""]


SET = (
    "kind: ApplicationSet\nspec:\n  generators:\n    - git:\n        files: [{path: 'charts/*/app.yaml'}]\n"
    "      selector: {matchExpressions: [{key: enabled, operator: In, values: ['true']}]}\n"
    "  template: {spec: {source: {path: '{{ .path.path }}'}}}\n"
)


@pytest.mark.parametrize("app", ["enabled: 'false'\n", "- enabled: false\n  name: a\n", "enabled: off\n"])
def test_a_chart_whose_own_file_keeps_it_from_the_set(tmp_path: Path, app: str) -> None:
    write(tmp_path, {**chart(), "sets/all.yaml": SET, "charts/shop/app.yaml": app})
    assert is_deselected(DEPLOYMENT, Namings(tmp_path))


@pytest.mark.parametrize(
    "files",
    [
        {"charts/shop/app.yaml": "enabled: 'true'\n"},
        {"charts/shop/app.yaml": "- enabled: 'false'\n- enabled: 'true'\n"},
        {"charts/shop/app.yaml": "name: shop\n"},
        {"sets/all.yaml": SET.replace("selector", "other")},
        {"sets/more.yaml": SET.replace("enabled", "staging")},
        {"sets/shop.yaml": "kind: Application\nspec: {source: {path: charts/shop}}\n"},
        {"charts/shop/app.yaml": "", "charts/shop/other.yaml": "enabled: 'false'\n"},
    ],
)
def test_a_chart_that_a_set_may_take(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {**chart(), "sets/all.yaml": SET, "charts/shop/app.yaml": "enabled: 'false'\n", **files})
    assert not is_deselected(DEPLOYMENT, Namings(tmp_path))
