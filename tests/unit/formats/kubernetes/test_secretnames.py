"""Literals that a name or a shape calls secrets."""

from __future__ import annotations

import pytest

from linter.cel import UNKNOWN
from linter.formats.kubernetes.secretnames import is_named, named_inside


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "changeme"),
        ("pwd", "x"),
        ("AZURE_BATCH_KEY", "xxx"),
        ("OCI_CLI_KEY_CONTENT", "xxx"),
        ("apiToken", "abc123"),
        ("db-passwd", "abc"),
        ("NOTES", "-----BEGIN RSA PRIVATE KEY-----\nxxx"),
        ("HEADER", "Bearer abc"),
    ],
)
def test_fillers_count(name: str, value: str) -> None:
    assert is_named(name, value) is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("MAX_TOKENS", "512"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("TOKEN_URL", "https://acme.io/token"),
        ("USE_SECRETS", "true"),
        ("SECRET_NAME", "db"),
        ("COLOR", "blue"),
        ("KEYBOARD", "us"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD", "1"),
    ],
)
def test_what_is_about_secrets_or_no_literal_does_not(name: str, value: str) -> None:
    assert is_named(name, value) is False


def test_what_is_not_known_is_not_judged() -> None:
    assert is_named("DB_PASSWORD", UNKNOWN) is UNKNOWN
    assert list(named_inside(UNKNOWN)) == []


@pytest.mark.parametrize(
    "value", ["-BEGIN" + " " * 200_000 + "x", "eyJhbGciO-" * 50_000 + "x", "Bearer" + "\t" * 200_000]
)
def test_long_values_take_no_time(value: str) -> None:
    assert is_named("COLOR", value) is False


@pytest.mark.parametrize("part", [",", " ", "\t'"])
def test_long_lines_of_settings_take_no_time(part: str) -> None:
    text = "PASSWORD=abc" + part * 200_000
    assert list(named_inside(f"{text}x\n{text}")) == ["PASSWORD", "PASSWORD"]


@pytest.mark.parametrize("line", ["PASSWORD='on',", '"PASSWORD": "on" ,', "PASSWORD=on\r"])
def test_quotes_and_commas_are_no_part_of_a_setting(line: str) -> None:
    assert list(named_inside(line)) == []


def test_lines_of_settings_are_read() -> None:
    text = "color=blue\nREDIS_PASSWORD=abcd\n  token: ${TOKEN}\nmax_tokens: 12\n"
    assert list(named_inside(text)) == ["REDIS_PASSWORD"]
