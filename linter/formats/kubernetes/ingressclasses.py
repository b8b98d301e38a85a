"""Whose controller serves an Ingress, as the IngressClass in the same file or beside it says.

What a controller does with an Ingress without certificates is its own affair. Of these it is known that they serve
plain HTTP then; any other may end TLS by itself, or serve nothing at all and only read what the objects say.
"""

from __future__ import annotations

from linter.formats.kubernetes.manifest import Manifest
from linter.formats.kubernetes.rolesbeside import manifests_beside
from linter.patterns import lazy_regex

# in `spec.controller`, which names a domain and a path of it
_PLAIN = (
    "nginx",  # k8s.io/ingress-nginx, nginx.org/ingress-controller, with any ending for a second one
    "traefik",
    "haproxy",
    "projectcontour.io",
    "konghq.com",
    "ingress.k8s.aws",
    "eks.amazonaws.com",
    "k8s.io/ingress-gce",
    "networking.gke.io",
    "azure/application-gateway",
    "alb.networking.azure.io",
    "istio.io",
    "gloo",
    "apisix",
    "skipper",
    "higress",
    "getambassador.io",
    "cilium.io",
    "openshift.io",
    "citrix.com",
    "ako.vmware.com",
    "f5.com",
    "voyager",
    "knative.dev",
    "alibabacloud",
    "mse.",
)
# classes that are called as the charts of those controllers call them: no class in the tree is looked for
_BY_NAME = frozenset(
    ("nginx", "traefik", "alb", "gce", "gce-internal", "kong", "haproxy", "contour", "istio", "cilium")
)
_NAME = lazy_regex(r"[\w./-]{1,253}")


def is_of_unknown_controller(ingress: Manifest, name: object) -> bool:
    """Whether the class of that name, which the same set of files has, is of a controller that is none of these."""
    if not isinstance(name, str) or name in _BY_NAME or _NAME.fullmatch(name) is None:
        return False
    document = ingress.document
    here = [found for found in document.root.of_kind("IngressClass") if found.metadata.name == name]
    beside = (found for found in manifests_beside(document, name) if found.type_key == "IngressClass")
    classes = here or [found for found in beside if found.metadata.name == name]
    return bool(classes) and all(map(_is_unknown, classes))


def _is_unknown(one: Manifest) -> bool:
    spec = one.node.get("spec") if one.node is not None else None
    said = spec.get("controller") if spec is not None else None
    controller = said.string() if said is not None else None
    return (
        isinstance(controller, str)
        and "/" in controller
        and not any(part in controller.lower() for part in _PLAIN)
    )
