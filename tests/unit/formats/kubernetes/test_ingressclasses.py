"""Ingresses without certificates: whose controller serves them, and whether any cluster takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.scan import Request, scan

INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  ingressClassName: catalogue
  rules:
    - host: shop.example.com
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]
"""
CLASS = """apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: catalogue}
spec: {controller: %s}
"""
OURS, NGINX = CLASS % "acme.example/catalogue", CLASS % "k8s.io/ingress-nginx"
RULE, OLD = "ingress-tls-missing", "deprecated-api-version"


def rules(tmp_path: Path, files: dict[str, str]) -> set[str]:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    recipe = Recipe(paths=(str(tmp_path),), isolated=True)
    report = scan(Request(paths=(tmp_path,), recipe=recipe, cwd=tmp_path))
    return {finding.rule for finding in report.active}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, True),
        ({"class.yaml": OURS}, False),
        ({"class.yaml": NGINX}, True),
        ({"class.yaml": OURS, "other.yaml": NGINX}, True),
        ({"class.yaml": CLASS % "''"}, True),
        ({"class.yaml": CLASS % "catalogue"}, True),  # which the API refuses
        ({"class.yaml": OURS.replace("IngressClass", "GatewayClass")}, True),
        ({"class.yaml": OURS.replace("catalogue}", "catalogue-2}")}, True),
        ({"other/class.yaml": OURS}, True),
    ],
)
def test_a_class_beside_the_ingress(tmp_path: Path, files: dict[str, str], told: bool) -> None:
    assert (RULE in rules(tmp_path, {"shop.yaml": INGRESS, **files})) is told


def test_a_class_that_is_called_as_a_known_controller(tmp_path: Path) -> None:
    files = {
        "shop.yaml": INGRESS.replace("catalogue", "nginx"),
        "class.yaml": OURS.replace("catalogue}", "nginx}"),
    }
    assert RULE in rules(tmp_path, files)


def test_an_ingress_that_no_cluster_takes(tmp_path: Path) -> None:
    old = INGRESS.replace("networking.k8s.io/v1", "extensions/v1beta1")
    found = rules(tmp_path, {"shop.yaml": old})
    assert OLD in found
    assert RULE not in found
    served = INGRESS.replace("name: shop}", "name: mail}")
    assert {OLD, RULE} <= rules(tmp_path, {"shop.yaml": f"{old}---\n{served}"})


def test_an_old_ingress_that_is_there_for_old_clusters(tmp_path: Path) -> None:
    old = INGRESS.replace("networking.k8s.io/v1", "extensions/v1beta1")
    found = rules(tmp_path, {"ingress-v1beta1.yaml": old})
    assert OLD not in found
    assert RULE in found
