"""Image references: parts, and what may change under them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.formats.image import HOLE, ImageRef, is_channel, parse


def parts(text: object) -> tuple[object, ...]:
    ref = parse(text)
    return ref.registry, ref.repository, ref.tag, ref.digest


DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ubuntu", ("docker.io", "library/ubuntu", None, None)),
        ("ubuntu:22.04", ("docker.io", "library/ubuntu", "22.04", None)),
        ("vllm/vllm-openai:v0.6.0", ("docker.io", "vllm/vllm-openai", "v0.6.0", None)),
        ("nvcr.io/nvidia/pytorch:24.05-py3", ("nvcr.io", "nvidia/pytorch", "24.05-py3", None)),
        ("host:5000/img", ("host:5000", "img", None, None)),
        ("localhost/img:1", ("localhost", "img", "1", None)),
        (f"a/b:1@{DIGEST}", ("docker.io", "a/b", "1", DIGEST)),
        ("index.docker.io/library/python:3", ("docker.io", "library/python", "3", None)),
        (f"img:{HOLE}", ("docker.io", "library/img", UNKNOWN, UNKNOWN)),
        (f"img:1.2@{HOLE}", ("docker.io", "library/img", "1.2", UNKNOWN)),
        (f"img{HOLE}", (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),  # what is written may be part of a host
        (f"{HOLE}/img:1", (UNKNOWN, UNKNOWN, "1", None)),
        (f"nvcr.io/{HOLE}/img", ("nvcr.io", UNKNOWN, None, None)),
        (UNKNOWN, (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
    ],
)
def test_parts(text: object, expected: tuple[object, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "floating", "untagged"),
    [
        ("ubuntu", True, True),
        ("ubuntu:latest", True, True),
        ("ubuntu:nightly", True, False),
        ("x/y:latest-gpu", True, False),
        ("x/y:main", True, False),
        ("x/y:22.04", False, False),
        ("x/y:nightly-20240501", False, False),
        (f"x/y@{DIGEST}", False, False),
        (f"x/y:latest@{DIGEST}", False, False),
        (f"x/y:{HOLE}", UNKNOWN, UNKNOWN),
        (f"x/y:1-{HOLE}", UNKNOWN, UNKNOWN),
        (f"x/y:1.0@{HOLE}", False, False),
        (f"{HOLE}/y", True, True),
        (f"{HOLE}", UNKNOWN, UNKNOWN),
    ],
)
def test_what_may_change(text: str, floating: object, untagged: object) -> None:
    ref = parse(text)
    assert ref.floating is floating
    assert ref.untagged is untagged


def test_names() -> None:
    assert parse("a.b/c/d:1").name == "d"
    assert parse("ubuntu").full_name == "docker.io/library/ubuntu"
    assert parse(f"{HOLE}/c").full_name is UNKNOWN
    assert parse("a/UPPER").valid is False
    assert parse("Reg.io:5000/x:Tag_1").valid is True


@pytest.mark.parametrize("tag", ["latest", "main-cpu", "latest_py3", "dev", "rocm-nightly"])
def test_channels(tag: str) -> None:
    assert is_channel(tag)


@pytest.mark.parametrize("tag", ["1", "v1-dev.3", "jammy", "2.1-devel", "sha-abc", ""])
def test_not_channels(tag: str) -> None:
    assert not is_channel(tag)


@given(st.text(alphabet=st.sampled_from([*"ab1.:/@-_ ", HOLE])))
def test_never_fails(text: str) -> None:
    ref = ImageRef(text)
    for name in ("floating", "untagged", "valid", "full_name", "pinned", "written_registry", "name"):
        getattr(ref, name)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("prom/prometheus:v3.5.0", True),
        ("quay.io/prometheus/alertmanager:v0.28.1", True),
        ("prom/blackbox-exporter:v0.27.0", False),  # it sends ICMP
        ("quay.io/prometheuscommunity/smartctl-exporter:v0.14.0", False),
        ("grafana/grafana:12.1.0", True),
        ("example.com/grafana/grafana:12.1.0", False),
        ("bitnami/postgresql:17", True),
        ("postgres:17", False),
        ("gcr.io/distroless/static:nonroot", True),
        ("confluentinc/cp-kafka:7.9.0", True),
        ("confluentinc/cp-kafka:5.5.1", False),  # root's up to the next
        ("confluentinc/cp-kafka", False),
        ("registry.k8s.io/coredns/coredns:v1.13.1", True),
        ("coredns/coredns:1.9.3", False),
        ("coredns/coredns", False),
        ("grafana/tempo:2.7.2", True),
        ("grafana/tempo:2.4.1", False),
        ("grafana/tempo:latest", True),
        ("grafana/tempo:main-1a2b3c4", False),
        ("apachepulsar/pulsar-all:2.7.4", False),
        ("apachepulsar/pulsar-all:2.10.6", True),
        ("apachepulsar/pulsar:3", True),
        ("docker.elastic.co/elasticsearch/elasticsearch:7.17.28", False),
        ("elasticsearch:9.1.0", True),
        ("elasticsearch", False),
        ("kserve/huggingfaceserver:v0.18.0-gpu", True),
        ("kserve/models-web-app:v0.18.0", False),
        ("ghcr.io/spiffe/spire-server:1.12.4", True),
        ("ghcr.io/spiffe/spire-agent:1.12.4", False),
        ("thingsboard/tb-node:4.2.1", True),
        ("goharbor/harbor-core:v2.12.2", True),
        ("goharbor/registry-photon:v2.7.1-patch-2819-v1.8.6", False),
        ("goharbor/harbor-log:v2.12.2", False),
        ("zabbix/zabbix-server-pgsql:alpine-7.0-latest", True),
        ("zabbix/zabbix-agent2:7.0.3-ubuntu", True),
        ("zabbix/zabbix-web-nginx-pgsql:ubuntu-4.4.1", False),
        ("zabbix/zabbix-build-base:7.0.3", False),
        ("gcr.io/ml-pipeline/persistenceagent:2.0.0-alpha.7", False),
        ("gcr.io/ml-pipeline/persistenceagent:2.0.5", True),
        ("ghcr.io/kubeflow/kubeflow/notebook-controller:v1.10.0", True),
        ("docker.io/kubeflownotebookswg/notebook-controller:v1.8.0", False),
        ("docker.io/kubeflownotebookswg/jupyter-web-app:v1.8.0", False),
        ("docker.io/kubeflownotebookswg/jupyter-scipy:v1.8.0", True),
        ("rayproject/ray:2.9.0-py310", True),
        ("daprio/daprd:1.15.4", True),
        ("falcosecurity/falcosidekick:2.31.1", True),
        ("falcosecurity/falcosidekick-ui:2.2.0", True),
        ("feastdev/feature-server:0.42.0", False),
        ("quay.io/feastdev/feature-server:0.66.0", True),
        ("gcr.io/knative-releases/knative.dev/eventing/cmd/event_display", True),
        ("ghcr.io/opencost/opencost:1.118.0", True),
        ("ghcr.io/berriai/litellm:v1.82.3", False),
        ("quay.io/cybozu/contour:1.11.0.1", True),
        ("quay.io/cybozu/chrony:4.1.0.1", False),
        ("mccutchen/go-httpbin:v2.15.0", False),
        ("mccutchen/go-httpbin:2.19.0", True),
        ("crossplane/crossplane:v1.20.0", True),
        ("aibrix/gateway-plugins:v0.5.0", True),
        ("aibrix/runtime:v0.5.0", False),
        ("webgoat/webgoat:v2023.8", True),
        ("webgoat/webgoat:v8.2.2", False),
        ("ghcr.io/tarampampam/error-pages:3", True),
        ("ghcr.io/tarampampam/error-pages:1.8.0", False),
        ("emqx/emqx-exporter:0.2.11", True),
        ("registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.1", True),
        ("registry.k8s.io/autoscaling/cluster-autoscaler:v1.24.3", False),
        ("registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.1", True),
        ("ghcr.io/home-operations/sonarr:4.0.17", True),
        ("ghcr.io/home-operations/cni-plugins:1.8.0", False),
        ("quay.io/sclorg/postgresql-16-c9s@sha256:" + "a" * 64, True),
        ("cloudflare/cloudflared:2026.9.0", True),
        ("signoz/signoz-otel-collector:v0.129.0", True),
        ("curlimages/curl:8.18.0", True),
        ("docker.redpanda.com/redpandadata/redpanda:v25.3.1", True),
        ("percona/mongodb_exporter:0.47.2", True),
        ("haproxy:3.2-alpine", True),
        ("haproxy:2.3", False),
        ("haproxy", False),
        ("mcr.microsoft.com/mssql/server:2022-latest", True),
        ("mcr.microsoft.com/mssql/server:2017-latest", False),
        ("sonarqube:25.1.0.102122-community", True),
        ("sonarqube:8.9-community", False),
        ("selenium/standalone-chrome:138.0", True),
        ("selenium/video:ffmpeg-7.1", False),
        ("groundnuty/k8s-wait-for:no-root-v2.0", True),
        ("docker.elastic.co/logstash/logstash:9.1.0", True),
        ("docker.elastic.co/beats/filebeat:9.1.0", False),
        ("harbor.example.com/dockerhub/nginxinc/nginx-unprivileged:1.29@sha256:" + "a" * 64, True),
        ("harbor.example.com/cache/quay.io/prometheus/prometheus:v3.5.0", True),
        ("harbor.example.com/docker.io/memcached:1.6", True),
        ("mirror.gcr.io/grafana/grafana:12.1.0", True),
        ("public.ecr.aws/docker/library/memcached:1.6", True),
        ("public.ecr.aws/docker/library/postgres:17", False),
        ("k8s.gcr.io/kube-state-metrics/kube-state-metrics:v2.4.2", True),
        ("harbor.example.com/team/nginxinc/nginx-unprivileged:1.29", False),
        ("quay.io/jupyter/minimal-notebook:2026-01-05", True),
        ("ghcr.io/fluxcd/source-controller:v1.7.4", True),
        ("example.com/curlimages/curl:8.18.0", False),
        (f"{HOLE}/prom/prometheus", False),
    ],
)
def test_images_with_a_user_of_their_own(text: str, own: bool) -> None:
    assert parse(text).ownUser is own


@pytest.mark.parametrize(
    ("text", "serves"),
    [
        ("nginx/nginx-ingress:5.3.0", True),
        ("docker.io/traefik:v3.5", True),
        ("envoyproxy/envoy:v1.35.0", True),
        ("otel/opentelemetry-collector-contrib:0.144.0", True),
        ("gcr.io/datadoghq/agent:7.70.0", True),
        ("example.com/team/agent:1", False),
        ("example.com/traefik-dashboard:1", False),
        ("nginx:1.29", False),
    ],
)
def test_images_that_serve_their_node(text: str, serves: bool) -> None:
    assert parse(text).servesNode is serves


@pytest.mark.parametrize(
    ("text", "stands_in"),
    [
        ("acme-web-app", True),
        ("acme-web-app:1.2", False),
        ("acme/web-app", False),
        ("mongo-express", False),
        ("eclipse-temurin", False),
        ("nginx", False),
    ],
)
def test_names_that_no_registry_has(text: str, stands_in: bool) -> None:
    assert parse(text).standsIn is stands_in
