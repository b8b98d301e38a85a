"""Objects of Kubernetes that Terraform writes as resources of its own are judged as what they become."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

META = 'metadata {\n    name = "x"\n  }'
POLICY = """resource "kubernetes_network_policy_v1" "p" {
  %s
  spec {
    pod_selector {}
    policy_types = ["Ingress"]
    ingress {
      %s
    }
  }
}
"""
ROUTE = """resource "kubernetes_ingress_v1" "i" {
  %s
  spec {
    %s
    rule {
      host = "llm.acme.io"
      http {
        path {
          path = "/"
          backend {
            service {
              name = "llm"
              port {
                number = 8000
              }
            }
          }
        }
      }
    }
  }
}
"""
ROLE = """resource "kubernetes_cluster_role" "r" {
  %s
  rule {
    api_groups = [%s]
    resources  = ["*"]
    verbs      = ["*"]
  }
}
"""
OLD_ROUTE = """resource "kubernetes_ingress" "i" {
  metadata {
    name = "x"
  }
  spec {
    rule {
      host = "llm.acme.io"
      http {
        path {
          backend {
            service_name = "%s"
            service_port = 8000
          }
        }
      }
    }
  }
}
"""
NAMESPACE = 'resource "kubernetes_namespace" "n" {\n  metadata {\n    name = "ml"\n    %s\n  }\n}\n'
DATA = 'resource "kubernetes_%s" "d" {\n  %s\n  data = {\n    DB_PASSWORD = %s\n  }\n}\n'


def _told(run: Run, path: Path, text: str) -> list[tuple[str, int, str]]:
    (path / "main.tf").write_text(text)
    found: list[dict[str, Any]] = json.loads(run("scan", ".", "-f", "json", "--no-cache").out)["findings"]
    return [(f["rule"], f["line"], f["subject"]) for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            POLICY % (META, 'from {\n        ip_block {\n          cidr = "0.0.0.0/0"\n        }\n      }'),
            [("network-policy-no-selector", 11, "NetworkPolicy/x#/spec/ingress/0")],
        ),
        (POLICY % (META, ""), [("network-policy-no-selector", 8, "NetworkPolicy/x#/spec/ingress/0")]),
        (POLICY % (META, "from {\n        pod_selector {}\n      }"), []),
        (POLICY % (META, "from {\n        ip_block {\n          cidr = var.who\n        }\n      }"), []),
        (
            POLICY.replace("ingress {", "egress {\n    }\n    ingress {")
            % (META, "from {\n        pod_selector {}\n      }"),
            [],
        ),
        (ROUTE % (META, ""), [("ingress-tls-missing", 5, "Ingress/x")]),
        (ROUTE % (META, 'tls {\n      secret_name = "cert"\n    }'), []),
        (OLD_ROUTE % "llm", [("deprecated-api-version", 1, "Ingress/x")]),
        (ROLE % (META, '"*"'), [("rbac-full-wildcard", 8, "ClusterRole/x#/rules/0")]),
        (NAMESPACE % "", [("pod-security-admission-missing", 2, "Namespace/ml")]),
        (NAMESPACE % 'labels = { "pod-security.kubernetes.io/enforce" = "baseline" }', []),
        (NAMESPACE % "labels = var.labels", []),
    ],
)
def test_an_object_is_judged_by_the_rules_of_kubernetes(
    run: Run, tmp_path: Path, text: str, expected: list[tuple[str, int, str]]
) -> None:
    assert _told(run, tmp_path, text) == expected


@pytest.mark.parametrize(
    ("kind", "rule"), [("secret", "tf-k8s-secret-literal"), ("config_map", "tf-k8s-config-map-secret")]
)
def test_a_secret_is_told_once(run: Run, tmp_path: Path, kind: str, rule: str) -> None:
    value = "Xk39v" + "Lq2mZ81pQ"
    text = DATA % (kind, META, f'"{value}"')
    assert _told(run, tmp_path, text) == [(rule, 6, "kubernetes_" + kind + ".d")]
    assert _told(run, tmp_path, DATA % (kind, META, "var.password")) == []


def test_the_data_of_a_secret_is_no_base64_and_its_binary_data_is(run: Run, tmp_path: Path) -> None:
    from base64 import b64encode

    token = "hf_" + "kQzWbXvNrTgYhUjMiKoLpAsDfGcEdRtVbn"
    for attribute, value in (("data", token), ("binary_data", b64encode(token.encode()).decode())):
        text = DATA.replace("data =", f"{attribute} =") % ("secret_v1", META, f'"{value}"')
        assert [line for _, line, _ in _told(run, tmp_path, text)] == [6]


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("tf-k8s-role-wildcard", ROLE % (META, '"*"'), "rbac-full-wildcard"),
        ("tf-k8s-role-wildcard", ROLE % (META, '""'), "rbac-wildcard"),
        ("tf-k8s-network-policy-open", POLICY % (META, ""), "network-policy-no-selector"),
        ("tf-k8s-namespace-no-pss", NAMESPACE % "", "pod-security-admission-missing"),
    ],
)
def test_other_names_of_rules_of_kubernetes_select_them(
    run: Run, tmp_path: Path, name: str, text: str, rule: str
) -> None:
    (tmp_path / "main.tf").write_text(text)
    found = json.loads(run("scan", ".", "--select", name, "-f", "json", "--no-cache").out)["findings"]
    assert [f["rule"] for f in found] == [rule]
    told = run("explain", name)
    assert rule in told.out + told.err


@pytest.mark.parametrize(
    ("name", "told", "subject"),
    [
        ("var.name", "var.name", "ClusterRole/?#/rules/0"),
        ('"${var.name}-ml"', "…-ml", "ClusterRole/?-ml#/rules/0"),
    ],
)
def test_a_name_that_is_not_known_is_told_as_written(
    run: Run, tmp_path: Path, name: str, told: str, subject: str
) -> None:
    (tmp_path / "main.tf").write_text(ROLE % (META.replace('"x"', name), '"*"'))
    (found,) = json.loads(run("scan", ".", "-f", "json", "--no-cache").out)["findings"]
    assert (found["message"].split("'")[1], found["subject"]) == (told, subject)
