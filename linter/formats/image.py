"""Container image references, with the parts that are not known kept unknown.

Grammar: github.com/distribution/reference. Text may hold `HOLE` where a variable or a template stands
that nobody can resolve; every part that such a hole can reach reads as UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats import image_agents
from linter.formats.document import Document
from linter.formats.image_users import has_own_user
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.patterns import lazy_regex
from linter.text import Span

HOLE = "\ufffc"  # object replacement character: stands for text that is not known
# Programs of tutorials, by the path that their publishers or those who copy them give them
_DEMOS = lazy_regex(
    r"(?:\A|/)(?:google-samples|microservices-demo|weaveworksdemos|nginxdemos)(?:/|[-:@]|\Z)"
    r"|(?:\A|/)(?:examples-bookinfo-[\w-]+|microservices-demo-[\w-]+|hello-app|hello-world|hello-node|hello-minikube"
    r"|hello-kubernetes|http-echo|echo-?server|kuard(?:-\w+)?|example-hotrod|example-sleuth-webmvc|kubernetes-bootcamp"
    r"|gb-frontend|whoami|rollouts-demo|emojivoto-[\w-]+|httpbin|agnhost|docker/getting-started)(?:[:@]|\Z)"
)
# Programs that imitate a service for whoever develops against it, and forget all, by the path of their publishers
_EMULATORS = lazy_regex(
    r"(?:\A|/)(?:azure-storage/azurite|cosmosdb/linux/azure-cosmos-emulator|azure-messaging/\w+-emulator"
    r"|localstack/localstack(?:-[\w-]+)?|fsouza/fake-gcs-server|motoserver/moto|amazon/dynamodb-local"
    r"|aws-dynamodb-local/aws-dynamodb-local|adobe/s3mock|mailhog/mailhog|axllent/mailpit|maildev/maildev"
    r"|rnwood/smtp4dev|greenmail/standalone|wiremock/wiremock|mockserver/mockserver|stripe/stripe-mock"
    r"|navikt/mock-oauth2-server)(?:[:@]|\Z)"
)
_HOLES = lazy_regex(f"{HOLE}+")

_DEFAULT_REGISTRY = "docker.io"
DOCKER_HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_VALID = lazy_regex(
    r"(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/)?"
    rf"{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
# Tags that publishers move with every build or release.
# fmt: off
_CHANNEL_WORDS = frozenset((
    "latest", "nightly", "main", "master", "trunk", "head", "dev", "devel", "develop", "development",
    "edge", "canary", "stable", "unstable", "testing", "snapshot", "rolling", "current", "mainline", "next",
    "beta", "alpha", "preview", "experimental", "lts", "release", "prod", "production", "staging",
))
# fmt: on
# Words that name a flavour of the image, no version: `latest-gpu`, `main-cpu` move as `latest`, `main` do.
_FLAVOUR = lazy_regex(
    r"gpu|cpu|cuda\d*|rocm|xpu|hpu|amd|intel|nvidia|alpine|slim|debian|ubuntu|ubi\d*|amd64|arm64|aarch64"
    r"|x86|64|full|minimal|base|runtime|devel|extras|all|py\d*|python\d*|tei|trt|trtllm|aio|ffmpeg|core|non"
    r"|root|nonroot|fips|rootless"
)
_WORD = lazy_regex(r"[-_.]")
_OF_KUBECTL = lazy_regex(
    r"(?:^|/)(?:kubectl|alpine/k8s|k8s-kubectl|hyperkube|kubernetes-toolkit|aws-cli|postgres-init|minio/mc|curl|curlimages/curl)(?::|@|\Z)"
)
# who copies a template writes a registry of their own there, and a tag with it
_PLACEHOLDER = lazy_regex(
    r"(?i)(?:^|[/.])your[-_]?[a-z]|replace[-_]?(?:me|this|with)|change[-_]?me|(?:^|/)my[-_]?(?:docker|private)?[-_]?"
    r"(?:registry|repo|repository|org|organi[sz]ation|company|username|account|hub)\b|^my-(?:[a-z-]+-)?image(?::|\Z)"
    r"|<[a-z][a-z0-9_ -]*>|^(?:unknown|undefined|unset|none|null|todo|invalid)$"
    r"|(?:^|/)placeholder[-_]for[-_]|(?:^|[/_-])image[-_]placeholder(?::|\Z)"
    r"|(?:^|/)docker-noop$"  # Flyte's, in whose place the image of the task comes
)

# Docker's own images, which need no owner: other names with a dash are nobody's
# fmt: off
_OF_KUBEBUILDER = "controller:latest"
_OFFICIAL = frozenset((
    "adminer", "aerospike", "almalinux", "alpine", "alt", "amazoncorretto", "amazonlinux", "api-firewall",
    "arangodb", "archlinux", "backdrop", "bash", "bonita", "buildpack-deps", "bun", "busybox", "caddy",
    "cassandra", "centos", "chronograf", "cirros", "clearlinux", "clefos", "clojure", "composer", "consul",
    "convertigo", "couchbase", "couchdb", "crate", "crux", "dart", "debian", "docker", "docker-dev", "drupal",
    "eclipse-mosquitto", "eclipse-temurin", "eggdrop", "elasticsearch", "elixir", "emqx", "erlang", "euleros",
    "express-gateway", "fedora", "flink", "fluentd", "friendica", "gazebo", "gcc", "geonetwork", "ghost",
    "golang", "gradle", "groovy", "haproxy", "haskell", "haxe", "hello-seattle", "hello-world", "hitch",
    "hola-mundo", "httpd", "hylang", "ibmjava", "ibm-semeru-runtimes", "influxdb", "iojs", "irssi", "jenkins",
    "jetty", "jobber", "joomla", "jruby", "julia", "kaazing-gateway", "kapacitor", "kibana", "known", "kong",
    "krakend", "lightstreamer", "liquibase", "logstash", "mageia", "mariadb", "matomo", "maven", "mediawiki",
    "memcached", "mono", "mongo", "mongo-express", "monica", "mysql", "nats", "nats-streaming", "neo4j",
    "neurodebian", "nextcloud", "nginx", "node", "notary", "nuxeo", "odoo", "open-liberty", "openjdk",
    "opensuse", "oraclelinux", "orientdb", "percona", "perl", "photon", "php", "php-zendserver", "phpmyadmin",
    "piwik", "plone", "postfixadmin", "postgres", "pypy", "python", "r-base", "rabbitmq", "rails",
    "rakudo-star", "rapidoid", "redis", "redmine", "registry", "rethinkdb", "rocket.chat", "rockylinux", "ros",
    "ruby", "rust", "sapmachine", "satosa", "scratch", "sentry", "silverpeas", "sl", "solr", "sonarqube",
    "sourcemage", "spark", "spiped", "storm", "swift", "swipl", "teamspeak", "telegraf", "thrift", "tomcat",
    "tomee", "traefik", "ubuntu", "ubuntu-debootstrap", "ubuntu-upstart", "unit", "valkey", "varnish", "vault",
    "websphere-liberty", "wordpress", "xwiki", "yourls", "znc", "zookeeper",
))
# fmt: on


def is_unknown(value: object) -> bool:
    """Whether a value is UNKNOWN. (Compared in place, mypy would take UNKNOWN for the value's type.)"""
    return value is UNKNOWN


class ImageRef(Model):
    """An image reference as written, taken apart."""

    text: str = field("", "the reference as written, variables resolved where that is possible")
    registry: str = field(_DEFAULT_REGISTRY, "registry host with its port; docker.io when none is written")
    repository: str = field("", "path in the registry, with the implied `library/` of Docker Hub")
    name: str = field("", "last component of the repository")
    tag: str | None = field(None, "tag; null when none is written")
    digest: str | None = field(None, "digest such as sha256:…; null when none is written")

    def __init__(self, text: Any, owner: Model | None = None, steps: Sequence[Step] = ()) -> None:
        """Take `text` (a string, with HOLE for what is not known, or UNKNOWN) apart.

        `owner.locate(steps)` is where the reference stands.
        """
        self._owner = owner
        self._steps = tuple(steps)
        if owner is not None:
            self.document: Document = owner.document
        whole_unknown = not isinstance(text, str)
        self.written: str = HOLE if whole_unknown else text.strip()
        self.text = UNKNOWN if whole_unknown or HOLE in text else self.written
        self._split()

    def _split(self) -> None:
        rest, _, digest = self.written.partition("@")
        has_digest = "@" in self.written
        path, name_and_tag = rest.rpartition("/")[::2]
        name, _, tag = name_and_tag.partition(":")
        has_tag = ":" in name_and_tag
        # A hole can hold whatever may follow it up to the next separator that is written.
        open_end = HOLE in (tag if has_tag else name)
        self.tag = UNKNOWN if open_end else tag if has_tag else None
        if has_digest:
            self.digest = UNKNOWN if HOLE in digest else digest
        else:
            self.digest = UNKNOWN if open_end else None
        self._place_path(path, name)

    def _place_path(self, path: str, name: str) -> None:
        host, _, below = path.partition("/")
        if HOLE in host or (not path and HOLE in name):
            self.registry, self.repository = UNKNOWN, UNKNOWN
        elif path and (("." in host) or (":" in host) or host == "localhost"):
            self.registry = _DEFAULT_REGISTRY if host in DOCKER_HUB else host
            self._set_repository(below, name)
        else:
            self.registry = _DEFAULT_REGISTRY
            self._set_repository(path, name)
        self.name = UNKNOWN if HOLE in name else name

    def _set_repository(self, path: str, name: str) -> None:
        if HOLE in path or HOLE in name:
            self.repository = UNKNOWN
        elif path:
            self.repository = f"{path}/{name}"
        else:
            self.repository = f"library/{name}" if self.registry == _DEFAULT_REGISTRY else name

    @property
    def demo(self) -> bool:
        """Whether it is known to show something or to imitate a service, and to do nothing else."""
        return _DEMOS.search(self.written) is not None or _EMULATORS.search(self.written) is not None

    @fact
    def written_registry(self) -> bool:
        """Whether a registry host is written out."""
        if is_unknown(self.registry):
            return UNKNOWN
        return self.registry != _DEFAULT_REGISTRY or self.written.partition("/")[0] in DOCKER_HUB

    @fact
    def pinned(self) -> bool:
        """Whether a digest fixes the content."""
        return UNKNOWN if is_unknown(self.digest) else self.digest is not None

    @fact
    def placeholder(self) -> bool:
        """Whether it is to be filled in: your-registry/app, my-org/app, <registry>/app."""
        return _PLACEHOLDER.search(self.written) is not None

    @fact
    def ownUser(self) -> bool:
        """Whether its publisher is known to give it a user other than root, as Prometheus and Red Hat's databases."""
        return has_own_user(self.full_name, self.tag)

    @fact
    def ofNetworks(self) -> bool:
        """Whether it is an agent that gives pods their network, or announces addresses, on each node."""
        return image_agents.OF_NETWORKS.search(self.written) is not None

    @fact
    def servesNode(self) -> bool:
        """Whether it lets requests in at each node, or takes what the pods of its node tell: an ingress controller, a
        collector of traces, figures or logs."""
        return image_agents.SERVING.search(self.written) is not None

    @fact
    def ofNodeExporter(self) -> bool:
        """Whether it is Prometheus' exporter of nodes with Linux or Windows, or another agent that reads the figures of
        its node as its documentation asks."""
        return image_agents.SHOWING.search(self.written) is not None

    @fact
    def ofAudit(self) -> bool:
        """Whether it is kube-bench, which compares the settings of its node and its processes with a benchmark."""
        return image_agents.AUDITING.search(self.written) is not None

    @fact
    def ofDriver(self) -> bool:
        """Whether it is a helper of CSI drivers, such as csi-provisioner, which asks the driver in its pod."""
        return image_agents.OF_DRIVERS.search(self.written) is not None

    @fact
    def ofTunnel(self) -> bool:
        """Whether it takes a pod's traffic through a VPN, which it sets up in the pod's network."""
        return image_agents.TUNNELS.search(self.written) is not None

    @fact
    def ofKubectl(self) -> bool:
        """Whether it is the client of an API, such as kubectl or curl, which calls it and ends."""
        return _OF_KUBECTL.search(self.written) is not None

    @fact
    def needsRoot(self) -> bool:
        """Whether it is kaniko, which builds images as root, a helper of CSI drivers, whose sockets are root's, or
        kube-bench, which reads root's files."""
        known = ("kaniko", "csi-node-driver-registrar", "/livenessprobe", "cephcsi/cephcsi")
        return any(name in self.written for name in known) or self.ofAudit

    @fact
    def untagged(self) -> bool:
        """Whether neither a digest nor a tag other than `latest` is written."""
        return self._without_digest(UNKNOWN if is_unknown(self.tag) else self.tag in (None, "latest"))

    @fact
    def channel(self) -> bool:
        """Whether the tag is absent or names a moving channel: latest, nightly, main, dev, latest-gpu …"""
        if is_unknown(self.tag):
            return UNKNOWN
        return self.tag is None or is_channel(self.tag)

    @fact
    def floating(self) -> bool:
        """Whether the content may change under the reference: no digest, no tag or one of a channel."""
        return self._without_digest(self.channel)

    def _without_digest(self, moves: Any) -> Any:
        if moves is False or self._is_nonsense() or (self.digest is not None and not is_unknown(self.digest)):
            return False
        return UNKNOWN if is_unknown(self.digest) else moves

    def _is_nonsense(self) -> bool:
        """Whether it is known and no reference even in small letters: quotes that a default brought along."""
        return not is_unknown(self.text) and _VALID.fullmatch(self.written.lower()) is None

    @fact
    def label(self) -> str:
        """The reference for messages: as written, with … for what is not known."""
        return _HOLES.sub("…", self.written)

    @fact
    def full_name(self) -> str:
        """Registry and repository without tag and digest, such as docker.io/library/ubuntu."""
        if is_unknown(self.registry) or is_unknown(self.repository):
            return UNKNOWN
        return f"{self.registry}/{self.repository}"

    @fact
    def valid(self) -> bool:
        """Whether the text follows the grammar of image references."""
        if is_unknown(self.text):
            return UNKNOWN
        return _VALID.fullmatch(self.written) is not None

    @fact
    def local(self) -> bool:
        """Whether it can only have been built on the spot: Docker's own images, which need no owner, have no `_`."""
        if is_unknown(self.repository):
            return UNKNOWN
        return self.repository.startswith("library/") and "_" in self.repository and not self.written_registry

    @fact
    def standsIn(self) -> bool:
        """Whether it only stands for an image that a tool fills in or somebody builds: no registry has a name of
        several words without an owner, but for Docker's own, and nothing else is written; nor has one what kubebuilder
        writes for the image of an operator, also into what it generates."""
        if is_unknown(self.text):
            return False
        if self.written == _OF_KUBEBUILDER:
            return True
        if self.tag is not None or self.digest is not None:
            return False
        return "/" not in self.written and self._is_unowned(self.written)

    @fact
    def unowned(self) -> bool:
        """Whether no registry has it: a name of several words without an owner, but for Docker's own. Whoever builds
        with it has built it before."""
        if is_unknown(self.repository):
            return UNKNOWN
        owner, _, name = self.repository.partition("/")
        return owner == "library" and not self.written_registry and ("_" in name or self._is_unowned(name))

    @property
    def official(self) -> bool:
        """Whether it is known to be one of Docker's own, which have no owner."""
        owner, _, name = self.repository.partition("/") if isinstance(self.repository, str) else ("", "", "")
        return owner == "library" and self.registry in DOCKER_HUB and name in _OFFICIAL

    @staticmethod
    def _is_unowned(name: str) -> bool:
        return "-" in name and name not in _OFFICIAL

    @property
    def address(self) -> str:
        return self._owner.address if self._owner is not None else ""

    def place(self) -> Place:
        return self._owner.locate(self._steps) if self._owner is not None else Place(Span(0, 0), absent=True)

    def locate(self, steps: Sequence[Step]) -> Place:
        """A reference is one token: each of its parts stands where it stands."""
        return self.place()


def is_channel(tag: str) -> bool:
    """Whether a tag names a moving channel: one of the known words, alone or with flavour words only."""
    words = _WORD.split(tag.lower())
    return any(word in _CHANNEL_WORDS for word in words) and all(
        word in _CHANNEL_WORDS or _FLAVOUR.fullmatch(word) for word in words
    )


def parse(text: Any, owner: Model | None = None, steps: Sequence[Step] = ()) -> ImageRef:
    """The reference in `text`; `owner.locate(steps)` is where it stands."""
    return ImageRef(text, owner, steps)
