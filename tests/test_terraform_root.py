"""A plan and its source together: findings stand on the line that sets the value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

MODULE = """variable "encrypted" {
  type = bool
}

resource "aws_ebs_volume" "this" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = var.encrypted
}
"""
ROOT = """module "one" {
  source    = "./volume"
  encrypted = true
}

module "two" {
  source    = "./other"
}
"""
OTHER = """resource "aws_ebs_volume" "this" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = false
}
"""


def _change(module: str, encrypted: bool) -> dict[str, object]:
    values = {"availability_zone": "eu-central-1a", "size": 10, "encrypted": encrypted}
    return {
        "address": f"module.{module}.aws_ebs_volume.this",
        "module_address": f"module.{module}",
        "mode": "managed",
        "type": "aws_ebs_volume",
        "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["create"], "before": None, "after": values, "after_unknown": {}},
    }


def _tree(tmp_path: Path) -> None:
    for name, text in (("main.tf", ROOT), ("volume/main.tf", MODULE), ("other/main.tf", OTHER)):
        path = tmp_path / "infra" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    changes = [_change("one", True), _change("two", False)]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {
            "root_module": {
                "module_calls": {
                    name: {"source": source, "module": {"resources": [_configured()]}}
                    for name, source in (("one", "./volume"), ("two", "./other"))
                }
            }
        },
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))


def _configured() -> dict[str, object]:
    return {"address": "aws_ebs_volume.this", "mode": "managed", "type": "aws_ebs_volume", "name": "this"}


def test_a_finding_of_a_plan_stands_in_the_right_module(run: Run, tmp_path: Path) -> None:
    _tree(tmp_path)
    select = ("--select", "aws-ebs-unencrypted", "-f", "json")
    alone = json.loads(run("scan", "plan.json", *select).out)["findings"]
    assert [(f["path"], f["subject"]) for f in alone] == [("plan.json", "module.two.aws_ebs_volume.this")]
    joined = json.loads(run("scan", "plan.json", "--terraform-root", "infra", *select).out)["findings"]
    assert [(f["path"], f["line"]) for f in joined] == [("infra/other/main.tf", 4)]


PASSING = """variable "encrypted" {
  type    = bool
  default = %s
}

module "one" {
  source    = "./volume"
  encrypted = var.encrypted
}
"""


def _passing(tmp_path: Path, default: str, values: str = "") -> None:
    infra = tmp_path / "infra"
    (infra / "volume").mkdir(parents=True)
    (infra / "main.tf").write_text(PASSING % default)
    (infra / "volume/main.tf").write_text(MODULE)
    if values:
        (infra / "prod.auto.tfvars").write_text(values)
    call = {"source": "./volume", "module": {"resources": [_configured()]}}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"encrypted": {"value": False}},
        "resource_changes": [_change("one", False)],
        "configuration": {"root_module": {"module_calls": {"one": call}}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))


@pytest.mark.parametrize(
    ("default", "values", "path", "line"),
    [
        ("false", "", "infra/main.tf", 3),  # the default
        ("true", "encrypted = false\n", "infra/prod.auto.tfvars", 1),  # a file that Terraform reads by itself
        ("true", "", "infra/main.tf", 8),  # given on the command line: the argument that passes it on
        ("true", "encrypted = true\n", "infra/main.tf", 8),  # overruled on the command line
    ],
)
def test_where_the_value_of_a_variable_comes_from(
    run: Run, tmp_path: Path, default: str, values: str, path: str, line: int
) -> None:
    _passing(tmp_path, default, values)
    arguments = ("plan.json", "--terraform-root", "infra", "--select", "aws-ebs-unencrypted", "-f", "json")
    (found,) = json.loads(run("scan", *arguments).out)["findings"]
    assert (found["path"], found["line"]) == (path, line)
    assert ("infra/volume/main.tf", 8) in [(end["path"], end["line"]) for end in found["related"]]
