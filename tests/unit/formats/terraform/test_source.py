"""Configuration files: modules, instances, joins, places, what is embedded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.document import Document
from linter.formats.terraform import read, read_directory
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.resource import Resource
from linter.text import SourceText


def document(text: str, name: str = "main.tf") -> Document:
    return read(SourceText(name, text))


def resource(text: str) -> Any:
    return next(s for s in document(text).root if isinstance(s, Resource))


def found(subject: Any, *steps: str | int) -> str:
    return str(subject.document.text.slice(subject.locate(("values", *steps)).span))


@pytest.mark.parametrize(
    ("meta", "count"),
    [
        ("count = 0", 0),
        ("count = 3", 1),
        ("count = var.n", 1),
        ('for_each = toset(["a", "b"])', 2),
        ("for_each = {}", 0),
        ("for_each = var.n", 1),
        ("count = var.off ? 1 : 0", 1),  # a switch that someone may turn
    ],
)
def test_instances(meta: str, count: int) -> None:
    text = f'variable "n" {{}}\nvariable "off" {{ default = false }}\nresource "aws_x" "y" {{\n  {meta}\n}}\n'
    assert sum(isinstance(s, Resource) for s in document(text).root) == count


def test_a_switch_that_tfvars_turn_off_is_off() -> None:
    texts = [
        SourceText(
            "main.tf",
            'variable "on" { default = true }\nresource "aws_x" "y" {\n  count = var.on ? 1 : 0\n}\n',
        ),
        SourceText("terraform.tfvars", "on = false\n"),
    ]
    assert [s for s in read_directory(texts, None)[0].root if isinstance(s, Resource)] == []


def test_nested_and_dynamic_blocks_are_lists() -> None:
    text = """
    resource "aws_x" "y" {
      a { b = 1 }
      dynamic "a" {
        for_each = [2, 3]
        content { b = a.value }
      }
      dynamic "c" {
        for_each = var.unknown
        content { d = c.value }
      }
    }
    """
    values = resource(text).values
    assert values["a"] == [{"b": 1}, {"b": 2}, {"b": 3}]
    assert values["c"][0] is UNKNOWN


def test_what_others_set_is_unknown_where_it_is_not_written() -> None:
    values = resource(
        'resource "x_y" "a" {\n  name = "a"\n  lifecycle {\n'
        '    ignore_changes = [name, network, "labels", node_config[0].size]\n  }\n}\n'
    ).values
    assert values["name"] == "a"
    assert isinstance(values["network"], Unknown)
    assert isinstance(values["labels"], Unknown)
    assert "node_config" not in values
    assert (
        "network"
        not in resource('resource "x_y" "a" {\n  lifecycle {\n    ignore_changes = all\n  }\n}\n').values
    )


def test_words_for_bools_are_bools() -> None:
    values = resource(
        'resource "aws_x" "y" {\n  a = "true"\n  value = "true"\n  tags = { a = "true" }\n}\n'
    ).values
    assert (values["a"], values["value"], values["tags"]) == (True, "true", {"a": "true"})


def test_places_in_blocks_objects_and_json() -> None:
    text = """resource "aws_x" "y" {
  top = 1
  block {
    inner = 2
  }
  encoded = jsonencode([{ image = "a", privileged = true }])
  heredoc = <<-JSON
    {"image": "b", "privileged": false}
  JSON
}
"""
    subject = resource(text)
    assert found(subject, "top") == "top = 1"
    assert found(subject, "block", "inner") == "inner = 2"
    assert found(subject, "block", "missing") == "block"
    assert found(subject, "missing") == 'resource "aws_x" "y"'
    assert found(subject, "encoded", 0, "privileged") == "privileged = true"
    assert found(subject, "heredoc", "privileged") == '"privileged": false'


def test_renamed_attributes_are_found_under_both_names() -> None:
    subject = resource('resource "azurerm_storage_account" "s" {\n  enable_https_traffic_only = false\n}\n')
    assert subject.values["https_traffic_only_enabled"] is False
    assert found(subject, "https_traffic_only_enabled") == "enable_https_traffic_only = false"


def test_joins_by_reference() -> None:
    text = """
    resource "aws_s3_bucket" "b" {}
    resource "aws_s3_bucket_public_access_block" "b" {
      bucket            = local.id
      block_public_acls = true
    }
    locals { id = aws_s3_bucket.b.id }
    """
    assert resource(text).access_blocks[0]["block_public_acls"] is True


def test_local_modules_give_their_outputs(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('variable "x" {}\noutput "y" { value = "${var.x}-out" }\n')
    (tmp_path / "t.yaml").write_text("a: ${v}\n")
    text = """
    module "m" {
      source = "./m"
      x      = "in"
    }
    resource "aws_x" "y" {
      a = module.m.y
      b = templatefile("${path.module}/t.yaml", { v = 1 })
      c = file("../outside")
    }
    """
    (read_document,) = read_directory([SourceText("main.tf", text)], tmp_path)
    values = next(s for s in read_document.root if isinstance(s, Resource)).values
    assert (values["a"], values["b"]) == ("in-out", "a: 1\n")
    assert isinstance(values["c"], Unknown)


def test_policy_documents_are_rendered() -> None:
    text = """
    data "aws_iam_policy_document" "d" {
      statement {
        actions   = ["s3:*"]
        resources = ["*"]
      }
    }
    resource "aws_iam_policy" "p" { policy = data.aws_iam_policy_document.d.json }
    """
    policy = next(s for s in document(text).root if isinstance(s, Resource) and s.mode == "managed")
    (statement,) = policy.statements
    assert (statement.actions, statement.from_document, statement.any_resource) == (["s3:*"], True, True)


@pytest.mark.parametrize(
    ("source", "kind", "registry", "pinned"),
    [
        ('"./m"', "local", "", True),
        ('"terraform-aws-modules/eks/aws"', "registry", "terraform-aws-modules/eks/aws", False),
        ('"terraform-aws-modules/iam/aws//modules/role"', "registry", "terraform-aws-modules/iam/aws", False),
        ('"git::https://github.com/a/b.git?ref=main"', "git", "", False),
        ('"git::https://github.com/a/b.git?ref=v1.2.0"', "git", "", True),
        (
            '"github.com/terraform-aws-modules/terraform-aws-eks?ref=v20.0.0"',
            "git",
            "terraform-aws-modules/eks/aws",
            True,
        ),
    ],
)
def test_module_sources(source: str, kind: str, registry: str, pinned: bool) -> None:
    call = next(
        s for s in document(f'module "m" {{\n  source = {source}\n}}\n').root if isinstance(s, ModuleCall)
    )
    assert (call.kind, call.registry, call.pinned) == (kind, registry, pinned)


def test_json_syntax() -> None:
    text = (
        '{"resource": {"aws_ebs_volume": {"v": {"size": 1, "name": "${var.x}-a"}}},'
        ' "variable": {"x": {"default": "y"}}}'
    )
    subject = next(s for s in document(text, "main.tf.json").root if isinstance(s, Resource))
    assert subject.values == {"size": 1, "name": "y-a"}
    assert found(subject, "size") == '"size": 1'


def test_workloads_become_kubernetes_documents() -> None:
    text = """
    resource "kubernetes_pod" "p" {
      metadata { name = "p" }
      spec {
        host_network = true
        container {
          name  = "c"
          image = "a:1"
          security_context { privileged = true }
        }
      }
    }
    resource "kubectl_manifest" "m" {
      yaml_body = <<-YAML
        apiVersion: v1
        kind: Pod
        metadata:
          name: q
        spec:
          hostPID: true
      YAML
    }
    """
    (embedded,) = document(text).embedded
    assert [m.kind for m in embedded.root.manifests] == ["Pod", "Pod"]
    pod = embedded.root.manifests[0].node
    span = pod.get("spec").get("containers").elements()[0].get("securityContext").entry_span("privileged")
    assert embedded.text.slice(span) == "privileged = true"
    second = embedded.root.manifests[1].node
    assert embedded.text.slice(second.get("spec").entry_span("hostPID")) == "hostPID: true"


CRON_JOB = """
    resource "kubernetes_cron_job_v1" "j" {
      metadata { name = "j" }
      spec {
        schedule = "@daily"
        job_template {
          metadata {}
          spec {
            template {
              metadata {}
              spec {
                RESTART
                container {
                  name  = "c"
                  image = "a:1"
                  env {
                    name  = "UID"
                    value = 7 * 100
                  }
                  env {
                    name  = "DEBUG"
                    value = true
                  }
                }
              }
            }
          }
        }
      }
    }
"""


@pytest.mark.parametrize(
    ("restart", "policy"),
    [("", "Never"), ('restart_policy = "Always"', "Always"), ("restart_policy = var.p", UNKNOWN)],
)
def test_the_provider_completes_what_a_job_leaves_out(restart: str, policy: Any) -> None:
    (embedded,) = document(CRON_JOB.replace("RESTART", restart)).embedded
    (pod,) = embedded.root.manifests[0].pods
    found = pod.restartPolicy
    assert found is policy or found == policy


def test_the_provider_makes_texts_of_what_variables_are_set_to() -> None:
    (embedded,) = document(CRON_JOB.replace("RESTART", "")).embedded
    (pod,) = embedded.root.manifests[0].pods
    env = pod.containers[0].env
    assert [variable.value for variable in env] == ["700", "true"]
    assert not any(variable.valueNotString for variable in env)


def test_arguments_of_a_call_are_judged_at_the_call(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    module = 'variable "on" {}\nresource "aws_ebs_volume" "v" {\n  encrypted = var.on\n  size = 1\n}\n'
    (tmp_path / "m" / "main.tf").write_text(module)
    text = 'module "disk" {\n  source = "./m"\n  on     = false\n}\n'
    (caller,) = read_directory([SourceText("main.tf", text)], tmp_path)
    subject = next(s for s in caller.root if isinstance(s, Resource))
    assert (subject.address, subject.borrowed, subject.values["encrypted"]) == (
        "module.disk.aws_ebs_volume.v",
        True,
        False,
    )
    place = subject.locate(("values", "encrypted"))
    assert place.document is caller
    assert caller.text.slice(place.span) == "on     = false"
    elsewhere = subject.locate(("values", "size"))
    assert elsewhere.document is not None
    assert elsewhere.document.path == "m/main.tf"


def test_a_default_is_said_to_be_one() -> None:
    text = 'variable "on" { default = false }\nresource "aws_x" "y" {\n  a = var.on\n  b = false\n}\n'
    subject = resource(text)
    assert subject.locate(("values", "a")).remark == "The value is the default of variable 'on'."
    assert subject.locate(("values", "b")).remark == ""


def test_places_go_to_the_element_that_a_list_of_lists_gives() -> None:
    subject = resource(
        """
variable "wide" { default = true }
resource "aws_iam_role_policy" "p" {
  policy = jsonencode({
    Statement = concat(
      [{ Sid = "one" }],
      var.wide ? [{ Sid = "two" }] : [],
      var.wide ? [] : [{ Sid = "never" }],
      flatten([[{ Sid = "three" }], [{ Sid = "four" }]]),
    )
  })
}
"""
    )
    assert [found(subject, "policy", "Statement", index, "Sid") for index in range(4)] == [
        'Sid = "one"',
        'Sid = "two"',
        'Sid = "three"',
        'Sid = "four"',
    ]


def test_places_go_to_the_block_that_makes_an_element() -> None:
    subject = resource(
        """
locals { pools = { a = { names = ["x", "y"] } } }
resource "aws_x" "y" {
  for_each = local.pools
  dynamic "rule" {
    for_each = each.value.names
    content { first = rule.value }
  }
  rule { second = 1 }
  dynamic "rule" {
    for_each = []
    content { third = 2 }
  }
  rule { fourth = 3 }
}
"""
    )
    assert found(subject, "rule", 2, "second") == "second = 1"
    assert found(subject, "rule", 3, "fourth") == "fourth = 3"


def test_places_go_to_the_element_of_a_list_in_a_text() -> None:
    subject = resource(
        """
resource "aws_iam_role" "r" {
  assume_role_policy = <<POLICY
{
  "Statement": [
    { "Effect": "Allow", "Principal": { "Service": "eks.amazonaws.com" }, "Action": ["a", "b"] },
    {
      "Effect": "Deny",
      "Action": "sts:AssumeRoleWithWebIdentity"
    }
  ]
}
POLICY
}
"""
    )
    assert found(subject, "assume_role_policy", "Statement", 1, "Effect") == '"Effect": "Deny"'
    assert found(subject, "assume_role_policy", "Statement", 0, "Effect") == '"Effect": "Allow"'


def test_places_go_into_the_policy_document_that_makes_a_policy() -> None:
    subject = resource(
        """
resource "aws_kms_key" "k" {
  policy = data.aws_iam_policy_document.d.json
  other  = data.aws_iam_policy_document.merged.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["kms:ListKeys"]
  }
  statement {
    actions = ["kms:Decrypt", "kms:Encrypt"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.d.json]
  statement { actions = ["kms:ListKeys"] }
}
"""
    )
    assert found(subject, "policy", "Statement", 1, "Principal") == 'identifiers = ["*"]'
    assert found(subject, "policy", "Statement", 1, "Action", 1) == '"kms:Encrypt"'
    assert found(subject, "policy", "Statement", 1, "Condition") == "statement"
    assert found(subject, "other", "Statement", 2, "Action").startswith("other")
