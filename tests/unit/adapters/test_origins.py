"""Where what was rendered comes from: objects, elements and lines of templates, overlays and patches."""

from __future__ import annotations

import pytest

from linter.adapters.sourcemap import Element, Routes, added_by, follow
from linter.adapters.sourceobjects import SourceObjects
from linter.adapters.templatemap import TemplateMap
from linter.formats.kubernetes import FORMAT
from linter.formats.yamltree import parse_documents
from linter.text import SourceText
from tests.unit.adapters.test_rendering import BASE, TEMPLATE


def test_routes_lead_back() -> None:
    rendered = FORMAT.read(SourceText("a.yaml", BASE)).root.manifests[0].node
    routes = Routes([rendered])
    entry = routes.at(BASE.index("image:"))
    assert entry is not None
    assert entry.route == (
        "spec",
        "template",
        "spec",
        "containers",
        Element(0, "server", 1, keys=frozenset(("name", "image"))),
        "image",
    )
    source = FORMAT.read(SourceText("t.yaml", TEMPLATE)).root.manifests[0].node
    assert TEMPLATE[follow(source, entry.route).span.start :].startswith('image: "{{')


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        ("/spec/template/spec/containers/-", "proxy", "image: nginx"),
        ("/spec/template/spec/containers/1", "proxy", "image: nginx"),
        ("/spec/template/spec/containers/-", "server", None),
        ("/spec/template/spec/initContainers/-", "proxy", None),
        ("/spec/replicas", "proxy", None),
    ],
)
def test_an_element_that_a_json_patch_adds_stands_there(path: str, name: str, shown: str | None) -> None:
    text = f"- op: add\n  path: {path}\n  value:\n    name: proxy\n    image: nginx\n"
    operation = parse_documents(SourceText("patch.yaml", text)).documents[0].elements()[0]
    span = added_by(operation, ("spec", "template", "spec", "containers", Element(1, name, 2), "image"))
    assert (text[span.start : span.end] if span is not None else None) == shown


def test_an_element_that_a_json_patch_adds_stands_there_as_a_whole() -> None:
    text = "- op: add\n  path: /spec/containers/-\n  value:\n    name: proxy\n    image: nginx\n"
    operation = parse_documents(SourceText("patch.yaml", text)).documents[0].elements()[0]
    span = added_by(operation, ("spec", "containers", Element(1, "proxy", 2)))
    assert span is not None
    assert text[span.start :].startswith("name: proxy")
    assert added_by(operation, ("spec", "containers", Element(1, "server", 2))) is None


def test_values_of_blocks() -> None:
    template = TemplateMap(SourceText("t.yaml", TEMPLATE), [])
    assert list(template.values.values_of(13)) == [("pod",)]
    assert list(template.values.values_of(17)) == [("image", "repository"), ("image", "tag")]


NEIGHBOURS = """\
kind: Pod
spec:
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
"""


def test_what_a_value_writes_below_a_key_is_not_what_the_next_key_has() -> None:
    text = SourceText("t.yaml", NEIGHBOURS)
    holes = NEIGHBOURS.replace("{{- toYaml . | nindent 4 }}", "")
    plain = "\n".join(line if "{{" not in line else " " * len(line) for line in holes.splitlines())
    objects = parse_documents(SourceText("t.yaml", plain)).documents
    template = TemplateMap(text, objects)
    origin = template.origin(objects[0], ("spec", "nodeSelector", "gpu"), "    gpu: 'true'", 4)
    assert text.position(origin.span.start).line == 5
    assert origin.values == (("nodeSelector",),)


OPEN_KEYS = """\
apiVersion: v1
kind: Pod
metadata:
  annotations:
    {{- if .Values.loose }}
    profiles.example.org/{{ .Values.name }}: {{ .Values.profile }}
    {{- end }}
    checksum/{{ .Chart.Name }}: abc
    {{- toYaml .Values.annotations | nindent 4 }}
"""


def test_a_key_of_which_an_expression_writes_a_part_stands_at_its_line() -> None:
    text = SourceText("t.yaml", OPEN_KEYS)
    source = FORMAT.read(text).root.manifests[0].node
    template = TemplateMap(text, [source])
    for key, line in (("profiles.example.org/web", 6), ("checksum/web", 8), ("other.example.org/web", 9)):
        origin = template.origin(source, ("metadata", "annotations", key), f"    {key}: unconfined", 4)
        assert text.position(origin.span.start).line == line
        assert line != 6 or (origin.values, origin.rest) == ((), ())


def test_an_element_without_a_name_is_known_by_what_it_says() -> None:
    head = "kind: Role\nmetadata: {name: r}\napiVersion: rbac.authorization.k8s.io/v1\nrules:\n"
    maybe = "{{- if .Values.wide }}\n- nonResourceURLs: ['*']\n  verbs: [get]\n{{- end }}\n"
    rules = (
        "- apiGroups: ['']\n  resources: [pods/exec]\n  verbs: [create]\n"
        "- apiGroups: [apps]\n  resources: [statefulsets]\n  verbs: [create]\n"
    )
    rendered = FORMAT.read(SourceText("a.yaml", head + rules)).root.manifests[0].node
    entry = Routes([rendered]).at((head + rules).index("resources: [pods/exec]"))
    assert entry is not None
    template = head + maybe + rules
    source = FORMAT.read(SourceText("t.yaml", template)).root.manifests[0].node
    assert template[follow(source, entry.route).span.start :].startswith("resources: [pods/exec]")


def test_an_entry_that_a_json_patch_adds_stands_there() -> None:
    text = "- op: add\n  path: /spec/template/spec/initContainers\n  value:\n    - name: init\n      image: nginx\n"
    operation = parse_documents(SourceText("patch.yaml", text)).documents[0].elements()[0]
    span = added_by(operation, ("spec", "template", "spec", "initContainers", Element(0, "init", 1), "image"))
    assert span is not None
    assert text[span.start : span.end] == "image: nginx"
    assert added_by(operation, ("spec", "template", "spec", "initContainers")) is None
    # another patch adds an element to the list
    other = ("spec", "template", "spec", "initContainers", Element(1, "other", 2), "image")
    assert added_by(operation, other) is None


@pytest.mark.parametrize(
    ("name", "line"),
    [("rel-full", 4), ("rel-full-view", 9), ("rel-full-admin", 14), ("rel-full-edit-default", 19)],
)
def test_objects_are_told_apart_by_what_is_written_of_their_names(name: str, line: int) -> None:
    names = (
        '{{ include "full" . }}',
        '"{{ include "full" . }}-view"',
        '{{ printf "%s-admin" (include "full" .) }}',
        '{{ include "full" . }}-edit{{- if .Values.r }}-{{ .Values.r }}{{- end }}-{{ .Release.Namespace }}',
    )
    head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n"
    template = "---\n".join(f"{head}  name: {written}\n" for written in names)
    source = SourceText("t.yaml", template)
    sources = [m.node for m in FORMAT.read(source).root.manifests]
    rendered = parse_documents(SourceText("a.yaml", f"kind: Role\nmetadata: {{name: {name}}}\n")).documents[0]
    found = SourceObjects(sources, source).counterpart(rendered, 0)
    assert found is not None
    assert source.position(found.get("metadata").get("name").span.start).line == line


@pytest.mark.parametrize(
    ("name", "resource", "line"),
    [
        ("acme-watch", "pods", 4),
        ("acme-manager", "secrets", 10),
        ("acme-mgr", "secrets", 10),
        ("x", "nodes", 16),
    ],
)
def test_objects_that_a_kustomization_gives_another_name_and_kind(
    name: str, resource: str, line: int
) -> None:
    """`acme-mgr` was a Role: what it grants tells."""
    written = [
        ("ClusterRole", "watch", "pods"),
        ("Role", "manager", "secrets"),
        ("ClusterRole", "view", "nodes"),
    ]
    head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: {}\nmetadata:\n  name: {}\nrules: [{{resources: [{}]}}]\n"
    source = SourceText(
        "role.yaml", "".join(head.format(*one) + "---\n" for one in written).removesuffix("---\n")
    )
    sources = [m.node for m in FORMAT.read(source).root.manifests]
    rendered = parse_documents(SourceText("a.yaml", head.format("ClusterRole", name, resource))).documents[0]
    found = SourceObjects(sources).counterpart(rendered, 0)
    assert found is not None
    assert source.position(found.get("metadata").get("name").span.start).line == line


def test_an_object_that_a_patch_gave_another_kind_is_no_account_of_its_name() -> None:
    text = (
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"
    )
    sources = [m.node for m in FORMAT.read(SourceText("web.yaml", text)).root.manifests]
    patched = text.partition("---\n")[2].replace("Deployment", "DaemonSet")
    rendered = parse_documents(SourceText("a.yaml", patched)).documents[0]
    assert SourceObjects(sources).counterpart(rendered, 0) is sources[1]


def test_an_object_whose_kind_an_expression_writes_is_found_by_its_name() -> None:
    text = """\
kind: ServiceAccount
apiVersion: v1
metadata: {name: '{{ include "full" . }}'}
---
kind: {{ $kind }}
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: '{{ include "full" . }}-{{ $suffix }}'}
---
kind: {{ printf "%sBinding" $kind }}
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: '{{ include "full" . }}-{{ $suffix }}-binding'}
"""
    source = SourceText("t.yaml", text)
    sources = SourceObjects([m.node for m in FORMAT.read(source).root.manifests], source)
    for kind, name, line in (("Role", "rel-role", 5), ("RoleBinding", "rel-role-binding", 9)):
        text = f"kind: {kind}\nmetadata: {{name: {name}}}\n"
        rendered = parse_documents(SourceText("a.yaml", text)).documents[0]
        found = sources.counterpart(rendered, 0)
        assert found is not None
        assert source.position(found.span.start).line == line


@pytest.mark.parametrize(
    ("name", "line"), [("rel-proxy-api", 1), ("rel-proxy-public", 5), ("proxy-public", 5)]
)
def test_objects_are_told_apart_by_the_words_of_what_names_them(name: str, line: int) -> None:
    text = "---\n".join(
        f'apiVersion: v1\nkind: Service\nmetadata: {{name: {{{{ include "app.{part}.fullname" . }}}}}}\n'
        for part in ("proxy-api", "proxy-public")
    )
    source = SourceText("t.yaml", text)
    sources = SourceObjects([m.node for m in FORMAT.read(source).root.manifests], source)
    rendered = f"kind: Service\nmetadata: {{name: {name}}}\n"
    found = sources.counterpart(parse_documents(SourceText("a.yaml", rendered)).documents[0], 0)
    assert found is not None
    assert source.position(found.span.start).line == line


@pytest.mark.parametrize(("name", "line"), [("rel-museum", 2), ("rel-storage", 6), ("rel-mail", 10)])
def test_a_variable_that_names_an_object_says_what_it_was_given(name: str, line: int) -> None:
    source = "".join(
        (
            '{{- $name := include "app.museumSecretName" . }}\n',
            "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ $name }}}\n---\n",
            'apiVersion: v1\nkind: Secret\nmetadata: {name: {{ include "app.storageSecretName" . }}}\n---\n',
            'apiVersion: v1\nkind: Secret\nmetadata: {name: {{ include "app.mailSecretName" . }}}\n',
        )
    )
    text = SourceText("t.yaml", source)
    sources = SourceObjects([m.node for m in FORMAT.read(text).root.manifests], text)
    rendered = f"kind: Secret\nmetadata: {{name: {name}}}\n"
    found = sources.counterpart(parse_documents(SourceText("a.yaml", rendered)).documents[0], 0)
    assert found is not None
    assert text.position(found.span.start).line == line


def test_an_object_whose_kind_stands_in_branches_is_found_by_its_name() -> None:
    head = "apiVersion: rbac.authorization.k8s.io/v1\n"
    text = (
        f"{head}{{{{- if .Values.one }}}}\nkind: Role\n{{{{- else }}}}\nkind: ClusterRole\n{{{{- end }}}}\n"
        "metadata:\n  name: {{ .Release.Name }}\n"
        f"---\n{head}kind: ClusterRole\nmetadata:\n  name: {{{{ .Release.Name }}}}-list\n"
    )
    source = SourceText("t.yaml", text)
    sources = SourceObjects([m.node for m in FORMAT.read(source).root.manifests], source)
    for name, line in (("rel", 1), ("rel-list", 10)):
        text = f"kind: ClusterRole\nmetadata: {{name: {name}}}\n"
        found = sources.counterpart(parse_documents(SourceText("a.yaml", text)).documents[0], 0)
        assert found is not None
        assert source.position(found.span.start).line == line


def test_what_an_expression_writes_into_an_object_is_not_what_stands_below_its_labels() -> None:
    text = SourceText(
        "t.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n"
        '  name: {{ include "full" . }}\n  labels:\n    {{- include "labels" . | nindent 4 }}\n'
        "{{ tpl .Values.rules . }}\n",
    )
    template = TemplateMap(text, [m.node for m in FORMAT.read(text).root.manifests])
    rendered = parse_documents(SourceText("a.yaml", "kind: Role\nmetadata: {name: a}\n")).documents[0]
    source = template.sources.counterpart(rendered, 0)
    assert source is not None
    for route, line in ((("rules", Element(0, "", 1), "resources"), 7), (("metadata", "labels", "app"), 6)):
        origin = template.origin(source, route, "    - secrets", 4)
        assert text.position(origin.span.start).line == line


def test_in_a_template_that_is_no_yaml_an_element_is_found_by_what_it_says() -> None:
    rules = [("", "configmaps"), ("apps", "deployments"), ("rbac.authorization.k8s.io", "rolebindings")]
    written = "".join(f'- apiGroups:\n  - "{group}"\n  resources:\n  - {kind}\n' for group, kind in rules)
    text = SourceText(
        "t.yaml",
        "{{- if .Values.some }}\nkind: Role\n{{- else }}\nkind: ClusterRole\n{{- end }}\nrules:\n" + written,
    )
    template = TemplateMap(text, [])
    element = Element(1, "", 2, frozenset({"rbac.authorization.k8s.io", "rolebindings"}))
    origin = template.origin(None, ("rules", element, "resources"), "  resources:", 2)
    assert text.position(origin.span.start).line == 17


def test_what_a_helper_writes_as_a_whole_is_where_it_is_included() -> None:
    lines = [
        '{{- define "own" }}{{ include "a" . }}{{ end }}',
        '{{- $labels := fromYaml (include "lib.labels" .) }}',
        '{{- $_ := set .Values.web "env" (include "lib.env" .) }}',
        '{{- include "lib.deployment" (dict "context" .) }}',
    ]
    text = SourceText("t.yaml", "\n".join(lines))
    origin = TemplateMap(text, []).origin(None, ("spec", "replicas"), "  replicas: 1", 2)
    assert text.position(origin.span.start).line == 4


def test_in_a_template_that_is_no_yaml_an_element_is_found_by_its_name() -> None:
    names = ("first", "settings", "more")
    text = SourceText(
        "t.yaml", "volumes:\n" + "".join(f"- name: {name}\n  path: /{name}\n" for name in names)
    )
    whole = TemplateMap(text, []).origin(None, ("volumes", Element(0, "settings", 3)), "- path: /settings", 2)
    assert text.position(whole.span.start).line == 4
    for name, rendered, line in (("settings", "path: /settings", 5), ("written", "path: /more", 7)):
        route = ("volumes", Element(0, name, 3), "path")
        origin = TemplateMap(text, []).origin(None, route, f"  {rendered}", 2)
        assert text.position(origin.span.start).line == line


@pytest.mark.parametrize(
    ("name", "image"), [("app", "c"), ("app-reloader", "a"), ("app-extra-x", "a"), ("other", "c")]
)
def test_an_element_whose_name_expressions_write_is_one_that_can_have_it(name: str, image: str) -> None:
    text = """apiVersion: v1
kind: Pod
metadata:
  name: x
spec:
  containers:
    {{- if .Values.reloader.enabled }}
    - name: {{ .Chart.Name }}-{{ .Values.reloader.name }}
      image: a
    {{- end }}
    - name: written
      image: b
    - name: {{ .Chart.Name }}
      image: c
"""
    source = FORMAT.read(SourceText("t.yaml", text)).root.manifests[0].node
    found = follow(source, ("spec", "containers", Element(0, name, 1), "image"))
    assert text[found.span.start : found.span.end] == f"image: {image}"
