"""What is there for tests alone, by what lies around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope
from linter.aside.names.placenames import TESTS


@pytest.mark.parametrize(
    ("program", "folder", "reason"),
    [
        ("render_test.go", "golden", TESTS),
        ("test_render.py", "golden_files", TESTS),
        ("render.test.ts", "goldens", TESTS),
        ("render.go", "golden", ""),  # images and configurations are called golden, too
        ("render_test.go", "expected", ""),
        ("render_test.go", "golden-images", ""),
    ],
)
def test_golden_files_lie_beside_the_program_that_compares_them(
    tmp_path: Path, program: str, folder: str, reason: str
) -> None:
    place = tmp_path / "generator" / folder / "simple"
    place.mkdir(parents=True)
    (tmp_path / "generator" / program).write_text("")
    (place / "base.yaml").write_text("kind: Task\n")
    assert Scope(tmp_path).reason(f"generator/{folder}/simple/base.yaml") == reason


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("Agent proxy (for testing only, do not use)", TESTS),
        ("Only for internal tests", TESTS),
        ("A backend that is used in e2e tests only", TESTS),
        ("A shop, intentionally vulnerable by default for workshops", TESTS),
        ("Finds vulnerable images", ""),
        ("Tests connectivity between nodes", ""),
        ("A prober for testing", ""),
        ("Testing only needs this chart and a cluster", ""),
    ],
)
def test_a_chart_says_that_only_tests_use_it(tmp_path: Path, description: str, reason: str) -> None:
    chart = tmp_path / "charts" / "proxy"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(f'apiVersion: v2\nname: proxy\ndescription: "{description}"\n')
    (chart / "templates" / "pod.yaml").write_text("kind: Pod\n")
    assert Scope(tmp_path).reason("charts/proxy/templates/pod.yaml") == reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("keeper-256M-for-test-only.yaml", TESTS),
        ("tests-only.yml", TESTS),
        ("run-tests-only-on-gpus.yaml", ""),
        ("latest-only.yaml", ""),
    ],
)
def test_a_name_says_that_only_tests_use_it(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / name).write_text("kind: Pod\n")
    assert Scope(tmp_path).reason(f"deploy/{name}") == reason
