"""Published ports, and which of them lead to something that asks for no password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.item import Item
from linter.formats.compose.tree import ComposeNode
from linter.formats.model import fact, field
from linter.formats.node import MAP, SCALAR
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service

_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "[::]", "*"})  # noqa: S104 - what we look for


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A server that should not face a network: its container port, or its image where the port tells nothing."""

    name: str
    ports: frozenset[int]
    image: str  # regular expression on registry/repository or the program; '' when the port is enough
    source: str


# read 2026-11: ports and authentication of the default configuration, from each product's documentation
SENSITIVE = (
    Sensitive("PostgreSQL", frozenset({5432}), "", "postgresql.org/docs"),
    Sensitive("MySQL", frozenset({3306, 33060}), "", "dev.mysql.com/doc/mysql-port-reference"),
    Sensitive("SQL Server", frozenset({1433}), "", "learn.microsoft.com/sql"),
    Sensitive("MongoDB", frozenset({27017}), "", "mongodb.com/docs/manual/reference/default-mongodb-port"),
    Sensitive("Redis", frozenset({6379}), "", "redis.io/docs: security"),
    Sensitive("Memcached", frozenset({11211}), "", "docs.memcached.org"),
    Sensitive("OpenSearch", frozenset({9200, 9300, 9600}), r"opensearch", "docs.opensearch.org: security"),
    Sensitive("Elasticsearch", frozenset({9200, 9300}), "", "elastic.co: networking"),
    Sensitive("Cassandra", frozenset({9042}), "", "cassandra.apache.org/doc/stable"),
    Sensitive("etcd", frozenset({2379, 2380}), "", "etcd.io/docs: configuration"),
    Sensitive("ZooKeeper", frozenset({2181}), "", "zookeeper.apache.org: administrator's guide"),
    Sensitive(
        "Kafka",
        frozenset({9092}),
        r"kafka|redpanda|confluentinc/cp-server|automq",
        "kafka.apache.org/documentation",
    ),
    Sensitive("Neo4j", frozenset({7474, 7687}), "", "neo4j.com/docs: ports"),
    Sensitive("Milvus", frozenset({19530}), "", "milvus.io/docs/authenticate.md"),
    Sensitive("Qdrant", frozenset({6333, 6334}), "", "qdrant.tech/documentation/guides/security"),
    Sensitive("Weaviate", frozenset({8080, 50051}), r"weaviate", "weaviate.io: authentication"),
    Sensitive("Chroma", frozenset({8000}), r"chroma", "docs.trychroma.com/deployment"),
    Sensitive("Vespa", frozenset({8080, 19071}), r"vespaengine/vespa", "docs.vespa.ai"),
    Sensitive("Ray dashboard", frozenset({8265}), "", "docs.ray.io/en/latest/ray-security"),
    Sensitive("Ray client", frozenset({10001}), "", "docs.ray.io/en/latest/ray-security"),
    Sensitive(
        "Jupyter",
        frozenset({8888}),
        r"jupyter|notebook|datascience",
        "jupyter-server.readthedocs.io: security",
    ),
    Sensitive("Docker API", frozenset({2375}), "", "docs.docker.com/engine/security/protect-access"),
    Sensitive("MLflow", frozenset({5000}), r"mlflow", "mlflow.org/docs/latest/auth"),
    Sensitive("Ollama", frozenset({11434}), "", "docs.ollama.com/faq"),
    Sensitive("Phoenix", frozenset({6006}), r"phoenix", "arize.com/docs/phoenix: authentication"),
    Sensitive(
        "TensorBoard", frozenset({6006}), r"tensorboard|tensorflow|pytorch", "tensorflow.org/tensorboard"
    ),
    Sensitive("vLLM", frozenset({8000}), r"vllm", "docs.vllm.ai: OpenAI-compatible server"),
    Sensitive("SGLang", frozenset({30000}), r"sglang", "docs.sglang.ai: server arguments"),
    Sensitive(
        "Text Generation Inference",
        frozenset({80, 8080, 3000}),
        r"text-generation-inference|tgi-gaudi",
        "huggingface.co/docs/text-generation-inference",
    ),
    Sensitive(
        "Text Embeddings Inference",
        frozenset({80, 8080, 3000}),
        r"text-embeddings-inference|tei-gaudi",
        "huggingface.co/docs/text-embeddings-inference",
    ),
    Sensitive(
        "Triton Inference Server",
        frozenset({8000, 8001, 8002}),
        r"tritonserver",
        "docs.nvidia.com: Triton, secure deployment",
    ),
)
_KEYED = {  # a key on these, by option or variable, makes the server ask for it
    "vLLM": ("--api-key", "VLLM_API_KEY"),
    "SGLang": ("--api-key", "SGLANG_API_KEY"),
    "Text Generation Inference": ("--api-key", "API_KEY"),
    "Text Embeddings Inference": ("--api-key", "API_KEY"),
    "Qdrant": ("QDRANT__SERVICE__API_KEY",),
    "Redis": ("--requirepass", "REDIS_PASSWORD"),
    "Phoenix": ("PHOENIX_ENABLE_AUTH",),
}
# stores of objects, which ask for a key and are put on any port: MinIO's nodes on 10001, 10002, …
_OF_OBJECTS = lazy_regex(r"(?:^|/)(?:minio|seaweedfs|garage|rustfs)(?:[/:@]|$)")
# `[host:]container[/protocol]`, the host part with an address before it or not
_SHORT = lazy_regex(
    r"(?:(?:(?P<ip>\[[^\]]*\]|[^:\[\]]*):)?(?P<published>[^:\[\]]*):)?(?P<target>[^:/]+)(?:/(?P<protocol>\w+))?"
)


class Port(Item):
    """A port of a service that the host publishes."""

    target: str = field("", "port or range inside the container")
    published: str = field("", "port or range on the host; empty lets Docker choose")
    hostIp: str = field("", "address of the host that it is bound to; empty means all")
    protocol: str = field("tcp", "tcp or udp")

    def __init__(self, service: Service, span: Span, parts: dict[str, str]) -> None:
        super().__init__(service, span, f"ports/{parts.get('target', '').replace(HOLE, '?')}")
        for name in ("target", "published", "hostIp"):
            text = parts.get(name, "")
            setattr(self, name, UNKNOWN if HOLE in text else text)
        self.protocol = parts.get("protocol") or "tcp"

    @fact
    def allInterfaces(self) -> bool:
        """Whether it is bound to every address of the host."""
        address: Any = self.hostIp
        return UNKNOWN if address is UNKNOWN else address in _EVERYWHERE

    @fact
    def server(self) -> str | None:
        """The database, store or model server behind it that asks for no password; null for others."""
        numbers: Any = _numbers(self.target)
        if numbers is UNKNOWN:
            return UNKNOWN
        found: str | None = next((entry.name for entry in SENSITIVE if self._is(entry, numbers)), None)
        return None if found is not None and self._keyed(found) else found

    def _is(self, entry: Sensitive, numbers: range) -> bool:
        if not any(port in numbers for port in entry.ports):
            return False
        if _OF_OBJECTS.search(self.service.imageRef.written.lower()) is not None:
            return False
        program = self.service.words[:1]
        said = (self.service.imageRef.written.lower(), *(word.rpartition("/")[2] for word in program))
        return not entry.image or any(re.search(entry.image, words) is not None for words in said)

    def _keyed(self, server: str) -> bool:
        names = _KEYED.get(server, ())
        words = self.service.words
        return any(
            name in words or any(word.startswith(name + "=") for word in words) or self.service.variable(name)
            for name in names
        )


def _numbers(target: Any) -> Any:
    """The ports of `8000` or `8000-8010`."""
    if target is UNKNOWN:
        return UNKNOWN
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", target)
    return range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)


def ports(service: Service, node: ComposeNode | None) -> Iterator[Port]:
    """The entries of `ports`, short and long."""
    for element in node.elements() if node is not None else ():
        if element.kind == SCALAR:
            match = _SHORT.fullmatch(element.text().strip())
            if match is not None:
                found = {
                    "target": match["target"],
                    "published": match["published"] or "",
                    "hostIp": match["ip"] or "",
                }
                yield Port(service, element.head_span(), {**found, "protocol": match["protocol"] or "tcp"})
        elif element.kind == MAP:
            keys = {"target": "target", "published": "published", "host_ip": "hostIp", "protocol": "protocol"}
            parts = {
                ours: child.text() for key, ours in keys.items() if (child := element.get(key)) is not None
            }
            if parts.get("target"):
                yield Port(service, element.head_span(), parts)
