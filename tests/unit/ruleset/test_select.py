"""Which rules a peer's id selects: the exact ones where there are any, else all that have it."""

from __future__ import annotations

import pytest

from linter.finding import Confidence, RuleInfo, Severity
from linter.frozen import replace
from linter.ruleset.infos import Infos
from linter.ruleset.select import match, resolve


def info(name: str, *aliases: str, exact: bool = False, standards: tuple[str, ...] = ()) -> RuleInfo:
    """A strict rule with these aliases."""
    return RuleInfo(
        name, "t", "privilege", Severity.LOW, Confidence.HIGH, "strict", "kubernetes", "pod", "w", "f", "m",
        aliases, standards, exact=exact,
    )  # fmt: skip


RULES = Infos.of(
    (
        info("wide", "checkov:CKV_1", "checkov:CKV_2", standards=("pss:baseline",)),
        info("narrow", "checkov:CKV_1", exact=True),
        info("beside", "checkov:CKV_2", standards=("pss:baseline", "cwe:250")),
    )
)


@pytest.mark.parametrize("selector", ["checkov:CKV_1", "CKV_1"])
def test_an_exact_rule_answers_its_alias_alone(selector: str) -> None:
    assert match(selector, RULES, {}, "default") == {"narrow"}


def test_rules_that_are_not_exact_share_an_alias() -> None:
    assert match("CKV_2", RULES, {}, "default") == {"wide", "beside"}


def test_an_exact_rule_takes_nothing_from_a_standard() -> None:
    assert match("pss:baseline", RULES, {}, "default") == {"wide", "beside"}


def test_ignoring_an_alias_ignores_every_rule_that_has_it() -> None:
    assert resolve(RULES, {}, ignore=["CKV_1"], profile="strict") == {"beside"}


NAMED_ONLY = Infos.of(
    (
        *RULES.values(),
        replace(info("letter", "checkov:CKV_3", standards=("nsa-k8s:rbac", "cwe:250")), profile="named"),
    )
)


@pytest.mark.parametrize("selector", ["letter", "CKV_3", "checkov:CKV_3", "nsa-k8s"])
def test_a_named_rule_runs_when_its_name_is_said(selector: str) -> None:
    assert resolve(NAMED_ONLY, {}, select=[selector]) == {"letter"}


@pytest.mark.parametrize("selector", ["all", "privilege", "kubernetes", "cwe:250", "*"])
def test_nothing_else_brings_a_named_rule(selector: str) -> None:
    assert "letter" not in resolve(NAMED_ONLY, {}, select=[selector], profile="strict")


def test_ignoring_all_ignores_named_rules() -> None:
    assert not resolve(NAMED_ONLY, {}, extend_select=["letter"], ignore=["all"], profile="strict")
