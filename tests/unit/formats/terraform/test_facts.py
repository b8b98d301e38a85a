"""What we derive of resources: ports, machines, scripts, settings."""

from __future__ import annotations

from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.formats.terraform import read
from linter.formats.terraform.gpu import lookup
from linter.formats.terraform.manifests import chart_values
from linter.formats.terraform.questions import amount, anyone, older
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.secretnames import is_key_id, names_secret
from linter.text import SourceText


def resource(text: str) -> Any:
    return next(s for s in read(SourceText("main.tf", text)).root if isinstance(s, Resource))


def ingress(body: str, type_: str = "aws_security_group_rule") -> Any:
    return resource(f'resource "{type_}" "r" {{\n{body}\n}}\n').ingress


def test_ports_of_a_security_group() -> None:
    (rule,) = ingress(
        'type = "ingress"\nfrom_port = 8000\nto_port = 8002\nprotocol = "tcp"\ncidr_blocks = ["0.0.0.0/0"]'
    )
    assert (rule.public, rule.ai, rule.admin, rule.wide) == (True, True, False, False)
    assert rule.service == "what may be a model server (port 8000)"


def test_every_service_of_a_rule_is_named_once() -> None:
    body = 'source_ranges = ["0.0.0.0/0"]\nallow {\nprotocol = "tcp"\nports = ["22", "8786-8787", "5432"]\n}'
    (rule,) = ingress(body, "google_compute_firewall")
    assert rule.service == "SSH (port 22) and Dask (port 8786) and PostgreSQL (port 5432)"


def test_every_protocol_is_every_port() -> None:
    (rule,) = ingress('ip_protocol = "-1"\ncidr_ipv4 = "0.0.0.0/0"', "aws_vpc_security_group_ingress_rule")
    assert (rule.public, rule.admin, rule.wide, rule.ai) == (True, True, True, False)


def test_unknown_sources_are_unknown() -> None:
    (rule,) = ingress('from_port = 22\nto_port = 22\nprotocol = "tcp"\ncidr_blocks = var.x')
    assert rule.public is UNKNOWN


def test_firewalls_of_google() -> None:
    body = 'source_ranges = ["10.0.0.0/8"]\nallow {\n  protocol = "tcp"\n  ports = ["22", "8000-8100"]\n}'
    (rule,) = ingress(body, "google_compute_firewall")
    assert (rule.public, rule.admin, rule.ai) == (False, True, True)
    assert ingress(body + '\ndirection = "EGRESS"', "google_compute_firewall") == []


@pytest.mark.parametrize(
    ("name", "vendor", "count"),
    [
        ("p5.48xlarge", "nvidia", 8),
        ("trn1.32xlarge", "aws", 16),
        ("Standard_NC24ads_A100_v4", "nvidia", 1),
        ("ml.g5.xlarge", "nvidia", 1),
    ],
)
def test_machines(name: str, vendor: str, count: int) -> None:
    found = lookup(name)
    assert found is not None
    assert (found.vendor, found.count) == (vendor, count)


def test_plain_machines_have_no_accelerator() -> None:
    assert lookup("m6i.large") is None


def test_scripts() -> None:
    subject = resource(
        'resource "aws_instance" "i" {\n  user_data = <<-E\n    # curl x | sh\n    curl https://x | sudo bash\n  E\n}\n'
    )
    (script,) = subject.scripts
    assert script.pipes_to_shell
    assert script.secret is None


def test_helm_values_are_merged() -> None:
    merged = chart_values(
        {"values": ["a: {b: 1, c: 2}", "a: {b: 3}"], "set": [{"name": "a.d\\.e", "value": "true"}]}
    )
    assert merged == {"a": {"b": 3, "c": 2, "d.e": True}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hf_token", True),
        ("db_password", True),
        ("max_tokens", False),
        ("token_secret_name", False),
        ("enable_token", False),
        ("django_secret_key", True),
        ("cookie_secret_1", True),
        ("gcs_credentials_json", True),
        ("AP_JWT_SECRET", True),
        ("clientSecret", True),
        ("secrets_store_csi_driver", False),
        ("external_secrets", False),
        ("efs_creation_token", False),
        ("token_configurations", False),
        ("maximum_password_age", False),
        ("db_password_arn", False),
        ("ssm_oidc_client_secret", False),
        ("deployer_path_to_private_key", False),
        ("resource_token", False),
    ],
)
def test_names_of_secrets(name: str, expected: bool) -> None:
    assert names_secret(name) is expected


def test_an_access_key_beside_its_secret_is_an_id() -> None:
    assert is_key_id("minio_access_key", ["minio_secret_key"])
    assert is_key_id("AWS_ACCESS_KEY", ["AWS_SECRET_ACCESS_KEY"])
    assert not is_key_id("storage_access_key", ["minio_secret_key"])
    assert not is_key_id("aws_secret_access_key", ["aws_secret_key"])


def test_questions() -> None:
    assert anyone(["10.0.0.0/8", "::/0"]) is True
    assert anyone([UNKNOWN]) is UNKNOWN
    assert anyone(None) is False
    assert older("1.27", "1.31") is True
    assert older("latest", "1.31") is False
    assert amount("12") == 12
    assert amount(None) is None


@pytest.mark.parametrize(
    ("value", "wildcard"),
    [
        ("aws_s3_bucket.models.arn", False),
        ("data.aws_kms_key.k.arn", False),
        ('"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"', False),
        ("var.bucket_arn", UNKNOWN),
        ("data.aws_ssm_parameter.p.value", UNKNOWN),
        ('"*"', True),
    ],
)
def test_the_arn_of_something_is_no_wildcard(value: str, wildcard: Any) -> None:
    (statement,) = resource(
        'resource "aws_sqs_queue_policy" "p" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", '
        f'Action = "sqs:*", Resource = {value}, Principal = {{ AWS = {value} }} }}] }})\n}}\n'
        'resource "aws_s3_bucket" "models" {}\n'
    ).statements
    assert statement.any_resource is wildcard
    assert statement.anyone is wildcard


def test_a_policy_of_the_configuration_is_none_of_the_provider() -> None:
    text = """
resource "aws_iam_role_policy_attachment" "a" {
  role       = "trainer"
  policy_arn = %s
}
resource "aws_iam_policy" "own" {}
"""
    assert resource(text % "aws_iam_policy.own.arn").role.policies == []
    assert resource(text % "var.policy_arn").role.policies[0] is UNKNOWN
    assert resource(text % '"arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"').role.policies == [
        "AmazonSageMakerFullAccess"
    ]
