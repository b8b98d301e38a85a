"""Names that a template gives, as messages have them."""

from __future__ import annotations

import pytest

from linter.formats.kubernetes.opennames import readable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ('{{ include "app.fullname" . }}-reader', "{app.fullname}-reader"),
        ('{{ include "app.name" (dict "suffix" "reader" "context" $) }}', "{app.name reader}"),
        ('{{ template "app.fullname" . }}', "{app.fullname}"),
        ("{{ .Values.prefix }}-scc", "{Values.prefix}-scc"),
        ("{{- $fullName -}}", "{fullName}"),
        ("{{ .Release.Name | trunc 63 }}", "{Release.Name}"),
        ('{{ printf "%s-reader" (include "app.fullname" .) }}', "…-reader"),
        ("app{{ if .Values.r }}-{{ .Values.r }}{{ end }}", "app-{Values.r}"),
        ("{{ default .Chart.Name .Values.name | trunc 63 }}", "{default .Chart.Name .Values.name}"),
        ("{{ open", "{{ open"),
    ],
)
def test_an_expression_is_shown_by_whose_name_it_is(written: str, shown: str) -> None:
    assert readable(written) == shown
