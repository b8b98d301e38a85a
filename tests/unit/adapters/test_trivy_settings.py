"""Trivy's own findings obey the configuration, and count as new only where they are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from linter.finding import Finding, Report, Severity, Status
from linter.outside import Wish
from linter.recipe import Recipe
from linter.scan import Request, scan
from tests.test_git import commit, git
from tests.unit.adapters import reading_trivy
from tests.unit.adapters.test_trivy import POD


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    reading_trivy.install(tmp_path, monkeypatch)
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "pod.yaml").write_text(POD)
    return folder


def scanned(root: Path, *kinds: str, settings: Mapping[str, Any] | None = None, **more: Any) -> Report:
    recipe = Recipe(paths=(str(root),), settings=settings or {})
    return scan(Request((root,), recipe, cwd=root, wish=Wish(kinds or ("config",)), **more))


def theirs(report: Report) -> Finding:
    (found,) = (f for f in report.findings if f.rule.startswith("trivy:"))
    return found


@pytest.mark.parametrize("selector", ["trivy:KSV-9999", "trivy:AVD-KSV-9999", "trivy:ksv9999", "trivy:KSV-*"])
def test_ignored_by_name(root: Path, selector: str) -> None:
    found = theirs(scanned(root, settings={"ignore": [selector]}))
    assert (found.status, found.reason) == (Status.SUPPRESSED, "the configuration ignores trivy:KSV-9999")


def test_another_name_ignores_nothing(root: Path) -> None:
    assert theirs(scanned(root, settings={"ignore": ["trivy:KSV-9998"]})).status is Status.ACTIVE


@pytest.mark.parametrize("severity", ["info", "critical"])
def test_severity_is_what_the_configuration_says(root: Path, severity: str) -> None:
    (root / "tarecheck.yaml").write_text(f"rules:\n  trivy:AVD-KSV-9999: {severity}\n")
    assert theirs(scanned(root)).severity is Severity[severity.upper()]


def test_switched_off_and_ignored_by_path(root: Path) -> None:
    (root / "tarecheck.yaml").write_text("rules:\n  trivy:KSV-9999: false\n")
    assert theirs(scanned(root)).status is Status.SUPPRESSED
    (root / "tarecheck.yaml").write_text("rules:\n  trivy:KSV-9999: {ignore: ['pod.yaml']}\n")
    found = theirs(scanned(root))
    assert found.status is Status.SUPPRESSED
    assert found.reason.startswith("ignored by ")


def test_suppressed_by_an_entry_with_a_reason(root: Path) -> None:
    entry = "suppressions:\n  ignore:\n    - {rules: ['trivy:KSV9999'], reason: accepted}\n"
    (root / "tarecheck.yaml").write_text(entry)
    found = theirs(scanned(root))
    assert found.status is Status.SUPPRESSED
    assert found.reason.startswith("accepted")


@pytest.mark.parametrize("word", ["trivy:KSV-9999", "KSV9999", "AVD-KSV-9999"])
def test_suppressed_by_a_comment_in_any_spelling(root: Path, word: str) -> None:
    words = POD.replace("privileged: true", f"privileged: true  # tarecheck: ignore[{word}] known")
    (root / "pod.yaml").write_text(words)
    report = scanned(root)
    assert (theirs(report).status, theirs(report).reason) == (Status.SUPPRESSED, "known")
    assert not [f for f in report.active if f.rule == "unused-suppression"]


def test_a_comment_for_trivy_is_not_called_unused_where_trivy_is_not_asked(root: Path) -> None:
    words = POD.replace("privileged: true", "privileged: true  # tarecheck: ignore[trivy:KSV-9999] known")
    (root / "pod.yaml").write_text(words)
    report = scan(Request((root,), Recipe(paths=(str(root),)), cwd=root))
    assert not [f for f in report.findings if f.rule == "unused-suppression"]


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(root: Path) -> Path:
    git(root, "init", "-q")
    (root / "notes.txt").write_text("nothing\nhush\n")
    commit(root)
    git(root, "checkout", "-q", "-b", "work")
    return root


@needs_git
@pytest.mark.parametrize("kinds", [("config",), ("secret",), ("image",), ("config", "secret", "image")])
def test_nothing_is_new_where_nothing_changed(repository: Path, kinds: tuple[str, ...]) -> None:
    report = scanned(repository, *kinds, new_since="main")
    found = [f for f in report.findings if f.origin == "trivy"]
    assert found
    assert {f.status for f in found} == {Status.BASELINED}


@needs_git
def test_what_the_branch_added_is_new(repository: Path) -> None:
    (repository / "pod.yaml").write_text("# moved down\n" + POD)
    (repository / "other.yaml").write_text(POD.replace("name: trainer", "name: second"))
    report = scanned(repository, new_since="main")
    assert [(f.location.path, f.status) for f in report.findings if f.rule == "trivy:KSV-9999"] == [
        ("other.yaml", Status.ACTIVE),
        ("pod.yaml", Status.BASELINED),
    ]


@needs_git
def test_an_image_is_asked_about_once(repository: Path, tmp_path: Path) -> None:
    (repository / "pod.yaml").write_text(POD.replace("trainer:1.2", "trainer:1.3"))
    report = scanned(repository, "image", new_since="main")
    assert theirs(report).status is Status.ACTIVE
    asked = (tmp_path / "asked.log").read_text().splitlines()
    assert [words for words in asked if words.startswith("image")] == [
        "image registry.example.org/trainer:1.3"
    ]


@needs_git
def test_suppressions_that_the_reference_has_count_for_trivy(repository: Path) -> None:
    words = POD.replace("privileged: true", "privileged: true  # tarecheck: ignore[trivy:KSV-9999] known")
    (repository / "pod.yaml").write_text(words)
    recipe = Recipe(paths=(str(repository),), policy_from="main")
    request = Request((repository,), recipe, cwd=repository, wish=Wish(("config",)))
    assert theirs(scan(request)).status is Status.ACTIVE
    commit(repository)
    git(repository, "branch", "-f", "main")
    assert theirs(scan(request)).status is Status.SUPPRESSED
