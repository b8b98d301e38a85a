"""Containers of a chart's values that only options use which are off."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.single import OPTION
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, Severity

TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    spec:
      containers:
        - name: main
          image: {{ .Values.main.image }}
        {{- if and .Values.export (eq (.Values.backend | default "" | lower) "disk") }}
        - {{ toYaml .Values.audit.sidecar | nindent 10 }}
        {{- end }}
        {{- with .Values.both.sidecar }}
        - {{ toYaml . | nindent 10 }}
        {{- end }}
"""


@pytest.mark.parametrize(
    ("component", "more", "off"),
    [
        ("audit/sidecar/containers/reader", "", True),
        ("audit/sidecar/containers/reader", "# {{ .Values.audit.sidecar2 }}", True),
        ("audit/sidecar/containers/reader", "# {{ .Values.audit.sidecar.image }}", False),
        ("audit/sidecar/containers/reader", "# {{ with .Values.audit }}{{ end }}", False),
        ("audit/sidecar/containers/reader", '# {{ index .Values "audit" }}', False),
        ("audit/sidecar/containers/reader", '# {{ hasKey .Values "audit" }}', True),
        ("both/sidecar/containers/reader", "", False),
        ("main/containers/main", "", False),
        ("none/containers/none", "", False),
        ("containers/root", "", False),
    ],
)
def test_what_only_options_use_that_are_off_is_set_aside(
    tmp_path: Path, component: str, more: str, off: bool
) -> None:
    image = "{image: acme/reader}"
    values = f"export: false\naudit: {{sidecar: {image}}}\nboth: {{sidecar: {image}}}\nmain: {image}\n"
    files = {"Chart.yaml": "name: c\n", "values.yaml": values, "templates/a.yaml": TEMPLATE + more}
    for name, text in files.items():
        (tmp_path / "c" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "c" / name).write_text(text)
    place, subject = Location("c/values.yaml", 1, 1, 1, 2), f"HelmValues/values#/{component}"
    about = Finding("rule", Severity.HIGH, Confidence.HIGH, "m", place, subject=subject)
    (found,) = set_aside([about], Scope(tmp_path), lambda _: Config(), {})
    assert found.reason == (OPTION if off else "")
