"""What is told once: one finding a project, and one a `*`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.programs import needs_helm
from tests.test_cli import Run, run

__all__ = ["run"]

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n"
RULE = "pod-security-admission-missing"
ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: a
rules:
  - apiGroups: [%s]
    resources: [%s]
    verbs: [%s]
"""


def _scan(run: Run, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("scan", *words, "-f", "json", "--no-cache").out)["findings"]
    return found


@pytest.fixture
def spaces(tmp_path: Path) -> Path:
    for folder, names in (("apps", "bcd"), ("tests", "a")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.yaml").write_text(NAMESPACE % name)
    return tmp_path


def test_the_first_that_counts_stands_for_all(run: Run, spaces: Path) -> None:
    (found,) = _scan(run, ".")
    assert (found["path"], found["rule"]) == ("apps/b.yaml", RULE)
    assert (
        found["message"]
        == "Namespace 'b' enforces no Pod Security Standard. The same holds in 2 more places."
    )
    assert [place["path"] for place in found["related"]] == ["apps/c.yaml", "apps/d.yaml"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("apps/b.yaml", "apps/c.yaml"), 2),
        ((".", "--select", RULE), 4),
        ((".", "--select", "kubescape:C-0193"), 4),
        ((".", "--profile", "strict"), 4),
    ],
)
def test_each_is_told_to_who_asks(run: Run, spaces: Path, words: tuple[str, ...], count: int) -> None:
    assert sum(f["rule"] == RULE for f in _scan(run, *words)) == count


def test_a_baseline_has_each_and_a_new_one_is_told(run: Run, spaces: Path) -> None:
    run("baseline", "create", "-b", "known.json", ".")
    assert (spaces / "known.json").read_text().count(RULE) == 3
    assert _scan(run, ".", "--baseline", "known.json") == []
    (spaces / "apps" / "a.yaml").write_text(NAMESPACE % "new")
    (found,) = _scan(run, ".", "--baseline", "known.json")
    assert found["message"] == "Namespace 'new' enforces no Pod Security Standard."


def test_what_is_said_of_several_rules_of_a_role_is_told_once(run: Run, tmp_path: Path) -> None:
    rules = "".join(
        f"  - apiGroups: [{group}]\n    resources: ['*']\n    verbs: [get, update]\n"
        for group in ("source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "argoproj.io")
    )
    (tmp_path / "role.yaml").write_text(ROLE.partition("  - api")[0] + rules)
    (found,) = _scan(run, ".")
    assert (found["rule"], found["line"]) == ("rbac-wildcard", 7)
    assert found["message"].endswith(" The same holds in 2 more places.")
    assert len(_scan(run, ".", "--select", "rbac-wildcard")) == 3


def test_what_weighs_more_is_told_itself(run: Run, spaces: Path) -> None:
    (spaces / "apps" / "live").mkdir()
    (spaces / "apps" / "live" / "x.yaml").write_text(NAMESPACE % "x")
    (spaces / "apps" / "live" / "tarecheck.yaml").write_text(f"rules:\n  {RULE}: {{severity: high}}\n")
    assert [(f["path"], f["severity"]) for f in _scan(run, ".")] == [
        ("apps/b.yaml", "medium"),
        ("apps/live/x.yaml", "high"),
    ]


@pytest.mark.parametrize(
    ("groups", "resources", "verbs", "expected"),
    [
        ('""', '"*"', "get", ["rbac-wildcard"]),
        ('""', '"*"', '"*"', ["rbac-core-wildcard"]),
        ('""', "pods, serviceaccounts", '"*"', ["rbac-impersonate"]),
        ("rbac.authorization.k8s.io", "roles", '"*"', ["rbac-escalate"]),
        ('"", rbac.authorization.k8s.io', "roles, serviceaccounts", '"*"', ["rbac-escalate"]),
        ('""', "secrets", '"*"', ["rbac-secrets-access", "rbac-wildcard"]),  # each at its own word
        ('""', "secrets, pods/exec", "get, create", ["rbac-secrets-access", "rbac-pod-exec-attach"]),
    ],
)
def test_one_star_is_one_finding(
    run: Run, tmp_path: Path, groups: str, resources: str, verbs: str, expected: list[str]
) -> None:
    (tmp_path / "role.yaml").write_text(ROLE % (groups, resources, verbs))
    assert [f["rule"] for f in _scan(run, ".")] == expected


def test_a_star_says_what_it_gives(run: Run, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE % ('""', '"*"', "get"))
    (found,) = _scan(run, ".")
    assert found["message"] == (
        "ClusterRole 'a' has a wildcard in its resources, which gives reading of Secrets, the kubelets' API."
    )
    (other,) = _scan(run, ".", "--select", "checkov:CKV2_K8S_5")
    assert other["rule"] == "rbac-secrets-access"


POD = """# Source: {source}
apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  hostNetwork: true
  containers:
    - name: a
      image: ghcr.io/acme/a:1.2.3
"""


def _of_the_network(run: Run, *words: str) -> list[tuple[str, str]]:
    found = (f for f in _scan(run, *words) if f["rule"] == "host-network")
    return [(f["path"], f["message"].partition(". ")[2]) for f in found]


def test_what_is_said_of_one_object_is_told_once_where_programs_write_it_again(
    run: Run, tmp_path: Path
) -> None:
    more = "#" * 60_000  # nobody writes as much by hand
    for path, text in (
        ("a/install.yaml", more),
        ("b/pod.yaml", ""),
        ("c/pod.yaml", ""),
        ("d/all.yaml", more),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(POD.format(name="a", source="-") + text)
    assert _of_the_network(run, ".") == [
        ("b/pod.yaml", "The same holds in 2 more places."),
        ("c/pod.yaml", ""),
    ]
    each = [("a/install.yaml", ""), ("b/pod.yaml", ""), ("c/pod.yaml", ""), ("d/all.yaml", "")]
    assert _of_the_network(run, ".", "--select", "host-network") == each
    assert _of_the_network(run, "a/install.yaml", "b/pod.yaml") == each[:2]
    (tmp_path / "b" / "pod.yaml").unlink()  # what was mended in one place is told of the next
    (tmp_path / "c" / "pod.yaml").unlink()
    assert _of_the_network(run, ".") == [("a/install.yaml", "The same holds in one more place.")]


@needs_helm
@pytest.mark.parametrize("folder", ["acme", "helm"])
def test_what_a_template_says_stands_for_what_it_was_rendered_to(
    run: Run, tmp_path: Path, folder: str
) -> None:
    chart = tmp_path / "z" / folder
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("name: acme\nversion: 1.2.3\n")
    (chart / "templates" / "pod.yaml").write_text(POD.format(name="{{ .Release.Name }}-x", source="-"))
    for name, source in (("a", "acme"), ("b", "other")):
        text = POD.format(name="acme-x", source=f"{source}/templates/pod.yaml")
        (tmp_path / f"{name}.yaml").write_text(text.replace("metadata:", "metadata:\n  namespace: prod"))
    said = _of_the_network(run, ".")
    assert [path for path, _ in said] == ["b.yaml", f"z/{folder}/templates/pod.yaml"]
    assert said[1][1] == "The same holds in one more place."


def test_an_example_is_told_last(run: Run, tmp_path: Path) -> None:
    for path in ("docs/a.yaml", "z/a.yaml"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(ROLE % ('""', "secrets", "get") + "#" * 60_000)
    (found,) = _scan(run, ".")
    assert (found["path"], found["rule"]) == ("z/a.yaml", "rbac-secrets-access")
    assert found["message"].endswith("The same holds in one more place.")


def test_of_one_role_the_same_is_told_once(run: Run, tmp_path: Path) -> None:
    rule = '  - apiGroups: [""]\n    resources: [%s]\n    verbs: [get]\n'
    for name, first in (("a", ""), ("b", rule % "pods")):
        text = (ROLE % ('"apps"', "deployments", "get")) + first + rule % "secrets" + "#" * 60_000
        (tmp_path / f"{name}.yaml").write_text(text)
    (found,) = (f for f in _scan(run, ".") if f["rule"] == "rbac-secrets-access")
    assert found["path"] == "a.yaml"


def test_a_path_of_the_node_that_is_written_to_is_told_where_it_is_written(run: Run, tmp_path: Path) -> None:
    mount = "      volumeMounts: [{name: a, mountPath: /a%s}]\n"
    volume = "  volumes:\n    - name: a\n      hostPath:\n        path: /etc\n"
    for name, more in (("a", ""), ("b", ", readOnly: true")):
        (tmp_path / f"{name}.yaml").write_text(POD.format(name=name, source="-") + mount % more + volume)
    told = [(f["path"], f["rule"]) for f in _scan(run, ".") if "host-path" in f["rule"]]
    assert told == [("a.yaml", "writable-host-path"), ("b.yaml", "sensitive-host-path")]
    asked = [f["path"] for f in _scan(run, ".", "--select", "sensitive-host-path")]
    assert asked == ["a.yaml", "b.yaml"]
    text = (
        (tmp_path / "a.yaml")
        .read_text()
        .replace("mountPath: /a}]", "mountPath: /a}]  # tarecheck: ignore[writable-host-path] ours")
    )
    (tmp_path / "a.yaml").write_text(text)
    assert [f["rule"] for f in _scan(run, "a.yaml") if "host-path" in f["rule"]] == ["sensitive-host-path"]


def test_of_a_role_that_a_template_names_the_same_is_told_once(run: Run, tmp_path: Path) -> None:
    rule = '  - apiGroups: [""]\n    resources: [secrets, pods]\n    verbs: [get]\n'
    role = ROLE.replace("name: a", "name: ${NAME}-%s") % ("%s", '"apps"', "deployments", "get")
    (tmp_path / "roles.yaml").write_text("---\n".join(role % name + rule + rule for name in "ab"))
    found = [f for f in _scan(run, ".") if f["rule"] == "rbac-secrets-access"]
    assert [(f["line"], f["message"]) for f in found] == [
        (10, "ClusterRole '${NAME}-a' can read Secrets. The same holds in one more place."),
        (25, "ClusterRole '${NAME}-b' can read Secrets. The same holds in one more place."),
    ]


@pytest.mark.parametrize("working", ["deploy/x.yaml", "deploy/latest/x.yaml", "deploy/latest-v2/x.yaml"])
def test_a_release_that_is_kept_says_again_what_is_worked_on(run: Run, tmp_path: Path, working: str) -> None:
    for path in ("deploy/v1.2.3/x.yaml", "deploy/v1.2.3/y.yaml", working):
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text(POD.format(name=Path(path).stem, source="-"))
    assert set(_of_the_network(run, ".")) == {
        (working, "The same holds in one more place."),
        ("deploy/v1.2.3/y.yaml", ""),  # where it is worked on it is mended, or gone
    }


@pytest.mark.parametrize(
    ("first", "once"),
    [
        ("# DO NOT EDIT: generated by 'kustomize build'", True),
        ("# Copyright\n\n# This file was automatically generated by yamlgen.", True),
        ("# What is generated here: a token", False),
        ("kind: Pod # DO NOT EDIT", False),
    ],
)
def test_what_a_file_says_that_a_program_wrote_is_told_at_its_source(
    run: Run, tmp_path: Path, first: str, once: bool
) -> None:
    pod = POD.format(name="a", source="-").partition("\n")[2]
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "pod.yaml").write_text(pod)
    (tmp_path / "all.yaml").write_text(
        f"{first}\n{pod if first[0] == '#' else pod.replace('kind: Pod', '# a')}"
    )
    told = _of_the_network(run, ".")
    assert told[-1] == ("base/pod.yaml", "The same holds in one more place." if once else "")
    assert len(told) == (1 if once else 2)


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ("deploy/** linguist-generated=true\n", ["deploy/a-prod.yaml"]),
        ("*-dev.yaml linguist-generated\n", ["deploy/a-prod.yaml"]),
        ("*.yaml linguist-generated\n*-prod.yaml -linguist-generated\n", ["deploy/a-prod.yaml"]),
        ("*-prod.yaml linguist-generated\n", ["deploy/a-dev.yaml"]),  # the other is its source
        ("*.yaml linguist-generated=false\n", ["deploy/a-dev.yaml", "deploy/a-prod.yaml"]),
        ("deploy/** -diff\n", ["deploy/a-dev.yaml", "deploy/a-prod.yaml"]),
        ("", ["deploy/a-dev.yaml", "deploy/a-prod.yaml"]),
    ],
)
def test_what_git_is_told_that_a_program_wrote(
    run: Run, tmp_path: Path, attributes: str, told: list[str]
) -> None:
    pod = POD.format(name="a", source="-").partition("\n")[2]
    (tmp_path / "deploy").mkdir()
    for stage in ("dev", "prod"):
        (tmp_path / "deploy" / f"a-{stage}.yaml").write_text(pod)
    (tmp_path / ".gitattributes").write_text(attributes)
    assert [path for path, _ in _of_the_network(run, ".")] == told


def test_what_a_program_wrote_is_told_of_the_part_before_the_whole(run: Run, tmp_path: Path) -> None:
    pod = POD.format(name="a", source="-").partition("\n")[2]
    (tmp_path / "all.yaml").write_text(pod + "#" * 60_000)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "pod.yaml").write_text(pod)
    (tmp_path / ".gitattributes").write_text("*.yaml linguist-generated\n")
    assert _of_the_network(run, ".") == [("parts/pod.yaml", "The same holds in one more place.")]


@needs_helm
def test_an_image_that_one_value_gives_is_told_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chart" / "templates").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.2.3\n")
    (tmp_path / "chart" / "values.yaml").write_text("tag: latest\nother: latest\n")
    for name, tag in (("beat", "tag"), ("web", "tag"), ("worker", "other")):
        image = f'"acme/shop:{{{{ .Values.{tag} }}}}"'
        text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n    - name: {name}\n"
        (tmp_path / "chart" / "templates" / f"{name}.yaml").write_text(f"{text}      image: {image}\n")
    found = [f for f in _scan(run, ".") if f["rule"] == "image-tag-latest"]
    assert [(f["path"].rpartition("/")[2], f["message"].partition(" The same")[2]) for f in found] == [
        ("beat.yaml", " holds in one more place."),
        ("worker.yaml", ""),
    ]
    assert len(_scan(run, ".", "--select", "image-tag-latest")) == 3


@needs_helm
def test_what_a_template_only_reads_is_told_in_the_file(run: Run, tmp_path: Path) -> None:
    role = ROLE % ('""', "secrets", "get") + "".join(f"# {number:060}\n" for number in range(1_000))
    for name, text in (
        ("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
        ("chart/files/role.yaml", role),
        ("chart/templates/all.yaml", '{{ tpl (.Files.Get "files/role.yaml") . }}\n'),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (found,) = [f for f in _scan(run, ".") if f["rule"] == "rbac-secrets-access"]
    assert (found["path"], found["line"]) == ("chart/files/role.yaml", 7)
    assert [place["path"] for place in found["related"]] == ["chart/templates/all.yaml"]


DOCKERFILE = """FROM registry.example.org/base@sha256:%s
ADD https://example.org/releases/%s/tool.tgz /tool.tgz
USER 10001
"""


def _images(root: Path, *versions: str, extra: str = "") -> None:
    for version in versions:
        folder = root / "images" / version / "ubi"
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_text(DOCKERFILE % ("0" * 64, version) + extra)


def test_dockerfiles_kept_for_each_release_are_told_at_the_newest(run: Run, tmp_path: Path) -> None:
    _images(tmp_path, "1.9.0", "1.10.0-1", "1.2.0")
    (found,) = _scan(run, ".")
    assert (found["path"], found["rule"]) == ("images/1.10.0-1/ubi/Dockerfile", "add-url-without-checksum")
    assert found["message"].endswith(" The same holds in 2 more places.")
    assert [place["path"].split("/")[1] for place in found["related"]] == ["1.9.0", "1.2.0"]


def test_two_versions_are_two_products(run: Run, tmp_path: Path) -> None:
    _images(tmp_path, "1.9.0", "1.10.0")
    assert len(_scan(run, ".")) == 2


def test_what_only_an_earlier_release_has_is_told_there(run: Run, tmp_path: Path) -> None:
    _images(tmp_path, "1.9.0", "1.10.0")
    _images(tmp_path, "1.2.0", extra="USER root\n")
    assert [(f["rule"], f["path"].split("/")[1]) for f in _scan(run, ".")] == [
        ("add-url-without-checksum", "1.10.0"),
        ("root-user", "1.2.0"),
    ]
