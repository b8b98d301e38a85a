"""Tags and versions that the steps of a project write when it releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.values.unreleased import UNRELEASED
from linter.config.model import Config
from linter.finding import (
    APP_VERSION,
    Location,
    Related,
    Status,
)
from tests.unit.aside.trees import finding, write

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
    ("steps", "line", "told"),
    [
        ('sed -i "s,tag:[^P]*# APP_TAG,tag: $V # APP_TAG," charts/app/values.yaml', "tag: latest  # APP_TAG", False),
        ('sed -i "s,tag:[^P]*# APP_TAG,tag: $V # APP_TAG," charts/app/values.yaml', "tag: latest", True),
        ('sed -i "s,tag:[^P]*# APP_TAG,tag: $V # APP_TAG," other/app/v.yaml', "tag: latest  # APP_TAG", True),
        ('find charts/ -name "*values.yaml" -exec sed -i "s#tag: latest#tag: $V#g" {} \\;', 'tag: "latest"', False),
        ('find charts/ -name "*values.yaml" -exec sed -i "s#tag: \\"latest\\"#tag: $V#g" {} \\;', 'tag: "edge"', True),
        ('sed -i "s/tag: v0/tag: $V/" charts/app/values.yaml', "tag: latest", True),
        ('sed -i "s/tag: [a-z]*/tag: $V/" charts/app/values.yaml', "tag: latest", False),
        ('find charts/web -name "*values.yaml" -exec sed -i "s#tag: latest#tag: $V#g" {} \\;', "tag: latest", True),
        ('find charts -name "Chart.yaml" -exec sed -i "s#tag: latest#tag: $V#g" {} \\;', "tag: latest", True),
    ],
)  # fmt: skip
def test_a_tag_that_a_release_writes_to_the_very_line(
    tmp_path: Path, steps: str, line: str, told: bool
) -> None:
    write(tmp_path, {"scripts/release.sh": f"{steps}\n", "charts/app/values.yaml": f"{line}\n"})
    latest = finding("charts/app/values.yaml", rule="image-tag-latest").evolve(message=LATEST)
    (found,) = set_aside([latest], Scope(tmp_path), lambda _: Config(), {})
    assert found.status is (Status.ACTIVE if told else Status.ASIDE)


UPDATER = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: farm
  annotations:
    argocd-image-updater.argoproj.io/image-list: FOLLOWED
spec: {source: {path: deploy}}
"""
NEWER = """apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: farm}
spec: {applicationRefs: [{namePattern: farm, images: [{alias: a, imageName: "FOLLOWED"}]}]}
"""
OF_SET = """kind: ApplicationSet
spec: {template: {metadata: {annotations: {argocd-image-updater.argoproj.io/image-list: FOLLOWED}}}}
"""


@pytest.mark.parametrize(
    ("text", "followed", "told"),
    [
        (UPDATER, "a=quay.io/acme/harvester:~1, redis", False),
        (UPDATER, "quay.io/acme/harvester", False),
        (OF_SET, "quay.io/acme/harvester:latest", False),
        (NEWER, "quay.io/acme/harvester:1.x", False),
        (UPDATER, "a=quay.io/acme/sower", True),
        (UPDATER, "a=index.docker.io/acme/harvester", True),
        (UPDATER, "a=ghcr.io/acme/harvester", True),
        (UPDATER, "'{{ .images }}'", True),
        (UPDATER.replace("image-list", "x.update-strategy"), "quay.io/acme/harvester", True),
        (NEWER.replace("kind: ImageUpdater", "kind: Other"), "quay.io/acme/harvester", True),
    ],
)
def test_a_tag_that_argo_cd_image_updater_sets(tmp_path: Path, text: str, followed: str, told: bool) -> None:
    files = {"apps/farm.yaml": text.replace("FOLLOWED", followed), "deploy/app.yaml": "kind: Deployment\n"}
    write(tmp_path, files)
    latest = finding("deploy/app.yaml", rule="image-tag-latest").evolve(message=LATEST)
    (found,) = set_aside([latest], Scope(tmp_path), lambda _: Config(), {})
    assert found.status is (Status.ACTIVE if told else Status.ASIDE)


def test_a_name_of_docker_hub_may_be_written_out(tmp_path: Path) -> None:
    followed = NEWER.replace("FOLLOWED", "index.docker.io/acme/harvester:latest")
    write(tmp_path, {"apps/farm.yaml": followed, "deploy/app.yaml": "kind: Deployment\n"})
    latest = finding("deploy/app.yaml", rule="image-tag-latest").evolve(
        message=LATEST.replace("quay.io/acme/harvester", "acme/harvester")
    )
    (found,) = set_aside([latest], Scope(tmp_path), lambda _: Config(), {})
    assert found.status is Status.ASIDE


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
    ("makefile", "reason"),
    [
        ("helm package charts/harvester --app-version $(V)\n", UNRELEASED),
        ("helm package $(ALL) --app-version $(V)\n", UNRELEASED),
        ("helm package ${OURS} \\\n\t  --app-version $(V)\n", UNRELEASED),
        ("helm package $(OTHERS) --app-version $(V)\n", ""),
        ("helm package $(NOBODYS) --app-version $(V)\n", ""),
        ("helm package $(ALL)\n", ""),
    ],
)
def test_a_version_that_steps_package_charts_with(tmp_path: Path, makefile: str, reason: str) -> None:
    named = "OURS := ./charts/harvester ./charts/crds\nALL = $(OURS)\nOTHERS := ./charts/sower\n\n\n\n"
    files = {
        "Makefile": f"{named}package:\n\t{makefile}",
        "charts/harvester/Chart.yaml": "name: h\nappVersion: latest\n",
    }
    write(tmp_path, files)
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
