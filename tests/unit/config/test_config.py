# ruff: noqa: E501 - tables of messages read better unbroken
from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from linter.config import Config, Source, check_mentions, load
from linter.config.show import STARTER, rows
from linter.errors import UsageError
from linter.finding import Confidence, Severity


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_defaults_without_any_file(repo: Path) -> None:
    config = load([repo]).for_file("a/b.yaml")
    assert config == Config()
    assert config.fail_on is Severity.MEDIUM
    assert str(config.origin("fail-on")) == "default"


def test_three_nested_configurations_of_a_monorepo(repo: Path) -> None:
    put(
        repo,
        "tarecheck.yaml",
        "fail-on: low\nselect: [all]\nexclude: ['**/testdata/**']\n"
        "rules:\n  max-gpus-per-pod: {severity: high, params: {max: 8, min: 1}}\n",
    )
    put(repo, "team/pyproject.toml", '[tool.tarecheck]\nfail-on = "high"\nextend-exclude = ["gen"]\n')
    put(repo, "team/svc/.tarecheck.yaml", "rules:\n  max-gpus-per-pod: {params: {max: 4}}\n")
    tree = load([repo])

    top, team, service = (
        tree.for_file(path) for path in ("a.yaml", "team/a.yaml", "team/svc/deep/er/a.yaml")
    )

    assert (top.fail_on, team.fail_on, service.fail_on) == (Severity.LOW, Severity.HIGH, Severity.HIGH)
    assert dict(service.rule("max-gpus-per-pod").params) == {"max": 4, "min": 1}
    assert service.rule("max-gpus-per-pod").severity is Severity.HIGH
    assert service.excludes(f"{repo}/x/testdata/a.yaml")
    assert service.excludes(f"{repo}/team/svc/gen/a.yaml")
    assert not team.excludes(f"{repo}/gen/a.yaml")
    assert str(service.origin("fail-on")) == "team/pyproject.toml:2:1"
    assert str(service.origin("rules.max-gpus-per-pod.params.max")) == "team/svc/.tarecheck.yaml:2:31"
    assert str(service.origin("rules.max-gpus-per-pod.severity")) == "tarecheck.yaml:5:22"


def test_the_same_directory_shares_one_configuration(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "overrides:\n  - {paths: ['*.tf'], fail-on: critical}\n")
    tree = load([repo])
    assert tree.for_file("a/x.yaml") is tree.for_file("a/y.yaml")
    assert tree.for_file("a/x.tf").fail_on is Severity.CRITICAL


def test_root_stops_the_walk(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "fail-on: low\n")
    put(repo, "vendored/tarecheck.yaml", "root: true\nprofile: strict\n")
    config = load([repo]).for_file("vendored/a.yaml")
    assert config.fail_on is Severity.MEDIUM
    assert config.profile == "strict"


def test_the_walk_ends_at_the_repository(tmp_path: Path) -> None:
    put(tmp_path, "tarecheck.yaml", "fail-on: low\n")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert load([tmp_path / "repo"]).for_file("a.yaml").fail_on is Severity.MEDIUM


def test_two_configurations_in_one_directory(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "fail-on: low\n")
    put(repo, ".tarecheck.yaml", "fail-on: low\n")
    with pytest.raises(UsageError, match=r"two configurations.*tarecheck.yaml and \.tarecheck\.yaml"):
        load([repo])


def test_a_pyproject_of_others_is_none_of_ours(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "fail-on: low\n")
    put(repo, "pyproject.toml", "[project]\nname = 'tarecheck-user'\n")
    assert load([repo]).for_file("a").fail_on is Severity.LOW


def test_precedence(repo: Path) -> None:
    put(
        repo, "tarecheck.yaml", "extends: strict\nfail-on: critical\nmin-confidence: low\nmin-severity: low\n"
    )
    tree = load(
        [repo], cli={"fail-on": "info", "ignore": None}, env={"min-confidence": "high", "fail-on": "low"}
    )
    config = tree.for_file("a")
    assert config.profile == "strict"
    assert config.fail_on is Severity.INFO
    assert config.min_confidence is Confidence.HIGH
    assert config.min_severity is Severity.LOW
    sources = [
        config.origin(key).source
        for key in ("profile", "min-severity", "min-confidence", "fail-on", "ignore")
    ]
    assert sources == [Source.PRESET, Source.FILE, Source.ENVIRONMENT, Source.COMMAND_LINE, Source.DEFAULT]


def test_isolated_reads_nothing_of_the_tree(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "not: [valid")
    assert load([repo], isolated=True, cli={"fail-on": "high"}).for_file("a").fail_on is Severity.HIGH


def test_an_explicit_file_is_read_instead(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    put(repo, "tarecheck.yaml", "fail-on: low\n")
    other = tmp_path_factory.mktemp("policy")
    put(other, "p.yaml", "fail-on: none\nexclude: [docs/]\nrule-dirs: [rules]\n")
    config = load([repo], explicit=other / "p.yaml").for_file("a")
    assert config.fail_on is None
    assert config.excludes(f"{repo}/docs/a.md")
    assert config.rule_dirs == (f"{other}/rules",)
    with pytest.raises(UsageError, match="no such configuration"):
        load([repo], explicit=other / "q.yaml")


def test_extends_a_file(repo: Path) -> None:
    put(repo, "policy/shared.yaml", "extends: adopt\nprofile: strict\nrule-dirs: [own]\nexclude: [gen/]\n")
    put(repo, "a/tarecheck.yaml", "extends: ../policy/shared.yaml\nprofile: default\n")
    config = load([repo]).for_file("a/x.yaml")
    assert (config.profile, config.fail_on) == ("default", Severity.CRITICAL)
    assert config.rule_dirs == (f"{repo}/policy/own",)
    assert config.excludes(f"{repo}/a/gen/x.yaml")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("strit", "no preset 'strit'"),
        ("./none.yaml", "no such configuration"),
        ("./tarecheck.yaml", "extends itself"),
        ("../../outside.yaml", "outside of the repository"),
        ("/etc/hostname.yaml", "outside of the repository"),
    ],
)
def test_extends_that_leads_nowhere(repo: Path, entry: str, message: str) -> None:
    put(repo, "tarecheck.yaml", f"profile: default\nextends: [{entry}]\n")
    with pytest.raises(UsageError, match=rf"^tarecheck\.yaml:2:1: .*{message}"):
        load([repo])


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("profile: strct\n", "tarecheck.yaml:1:1: profile can't be 'strct'", "did you mean 'strict'?"),
        ("\nselct: [a]\n", "tarecheck.yaml:2:1: unknown key 'selct'", "did you mean 'select'?"),
        ("rules:\n  foo: {severty: low}\n", "tarecheck.yaml:2:9: unknown key 'severty' in rules.foo", "did you mean 'severity'?"),
        ("rules:\n  foo: hi\n", "tarecheck.yaml:2:3: rules.foo can't be 'hi'", "did you mean 'high'?"),
        ("rules:\n  Foo: low\n", "tarecheck.yaml:2:3: 'Foo' is no rule id", "rule ids are lower-case words joined by hyphens"),
        ("select: a\n", "tarecheck.yaml:1:1: select must be a list", None),
        ("suppressions: {max-days: 0}\n", "tarecheck.yaml:1:16: suppressions.max-days: 0 is less than the minimum of 1", None),
        ("suppressions:\n  ignore:\n    - reason: x\n", "tarecheck.yaml:3:7: suppressions.ignore.0 needs one of rules, paths, addresses", None),
        ("suppressions:\n  ignore:\n    - rules: [x]\n", "tarecheck.yaml:3:7: suppressions.ignore.0 needs the key 'reason'", None),
        ("suppressions:\n  ignore:\n    - {rules: [x], reason: y, until: tomorrow}\n", "tarecheck.yaml:3:31: suppressions.ignore.0.until must be a date", "write it as 2027-01-31"),
        ("suppressions:\n  ignore:\n    - {rules: [x], reason: y, until: 2027-02-30}\n", "tarecheck.yaml:3:31: there is no day 2027-02-30", None),
        ("fail-on: low\nfail-on: high\n", "tarecheck.yaml:2:1: the key 'fail-on' is given twice", None),
        ("a: [\n", "tarecheck.yaml:2:1: not valid YAML: did not find expected node content", None),
        ("- a\n", "tarecheck.yaml:1:1: a configuration is a mapping of keys to values", None),
        ("x: !!python/object:os.system 1\n", "tarecheck.yaml:1:4: the tag tag:yaml.org,2002:python/object:os.system means nothing here", None),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(repo: Path, text: str, message: str, hint: str | None) -> None:
    put(repo, "tarecheck.yaml", text)
    with pytest.raises(UsageError) as caught:
        load([repo]).for_file("a")
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_places_in_toml(repo: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.tarecheck.rules.foo]\nseverity = "high"\nseverty = "high"\n'
    put(repo, "pyproject.toml", text)
    with pytest.raises(UsageError, match=r"^pyproject\.toml:6:1: unknown key 'severty' in rules.foo"):
        load([repo])
    put(repo, "pyproject.toml", "[tool.tarecheck]\nfail-on = \n")
    with pytest.raises(UsageError, match=r"^pyproject\.toml:2:11: not valid TOML"):
        load([repo])


def test_overrides_in_toml(repo: Path) -> None:
    text = '[tool.tarecheck]\nfail-on = "low"\n[[tool.tarecheck.overrides]]\npaths = ["research/**"]\nfail-on = "critical"\n'
    put(repo, "pyproject.toml", text)
    tree = load([repo])
    assert tree.for_file("research/x/a.yaml").fail_on is Severity.CRITICAL
    assert str(tree.for_file("research/x/a.yaml").origin("fail-on")) == "pyproject.toml:5:1"
    assert tree.for_file("a.yaml").fail_on is Severity.LOW


def test_a_huge_or_bottomless_file_is_refused(repo: Path) -> None:
    aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    aliases += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    put(repo, "tarecheck.yaml", aliases)
    with pytest.raises(UsageError, match="too large"):
        load([repo])
    put(repo, "tarecheck.yaml", "a: &a [*a]\n")
    with pytest.raises(UsageError, match="too large or too deeply"):
        load([repo])
    put(repo, "tarecheck.yaml", "a: " + "[" * 5000)
    with pytest.raises(UsageError, match=r"^tarecheck"):
        load([repo])
    put(repo, "tarecheck.yaml", "#" * 1_000_001)
    with pytest.raises(UsageError, match="1 MB"):
        load([repo])


def test_rule_settings_in_short(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "rules: {a: off, b: low, c: {enabled: true, ignore: [docs/]}}\n")
    put(repo, "x/tarecheck.yaml", "rules: {c: {extend-ignore: [gen]}}\n")
    config = load([repo]).for_file("x/a")
    assert config.rule("a").enabled is False
    assert config.rule("b").severity is Severity.LOW
    assert config.rule("c").enabled is True
    assert config.rule("c").ignores(f"{repo}/docs/a.yaml")
    assert config.rule("c").ignores(f"{repo}/x/gen/a.yaml")
    assert not config.rule("c").ignores(f"{repo}/a.yaml")


def test_a_locked_rule_is_out_of_reach_for_nearer_files(repo: Path) -> None:
    put(
        repo,
        "tarecheck.yaml",
        "suppressions: {locked: [hot]}\nrules: {hot: {severity: critical}, cold: low}\n",
    )
    put(
        repo,
        "x/tarecheck.yaml",
        "suppressions: {locked: [mine]}\nrules: {hot: false, cold: false, mine: high}\n",
    )
    config = load([repo], cli={"min-severity": "low"}).for_file("x/a")
    assert config.suppressions.locked == {"hot", "mine"}
    assert config.rule("hot").severity is Severity.CRITICAL
    assert config.rule("hot").enabled is None
    assert config.rule("cold").enabled is False
    assert config.rule("mine").severity is Severity.HIGH


LOCKING = (
    "fail-on: high\nsuppressions: {locked: [hot]}\nrules: {hot: {severity: critical}}\nexclude: [docs]\n"
)


@pytest.mark.parametrize("first_line", ["", "root: true\n"])
def test_nearer_files_lower_no_bar_for_a_locked_rule(repo: Path, first_line: str) -> None:
    put(repo, "tarecheck.yaml", LOCKING)
    words = (
        "fail-on: none\nmin-severity: critical\nmin-confidence: high\nrules: {hot: false}\nexclude: [gen]\n"
    )
    put(repo, "x/tarecheck.yaml", first_line + words)
    config = load([repo]).for_file("x/a.yaml")
    assert config.rule("hot").enabled is None
    assert config.rule("hot").severity is Severity.CRITICAL
    assert config.bar("hot").fails(Severity.HIGH)
    assert config.bar("hot").shows(Severity.LOW, Confidence.LOW)
    assert not config.bar("cold").fails(Severity.CRITICAL)
    assert not config.bar("cold").shows(Severity.HIGH, Confidence.HIGH)


@pytest.mark.parametrize("first_line", ["", "root: true\n"])
def test_a_nearer_exclude_leaves_locked_rules_in(repo: Path, first_line: str) -> None:
    put(repo, "tarecheck.yaml", LOCKING)
    put(repo, "x/tarecheck.yaml", first_line + "exclude: [gen, docs]\n")
    config = load([repo]).for_file("x/gen/a.yaml")
    inner, outer = f"{repo}/x/gen/a.yaml", f"{repo}/x/docs/a.yaml"
    assert not config.excludes(inner)
    assert config.insisted(inner) == {"hot"}
    assert config.excludes(outer)  # the file that locks says so, too
    assert config.insisted(outer) == set()
    assert config.insisted(f"{repo}/x/a.yaml") == set()


def test_the_command_line_moves_the_bar_of_locked_rules_too(repo: Path) -> None:
    put(repo, "tarecheck.yaml", LOCKING)
    cli = {"fail-on": "none", "extend-exclude": ["gen"]}
    config = load([repo], cli=cli).for_file("x/gen/a.yaml")
    assert not config.bar("hot").fails(Severity.CRITICAL)
    assert config.excludes(os.path.abspath("gen/a.yaml"))


def test_root_without_locked_rules_above_is_a_start_from_nothing(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "fail-on: low\nrules: {cold: critical}\n")
    put(repo, "x/tarecheck.yaml", "root: true\n")
    tree = load([repo / "x"])
    assert tree.for_file("x/a.yaml").fail_on is Severity.MEDIUM
    assert [mention.text for mention in tree.mentions()] == []


def test_suppressions_by_address(repo: Path) -> None:
    text = """\
suppressions:
  require-reason: true
  max-days: 90
  ignore:
    - rules: [imdsv1]
      paths: ["plans/**"]
      addresses: ["module.legacy"]
      reason: goes away with the old cluster
      until: 2027-01-31
      by: team-ml
"""
    put(repo, "tarecheck.yaml", text)
    policy = load([repo]).for_file("plans/p.json").suppressions
    (entry,) = policy.ignore
    assert (policy.require_reason, policy.max_days, policy.honor_foreign) == (True, 90, True)
    assert (entry.until, entry.by) == (datetime.date(2027, 1, 31), "team-ml")
    assert entry.covers_path(f"{repo}/plans/p.json")
    assert entry.covers_address("module.legacy.aws_instance.a[0]")
    assert not entry.covers_address("module.new.aws_instance.a")
    assert not entry.covers_path(f"{repo}/other/p.json")
    assert str(entry.origin) == "tarecheck.yaml:5:7"


def test_settings_of_the_run_are_read_at_the_top_and_told_elsewhere(repo: Path) -> None:
    put(
        repo,
        "tarecheck.yaml",
        "rule-dirs: [policy]\ncharts: [{path: c, values: [v.yaml], set: {a.b: true}}]\n",
    )
    put(repo, "x/tarecheck.yaml", "fail-on: low\nextend-rule-dirs: [more]\n")
    tree = load([repo])
    assert tree.top.rule_dirs == (f"{repo}/policy",)
    assert tree.top.charts[0].set == {"a.b": "true"}
    assert tree.top.charts[0].values == (f"{repo}/v.yaml",)
    tree.for_file("x/a.yaml")
    (note,) = tree.notes()
    assert (note.path, note.line, note.level) == ("x/tarecheck.yaml", 2, "warning")
    named = load([repo / "x"])
    assert named.top.rule_dirs == (f"{repo}/policy", f"{repo}/x/more")
    assert not named.notes()


def test_unknown_rules_and_parameters(repo: Path) -> None:
    rules = {"max-gpus": {"max": 8}, "other": {}}
    put(repo, "tarecheck.yaml", "select: [gpu]\nrules:\n  max-gpu: low\n")
    with pytest.raises(UsageError, match=r"^tarecheck\.yaml:3:3: no rule 'max-gpu'") as caught:
        check_mentions(load([repo]).mentions(), rules)
    assert caught.value.hint == "did you mean 'max-gpus'?"
    put(repo, "tarecheck.yaml", "rules:\n  max-gpus: {params: {maxx: 3}}\n")
    with pytest.raises(UsageError, match="has no parameter 'maxx'"):
        check_mentions(load([repo]).mentions(), rules)
    put(repo, "tarecheck.yaml", "rules:\n  max-gpus: {params: {max: many}}\n")
    with pytest.raises(UsageError, match="'max' must be int"):
        check_mentions(load([repo]).mentions(), rules)
    put(repo, "tarecheck.yaml", "suppressions: {locked: [othr]}\n")
    with pytest.raises(UsageError, match=r"tarecheck\.yaml:1:25: no rule 'othr'"):
        check_mentions(load([repo]).mentions(), rules)


def test_selectors_are_handed_on_with_their_place(repo: Path) -> None:
    put(repo, "tarecheck.yaml", "select:\n  - gpu\n  - trivy:KSV-0017\n")
    found = [(mention.text, str(mention.origin)) for mention in load([repo]).mentions()]
    assert found == [("gpu", "tarecheck.yaml:2:5"), ("trivy:KSV-0017", "tarecheck.yaml:3:5")]


def test_policy_from_another_source(repo: Path) -> None:
    class Base:
        def read(self, path: str) -> bytes | None:
            return b"fail-on: low\n" if path == f"{repo}/tarecheck.yaml" else None

    put(repo, "tarecheck.yaml", "fail-on: none\n")
    assert load([repo], source=Base()).for_file("a").fail_on is Severity.LOW


def test_an_explicit_file_of_the_tree_comes_from_the_other_source_too(
    repo: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    class Base:
        def read(self, path: str) -> bytes | None:
            return b"fail-on: low\n" if path == f"{repo}/ci/policy.yaml" else None

    put(repo, "ci/policy.yaml", "fail-on: none\n")
    put(repo, "ci/mine.yaml", "fail-on: none\n")
    assert load([repo], source=Base(), explicit=repo / "ci/policy.yaml").for_file("a").fail_on is Severity.LOW
    with pytest.raises(UsageError, match="no such configuration file"):
        load([repo], source=Base(), explicit=repo / "ci/mine.yaml")
    outside = tmp_path_factory.mktemp("ci")
    put(outside, "p.yaml", "fail-on: high\n")
    assert load([repo], source=Base(), explicit=outside / "p.yaml").for_file("a").fail_on is Severity.HIGH


def test_the_digest_is_the_same_in_another_checkout(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        root = tmp_path / name
        (root / ".git").mkdir(parents=True)
        put(
            root,
            "tarecheck.yaml",
            "exclude: [a]\nrules: {x: {ignore: [b]}}\nsuppressions: {locked: [c, d]}\n",
        )
        digests.append(load([root]).for_file("f").digest(str(root)))
    assert digests[0] == digests[1]
    assert digests[0] != Config().digest("/")


def test_show_tells_every_setting_and_its_origin(repo: Path) -> None:
    put(
        repo,
        "tarecheck.yaml",
        "exclude: [gen]\nrules: {a: {severity: low, params: {max: 1}}}\nrule-dirs: [p]\n",
    )
    tree = load([repo])
    table = {key: (value, str(origin)) for key, value, origin in rows(tree.for_file("a"), tree.root)}
    assert table["exclude"] == (["gen"], "tarecheck.yaml:1:1")
    assert table["rules.a.params.max"] == (1, "tarecheck.yaml:2:37")
    assert table["rule-dirs"] == (["p"], "tarecheck.yaml:3:1")
    assert table["fail-on"] == ("medium", "default")


def test_the_starter_is_valid(repo: Path) -> None:
    put(repo, "tarecheck.yaml", STARTER)
    assert load([repo]).for_file("a").suppressions.require_reason


def test_env_values_reach_files_without_any_configuration(tmp_path: Path) -> None:
    tree = load([tmp_path], env={"profile": "strict"}, cli={"exclude": ["x"]})
    assert tree.for_file("a").profile == "strict"
