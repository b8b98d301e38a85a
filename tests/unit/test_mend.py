"""Autofix of real findings by real rules."""

from __future__ import annotations

from pathlib import Path

from linter.mend import Mended, mend
from linter.recipe import Recipe
from linter.scan import Request, scan

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: trainer  # the one
spec:
  hostPID: true
  containers:
  - name: a
    image: example.org/a:1
    securityContext:
      privileged: true   # was needed once
  # tarecheck: ignore[privileged-container, privilege-escalation-allowed] driver installer
  - name: b
    image: example.org/b:1
    securityContext: {privileged: true}
"""


def run(root: Path, *, unsafe: bool, select: str = "") -> list[Mended]:
    settings = {"select": select.split()} if select else {}
    recipe = Recipe((str(root),), isolated=False, settings=settings)
    prepared = recipe.prepare()
    report = scan(Request((root,), recipe, cwd=root), prepared)
    return list(mend(report, prepared, unsafe=unsafe))


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_files_are_fixed_and_then_stay(tmp_path: Path) -> None:
    path = put(tmp_path, "pod.yaml", POD.replace("\n", "\r\n"))
    (mended,) = run(tmp_path, unsafe=True, select="privileged-container host-pid")
    assert mended.fixed.text.replace("\r\n", "\n") == POD.replace("  hostPID: true\n", "").replace(
        "privileged: true   #", "privileged: false   #"
    )
    assert mended.fixed.text.count("\r\n") == mended.fixed.text.count("\n")
    assert path.read_bytes() == POD.replace("\n", "\r\n").encode()
    assert sorted(rule for rule, _ in mended.fixed.applied) == ["host-pid", "privileged-container"]
    mended.write(tmp_path)
    assert path.read_bytes().decode() == mended.fixed.text
    assert run(tmp_path, unsafe=True, select="privileged-container host-pid") == []


def test_unsafe_fixes_are_made_on_request_only(tmp_path: Path) -> None:
    put(tmp_path, "pod.yaml", POD)
    assert run(tmp_path, unsafe=False, select="privileged-container") == []
    (mended,) = run(tmp_path, unsafe=True, select="privileged-container")
    assert mended.diff.startswith("--- a/pod.yaml\n+++ b/pod.yaml\n")
    assert "-      privileged: true   # was needed once\n" in mended.diff
    assert "+      privileged: false   # was needed once\n" in mended.diff


def test_what_the_baseline_knows_is_left_alone(tmp_path: Path) -> None:
    from linter.suppress.baseline import create, dump

    put(tmp_path, "pod.yaml", POD)
    recipe = Recipe((str(tmp_path),), settings={"select": ["privileged-container"]})
    report = scan(Request((tmp_path,), recipe, cwd=tmp_path))
    put(tmp_path, "known.json", dump(create(report.findings)))
    put(tmp_path, "tarecheck.yaml", "baseline: known.json\n")
    assert run(tmp_path, unsafe=True, select="privileged-container") == []
    assert len(run(tmp_path, unsafe=True, select="privileged-container host-pid")) == 1


def test_a_patch_shows_no_secret(tmp_path: Path) -> None:
    token = "hf" + "_" + "aB3dE5gH7jK9mN1pQ3rS5tU7wX9zC2vF4y"
    text = POD.replace(
        "    securityContext:\n", f"    env: [{{name: HF_TOKEN, value: {token}}}]\n    securityContext:\n"
    )
    put(tmp_path, "pod.yaml", text)
    (mended,) = run(tmp_path, unsafe=True, select="privileged-container")
    assert token in mended.fixed.text
    assert token not in mended.diff
    assert "+      privileged: false" in mended.diff


def test_what_a_fix_brings_to_light_is_fixed_in_the_same_run(tmp_path: Path) -> None:
    """That capabilities are kept is told of a service only once it is not privileged any more."""
    text = "services:\n  app:\n    image: registry.example.org/app:1.0\n    privileged: true\n"
    put(tmp_path, "compose.yaml", text)
    rules = "compose-privileged compose-caps-not-dropped"
    (mended,) = run(tmp_path, unsafe=True, select=rules)
    assert [rule for rule, _ in mended.fixed.applied] == rules.split()
    mended.write(tmp_path)
    assert run(tmp_path, unsafe=True, select=rules) == []


def test_what_is_told_once_is_fixed_in_each_file(tmp_path: Path) -> None:
    pod = POD.partition("  # tarecheck")[0]
    for folder in ("one", "two"):
        put(tmp_path, f"{folder}/pod.yaml", pod)
    mended = run(tmp_path, unsafe=True)
    assert [item.path for item in mended] == ["one/pod.yaml", "two/pod.yaml"]
    assert all("privileged: false" in item.fixed.text for item in mended)
