"""Charts that were pulled into the tree, and charts that are given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope
from linter.aside.copies.packaged import is_packaged
from linter.aside.names.placenames import ARCHIVED, VENDORED

_PULLED = """annotations:
  artifacthub.io/changes: |
    - kind: changed

    # as its author wrote it
apiVersion: v2
appVersion: "2.9"
dependencies:
- alias: store
  condition: minio.enabled
  name: minio
  tags:
  - storage
  version: 4.0.15
description: Loki, which keeps logs in a simple mode that is good enough for most of
  those who have any.
home: https://grafana.github.io/helm-charts
maintainers:
- email: keeper@example.org
  name: keeper
- name: another
name: loki
sources:
- https://github.com/grafana/loki
version: 5.48.0
"""
_TEMPLATE = "deploy/loki/templates/role.yaml"


def _chart(root: Path, text: str = _PULLED, folder: str = "deploy/loki") -> Scope:
    chart = root / folder
    chart.mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text(text)
    return Scope(root)


def test_a_chart_that_was_pulled_is_other_peoples(tmp_path: Path) -> None:
    scope = _chart(tmp_path)
    assert scope.reason(_TEMPLATE) == VENDORED
    assert scope.reason("deploy/loki/values.yaml") == VENDORED
    assert scope.reason("deploy/loki.yaml") == ""  # the values that it is rendered with
    assert Scope(tmp_path / "deploy" / "loki").reason("templates/role.yaml") == ""


def test_a_chart_of_others_beside_one_that_is_published(tmp_path: Path) -> None:
    (tmp_path / "deploy" / "shop").mkdir(parents=True)
    (tmp_path / "deploy" / "shop" / "Chart.yaml").write_text("name: shop\n")
    (tmp_path / "Makefile").write_text("release:\n\thelm package deploy/shop\n")
    assert _chart(tmp_path).reason(_TEMPLATE) == VENDORED


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", "Get it from https://github.com/Grafana/shop.\n"),
        ("README.md", "# The charts of Grafana\n"),
        ("go.mod", "module github.com/grafana/shop\n"),
        (".github/CODEOWNERS", "* @grafana/team\n"),
        # it publishes charts: of others' programs, too
        ("Makefile", "release:\n\thelm package deploy/loki\n"),
        (".github/workflows/release.yaml", "steps: [{uses: helm/chart-releaser-action@v1}]\n"),
        ("ct.yaml", ""),
        (
            "deploy/shop/Chart.yaml",
            "name: shop\ndependencies:\n- {name: loki}\n- repository: file://../loki\n",
        ),
    ],
)
def test_a_chart_of_our_own_is_no_copy(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert _chart(tmp_path).reason(_TEMPLATE) == ""


def test_a_chart_that_tells_no_owner_is_no_copy(tmp_path: Path) -> None:
    anonymous = _PULLED.replace("https://github.com/grafana/loki", "https://loki.example.org")
    home = anonymous.replace("grafana.github.io", "loki.example.org")
    assert _chart(tmp_path, home).reason(_TEMPLATE) == ""
    assert _chart(tmp_path, anonymous).reason(_TEMPLATE) == VENDORED  # by its home


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: loki\n", "# of ours\nname: loki\n"),
        ("name: loki\n", "\nname: loki\n"),
        ("annotations:", "---\nannotations:"),
        ("version: 5.48.0", 'version: "5.48.0"'),
        ("name: loki\n", 'name: "loki"\n'),
        ("home: https://grafana.github.io/helm-charts\n", "icon: none\nhome: https://grafana.com\n"),
        ("- email: keeper@example.org\n  name: keeper", "- name: keeper\n  email: keeper@example.org"),
        ("sources:\n- https", "sources:\n  - https"),
        ("sources:\n- https://github.com/grafana/loki", "sources: [https://github.com/grafana/loki]"),
    ],
)
def test_what_people_write_helm_does_not(old: str, new: str) -> None:
    assert is_packaged(_PULLED.splitlines())
    assert old in _PULLED
    assert not is_packaged(_PULLED.replace(old, new).splitlines())


def test_a_chart_of_few_keys_may_be_anybodys() -> None:
    assert not is_packaged(
        ["apiVersion: v2", "name: loki", "sources:", "- https://a.example", "version: 1.0.0"]
    )


def test_a_chart_that_is_given_up_is_in_an_archive(tmp_path: Path) -> None:
    assert _chart(tmp_path, "name: loki\n").reason(_TEMPLATE) == ""
    assert _chart(tmp_path, "name: loki\ndeprecated: false\n").reason(_TEMPLATE) == ""
    old = _chart(tmp_path, "name: loki\n# why\ndeprecated: true\n", "charts/old")
    assert old.reason("charts/old/values.yaml") == ARCHIVED
    # a part of a chart that goes on with it
    part = _chart(tmp_path, "name: db\ndeprecated: true\n", "shop/charts/db")
    assert part.reason("shop/charts/db/values.yaml") == ARCHIVED
    (tmp_path / "shop" / "Chart.yaml").write_text("name: shop\n")
    assert part.reason("shop/charts/db/values.yaml") == ""


@pytest.mark.parametrize(
    ("description", "readme", "reason"),
    [
        ("A store", "# Loki\n\n> **DEPRECATED**: This chart is no longer maintained. Use mimir.\n", ARCHIVED),
        ("A store", "# Loki\n\nThis Helm chart has been deprecated in favour of mimir.\n", ARCHIVED),
        ("DEPRECATED - a store", "# Loki\n", ARCHIVED),
        ("A store", "# Loki\n\nThe store in this chart is deprecated.\n", ""),  # others may build on it
        ("A store", "# Loki\n\nThe old chart is deprecated; this one took its place.\n", ""),
        ("A store", f"# Loki\n{'x' * 1000}\nThis chart is deprecated.\n", ""),
        ("What is DEPRECATED in a store", "# Loki\n\nThis chart is maintained.\n", ""),
    ],
)
def test_a_chart_of_which_people_read_that_it_is_given_up(
    tmp_path: Path, description: str, readme: str, reason: str
) -> None:
    scope = _chart(tmp_path, f"name: loki\ndescription: {description}\n", "charts/loki")
    (tmp_path / "charts/loki/README.md").write_text(readme)
    path = "charts/loki/values.yaml"
    assert (scope.reason(path) or scope.reason_but_secrets(path)) == reason


@pytest.mark.parametrize(
    ("name", "version", "folder", "text", "reason"),
    [
        ("redis", "1.0.0", "redis", "kind: Role\n", ARCHIVED),
        ("redis", "1.0.0", "redis", "kind: Secret\n", ""),
        ("redis", "1.0.1", "redis", "kind: Role\n", ""),
        ("cache", "1.0.0", "redis", "kind: Role\n", ""),
        ("redis", "1.0.0", "charts/redis", "kind: Role\n", ""),  # which Helm renders
    ],
)
def test_a_chart_in_itself_is_a_copy(
    tmp_path: Path, name: str, version: str, folder: str, text: str, reason: str
) -> None:
    _chart(tmp_path, "name: redis\nversion: 1.0.0\n", "apps/redis")
    scope = _chart(tmp_path, f"name: {name}\nversion: {version}\n", f"apps/redis/{folder}")
    for place, said in ((f"apps/redis/{folder}", text), ("apps/redis", "kind: Role\n")):
        (tmp_path / place / "role.yaml").write_text(said)
    assert scope.reason(f"apps/redis/{folder}/role.yaml") == reason
    assert scope.reason("apps/redis/role.yaml") == ""
    assert scope.reason(f"apps/redis/{folder}/other.yaml") == ""  # which the other has not
