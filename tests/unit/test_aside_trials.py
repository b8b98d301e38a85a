"""What examples show of the cluster on which they run, and what of it counts all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.saidexamples import is_illustration
from linter.aside.names.trials import TRIED_OUT, concerns_trials, is_installed_with
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity


def info(category: str, subject: str, *, form: str = "kubernetes", in_examples: bool = False) -> RuleInfo:
    return RuleInfo(
        "rule",
        "t",
        category,
        Severity.HIGH,
        Confidence.HIGH,
        "default",
        form,
        subject,
        *[""] * 3,
        in_examples=in_examples,
    )


@pytest.mark.parametrize(
    ("rule", "concerns"),
    [
        (info("privilege", "pod"), True),
        (info("privilege", "mount"), True),
        (info("network", "service"), True),
        (info("network", "port"), True),
        (info("privilege", "rolerule"), False),  # people apply roles as they are
        (info("privilege", "grantee"), False),
        (info("network", "container"), False),  # a program that asks for no key
        (info("network", "project"), False),  # nor does a model's server
        (info("supply-chain", "container"), False),  # code that a model brings
        (info("secrets", "env"), False),
        (info("gpu", "container"), False),  # a number of accelerators that can't work
        (info("privilege", "container", in_examples=True), False),
        (info("privilege", "service", form="compose"), False),
    ],
)
def test_rules_about_how_pods_run_and_are_reached(rule: RuleInfo, concerns: bool) -> None:
    assert concerns_trials(rule) is concerns


def test_a_rule_that_nobody_knows_counts() -> None:
    assert not concerns_trials(None)


@pytest.mark.parametrize(
    ("path", "folders", "reason"),
    [
        ("examples/pod.yaml", (), TRIED_OUT),
        ("docs/snippets/dns/pod.yaml", (), TRIED_OUT),
        ("probe/example.yaml", (), TRIED_OUT),
        ("deploy/pod.yaml", (), ""),
        ("examples/pod.yaml", ("/repo/examples",), ""),  # named on the command line
    ],
)
def test_where_they_count(path: str, folders: tuple[str, ...], reason: str) -> None:
    found = Finding("rule", Severity.CRITICAL, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2))
    infos = {"rule": info("privilege", "pod")}
    (result,) = set_aside([found], Scope(Path("/repo"), folders=folders), lambda _: Config(), infos)
    assert result.reason == reason


@pytest.mark.parametrize(
    ("command", "installed"),
    [
        ("helm install ray acme/ray -f lessons/ray/values.yaml --version 1.0.0", True),
        ("helm upgrade --install ray acme/ray \\\n  --values ./values.yaml", True),
        ("helm install ray acme/ray -f other/my-values.yaml", False),
        ("helm show values acme/ray > values.yaml", False),
        ("Change values.yaml before you install anything with helm.", False),
    ],
)
def test_values_with_which_readers_install_something(tmp_path: Path, command: str, installed: bool) -> None:
    folder = tmp_path / "lessons" / "ray"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(f"# Ray\n\n```\n{command}\n```\n")
    assert is_installed_with(str(folder / "values.yaml")) is installed
    assert Scope(tmp_path).is_tried_out("lessons/ray/values.yaml") is not installed


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("These examples are for illustration purposes only and not production-ready.", True),
        ("IMPORTANT: All manifests are intended for\ndemonstration purposes only.", True),
        ("The admin password is for demonstration purposes only.", False),  # of a part
        ("These manifests are for clusters with an illustrated guide only.", False),
        ("These examples are for production, too.", False),
    ],
)
def test_a_folder_says_that_it_is_for_illustration(tmp_path: Path, text: str, shows: bool) -> None:
    for folder in ("config/parts/agent", "overlays/agent"):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "README.md").write_text(f"# Agent\n\n{text}\n")
    assert is_illustration(str(tmp_path), "config/parts/agent/pod.yaml") is shows
    assert Scope(tmp_path).is_tried_out("config/parts/agent/pod.yaml") is shows
    assert Scope(tmp_path).is_example("config/parts/agent/pod.yaml") is shows
    assert not is_illustration(str(tmp_path), "config/parts/agent/deep/pod.yaml")
    assert not is_illustration(str(tmp_path), "config/parts/agent/Dockerfile")
    assert not is_illustration(str(tmp_path), "overlays/agent/pod.yaml")


def test_a_title_leaves_out_hygiene_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deployments" / "scheduler"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("# Deployment examples\n\nDeploys the scheduler.\n")
    assert Scope(tmp_path).is_example("deployments/scheduler/pod.yaml")
    assert not Scope(tmp_path).is_tried_out("deployments/scheduler/pod.yaml")
