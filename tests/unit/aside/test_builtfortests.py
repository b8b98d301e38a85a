"""What scripts of a project build for its tests alone, and what lets it count all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.placenames import TESTS
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"


BUILDS = (
    "#!/bin/bash\nmake_it() {\n  echo '# NOT FOR PRODUCTION' > \"${2}\"\n"
    '  "${KUSTOMIZE}" build "${1}" >> "${2}"\n}\n'
    'for name in plain wide; do\n  make_it "config/variants/${name}" "test/e2e/manifests/${name}.yaml"\ndone\n'
)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("README.md", "There are variants, plain and wide.\n", TESTS),
        ("skaffold.yaml", "kustomize:\n  paths:\n  - config/variants/plain\n", TESTS),
        ("test/e2e/run_test.go", 'build("config/variants/plain")\n', TESTS),
        ("scripts/other.sh", "# kubectl apply -k config/variants/plain\n", ""),
        ("scripts/install.sh", "kubectl apply -k config/variants/plain\n", ""),
        ("scripts/release.sh", "kustomize build config/variants/plain > dist/plain.yaml\n", ""),
        ("scripts/build.sh", f"{BUILDS}kubectl apply -k config/variants/plain\n", ""),
        ("scripts/build.sh", BUILDS.replace("test/e2e/manifests", "deploy/single"), ""),
        ("scripts/build.sh", f"{BUILDS}kubectl apply -R -f config\n", ""),
        ("docs/install.md", "`kubectl apply -k config/variants/plain`\n", ""),
        ("config/default/kustomization.yaml", "resources:\n- ../variants/plain\n", ""),
        ("clusters/home.yaml", "kind: Kustomization\nspec:\n  path: ./config/variants/plain\n", ""),
    ],
)
def test_variants_that_are_built_for_tests_alone(tmp_path: Path, name: str, text: str, why: str) -> None:
    files = {
        "scripts/build.sh": BUILDS,
        "config/variants/wide/kustomization.yaml": "resources:\n- ../plain\n",
        "config/variants/plain/kustomization.yaml": "resources:\n- ../../base\n- store.yaml\n",
        "config/variants/plain/store.yaml": DEPLOYMENT,
        "config/base/kustomization.yaml": "resources:\n- store.yaml\n",
        "config/base/store.yaml": DEPLOYMENT,
    }
    write(tmp_path, {**files, name: text})
    assert reason(tmp_path, "config/variants/plain/store.yaml") == why
    assert reason(tmp_path, "config/base/store.yaml") == ""  # what is built of it is not all that there is


def test_a_folder_that_is_built_for_tests_by_its_name(tmp_path: Path) -> None:
    build = "\tkustomize build ./config/tried > test/manifests/tried.yaml\n"
    write(
        tmp_path,
        {
            "Makefile": f"manifests:\n{build}",
            "config/tried/kustomization.yaml": "resources:\n- store.yaml\n",
            "config/tried/store.yaml": DEPLOYMENT,
            "config/tried-not/kustomization.yaml": "resources:\n- store.yaml\n",
            "config/tried-not/store.yaml": DEPLOYMENT,
        },
    )
    assert reason(tmp_path, "config/tried/store.yaml") == TESTS
    assert reason(tmp_path, "config/tried-not/store.yaml") == ""
    (tmp_path / "config/tried/kustomization.yaml").unlink()
    assert reason(tmp_path, "config/tried/store.yaml") == ""  # such as source code that a tool reads
    write(tmp_path, {"config/tried/kustomization.yaml": "resources:\n- store.yaml\n"})
    write(tmp_path, {"Makefile": f"manifests:\n{build}deploy:\n\tkubectl apply -k config/tried\n"})
    assert reason(tmp_path, "config/tried/store.yaml") == ""


def test_passwords_that_are_made_up_for_what_only_tests_get(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "scripts/build.sh": BUILDS,
            "config/variants/plain/kustomization.yaml": "resources:\n- store.yaml\n",
            "config/variants/plain/store.yaml": DEPLOYMENT,
        },
    )
    (tmp_path / "config/variants/plain/unlisted.yaml").write_text(DEPLOYMENT)
    assert reason(tmp_path, "config/variants/plain/unlisted.yaml") == TESTS
    path = "config/variants/plain/store.yaml"
    for severity, hygiene, why in (
        (Severity.MEDIUM, True, TESTS),
        (Severity.HIGH, True, ""),
        (Severity.MEDIUM, False, ""),
        (Severity.CRITICAL, False, ""),
    ):
        found = Finding("key", severity, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2))
        key = RuleInfo(
            "key", "t", "secrets", severity, Confidence.HIGH, "default", "any", *[""] * 4, hygiene=hygiene
        )
        (told,) = set_aside([found], Scope(tmp_path), lambda _: Config(), {"key": key})
        assert (severity, hygiene, told.reason) == (severity, hygiene, why)
