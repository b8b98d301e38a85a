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
        "ghcr.io/home-operations",
        "gcr.io/knative-releases/knative.dev/eventing/cmd",
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
        "docker.io/elastic/kibana",
        "docker.io/elastic/logstash",
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
        "registry.k8s.io/ingress-nginx/kube-webhook-certgen",
        "registry.k8s.io/jobset/jobset",
        "registry.k8s.io/lws/lws",
        "ghcr.io/bank-vaults/bank-vaults",
        "ghcr.io/llm-d/llm-d-inference-scheduler",
        "ghcr.io/open-telemetry/opentelemetry-collector-contrib/telemetrygen",
        "docker.io/apache/celeborn",
        "docker.io/coturn/coturn",
        "ghcr.io/coturn/coturn",
        "docker.io/datadog/extendeddaemonset",
        "docker.io/datadog/operator",
        "gcr.io/datadoghq/extendeddaemonset",
        "gcr.io/datadoghq/operator",
        "public.ecr.aws/datadog/operator",
        "registry.datadoghq.com/operator",
        "docker.io/flaresolverr/flaresolverr",
        "ghcr.io/flaresolverr/flaresolverr",
        "ghcr.io/browserless/chrome",
        "ghcr.io/browserless/chromium",
        "ghcr.io/browserless/edge",
        "ghcr.io/browserless/firefox",
        "ghcr.io/browserless/multi",
        "ghcr.io/browserless/webkit",
        "docker.io/percona/percona-server-mongodb-operator",
        "docker.io/percona/percona-xtradb-cluster-operator",
        "docker.io/redpandadata/connect",
        "docker.redpanda.com/redpandadata/connect",
        "docker.io/rediscommander/redis-commander",
        "ghcr.io/joeferner/redis-commander",
        "docker.io/velero/velero-plugin-for-aws",
        "docker.io/xperimental/nextcloud-exporter",
        "ghcr.io/xperimental/nextcloud-exporter",
        "docker.io/zenika/alpine-chrome",
        "gcr.io/arrikto/kubeflow/oidc-authservice",
        "ghcr.io/resmoio/kubernetes-event-exporter",
        "ghcr.io/sebadob/rauthy",
        "ghcr.io/seerr-team/seerr",
        "quay.io/fairwinds/goldilocks",
        "us-docker.pkg.dev/fairwinds-ops/oss/goldilocks",
        "quay.io/influxdb/telegraf-operator",
        "quay.io/observatorium/thanos-receive-controller",
        "docker.io/emqx/emqx-exporter",
        "docker.io/emqx/emqx-operator-controller",
        "docker.io/mendhak/http-https-echo",
        "ghcr.io/cloudnative-pg/plugin-barman-cloud",
        "docker.io/netsampler/goflow2",
        "ghcr.io/immichframe/immichframe",
        "docker.io/summerwind/actions-runner-controller",
        "ghcr.io/controlplaneio-fluxcd/flux-operator",
        "ghcr.io/controlplaneio-fluxcd/flux-operator-mcp",
        "ghcr.io/k8sgpt-ai/k8sgpt-operator",
        "mcr.microsoft.com/aks/kaito/workspace",
        "ghcr.io/kaito-project/kaito/workspace",
        "docker.io/ngrok/ngrok-operator",
        "quay.io/kuadrant/kuadrant-operator",
        "docker.io/apache/flink-kubernetes-operator",
        "ghcr.io/apache/flink-kubernetes-operator",
        "docker.io/k8ssandra/k8ssandra-operator",
        "docker.io/kubegreen/kube-green",
        "docker.io/aibrix/controller-manager",
        "docker.io/aibrix/gateway-plugins",
        "ghcr.io/open-feature/open-feature-operator",
        "docker.io/envoyproxy/ai-gateway-controller",
        "docker.io/envoyproxy/ai-gateway-extproc",
        "docker.dragonflydb.io/dragonflydb/operator",
        "ghcr.io/dragonflydb/operator",
        "quay.io/metal3-io/baremetal-operator",
        "mcr.microsoft.com/oss/azure/workload-identity/webhook",
        "ghcr.io/kagent-dev/kagent/controller",
        "ghcr.io/nebuly-ai/nos-operator",
        "ghcr.io/nebuly-ai/nos-scheduler",
        "ghcr.io/nebuly-ai/nos-gpu-partitioner",
        "ghcr.io/bitwarden/sm-operator",
        "ghcr.io/caraml-dev/timber/fluentd",
        "docker.io/kubernetesui/dashboard-api",
        "docker.io/kubernetesui/dashboard-auth",
        "docker.io/kubernetesui/dashboard-web",
        "docker.io/kubernetesui/dashboard-metrics-scraper",
        "docker.io/falcosecurity/falcosidekick-ui",
        "docker.io/rabbitmqoperator/cluster-operator",
        "quay.io/rabbitmqoperator/cluster-operator",
        "ghcr.io/mariadb-operator/mariadb-operator",
        "docker-registry3.mariadb.com/mariadb-operator/mariadb-operator",
        "docker.io/kubesphere/fluent-operator",
        "ghcr.io/fluent/fluent-operator/fluent-operator",
        "docker.io/victoriametrics/operator",
        "quay.io/victoriametrics/operator",
        "docker.io/aquasec/trivy-operator",
        "ghcr.io/aquasecurity/trivy-operator",
        "docker.io/clastix/capsule",
        "quay.io/clastix/capsule",
        "ghcr.io/projectcapsule/capsule",
        "docker.io/kubeflow/model-registry",
        "ghcr.io/kubeflow/model-registry/server",
        "ghcr.io/kubeflow/model-registry/ui",
        "ghcr.io/opencost/opencost",
        "quay.io/kubecost1/kubecost-cost-model",
        "ghcr.io/berriai/litellm-non_root",
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
    r"|docker\.io/selenium/(?:hub|(?:node|standalone)-(?:chrome|chromium|edge|firefox))"
    r"|registry\.developers\.crunchydata\.com/crunchydata/(?:crunchy-(?:postgres(?:-gis)?|pgbackrest|pgbouncer)"
    r"|postgres-operator)"
    r"|(?:quay\.io|ghcr\.io)/cybozu/(?:admission|alertmanager|argocd|bmc-reverse-proxy|cert-manager|contour|dex|envoy"
    r"|external-dns|grafana(?:-operator)?|kube-state-metrics|loki|machines-endpoints|memcached"
    r"|prometheus(?:-config-reloader)?|promtail|pushgateway|redis|sealed-secrets|testhttpd"
    r"|victoriametrics(?:-operator)?)"
)
# by the first version that has one
_SINCE = {
    "docker.elastic.co/elasticsearch/elasticsearch": (8, 0),
    "docker.io/adorsys/keycloak-config-cli": (2, 0),
    "docker.io/altinity/clickhouse-operator": (0, 16),
    "docker.io/altinity/metrics-exporter": (0, 16),
    "docker.io/apache/tika": (2, 0),
    "docker.io/apachepulsar/pulsar": (2, 10),
    "docker.io/apachepulsar/pulsar-all": (2, 10),
    "docker.io/bitnami/sealed-secrets-controller": (0, 18),
    "docker.io/coredns/coredns": (1, 11),
    "docker.io/crossplane/crossplane": (0, 11),
    "docker.io/danielqsj/kafka-exporter": (1, 8),
    "docker.io/daprio/dapr": (1, 0),
    "docker.io/daprio/daprd": (1, 0),
    "docker.io/daprio/injector": (1, 0),
    "docker.io/daprio/operator": (1, 0),
    "docker.io/daprio/placement": (1, 0),
    "docker.io/daprio/scheduler": (1, 0),
    "docker.io/daprio/sentry": (1, 0),
    "docker.io/daskdev/dask-notebook": (2022, 4),
    "docker.io/databack/mysql-backup": (0, 10),
    "docker.io/elastic/elasticsearch": (8, 0),
    "docker.io/falcosecurity/falcoctl": (0, 9),
    "docker.io/falcosecurity/falcosidekick": (2, 0),
    "docker.io/feastdev/feast-operator": (0, 41),
    "docker.io/feastdev/feature-server": (0, 43),
    "docker.io/gesellix/couchdb-prometheus-exporter": (2, 0),
    "docker.io/getsentry/snuba": (22, 6),
    "docker.io/goharbor/harbor-core": (2, 0),
    "docker.io/goharbor/harbor-db": (2, 0),
    "docker.io/goharbor/harbor-exporter": (2, 0),
    "docker.io/goharbor/harbor-jobservice": (2, 0),
    "docker.io/goharbor/harbor-portal": (2, 0),
    "docker.io/goharbor/harbor-registryctl": (2, 0),
    "docker.io/goharbor/nginx-photon": (2, 0),
    "docker.io/goharbor/redis-photon": (2, 0),
    "docker.io/goharbor/registry-photon": (2, 8),
    "docker.io/goharbor/trivy-adapter-photon": (2, 0),
    "docker.io/goharbor/valkey-photon": (2, 0),
    "docker.io/grafana/tempo": (2, 5),
    "docker.io/guacamole/guacamole": (1, 4),
    "docker.io/guacamole/guacd": (1, 3),
    "docker.io/hazelcast/hazelcast": (4, 1),
    "docker.io/hazelcast/hazelcast-enterprise": (4, 1),
    "docker.io/kbudde/rabbitmq-exporter": (1, 0),
    "docker.io/kedacore/keda": (2, 0),
    "docker.io/keelhq/keel": (0, 21),
    "docker.io/kong/httpbin": (0, 3),
    "docker.io/kserve/huggingfaceserver": (0, 8),
    "docker.io/kserve/kserve-controller": (0, 8),
    "docker.io/kserve/lgbserver": (0, 8),
    "docker.io/kserve/paddleserver": (0, 8),
    "docker.io/kserve/pmmlserver": (0, 8),
    "docker.io/kserve/sklearnserver": (0, 8),
    "docker.io/kserve/storage-initializer": (0, 8),
    "docker.io/kserve/xgbserver": (0, 8),
    "docker.io/kubeflow/spark-operator": (2, 1),
    "docker.io/kubeflow/trainer-controller-manager": (2, 0),
    "docker.io/kubeflownotebookswg/centraldashboard": (1, 8),
    "docker.io/kubeflownotebookswg/kfam": (1, 10),
    "docker.io/kubeflownotebookswg/notebook-controller": (1, 10),
    "docker.io/kubeflownotebookswg/poddefaults-webhook": (1, 10),
    "docker.io/kubeflownotebookswg/profile-controller": (1, 10),
    "docker.io/kubeflownotebookswg/pvcviewer-controller": (1, 8),
    "docker.io/kubeflownotebookswg/tensorboard-controller": (1, 0),
    "docker.io/library/elasticsearch": (8, 0),
    "docker.io/library/haproxy": (2, 4),
    "docker.io/library/sonarqube": (10, 0),
    "docker.io/locustio/locust": (0, 12),
    "docker.io/mattermost/calls-offloader": (0, 3),
    "docker.io/mattermost/focalboard": (0, 7),
    "docker.io/mattermost/mattermost-push-proxy": (5, 22),
    "docker.io/mattermost/rtcd": (0, 3),
    "docker.io/mccutchen/go-httpbin": (2, 19),
    "docker.io/nginx/nginx-prometheus-exporter": (0, 8),
    "docker.io/openfga/openfga": (0, 4),
    "docker.io/pravega/zookeeper-operator": (0, 2),
    "docker.io/privatebin/nginx-fpm-alpine": (1, 4),
    "docker.io/prompve/prometheus-pve-exporter": (1, 3),
    "docker.io/ribbybibby/ssl-exporter": (0, 6),
    "docker.io/rocketchat/rocket.chat": (5, 0),
    "docker.io/seldonio/mlserver": (0, 4),
    "docker.io/shlinkio/shlink": (4, 0),
    "docker.io/shlinkio/shlink-web-client": (4, 0),
    "docker.io/sosedoff/pgweb": (0, 15),
    "docker.io/splunk/splunk-operator": (1, 1),
    "docker.io/substratusai/kubeai": (0, 3),
    "docker.io/superseriousbusiness/gotosocial": (0, 6),
    "docker.io/tarampampam/error-pages": (2, 0),
    "docker.io/temporalio/ui": (2, 44),
    "docker.io/thingsboard/tb-coap-transport": (2, 5),
    "docker.io/thingsboard/tb-http-transport": (2, 5),
    "docker.io/thingsboard/tb-js-executor": (2, 5),
    "docker.io/thingsboard/tb-lwm2m-transport": (2, 5),
    "docker.io/thingsboard/tb-mqtt-transport": (2, 5),
    "docker.io/thingsboard/tb-node": (2, 5),
    "docker.io/thingsboard/tb-snmp-transport": (2, 5),
    "docker.io/thingsboard/tb-vc-executor": (2, 5),
    "docker.io/thingsboard/tb-web-ui": (2, 5),
    "docker.io/vectorim/element-web": (1, 12),
    "docker.io/webgoat/webgoat": (2023, 0),
    "docker.io/weblate/weblate": (4, 0),
    "docker.io/wrouesnel/postgres_exporter": (0, 5),
    "gcr.io/cloudsql-docker/gce-proxy": (1, 17),
    "gcr.io/ml-pipeline/cache-server": (2, 0),
    "gcr.io/ml-pipeline/kfp-driver": (2, 0),
    "gcr.io/ml-pipeline/kfp-launcher": (2, 0),
    "gcr.io/ml-pipeline/persistenceagent": (2, 0),
    "gcr.io/ml-pipeline/scheduledworkflow": (2, 0),
    "ghcr.io/dapr/dapr": (1, 0),
    "ghcr.io/dapr/daprd": (1, 0),
    "ghcr.io/dapr/injector": (1, 0),
    "ghcr.io/dapr/operator": (1, 0),
    "ghcr.io/dapr/placement": (1, 0),
    "ghcr.io/dapr/scheduler": (1, 0),
    "ghcr.io/dapr/sentry": (1, 0),
    "ghcr.io/dask/dask-notebook": (2022, 4),
    "ghcr.io/element-hq/element-web": (1, 12),
    "ghcr.io/getsentry/snuba": (22, 6),
    "ghcr.io/headlamp-k8s/headlamp": (0, 18),
    "ghcr.io/kedacore/keda": (2, 0),
    "ghcr.io/kedacore/keda-metrics-apiserver": (2, 0),
    "ghcr.io/kubeai-project/kubeai": (0, 3),
    "ghcr.io/kubeflow/kfp-cache-server": (2, 0),
    "ghcr.io/kubeflow/kfp-driver": (2, 0),
    "ghcr.io/kubeflow/kfp-launcher": (2, 0),
    "ghcr.io/kubeflow/kfp-persistence-agent": (2, 0),
    "ghcr.io/kubeflow/kfp-scheduled-workflow-controller": (2, 0),
    "ghcr.io/kubeflow/kubeflow/central-dashboard": (1, 8),
    "ghcr.io/kubeflow/kubeflow/kfam": (1, 10),
    "ghcr.io/kubeflow/kubeflow/notebook-controller": (1, 10),
    "ghcr.io/kubeflow/kubeflow/poddefaults-webhook": (1, 10),
    "ghcr.io/kubeflow/kubeflow/profile-controller": (1, 10),
    "ghcr.io/kubeflow/kubeflow/pvcviewer-controller": (1, 8),
    "ghcr.io/kubeflow/kubeflow/tensorboard-controller": (1, 0),
    "ghcr.io/kubeflow/spark-operator/controller": (2, 1),
    "ghcr.io/kubeflow/trainer/trainer-controller-manager": (2, 0),
    "ghcr.io/llm-d/llm-d-inference-sim": (0, 4),
    "ghcr.io/mccutchen/go-httpbin": (2, 19),
    "ghcr.io/onedr0p/exportarr": (1, 1),
    "ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator": (0, 11),
    "ghcr.io/open-telemetry/opentelemetry-operator/target-allocator": (0, 112),
    "ghcr.io/opencost/opencost-ui": (1, 111),
    "ghcr.io/openfaas/mqtt-connector": (0, 3),
    "ghcr.io/openfaas/queue-worker": (0, 14),
    "ghcr.io/ot-container-kit/redis-operator/redis-operator": (0, 4),
    "ghcr.io/pyrra-dev/pyrra": (0, 5),
    "ghcr.io/radar-base/radar-app-config/radar-app-config": (0, 4),
    "ghcr.io/radar-base/radar-app-config/radar-app-config-frontend": (0, 4),
    "ghcr.io/radar-base/radar-gateway/radar-gateway": (0, 6),
    "ghcr.io/radar-base/radar-output-restructure/radar-output-restructure": (1, 2),
    "ghcr.io/radar-base/radar-rest-connector/kafka-connect-fitbit-source": (0, 6),
    "ghcr.io/radar-base/radar-rest-connector/kafka-connect-oura-source": (0, 6),
    "ghcr.io/radar-base/radar-rest-source-auth/radar-rest-source-auth-backend": (3, 1),
    "ghcr.io/radar-base/radar-rest-source-auth/radar-rest-source-authorizer": (4, 1),
    "ghcr.io/radar-base/radar-upload-source-connector/radar-connect-upload-source": (0, 6),
    "ghcr.io/radar-base/radar-upload-source-connector/radar-upload-connect-backend": (0, 6),
    "ghcr.io/radar-base/radar-upload-source-connector/radar-upload-connect-frontend": (0, 6),
    "ghcr.io/shlinkio/shlink": (4, 0),
    "ghcr.io/shlinkio/shlink-web-client": (4, 0),
    "ghcr.io/spiffe/oidc-discovery-provider": (1, 6),
    "ghcr.io/spiffe/spire-server": (1, 6),
    "ghcr.io/tarampampam/error-pages": (2, 0),
    "ghcr.io/zalando/postgres-operator": (1, 2),
    "mcr.microsoft.com/mssql/server": (2019, 0),
    "quay.io/adorsys/keycloak-config-cli": (2, 0),
    "quay.io/ansible/awx-operator": (0, 14),
    "quay.io/cilium/hubble-ui": (0, 13),
    "quay.io/cilium/hubble-ui-backend": (0, 13),
    "quay.io/coreos/kube-state-metrics": (1, 7),
    "quay.io/docling-project/docling-serve": (0, 2),
    "quay.io/docling-project/docling-serve-cpu": (0, 2),
    "quay.io/feastdev/feast-operator": (0, 41),
    "quay.io/feastdev/feature-server": (0, 43),
    "quay.io/kiali/kiali": (1, 28),
    "quay.io/opendatahub/opendatahub-operator": (2, 0),
    "quay.io/opstree/redis-operator": (0, 4),
    "registry.k8s.io/agent-sandbox/agent-sandbox-controller": (0, 2),
    "registry.k8s.io/autoscaling/cluster-autoscaler": (1, 25),
    "registry.k8s.io/autoscaling/vpa-admission-controller": (1, 3),
    "registry.k8s.io/autoscaling/vpa-recommender": (1, 3),
    "registry.k8s.io/autoscaling/vpa-updater": (1, 3),
    "registry.k8s.io/coredns/coredns": (1, 11),
    "registry.k8s.io/gateway-api-inference-extension/epp": (0, 3),
    "registry.k8s.io/nfd/node-feature-discovery": (0, 7),
    "registry.opensource.zalan.do/acid/postgres-operator": (1, 2),
    "registry.rocket.chat/rocketchat/rocket.chat": (5, 0),
    "xpkg.crossplane.io/crossplane/crossplane": (0, 11),
}
# the same, of all that a publisher calls so
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
_TAGS = lazy_regex(r"(?:.+[-_.])?(?:non-?root|no-root|rootless|unprivileged)(?:[-_.].+)?")


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


def _first_with_user(repository: str) -> tuple[int, int] | None:
    """The first version of an image that has a user, where that is known to have come later."""
    for family, since in _SINCE_OF_FAMILIES:
        if family.fullmatch(repository):
            return since
    return _SINCE.get(repository)


def has_own_user(repository: object, tag: object) -> bool:
    """Whether an image is known to have a user other than root. `repository`: with its registry."""
    if isinstance(tag, str) and _TAGS.fullmatch(tag):
        return True
    if not isinstance(repository, str):
        return False
    repository = _unmirrored(repository)
    since = _first_with_user(repository)
    if since is not None:
        return isinstance(tag, str) and _is_since(tag, since)
    publisher, _, name = repository.rpartition("/")
    return (
        repository in _IMAGES
        or (publisher in _PUBLISHERS and name not in _OF_ROOT)
        or _FAMILIES.fullmatch(repository) is not None
    )
