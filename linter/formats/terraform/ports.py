"""Who may reach which ports: security groups, firewalls and network security groups in one form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.model import fact, field
from linter.formats.node import Step
from linter.formats.scalars import whole
from linter.formats.terraform.networks import any_whole
from linter.formats.terraform.part import Part, blocks, dig, strings
from linter.formats.terraform.values import number

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

ADMIN = {22: "SSH", 3389: "RDP"}
AI = {
    8888: "Jupyter",
    8265: "the Ray dashboard",
    10001: "the Ray client",
    6006: "TensorBoard",
    8000: "what may be a model server",
    8001: "what may be a model server",
    8002: "what may be a model server",
    8003: "what may be a model server",
    11434: "Ollama",
    5000: "what may be MLflow or a registry",
    7860: "Gradio",
    8501: "Streamlit",
    6333: "Qdrant",
    19530: "Milvus",
    8786: "Dask",
    8787: "Dask",
}
DATA = {
    2049: "NFS",
    988: "Lustre",
    5432: "PostgreSQL",
    3306: "MySQL",
    6379: "Redis",
    9200: "OpenSearch",
    27017: "MongoDB",
    2375: "Docker",
    2379: "etcd",
    10250: "the kubelet",
}
WIDE = 1000  # ports; a wider range is no service's
_EVERYTHING = (0, 65535)


class Ingress(Part):
    """One rule that lets traffic in."""

    public: bool = field(False, "whether the whole internet is among the sources")
    sources: list[str] = field((), "the networks that it lets in")
    places: ClassVar[dict[str, tuple[Step, ...]]] = {}

    def __init__(
        self,
        owner: Located,
        path: tuple[Step, ...],
        ranges: list[Any],
        public: Any,
        sources: tuple[Step, ...],
    ) -> None:
        super().__init__(owner, path)
        self.ranges = ranges
        self.public = public
        self.sources = ["0.0.0.0/0"] if public is True else []
        self.places = {"sources": sources}  # type: ignore[misc]

    def _covers(self, ports: dict[int, str], narrow: bool) -> Any:
        unknown = False
        for item in self.ranges:
            if isinstance(item, Unknown):
                unknown = True
            elif not (narrow and item[1] - item[0] >= WIDE) and any(
                item[0] <= port <= item[1] for port in ports
            ):
                return True
        return UNKNOWN if unknown else False

    @fact
    def admin(self) -> bool:
        "whether SSH or RDP is among the ports"
        return self._covers(ADMIN, False)

    @fact
    def ai(self) -> bool:
        "whether a port of notebooks, model servers, Ray, vector stores is among them, in a range of at most 1000"
        return self._covers(AI, True)

    @fact
    def data(self) -> bool:
        "whether a port of storage, a database or the kubelet is among them, in a range of at most 1000"
        return self._covers(DATA, True)

    @fact
    def wide(self) -> bool:
        "whether it opens more than 1000 ports, or all"
        if any(not isinstance(item, Unknown) and item[1] - item[0] >= WIDE for item in self.ranges):
            return True
        return UNKNOWN if any(isinstance(item, Unknown) for item in self.ranges) else False

    @fact
    def service(self) -> str:
        "what listens on the opened ports, in words"
        narrow = [item for item in self.ranges if not isinstance(item, Unknown) and item[1] - item[0] < WIDE]
        found: dict[str, int] = {}
        for table in (ADMIN, AI, DATA):
            for start, end in narrow:
                for port, name in table.items():
                    if start <= port <= end:
                        found.setdefault(name, port)
        if found:
            return " and ".join(f"{name} (port {port})" for name, port in found.items())
        return self.span

    @fact
    def span(self) -> str:
        "the ports in words"
        known = [item for item in self.ranges if not isinstance(item, Unknown)]
        if not known:
            return "unknown ports"
        start, end = known[0]
        return (
            "every port"
            if (start, end) == _EVERYTHING
            else f"port {start}"
            if start == end
            else f"ports {start}-{end}"
        )


def _range(start: Any, end: Any) -> Any:
    if isinstance(start, Unknown) or isinstance(end, Unknown):
        return UNKNOWN
    low, high = number(start), number(end)
    if low is None and high is None:
        return _EVERYTHING
    low = high if low is None else low
    high = low if high is None else high
    assert low is not None
    assert high is not None
    return _EVERYTHING if low < 0 else (int(low), int(high))


def _parse(text: Any) -> Any:
    """`22`, `20-25`, `*`."""
    if isinstance(text, Unknown):
        return UNKNOWN
    if isinstance(text, int):
        return (text, text)
    if not isinstance(text, str) or text.strip() == "*":
        return _EVERYTHING
    start, dash, end = text.strip().partition("-")
    low = whole(start)
    high = whole(end) if dash else low
    return UNKNOWN if low is None or high is None else (low, high)


def _aws(owner: Located, path: tuple[Step, ...], rule: dict[str, Any], names: tuple[str, ...]) -> Ingress:
    protocol = rule.get("protocol", rule.get("ip_protocol"))
    everything = str(protocol).lower() in ("-1", "all")
    if protocol is not None and str(protocol).lower() in ("icmp", "icmpv6", "1", "58"):
        ranges: list[Any] = []
    else:
        ranges = [_EVERYTHING] if everything else [_range(rule.get("from_port"), rule.get("to_port"))]
    sources = [item for name in names for item in strings(rule.get(name))]
    found = next((name for name in names if any_whole(strings(rule.get(name))) is True), names[0])
    return Ingress(owner, path, ranges, any_whole(sources), (found,))


_GROUP = ("cidr_blocks", "ipv6_cidr_blocks")


def _security_group(owner: Located) -> Iterator[Any]:
    for index, rule in enumerate(blocks(owner.values.get("ingress"))):
        yield _aws(owner, ("ingress", index), rule, _GROUP) if isinstance(rule, dict) else UNKNOWN


def _security_group_rule(owner: Located) -> Iterator[Any]:
    if owner.values.get("type") != "egress":
        yield _aws(owner, (), owner.values, _GROUP)


def _ingress_rule(owner: Located) -> Iterator[Any]:
    yield _aws(owner, (), owner.values, ("cidr_ipv4", "cidr_ipv6"))


def _allowed(rule: Any) -> list[Any]:
    """The port ranges of one `allow` or `layer4_configs` block of Google Cloud."""
    if not isinstance(rule, dict):
        return [UNKNOWN]
    protocol = rule.get("protocol", rule.get("ip_protocol"))
    if isinstance(protocol, Unknown):
        return [UNKNOWN]
    if str(protocol).lower() not in ("tcp", "all", "6"):  # what our rules look for speaks TCP
        return []
    ports = strings(rule.get("ports"))
    return [_parse(port) for port in ports] if ports else [_EVERYTHING]


def _google_firewall(owner: Located) -> Iterator[Any]:
    values = owner.values
    direction, disabled = values.get("direction"), values.get("disabled")
    if direction == "EGRESS" or disabled is True:
        return
    sources = strings(values.get("source_ranges"))
    narrowed = next(
        (values[n] for n in ("source_tags", "source_service_accounts") if values.get(n) is not None), None
    )
    computed = (
        values.get("source_ranges") == []
    )  # a list that comes out empty: of nothing, or not yet of something
    if sources:
        public = any_whole(sources)
    else:
        public = UNKNOWN if computed or isinstance(narrowed, Unknown) else not narrowed
    for index, rule in enumerate(blocks(values.get("allow"))):
        ranges = _allowed(rule)
        if ranges:
            yield Ingress(owner, ("allow", index), ranges, public, ())


def _google_policy_rule(owner: Located) -> Iterator[Any]:
    values = owner.values
    if (
        values.get("direction") == "EGRESS"
        or values.get("disabled") is True
        or values.get("action") not in (None, "allow")
    ):
        return
    public = any_whole(strings(dig(values, "match", "src_ip_ranges")))
    for rule in blocks(dig(values, "match")):
        for index, layer in enumerate(blocks(rule.get("layer4_configs") if isinstance(rule, dict) else None)):
            ranges = _allowed(layer)
            if ranges:
                yield Ingress(owner, ("match", "layer4_configs", index), ranges, public, ())


def _listed(value: Any) -> Iterator[Any]:
    """Ports, which may also be several in one text."""
    for item in strings(value):
        yield from item.split(",") if isinstance(item, str) else (item,)


def _azure_rule(owner: Located, path: tuple[Step, ...], rule: dict[str, Any]) -> Iterator[Any]:
    words = [str(rule.get(key, "")).lower() for key in ("direction", "access", "protocol")]
    if words[0] == "outbound" or words[1] == "deny" or words[2] in ("icmp", "esp", "ah"):
        return
    ports = [*_listed(rule.get("destination_port_range")), *_listed(rule.get("destination_port_ranges"))]
    names = ("source_address_prefix", "source_address_prefixes")
    sources = [item for name in names for item in strings(rule.get(name))]
    found = next((name for name in names if any_whole(strings(rule.get(name))) is True), names[0])
    yield Ingress(
        owner, path, [_parse(port) for port in ports] or [_EVERYTHING], any_whole(sources), (found,)
    )


def _azure_group(owner: Located) -> Iterator[Any]:
    for index, rule in enumerate(blocks(owner.values.get("security_rule"))):
        if isinstance(rule, dict):
            yield from _azure_rule(owner, ("security_rule", index), rule)
        else:
            yield UNKNOWN


def _digitalocean(owner: Located) -> Iterator[Any]:
    for index, rule in enumerate(blocks(owner.values.get("inbound_rule"))):
        if not isinstance(rule, dict):
            yield UNKNOWN
        elif rule.get("protocol") != "icmp":
            text = rule.get("port_range")
            ranges = [_EVERYTHING] if text in (None, "0", "all", "") else [_parse(text)]
            yield Ingress(
                owner,
                ("inbound_rule", index),
                ranges,
                any_whole(strings(rule.get("source_addresses"))),
                ("source_addresses",),
            )


READERS: dict[str, Callable[[Located], Iterator[Any]]] = {
    "aws_security_group": _security_group,
    "aws_default_security_group": _security_group,
    "aws_security_group_rule": _security_group_rule,
    "aws_vpc_security_group_ingress_rule": _ingress_rule,
    "google_compute_firewall": _google_firewall,
    "google_compute_network_firewall_policy_rule": _google_policy_rule,
    "google_compute_region_network_firewall_policy_rule": _google_policy_rule,
    "google_compute_firewall_policy_rule": _google_policy_rule,
    "azurerm_network_security_rule": lambda owner: _azure_rule(owner, (), owner.values),
    "azurerm_network_security_group": _azure_group,
    "digitalocean_firewall": _digitalocean,
}


def ingress(owner: Located, type_key: str) -> list[Any]:
    """Every rule of a subject that lets traffic in; UNKNOWN for one that can't be read."""
    reader = READERS.get(type_key)
    return list(reader(owner)) if reader is not None else []
