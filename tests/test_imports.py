"""What a start may import: a hook has a tenth of a second, and imports are most of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linter.recipe import load_rules
from tests.test_cli import POD

ROOT = Path(__file__).resolve().parent.parent
# none of them is needed to scan one file for a person
NEVER = {
    "jsonschema", "sarif_om", "rich", "pathspec", "asyncio", "multiprocessing", "concurrent.futures",
    "dataclasses", "unittest", "http.client", "ssl", "socket", "email", "xml", "tomllib", "sqlite3", "pickle",
    "subprocess", "importlib.metadata", "linter.ruleset.load", "linter.cel.compiler", "linter.fixes",
}  # fmt: skip
ELSEWHERE = {"linter.formats.terraform.resource", "linter.formats.compose", "tree_sitter_hcl"}
OTHERS = {
    "pod.yaml": {*ELSEWHERE, "linter.formats.dockerfile", "dockerfile_parse"},
    "Dockerfile": {*ELSEWHERE, "linter.formats.kubernetes", "yaml"},
}
CODE = """
import sys
sys.argv = ["tarecheck", "scan", sys.argv[1], "--isolated", "--exit-zero", "--no-render", "-q"]
from linter.cli import main
try: main()
except SystemExit: pass
print(*sys.modules, file=sys.stderr)
"""


def _modules(path: Path) -> set[str]:
    load_rules()  # compiled once: what a hook's second run imports counts
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TARECHECK_NO_CACHE": "1"}
    result = subprocess.run(
        [sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=True, env=environment
    )
    return set(result.stderr.split())


@pytest.mark.parametrize(
    ("name", "text"), [("pod.yaml", POD), ("Dockerfile", "FROM alpine:3.19\nUSER 1000\n")]
)
def test_a_scan_of_one_file_imports_what_it_needs(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    loaded = _modules(tmp_path / name)
    assert "linter.scan" in loaded
    assert loaded & (NEVER | OTHERS[name]) == set()
