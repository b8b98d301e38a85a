"""The house rules that a reader relies on: one-way imports, no work at import, no heavy modules at start-up."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "linter"

# Nothing imports anything to its right (lower in this list). Modules on one line are of one rank.
ORDER: tuple[tuple[str, ...], ...] = (
    (
        "errors",
        "text",
        "frozen",
        "ownfiles",
        "givenfiles",
        "newfiles",
        "compiled",
        "digest",
        "patterns",
        "gitindex",
    ),
    ("finding", "saidofimages"),
    ("config",),
    ("cel",),
    ("formats",),
    ("ruleset",),
    ("suppress", "fixes", "reporters", "adapters", "loading"),
    ("discover", "cache", "pool", "unit", "aside"),
    ("told", "onevalue", "keptreleases"),
    ("joined",),
    ("recipe", "across", "render", "outside"),
    ("sweep",),
    ("basetree", "mend"),
    ("known",),
    ("scan",),
    ("cli", "api"),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
ASIDE: tuple[tuple[str, ...], ...] = (
    ("stamps", "charts"),
    ("names",),
    ("leads",),
    ("copies", "clusters", "values"),
    ("deploys",),
    ("apart", "scope", "single"),
)
ASIDE_RANK = {name: rank for rank, names in enumerate(ASIDE) for name in names}
MODULES = sorted(PACKAGE.rglob("*.py"))
FREE = {"__init__", "__main__", "generated", "hooks"}  # the top of the package: re-exports and entry points


def _part(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "linter":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("linter.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    own = _part(path)
    if own in FREE:
        return
    assert own in RANK, f"{own} has no place in ORDER"
    for name in _imports(ast.parse(path.read_text())):
        if name == "__version__":
            continue
        assert RANK.get(name, -1) <= RANK[own], f"{own} imports {name}, which stands to its right"


@pytest.mark.parametrize("path", sorted((PACKAGE / "aside").rglob("*.py")), ids=lambda p: p.name)
def test_what_is_aside_is_read_one_way_too(path: Path) -> None:
    relative = path.relative_to(PACKAGE / "aside")
    own = relative.parts[0] if len(relative.parts) > 1 else relative.stem
    if own in FREE:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linter.aside."):
            name = (node.module or "").split(".")[2]
            assert ASIDE_RANK[name] <= ASIDE_RANK[own], f"{own} imports {name}, which stands to its right"


_SIMPLE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.If,
    ast.Try,
)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_work_at_import(path: Path) -> None:
    """Only definitions and tables at the top of a module: no loops, no calls for their effect."""
    if path.name == "__main__.py":
        return
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Expr):
            assert isinstance(node.value, ast.Constant), f"{path.name}:{node.lineno} does work at import"
        else:
            assert isinstance(node, _SIMPLE), f"{path.name}:{node.lineno} does work at import"
            if isinstance(node, ast.Assign):
                opened = [
                    n
                    for n in ast.walk(node)
                    if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "open"
                ]
                assert not opened, f"{path.name}:{node.lineno} opens a file at import"


HEAVY = (
    "jsonschema",
    "sarif_om",
    "rich",
    "tree_sitter",
    "yaml",
    "pathspec",
    "dockerfile_parse",
    "asyncio",
    "multiprocessing",
)


def test_version_imports_nothing_heavy() -> None:
    code = "import sys, linter.cli; print(' '.join(sorted(m for m in sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(result.stdout.split())
    assert not loaded.intersection(HEAVY)
    ours = {name for name in loaded if name.startswith("linter.")}
    assert ours <= {"linter.cli", "linter.cli.later", "linter.cli.process", "linter.errors"}, ours


def test_generated_files_are_fresh() -> None:
    from linter.generated import contents

    stale = [path.name for path, text in contents().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"run `make schema`: {stale}"
