"""Where plans print the value of a variable, and what callers answer for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linter.formats.terraform.reading import read_directory
from linter.text import SourceText
from tests.test_cli import Run, run

__all__ = ["run"]

RULE = "secret-variable-not-sensitive"


def printed(text: str) -> list[str]:
    """The variables that are printed."""
    (document,) = read_directory([SourceText("main.tf", text)], None)
    return [v.name for v in document.root if type(v).__name__ == "Variable" and v.is_printed]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ('resource "local_file" "a" { content = "x ${var.token}" }', True),
        ('resource "local_file" "a" { content = var.on ? var.token : "" }', True),
        ('resource "local_file" "a" { content = var.token == "" ? "none" : "some" }', False),
        ('resource "local_file" "a" { content = sha256(var.token) }', False),
        ('resource "local_file" "a" { content = jsonencode({ a = [var.token] }) }', True),
        ('resource "local_file" "a" { content = "%{ if var.token != "" }some%{ endif }" }', False),
        ('resource "local_file" "a" { content = "%{ if var.on }${var.token}%{ endif }" }', True),
        ('resource "local_file" "a" { content = var.names[var.token] }', False),
        ('resource "local_sensitive_file" "a" { content = var.token }', False),
        ('resource "kubernetes_secret_v1" "a" { data = { token = var.token } }', False),
        ('resource "kubernetes_config_map_v1" "a" { data = { token = var.token } }', True),
        ('resource "aws_thing" "a" { auth_token = var.token }', False),
        ('resource "aws_thing" "a" {\n connection {\n host = var.token\n }\n}', False),
        (
            'resource "aws_thing" "a" {\n dynamic "env" {\n for_each = { a = var.token }\n content {}\n }\n}',
            True,
        ),
        ('resource "helm_release" "a" {\n set_sensitive {\n value = var.token\n }\n}', False),
        ('resource "helm_release" "a" {\n set {\n value = var.token\n }\n}', True),
        ('data "template_file" "a" { vars = { a = var.token } }', False),
        (
            'data "template_file" "a" { vars = { a = var.token } }\n'
            'resource "local_file" "a" { content = data.template_file.a.rendered }',
            True,
        ),
        ('locals { a = { b = var.token, c = 1 } }\nresource "local_file" "a" { content = local.a.c }', False),
        ('locals { a = { b = var.token, c = 1 } }\nresource "local_file" "a" { content = local.a.b }', True),
        ('locals { a = { b = local.a, c = var.token } }\nresource "x" "a" { content = local.a["b"] }', True),
        ('output "a" { value = var.token }', False),  # of a module: not printed
        ('provider "x" {}\noutput "a" { value = var.token }', True),
        ('provider "x" {}\noutput "a" {\n value = var.token\n sensitive = true\n}', False),
        ('module "a" {\n source = "example/a/x"\n token = var.token\n}', False),
    ],
)
def test_what_prints_a_value(use: str, expected: bool) -> None:
    assert ("token" in printed(f'variable "token" {{}}\n{use}\n')) is expected


MODULE = """variable "password" {}
resource "local_file" "a" {
  content = var.password
}
"""
CALL = 'module "a" {\n  source   = "../../modules/a"\n  password = %s\n}\n'


def told(run: Run, root: Path, files: dict[str, str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Files with a finding and where the value is printed, and those where one is set aside."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    result = run("scan", str(root), "--isolated", "--exit-zero", "-f", "json", "--show-suppressed")
    report: dict[str, Any] = json.loads(result.out)
    counted = [
        (f["path"], [r["path"] for r in f["related"]]) for f in report["findings"] if f["rule"] == RULE
    ]
    aside = [f["path"] for f in report["not_counted"] if f["rule"] == RULE]
    return sorted((path, places) for path, places in counted), aside


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("data.vault_kv_secret_v2.all.data.password", True),
        ("random_password.one.result", True),
        ('sensitive(file("p"))', True),
        ("local.password", True),
        ("module.store.password", True),
        ("module.plain.name", False),
        ("var.marked", True),
        ("each.value", False),
        ('"written-out"', False),
    ],
)
def test_callers_that_give_what_is_masked(
    given: str, answered: bool, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = """variable "marked" {
  sensitive = true
}
locals {
  password = "p-${data.aws_secretsmanager_secret_version.one.secret_string}"
}
module "store" {
  source = "../../modules/store"
}
module "plain" {
  source = "../../modules/store"
}
"""
    files = {
        "modules/a/main.tf": MODULE,
        "modules/store/main.tf": 'output "password" {\n  value = random_password.one.result\n}\n'
        'output "name" {\n  value = aws_thing.one.name\n}\n',
        "stacks/one/main.tf": root + CALL % given,
    }
    counted, aside = told(run, tmp_path, files)
    assert [path for path, _ in counted] == ([] if answered else ["modules/a/main.tf"])
    assert aside == (["modules/a/main.tf"] if answered else [])


def test_a_variable_that_is_passed_on_is_told_where_it_comes_from(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "modules/a/main.tf": MODULE,
        "stacks/one/main.tf": 'variable "password" {}\n' + CALL % "var.password",
    }
    counted, aside = told(run, tmp_path, files)
    assert counted == [("stacks/one/main.tf", ["modules/a/main.tf"])]
    assert aside == ["modules/a/main.tf"]


def test_one_caller_of_two_is_not_enough(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "modules/a/main.tf": MODULE,
        "stacks/one/main.tf": CALL % "random_password.one.result",
        "stacks/two/main.tf": CALL % "local.unknown",
    }
    counted, _ = told(run, tmp_path, files)
    assert [path for path, _ in counted] == ["modules/a/main.tf"]
