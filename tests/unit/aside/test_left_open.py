"""What charts leave to whoever installs them: resources, and the image that they run."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.deploys.generic import is_of_generic_chart
from linter.aside.deploys.leftopen import is_left_open
from tests.unit.aside.shop import DEPLOYMENT, OF_RESOURCES, OF_TAG, TAG, TEMPLATE, chart, deployments, finding
from tests.unit.aside.trees import write

CHOICE = (
    "# We usually recommend not to specify default resources and to leave this as a conscious\n"
    "# choice for the user.\n# limits:\n#   memory: 128Mi\n"
)


LEFT = "resources: {}\n"


MALL = {"charts/mall/Chart.yaml": "name: mall\ndependencies:\n- {name: shop, repository: 'file://../shop'}\n"}


MISSPELT = (
    "  # we leave them empty to make that a concious choice by the user\n  # resources:\n    # limits:\n"
)


SERVER = f"port: 1\nserver:\n  port: 8080\n{MISSPELT}  probe:\n    path: /\nother: 1\n"


@pytest.mark.parametrize(
    ("values", "files", "left"),
    [
        (f"{LEFT}{CHOICE}", {}, True),
        (f"{CHOICE}{LEFT}", {}, True),
        (f"{CHOICE}{LEFT}", {"README.md": "```\nhelm install shop ./charts/shop\n```\n"}, True),
        ("resources:\n  {}\n" + "".join(f"  {line}\n" for line in CHOICE.splitlines()), {}, True),
        ("resources:\n  cpu: 1\n" + "".join(f"  {line}\n" for line in CHOICE.splitlines()), {}, False),
        (LEFT, {}, False),
        (f"{CHOICE}other: {{}}\n{LEFT}", {}, False),  # of another value
        (f"{LEFT}# Set limits in production\n", {}, False),
        (f"{LEFT}{CHOICE}", {"Makefile": "deploy:\n\thelm upgrade --install shop ./charts/shop\n"}, False),
        (
            f"{LEFT}{CHOICE}",
            MALL,
            False,
        ),
        (f"{LEFT}{CHOICE}", {**MALL, "ct.yaml": "chart-dirs: [charts]\n"}, True),  # others get both
        (
            f"{LEFT}{CHOICE}",
            {**MALL, "ct.yaml": "chart-dirs: [charts]\n", "deploy.sh": "helm upgrade --install mall charts/mall\n"},
            False,
        ),
    ],
)  # fmt: skip
def test_resources_that_a_chart_leaves_to_its_users(
    tmp_path: Path, values: str, files: dict[str, str], left: bool
) -> None:
    project = deployments(write(tmp_path, {**chart(**{"values.yaml": values}), **files}))
    assert is_left_open(OF_RESOURCES, project) is left
    assert not is_left_open(OF_TAG, project)


@pytest.mark.parametrize(
    ("values", "left"),
    [
        (SERVER, True),
        (SERVER.replace("  probe:\n    path: /\n", ""), True),
        (SERVER.replace(MISSPELT, ""), False),
        (SERVER.replace(MISSPELT, "").replace("path: /\n", f"path: /\n{MISSPELT}").replace("  #", "    #"), False),
        (SERVER.replace(MISSPELT, "").replace("server:", f"sidecar:\n  a: 1\n{MISSPELT}server:"), False),
        (SERVER.replace("server:", "sidecar:"), False),
    ],
)  # fmt: skip
def test_resources_that_are_commented_out(tmp_path: Path, values: str, left: bool) -> None:
    template = TEMPLATE.replace(".Values.resources", ".Values.server.resources")
    files = chart(**{"values.yaml": values, "templates/all.yaml": template})
    assert is_left_open(OF_RESOURCES, deployments(write(tmp_path, files))) is left


ANY = (
    "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Release.Name }}\n"
    '          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"\n'
    "          {{- with .Values.probe }}\n          readinessProbe:\n            {{- toYaml . | nindent 12 }}\n"
    "          {{- end }}\n        - name: proxy\n          image: {{ .Values.proxy }}\n"
)


NO_IMAGE = "image: {name: '', tag: ''}\nproxy: example.com/proxy:1\n"


@pytest.mark.parametrize(
    ("files", "generic"),
    [
        ({}, True),
        ({"charts/shop/values.yaml": "proxy: example.com/proxy:1\n"}, True),
        ({"README.md": "Run `helm install shop ./charts/shop`.\n"}, True),
        ({"charts/shop/values.yaml": NO_IMAGE.replace("''", "shop", 1)}, False),
        ({DEPLOYMENT: ANY.replace("readinessProbe", "livenessProbe")}, False),
        ({DEPLOYMENT: ANY.replace("image.name", "image.name | default .Chart.Name")}, False),
        ({"Makefile": "deploy:\n\thelm upgrade --install shop ./charts/shop -f live.yaml\n"}, False),
    ],
)
def test_a_chart_that_runs_any_image(tmp_path: Path, files: dict[str, str], generic: bool) -> None:
    own = chart(**{"values.yaml": NO_IMAGE, "templates/all.yaml": ANY})
    project = deployments(write(tmp_path, {**own, **files}))
    assert is_of_generic_chart(finding("readiness-probe-missing", DEPLOYMENT, 6), project) is generic
    assert not is_of_generic_chart(finding("readiness-probe-missing", DEPLOYMENT, 12), project)  # the proxy
    assert not is_of_generic_chart(finding(TAG, DEPLOYMENT, 6), project)
