"""What values of a chart switch off themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.single import OFF
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity

VALUES = """
metrics:
  enabled: false
  image: {repository: acme/exporter}
kafka:
  enabled: false
  zookeeper:
    enabled: true
    image: {repository: acme/zookeeper}
main:
  enabled: true
  securityContext:
    enabled: false
  image: {repository: acme/main}
controllers:
  web:
    containers:
      app:
        image: {repository: acme/app}
        probes: {liveness: {enabled: false}}
      proxy:
        enabled: false
        image: {repository: acme/proxy}
    initContainers:
      chown:
        enabled: false
        image: {repository: acme/chown}
workers:
  - enabled: false
    image: {repository: acme/worker}
  - image: {repository: acme/other}
"""
RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: x}
spec:
  values:
"""
INFOS = {
    "key": RuleInfo("key", "t", "secrets", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")
}


def about(component: str, rule: str = "rule", severity: Severity = Severity.HIGH) -> Finding:
    subject = f"HelmValues/values#/{component}"
    return Finding(
        rule, severity, Confidence.HIGH, "m", Location("c/values.yaml", 1, 1, 1, 2), subject=subject
    )


@pytest.mark.parametrize(
    ("component", "off"),
    [
        ("metrics/containers/metrics", True),
        ("metrics/containers/metrics/env/A", True),
        ("kafka/zookeeper/containers/zookeeper", True),
        ("main/containers/main", False),
        ("workers/0/containers/worker", True),
        ("workers/1/containers/other", False),
        ("controllers/web/containers/proxy/containers/proxy", True),
        ("controllers/web/initContainers/chown/containers/chown", True),
        ("controllers/web/containers/app/containers/app", False),
        ("gone/containers/gone", False),
        ("metrics", False),
    ],
)
@pytest.mark.parametrize("text", [VALUES, RELEASE + VALUES.replace("\n", "\n    ")])
def test_what_a_component_says_of_itself(tmp_path: Path, component: str, off: bool, text: str) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "values.yaml").write_text(text)
    (found,) = set_aside([about(component)], Scope(tmp_path), lambda _: Config(), {})
    assert found.reason == (OFF if off else "")


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ("", OFF),
        ("Chart.yaml", OFF),
        ("templates/a.yaml", ""),
        ("values-production.yaml", ""),
        ("a.yaml", OFF),
    ],
)
def test_what_is_critical_counts_where_others_may_switch_it_on(
    tmp_path: Path, beside: str, reason: str
) -> None:
    files = {"values.yaml": VALUES, "Chart.yaml": "name: c\n", beside: "name: c\n"}
    for name in filter(None, files):
        path = tmp_path / "c" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name])
    critical = about("metrics/containers/metrics", severity=Severity.CRITICAL)
    (found,) = set_aside([critical], Scope(tmp_path), lambda _: Config(), INFOS)
    assert found.reason == reason


def test_secrets_and_what_is_critical_or_named_count(tmp_path: Path) -> None:
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "Chart.yaml").write_text("name: c\n")
    file = tmp_path / "c" / "values.yaml"
    file.write_text(VALUES)
    component = "metrics/containers/metrics"
    findings = [about(component, "key"), about(component, severity=Severity.CRITICAL)]
    assert not any(found.reason for found in set_aside(findings, Scope(tmp_path), lambda _: Config(), INFOS))
    named = Scope(tmp_path, files=frozenset([str(file)]))
    assert not any(found.reason for found in set_aside([about(component)], named, lambda _: Config(), {}))


WITHIN = """
postgresql:
  image: {repository: bitnamilegacy/postgresql}
  volumePermissions:
    image: {repository: bitnamilegacy/os-shell}
  metrics:
    enabled: true
    image: {repository: bitnamilegacy/postgres-exporter}
redis:
  metrics:
    image: {repository: acme/exporter}
  sentinel:
    enabled: true
  kubectl:
    image: {repository: bitnamilegacy/kubectl}
valkey:
  sentinel:
    image: {repository: bitnamilegacy/valkey-sentinel}
  kubectl:
    image: {repository: bitnamilegacy/kubectl}
backup:
  kubectl:
    image: {repository: bitnamilegacy/kubectl}
  tls:
    image: {repository: bitnamilegacy/nginx}
mongodb:
  enabled: true
  image: {repository: bitnamilegacy/mongodb}
  tls:
    image: {repository: bitnamilegacy/nginx}
  dnsCheck:
    image: {repository: bitnamilegacy/os-shell}
  externalAccess:
    autoDiscovery:
      image: {repository: bitnamilegacy/kubectl}
store:
  externalAccess:
    enabled: true
    dnsCheck:
      image: {repository: bitnamilegacy/os-shell}
    autoDiscovery:
      image: {repository: bitnamilegacy/kubectl}
metrics:
  image: {repository: bitnamilegacy/exporter}
"""


@pytest.mark.parametrize(
    ("component", "off"),
    [
        ("postgresql/containers/postgresql", False),
        ("postgresql/volumePermissions/containers/volumePermissions", True),
        ("postgresql/metrics/containers/metrics", False),
        ("redis/metrics/containers/metrics", False),
        ("redis/kubectl/containers/kubectl", False),
        ("valkey/sentinel/containers/sentinel", True),
        ("valkey/kubectl/containers/kubectl", True),
        ("backup/kubectl/containers/kubectl", False),  # nothing says that it is of Redis
        ("backup/tls/containers/tls", False),
        ("mongodb/tls/containers/tls", True),
        ("mongodb/dnsCheck/containers/dnsCheck", True),
        ("mongodb/externalAccess/autoDiscovery/containers/autoDiscovery", True),
        ("store/externalAccess/dnsCheck/containers/dnsCheck", False),
        ("store/externalAccess/autoDiscovery/containers/autoDiscovery", True),
    ],
)
@pytest.mark.parametrize(
    ("beside", "known"),
    [
        (("Chart.yaml",), True),
        (("Chart.yaml", "templates/a.yaml"), True),
        ((), True),
        (("values-production.yaml",), False),  # the switch may be there
    ],
)
def test_what_a_chart_of_others_leaves_off(
    tmp_path: Path, component: str, off: bool, beside: tuple[str, ...], known: bool
) -> None:
    assert _is_off(tmp_path, component, beside) == (off and known)


@pytest.mark.parametrize(
    ("beside", "off"),
    [
        ((), True),
        (("Chart.yaml",), True),
        (("Chart.yaml", "templates/a.yaml"), False),  # of the chart itself, whose templates are here
        (("values-production.yaml",), False),
    ],
)
def test_what_a_chart_of_others_leaves_off_at_its_top(
    tmp_path: Path, beside: tuple[str, ...], off: bool
) -> None:
    assert _is_off(tmp_path, "metrics/containers/metrics", beside) == off


def _is_off(tmp_path: Path, component: str, beside: tuple[str, ...]) -> bool:
    for name, text in {"values.yaml": WITHIN, **dict.fromkeys(beside, "name: c\n")}.items():
        (tmp_path / "c" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "c" / name).write_text(text)
    (found,) = set_aside([about(component)], Scope(tmp_path), lambda _: Config(), {})
    return found.reason != ""
