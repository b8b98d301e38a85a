"""Lines that are one part over and over, wherever a reader takes text: time must grow with their length, not its square."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linter.fixes import make_fix
from linter.recipe import Recipe
from linter.unit import Input, Worker

LENGTH = 60_000  # characters of a line
CPU = 5.0  # seconds of one file; most take less than a tenth
# what each part of a line stands for in one language or another: quotes, brackets, operators, starts of secrets
PARTS = [
    "a",
    "0",
    "A1",
    "é",
    " ",
    "\t",
    "-",
    "_",
    ":",
    "/",
    "\\",
    "'",
    '"',
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "${",
    "$(",
    "$",
    "`",
    "(",
    ")",
    "[",
    "]",
    "#",
    "=",
    ",",
    ".",
    "@",
    "%",
    "&",
    "*",
    "!",
    "|",
    "<",
    ">",
    "a.",
    "a-",
    "a/",
    "a:",
    "a=",
    "a ",
    "-a ",
    "--a=",
    "\\n",
    "a,b;",
    "http://",
    "%41",
    "\xad",
    "-----BEGIN ",
    "eyJ",
    "AKIA",
    "sk-",
    "://u:p@",
    "$((",
    "<<EOF ",
    "&&",
    "|| ",
    "; ",
    "aA0+",
    "{{ a }}",
    "{{a|",
    "$a",
    "${a:-",
    '\\"',
    "' '",
    "a b=",
    "x:y@z/",
    "\u2028",
    "*/",
    "/*",
    "//",
    "#{",
    "~",
    "^",
    "?",
    "0x",
    "1e",
    "-1.",
    "á",
    "password=",
    "key: ",
]
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: a:1\n"
PLACES = {
    "pod-plain.yaml": POD + "    workingDir: x%s\n",
    "pod-image.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: x%s\n",
    "pod-quoted.yaml": POD + "    command: ['x%s']\n",
    "pod-script.yaml": POD + "    command: [sh, -c]\n    args:\n    - |\n      %s\n",
    "pod-env.yaml": POD + "    env:\n    - name: API_TOKEN\n      value: >-\n        x%s\n",
    "pod-comment.yaml": "# x%s\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: a:1\n",
    "pod-key.yaml": POD + "    x%s: 1\n",
    "pod-annotation.yaml": "apiVersion: v1\nkind: Pod\nmetadata: \n  name: p\n  annotations:\n    a: |\n      %s\nspec:\n  containers:\n  - name: c\n    image: a:1\n",
    "configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a.sh: |\n    %s\n  b.json: |\n    %s\n  c.ini: |\n    %s\n",
    "templates/t.yaml": POD + "    workingDir: {{ .Values.x }}%s\n    {{- if .a }}%s{{ end }}\n",
    "Dockerfile": "FROM a\nRUN x%s\n",
    "env/Dockerfile": "FROM a\nENV A=x%s\nLABEL b=%s\nUSER 1\n",
    "from/Dockerfile": "FROM x%s\nCOPY x%s /y\n",
    "heredoc/Dockerfile": "FROM a\n# %s\nRUN <<EOF\n%s\nEOF\n",
    "tools/Dockerfile": "FROM a\nRUN pip install x%s\nRUN apt-get install x%s\nRUN curl x%s\n",
    "compose.yaml": "services:\n  a:\n    image: a\n    command: |\n      %s\n    environment:\n    - |\n      A=%s\n",
    "ports/compose.yaml": "services:\n  a:\n    image: 'x\n      %s'\n    ports:\n    - |\n      %s\n    volumes:\n    - |\n      %s\n",
    "text/main.tf": 'locals {\n  a = "x%s"\n}\n',
    "heredoc/main.tf": "# %s\nlocals {\n  a = <<EOF\n%s\nEOF\n}\n",
    "script/main.tf": 'resource "aws_instance" "a" {\n  user_data = <<EOF\n#!/bin/sh\n%s\nEOF\n}\n',
    "words/main.tf": "locals {\n  a = x%s\n}\n",
    "values/terraform.tfvars": 'a = "%s"\n',
    "values.yaml": "image:\n  tag: |\n    %s\n  password: x%s\n",
    "kustomization.yaml": "resources: []\nimages:\n- name: x%s\npatches:\n- patch: |\n    %s\n",
    "pod-ignored.yaml": POD
    + "    workingDir: a # tarecheck:ignore %s\n    tty: true # tarecheck:ignore[x%s] -- %s\n",
    "ignored/Dockerfile": "# tarecheck:ignore-file %s\n# hadolint ignore=%s\nFROM a\n# checkov:skip=%s\n",
    "cronjob.yaml": "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  schedule: 'x%s'\n",
    "pod-quantities.yaml": POD
    + "    resources:\n      limits:\n        cpu: 1%s\n        memory: 1%s\n        nvidia.com/gpu: 1%s\n",
    "pod-launcher.yaml": POD
    + "    command: [python, -m, vllm, --x=%s, -tp, '%s']\n    livenessProbe: {exec: {command: ['%s']}}\n",
}
# these took seconds or minutes
QUICK = {
    *(("Dockerfile", part) for part in (")", "|", "<", "|| ")),
    *(("tools/Dockerfile", part) for part in (")", ">")),
    *(("heredoc/main.tf", part) for part in ("{%", "{#")),
    ("script/main.tf", "{%"),
    ("pod-quoted.yaml", "{{"),
}


def _cases() -> Iterator[object]:
    full = os.environ.get("TARECHECK_FULL") == "1"
    skip = pytest.mark.skipif(not full, reason="takes minutes: only with TARECHECK_FULL=1")
    for name in PLACES:
        for part in PARTS:
            marks = [] if (name, part) in QUICK else [pytest.mark.slow, skip]
            yield pytest.param(name, part, id=f"{name}-{ascii(part)[1:-1]}", marks=marks)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Worker:
    root = tmp_path_factory.mktemp("tree")
    prepared = Recipe(paths=(str(root),), isolated=True, settings={"profile": "strict"}).prepare()
    return Worker(prepared.policy, root, make_fix)


@pytest.mark.parametrize(("name", "part"), list(_cases()))
def test_time_grows_with_the_length(name: str, part: str, worker: Worker) -> None:
    text = PLACES[name].replace("%s", part * (LENGTH // len(part)))
    started = time.process_time()
    results = worker.scan([Input(str(Path(worker.root, name)), name, data=text.encode())])
    assert time.process_time() - started < CPU
    assert [d.message for result in results for d in result.diagnostics if d.internal] == []
