"""Images whose publishers give them a user other than root: what starts them unchanged does not run as root.

A manifest that asks for `runAsNonRoot` says it once more; for some, whose user is a name, it even keeps the pod from
starting.
"""

from __future__ import annotations

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
    }
)
_OF_ROOT = frozenset(
    {
        "blackbox-exporter",
        "busybox",
        "cloudwatch-exporter",
        "golang-builder",
        "ipmi-exporter",
        "smartctl-exporter",
        "snmp-exporter",
    }
)
_IMAGES = frozenset(
    {
        "docker.io/grafana/grafana",
        "docker.io/grafana/grafana-oss",
        "docker.io/grafana/grafana-enterprise",
        "docker.io/grafana/grafana-image-renderer",
        "docker.io/grafana/loki",
        "docker.io/jaegertracing/all-in-one",
        "docker.io/jaegertracing/jaeger",
        "docker.io/jaegertracing/jaeger-agent",
        "docker.io/jaegertracing/jaeger-collector",
        "docker.io/jaegertracing/jaeger-query",
        "docker.io/jaegertracing/jaeger-operator",
        "docker.io/otel/opentelemetry-collector",
        "docker.io/otel/opentelemetry-collector-contrib",
        "docker.io/otel/opentelemetry-collector-k8s",
        "docker.io/library/memcached",
        "docker.io/jenkins/jenkins",
        "docker.io/jboss/keycloak",
        "quay.io/keycloak/keycloak",
        "quay.io/keycloak/keycloak-operator",
        "docker.io/opensearchproject/opensearch",
        "docker.io/opensearchproject/opensearch-dashboards",
        "docker.io/signoz/signoz-otel-collector",
        "docker.io/argoproj/argocd",
        "quay.io/argoproj/argocd",
        "quay.io/argoproj/argo-rollouts",
        "quay.io/argoproj/workflow-controller",
        "quay.io/argoproj/argocli",
        "quay.io/oauth2-proxy/oauth2-proxy",
        "ghcr.io/dexidp/dex",
        "quay.io/dexidp/dex",
        "docker.io/dexidp/dex",
        "docker.io/nginxinc/nginx-unprivileged",
        "ghcr.io/nginx/nginx-unprivileged",
        "ghcr.io/nginxinc/nginx-unprivileged",
        "gcr.io/cloud-sql-connectors/cloud-sql-proxy",
        "quay.io/jetstack/cert-manager-controller",
        "quay.io/jetstack/cert-manager-cainjector",
        "quay.io/jetstack/cert-manager-webhook",
        "gcr.io/kubebuilder/kube-rbac-proxy",
        "quay.io/brancz/kube-rbac-proxy",
        "registry.k8s.io/kube-state-metrics/kube-state-metrics",
        "registry.k8s.io/metrics-server/metrics-server",
        "registry.k8s.io/git-sync/git-sync",
        "docker.io/curlimages/curl",
        "quay.io/curl/curl",
        "docker.io/mikefarah/yq",
        "docker.io/kiwigrid/k8s-sidecar",
        "quay.io/kiwigrid/k8s-sidecar",
        "quay.io/thanos/thanos",
        "docker.io/apache/kafka",
        "docker.io/apache/airflow",
        "docker.io/apache/superset",
        "docker.io/trinodb/trino",
        "docker.io/rayproject/ray",
        "docker.io/rayproject/ray-ml",
        "docker.io/library/solr",
        "docker.io/library/kong",
        "docker.io/n8nio/n8n",
        "docker.n8n.io/n8nio/n8n",
        "docker.io/sonatype/nexus3",
        "docker.io/dpage/pgadmin4",
        "docker.io/provectuslabs/kafka-ui",
        "ghcr.io/kafbat/kafka-ui",
        "ghcr.io/actions/actions-runner",
        "ghcr.io/external-secrets/external-secrets",
        "registry.k8s.io/ingress-nginx/controller",
        "registry.k8s.io/external-dns/external-dns",
        "registry.k8s.io/prometheus-adapter/prometheus-adapter",
        "registry.k8s.io/autoscaling/cluster-autoscaler",
        "registry.k8s.io/descheduler/descheduler",
        "registry.k8s.io/kueue/kueue",
        "docker.io/cloudflare/cloudflared",
        "docker.io/gotenberg/gotenberg",
        "docker.io/langfuse/langfuse",
        "docker.io/langfuse/langfuse-worker",
        "docker.io/oliver006/redis_exporter",
        "docker.io/openpolicyagent/gatekeeper",
        "docker.io/temporalio/admin-tools",
        "docker.io/temporalio/server",
        "docker.io/velero/velero",
        "ghcr.io/cloudnative-pg/cloudnative-pg",
        "ghcr.io/goauthentik/server",
    }
)
# Red Hat's databases and languages, and Bitnami's
_FAMILIES = lazy_regex(
    r"registry\.(?:access\.redhat\.com|redhat\.io)/(?:rhel|ubi)\d+/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd"
    r"|python|nodejs|openjdk|php|perl|ruby|go-toolset)-?.*"
    r"|quay\.io/(?:sclorg|fedora)/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd|python|nodejs|php|perl|ruby)-.*"
    r"|(?:docker\.io|public\.ecr\.aws)/bitnami(?:legacy|secure)?/(?:postgresql(?:-repmgr)?|pgpool|pgbouncer|mysql"
    r"|mariadb(?:-galera)?|mongodb|redis(?:-cluster|-sentinel)?|valkey|kafka|zookeeper|rabbitmq|etcd|elasticsearch"
    r"|nginx|kubectl|keycloak|minio|memcached|cassandra|spark|airflow|thanos|grafana|prometheus|[a-z]+-exporter)"
)
# Confluent's have one since their version 6
_CONFLUENT = lazy_regex(r"docker\.io/confluentinc/cp-[a-z-]+")
_SINCE_SIX = lazy_regex(r"(?:latest|[6-9]|\d{2,})(?:[.-].*)?")
# CoreDNS has one since 1.11, Tempo since 2.5
_SINCE = {
    "docker.io/coredns/coredns": lazy_regex(r"v?(?:1\.(?:1[1-9]|[2-9]\d)|[2-9])(?:[.-].*)?"),
    "registry.k8s.io/coredns/coredns": lazy_regex(r"v?(?:1\.(?:1[1-9]|[2-9]\d)|[2-9])(?:[.-].*)?"),
    "docker.io/grafana/tempo": lazy_regex(r"(?:2\.(?:[5-9]|\d\d)|[3-9])(?:[.-].*)?"),
}
_TAGS = lazy_regex(r"(?:.+[-_.])?(?:nonroot|rootless|unprivileged)(?:[-_.].+)?")


# how caches of other registries call them in their paths
_HUB = frozenset(
    ("dockerhub", "docker-hub", "docker.io", "hub.docker.com", "dockerhub-proxy", "docker-hub-proxy")
)
_REGISTRIES = frozenset(
    ("quay.io", "ghcr.io", "gcr.io", "registry.k8s.io", "public.ecr.aws", "docker.elastic.co")
)


_MOST_PARTS = 12  # of a path that are looked at


def _unmirrored(repository: str) -> str:
    """The image that a cache of another registry has in its path, else the one as it is."""
    _, *parts = repository.split("/", _MOST_PARTS)
    for number, part in enumerate(parts[:-1], 1):
        rest = parts[number:]
        if part in _HUB:
            return "/".join(("docker.io", *(rest if len(rest) > 1 else ("library", *rest))))
        if part in _REGISTRIES:
            return "/".join((part, *rest))
    return repository


def has_own_user(repository: object, tag: object) -> bool:
    """Whether an image is known to have a user other than root. `repository`: with its registry."""
    if isinstance(tag, str) and _TAGS.fullmatch(tag):
        return True
    if not isinstance(repository, str):
        return False
    repository = _unmirrored(repository)
    if _CONFLUENT.fullmatch(repository):
        return isinstance(tag, str) and _SINCE_SIX.fullmatch(tag) is not None
    since = _SINCE.get(repository)
    if since is not None:
        return isinstance(tag, str) and since.fullmatch(tag) is not None
    publisher, _, name = repository.rpartition("/")
    return (
        repository in _IMAGES
        or (publisher in _PUBLISHERS and name not in _OF_ROOT)
        or _FAMILIES.fullmatch(repository) is not None
    )
