from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from linter.config import load
from linter.errors import UsageError
from linter.finding import Severity
from linter.suppress.git import Changes, Repository

_WHO = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b",
}


def git(root: Path, *arguments: str) -> str:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
        **_WHO,
        "HOME": str(root),
    }
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, env=environment, check=True, text=True
    )
    return done.stdout.strip()


def commit(root: Path, message: str = "x", **files: str | None) -> str:
    for name, text in files.items():
        put(root, name.replace("__", "/").replace("_", "."), text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def put(root: Path, name: str, text: str | None) -> None:
    path = root / name
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    commit(root, a_yaml="a: 1\n", dir__b_yaml="b: 1\nb: 2\nb: 3\nb: 4\n", dir__c_yaml="c\n")
    return root


def test_files_at_a_commit_without_a_checkout(repo: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    commit(repo, a_yaml="changed\n")
    tree = Repository(repo).tree(first)
    assert list(tree.files) == ["a.yaml", "dir/b.yaml", "dir/c.yaml"]
    tree.load(["a.yaml", "dir/c.yaml", "none"])
    assert (tree.content("a.yaml"), tree.content("dir/c.yaml"), tree.content("none")) == (
        b"a: 1\n",
        b"c\n",
        None,
    )
    assert tree.read(f"{repo}/a.yaml") == b"a: 1\n"
    assert tree.read(f"{repo.parent}/a.yaml") is None
    assert (repo / "a.yaml").read_text() == "changed\n"


def test_odd_names_and_links(repo: Path) -> None:
    put(repo, "ü ñ\tx\n.yaml", "z\n")
    os.symlink("a.yaml", repo / "link.yaml")
    tree = Repository(repo).tree(commit(repo))
    assert tree.content("ü ñ\tx\n.yaml") == b"z\n"
    assert "link.yaml" not in tree.files


def test_changes_of_the_work_tree(repo: Path) -> None:
    (repo / ".gitignore").write_text("ignored\n")
    first = commit(repo)
    git(repo, "mv", "dir/b.yaml", "moved.yaml")
    put(repo, "a.yaml", "a: 2\n")
    put(repo, "dir/c.yaml", None)
    put(repo, "new.yaml", "n\n")
    put(repo, "ignored", "n\n")
    assert Repository(repo).changes(first) == Changes(
        frozenset({"a.yaml", "moved.yaml", "new.yaml"}),
        {"moved.yaml": "dir/b.yaml"},
        frozenset({"dir/c.yaml"}),
    )


def test_the_base_is_where_the_branches_parted(repo: Path) -> None:
    parted = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "-b", "feature")
    commit(repo, f_yaml="f\n")
    git(repo, "checkout", "-q", "main")
    tip = commit(repo, m_yaml="m\n")
    git(repo, "checkout", "-q", "feature")
    repository = Repository(repo)
    assert repository.base("main") == parted
    assert repository.commit("main") == tip


def test_unrelated_histories_compare_with_the_reference_itself(repo: Path) -> None:
    first = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "--orphan", "other")
    commit(repo, z_yaml="z\n")
    assert Repository(repo).base("main") == first


def test_an_unknown_reference(repo: Path) -> None:
    with pytest.raises(UsageError, match="git knows no commit 'nope'") as caught:
        Repository(repo).commit("nope")
    assert "git fetch" in str(caught.value.hint)
    with pytest.raises(UsageError):
        Repository(repo).commit("--output=/tmp/x")


def test_a_shallow_clone_says_what_to_fetch(repo: Path, tmp_path: Path) -> None:
    commit(repo, a_yaml="2\n")
    git(repo, "checkout", "-q", "-b", "feature")
    commit(repo, a_yaml="3\n")
    clone = tmp_path / "clone"
    git(repo, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo}", str(clone))
    repository = Repository(clone)
    assert repository.shallow
    with pytest.raises(UsageError, match="too shallow") as caught:
        repository.base("origin/main")
    assert "fetch-depth: 0" in str(caught.value.hint)
    with pytest.raises(UsageError, match="git knows no commit 'HEAD~1'") as caught:
        repository.commit("HEAD~1")
    assert "unshallow" in str(caught.value.hint)


def test_in_a_linked_worktree(repo: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repo, "worktree", "add", "-q", "-b", "w", str(linked))
    put(linked, "a.yaml", "changed\n")
    repository = Repository(linked)
    assert repository.changes(repository.base("main")).changed == {"a.yaml"}
    assert repository.tree(repository.commit("main")).content("a.yaml") == b"a: 1\n"


def test_the_environment_of_a_hook_does_not_lead_elsewhere(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    repository = Repository(repo)
    assert repository.changes(repository.commit("HEAD")) == Changes()


def test_no_external_program_of_the_repository_runs(repo: Path, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {witness}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command"):
        git(repo, "config", key, str(script))
    put(repo, ".gitattributes", "* diff=x\n")
    put(repo, "a.yaml", "changed\n")
    repository = Repository(repo)
    repository.changes(repository.commit("HEAD"))
    assert not witness.exists()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no git repository"):
        Repository(tmp_path).changes("HEAD")


def test_policy_from_a_reference(repo: Path) -> None:
    base = commit(repo, tarecheck_yaml="fail-on: low\n")
    put(repo, "tarecheck.yaml", "fail-on: none\n")
    put(repo, "dir/tarecheck.yaml", "fail-on: none\n")
    config = load([repo], source=Repository(repo).tree(base)).for_file("dir/b.yaml")
    assert config.fail_on is Severity.LOW


def test_rule_folders_are_written_to_a_place_of_ours(repo: Path, tmp_path: Path) -> None:
    base = commit(repo, policy__kubernetes__r_yaml="id: r\n")
    Repository(repo).tree(base).export("policy", str(tmp_path / "out"))
    assert (tmp_path / "out/kubernetes/r.yaml").read_text() == "id: r\n"
