"""Where a finding of a rendered kustomization is told: at the text that has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.finding import Finding, Report
from linter.formats.secrets import sample
from linter.recipe import Recipe
from linter.scan import Request, scan
from tests.programs import needs_kustomize

pytestmark = needs_kustomize

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: server
spec:
  selector:
    matchLabels: {app: server}
  template:
    metadata:
      labels: {app: server}
    spec:
      hostNetwork: false
      containers:
        - name: server
          image: server:replaced
          securityContext:
            runAsNonRoot: true
"""
KUSTOMIZATION = "resources: [server.yaml]\n"


def places(root: Path, rule: str, **files: str) -> list[tuple[str, int]]:
    for name, text in {"server.yaml": BASE, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return [(f.location.path, f.location.line) for f in told(root, rule)]


def told(root: Path, rule: str) -> list[Finding]:
    recipe = Recipe(paths=(str(root),), isolated=True)
    report: Report = scan(Request(paths=(root,), recipe=recipe, cwd=root))
    return [finding for finding in report.active if finding.rule == rule]


INLINE = """\
resources: [server.yaml]
patches:
  - target: {kind: %s}
    patch: |-
      - op: remove
        path: /spec/template/spec/containers/0/securityContext
"""


@pytest.mark.parametrize(("kind", "line"), [("Deployment", 6), (".*", 6)])
def test_what_an_operation_takes_away_is_missed_there(tmp_path: Path, kind: str, line: int) -> None:
    files = {"kustomization.yaml": INLINE % kind}
    assert places(tmp_path, "run-as-root", **files) == [("kustomization.yaml", line)]


def test_an_operation_for_other_objects_takes_nothing_away(tmp_path: Path) -> None:
    files = {"kustomization.yaml": INLINE % "StatefulSet"}
    assert places(tmp_path, "run-as-root", **files) == []


SCRIPT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: setup}
data:
  setup.sh: |
%s    secret_key="%s"
    secret_access_key="%s"
"""
SERVING = """\
apiVersion: v1
kind: Pod
metadata: {name: serve}
spec:
  containers:
    - name: serve
      image: registry.example.org/serve:1.0
      command: [sh, -c]
      args:
        - >
          python3 -m vllm.entrypoints.openai.api_server
          --port 8000
          --model Qwen/Qwen3-0.6B
"""


def test_what_is_said_late_in_a_script_is_told_once_there(tmp_path: Path) -> None:
    token = "Xk29" + "fjs8" + "Qz7w"
    above = "".join(f"    echo {number} of the many things that are done\n" for number in range(600))
    script = SCRIPT % (above, token, token)
    files = {"server.yaml": script, "kustomization.yaml": KUSTOMIZATION}
    assert places(tmp_path, "secret-in-configmap", **files) == [("server.yaml", 606)]
    assert [f for f in told(tmp_path, "secret-in-text") if f.location.line == 606] == []


def test_what_stands_in_a_folded_text_is_told_once(tmp_path: Path) -> None:
    files = {"server.yaml": SERVING, "kustomization.yaml": KUSTOMIZATION}
    assert places(tmp_path, "model-revision-missing", **files) == [("server.yaml", 13)]


STRATEGIC = """\
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: NAME}
      spec:
        template:
          spec:
            hostNetwork: true
"""
OPERATION = '[{"op": "OP", "path": "/spec/template/spec/hostNetwork", "value": true}]'


@pytest.mark.parametrize(
    ("patch", "line"),
    [
        ("patchesStrategicMerge:\n  - |-\n" + STRATEGIC.replace("NAME", "server"), 10),
        ("patches:\n  - patch: |-\n" + STRATEGIC.replace("NAME", "server"), 10),
        ("patches:\n  - target: {kind: Deployment}\n    patch: |-\n" + STRATEGIC.replace("NAME", "any"), 11),
        (
            f"patches:\n  - patch: '{OPERATION.replace('OP', 'replace')}'\n    target: {{kind: Deployment}}\n",
            3,
        ),
        ("patches:\n  - path: a.json\n    target: {kind: Deployment}\n", 1),
    ],
)
def test_what_a_kustomization_writes_itself_is_told_at_its_line(
    tmp_path: Path, patch: str, line: int
) -> None:
    files = {"kustomization.yaml": KUSTOMIZATION + patch, "a.json": OPERATION.replace("OP", "add")}
    name = "a.json" if "a.json" in patch else "kustomization.yaml"
    assert places(tmp_path, "host-network", **files) == [(name, line)]


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("tier in (web, mail)", True),
        ("tier = web, team", True),
        ("tier in (mail, dns)", False),
        ("tier!=web", False),
        ("!tier", False),
        ("tier notin (web),team", False),
    ],
)
def test_a_patch_for_others_by_their_labels_has_no_say(tmp_path: Path, selector: str, selected: bool) -> None:
    patch = (
        f"patches:\n  - patch: '{OPERATION.replace('OP', 'add')}'\n"
        f"    target: {{kind: Deployment, labelSelector: '{selector}'}}\n"
    )
    labels = "  name: server\n  labels: {tier: web, team: one}\n"
    base = BASE.replace("  name: server\n", labels, 1).replace("hostNetwork: false", "hostNetwork: true")
    files = {"kustomization.yaml": KUSTOMIZATION + patch, "server.yaml": base}
    place = ("kustomization.yaml", 3) if selected else ("server.yaml", 13)
    assert places(tmp_path, "host-network", **files) == [place]


def test_an_image_that_a_kustomization_puts_in_is_told_there(tmp_path: Path) -> None:
    images = "images:\n  - name: server\n    newName: registry.example.org/team/server\n    newTag: latest\n"
    files = {"kustomization.yaml": KUSTOMIZATION + images}
    assert places(tmp_path, "image-tag-latest", **files) == [("kustomization.yaml", 5)]


def test_the_last_of_several_images_has_the_last_word(tmp_path: Path) -> None:
    inner = "images:\n  - {name: server, newName: registry.example.org/server, newTag: '2'}\n"
    outer = "resources: [../base]\nimages:\n  - name: registry.example.org/server\n    newName: k8s.gcr.io/server\n"
    files = {
        "base/server.yaml": BASE,
        "base/kustomization.yaml": KUSTOMIZATION + inner,
        "prod/kustomization.yaml": outer,
    }
    assert places(tmp_path, "image-registry-deprecated", **files) == [("prod/kustomization.yaml", 4)]


def test_a_retired_registry_is_told_where_the_name_is(tmp_path: Path) -> None:
    images = "images:\n  - name: server\n    newTag: '2'\n    newName: k8s.gcr.io/server\n"
    files = {"kustomization.yaml": KUSTOMIZATION + images}
    assert places(tmp_path, "image-registry-deprecated", **files) == [("kustomization.yaml", 5)]


def test_a_new_tag_leaves_a_retired_registry_where_it_is_written(tmp_path: Path) -> None:
    images = "images:\n  - name: k8s.gcr.io/server\n    newTag: '2'\n"
    base = BASE.replace("image: server", "image: k8s.gcr.io/server")
    files = {"server.yaml": base, "kustomization.yaml": KUSTOMIZATION + images}
    line = next(number for number, line in enumerate(base.splitlines(), 1) if "image:" in line)
    assert places(tmp_path, "image-registry-deprecated", **files) == [("server.yaml", line)]


GENERATOR = """\
secretGenerator:
  - name: other
    literals: [mode=a]
  - name: server
    literals:
      - mode=b
      - {key}={value}
"""


def test_a_literal_of_a_generator_is_told_once_and_masked(tmp_path: Path) -> None:
    value = "q7Zk2" + "Vx9Lm4" + "Tb8Rw1Yp6"
    files = {"kustomization.yaml": GENERATOR.replace("{key}", "client-secret").replace("{value}", value)}
    found = places(tmp_path, "secret-stored-in-manifest", **files)
    assert found == [("kustomization.yaml", 7)]
    assert told(tmp_path, "secret-in-text") == []
    assert value not in repr(told(tmp_path, "secret-stored-in-manifest"))


def test_a_variable_of_a_generator_is_told_in_its_file(tmp_path: Path) -> None:
    value = "q7Zk2" + "Vx9Lm4" + "Tb8Rw1Yp6"
    generator = "secretGenerator:\n  - name: server\n    envs: [server.txt]\n"
    files = {"kustomization.yaml": generator, "server.txt": f"MODE=a\nCLIENT_SECRET={value}\n"}
    assert places(tmp_path, "secret-stored-in-manifest", **files) == [("server.txt", 2)]


def test_what_a_file_of_a_generator_holds_is_told_at_its_line_there(tmp_path: Path) -> None:
    hashed, token = sample("password-hash"), sample("huggingface-user-token")
    values = f"image: a\n# auth: {hashed}\nauth: ''\n"
    generator = "secretGenerator:\n  - name: server\n    files: [values.yaml]\n"
    files = {"kustomization.yaml": generator, "values.yaml": values}
    assert places(tmp_path, "secret-stored-in-manifest", **files) == []  # a comment shows how to fill the key
    assert told(tmp_path, "secret-in-text") == []
    for more in (f"hub: {token}\n", f"# hub: {token}\n", f"auth: {hashed}\n"):
        files["values.yaml"] = values + more
        assert places(tmp_path, "secret-stored-in-manifest", **files) == [("values.yaml", 4)]


READER = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: info}
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [info]
    verbs: [VERB]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: info}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: info}
subjects:
  - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
"""


@pytest.mark.parametrize(("verb", "lines"), [("get", []), ("update", [15])])
def test_what_is_made_of_a_file_is_judged_together(tmp_path: Path, verb: str, lines: list[int]) -> None:
    """The role that a binding gives stands in the same file, where the rule looks for it."""
    files = {
        "kustomization.yaml": "namespace: shown\nresources: [server.yaml]\n",
        "server.yaml": READER.replace("VERB", verb),
    }
    found = places(tmp_path, "rbac-authenticated-group", **files)
    assert found == [("server.yaml", line) for line in lines]


def test_a_patch_without_a_target_is_for_the_object_that_it_names(tmp_path: Path) -> None:
    """`patches: [{path: …}]` as `patchesStrategicMerge`: it has no word in where another object sets the same."""
    shared = BASE.replace("hostNetwork: false", "hostNetwork: true")
    files = {
        "kustomization.yaml": "resources: [server.yaml, other.yaml]\npatches:\n  - path: patch.yaml\n",
        "server.yaml": shared,
        "other.yaml": BASE.replace("name: server", "name: other").replace("app: server", "app: other"),
        "patch.yaml": STRATEGIC.replace("NAME", "other").replace("\n      ", "\n").lstrip(),
    }
    assert places(tmp_path, "host-network", **files) == [("patch.yaml", 7), ("server.yaml", 12)]


BUDGET = """\
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: NAME}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: server}}
"""
GONE = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: NAME}\n$patch: delete\n"
DELETES = "resources: [../base]\npatches:\n  - path: gone.yaml\n"


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        (None, [("base/budgets.yaml", 8)]),
        ("resources: [../base]\n", [("base/budgets.yaml", 1), ("base/budgets.yaml", 8)]),  # it gets both
        # what it gives nobody knows
        (
            "resources: [../base, https://example.com/x]\n",
            [("base/budgets.yaml", 1), ("base/budgets.yaml", 8)],
        ),
    ],
)
def test_what_all_kustomizations_delete_is_nobodys(
    tmp_path: Path, other: str | None, counts: list[tuple[str, int]]
) -> None:
    files = {
        "base/kustomization.yaml": "resources: [budgets.yaml]\n",
        "base/budgets.yaml": "\n---\n".join(
            BUDGET.replace("NAME", name).strip() for name in ("server", "other")
        ),
        "top/kustomization.yaml": DELETES,
        "top/gone.yaml": GONE.replace("NAME", "server"),
    }
    if other is not None:
        files["second/kustomization.yaml"] = other
    assert places(tmp_path, "deprecated-api-version", **files) == counts


@pytest.mark.parametrize(("deletes", "counts"), [(True, []), (False, [("base/all.yaml", 5)])])
def test_rules_across_files_do_not_see_what_all_kustomizations_delete(
    tmp_path: Path, deletes: bool, counts: list[tuple[str, int]]
) -> None:
    server = """apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  replicas: 1
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec:
      containers: [{name: server, image: "example.com/server:1"}]
"""
    budget = BUDGET.replace("v1beta1", "v1").replace("NAME", "server")
    files = {
        "base/kustomization.yaml": "resources: [all.yaml]\n",
        "base/all.yaml": f"{budget}---\n{server}",
        "base/gone.yaml": GONE.replace("NAME", "server").replace("v1beta1", "v1"),
        "one/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
        "two/kustomization.yaml": "resources: [../base]\nnamePrefix: b-\n",
    }
    if deletes:
        files["base/kustomization.yaml"] += "patches: [{path: gone.yaml}]\n"
    assert places(tmp_path, "pdb-keeps-all-replicas", **files) == counts
