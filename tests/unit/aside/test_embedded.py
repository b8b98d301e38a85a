"""Manifests that are compiled into a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.embedded import EMBEDDED, is_embedded
from linter.aside.leads.namings import Namings
from linter.config.model import Config
from tests.unit.aside.trees import INFOS, finding, write

_PATH = "pkg/assets/server/deployment.yaml"


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("pkg/assets/files.go", "//go:embed *", True),
        ("pkg/assets/files.go", "//go:embed server/*.yaml client/*.yaml", True),
        ("pkg/assets/files.go", '//go:embed "server/deployment.yaml"', True),
        ("pkg/assets/files.go", "//go:embed all:server", True),
        ("pkg/files.go", "//go:embed assets", True),
        ("files.go", "//go:embed pkg/assets/*/*.yaml", True),
        ("pkg/assets/files.go", "//go:embed *.yaml", False),
        ("pkg/assets/files.go", "//go:embed client", False),
        ("pkg/assets/files.go", "//go:embed `server/deployment.yaml` other", True),
        ("pkg/assets/files.go", "// go:embed *", False),
        ("cmd/files.go", "//go:embed *", False),
        ("pkg/assets/files.py", "//go:embed *", False),
    ],
)
def test_what_a_program_has_in_it(tmp_path: Path, name: str, line: str, expected: bool) -> None:
    write(tmp_path, {name: f'package assets\n\nimport "embed"\n\n{line}\nvar files embed.FS\n'})
    assert is_embedded(_PATH, Namings(tmp_path)) is expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pkg/deploy.go", 'const base = "assets/server"\n', True),
        ("pkg/deploy.go", "const base = `assets/server/`\n", True),
        ("pkg/deploy.go", 'const file = "assets/server/deployment.yaml"\n', True),
        ("pkg/deploy.go", 'const base = "assets/client"\n', False),  # it is not there
        ("pkg/deploy_test.go", 'const base = "assets/server"\n', False),
        ("cmd/deploy.go", 'const base = "assets/server"\n', False),
        ("deploy.go", 'const base = "pkg/assets/server"\n', False),  # the top may be where one works
    ],
)
def test_what_a_program_reads_from_beside_it(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    write(tmp_path, {name: f"package deploy\n\n{text}", _PATH: "kind: Deployment\n"})
    assert is_embedded(_PATH, Namings(tmp_path)) is expected


def test_only_what_the_api_would_refuse_is_set_aside(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/assets/files.go": "//go:embed *\n", _PATH: "kind: Deployment\n"})
    given = [finding(_PATH, rule=rule) for rule in ("hpa-cannot-scale", "run-as-root")]
    found = set_aside(given, Scope(tmp_path), lambda _: Config(), INFOS)
    assert [f.reason for f in found] == [EMBEDDED, ""]
    named = Scope(tmp_path, files=frozenset({str(tmp_path / _PATH)}))
    assert [f.reason for f in set_aside(given, named, lambda _: Config(), INFOS)] == ["", ""]
