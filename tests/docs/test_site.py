"""The site: generated pages hold what they promise, links lead somewhere, it builds."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from linter.recipe import load_rules
from tests.docs.pages import PAGES, ROOT

pygments = pytest.importorskip("pygments")

from docs_build import adr, command_line, configuration, models, rules  # noqa: E402
from docs_build.markdown import code, fenced, prose, table  # noqa: E402
from docs_build.marked import block  # noqa: E402
from docs_build.site import TABLES  # noqa: E402

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)#\s]+)\)")


def generated() -> set[str]:
    """Paths of generated pages, without making the pages."""
    names = {f"rules/{rule}.md" for rule in load_rules().infos}
    names |= {f"rules/by/{name}.md" for name in rules.NAMES} | {f"rules/by/{c}.md" for c in rules.CATEGORIES}
    names |= {f"reference/models/{name}.md" for name in rules.FORMATS}
    return names | {
        "rules/index.md",
        "rules/standards.md",
        "reference/cli.md",
        "reference/configuration.md",
        "project/adr/index.md",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    site = {(ROOT / "docs" / name) for name in generated()}
    for target, _ in _LINK.findall(text) + [(t, "") for t in _IMAGE.findall(text)]:
        if "://" in target or target.startswith("mailto:"):
            continue
        path = Path(os.path.normpath(page.parent / target))
        assert path.exists() or path in site, f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_tables_that_pages_ask_for_exist(page: Path) -> None:
    asked = re.findall(r"<!-- generated: ([a-z-]+) -->", page.read_text(encoding="utf-8"))
    assert set(asked) <= set(TABLES)


def test_a_page_of_a_rule_tells_all() -> None:
    info = load_rules().infos["gpu-request-limit-mismatch"]
    text = rules._page(info)
    for part in (
        "# Accelerator request",
        "## Why it matters",
        "## What to do",
        "## Example",
        "## Configuration",
    ):
        assert part in text
    assert '<mark><span class="nt">nvidia.com/gpu</span>' in text
    assert "CWE-1284" in text


def test_a_secret_shaped_value_is_shown_by_its_kind_only() -> None:
    name = next(rule for rule, (_, text) in rules.all_rules().items() if "${{fake:" in text)
    text = rules._page(rules.all_rules()[name][0].info)
    assert "${{" not in text.partition("## How it decides")[0]
    assert "<mark>" in text


def test_the_command_line_reference_has_every_option() -> None:
    text = command_line.page()
    for name, command in command_line.commands():
        assert f"## {name}\n" in text
        for parameter in command.params:
            for option in parameter.opts:
                assert option in text or not option.startswith("-")


def test_the_variables_of_the_reference_work() -> None:
    """The names that the table prints are those that click reads."""
    assert "`TARECHECK_FAIL_ON`" in command_line.page()
    environment = {**os.environ, "TARECHECK_FAIL_ON": "none"}
    command = [sys.executable, "-m", "linter", "scan", "fixtures/training-job/Dockerfile", "-qq"]
    result = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True)
    assert result.returncode == 0


def test_the_configuration_reference_has_every_key() -> None:
    text = configuration.page()
    for key in configuration.schema()["properties"]:
        assert key == "$schema" or f"`{key}`" in text


def test_the_model_reference_has_every_subject() -> None:
    text = models.pages()["reference/models/kubernetes.md"]
    assert "| `container` |" in text
    assert "## SecurityContext" in text


def test_every_decision_is_listed() -> None:
    assert adr.index().count("](../../adr/") == len(adr.records()) >= 4


def test_markdown_is_escaped() -> None:
    assert table(("a",), [("x | y\nz",)]).splitlines()[-1] == "| x \\| y z |"
    assert code("a`b") == "`` a`b ``"
    assert prose("<b> `x_y` a*b") == "\\<b\\> `x_y` a\\*b"
    assert fenced("```\nx\n```").startswith("````\n")


def test_marks_are_per_line_and_escaped() -> None:
    text = "RUN <<EOF\n  a && b\n\nEOF\n"
    shown = block(text, "docker", [(0, len(text))])
    assert "\n\n" not in shown
    assert "&lt;" in shown
    assert all(line.count("<mark>") == line.count("</mark>") for line in shown.splitlines())


_DOTTED = re.compile(r"`(linter(?:\.\w+)+)`")


@pytest.mark.parametrize(
    "page", [ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name
)
def test_names_of_code_are_true(page: Path) -> None:
    """Every `linter.x.y` that a page names exists, and so does every path."""
    text = page.read_text(encoding="utf-8")
    names = set(_DOTTED.findall(text))
    assert names
    for name in names:
        assert _resolve(name) is not None, name
    for path in set(re.findall(r"`((?:linter|rules|tests|docs|docs_build)/[\w./-]+)`", text)):
        if "<" not in path:
            assert (ROOT / path).exists(), path


def _resolve(name: str) -> object:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    return None


@pytest.mark.slow
def test_the_picture_is_what_the_tool_says() -> None:
    from docs_build.picture import PICTURE, draw

    assert PICTURE.read_text(encoding="utf-8") == draw(), "write it anew: python -m docs_build.picture"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="mkdocs-material is not installed: pip install '.[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    pages = list((tmp_path / "site").rglob("index.html"))
    assert len(pages) > len(load_rules().infos)
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "fonts.googleapis.com" not in home
