"""A finding about a value stands where the value is set, and tells where it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

VARIABLES = """variable "public" {
  default = true
}

locals {
  volumes = {
    encrypted = false
  }
}
"""
DATABASE = """resource "aws_db_instance" "runs" {
  publicly_accessible = var.public
  storage_encrypted   = true
}
"""
VOLUME = """resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = local.volumes.encrypted
}
"""


def _write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _findings(run: Run, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("scan", *args, "-f", "json").out)["findings"]
    return found


def _ends(finding: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(end["path"], end["line"], end["message"]) for end in finding["related"]]


def test_a_default_is_where_the_finding_stands(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=DATABASE, variables=VARIABLES)
    (found,) = _findings(run, ".", "--select", "rds-public")
    assert (found["path"], found["line"], found["subject"]) == ("variables.tf", 2, "aws_db_instance.runs")
    assert _ends(found) == [("main.tf", 2, "The value is used here.")]
    assert "default of variable 'public'" in found["message"]


def test_a_part_of_a_local_is_where_the_finding_stands(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=VOLUME, variables=VARIABLES)
    (found,) = _findings(run, ".", "--select", "aws-ebs-unencrypted")
    assert (found["path"], found["line"]) == ("variables.tf", 7)
    assert _ends(found) == [("main.tf", 4, "The value is used here.")]


def test_a_value_that_a_module_passes_on(run: Run, tmp_path: Path) -> None:
    call = 'module "db" {\n  source = "./db"\n  public = var.public\n}\n'
    _write(tmp_path, main=call, variables=VARIABLES, db__main=f'variable "public" {{}}\n{DATABASE}')
    (found,) = _findings(run, ".", "--select", "rds-public")
    assert (found["path"], found["line"]) == ("variables.tf", 2)
    assert _ends(found) == [
        ("db/main.tf", 3, "The value is used here."),
        ("main.tf", 3, "The value is passed on here."),
    ]


def test_a_file_of_values_comes_before_the_default(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=DATABASE, variables=VARIABLES.replace("true", "false"))
    (tmp_path / "terraform.tfvars").write_text("public = true\n")
    (found,) = _findings(run, ".", "--select", "rds-public")
    assert (found["path"], found["line"]) == ("terraform.tfvars", 1)
    assert "default" not in found["message"]


def test_two_uses_of_one_value_are_one_finding(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, a=DATABASE, b=DATABASE.replace("runs", "more"), variables=VARIABLES)
    (found,) = _findings(run, ".", "--select", "rds-public")
    assert found["instances"] == ["aws_db_instance.more", "aws_db_instance.runs"]
    assert {(path, line) for path, line, _ in _ends(found)} == {("a.tf", 2), ("b.tf", 2)}


@pytest.mark.parametrize("name", ["main.tf", "variables.tf"])
def test_either_file_alone_shows_the_finding(run: Run, tmp_path: Path, name: str) -> None:
    _write(tmp_path, main=DATABASE, variables=VARIABLES)
    (found,) = _findings(run, name, "--select", "rds-public")
    assert (found["path"], found["line"]) == ("variables.tf", 2)


def test_what_only_anchors_a_finding_is_not_followed(run: Run, tmp_path: Path) -> None:
    pool = """resource "aws_eks_node_group" "gpu" {
  cluster_name   = "ml"
  instance_types = var.types
}
"""
    _write(tmp_path, main=pool, variables='variable "types" {\n  default = ["p5.48xlarge"]\n}\n')
    (found,) = _findings(run, ".", "--select", "aws-gpu-node-group-no-taint")
    assert (found["path"], found["line"]) == ("main.tf", 3)
    assert [end[:2] for end in _ends(found)] == [("variables.tf", 2)]


IGNORE = "  # tarecheck: ignore[rds-public] reason: a demo\n"


def _ignored(text: str) -> str:
    return text.replace("  publicly", f"{IGNORE}  publicly")


def test_a_suppression_where_the_value_is_used_counts(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=_ignored(DATABASE), variables=VARIABLES)
    assert _findings(run, ".", "--select", "rds-public,unused-suppression") == []


def test_it_must_be_suppressed_wherever_it_is_used(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, a=_ignored(DATABASE), b=DATABASE.replace("runs", "more"), variables=VARIABLES)
    assert [f["rule"] for f in _findings(run, ".", "--select", "rds-public")] == ["rds-public"]


POD = """apiVersion: v1
kind: Pod
metadata:
  name: llm
  namespace: ml
spec:
  containers:
    - name: llm
      image: ghcr.io/acme/llm:1.4.2
      securityContext:
        privileged: true
"""


@pytest.mark.parametrize(
    "read",
    [
        'file("${path.module}/pod.yaml")',
        'templatefile("${path.module}/pod.yaml", {})',
        "local.pod",
    ],
)
def test_a_manifest_that_terraform_reads_is_judged_once(run: Run, tmp_path: Path, read: str) -> None:
    text = f'resource "kubectl_manifest" "llm" {{\n  yaml_body = {read}\n}}\n'
    _write(tmp_path, main=text, locals='locals {\n  pod = file("${path.module}/pod.yaml")\n}\n')
    (tmp_path / "pod.yaml").write_text(POD)
    select = ("--select", "privileged-container")
    assert [(f["path"], f["line"]) for f in _findings(run, ".", *select)] == [("pod.yaml", 11)]
    (alone,) = _findings(run, "main.tf", *select)
    assert (alone["path"], alone["line"]) == ("main.tf", 2)
    assert ("pod.yaml", 1, "The manifest is written here.") in _ends(alone)


def test_what_a_template_of_a_manifest_says_is_told_in_it(run: Run, tmp_path: Path) -> None:
    read = 'yamldecode(templatefile("${path.module}/pod.yaml.tftpl", { name = var.name }))'
    _write(tmp_path, main=f'resource "kubernetes_manifest" "llm" {{\n  manifest = {read}\n}}\n')
    (tmp_path / "pod.yaml.tftpl").write_text(POD.replace("name: llm", "name: ${name}"))
    found = _findings(run, ".", "--select", "privileged-container")
    assert [(f["path"], f["line"]) for f in found] == [("pod.yaml.tftpl", 11)]


CLUSTER = """resource "kubernetes_cluster_role_v1" "reader" {
  metadata {
    name = "reader"
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get", "list"]
  }
}

resource "kubernetes_service_v1" "llm" {
  metadata {
    name      = "llm"
    namespace = "ml"
  }
  spec {
    selector = {
      app = "llm"
    }
    type = "LoadBalancer"
    port {
      port = 443
    }
  }
}

resource "kubernetes_deployment_v1" "llm" {
  metadata {
    name = "llm"
  }
  spec {
    selector {
      match_labels = {
        app = "llm"
      }
    }
    template {
      metadata {
        labels = {
          app = "llm"
        }
      }
      spec {}
    }
  }
}
"""


def test_roles_and_services_are_judged_by_the_rules_of_kubernetes(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=CLUSTER)
    rules = "rbac-secrets-access,service-type-exposed,selector-mismatch"
    found = _findings(run, ".", "--select", rules)
    assert [(f["rule"], f["line"], f["subject"]) for f in found] == [
        ("rbac-secrets-access", 7, "ClusterRole/reader#/rules/0"),
        ("service-type-exposed", 21, "ml/Service/llm"),
    ]


INNER = """variable "public" {
  default = false
}

variable "networks" {
  default = ["0.0.0.0/0"]
}

resource "aws_eks_cluster" "this" {
  vpc_config {
    endpoint_public_access = var.public
    public_access_cidrs    = var.networks
  }
}
"""


def test_a_caller_is_told_of_the_argument_that_makes_a_default_dangerous(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main='module "eks" {\n  source = "./eks"\n  public = true\n}\n', eks__main=INNER)
    (found,) = _findings(run, ".", "--select", "eks-public-endpoint-open")
    assert (found["path"], found["line"]) == ("main.tf", 3)


NOTEBOOK = """resource "aws_iam_role" "lab" {
  name               = "lab"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "lab" {
  role = aws_iam_role.lab.id
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = "*"
    }]
  })
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
}
"""


def test_a_role_that_may_do_everything_names_the_notebooks_that_act_with_it(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, main=NOTEBOOK)
    (found,) = _findings(run, ".", "--select", "iam-admin-wildcard")
    assert (found["line"], _ends(found)) == (11, [("main.tf", 17, "a notebook that acts with the role")])
