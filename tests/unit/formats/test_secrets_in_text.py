"""Secrets anywhere in a file, once each."""

from types import SimpleNamespace
from typing import Any

import pytest

from linter.finding import Confidence, Finding, Location, Severity
from linter.formats.document import Document
from linter.formats.secrets import sample
from linter.ruleset.secret_text import INFO, SECRET_IN_TEXT, secret_findings
from linter.text import SourceText


def policy(*, enabled: bool = True) -> Any:
    infos = {SECRET_IN_TEXT: INFO, "other-secret": INFO}
    return SimpleNamespace(
        enabled=frozenset({SECRET_IN_TEXT} if enabled else ()),
        ruleset=SimpleNamespace(infos=infos),
        severity=lambda info: info.severity,
    )


def findings(
    text: str, found: tuple[Finding, ...] = (), *, enabled: bool = True, path: str = "x"
) -> list[Finding]:
    return secret_findings(Document(SourceText(path, text), "kubernetes"), found, policy(enabled=enabled))


def test_a_secret_in_a_comment() -> None:
    token = sample("huggingface-user-token")
    (finding,) = findings(f"# old token: {token}\nkind: Pod\n")
    assert (finding.rule, finding.location.line, finding.location.column) == (SECRET_IN_TEXT, 1, 14)
    assert finding.confidence is Confidence.HIGH
    assert "huggingface-user-token" in finding.message
    assert token not in repr(finding)


def test_a_secret_that_another_rule_told_is_not_told_twice() -> None:
    token = sample("huggingface-user-token")
    text = f"- name: HF_TOKEN\n  value: {token}\n"
    told = Finding("other-secret", Severity.HIGH, Confidence.HIGH, "", Location("x", 1, 3, 1, 17))
    assert findings(text, (told,)) == []
    assert len(findings(text)) == 1


def test_nothing_without_secrets_or_when_switched_off() -> None:
    assert findings("kind: Pod\nmax_tokens: 4096\n") == []
    assert findings(f"# {sample('huggingface-user-token')}\n", enabled=False) == []


def test_a_hash_in_a_comment_shows_how_one_is_written() -> None:
    digest = "$apr1$" + sample("password-hash")[8:16] + "$" + sample("password-hash")[8:30]
    assert findings(f"data: {{}}\n#   auth: |\n#     alice:{digest}\n") == []
    assert len(findings(f"data:\n  auth: |\n    alice:{digest}\n")) == 1
    assert len(findings(f"#   key: |\n#     {sample('private-key')}\n")) == 1


def test_comments_in_values_of_a_chart_show_how_to_fill_a_key_in() -> None:
    text = f"# LICENSE_KEY: kjh{23}ljkbndskj{345}\n"
    assert len(findings(text)) == 1
    assert findings(text, path="chart/values.yaml") == []
    token = f"# HF_TOKEN: {sample('huggingface-user-token')}\n"
    assert len(findings(token, path="chart/values.yaml")) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("description: |-\n  The key of the account.\n  e.g.: {}\ntype: string\n", 0),
        ("description: |-\n  The token.\n  Example:\n    {}\n", 0),
        ("description: |-\n  The token. Example: {}\n", 0),
        ("description: |-\n  An example:\n  token: {}\n", 1),
        ("token: {} # e.g. of ours\n", 1),
        ("# e.g. {}\n", 1),
    ],
)
def test_what_a_description_calls_an_example(text: str, told: int) -> None:
    shown = text.format(sample("huggingface-user-token"))
    assert len(findings(f"kind: CustomResourceDefinition\n{shown}")) == told
    assert len(findings(shown)) == 1  # of no schema: whoever issued it may have issued this one


def test_a_password_that_is_called_an_example() -> None:
    made_up = f"kjh{23}ljkbndskj{345}"
    assert len(findings(f"The password (e.g.: password = {made_up}) of the account.\n")) == 0
    assert len(findings(f"password = {made_up}\n")) == 1


def test_a_token_that_is_proved_is_no_example() -> None:
    shown = f"kind: CustomResourceDefinition\ndescription: |-\n  e.g.: {sample('github-token')}\n"
    assert len(findings(shown)) == 1


def test_a_key_is_no_model_servers_by_a_name_that_all_have() -> None:
    (finding,) = findings(f"api_key = {sample('model-server-api-key')}\n")
    assert "named-secret" in finding.message
