"""Values of expressions."""

from __future__ import annotations

from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.hcl import parse
from linter.formats.terraform.module import Module
from linter.formats.terraform.values import PartialData, PartialText, Reference
from linter.text import SourceText

WORLD = """
variable "env" { default = "prod" }
variable "free" {}
variable "flags" {
  type    = object({ on = optional(bool, true), name = string })
  default = { name = "x" }
}
locals {
  name   = "${var.env}-ml"
  groups = { gpu = { types = ["p5.48xlarge"] }, cpu = { types = ["m6i.large"] } }
  loop   = local.loop
}
resource "aws_kms_key" "eks" {
  description = "eks"
}
"""


def value(text: str) -> Any:
    file = parse(SourceText("main.tf", f"{WORLD}\nlocals {{\n  probe = {text}\n}}\n"))
    module = Module([file])
    return evaluate(module.locals["probe"].expr, module.scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-(1)", -1),
        ("local.name", "prod-ml"),
        ('"a-${local.name}-b"', "a-prod-ml-b"),
        ('"$${x} %%{y}"', "${x} %{y}"),
        (r'"a\nb\"c"', 'a\nb"c'),
        ('"${true}"', True),
        ("true ? 1 : 2", 1),
        ('"prod" == "prod" && !false', True),
        ('var.env == "prod"', UNKNOWN),  # each caller says
        ("[for k, v in local.groups : v.types[0]]", ["p5.48xlarge", "m6i.large"]),
        ("{ for k in ['a'] : k => upper(k) }".replace("'", '"'), {"a": "A"}),
        ("local.groups.gpu.types[0]", "p5.48xlarge"),
        ('local.groups["cpu"].types', ["m6i.large"]),
        ("values(local.groups)[*].types", [["m6i.large"], ["p5.48xlarge"]]),
        ("merge({ a = 1 }, { b = 2 })", {"a": 1, "b": 2}),
        ('lookup({ a = 1 }, "b", 3)', 3),
        ("try(local.groups.tpu.types, [])", []),
        ("can(local.groups.tpu)", False),
        ('join(",", ["a", "b"])', "a,b"),
        ('format("%s-%02d", "a", 3)', "a-03"),
        ("jsonencode({ a = [1, true, null] })", '{"a":[1,true,null]}'),
        ('yamldecode("a: [1, 2]")', {"a": [1, 2]}),
        ("concat([1], [2])", [1, 2]),
        ("length({ a = 1 })", 1),
        ('contains(["a"], "a")', True),
        ('base64decode(base64encode("x"))', "x"),
        ('cidrsubnet("10.0.0.0/16", 8, 2)', "10.0.2.0/24"),
        ('replace("a.b", ".", "-")', "a-b"),
        ("coalesce(null, 2)", 2),
        ("flatten([[1], [2, [3]]])", [1, 2, 3]),
        ("var.flags.on", True),
        ("<<-EOT\n    a: ${var.env}\n      b\n    EOT", "a: prod\n  b\n"),
        ('"%{ for x in [1, 2] ~}${x},%{ endfor ~}"', "1,2,"),
        ('"%{ if local.name == "dev" }a%{ else }b%{ endif }"', "b"),
        ("aws_kms_key.eks.description", "eks"),
        ("element([1, 2], 3)", 2),
        ("toset([1, 1, 2])", [1, 2]),
        ('templatefile("none", {})', UNKNOWN),
    ],
)
def test_values(text: str, expected: Any) -> None:
    result = value(text)
    if expected is UNKNOWN:
        assert isinstance(result, Unknown)
    else:
        assert result == expected
        assert type(result) is type(expected)


def test_a_reference_remembers_what_it_names() -> None:
    result = value("aws_kms_key.eks.arn")
    assert isinstance(result, Reference)
    assert (result.address, result.path) == ("aws_kms_key.eks", ("arn",))


def test_a_variable_without_default_is_unknown() -> None:
    assert isinstance(value("var.free"), Unknown)
    assert isinstance(value("var.free == 1"), Unknown)
    assert isinstance(value("var.free ? 1 : 2"), Unknown)


def test_logic_with_one_side_unknown() -> None:
    assert value("false && var.free") is False
    assert value("true || var.free") is True


def test_known_pieces_of_a_text_are_kept() -> None:
    result = value('"vllm:${var.free}"')
    assert isinstance(result, PartialText)
    assert result.text.startswith("vllm:")


def test_known_parts_of_json_are_kept() -> None:
    result = value("jsonencode([{ image = 'a', key = var.free }])".replace("'", '"'))
    assert isinstance(result, PartialData)
    assert result.value[0]["image"] == "a"
    assert isinstance(result.value[0]["key"], Unknown)


def test_a_local_that_needs_itself_is_unknown() -> None:
    assert isinstance(value("local.loop"), Unknown)


def test_keys_known_in_part_do_not_collide() -> None:
    result = value('{ "${var.free}:aud" = 1, "${var.free}:sub" = 2 }')
    assert sorted(result.values()) == [1, 2]
