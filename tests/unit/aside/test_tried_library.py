"""What only a chart of tests shows of a library of named templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.placenames import TESTS
from linter.config.model import Config
from linter.finding import INCLUDED, Finding, Location, Related, Severity
from tests.unit.aside.trees import finding, write

DEFINED = '{{- define "lib.box" -}}\n- name: {{ .Chart.Name }}\n{{- end }}\n'
INCLUDES = 'kind: Deployment\nspec:\n  {{- include "lib.box" . | nindent 2 }}\n'
PART = "dependencies:\n- {name: lib, repository: 'file://../../charts/lib'}\n"
FIXTURE, SHOP = "testdata/fixture/templates/a.yaml", "charts/shop/templates/a.yaml"
FILES = {
    "charts/lib/Chart.yaml": "name: lib\ntype: library\n",
    "charts/lib/templates/_box.tpl": DEFINED,
    "charts/shop/Chart.yaml": f"name: shop\n{PART}",
    SHOP: INCLUDES,
    "testdata/fixture/Chart.yaml": f"name: fixture\n{PART}",
    FIXTURE: INCLUDES,
}


def found_in(*including: str, severity: Severity = Severity.MEDIUM) -> Finding:
    related = tuple(Related(Location(path, 3, 3, 3, 9), INCLUDED, use=True) for path in including)
    found = finding("charts/lib/templates/_box.tpl", severity, rule="memory-limit-missing")
    return found.evolve(related=related, properties=(("chart", "fixture"),))


@pytest.mark.parametrize(
    ("files", "found", "reason"),
    [
        ({}, found_in(FIXTURE), TESTS),
        ({}, found_in(FIXTURE, SHOP), ""),
        ({}, found_in(), ""),
        ({}, found_in(FIXTURE, severity=Severity.CRITICAL), ""),
        ({SHOP: INCLUDES.replace("lib.box", "lib.bag")}, found_in(FIXTURE), ""),  # the fixture alone shows it
        (
            {"charts/shop/Chart.yaml": "name: shop\n"},
            found_in(FIXTURE),
            "",
        ),  # which has a `lib.box` of its own
    ],
)
def test_what_only_a_fixture_leaves_out(
    tmp_path: Path, files: dict[str, str], found: Finding, reason: str
) -> None:
    write(tmp_path, {**FILES, **files})
    (told,) = set_aside([found], Scope(tmp_path), lambda _: Config(), {})
    assert told.reason == reason
