"""Kustomizations are rendered without what they list and is not here: a remote base, a file that is not checked in."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.adapters import kustomize
from linter.adapters.lacking import Mirror, take_out
from linter.finding import Report
from linter.formats.classify import KUSTOMIZATIONS
from tests.programs import needs_kustomize
from tests.unit.adapters.test_rendering import BASE, PATCH, found, scanned, write

REMOTE = "https://charts.example.org/base.yaml"
DELETED = "$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: server}\n"


def told(report: Report) -> list[tuple[str, str]]:
    return [(d.path, d.message) for d in report.diagnostics]


def overlay(root: Path, text: str, **more: str) -> Path:
    files = {
        "base/kustomization.yaml": "resources: [server.yaml]\n",
        "base/server.yaml": BASE,
        "prod/kustomization.yaml": f"patches: [{{path: patch.yaml}}]\n{text}",
        "prod/patch.yaml": PATCH,
    }
    return write(root, **files, **more)


@needs_kustomize
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"resources: [../base, '{REMOTE}']\n", f"{REMOTE}: nothing is fetched"),
        ("resources: [../base, github.com/a/b?ref=v1]\n", "github.com/a/b?ref=v1: nothing is fetched"),
        ("resources: [../base, more.yaml]\n", "more.yaml: it is not there"),
        ("resources: [../base, ../empty]\n", "../empty: there is no kustomization in it"),
        ("resources: [../base]\ncomponents: [../gone]\n", "../gone: it is not there"),
        ("resources: [../base]\nsecretGenerator: [{name: a, envs: [a, b]}]\n", "a and b: it is not there"),
        ("resources: [../base]\nconfigMapGenerator: [{name: a, env: a.env}]\n", "a.env: it is not there"),
        ("resources: [../base]\nconfigMapGenerator: [{name: a, files: [x=../a]}]\n", "../a: it is not there"),
        ("resources: [../base]\npatchesStrategicMerge: [other.yaml]\n", "other.yaml: it is not there"),
    ],
)  # fmt: skip
def test_patches_are_applied_without_what_is_not_here(tmp_path: Path, text: str, words: str) -> None:
    report = scanned(overlay(tmp_path, text, **{"empty/README.md": "a submodule\n"}))
    assert found(report, "host-pid") == []  # the patch takes it back
    (finding,) = found(report, "host-network")
    assert (finding.location.path, finding.location.line) == ("prod/patch.yaml", 9)
    assert told(report) == [("prod/kustomization.yaml", f"rendered without {words}")]
    assert report.coverage.rendered == {"kustomizations": 1}
    assert report.coverage.unrendered == ()


@needs_kustomize
def test_what_an_included_one_lacks_is_told_once_where_it_is_listed(tmp_path: Path) -> None:
    lists = "resources: [server.yaml, a.yaml, b.yaml, c.yaml, d.yaml]\n"
    more = {"test/kustomization.yaml": "resources: [../base]\n"}
    root = overlay(tmp_path, "resources: [../base]\n", **more)
    write(root, **{"base/kustomization.yaml": lists})
    words = "rendered without a.yaml, b.yaml, c.yaml and 1 more: it is not there"
    report = scanned(root)
    assert told(report) == [("base/kustomization.yaml", words)]
    assert report.coverage.rendered == {"kustomizations": 2}


@needs_kustomize
def test_patches_of_what_is_remote_are_left_out(tmp_path: Path) -> None:
    both = PATCH.replace("name: server", "name: remote") + "---\n" + PATCH
    text = (
        f"resources: [../base, '{REMOTE}']\npatchesStrategicMerge:\n"
        "  - |-\n    {apiVersion: v1, kind: Service, metadata: {name: far, namespace: a}}\n"
    )
    report = scanned(overlay(tmp_path, text, **{"prod/both.yaml": both}))
    assert found(report, "host-pid") == []
    path = "prod/kustomization.yaml"
    left = "rendered without a patch of Service far: nothing here matches it"
    assert told(report) == [(path, f"rendered without {REMOTE}: nothing is fetched"), (path, left)]
    write(tmp_path, **{"prod/patch.yaml": both})
    report = scanned(tmp_path)
    assert found(report, "host-pid") == []  # the other object of the same file is patched all the same
    assert "patch of Deployment remote" in told(report)[1][1]


@needs_kustomize
@pytest.mark.parametrize("lists", ["far.yaml", "../site"])
def test_replacements_with_what_is_not_here_are_left_out(tmp_path: Path, lists: str) -> None:
    source = "source: {kind: ConfigMap, name: site, fieldPath: data.name}"
    targets = "targets: [{select: {kind: Deployment}, fieldPaths: [metadata.labels.site]}]"
    text = f"resources: [../base, {lists}]\nreplacements:\n  - {source}\n    {targets}\n"
    site = "configMapGenerator: [{name: site, envs: [site.env]}]\n"
    report = scanned(overlay(tmp_path, text, **{"site/kustomization.yaml": site}))
    assert found(report, "host-pid") == []
    words = "rendered without a replacement from ConfigMap site: nothing here matches it"
    assert ("prod/kustomization.yaml", words) in told(report)


@needs_kustomize
def test_more_patches_than_tries_are_not_rendered(tmp_path: Path) -> None:
    patches = "".join(
        f"  - |-\n    {{apiVersion: v1, kind: Service, metadata: {{name: a{i}}}}}\n" for i in range(13)
    )
    text = f"resources: [../base, '{REMOTE}']\npatchesStrategicMerge:\n{patches}"
    assert [s.path for s in scanned(overlay(tmp_path, text)).coverage.unrendered] == [
        "prod/kustomization.yaml"
    ]


@needs_kustomize
def test_what_is_all_remote_is_not_rendered(tmp_path: Path) -> None:
    report = scanned(write(tmp_path, **{"kustomization.yaml": f"resources: ['{REMOTE}']\nnamespace: a\n"}))
    assert [s.path for s in report.coverage.unrendered] == ["kustomization.yaml"]
    assert report.coverage.rendered == {"kustomizations": 0}


@needs_kustomize
@pytest.mark.parametrize(("more", "counts"), [("", False), (", gone.yaml", True)])
def test_what_is_deleted_counts_where_something_lacks(tmp_path: Path, more: str, counts: bool) -> None:
    listed = f"resources: [../base, mail.yaml{more}]\n"
    root = overlay(tmp_path, listed, **{"prod/mail.yaml": BASE.replace("name: server", "name: mail")})
    report = scanned(write(root, **{"prod/patch.yaml": DELETED}))
    assert ("base/server.yaml" in {f.location.path for f in found(report, "host-pid")}) is counts


@needs_kustomize
def test_nothing_outside_of_the_tree_is_read_and_nothing_in_it_written(tmp_path: Path) -> None:
    (tmp_path / "outside.env").write_text("password=1\n")
    texts = (
        "configMapGenerator: [{name: a, envs: [../../outside.env, gone.env]}]\n",
        f"configMapGenerator: [{{name: a, envs: [{tmp_path}/outside.env, gone.env]}}]\n",
        "configMapGenerator: [{name: a, envs: [link.env, gone.env]}]\n",
        "configMapGenerator: [{name: a, files: [kustomization.yaml, gone.env]}]\n",
    )
    root = tmp_path / "root"
    for text in texts:
        write(root, **{"app/kustomization.yaml": text})
        link = root / "app" / "link.env"
        link.unlink(missing_ok=True)
        link.symlink_to(tmp_path / "outside.env")
        top = kustomize.read(root / "app" / "kustomization.yaml")
        assert top is not None
        assert not top.complete
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        command = kustomize.program()
        assert command is not None
        builds = [build for build in kustomize.lacking(top, command, scratch, root) if build is not None]
        assert "password" not in "".join(part for build in builds for _, part in build.parts)
        assert (root / "app" / "kustomization.yaml").read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "- 1\n",
        "a: 1\n---\nb: 2\n",
        "resources: [linked]\nbases: [gone.yaml]\n",
        "resources: [a.yaml]\n",  # nothing is missing
        "resources: [gone.yaml]\nx: .nan\n",
        "resources: [gone.yaml, 1, {a: b}]\nsecretGenerator: {a: b}\npatches: 3\nx: .inf\n",
    ],
)
def test_what_is_not_written_anew(tmp_path: Path, text: str) -> None:
    root = tmp_path / "root"
    write(root, **{"a.yaml": BASE, "there/kustomization.yaml": "resources: []\n", "kustomization.yaml": text})
    (root / "linked").symlink_to(root / "there")
    assert not Mirror(tmp_path / "mirror", root, KUSTOMIZATIONS).fill(root / "kustomization.yaml")


def test_odd_entries_are_kept(tmp_path: Path) -> None:
    said = {
        "resources": [1, None, "a\0b", ["x"]],
        "configMapGenerator": [{"files": [2, "", "="], "envs": 3}, "a"],
        "patches": [{"patch": "[]"}, 4, {"path": 5}],
    }
    kept = {key: list(items) for key, items in said.items()}
    assert take_out(tmp_path, said, KUSTOMIZATIONS) in ([], [("=", "it is not there")])
    assert said["resources"] == kept["resources"]
    assert said["patches"] == kept["patches"]


@pytest.mark.parametrize("length", [300, 5_000])
def test_a_name_that_no_file_can_have(tmp_path: Path, length: int) -> None:
    name = "x" * length
    said = {"resources": [name, f"{name}/a"], "configMapGenerator": [{"files": [f"a={name}"]}]}
    assert [lacked for lacked, _ in take_out(tmp_path, said, KUSTOMIZATIONS)] == [name, f"{name}/a", name]
