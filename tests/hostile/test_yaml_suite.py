"""The cases of the YAML test suite, valid and not: none crashes us, wherever a reader meets it.

They are not kept here. YAML_TEST_SUITE names a copy of github.com/yaml/yaml-test-suite: the `data` branch
(`*/in.yaml`) or the main one (`src/*.yaml`). With TARECHECK_FULL=1 and no such folder the main branch is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from linter.formats.node import MAP, SEQ, Node
from linter.formats.yamltree import Stream, parse_documents, parse_templated
from linter.recipe import Recipe
from linter.text import SourceText
from linter.unit import Input, Worker
from tests.hostile.attack import POD

ADDRESS = "https://github.com/yaml/yaml-test-suite"
FEWEST = 200  # cases of a copy that is whole; it has 400
# How the suite writes what does not show: tab, blank, carriage return, byte order mark, end of line, no end of line.
_SHOWN = {"␣": " ", "←": "\r", "⇔": "\ufeff", "↵": "", "∎\n": ""}


def cases(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every case."""
    for path in sorted(folder.rglob("in.yaml")):
        yield path.parent.relative_to(folder).as_posix(), path.read_bytes().decode("utf-8", "replace")
    for path in sorted(folder.glob("src/*.yaml")):
        for number, case in enumerate(yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)):
            if "yaml" in case:
                yield f"{path.stem}-{number}", _plain(case["yaml"])


def _plain(text: str) -> str:
    for shown, meant in _SHOWN.items():
        text = text.replace(shown, meant)
    for dashes in ("———", "——", "—", ""):
        text = text.replace(dashes + "»", "\t")
    return text


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    named = os.environ.get("YAML_TEST_SUITE")
    folder = Path(named) if named else tmp_path_factory.mktemp("suite") / "suite"
    if not named:
        if os.environ.get("TARECHECK_FULL") != "1":
            pytest.skip("YAML_TEST_SUITE names no copy of the YAML test suite")
        command = ["git", "clone", "--quiet", "--depth=1", ADDRESS, str(folder)]
        if subprocess.run(command, check=False, capture_output=True, timeout=120).returncode:
            pytest.skip(f"{ADDRESS} cannot be fetched")
    found = dict(cases(folder))
    assert len(found) > FEWEST
    return found


def walk(node: Node, length: int) -> Any:
    """Ask a node everything that a rule or a finding asks."""
    for span in (node.span, node.head_span()):
        assert 0 <= span.start <= span.end <= length
    if node.kind == MAP:
        for key in tuple(node.keys()):
            span = node.entry_span(key)
            assert 0 <= span.start <= span.end <= length
            child = node.get(key)
            assert child is not None
            walk(child, length)
    elif node.kind == SEQ:
        for child in node.elements():
            walk(child, length)
    else:
        node.scalar()
        node.string()
    return node.plain()


def readings(text: str) -> Iterator[Stream]:
    yield parse_documents(SourceText("x.yaml", text))
    yield parse_documents(SourceText("x.json", text))
    yield parse_templated(SourceText("x.yaml", text))


def test_every_case_is_read_or_refused_in_its_place(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        for stream in readings(text):
            for document in stream.documents:
                walk(document, len(text))
            for problem in stream.problems:
                assert 0 <= problem.start <= problem.end <= len(text), name


def within_a_pod(text: str) -> str:
    """The text where a container's setting is meant."""
    return POD + "      securityContext:\n" + "".join(f"        {line}\n" for line in text.split("\n"))


def test_no_case_breaks_a_scan_nor_hides_its_neighbour(texts: dict[str, str]) -> None:
    recipe = Recipe(isolated=True, settings={"profile": "strict"})
    worker = Worker(recipe.prepare().policy, Path.cwd())
    flaw = POD + "      securityContext: {privileged: true}\n"
    for name, text in texts.items():
        for path, content, found in (
            ("x.yaml", flaw + "---\n" + text, "privileged-container"),
            ("x.yaml", within_a_pod(text), ""),
            ("compose.yaml", "services:\n  a:\n    image: a:1\n---\n" + text, ""),
            ("values.yaml", text, ""),
        ):
            data = content.encode("utf-8", "surrogatepass")
            results = worker.scan([Input(str(Path(path).absolute()), path, named=True, data=data)])
            assert [d.message for one in results for d in one.diagnostics if d.internal] == [], name
            rules = {finding.rule for one in results for finding in one.findings}
            assert not found or found in rules, name
