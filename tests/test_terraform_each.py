"""Values of for_each and of files of values, and the lines that set them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

MAP = """{
  one = {
    public = true
  }
  two = {
    public = false
  }
}"""
DATABASE = """resource "aws_db_instance" "runs" {
  for_each            = %s
  publicly_accessible = %s
  storage_encrypted   = true
}
"""
VALUES = """variable "public" {
  type = bool
}

resource "aws_db_instance" "runs" {
  publicly_accessible = var.public
  storage_encrypted   = true
}
"""


def _public(run: Run, *args: str) -> list[dict[str, Any]]:
    out = run("scan", ".", "--select", "rds-public", "-f", "json", "--no-cache", *args).out
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return found


@pytest.mark.parametrize(
    ("above", "source", "ends"),
    [
        (f"locals {{\n  all = {MAP}\n}}\n", "local.all", ["used", "passed"]),
        (f'variable "all" {{\n  default = {MAP}\n}}\n', "var.all", ["used", "passed"]),
        (f"locals {{\n  all = merge({{}}, {MAP})\n}}\n", "tomap(local.all)", ["used", "passed"]),
        ("", MAP, ["used"]),
    ],
)
def test_a_value_of_each_stands_in_its_entry(
    run: Run, tmp_path: Path, above: str, source: str, ends: list[str]
) -> None:
    text = above + DATABASE % (source, "each.value.public")
    (tmp_path / "main.tf").write_text(text)
    (found,) = _public(run)
    assert text.splitlines()[found["line"] - 1].strip() == "public = true"
    assert found["instances"] == ['aws_db_instance.runs["one"]']
    assert [end["message"].split()[3] for end in found["related"]] == ends
    used = text.splitlines()[found["related"][0]["line"] - 1]
    assert used.strip() == "publicly_accessible = each.value.public"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('{ for name in ["one"] : name => { public = true } }', "each.value.public"),
        (MAP, "try(each.value.open, true)"),
        (MAP, 'each.key == "one"'),
    ],
)
def test_a_value_that_is_computed_stands_where_it_is_used(
    run: Run, tmp_path: Path, source: str, value: str
) -> None:
    text = DATABASE % (source, value)
    (tmp_path / "main.tf").write_text(text)
    (found,) = _public(run)
    assert "publicly_accessible" in text.splitlines()[found["line"] - 1]


def test_an_element_of_a_set_is_found(run: Run, tmp_path: Path) -> None:
    text = DATABASE % ('toset([\n    "false",\n    "true",\n  ])', "each.value")
    (tmp_path / "main.tf").write_text(text)
    (found,) = _public(run)
    assert text.splitlines()[found["line"] - 1].strip() == '"true",'


def test_an_entry_that_is_not_known_has_no_verdict(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATABASE % ("var.all", "each.value.public"))
    assert _public(run) == []


def test_values_in_json_are_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(VALUES)
    (tmp_path / "prod.auto.tfvars.json").write_text('{\n  "size": {"a": 1},\n  "public": true\n}\n')
    (found,) = _public(run)
    assert (found["path"], found["line"]) == ("prod.auto.tfvars.json", 3)
    (end,) = found["related"]
    assert (end["path"], end["line"], end["message"]) == ("main.tf", 6, "The value is used here.")


@pytest.mark.parametrize(
    ("loses", "wins"),
    [
        ("terraform.tfvars", "a.auto.tfvars"),
        ("terraform.tfvars", "terraform.tfvars.json"),
        ("terraform.tfvars.json", "a.auto.tfvars.json"),
        ("a.auto.tfvars.json", "b.auto.tfvars"),
    ],
)
def test_the_file_of_values_that_terraform_reads_last_wins(
    run: Run, tmp_path: Path, loses: str, wins: str
) -> None:
    (tmp_path / "main.tf").write_text(VALUES)
    for name, value in ((loses, "false"), (wins, "true")):
        text = f'{{"public": {value}}}' if name.endswith(".json") else f"public = {value}\n"
        (tmp_path / name).write_text(text)
    (found,) = _public(run)
    assert found["path"] == wins


def test_text_in_json_values_is_no_template(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(VALUES.replace("var.public", 'var.public == "$${x}"'))
    (tmp_path / "terraform.tfvars.json").write_text('{"public": "${x}"}')
    (found,) = _public(run)
    assert found["path"] == "main.tf"


def test_a_plan_finds_the_values_in_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(VALUES)
    (tmp_path / "terraform.tfvars.json").write_text('{\n  "public": true\n}\n')
    values = {"publicly_accessible": True, "storage_encrypted": True}
    resource = {"mode": "managed", "type": "aws_db_instance", "name": "runs", "values": values}
    resource["address"] = "aws_db_instance.runs"
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "variables": {"public": {"value": True}},
        "planned_values": {"root_module": {"resources": [resource]}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    found = json.loads(
        run(
            "scan", "plan.json", "--terraform-root", ".", "--select", "rds-public", "-f", "json", "--no-cache"
        ).out
    )["findings"]
    assert [(f["path"], f["line"]) for f in found] == [("terraform.tfvars.json", 2)]


GROUP = """resource "aws_security_group" "a" {
  name = "a"
  dynamic "ingress" {
    for_each = %s
    %s
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = %s.value.cidrs
    }
  }
}
"""


@pytest.mark.parametrize("iterator", ["ingress", "rule"])
@pytest.mark.parametrize("shape", ["{\n  a = %s\n  b = %s\n}", "[\n  %s,\n  %s\n]"])
def test_a_value_of_a_dynamic_block_stands_in_its_entry(
    run: Run, tmp_path: Path, shape: str, iterator: str
) -> None:
    rules = shape % ('{ cidrs = ["10.0.0.0/8"] }', '{ cidrs = ["0.0.0.0/0"] }')
    named = "iterator = rule" if iterator == "rule" else ""
    text = f"locals {{\n  all = {rules}\n}}\n" + GROUP % ("local.all", named, iterator)
    (tmp_path / "main.tf").write_text(text)
    out = run("scan", ".", "--select", "aws-sg-admin-port-open", "-f", "json", "--no-cache").out
    (found,) = json.loads(out)["findings"]
    assert "0.0.0.0/0" in text.splitlines()[found["line"] - 1]
    used = text.splitlines()[found["related"][0]["line"] - 1]
    assert used.strip() == f"cidr_blocks = {iterator}.value.cidrs"


CHILD = """variable "public" {
  type = bool
}

variable "name" {
  default = "runs"
}

resource "aws_db_instance" "runs" {
  identifier          = var.name
  publicly_accessible = var.public
  storage_encrypted   = true
}

output "public" {
  value = var.public
}
"""


def _called(tmp_path: Path, source: str, value: str, more: str = "") -> str:
    """A root module that calls a child once for each entry of `source`."""
    (tmp_path / "child").mkdir()
    (tmp_path / "child" / "main.tf").write_text(CHILD)
    text = f'module "db" {{\n  source   = "./child"\n  for_each = {source}\n  public   = {value}\n}}\n{more}'
    (tmp_path / "main.tf").write_text(text)
    return text


@pytest.mark.parametrize(
    "value",
    [
        "each.value.public",
        "try(each.value.public, false)",
        'lookup(each.value, "public", false)',
        'each.value["public"]',
    ],
)
def test_a_module_is_judged_for_each_of_its_instances(run: Run, tmp_path: Path, value: str) -> None:
    text = _called(tmp_path, MAP, value)
    (found,) = _public(run)
    assert (found["path"], text.splitlines()[found["line"] - 1].strip()) == ("main.tf", "public = true")
    assert found["subject"] == 'module.db["one"].aws_db_instance.runs'
    assert {(end["path"], end["line"]) for end in found["related"]} == {
        ("child/main.tf", 11),
        ("main.tf", 11),
    }


def test_instances_that_share_a_line_are_one_finding(run: Run, tmp_path: Path) -> None:
    text = _called(tmp_path, 'toset(["a", "b"])', 'each.key != "c"')
    (found,) = _public(run)
    assert text.splitlines()[found["line"] - 1].strip() == 'public   = each.key != "c"'
    assert found["instances"] == [f'module.db["{key}"].aws_db_instance.runs' for key in "ab"]


def test_an_entry_without_the_attribute_has_the_other_value(run: Run, tmp_path: Path) -> None:
    _called(tmp_path, "{ a = {}, b = { public = false } }", "try(each.value.public, true)")
    (found,) = _public(run)
    assert found["subject"] == 'module.db["a"].aws_db_instance.runs'


def test_of_many_instances_the_rest_has_no_verdict(run: Run, tmp_path: Path) -> None:
    _called(tmp_path, "{ for n in range(100) : format(\"%03d\", n) => n }", "each.value > 18")  # fmt: skip
    (found,) = _public(run)
    assert found["subject"] == 'module.db["019"].aws_db_instance.runs'


def test_instances_that_are_not_known_have_no_verdict(run: Run, tmp_path: Path) -> None:
    _called(tmp_path, "var.all", "each.value.public", 'variable "all" {}\n')
    assert _public(run) == []


def test_the_output_of_an_instance_is_known(run: Run, tmp_path: Path) -> None:
    more = 'resource "aws_db_instance" "copy" {\n  publicly_accessible = module.db["one"].public\n}\n'
    _called(
        tmp_path, MAP.replace("public = true", "public = false\n    other = true"), "each.value.public", more
    )
    assert _public(run) == []
    text = (tmp_path / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(text.replace("= each.value.public", "= try(each.value.other, false)"))
    assert {found["subject"] for found in _public(run)} == {
        'module.db["one"].aws_db_instance.runs',
        "aws_db_instance.copy",
    }


def test_the_arguments_of_a_registry_module_are_judged_for_each_instance(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'module "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "21.0.0"\n'
        f"  for_each = {MAP}\n  endpoint_public_access = each.value.public\n}}\n"
    )
    out = run("scan", ".", "--select", "module-eks-public-endpoint-open", "-f", "json", "--no-cache").out
    (found,) = json.loads(out)["findings"]
    assert found["instances"] == ['module.eks["one"]']


SWITCHED = """variable "sources" {
  default = %s
}

resource "aws_security_group" "runs" {
  count = length(var.sources) > 0 ? 1 : 0

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = length(var.sources) == 0 ? ["0.0.0.0/0"] : var.sources
  }
}
"""


@pytest.mark.parametrize(("default", "lines"), [("[]", []), ('["0.0.0.0/0"]', [12])])
def test_what_is_switched_on_later_has_other_values_than_the_defaults_that_switch_it_off(
    run: Run, tmp_path: Path, default: str, lines: list[int]
) -> None:
    (tmp_path / "main.tf").write_text(SWITCHED % default)
    out = run("scan", ".", "--select", "aws-sg-admin-port-open", "-f", "json", "--no-cache").out
    assert [f["line"] for f in json.loads(out)["findings"]] == lines


def test_a_block_that_a_default_leaves_out_stands_where_it_is_left_out(run: Run, tmp_path: Path) -> None:
    text = (
        'variable "cidrs" {\n  default = []\n}\n'
        'resource "google_container_cluster" "c" {\n  name = "c"\n'
        '  dynamic "master_authorized_networks_config" {\n    for_each = length(var.cidrs) > 0 ? [1] : []\n'
        "    content {\n      cidr_blocks {\n        cidr_block = var.cidrs[0]\n      }\n    }\n  }\n}\n"
    )
    (tmp_path / "main.tf").write_text(text)
    out = run("scan", ".", "--select", "gke-public-control-plane", "-f", "json", "--no-cache").out
    (found,) = json.loads(out)["findings"]
    assert text.splitlines()[found["line"] - 1].strip().startswith("for_each")
    assert found["message"].endswith("The value is the default of variable 'cidrs'.")


ENCRYPTED = """variable "encryption" {
  default = %s
}

locals {
  chosen = %s
}

resource "google_container_cluster" "c" {
  name = "c"
  dynamic "database_encryption" {
    for_each = %s
    content {
      state    = database_encryption.value.state
      key_name = database_encryption.value.key
    }
  }
}
"""
OFF = '[{\n    state = "DECRYPTED"\n    key   = ""\n  }]'
ON = '[{\n    state = "ENCRYPTED"\n    key   = "k"\n  }]'


@pytest.mark.parametrize(
    ("default", "chosen", "source"),
    [
        (OFF, "null", "var.encryption"),
        (OFF, "null", "var.encryption != null ? var.encryption : []"),
        (OFF[1:-1], "null", "var.encryption != null ? [var.encryption] : []"),
        ("false", f"var.encryption ? {ON} : {OFF}", "local.chosen"),
    ],
)
def test_the_only_entry_of_a_dynamic_block_stands_where_it_is_written(
    run: Run, tmp_path: Path, default: str, chosen: str, source: str
) -> None:
    text = ENCRYPTED % (default, chosen, source)
    (tmp_path / "main.tf").write_text(text)
    out = run("scan", ".", "--select", "gke-secrets-app-layer-encryption", "-f", "json", "--no-cache").out
    (found,) = json.loads(out)["findings"]
    assert text.splitlines()[found["line"] - 1].strip() == 'state = "DECRYPTED"'
    assert found["message"].endswith("The value is the default of variable 'encryption'.")


def test_a_label_of_which_a_piece_is_not_known_is_not_judged_by_the_rest(run: Run, tmp_path: Path) -> None:
    text = (
        'variable "id" {}\n\nresource "kubernetes_service" "web" {\n  metadata {\n    name = "web"\n'
        '    labels = {\n      app  = "${var.id}-master"\n      repo = "acme/${var.id}"\n    }\n  }\n}\n'
    )
    (tmp_path / "main.tf").write_text(text)
    out = run("scan", ".", "--select", "label-value-invalid", "-f", "json", "--no-cache").out
    assert [f["line"] for f in json.loads(out)["findings"]] == [8]


def test_a_default_that_the_call_overrides_is_no_second_finding(run: Run, tmp_path: Path) -> None:
    module = tmp_path / "modules" / "db"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(
        'variable "public" {\n  default = true\n}\n' + VALUES.partition("\n\n")[2]
    )
    for root, value in (("dev", "true"), ("prod", "false")):
        (tmp_path / root).mkdir()
        call = f'module "db" {{\n  source = "../modules/db"\n  public = {value}\n}}\n'
        (tmp_path / root / "main.tf").write_text(call)
    assert [(f["path"], f["line"]) for f in _public(run)] == [("dev/main.tf", 3)]
    (tmp_path / "dev" / "main.tf").unlink()
    assert [(f["path"], f["line"]) for f in _public(run)] == [("modules/db/main.tf", 2)]


def test_a_default_that_only_its_tests_override_is_the_finding(run: Run, tmp_path: Path) -> None:
    module = 'variable "public" {\n  default = true\n}\n' + VALUES.partition("\n\n")[2]
    (tmp_path / "main.tf").write_text(module)
    (tmp_path / "tests" / "simple").mkdir(parents=True)
    call = 'module "db" {\n  source = "../.."\n  public = true\n}\n'
    (tmp_path / "tests" / "simple" / "main.tf").write_text(call)
    assert [(f["path"], f["line"]) for f in _public(run)] == [("main.tf", 2)]
    (tmp_path / "main.tf").write_text(module.replace("true", "false", 1))
    assert [(f["path"], f["line"]) for f in _public(run)] == [("tests/simple/main.tf", 3)]
