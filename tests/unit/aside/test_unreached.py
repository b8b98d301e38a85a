"""What nothing deploys, as what Flux and Argo CD lead to shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from linter.aside.leads.leftout import LEFT_OUT
from linter.aside.leads.namings import Namings
from linter.aside.leads.reached import reached
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
LIST = "kind: Kustomization\nresources:\n"
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  path: ./{}\n"
SYNC = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n---\n" + FLUX.format("clusters/home")
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    path: {}\n"
APPS = ("blog", "chat", "mail", "phone")
SEARCHED = "apps/base/phone/app.yaml"


def _tree(*, lists: Mapping[str, str]) -> dict[str, str]:
    """A cluster that takes the overlays of three applications; that of the fourth is there, too."""
    files = {"clusters/home/flux-system/gotk-sync.yaml": SYNC, **lists}
    for name in APPS:
        files[f"apps/base/{name}/app.yaml"] = DEPLOYMENT
        files[f"apps/base/{name}/kustomization.yaml"] = f"{LIST}- app.yaml\n"
        files[f"apps/home/{name}/kustomization.yaml"] = f"{LIST}- ../../base/{name}\n"
    return files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    listed = "---\n".join(FLUX.format(f"apps/home/{name}") for name in APPS[:3])
    off = "# " + FLUX.format("apps/home/phone").replace("\n", "\n# ")
    return write(tmp_path, _tree(lists={"clusters/home/apps.yaml": f"{listed}\n{off}\n"}))


def test_a_base_that_only_an_overlay_names_which_nothing_names(tree: Path) -> None:
    assert reason(tree, SEARCHED) == LEFT_OUT
    assert reason(tree, "apps/base/chat/app.yaml") == ""


def test_an_object_that_its_kustomization_leaves_out_leads_nowhere(tmp_path: Path) -> None:
    lists = {f"clusters/home/apps/{name}.yaml": FLUX.format(f"apps/home/{name}") for name in APPS}
    listed = "".join(f"- {name}.yaml\n" for name in APPS[:3])
    lists["clusters/home/apps/kustomization.yaml"] = f"{LIST}{listed}# - phone.yaml\n"
    write(tmp_path, _tree(lists=lists))
    assert reason(tmp_path, SEARCHED) == LEFT_OUT
    (tmp_path / "clusters/home/apps/kustomization.yaml").unlink()  # Flux takes all that is there
    assert reason(tmp_path, SEARCHED) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("clusters/home/more.yaml", FLUX.format("apps/home/phone")),
        ("clusters/home/more.yaml", FLUX.format("apps/home/${APP}")),
        ("clusters/home/more.yaml", FLUX.format("${APPS}")),
        ("clusters/home/more.yaml", FLUX.format("apps")),
        ("clusters/lab/apps.yaml", FLUX.format("apps/home/phone")),  # which somebody applied
        ("lab/set.yaml", APPLICATION.replace("Application", "ApplicationSet").format("'apps/home/{{name}}'")),
        ("lab/set.yaml", APPLICATION.replace("Application", "ApplicationSet").format("apps/base/*")),
        ("lab/kustomization.yaml", f"{LIST}- ../apps/base/phone\n"),
        (
            "clusters/home/kustomization.yaml",
            f"{LIST}- apps.yaml\n- https://git.test/x//apps/home/phone?ref=a\n",
        ),
        ("deploy.sh", "kubectl apply -k apps/home/phone\n"),
        ("apps/home/phone/README.md", "Install it by hand: `kubectl apply -k .`\n"),
        ("docs/phone.md", "Do `kubectl apply -k apps/base/phone`.\n"),
        (".github/workflows/up.yaml", "steps:\n- run: kubectl apply -k apps/home/${APP}\n"),
        ("main.tf", 'path = "apps/home/phone"\n'),
        # programs in the cluster that are called as tools are which have lists
        ("clusters/home/renovate.yaml", FLUX.format("apps/home/phone")),
        ("clusters/home/node-labeler.yml", FLUX.format("apps/home/phone")),
    ],
)
def test_what_leads_to_it(tree: Path, name: str, text: str) -> None:
    write(tree, {name: text})
    assert reason(tree, SEARCHED) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".github/workflows/tags.yaml", "steps:\n- run: sed -i s/1/2/ apps/${APP}/base/kustomization.yaml\n"),
        (
            ".github/workflows/security.yaml",
            'steps:\n- run: pip install checks\n- run: yamllint apps/\n- run: kubesec scan "apps/*/*.yaml"\n',
        ),
        (".github/workflows/diff.yaml", "name: Flux Diff\njobs:\n  diff:\n    with: {files: apps/**}\n"),
        (".github/labeler.yaml", "home: [apps/home/phone/**]\n"),
        ("renovate.json5", '{ ignorePaths: ["apps/home/phone"] }\n'),
        ("apps/home/phone/app-patch.yaml", DEPLOYMENT),
        ("apps/away/all/kustomization.yaml", f"{LIST}- ../../base/phone\n"),
        (
            "clusters/home/tags.yaml",
            "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nspec:\n  update:\n    path: ./apps\n",
        ),
        (
            "clusters/home/web.yaml",
            f"{FLUX.format('')}  sourceRef:\n    kind: OCIRepository\n    name: web\n",
        ),
    ],
)
def test_what_does_not_lead_to_it(tree: Path, name: str, text: str) -> None:
    write(tree, {name: text})
    assert reason(tree, SEARCHED) == LEFT_OUT


def test_below_what_flux_takes_nothing_else_is_deployed(tmp_path: Path) -> None:
    files = {
        "clusters/home/flux-system/gotk-sync.yaml": SYNC,
        "clusters/home/apps.yaml": FLUX.format("apps/home"),
        "apps/home/kustomization.yaml": f"{LIST}- blog\n- chat\n- mail\n",
        "apps/base/phone/app.yaml": DEPLOYMENT,
        **{f"apps/home/{name}/app.yaml": DEPLOYMENT for name in APPS[:3]},
    }
    write(tmp_path, files)
    assert reason(tmp_path, SEARCHED) == LEFT_OUT
    write(tmp_path, {"clusters/lab/apps.yaml": FLUX.format("apps/lab")})  # of a cluster of which we know less
    assert reason(tmp_path, SEARCHED) == ""


def test_without_objects_of_theirs_it_cannot_be_told(tmp_path: Path) -> None:
    write(tmp_path, {"apps/kustomization.yaml": f"{LIST}- blog\n", "apps/blog/app.yaml": DEPLOYMENT})
    assert reached(Namings(tmp_path)) is None


def test_all_of_a_chart_and_what_generators_read_is_reached(tmp_path: Path) -> None:
    files = {
        "argo/apps.yaml": APPLICATION.format("charts/apps"),
        "charts/apps/Chart.yaml": "name: apps\n",
        "charts/apps/values.yaml": "apps:\n- path: parts/dns\n",
        "charts/apps/templates/apps.yaml": APPLICATION.format("{{ .Values.path }}"),
        "parts/dns/app.yaml": DEPLOYMENT,
        "parts/mail/app.yaml": DEPLOYMENT,
        "kustomization.yaml": LIST,
    }
    found = reached(Namings(write(tmp_path, files)))
    assert found is not None
    assert "parts/dns/app.yaml" in found.files
    assert "parts/mail/app.yaml" not in found.files
