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
        "docker.elastic.co/logstash",
        "ghcr.io/open-telemetry/opentelemetry-collector-releases",
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
        "docker.redpanda.com/redpandadata/redpanda",
        "docker.redpanda.com/redpandadata/console",
        "docker.io/redpandadata/redpanda",
        "docker.io/redpandadata/console",
        "docker.io/percona/mongodb_exporter",
        "docker.io/percona/percona-server",
        "docker.io/percona/percona-server-mongodb",
        "docker.io/grafana/k6",
        "docker.io/library/adminer",
        "docker.io/library/jetty",
        "docker.io/library/kibana",
        "docker.io/library/liquibase",
        "docker.io/library/logstash",
        "docker.io/library/odoo",
        "docker.io/library/spark",
        "docker.io/apache/druid",
        "docker.io/apache/nifi",
        "docker.io/apache/spark",
        "docker.io/debezium/connect",
        "quay.io/debezium/connect",
        "docker.io/edoburu/pgbouncer",
        "docker.io/envoyproxy/gateway",
        "docker.io/etherpad/etherpad",
        "docker.io/fluent/fluentd",
        "docker.io/istio/pilot",
        "docker.io/jaegertracing/jaeger-ingester",
        "docker.io/jimmidyson/configmap-reload",
        "ghcr.io/jimmidyson/configmap-reload",
        "docker.io/jupyterhub/configurable-http-proxy",
        "quay.io/jupyterhub/configurable-http-proxy",
        "docker.io/jupyterhub/k8s-hub",
        "quay.io/jupyterhub/k8s-hub",
        "docker.io/kong/kong-gateway",
        "docker.io/kong/kubernetes-ingress-controller",
        "docker.io/liquibase/liquibase",
        "docker.io/mailhog/mailhog",
        "docker.io/mattermost/mattermost-enterprise-edition",
        "docker.io/mattermost/mattermost-team-edition",
        "docker.io/miniflux/miniflux",
        "ghcr.io/miniflux/miniflux",
        "docker.io/nginx/nginx-ingress",
        "docker.io/nodered/node-red",
        "docker.io/opensearchproject/logstash-oss-with-opensearch-output-plugin",
        "docker.io/openzipkin/zipkin",
        "ghcr.io/openzipkin/zipkin",
        "docker.io/oryd/hydra",
        "docker.io/oryd/keto",
        "docker.io/oryd/kratos",
        "docker.io/oryd/oathkeeper",
        "docker.io/outlinewiki/outline",
        "docker.io/postgrest/postgrest",
        "docker.io/rayproject/ray-llm",
        "quay.io/kuberay/operator",
        "docker.io/redis/redisinsight",
        "docker.io/renovate/renovate",
        "ghcr.io/renovatebot/renovate",
        "docker.io/requarks/wiki",
        "ghcr.io/requarks/wiki",
        "docker.io/stakater/reloader",
        "ghcr.io/stakater/reloader",
        "ghcr.io/stefanprodan/podinfo",
        "docker.io/stefanprodan/podinfo",
        "docker.io/timescale/timescaledb-ha",
        "docker.io/unleashorg/unleash-server",
        "ghcr.io/umami-software/umami",
        "ghcr.io/cloudnative-pg/postgresql",
        "ghcr.io/actions/gha-runner-scale-set-controller",
        "ghcr.io/helm/chartmuseum",
        "ghcr.io/zitadel/zitadel",
        "quay.io/argoproj/kubectl-argo-rollouts",
        "quay.io/argoprojlabs/argocd-image-updater",
        "quay.io/jetstack/cert-manager-acmesolver",
        "docker.io/hashicorp/vault-secrets-operator",
    }
)
# Red Hat's databases and languages, and Bitnami's
_FAMILIES = lazy_regex(
    r"registry\.(?:access\.redhat\.com|redhat\.io)/(?:rhel|ubi)\d+/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd"
    r"|python|nodejs|openjdk|php|perl|ruby|go-toolset)-?.*"
    r"|quay\.io/(?:sclorg|fedora)/(?:postgresql|mysql|mariadb|redis|valkey|nginx|httpd|python|nodejs|php|perl|ruby)-.*"
    r"|(?:docker\.io|public\.ecr\.aws)/bitnami(?:legacy|secure)?/(?:postgresql(?:-repmgr)?|pgpool|pgbouncer|mysql"
    r"|mariadb(?:-galera)?|mongodb|redis(?:-cluster|-sentinel)?|valkey|kafka|zookeeper|rabbitmq|etcd|elasticsearch"
    r"|nginx|kubectl|keycloak|minio|memcached|cassandra|spark|airflow|thanos|grafana|prometheus|clickhouse|opensearch"
    r"|solr|neo4j|wordpress|external-dns|metrics-server|kube-state-metrics|[a-z]+-exporter)"
    r"|docker\.io/selenium/(?:hub|(?:node|standalone)-(?:chrome|chromium|edge|firefox))"
    r"|registry\.developers\.crunchydata\.com/crunchydata/(?:crunchy-(?:postgres(?:-gis)?|pgbackrest|pgbouncer)"
    r"|postgres-operator)"
)
# Confluent's have one since their version 6
_CONFLUENT = lazy_regex(r"docker\.io/confluentinc/cp-[a-z-]+")
_SINCE_SIX = lazy_regex(r"(?:latest|[6-9]|\d{2,})(?:[.-].*)?")
# CoreDNS has one since 1.11, Tempo since 2.5, HAProxy since 2.4, Microsoft's SQL Server since 2019, SonarQube since 10
_SINCE = {
    "docker.io/coredns/coredns": lazy_regex(r"v?(?:1\.(?:1[1-9]|[2-9]\d)|[2-9])(?:[.-].*)?"),
    "registry.k8s.io/coredns/coredns": lazy_regex(r"v?(?:1\.(?:1[1-9]|[2-9]\d)|[2-9])(?:[.-].*)?"),
    "docker.io/library/haproxy": lazy_regex(r"(?:2\.(?:[4-9]|\d\d)|[3-9])(?:[.-].*)?|latest|lts(?:-.*)?"),
    "mcr.microsoft.com/mssql/server": lazy_regex(r"20(?:19|2\d)-.*"),
    "docker.io/library/sonarqube": lazy_regex(r"(?:1\d|2[5-9]|20[2-9]\d)\..*"),
    "docker.io/grafana/tempo": lazy_regex(r"(?:2\.(?:[5-9]|\d\d)|[3-9])(?:[.-].*)?"),
}
_TAGS = lazy_regex(r"(?:.+[-_.])?(?:non-?root|no-root|rootless|unprivileged)(?:[-_.].+)?")


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
