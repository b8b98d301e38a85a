"""Configuration and rule files that were made to hurt: refused with a place and a reason, or of no effect."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from linter.errors import RuleError, UsageError
from linter.recipe import Recipe
from linter.ruleset import evaluate, guests
from linter.ruleset.files import rule_files
from linter.ruleset.load import load_files
from linter.scan import Request, scan
from tests.hostile.attack import POD
from tests.hostile.test_in_process import _guard

__all__ = ["_guard"]  # the fixture: nothing here may hang

BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
RULE = """id: boom
title: Boom goes the rule
category: correctness
severity: high
confidence: high
profile: default
for: container
when: WHEN
at: container.name
message: MESSAGE
why: So it is said here.
fix: Do it like this.
examples:
  - good: |
      apiVersion: v1
  - good: |
      apiVersion: v1
"""


def _tree(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB + "select: *a29\n", "too large or too deeply nested"),
        ("select: " + "[" * 100_000, "nesting depth"),
        ("extends: ../../../../etc/passwd\n", "outside of the repository"),
        ("extends: /etc/passwd\n", "outside of the repository"),
        ("extends: tarecheck.yaml\n", "extends itself"),
        ("extends: c0.yaml\n", "in a row"),
        ("extends: pipe.yaml\n", "no such configuration"),
        ("extends: zero.yaml\n", "outside of the repository"),
        ("exclude: [" + ",".join(f"'*x{n}'" for n in range(20_000)) + "]\n", "more than 1,000 entries"),
        ("overrides:\n" + "  - {paths: [x], fail-on: high}\n" * 5_000, "more than 1,000 entries"),
        ("rules: {root-user: {severity: " + "9" * 100_000 + "}}\n", "digits"),
        ("max-file-size: 9" + ":59" * 100_000 + "\n", "digits"),
        ("max-file-size: 0x" + "f" * 500_000 + "\n", "digits"),
        ("max-file-size: !!int ''\n", "is no int"),
        ("max-file-size: !!float ''\n", "is no float"),
        ("everywhere: !!bool maybe\n", "is no bool"),
        (
            "overrides:\n" + f"  - {{paths: [{', '.join('abcdef')}], fail-on: high}}\n" * 900,
            "more than 4,000 entries in all lists",
        ),
        ("exclude: ['" + "*a" * 100 + "']\n", "more than 50 stars"),
        ("select: ['" + "[" * 100_000 + "']\n", "a text of more than 4,000 characters"),
        ("extends: " + "a/" * 100_000 + "x.yaml\n", "a text of more than 4,000 characters"),
        ("extends: [d0.yaml, e0.yaml]\n", "more than 100 files are taken in"),
        ("baseline: [1]\n", "baseline"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_a_hostile_configuration_is_refused(text: str, words: str, tmp_path: Path) -> None:
    _tree(tmp_path, {f"c{n}.yaml": f"extends: c{n + 1}.yaml\n" for n in range(100)})
    _tree(
        tmp_path,
        {f"{x}{n}.yaml": f"extends: [d{n + 1}.yaml, e{n + 1}.yaml]\n" for n in range(18) for x in "de"},
    )
    _tree(tmp_path, {"d18.yaml": "", "e18.yaml": "", "tarecheck.yaml": text})
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with pytest.raises(UsageError, match=words):
        Recipe(paths=(str(tmp_path),)).prepare()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ignore = [\n[" + " " * 100_000 + "\n]]\n", "must be text"),
        (".".join(["a"] * 100_000) + " = 1\n", "too deeply nested"),
        ("a = {" + ".".join(["'b'"] * 1_000) + " = 1}\n", "too deeply nested"),
        ("[" + ".".join(["tool.tarecheck"] * 5_000) + "]\n", "too deeply nested"),
        ("a = " + "[{a = " * 60 + "1" + "}]" * 60 + "\n", "too deeply nested"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_hostile_table_of_pyproject_is_refused(text: str, words: str, tmp_path: Path) -> None:
    _tree(tmp_path, {"pyproject.toml": "[tool.tarecheck]\n" + text})
    with pytest.raises(UsageError, match=words):
        Recipe(paths=(str(tmp_path),)).prepare()


def test_a_tag_in_a_configuration_makes_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    _tree(tmp_path, {"tarecheck.yaml": f'select: !!python/object/apply:os.system ["touch {mark}"]\n'})
    with pytest.raises(UsageError):
        Recipe(paths=(str(tmp_path),)).prepare()
    assert not mark.exists()


NUMBERS = "[" + ",".join(map(str, range(200))) + "]"
TEXT = "a" * 5_000


def _nested(depth: int) -> str:
    return f"{NUMBERS}.all(a{depth}, {_nested(depth - 1) if depth else 'true'})"


@pytest.mark.parametrize(
    "when",
    [
        _nested(6),
        "(" * 20_000 + "true" + ")" * 20_000,
        "!" * 9_000 + "true",
        "true ? " * 1_000 + "true" + ": false" * 1_000,
        "size(" + "[" * 5_000 + "]" * 5_000 + ") > 0",
        '"a".matches("' + "(" * 5_000 + "a" + ")" * 5_000 + '")',
        "9" * 10_000 + " > 0",
        "container.__class__ == null",
    ],
    ids=lambda text: text[:20],
)
def test_a_hostile_condition_is_refused(when: str, tmp_path: Path) -> None:
    _tree(
        tmp_path, {"policy/kubernetes/boom.yaml": RULE.replace("WHEN", repr(when)).replace("MESSAGE", "Hi.")}
    )
    rules, errors = load_files(rule_files(tmp_path / "policy"), tmp_path)
    assert not rules
    assert [type(error) for error in errors] == [RuleError]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a|aa)*b", "((a{1000}){1000}){1000}", "(.*)*(.*)*x"])
def test_a_pattern_that_backtracks_elsewhere_ends_here(pattern: str) -> None:
    from linter.cel import Environment

    program = Environment([]).compile(f'"{TEXT}!".matches("{pattern}")')
    assert program.evaluate() is False


def test_rule_folders_with_pipes_devices_and_circles(tmp_path: Path) -> None:
    _tree(tmp_path, {"policy/kubernetes/a.yaml": "x"})
    folder = tmp_path / "policy" / "kubernetes"
    os.mkfifo(folder / "pipe.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    (folder / "out.yaml").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to("..")
    (folder / "same.yaml").symlink_to("a.yaml")
    assert [path.name for path in rule_files(tmp_path / "policy")] == ["a.yaml", "same.yaml"]


def test_a_folder_of_everything_is_no_folder_of_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linter.ruleset.files.MAX_ENTRIES", 10)
    _tree(tmp_path, {f"{n}.txt": "" for n in range(20)})
    with pytest.raises(UsageError, match="too many files"):
        rule_files(tmp_path)


def test_a_huge_rule_file_is_not_read(tmp_path: Path) -> None:
    _tree(tmp_path, {"policy/kubernetes/boom.yaml": ""})
    os.truncate(tmp_path / "policy/kubernetes/boom.yaml", 3_000_000_000)
    _, errors = load_files(rule_files(tmp_path / "policy"), tmp_path)
    assert "larger than" in str(errors[0])


def test_thousands_of_entries_are_compared_with_thousands_of_findings(tmp_path: Path) -> None:
    entries = "".join(
        f"    - {{rules: ['*a*{n}'], paths: ['**/*a*{n}/**'], addresses: ['*a*b*{n}'], reason: x}}\n"
        for n in range(900)
    )
    pods = "---\n".join(POD.replace("name: p", f"name: p{n}") for n in range(2_000))
    _tree(tmp_path, {"tarecheck.yaml": f"suppressions:\n  ignore:\n{entries}", "pods.yaml": pods})
    started = time.process_time()
    report = scan(Request(paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),)), cwd=tmp_path, jobs=1))
    assert len(report.findings) > 2_000
    assert time.process_time() - started < 15


def test_a_thousand_configurations_share_what_is_asked(tmp_path: Path) -> None:
    _tree(tmp_path, {f"d{n}/{name}": text for n in range(300) for name, text in (("tarecheck.yaml", "profile: strict\n"), ("pod.yaml", POD))})  # fmt: skip
    prepared = Recipe(paths=(str(tmp_path),)).prepare()
    plans = {id(prepared.policy(tmp_path / f"d{n}" / "pod.yaml").plan("kubernetes")) for n in range(300)}
    assert len(plans) == 1


BIG = (
    'cel.bind(a, "aaaaaaaaaa", cel.bind(b, a+a+a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b+b+b, '
    "cel.bind(d, c+c+c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d+d+d, %s)))))"
)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="limits time as POSIX has it")
@pytest.mark.parametrize(
    "when",
    [
        BIG % 'd.split("").all(x, d.split("").all(y, d.split("").all(z, x == y)))',
        BIG % 'size(e.split("").map(x, e + x)) > 0',
        BIG % 'e.split("").exists(x, e.contains(d + "b"))',
        "container.env.all(a, container.env.all(b, container.env.all(c, a.name != b.name || b.name != c.name || true)))",
    ],
    ids=["loops", "memory", "texts", "document"],
)
def test_a_rule_that_takes_too_long_is_told_and_no_other_lost(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "WATCH", guests.Watch())
    monkeypatch.setattr(evaluate, "MAX_TIME", 0.3)
    env = "      env:\n" + "".join(f"        - {{name: A{n}, value: x}}\n" for n in range(5_000))
    pod = f"{POD}      securityContext: {{privileged: true}}\n"
    rule = RULE.replace("WHEN", repr(when)).replace("MESSAGE", "Hi.")
    _tree(tmp_path, {"policy/kubernetes/boom.yaml": rule, "tarecheck.yaml": "rule-dirs: [policy]\n"})
    _tree(tmp_path, {"a.yaml": pod + env, "b.yaml": pod})
    report = scan(Request(paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),)), cwd=tmp_path, jobs=1))
    assert len([f for f in report.findings if f.rule == "privileged-container"]) == 2
    assert [d.message for d in report.diagnostics if "'boom'" in d.message]
