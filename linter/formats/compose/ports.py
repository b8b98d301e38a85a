"""Published ports, and which of them lead to something that asks for no password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.item import Item
from linter.formats.compose.tree import ComposeNode
from linter.formats.document import fact, field
from linter.formats.node import MAP, SCALAR
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service

_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "[::]", "*"})  # noqa: S104 - what we look for


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A server that should not face a network: its container port, or its image where the port tells nothing."""

    name: str
    ports: frozenset[int]
    image: str  # regular expression on registry/repository; '' when the port is enough
    source: str


def _sensitive(name: str, ports: tuple[int, ...], image: str, source: str) -> Sensitive:
    return Sensitive(name, frozenset(ports), image, source)


# read 2026-11: ports and authentication of the default configuration, from each product's documentation
SENSITIVE = (
    _sensitive("PostgreSQL", (5432,), "", "postgresql.org/docs/current/runtime-config-connection.html"),
    _sensitive("MySQL", (3306, 33060), "", "dev.mysql.com/doc/mysql-port-reference/en/"),
    _sensitive("SQL Server", (1433,), "", "learn.microsoft.com/sql"),
    _sensitive("MongoDB", (27017,), "", "mongodb.com/docs/manual/reference/default-mongodb-port/"),
    _sensitive("Redis", (6379,), "", "redis.io/docs/latest/operate/oss_and_stack/management/security/"),
    _sensitive("Memcached", (11211,), "", "docs.memcached.org"),
    _sensitive("Elasticsearch", (9200, 9300), "", "elastic.co/guide/en/elasticsearch/reference/current/modules-network.html"),
    _sensitive("Cassandra", (9042,), "", "cassandra.apache.org/doc/stable/cassandra/getting-started/configuring.html"),
    _sensitive("etcd", (2379, 2380), "", "etcd.io/docs/latest/op-guide/configuration/"),
    _sensitive("ZooKeeper", (2181,), "", "zookeeper.apache.org/doc/current/zookeeperAdmin.html"),
    _sensitive("Kafka", (9092,), "", "kafka.apache.org/documentation/"),
    _sensitive("Neo4j", (7474, 7687), "", "neo4j.com/docs/operations-manual/current/configuration/ports/"),
    _sensitive("Milvus", (19530,), "", "milvus.io/docs/authenticate.md"),
    _sensitive("Qdrant", (6333, 6334), "", "qdrant.tech/documentation/guides/security/"),
    _sensitive("Weaviate", (8080, 50051), r"semitechnologies/weaviate|/weaviate$", "weaviate.io/developers/weaviate/configuration/authentication"),
    _sensitive("Chroma", (8000,), r"chromadb/chroma|/chroma$", "docs.trychroma.com/deployment"),
    _sensitive("Vespa", (8080, 19071), r"vespaengine/vespa", "docs.vespa.ai"),
    _sensitive("Ray dashboard", (8265,), "", "docs.ray.io/en/latest/ray-security/index.html"),
    _sensitive("Ray client", (10001,), "", "docs.ray.io/en/latest/ray-security/index.html"),
    _sensitive("Jupyter", (8888,), r"jupyter|notebook|datascience|pytorch|tensorflow", "jupyter-server.readthedocs.io"),
    _sensitive("Docker API", (2375, 2376), "", "docs.docker.com/engine/security/protect-access/"),
    _sensitive("MLflow", (5000,), r"mlflow", "mlflow.org/docs/latest/auth"),
    _sensitive("MinIO", (9000, 9001), r"minio/minio|/minio$", "min.io/docs"),
    _sensitive("Ollama", (11434,), "", "docs.ollama.com/faq"),
    _sensitive("vLLM", (8000,), r"vllm", "docs.vllm.ai/en/latest/serving/openai_compatible_server/"),
    _sensitive("SGLang", (30000,), r"sglang", "docs.sglang.ai"),
    _sensitive("Text Generation Inference", (80, 8080, 3000), r"text-generation-inference|tgi-gaudi", "huggingface.co/docs/text-generation-inference"),
    _sensitive("Text Embeddings Inference", (80, 8080, 3000), r"text-embeddings-inference|tei-gaudi", "huggingface.co/docs/text-embeddings-inference"),
    _sensitive("Triton Inference Server", (8000, 8001, 8002), r"tritonserver", "docs.nvidia.com/deeplearning/triton-inference-server"),
    _sensitive("TensorBoard", (6006,), "", "tensorboard.dev"),
)  # fmt: skip
_KEYED = {  # a key on these, by option or variable, makes the server ask for it
    "vLLM": ("--api-key", "VLLM_API_KEY"),
    "SGLang": ("--api-key", "SGLANG_API_KEY"),
    "Text Generation Inference": ("--api-key", "API_KEY"),
    "Text Embeddings Inference": ("--api-key", "API_KEY"),
    "Qdrant": ("QDRANT__SERVICE__API_KEY",),
    "Redis": ("--requirepass", "REDIS_PASSWORD"),
}
# `[host:]container[/protocol]`, the host part with an address before it or not
_SHORT = re.compile(
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
        return UNKNOWN if self.hostIp is UNKNOWN else self.hostIp in _EVERYWHERE

    @fact
    def server(self) -> str | None:
        """The database, store or model server behind it that asks for no password; null for others."""
        numbers = _numbers(self.target)
        if numbers is UNKNOWN:
            return UNKNOWN
        found = next((entry.name for entry in SENSITIVE if self._is(entry, numbers)), None)
        return None if found is not None and self._keyed(found) else found

    def _is(self, entry: Sensitive, numbers: range) -> bool:
        if not any(port in numbers for port in entry.ports):
            return False
        return not entry.image or re.search(entry.image, self.service.imageRef.written.lower()) is not None

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
