"""What teaches how something is done: by the names of folders, and by rows of folders that are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.apart import set_aside
from linter.aside.names.examples import EXAMPLES, is_example
from linter.aside.names.point import is_the_point
from linter.aside.names.saidexamples import is_said_example
from linter.aside.scope import Scope
from linter.config import Config
from linter.finding import Confidence, Finding, Location, Severity
from linter.ruleset.secret_text import INFO


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("_course_files", True),
        ("csisamples", True),
        ("design", True),
        ("Chapter 5 Pods", True),
        ("chapter07", True),
        ("k8s-bootcamp", True),
        ("2024/homework_solution", True),
        ("homeworker", False),
        ("labs", True),
        ("benchmarks", True),
        ("deploy/benchmarks", False),
        ("services/labs", False),  # of a team
        ("cookbooks", False),  # of Chef
        ("Deployment101", True),
        ("AWS-0101", False),
        ("movie-demo", True),
        ("demo-app", True),
        ("exmaple/overlays", True),  # as people spell it
        ("namespaces/movie-demo", False),
        ("getting_started", True),
        ("lab", False),  # as well the name of a cluster
        ("home-labs", False),
        ("courses", False),  # as well what a program is about
        ("step-1", False),  # alone it is none of a row
    ],
)
def test_the_name_of_a_folder_says_that_it_teaches(name: str, shows: bool) -> None:
    assert is_example("/repo", f"{name}/pod.yaml") is shows


@pytest.mark.parametrize(
    ("path", "rule", "point"),
    [
        ("docs/x-examples/15-hostNetwork-01-simple.yaml", "host-network", True),
        ("examples/configuration-snippets/ingress.yaml", "ingress-nginx-snippet", True),
        ("examples/host-path/all.yaml", "writable-host-path", True),
        ("examples/host-path/all.yaml", "host-network", False),
        ("docs/chi-examples/24-log-volume-local.yaml", "writable-host-path", True),
        ("docs/chi-examples/03-pod-per-host-local-storage.yaml", "writable-host-path", True),
        ("docs/02_attack_files/privileged.yaml", "host-network", True),
        ("docs/heartattack/pod.yaml", "host-network", False),
        ("examples/privileged/all.yaml", "privileged-container", False),
        ("hostpath-controller/x/all.yaml", "writable-host-path", False),
    ],
)
def test_what_an_example_is_named_for_is_its_point(path: str, rule: str, point: bool) -> None:
    assert is_the_point(path, rule) is point


@pytest.mark.parametrize(
    ("names", "shows"),
    [
        (("day-01", "day-02", "day-03"), True),
        (("Lab1 Pods", "Lab2 Services", "Lab4"), True),
        (("01-module-pods", "01-module2", "01-module-3"), False),  # the number stands elsewhere
        (("ch2", "ch3", "ch10"), True),
        (("day-0", "day-1", "day-2"), False),  # times in the life of a cluster
        (("step-1", "step-2"), False),
        (("node-1", "node-2", "node-3"), False),
    ],
)
def test_folders_that_are_counted_are_a_row(tmp_path: Path, names: tuple[str, ...], shows: bool) -> None:
    for name in names:
        (tmp_path / "x" / name).mkdir(parents=True)
    assert is_example(str(tmp_path), f"x/{names[0]}/pod.yaml") is shows


def test_a_demo_beside_production_is_a_stage_and_one_that_is_a_chart_a_product(tmp_path: Path) -> None:
    (tmp_path / "shop-demo").mkdir()
    (tmp_path / "charts" / "shop-demo").mkdir(parents=True)
    assert is_example(str(tmp_path), "shop-demo/pod.yaml")
    assert is_example(str(tmp_path), "charts/shop-demo/templates/pod.yaml")
    (tmp_path / "shop-prod").mkdir()
    (tmp_path / "charts" / "shop-demo" / "Chart.yaml").touch()
    assert not is_example(str(tmp_path), "shop-demo/pod.yaml")
    assert not is_example(str(tmp_path), "charts/shop-demo/templates/pod.yaml")


def test_sections_repeat_the_number_of_their_chapter() -> None:
    assert is_example("/repo", "05-Storage/05-03-Disks/manifests/pod.yaml")
    assert not is_example("/repo", "05-storage/03-disks/pod.yaml")
    assert not is_example("/repo", "05-storage/06-03-disks/pod.yaml")


def test_what_lies_beside_the_text_of_its_steps_is_an_example(tmp_path: Path) -> None:
    (tmp_path / "kafka" / "assets").mkdir(parents=True)
    assert not is_example(str(tmp_path), "kafka/assets/pod.yaml")
    for number in (1, 2, 3):
        (tmp_path / "kafka" / f"step{number}.md").touch()
    assert is_example(str(tmp_path), "kafka/assets/pod.yaml")


def test_the_content_of_a_site_is_an_example(tmp_path: Path) -> None:
    (tmp_path / "archetypes").mkdir()
    assert not is_example(str(tmp_path), "content/beginner/pod.yaml")
    (tmp_path / "layouts").mkdir()
    assert is_example(str(tmp_path), "content/beginner/pod.yaml")
    assert not is_example(str(tmp_path), "deploy/content/pod.yaml")


@pytest.mark.parametrize(
    ("description", "shows"),
    [
        ("A simple demo web app for use in networking examples.", True),
        ("A Helm chart for the shop demo app", True),
        ("'This is a minimal example application.'", True),
        ("metaphor example application", True),
        ("A Helm chart for Kubernetes", False),
        ("A chart for a demo environment", False),
        ("Serves the applications of the sample store, with examples", False),
    ],
)
def test_a_chart_says_that_it_is_an_example(tmp_path: Path, description: str, shows: bool) -> None:
    for folder in ("charts/web", "environments/production/web"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "Chart.yaml").write_text(f"name: web\ndescription: {description}\n")
    assert is_said_example(str(tmp_path), "charts/web/templates/deploy.yaml") is shows
    assert not is_said_example(str(tmp_path), "environments/production/web/templates/deploy.yaml")
    assert not is_said_example(str(tmp_path / "charts" / "web"), "templates/deploy.yaml")


@pytest.mark.parametrize(
    ("title", "shows"),
    [
        ("# Nginx Example Package", True),
        ("= Mutual TLS Configuration Examples", True),
        ("# Example: a server with its own database", True),
        ("# Demo App - the template of all applications", False),
        ("# Nginx\n\nHas examples.\n\n## Example", False),
        ("# The demo cluster", False),
    ],
)
def test_a_folder_has_a_readme_that_is_called_an_example(tmp_path: Path, title: str, shows: bool) -> None:
    for folder in ("packages/nginx/deploy", "overlays/nginx"):
        (tmp_path / folder).mkdir(parents=True)
    for place in (".", "packages/nginx", "overlays/nginx"):
        (tmp_path / place / "README.md").write_text(f"{title}\n\nIt has two replicas.\n")
    top = str(tmp_path)
    assert is_said_example(top, "packages/nginx/deployment.yaml.gotmpl") is shows
    assert not is_said_example(top, "packages/nginx/deploy/deployment.yaml")  # it speaks of its folder
    assert not is_said_example(top, "packages/nginx/Dockerfile")
    assert not is_said_example(top, "overlays/nginx/deployment.yaml")
    assert not is_said_example(top, "deployment.yaml")


def test_names_that_stand_for_others_among_examples(tmp_path: Path) -> None:
    folder = tmp_path / "kubernetes"
    folder.mkdir()
    for name in ("example-app", "example-cluster"):
        (folder / f"{name}.yaml").write_text("metadata:\n  namespace: my-namespace\n")
    (folder / "single.yaml").write_text("metadata:\n  namespace: my-namespace\n")
    (folder / "shop.yaml").write_text("metadata:\n  namespace: shop\n")
    assert not is_said_example(str(tmp_path), "kubernetes/single.yaml")
    for name in ("example-ingress", "example-config"):
        (folder / f"{name}.yaml").touch()
    assert is_said_example(str(tmp_path), "kubernetes/single.yaml")
    assert not is_said_example(str(tmp_path), "kubernetes/shop.yaml")


@pytest.mark.parametrize(
    ("title", "shows"),
    [
        ("# Acme Demo Frontend Helm Chart", True),
        ("# Example chart", True),
        ("# Acme Frontend Helm Chart", False),
        ("# Demo environments of Acme", False),
        ("# Acme Chart\n\n# Demo Frontend Helm Chart", False),
    ],
)
def test_a_chart_has_a_readme_that_is_called_an_example(tmp_path: Path, title: str, shows: bool) -> None:
    for folder in ("charts/web", "environments/production/web"):
        (tmp_path / folder / "templates").mkdir(parents=True)
        (tmp_path / folder / "Chart.yaml").write_text("name: web\ndescription: A chart for Acme\n")
        (tmp_path / folder / "README.md").write_text(f"{title}\n\n## Install\n")
    (tmp_path / "charts" / "README.md").write_text("# Example charts\n")
    (tmp_path / "charts" / "other").mkdir()
    (tmp_path / "charts" / "other" / "Chart.yaml").write_text("name: other\n")
    top = str(tmp_path)
    assert is_said_example(top, "charts/web/templates/deploy.yaml") is shows
    assert not is_said_example(top, "charts/other/templates/deploy.yaml")
    assert not is_said_example(top, "environments/production/web/templates/deploy.yaml")


@pytest.mark.parametrize(
    ("path", "kind", "why"),
    [
        ("config/samples/certificate.yaml", "private-key", EXAMPLES),
        ("docs/examples/login.yaml", "named-secret", EXAMPLES),
        ("docs/examples/login.yaml", "github-token", ""),  # somebody issued it
        ("deploy/login.yaml", "named-secret", ""),
    ],
)
def test_secrets_that_are_made_up_for_examples(tmp_path: Path, path: str, kind: str, why: str) -> None:
    message = INFO.message.format(kind=kind)
    found = Finding(INFO.id, Severity.HIGH, Confidence.MEDIUM, message, Location(path, 3, 1, 3, 9))
    (told,) = set_aside([found], Scope(tmp_path), lambda _: Config(), {INFO.id: INFO})
    assert told.reason == why
