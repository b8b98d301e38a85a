"""What lists and objects elsewhere pass over, or name in comments only."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.leads.leftout import LEFT_OUT
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"

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
