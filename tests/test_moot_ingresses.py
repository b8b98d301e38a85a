"""What a release of the controller says of the Ingresses of its class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import Run, run
from tests.test_moot import counted, lay

__all__ = ["run"]

INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: inside
  rules:
    - host: shop.acme.io
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]
"""
RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: nginx}
spec:
  chart:
    spec: {chart: ingress-nginx, version: 4.11.3}
  values:
    controller:
      ingressClassResource: {name: inside}
      config: {force-ssl-redirect: "true"}
      extraArgs: {default-ssl-certificate: network/acme-tls}
"""
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: nginx}
spec:
  source:
    chart: ingress-nginx
    helm:
      valuesObject:
        controller:
          ingressClassResource: {name: inside}
          config: {force-ssl-redirect: true}
          extraArgs: {default-ssl-certificate: network/acme-tls}
"""
PLAIN = RELEASE.replace('"true"', '"false"')
OPEN = f"{RELEASE.partition('  values')[0]}  valuesFrom: [{{kind: ConfigMap, name: nginx}}]\n"
RULE = "ingress-tls-missing"


@pytest.mark.parametrize(
    ("release", "ingress", "others", "counts"),
    [
        (RELEASE, INGRESS, {}, False),
        (APPLICATION, INGRESS, {}, False),
        (PLAIN, INGRESS, {}, True),
        (RELEASE.replace("default-ssl", "other"), INGRESS, {}, True),  # it shows one that nobody trusts
        (RELEASE.replace("chart: ingress-nginx", "chart: other"), INGRESS, {}, True),
        (RELEASE, INGRESS.replace("inside", "outside"), {}, True),
        (RELEASE.replace("ingressClassResource: {name: inside}", "replicaCount: 2"), INGRESS, {}, True),
        # the class that the chart makes where none is named
        (
            RELEASE.replace("ingressClassResource: {name: inside}", "replicaCount: 2"),
            INGRESS.replace("inside", "nginx"),
            {},
            False,
        ),
        (
            RELEASE,
            INGRESS.replace(
                "name: shop\nspec",
                'name: shop\n  annotations: {nginx.ingress.kubernetes.io/force-ssl-redirect: "false"}\nspec',
            ),
            {},
            True,
        ),
        (RELEASE, INGRESS, {"clusters/one/edge/nginx.yaml": PLAIN}, True),  # of the same cluster
        (RELEASE, INGRESS, {"clusters/two/nginx.yaml": PLAIN}, False),  # of another one
        (RELEASE, INGRESS, {"clusters/two/nginx.yaml": OPEN}, True),  # which may be of any class
    ],
)
def test_a_controller_that_sends_on_to_tls(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    release: str,
    ingress: str,
    others: dict[str, str],
    counts: bool,
) -> None:
    files = {"clusters/one/shop/ingress.yaml": ingress, "clusters/one/nginx/release.yaml": release, **others}
    lay(tmp_path, monkeypatch, files)
    assert bool(counted(run, RULE)) is counts
