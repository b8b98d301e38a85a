"""What a comment beside a finding explains is set aside; what is no reason, or of something else, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.explained import EXPLAINED, explanation, lines_of
from linter.config.model import Config, SuppressionPolicy
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status

ROOT_WORDS = ("root", "uid", "runAs*", "host network*")


def said(tmp_path: Path, text: str, name: str = "a.yaml") -> str:
    """The explanation of the line that ends with `<<`, which is no part of the file."""
    lines = text.strip("\n").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.endswith("<<")]
    lines[at] = lines[at].removesuffix("<<").rstrip()
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    return explanation(lines_of(tmp_path, name), at + 1, ROOT_WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "runAsUser: 0  # must be root, the snapshots are its <<",
        "# k3s writes its files as root, which we need to read.\nrunAsUser: 0 <<",
        "# Needs root to change the owner.\nsecurityContext:\n  runAsUser: 0 <<",
        "a:\n  # needs root: it binds port 53\n  - name: x\n    user: 0 <<",
        "# The entrypoint must start\n# as root and then drops.\nuser:\n\n  runAsUser: 0 <<",
        "# Why: the daemon needs the hostNetwork.\n\nkind: Pod\nmetadata:\n  name: x\nspec:\n  hostNetwork: true <<",
        "# It needs the host network.\n---\nkind: Pod\nspec:\n  hostNetwork: true <<",
        "{{/* must run as root to write */}}\nrunAsUser: 0 <<",
        "# runs as root: https://github.com/acme/app/issues/77\nrunAsUser: 0 <<",
        "# Runs as root since the socket is root's. TODO: a proxy.\nrunAsUser: 0 <<",
    ],
)
def test_a_reason_beside_it_explains(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "runAsUser: 0 <<",
        "# runs as root\nrunAsUser: 0 <<",  # says what is there, not why
        "# needed by the driver\nrunAsUser: 0 <<",  # of what?
        "# TODO: must not run as root\nrunAsUser: 0 <<",
        "# for now it needs to be root\nrunAsUser: 0 <<",
        "# bad: the container needs root\nrunAsUser: 0 <<",
        "# needs root\n\n  b: 1\nc:\n  runAsUser: 0 <<",  # of what is above it
        "a:\n  # must be root to write here\n  b: 1\nc: 0 <<",
        "# It must be root. That is its job.\nkind: Pod\n---\nkind: Pod\nspec:\n  runAsUser: 0 <<",  # another object's
        "# runAsUser: 0\n# needs: root\nrunAsUser: 1 <<",  # commented out
        "# The chart needs this. It runs as root.\nrunAsUser: 0 <<",  # two sentences, and two things
        'cmd: "x # must be root to write" <<',
    ],
)
def test_what_is_no_reason_for_it(tmp_path: Path, text: str) -> None:
    assert not said(tmp_path, text)


def test_terraform_and_its_blocks(tmp_path: Path) -> None:
    text = """
# needs root, as the driver does
resource "kubernetes_pod" "other" {
}

# It must be root to write to the node.
resource "kubernetes_pod" "this" {
  spec {
    run_as_user = 0 <<
  }
}
"""
    assert said(tmp_path, text, "main.tf") == "It must be root to write to the node."
    assert not said(tmp_path, text.replace("# It must be root to write to the node.\n", ""), "main.tf")


def test_other_files_and_what_is_not_there(tmp_path: Path) -> None:
    assert not said(tmp_path, "# needs root to write\nUSER root <<", "Dockerfile")
    assert not explanation(lines_of(tmp_path, "gone.yaml"), 1, ROOT_WORDS)
    (tmp_path / "short.yaml").write_text("a: 1\n")
    assert not explanation(lines_of(tmp_path, "short.yaml"), 9, ROOT_WORDS)


@pytest.mark.parametrize(
    ("severity", "config", "counts"),
    [
        (Severity.HIGH, Config(), False),
        (Severity.CRITICAL, Config(), True),
        (Severity.HIGH, Config(everywhere=True), True),
        (Severity.HIGH, Config(profile="strict"), True),
        (Severity.HIGH, Config(select=("uid",)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(inline=False)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(max_days=30)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(require_reason=True)), False),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(locked=frozenset(("uid",)))), True),
    ],
)
def test_when_the_word_of_a_comment_counts(
    tmp_path: Path, severity: Severity, config: Config, counts: bool
) -> None:
    (tmp_path / "a.yaml").write_text("# must be root to read the snapshots\nrunAsUser: 0\n")
    info = RuleInfo(
        "uid",
        "t",
        "privilege",
        severity,
        Confidence.HIGH,
        "default",
        "any",
        "",
        "",
        "",
        "",
        explained_by=ROOT_WORDS,
    )
    finding = Finding("uid", severity, Confidence.HIGH, "m", Location("a.yaml", 2, 1, 2, 2))
    (found,) = set_aside([finding], Scope(tmp_path), lambda _: config, {"uid": info})
    assert (found.status is Status.ACTIVE) == counts
    assert found.reason == ("" if counts else EXPLAINED)
