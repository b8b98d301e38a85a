"""Rules from an installed wheel, and from folders of the configuration: found, named, never imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from linter.errors import UsageError
from linter.ruleset.packages import package_directory
from tests.test_cli import POD, Run, run

__all__ = ["run"]

PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "acme-rules"
version = "1.2"
[project.entry-points."tarecheck.rules"]
acme = "acme_rules.policy"
code = "acme_rules.policy:run"
nothing = "acme_rules.nowhere"
[tool.hatch.build.targets.wheel]
packages = ["acme_rules"]
"""
RULE = """id: acme-registry
title: Image is not from our registry
category: supply-chain
severity: high
confidence: high
for: container
when: container.imageRef.registry != "registry.acme.example"
at: container.image
message: "Container '{container.name}' has an image from elsewhere."
why: Only our registry is scanned.
fix: Mirror the image.
examples:
  - bad: |
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {containers: [{name: a, image: ghcr.io/a/b}]}
    finds: ghcr.io/a/b
  - good: |
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {containers: [{name: a, image: registry.acme.example/b}]}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a wheel with rules, built for real, was installed. Importing its code would fail."""
    source = tmp_path_factory.mktemp("source")
    (source / "pyproject.toml").write_text(PROJECT)
    rules = source / "acme_rules" / "policy" / "kubernetes"
    rules.mkdir(parents=True)
    (source / "acme_rules" / "__init__.py").write_text("raise SystemExit('code of a package of rules ran')\n")
    (rules / "acme-registry.yaml").write_text(RULE)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    target = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target)]
    (wheel,) = (source / "dist").glob("*.whl")
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.mark.slow
def test_rules_of_a_wheel_run_when_they_are_asked_for(run: Run, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    assert "acme-registry" not in run("scan", ".", "-f", "gnu").out
    (tmp_path / "tarecheck.yaml").write_text("rule-packages: [acme]\nselect: [acme-registry]\n")
    result = run("scan", ".", "-f", "json")
    assert [f["rule"] for f in json.loads(result.out)["findings"]] == ["acme-registry"]
    assert result.code == 1
    assert "acme_rules" not in sys.modules
    listed = run("rules", "list").out
    line = next(line for line in listed.splitlines() if line.startswith("acme-registry"))
    assert str(installed / "acme_rules" / "policy") in line
    assert run("explain", "acme-registry").code == 0
    assert run("rules", "show", "acme-registry").out == RULE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acm", "did you mean 'acme'?"),
        ("nothing", "names no folder of an installed package: acme_rules.nowhere"),
        ("code", "names no folder of an installed package: acme_rules.policy:run"),
    ],
)
def test_a_package_that_has_no_rules(installed: Path, name: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        package_directory(name)
    assert words in f"{error.value} {error.value.hint}"


def test_nothing_of_the_name_is_installed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tarecheck.yaml").write_text("rule-packages: [nobody-has-this]\n")
    result = run("scan", ".")
    assert result.code == 2
    assert "no package of rules 'nobody-has-this' is installed" in result.err


def test_rules_of_a_folder_are_listed_with_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tarecheck.yaml").write_text("rule-dirs: [policy]\n")
    assert run("rules", "new", "own-rule").code == 0
    rows = json.loads(run("rules", "list", "-f", "json").out)
    assert {row["from"] for row in rows} == {"tarecheck", "policy"}
    assert [row["id"] for row in rows if row["from"] == "policy"] == ["own-rule"]
