"""Where the words stand that a template takes from named templates and files."""

from __future__ import annotations

from pathlib import Path

from linter.adapters.definitions import Definitions
from linter.adapters.written import Writings
from linter.text import SourceText

HELPERS = """\
{{- define "pod" }}
spec:
  hostPID: true
  {{- include "containers" . | nindent 2 }}
{{- end }}
{{- define "containers" }}
containers:
  - name: web
    securityContext:
      privileged: true
  - name: proxy
    securityContext:
      privileged: true
{{- end }}
"""
RENDERED = """\
spec:
  hostPID: true
  containers:
    - name: web
      securityContext:
        privileged: true
    - name: proxy
      securityContext:
        privileged: true
      image: from-a-value
""".splitlines()
LINE = '{{- include "pod" . }}'


def chart(folder: Path) -> Writings:
    for name, text in (("templates/_helpers.tpl", HELPERS), ("files/a.yaml", "a: 1\nb: 2\n")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def read(path: Path) -> SourceText | None:
        return SourceText(path.name, path.read_text()) if path.is_file() else None

    return Writings(folder, Definitions((folder,), read), read)


def test_a_line_of_a_named_template_or_of_one_that_it_includes(tmp_path: Path) -> None:
    writings = chart(tmp_path)
    for number, line, of in (
        (1, 3, "pod"),
        (3, 8, "containers"),
        (5, 10, "containers"),
        (8, 13, "containers"),
    ):
        place = writings.place(LINE, RENDERED, number)
        assert place is not None
        assert (place.text.path, place.line, place.of) == ("_helpers.tpl", line, f"the named template '{of}'")


def test_what_no_line_says_is_in_the_template_that_was_included(tmp_path: Path) -> None:
    place = chart(tmp_path).place(LINE, RENDERED, 9)
    assert place is not None
    assert (place.line, place.of) == (1, "the named template 'pod'")


def test_a_line_of_a_file(tmp_path: Path) -> None:
    writings = chart(tmp_path)
    place = writings.place('{{ .Files.Get "files/a.yaml" }}', ["  b: 2"], 0)
    assert place is not None
    assert (place.text.path, place.line) == ("a.yaml", 2)
    for line in (
        '{{ .Files.Get "files/none.yaml" }}',
        '{{ .Files.Get "../a.yaml" }}',
        '{{ include "none" . }}',
        "b: 2",
    ):
        assert writings.place(line, ["b: 2"], 0) is None
