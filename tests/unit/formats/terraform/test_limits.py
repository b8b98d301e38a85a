"""Configurations that would cost without bound read as unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linter.cel.unknown import Unknown
from linter.formats.terraform import read, read_directory
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.values import deep_unknown, too_heavy
from linter.text import SourceText


def value(body: str) -> Any:
    text = f'locals {{\n{body}\n}}\nresource "aws_x" "y" {{\n  a = local.a\n}}\n'
    subject = next(s for s in read(SourceText("main.tf", text)).root if isinstance(s, Resource))
    return subject.values["a"]


def doubling(start: str, step: str, count: int = 38) -> str:
    lines = [f"l{n} = {step.replace('PREV', f'local.l{n - 1}')}" for n in range(1, count)]
    return "\n".join([f"l0 = {start}", *lines, f"a = local.l{count - 1}"])


@pytest.mark.parametrize(
    "body",
    [
        doubling('"xxxxxxxx"', '"${PREV}${PREV}"'),
        doubling("[1]", "[PREV, PREV]"),
        doubling("[1]", "concat(PREV, PREV)"),
        doubling('"xx"', 'replace(PREV, "x", "xxxx")'),
        "a = [for x in range(5000) : [for y in range(5000) : y]]",
        "a = setproduct(range(10000), range(10000))",
        'a = indent(2000000000, "x\\ny")',
        'a = regex("^(a+)+$", "' + "a" * 60 + 'b")',
        "a = " + "[" * 500 + "]" * 500,
    ],
)
def test_what_grows_without_bound_is_unknown(body: str) -> None:
    found = value(body)
    assert deep_unknown(found)
    assert not too_heavy(found)


def test_modules_that_call_each_other(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(
            f'module "{other}" {{\n  source = "../{other}"\n}}\noutput "y" {{\n  value = module.{other}.y\n}}\n'
        )
    text = 'module "a" {\n  source = "./a"\n}\nresource "aws_x" "y" {\n  a = module.a.y\n}\n'
    (document,) = read_directory([SourceText("main.tf", text)], tmp_path)
    subject = next(s for s in document.root if isinstance(s, Resource))
    assert isinstance(subject.values["a"], Unknown)
