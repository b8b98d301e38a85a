"""Files that change, grow, shrink, vanish or become something else between two looks at them."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.reporters import REPORTERS, Options, write
from linter.scan import Request, scan

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes as POSIX has them")
PAIR = {
    "runtime.yaml": "apiVersion: serving.kserve.io/v1alpha1\nkind: ServingRuntime\nmetadata: {name: engine}\n"
    "spec: {supportedModelFormats: [{name: vLLM}], containers: [{name: kserve-container, image: 'a:1', args: [--x]}]}\n",
    "service.yaml": "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: chat}\n"
    "spec: {predictor: {model: {modelFormat: {name: vLLM}, runtime: engine}}}\n",
}
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def _vanish(path: Path) -> None:
    path.unlink()


def _shrink(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _grow(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"\n# more" * 1_000_000)


def _become_another(path: Path) -> None:
    path.write_text("{{{ : \x00 [", encoding="utf-8")


def _become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _become_a_link_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


CHANGES = (_vanish, _shrink, _empty, _grow, _become_another, _become_a_pipe, _become_a_folder, _become_a_link_in_a_circle)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
@pytest.mark.parametrize("when", ["before they are read", "after they were read", "while it is scanned"])
def test_the_scan_goes_on(change: Callable[[Path], None], when: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES, tree)
    for name, text in PAIR.items():  # each is judged with the other
        (tree / name).write_text(text)
    files = [path for path in sorted(tree.rglob("*")) if path.is_file()]
    changed: list[Path] = []

    def tell(done: int, total: int) -> None:
        due = {"before they are read": 1, "after they were read": total, "while it is scanned": total // 2}
        if done == due[when] and not changed:
            for path in files:
                change(path)
                changed.append(path)

    request = Request(paths=(tree,), recipe=Recipe(paths=(str(tree),), isolated=True), cwd=tree, jobs=1)
    report = scan(request, tell=tell)
    assert changed
    assert [d.message for d in report.diagnostics if d.internal] == []
    if when == "before they are read" and change in (_vanish, _become_a_pipe, _become_a_folder):
        assert sum(finding.rule == "unparsable-file" for finding in report.findings) > 20
    for name in REPORTERS:
        write(name, report, io.StringIO(), Options())
