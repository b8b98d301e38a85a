"""Services, Ingresses and network policies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ingressclasses import is_of_unknown_controller
from linter.formats.kubernetes.manifest import LabelSelector, Manifest
from linter.formats.kubernetes.part import Part, either, known_items, same, unsure
from linter.formats.kubernetes.probe import is_telemetry, valid_port_name
from linter.formats.model import Place, fact, field
from linter.formats.node import Step
from linter.formats.scalars import whole
from linter.patterns import lazy_regex

# Annotations that keep a load balancer inside the network, and the values that do so (none: any but false)
INTERNAL_BALANCER = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": (),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
    "service.beta.kubernetes.io/openstack-internal-load-balancer": ("true",),
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": ("intranet",),
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": ("private",),
    "service.beta.kubernetes.io/oci-load-balancer-internal": ("true",),
    "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": (),
}
# Annotations that ask for addresses of a load balancer in one's own network
_ADDRESSES = (
    "metallb.universe.tf/loadBalancerIPs",
    "metallb.io/loadBalancerIPs",
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
    "kube-vip.io/loadbalancerIPs",
)
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_LARGE = 8  # bits of a prefix


class ServicePort(Part):
    """A port of a Service."""

    name: str | None = field(None, "name of the port")
    port: int | None = field(None, "port of the Service")
    targetPort: Any = field(None, "number or name of the pods' port; unset means `port`")
    nodePort: int | None = field(None, "port on every node")
    protocol: str = field("TCP", "TCP, UDP or SCTP")
    appProtocol: str | None = field(None, "protocol above")

    @fact(at="targetPort")
    def validTarget(self) -> bool:
        """Whether a named target port is a name that the API accepts."""
        target = self.targetPort
        return (
            UNKNOWN
            if target is UNKNOWN
            else not isinstance(target, str) or target.isdigit() or valid_port_name(target)
        )


class ServiceSpec(Part):
    """What a Service should be."""

    type: str = field("ClusterIP", "ClusterIP, NodePort, LoadBalancer or ExternalName")
    ports: list[ServicePort] = field(None, "ports")
    selector: dict[str, str] = field(None, "labels of the pods behind it")
    clusterIP: str | None = field(None, "None makes it headless")
    externalIPs: list[str] = field(None, "addresses of nodes that also accept its traffic")
    externalName: str | None = field(None, "DNS name that it stands for")
    loadBalancerSourceRanges: list[str] = field(None, "networks that may reach the load balancer")
    loadBalancerIP: str | None = field(None, "address that the load balancer should get")
    loadBalancerClass: str | None = field(None, "implementation of the load balancer")
    externalTrafficPolicy: str = field("Cluster", "Cluster or Local")
    sessionAffinity: str = field("None", "None or ClientIP")
    publishNotReadyAddresses: bool = field(False, "list pods before they are ready")


class Service(Manifest):
    """A Service."""

    spec: ServiceSpec = field(None, "what it should be")

    @fact(at="metadata.annotations")
    def internalBalancer(self) -> bool:
        """Whether an annotation, a private address or its class keeps its load balancer inside the network."""
        addresses = (self.spec.loadBalancerIP, *(self._annotation(key) for key in _ADDRESSES))
        if any(map(_private, addresses)) or same(self.spec.loadBalancerClass, "tailscale"):
            return True
        if any(address is UNKNOWN or (isinstance(address, str) and "${" in address) for address in addresses):
            return UNKNOWN
        for key, values in INTERNAL_BALANCER.items():
            value = self.metadata.entry("annotations", key)
            if value is UNKNOWN:
                return UNKNOWN
            if value is not None and (value.lower() in values if values else value.lower() != "false"):
                return True
        return False

    @fact(at="metadata.annotations")
    def published(self) -> bool:
        """Whether it gets a name in DNS by an annotation for external-dns: it is there to be reached."""
        keys = ("external-dns.alpha.kubernetes.io/hostname", "external-dns.kubernetes.io/hostname")
        said = [self._annotation(key) for key in keys]
        if any(isinstance(value, str) and value for value in said):
            return True
        return UNKNOWN if any(value is UNKNOWN for value in said) else False

    def _annotation(self, key: str) -> Any:
        return self.metadata.entry("annotations", key)

    @fact(at="spec.type")
    def console(self) -> str | None:
        """The console or model server without a login of its own that its name or selector says it leads to."""
        return self._named_by(_CONSOLES)

    @fact(at="spec.type")
    def codeConsole(self) -> str | None:
        """The console with a login of its own and code to run behind it that its name or selector says it leads to."""
        return self._named_by(_CODE_CONSOLES)

    @fact(at="spec.ports")
    def store(self) -> str | None:
        """The kind of database, cache or queue that its first port of one is by custom; null when it has none."""
        for port in known_items(self.spec.ports):
            for number in (port.port, port.targetPort):
                if isinstance(number, int) and number in _STORES:
                    return _STORES[number]
        return None

    @fact(at="spec.ports")
    def measures(self) -> bool:
        """Whether all its ports are for monitoring, by their names."""
        ports = self.spec.ports
        return (
            ports is not UNKNOWN
            and bool(ports)
            and all(port is not UNKNOWN and is_telemetry(port.name) for port in ports)
        )

    @fact(at="spec.type")
    def gateway(self) -> bool:
        """Whether it is an ingress controller's or a gateway's, which is there to be reached."""
        return self._named_by(_GATEWAYS) is not None

    def _named_by(self, pattern: re.Pattern[str]) -> str | None:
        """The first name that the pattern finds in its own name or its selector."""
        return _found(pattern, self.name, self.spec.selector)

    @fact(at="spec.type")
    def exposed(self) -> bool:
        """Whether it is a NodePort, or a LoadBalancer that no annotation or source range keeps in."""
        kind = self.spec.type
        if kind != "LoadBalancer":
            return UNKNOWN if unsure(kind) else kind == "NodePort"
        ranges = self.spec.loadBalancerSourceRanges
        if unsure(ranges) or unsure(self.internalBalancer):
            return UNKNOWN
        narrow = bool(ranges) and not any(item in _EVERYWHERE for item in ranges)
        return not (self.internalBalancer or narrow)


def leads_to_code(name: Any, selector: Any) -> bool:
    """Whether a Service of that name and selector leads to a console with a login that runs code, as they say."""
    return _found(_CODE_CONSOLES, name, selector) is not None


def _found(pattern: re.Pattern[str], name: Any, selector: Any) -> str | None:
    for word in (name, *(selector.values() if selector and selector is not UNKNOWN else ())):
        match = pattern.search(word.lower()) if isinstance(word, str) else None
        if match:
            return match[match.lastindex or 0]
    return None


def _private(addresses: Any) -> bool:
    """Whether all of some addresses, separated by commas, are of private networks."""
    if not isinstance(addresses, str) or not addresses:
        return False
    import ipaddress

    try:
        return all(ipaddress.ip_address(address.strip()).is_private for address in addresses.split(","))
    except ValueError:
        return False


# By the ports that they listen on by default
_STORES = {
    1433: "SQL Server", 1521: "Oracle", 2379: "etcd", 3306: "MySQL", 5432: "PostgreSQL", 5672: "RabbitMQ",
    6379: "Redis", 7687: "Neo4j", 8086: "InfluxDB", 9042: "Cassandra", 9092: "Kafka", 9200: "Elasticsearch",
    11211: "Memcached", 26257: "CockroachDB", 27017: "MongoDB",
}  # fmt: skip
# What is there to let requests in, by its name, its selector or the labels of its pods
_GATEWAYS = lazy_regex(
    r"(?:^|[-_.])(?:traefik|ingress-?nginx|nginx-ingress|ingress-?gateway|ingress-controller|gateway-proxy|envoy-gateway"
    r"|kong-proxy|kong-gateway|haproxy-ingress|contour-envoy|ambassador|emissary|nginx-gateway)(?:[-_.]|\Z)"
)
# Consoles and servers that let in whoever reaches them, unless someone has put a lock before them
_CONSOLES = lazy_regex(
    r"(?:^|[-_.])(kubeflow|ml-pipeline-ui|ray-head|ray-dashboard|raycluster|mlflow|ollama|vllm|triton|tritonserver"
    r"|text-generation-inference|tgi|sglang|tensorboard|flower|kibana|elasticsearch|redis-commander|prometheus"
    r"|alertmanager|weave-scope|comfyui|stable-diffusion|streamlit|gradio|langflow|flowise|qdrant|milvus|weaviate"
    r"|chroma|seldon|bentoml|spark-master|dask-scheduler)(?:[-_.]|\Z)"
)
# Those that ask for a token or a password by themselves, and then run code, or what a database is told, for whoever
# has it: Jupyter makes a token where none is set, Argo asks for one of the cluster since 3.0
_CODE_CONSOLES = lazy_regex(
    r"(?:^|[-_.])(jupyter(?:hub|lab)?|notebook|kubernetes-dashboard|argo-server|argo-workflows|airflow|phpmyadmin"
    r"|pgadmin|adminer)(?:[-_.]|\Z)"
)


# Annotations that bring a certificate from outside the object
_TLS_ANNOTATIONS = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "alb.ingress.kubernetes.io/ssl-redirect",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "haproxy-ingress.github.io/ssl-passthrough",
    "haproxy.org/ssl-passthrough",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "appgw.ingress.kubernetes.io/ssl-redirect",
    "traefik.ingress.kubernetes.io/router.tls",
    "traefik.ingress.kubernetes.io/router.tls.certresolver",
    "route.openshift.io/termination",
    "tailscale.com/expose",
)
_PLAIN_LISTENERS = ("false", "")


# RFC 2606, 6761, 6762, 8375; `.home`, `.lan`, `.minikube` and `.kind` are delegated to nobody, and no domain at the top
# has a figure in its name, but for those in other scripts. `.internal` is where companies and clouds put what they do
# serve
_HOMELY = lazy_regex(
    r"(?i)(?:^|\.)(?:localhost|local|localdomain|test|invalid|example|lan|home|home\.arpa|minikube|kind|(?!xn--)[a-z0-9-]*[0-9][a-z0-9-]*)$"
    r"|\.127[.-]0[.-]0[.-]1\.(?:nip|sslip|xip)\.io$"
)


# Controllers that get the certificates themselves, and one whose requests come through a tunnel from where TLS ends
_ENCRYPTING = ("tailscale", "caddy", "cloudflare-tunnel")


# a whole answer of nginx, not one of a `location` or an `if`
_SENDS_ON = lazy_regex(r"\A\s*(?:return\s+30[1278]\s+)?https://")
# names without a dot, too, are of a network of one's own
_ALONE = lazy_regex(r"[A-Za-z0-9-]+")


def is_homely(host: Any) -> bool:
    """Whether a host is a name for one's own machine or network, or for nothing: nobody signs a certificate for it."""
    return isinstance(host, str) and bool(_HOMELY.search(host) or _ALONE.fullmatch(host))


class IngressSpec(Part):
    """What an Ingress should be."""

    ingressClassName: str | None = field(None, "controller that serves it")
    tls: list[Any] = field(None, "certificates and their hosts")
    rules: list[Any] = field(None, "hosts and paths")
    defaultBackend: Any = field(None, "where everything else goes")


class Ingress(Manifest):
    """An Ingress."""

    spec: IngressSpec = field(None, "what it should be")

    @fact(at="spec.tls")
    def encrypted(self) -> bool:
        """Whether it has certificates, or an annotation by which the load balancer ends TLS; unknown where its class,
        which stands here, is of a controller of which nobody knows what it serves."""
        tls = self.spec.tls
        if self.controller in _ENCRYPTING or self._is_caddy:
            return True
        entrypoints = self.metadata.entry("annotations", "traefik.ingress.kubernetes.io/router.entrypoints")
        if isinstance(entrypoints, str) and "secure" in entrypoints:
            return True
        if entrypoints is None and isinstance(self.controller, str) and self.controller.startswith("traefik"):
            return UNKNOWN if tls is UNKNOWN or not tls else True  # its entrypoints tell
        verdicts = [UNKNOWN if tls is UNKNOWN else bool(tls)]
        for key in _TLS_ANNOTATIONS:
            value = self.metadata.entry("annotations", key)
            verdicts.append(
                UNKNOWN if value is UNKNOWN else value is not None and value not in _PLAIN_LISTENERS
            )
        verdict = either(*verdicts)
        return UNKNOWN if verdict is False and is_of_unknown_controller(self, self.controller) else verdict

    @property
    def _is_caddy(self) -> bool:
        return same(self.metadata.entry("annotations", "kubernetes.io/ingress.class"), "caddy")

    @fact(at="metadata.annotations")
    def redirects(self) -> bool:
        """Whether all that it answers is where else to go, over HTTPS."""
        return any(
            isinstance(value := self.metadata.entry("annotations", f"nginx.ingress.kubernetes.io/{key}"), str)
            and _SENDS_ON.search(value) is not None
            for key in ("permanent-redirect", "temporal-redirect", "configuration-snippet")
        )

    @fact(at="spec.rules")
    def homely(self) -> bool:
        """Whether all its hosts are names for one's own machine or network, for which nobody signs a certificate."""
        rules = self.spec.rules
        hosts = [rule.get("host") if isinstance(rule, dict) else UNKNOWN for rule in known_items(rules)]
        return bool(hosts) and all(map(is_homely, hosts))

    @fact(at="spec.rules")
    def unfinished(self) -> bool:
        """Whether it has neither rules nor a default backend, which the API refuses: something completes it."""
        spec = self.spec
        return (
            either(*(UNKNOWN if unsure(v) else bool(v) for v in (spec.rules, spec.defaultBackend))) is False
        )

    @fact(at="spec.ingressClassName")
    def controller(self) -> str | None:
        """The class that serves it, by field or by the legacy annotation; null when none is named."""
        named = self.spec.ingressClassName
        return (
            named if named is not None else self.metadata.entry("annotations", "kubernetes.io/ingress.class")
        )


class Peer(Part):
    """Who a network policy lets through."""

    podSelector: Any = field(None, "pods, by label")
    namespaceSelector: Any = field(None, "namespaces, by label")
    ipBlock: Any = field(None, "addresses")


class PolicyRule(Part):
    """A rule of a network policy: its peers are in `from` or `to`."""

    from_: list[Peer] = field(None, "who may send", key="from")
    to: list[Peer] = field(None, "whom it may send to")
    ports: list[Any] = field(None, "on which ports; none means all")

    @fact
    def peers(self) -> list[Peer]:
        """The peers of the rule, whatever its direction."""
        return self.from_ if self.step is not None and self._incoming() else self.to

    def _incoming(self) -> bool:
        return self.parent is not None and self.parent.step == "ingress"

    @fact
    def incoming(self) -> bool:
        """Whether it stands in `ingress`."""
        return self._incoming()

    @fact
    def anyone(self) -> bool:
        """Whether it lets through everyone: no peer at all or, inwards, every address."""
        peers = self.peers
        if unsure(peers):
            return UNKNOWN
        if not peers:
            # an egress rule for some ports only is how name resolution is let out
            limits = UNKNOWN if self.is_empty("ports") else self.ports
            narrow = UNKNOWN if limits is UNKNOWN else bool(limits) and not self._incoming()
            return UNKNOWN if self.open or narrow is UNKNOWN else not narrow
        if not self._incoming():
            return False
        return self.opening >= 0

    @fact(at="from_")
    def opening(self) -> int:
        """The index of the first sender that stands for every address, -1 for none; for where a finding points."""
        for index, peer in enumerate(() if self.from_ is UNKNOWN else self.from_):
            block = peer.ipBlock if peer is not UNKNOWN else None
            if (
                isinstance(block, dict)
                and block.get("cidr") in _EVERYWHERE
                and not _spares_much(block.get("except"))
            ):
                return index
        return -1

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "opening":
            index = self.opening if self._incoming() else -1
            return self._locate_node("from", (index, "ipBlock", "cidr")) if index >= 0 else self.place()
        return super().locate(steps)

    @fact(at="to")
    def opensMetadata(self) -> bool:
        """Whether it lets pods reach every address, the instance metadata service with them."""
        peers = self.to
        if peers is UNKNOWN or self._incoming():
            return UNKNOWN if unsure(peers) else False
        blocks = [peer.ipBlock for peer in peers if peer is not UNKNOWN and isinstance(peer.ipBlock, dict)]
        return any(
            block.get("cidr") == "0.0.0.0/0"
            and not any(str(item).startswith("169.254.") for item in block.get("except") or ())
            for block in blocks
        )


def _spares_much(exceptions: Any) -> bool:
    """Whether exceptions take more away than a few networks: one of them is as large as 10.0.0.0/8, or not known."""
    if not isinstance(exceptions, list):
        return bool(exceptions)
    sizes = [str(item).rpartition("/")[2] for item in exceptions]
    return any((number := whole(size)) is None or number <= _LARGE for size in sizes)


class NetworkPolicySpec(Part):
    """What a network policy should be."""

    podSelector: LabelSelector = field(None, "pods that it is about; empty means all of the namespace")
    ingress: list[PolicyRule] = field(None, "who may send to them")
    egress: list[PolicyRule] = field(None, "whom they may send to")
    policyTypes: list[str] = field(None, "Ingress, Egress or both")


# what everybody is meant to reach: the way in, what answers an ACME server, what the API server calls
_FRONT_DOOR = lazy_regex(
    r"(?i)(?:^|[^a-z])(?:front-?ends?|web|www|ui|ingress(?:es)?|gateways?|prox(?:y|ies)|public|external|acme|\w{0,60}solver|web-?hooks?"
    r"|nginx|traefik|envoy|haproxy|caddy|argo-?cd-server)(?![a-z])"
)


# a name that says openly that the policy keeps nobody out, and does not say of whom
_OPEN = lazy_regex(
    r"(?i)(?:[a-z0-9-]+-)?(?:allow|permit)-all(?:-ingress(?:-(?:and-)?egress)?|-traffic)?(?:-(?:network-?)?policy|-netpol)?"
)


class NetworkPolicy(Manifest):
    """A NetworkPolicy."""

    spec: NetworkPolicySpec = field(None, "what it should be")

    @fact(at="spec.podSelector")
    def ofFrontDoor(self) -> bool:
        """Whether it selects pods that, by its name or their labels, everybody is meant to reach."""
        selector = self.spec.podSelector
        labels = selector.node.plain() if selector.node is not None else None
        if not labels:
            return False
        return _FRONT_DOOR.search(f"{self.name} {labels}") is not None

    @fact(at="spec.podSelector")
    def ofOpenNamespace(self) -> bool:
        """Whether it opens a whole namespace, says so in its name, and no other one beside it isolates the namespace.

        The documentation of Kubernetes has such a policy: `allow-all-ingress`.
        """
        name, selector = self.name, self.spec.podSelector
        if not isinstance(name, str) or _OPEN.fullmatch(name) is None:
            return False
        if selector is UNKNOWN or (selector.node is not None and selector.node.plain()):
            return False
        home = self.metadata.namespace
        others = [
            other.metadata.namespace
            for other in self.document.root.manifests
            if isinstance(other, NetworkPolicy) and other is not self
        ]
        if others and (home is UNKNOWN or any(other is UNKNOWN for other in others)):
            return UNKNOWN
        return home not in others
