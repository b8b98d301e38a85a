"""Releases of ingress-nginx that objects of Flux and Argo CD ask for: which class they serve, and whether they send
every request on to TLS, for which they have a certificate of their own where an Ingress has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN

RELEASING = ("HelmRelease", "Application")
FORCES = "nginx.ingress.kubernetes.io/force-ssl-redirect"  # an Ingress' own word on it
_CHART = "ingress-nginx"
_DEFAULT = "nginx"  # the class that the chart makes
_MISSING: dict[str, Any] = {}


def released_controller(body: Any) -> dict[str, Any] | None:
    """The class that a release of ingress-nginx serves, and whether it secures it; None: it is no such release."""
    values, whole = next(_given(body), (None, False))
    if values is None:
        return None
    controller = _map(values, "controller")
    named = _map(controller, "ingressClassResource").get("name")
    config, arguments = _map(controller, "config"), _map(controller, "extraArgs")
    certificate = arguments.get("default-ssl-certificate")
    secures = str(config.get("force-ssl-redirect")).lower() == "true" and isinstance(certificate, str)
    default = _DEFAULT if whole else UNKNOWN
    return {"serves": named if isinstance(named, str) else default, "secures": secures and bool(certificate)}


def _given(body: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """The values that an object hands to ingress-nginx, and whether they are all that are set."""
    spec = _map(body, "spec")
    if _map(_map(spec, "chart"), "spec").get("chart") == _CHART:
        yield _map(spec, "values"), not spec.get("valuesFrom")
    sources = spec.get("sources")
    for source in (_map(spec, "source"), *(sources if isinstance(sources, list) else ())):
        if isinstance(source, dict) and source.get("chart") == _CHART:
            helm = _map(source, "helm")
            yield _map(helm, "valuesObject"), not helm.keys() & {"values", "valueFiles", "parameters"}


def _map(holder: Any, key: str) -> dict[str, Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else _MISSING
