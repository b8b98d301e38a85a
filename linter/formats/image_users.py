"""Images whose publishers give them a user other than root: what starts them unchanged does not run as root.

A manifest that asks for `runAsNonRoot` says it once more; for some, whose user is a name, it even keeps the pod from
starting.

Single ones are in `data/image-users.csv`, as the Dockerfiles of their publishers say: those that always had a user
without a version, the others with the first that has one (`major.minor`).
"""

from __future__ import annotations

from functools import lru_cache

from linter.formats.data import table_text
from linter.patterns import lazy_regex

# publishers of whose images all have one, but for those that need more than it may
_PUBLISHERS = frozenset(
    {
        "docker.io/prom",
        "docker.io/prometheuscommunity",
        "quay.io/prometheus",
        "quay.io/prometheus-operator",
        "quay.io/prometheuscommunity",
        "docker.elastic.co/kibana",
        "docker.io/jupyter",
        "quay.io/jupyter",
        "ghcr.io/fluxcd",
        "quay.io/strimzi",
        "docker.elastic.co/logstash",
        "ghcr.io/open-telemetry/opentelemetry-collector-releases",
        "ghcr.io/home-operations",
        "gcr.io/knative-releases/knative.dev/eventing/cmd",
        "docker.io/rayproject",
        "docker.io/openvino",
        "public.ecr.aws/kubeflow-on-aws/notebook-servers",
        "public.ecr.aws/lambda",
    }
)
_OF_ROOT = frozenset(
    {
        "blackbox-exporter",
        "busybox",
        "cloudwatch-exporter",
        "cni-plugins",
        "golang-builder",
        "ipmi-exporter",
        "irqbalance",
        "kata-guest-kernel",
        "smartctl-exporter",
        "snmp-exporter",
    }
)
# Red Hat's databases and languages, Bitnami's and what others build of many programs
_FAMILIES = lazy_regex(
    r"registry\.(?:access\.redhat\.com|redhat\.io)/(?:rhel|ubi)\d+/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd"
    r"|python|nodejs|openjdk|php|perl|ruby|go-toolset)-?.*"
    r"|quay\.io/(?:sclorg|fedora)/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd|python|nodejs|php|perl|ruby)-.*"
    r"|(?:docker\.io|public\.ecr\.aws)/bitnami(?:legacy|secure)?/(?:postgresql(?:-repmgr)?|pgpool|pgbouncer|mysql"
    r"|mariadb(?:-galera)?|mongodb|redis(?:-cluster|-sentinel)?|valkey|kafka|zookeeper|rabbitmq|etcd|elasticsearch"
    r"|nginx|kubectl|keycloak|minio|memcached|cassandra|spark|airflow|thanos|grafana|prometheus|clickhouse|opensearch"
    r"|solr|neo4j|wordpress|external-dns|metrics-server|kube-state-metrics|[a-z]+-exporter)"
    r"|docker\.io/kubeflownotebookswg/(?:base|codeserver|jupyter(?!-web-app)|rstudio).*"
    r"|docker\.io/(?:grafana/grafana|amazon/aws-lambda-).*|quay\.io/(?:modh/.*notebook.*|devfile/.*-developer-image)"
    r"|registry\.redhat\.io/openshift4/ose-(?:helm|ansible)-operator.*"
    r"|docker\.io/selenium/(?:hub|(?:node|standalone)-(?:chrome|chromium|edge|firefox))"
    r"|registry\.developers\.crunchydata\.com/crunchydata/(?:crunchy-(?:postgres(?:-gis)?|pgbackrest|pgbouncer)"
    r"|postgres-operator)"
    r"|(?:quay\.io|ghcr\.io)/cybozu/(?:admission|alertmanager|argocd|bmc-reverse-proxy|cert-manager|contour|dex|envoy"
    r"|external-dns|grafana(?:-operator)?|kube-state-metrics|loki|machines-endpoints|memcached"
    r"|prometheus(?:-config-reloader)?|promtail|pushgateway|redis|sealed-secrets|testhttpd"
    r"|victoriametrics(?:-operator)?)"
)
# the first version that has one, of all that a publisher calls so
_SINCE_OF_FAMILIES = (
    (lazy_regex(r"docker\.io/confluentinc/cp-[a-z-]+"), (6, 0)),
    (
        lazy_regex(
            r"docker\.io/zabbix/zabbix-(?:agent2?|java-gateway|proxy|server|snmptraps|web)(?:-[a-z0-9-]+)?"
        ),
        (5, 0),
    ),
)
_NEWEST = lazy_regex(r"(?:latest|lts)(?:[.-].*)?")
_VERSION = lazy_regex(
    r"(?:(?:alpine|ubuntu|centos|ol|rhel)-)?v?(?P<major>\d{1,6})(?:\.(?P<minor>\d{1,6}))?(?P<rest>[.+_-].*)?"
)
_BEFORE_RELEASE = lazy_regex(r"(?:\.\d{1,6})*[.-]?(?:alpha|beta|rc|dev|pre)(?:[.-]?\d.*)?")
_TAGS = lazy_regex(r"(?:.+[-_.])?(?:non-?root|no-root|rootless|unprivileged|chiseled)(?:[-_.].+)?")
# how caches of other registries call them in their paths
_HUB = frozenset(
    ("dockerhub", "docker-hub", "docker.io", "hub.docker.com", "dockerhub-proxy", "docker-hub-proxy")
)
_REGISTRIES = frozenset(
    ("quay.io", "ghcr.io", "gcr.io", "registry.k8s.io", "public.ecr.aws", "docker.elastic.co")
)
# registries that hold what another has, under the same paths
_COPIES = {
    "mirror.gcr.io/": "docker.io/",
    "public.ecr.aws/docker/library/": "docker.io/library/",
    "k8s.gcr.io/": "registry.k8s.io/",
}
_ALWAYS = (0, 0)
_MOST_PARTS = 12  # of a path that are looked at


def _unmirrored(repository: str) -> str:
    """The image that a cache of another registry has in its path, else the one as it is."""
    for copy, original in _COPIES.items():
        if repository.startswith(copy):
            return original + repository.removeprefix(copy)
    _, *parts = repository.split("/", _MOST_PARTS)
    for number, part in enumerate(parts[:-1], 1):
        rest = parts[number:]
        if part in _HUB:
            return "/".join(("docker.io", *(rest if len(rest) > 1 else ("library", *rest))))
        if part in _REGISTRIES:
            return "/".join((part, *rest))
    return repository


def _is_since(tag: str, since: tuple[int, int]) -> bool:
    """Whether a tag is of a version or a later one. `3` is the newest 3.x; another word than `latest` says nothing."""
    if _NEWEST.fullmatch(tag):
        return True
    version = _VERSION.fullmatch(tag)
    if version is None:
        return False
    major, minor = int(version["major"]), version["minor"]
    if minor is None:
        return major >= since[0]
    found = (major, int(minor))
    return found > since or (found == since and not _BEFORE_RELEASE.fullmatch(version["rest"] or ""))


@lru_cache(maxsize=1)
def _images() -> dict[str, tuple[int, int]]:
    """Single images by the first version that has a user."""
    rows = (line.partition(",") for line in table_text("image-users.csv").splitlines()[1:])
    return {image: _first(since) for image, _, since in rows}


def _first(since: str) -> tuple[int, int]:
    major, _, minor = since.partition(".")
    return (int(major), int(minor)) if since else _ALWAYS


@lru_cache(maxsize=4096)
def _first_with_user(repository: str) -> tuple[int, int] | None:
    """The first version of an image that has a user; None: none is known to have."""
    for family, since in _SINCE_OF_FAMILIES:
        if family.fullmatch(repository):
            return since
    if repository in _images():
        return _images()[repository]
    publisher, _, name = repository.rpartition("/")
    theirs = publisher in _PUBLISHERS and name not in _OF_ROOT
    return _ALWAYS if theirs or _FAMILIES.fullmatch(repository) else None


def has_own_user(repository: object, tag: object) -> bool:
    """Whether an image is known to have a user other than root. `repository`: with its registry."""
    return own_user(repository, tag) is True


def own_user(repository: object, tag: object) -> bool | None:
    """The same; None where that hangs on a name or a version that is not known, as what is no text is not."""
    if isinstance(tag, str) and _TAGS.fullmatch(tag):
        return True
    since = _first_with_user(_unmirrored(repository)) if isinstance(repository, str) else None
    if since == _ALWAYS:
        return True
    if not isinstance(repository, str) or (since is not None and not isinstance(tag, str)):
        return None
    return since is not None and isinstance(tag, str) and _is_since(tag, since)
