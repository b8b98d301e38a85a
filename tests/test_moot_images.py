"""What a project says of images that it builds itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Run, run
from tests.test_moot import counted, lay, manifest

__all__ = ["run"]


def rooted(run: Run, *arguments: str) -> set[tuple[str, str]]:
    """Files and containers that may run as root, of those that count."""
    document = json.loads(run("scan", ".", *arguments, "--isolated", "--exit-zero", "-f", "json").out)
    return {
        (f["path"], f["subject"].rpartition("/")[2])
        for f in document["findings"]
        if f["rule"] == "run-as-root"
    }


OWN = "FROM alpine:3.22\nUSER 65532:65532\n"


@pytest.mark.parametrize(
    ("dockerfile", "text", "image", "counts"),
    [
        ("api/Dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("cmd/api/docker/Dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("build/Dockerfile.api", OWN, "registry.example.org/team/api:1.0", False),
        ("images/api.dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("Dockerfile", OWN, "registry.example.org/team/product:1.0", False),  # by go.mod
        ("docker/Dockerfile", OWN, "team/shopfront:1.0", False),  # by package.json
        ("Dockerfile", OWN, "registry.example.org/team/py-shop:1.0", False),  # by pyproject.toml
        ("Dockerfile", "FROM alpine:3.22\n", "team/shopfront:1.0", True),
        ("front/Dockerfile", OWN, "team/shopfront:1.0", True),
        ("Dockerfile", OWN, "controller:latest", False),  # by PROJECT
        ("api/Dockerfile", "FROM gcr.io/distroless/static:nonroot\n", "registry.example.org/api:1.0", False),
        ("api/Dockerfile", "FROM alpine:3.22\n", "registry.example.org/team/api:1.0", True),
        (
            "api/Dockerfile",
            "FROM alpine:3.22\nUSER 1000\nUSER root\n",
            "registry.example.org/team/api:1.0",
            True,
        ),
        ("api/Dockerfile", "FROM alpine:3.22\nARG U\nUSER ${U}\n", "registry.example.org/team/api:1.0", True),
        ("api/Dockerfile", OWN, "registry.example.org/team/web:1.0", True),
        ("api/Dockerfile", OWN, "api:1.0", False),
        ("redis/Dockerfile", OWN, "redis:8.2", True),  # of Docker's library, by its name
        ("redis/Dockerfile", OWN, "registry.example.org/team/redis:8.2", False),
        ("images/api/Dockerfile.3.5.7", OWN, "api:3.5.7", False),
        ("api/Dockerfile.dev", OWN, "registry.example.org/team/api:1.0", True),
        ("Dockerfile", OWN, "registry.example.org/team/other:1.0", True),
    ],
)
def test_images_that_the_project_builds_for_a_user(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    dockerfile: str,
    text: str,
    image: str,
    counts: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest_text = manifest("web").replace("registry.example.org/web:1.0", image)
    beside = "        - name: proxy\n          image: registry.example.org/proxy:1\n"
    files = {
        dockerfile: text,
        "go.mod": "module github.com/team/product/v2\n\ngo 1.26\n",
        "PROJECT": "layout:\n- go.kubebuilder.io/v4\n",
        "package.json": '{\n  "name": "@team/shop-front",\n  "author": {"name": "other"}\n}\n',
        "pyproject.toml": "[project]\nname = 'py_shop'\n",
        "deploy/web.yaml": manifest_text + beside,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    proxy = ("deploy/web.yaml", "proxy")
    assert rooted(run) == {proxy, *([("deploy/web.yaml", "web")] if counts else ())}
    assert ("deploy/web.yaml", "web") in rooted(run, "--everywhere")


WORKFLOW = """env:
  REGISTRY: registry.example.org
jobs:
  web:
    runs-on: ubuntu-24.04
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with: {images: "${{ env.REGISTRY }}/team/front"}
      - uses: docker/build-push-action@v6
        with:
          context: ./web/app
          tags: ${{ steps.meta.outputs.tags }}
"""


@pytest.mark.parametrize(
    ("dockerfiles", "workflow", "counts"),
    [
        ({"web/app/Dockerfile": OWN}, WORKFLOW, False),
        ({"web/app/Dockerfile": OWN}, "", True),
        ({"web/app/Dockerfile": "FROM alpine:3.22\n", "front/Dockerfile": OWN}, WORKFLOW, True),
        ({"web/app/Dockerfile": OWN, "front/Dockerfile": "FROM alpine:3.22\n"}, WORKFLOW, False),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("team/front", "team/other"), True),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("env.REGISTRY", "inputs.registry"), True),
        ({"web/app/Dockerfile": OWN}, WORKFLOW + "          target: debug\n", True),
        ({"web/Dockerfile": OWN}, WORKFLOW + "          file: web/Dockerfile\n", False),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("./web/app", "${{ matrix.folder }}"), True),
        (
            {"web/app/Dockerfile": OWN},
            WORKFLOW.replace(
                "${{ steps.meta.outputs.tags }}",
                "registry.example.org/team/front:${{ github.sha }},registry.example.org/x",
            ),
            False,
        ),
        ({"web/app/Dockerfile": OWN}, "jobs: [docker/build-push-action@v6]\n", True),
        ({"web/app/Dockerfile": OWN}, "jobs: {a: {steps: docker/build-push-action@v6}}\n", True),
    ],
)
def test_images_of_which_a_workflow_says_what_they_are_built_from(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    dockerfiles: dict[str, str],
    workflow: str,
    counts: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    web = manifest("web").replace("example.org/web:1.0", "example.org/team/front:1.0")
    for name, content in {**dockerfiles, ".github/workflows/image.yaml": workflow, "web.yaml": web}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert rooted(run) == ({("web.yaml", "web")} if counts else set())


def test_of_two_dockerfiles_of_a_name_both_leave_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "api/Dockerfile": OWN,
        "images/api/Dockerfile": "FROM alpine:3.22\n",
        "web.yaml": manifest("web").replace("example.org/web", "example.org/api"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert rooted(run) == {("web.yaml", "web")}
    (tmp_path / "images/api/Dockerfile").write_text(OWN)
    assert rooted(run) == set()
    (tmp_path / "api/image.Dockerfile").write_text("FROM alpine:3.22\n")
    assert rooted(run) == {("web.yaml", "web")}


NO_USER = "FROM python:3.12-slim\nRUN apt-get -y upgrade\n"
NON_ROOT = "          securityContext: {runAsNonRoot: true}\n"
API = manifest("api")  # runs registry.example.org/api
SAFE = API + NON_ROOT
PATCH = API.replace("          image: registry.example.org/api:1.0\n", "")
COMPOSED = "services:\n  web: IT\n"


def composed(service: str) -> dict[str, str]:
    return {"compose.yaml": COMPOSED.replace("IT", service)}


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({}, False),
        ({"k8s/api.yaml": API + "          securityContext: {runAsUser: 1000}\n"}, False),
        (
            {"k8s/api.yaml": API.replace("    spec:", "    spec:\n      securityContext: {runAsUser: 1}")},
            False,
        ),
        ({"k8s/api.yaml": API}, True),
        ({"k8s/api.yaml": API + "          securityContext: {runAsUser: 0}\n"}, True),
        ({"k8s/api.yaml": SAFE.replace("true", "{{ .Values.nonRoot }}")}, True),
        ({"k8s/api.yaml": SAFE.replace("registry.example.org/", "")}, True),  # who knows whose
        ({"k8s/api.yaml": SAFE.replace("example.org/api", "example.org/web")}, True),
        ({"k8s/other.yaml": API.replace("name: api}", "name: other}")}, True),  # one that sets none
        ({"k8s/other.yaml": API.replace("registry.example.org/", "")}, True),
        (
            {"chart/templates/api.yaml": API.replace("registry.example.org/api:1.0", "{{ .Values.image }}")},
            True,
        ),
        (
            {
                "chart/templates/api.yaml": f"{API.partition('  template:')[0]}  template: {{{{ .Values.pod }}}}\n"
            },
            True,
        ),
        ({"overlay/api.yaml": PATCH}, False),
        ({"k8s/patch.yaml": PATCH}, False),
        ({"overlay/api.yaml": PATCH + "          securityContext: {runAsUser: 0}\n"}, True),
        ({"chart/templates/api.yaml": PATCH + '          {{- include "container" . | nindent 10 }}\n'}, True),
        ({"overlay/api.yaml": API.partition("spec:")[0]}, False),
        ({"k8s/api.yaml": API, "tests/api.yaml": SAFE}, True),
        ({"k8s/api.yaml": "", "tests/api.yaml": SAFE}, True),
        ({"k8s/api.yaml": "", "examples/api.yaml": SAFE}, True),
        ({"images/api/Dockerfile": OWN}, True),  # a name of two
        ({"api/Dockerfile": "FROM upstream/api:1.0\nCOPY a /a\n"}, True),  # they may run what it is made from
        (composed("{image: registry.example.org/api:1.0}"), True),
        (composed("{image: registry.example.org/api:1.0, user: root}"), True),
        (composed('{image: registry.example.org/api:1.0, user: "${USER_OF_IT}"}'), True),
        (composed('{image: registry.example.org/api:1.0, user: "1000:1000"}'), False),
        (composed("{image: registry.example.org/web:1.0}"), False),
        (composed("{build: ./api}"), True),
        (composed("{build: {context: ., dockerfile: api/Dockerfile}}"), True),
        (composed('{build: ./api, user: "1000"}'), False),
        (composed("{build: ./web}"), False),
    ],
)
def test_images_that_the_project_runs_as_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"api/Dockerfile": NO_USER, "k8s/api.yaml": SAFE} | files)
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    found = {f["path"] for f in document["findings"] if f["rule"] == "missing-user"}
    assert found == ({"api/Dockerfile"} if counts else set())


LATEST = "image-tag-latest"


@pytest.mark.parametrize(
    ("dockerfile", "image", "counts"),
    [
        ("web_app/Dockerfile", "web-app:latest", False),
        ("web_app/Dockerfile", "web-app", False),
        ("web_app/Dockerfile", "team/web-app:latest", True),
        ("other/Dockerfile", "web-app:latest", True),
        ("nginx/Dockerfile", "nginx:latest", True),  # which it is made from
    ],
)
def test_latest_of_what_only_the_project_builds(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dockerfile: str, image: str, counts: bool
) -> None:
    files = {
        dockerfile: "FROM nginx:1.29\nUSER 1000\n",
        "web.yaml": manifest("web").replace("registry.example.org/web:1.0", image),
    }
    lay(tmp_path, monkeypatch, files)
    assert bool(counted(run, LATEST)) is counts


@pytest.mark.parametrize(("user", "told"), [("USER 1001\n", False), ("", True)])
def test_a_base_of_images_that_leave_root(run: Run, tmp_path: Path, user: str, told: bool) -> None:
    base = "FROM registry.example.org/ubi:9.6\nUSER root\nRUN dnf install -y jre-17.0.1\n"
    for name, text in (
        ("base", base),
        ("broker", f"FROM acme/base:1.2.3\n{user}"),
        ("other", "FROM scratch\n"),
    ):
        (tmp_path / "images" / name).mkdir(parents=True)
        (tmp_path / "images" / name / "Dockerfile").write_text(text)
    found = json.loads(run("scan", ".", "--exit-zero", "-f", "json", "--no-cache").out)["findings"]
    assert [f["path"] for f in found if f["rule"] == "root-user"] == ["images/base/Dockerfile"] * told


@pytest.mark.parametrize(
    ("base", "image", "user", "counts"),
    [
        ("Dockerfile_base", "team/shop-base:1.0", "1000", False),
        ("Dockerfile_base", "team/shop-base:1.0", "root", False),  # which is told there
        ("Dockerfile_base", "team/shop-base:1.0", "", True),
        ("Dockerfile_base", "team/till-base:1.0", "1000", True),
        ("images/shop/Dockerfile", "team/shop:1.0", "1000", False),
        ("images/shop/Dockerfile", "team/shop:1.0", "root", True),  # which may be deployed itself
    ],
)
def test_of_a_base_the_images_that_are_made_from_it_say_as_whom_they_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, base: str, image: str, user: str, counts: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / base).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / base).write_text("FROM ubuntu:24.04\nUSER root\n")
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\n" + (f"USER {user}\n" if user else "RUN true\n"))
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    rooted = {one["path"] for one in document["findings"] if one["rule"] == "root-user"}
    assert rooted == {*([base] if counts else ()), *(["Dockerfile"] if user == "root" else ())}
