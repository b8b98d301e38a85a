"""Folders and files of which nothing is shipped, by their names."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.patterns import lazy_regex

TESTS = "in tests"
VENDORED = "in other people's code"
WORKPLACE = "in what developers set up for themselves"
ARCHIVED = "in an archive"
BY_HAND = "in jobs that people run by hand"
RENDERED = "in rendered examples of charts"

_VENDORED = frozenset(
    {
        "vendor",
        "_vendor",
        "vendored",
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "3rd_party",
        "3rd-party",
        "node_modules",
        "bower_components",
        "site-packages",
        ".venv",
        "localized-files",  # of `kustomize localize`, with the hosts that they came from below
        "raw.githubusercontent.com",
    }
)
_GENERATED = frozenset({"gotk-components.yaml"})  # Flux writes it, and anew with each version
# what others release under these names is large
_RELEASED = frozenset({"cert-manager.yaml", "tigera-operator.yaml", "calico.yaml", "canal.yaml"})
_LARGE = 60_000
# Words of a name, of which one is enough for the name of a folder to say that nothing in it is shipped
_WORDS = lazy_regex(r"[-_. ]+")
_TEST_WORDS = frozenset(
    {"test", "tests", "testing", "testdata", "testutil", "testutils", "testsuite", "testsuites", "apptest"}
    | {"fixture", "fixtures", "mock", "mocks", "stub", "stubs", "dummy", "kuttl", "chainsaw", "molecule"}
    | {"unittest", "unittests", "loadtest", "loadtests", "helmtest", "helmtests", "systemtest", "systemtests"}
    | {"functionaltest", "functionaltests", "integrationtest", "integrationtests"}
)
# `e2e-rag` is an example from end to end, and `fake-gpu-operator` the name of a product
_TEST_NAMES = frozenset(
    {
        "e2e",
        "conformance",
        "acceptance",
        "fake",
        "fakes",
        "__snapshots__",
        "__snapshot__",
        ".snapshots",
        "gitlab-ci",
        "openshift-ci",
    }
)
_E2E = lazy_regex(
    r"(?:.+[-_.])?e2e[-_.](?:data|fixtures?|cases?|suites?|resources?|assets|infra|utils?|manifests|configs?|setup|env|scripts|images?|apps?)|\w[\w.-]*[-_.]e2e"
)
# programs and experiments that are called a test
_NO_TEST = lazy_regex(r"(?<![a-z])(?:ab|a-b|split|speed|pen|web|multivariate)[-_.]?test")
_TEST_FILES = lazy_regex(
    r"dockerfile[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)|(?:.+[-_.])?(?:tests?|e2e)\.dockerfile"
    r"|(?:docker-)?compose[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)\.ya?ml"
)
# `test.yaml`, `test-pod.yaml`, `storage_test.tf`: below the top of what is scanned, where one asks for all there is
_TRIED_FILES = lazy_regex(
    r"(?:e2e|tests?(?:pods?|apps?)?(?:[-_.].+)?)\.ya?ml|.+[-_.](?:e2e|tests?)\.(?:ya?ml|json)|(?:.+_)?test\.tf"
)
_ARCHIVES = lazy_regex(
    r"[._]?archived?|archives|retired(?:[-_].*)?|attic|[._]?deprecated|obsolete|graveyard|(?:.*[-_.])?(?:old|bak)"
    r"|[._]?(?:unused|unmaintained|disabled)|(?:.*[-_.])?(?:backups?|bkp)[-_.]?\d.*"
    r"|(?:.*[-_.])?(?:history|historical|previous|past|older|alpha|beta)[-_.](?:versions?|releases?|charts?)"
)
_PARTS = frozenset(
    {"apps", "core", "base", "infrastructure", "cluster", "clusters", "kubernetes", "charts", "manifests"}
)
_LOCAL_SETUP = lazy_regex(r"local[-_.]?(?:resources?|dev(?:elopment)?|setup|k8s)|dev(?:elopment)?[-_.]local")
_ARCHIVED_FILES = lazy_regex(r".+[-_.](?:old|bak|unused)\.(?:ya?ml|tf|dockerfile)|dockerfile[-_.](?:old|bak)")
# clusters on the machine of a developer, and what is started there to look for a fault
_WORKPLACES = frozenset(
    {
        ".devcontainer",
        "dev-env",
        "devenv",
        "hack",
        ".github",
        ".local",
        "kind",
        "minikube",
        "k3d",
        "tilt",
        "debug",
    }
    | {"debugging", "playground", "scratch", "tmp", "temp", "wip"}
)
_WORKPLACE_FILES = lazy_regex(
    r"(?:.+[-_.])?(?:tilt|minikube|kind|k3d)(?:[-_.].+)?\.(?:ya?ml|dockerfile)|(?:debug|te?mp)(?:[-_.].+)?\.ya?ml|.+[-_.]debug\.ya?ml"
    r"|(?:values|(?:docker-)?compose)[-_.]local\.ya?ml|local[-_.]values\.ya?ml|dockerfile[-_.](?:debug|local)|(?:local|debug)\.dockerfile"
)
# `overlays/local`, `scripts/ci` and so on
_EXAMPLES = frozenset({"examples", "example", "samples"})
_LOCAL_IN = frozenset(
    {"overlays", "overlay", "environments", "environment", "envs", "env", "deploy", "deployment", "k8s"}
    | {"kubernetes", "manifests", "config", "docker", "scripts", "dev", "build", "images", "tools"}
)
_MEASURED = lazy_regex(
    r"(?:.+[-_.])?(?:fio|iperf3?|sysbench|stress-ng|(?:io|disk|network|storage|cpu)[-_]bench(?:mark)?s?)(?:[-_.].+)?"
)
# pods that erase disks, before a storage cluster is set up anew
_WIPES = lazy_regex(r"(?:wipe|(?:zap|clean(?:up)?)[-_](?:rook|ceph|disks?|osds?))(?:[-_.].+)?")
# Where a folder `test` lies beside one of these it is a stage that is deployed, as is one below `overlays`
_STAGES = (
    "prod",
    "production",
    "prd",
    "staging",
    "stage",
    "stg",
    "uat",
    "preprod",
)
_OF_STAGES = frozenset(
    {
        "overlays",
        "overlay",
        "environments",
        "environment",
        "envs",
        "env",
        "stages",
        "clusters",
        "cluster",
        "namespaces",
        "tenants",
    }
)


def reason_of(above: str, relative: str) -> str:
    """Why what is found in a file is set aside, by its name and those of its folders below `above`; empty: not."""
    *folders, file = relative.split(os.sep)
    if file in _GENERATED or (file in _RELEASED and _size(os.path.join(above, relative)) > _LARGE):
        return VENDORED
    place = above
    reason = ""
    parents: list[str] = []
    for name in folders:
        lower = name.lower()
        if lower in _VENDORED or _is_fetched(lower, place, parents):
            return VENDORED
        if not reason:
            reason = _of_folder(lower, place, parents)
        parents.append(lower)
        place = f"{place}{os.sep}{name}"
    return reason or _of_file(file.lower(), place, parents)


def _of_folder(name: str, place: str, parents: list[str]) -> str:
    if (
        name in _WORKPLACES or name.startswith("tilt-")
    ) and "templates" not in parents:  # there it is what a chart installs
        return WORKPLACE
    if name in (".taskfiles", ".task", ".tools", ".just") or _MEASURED.fullmatch(name):
        return BY_HAND
    if name.startswith("dev") and parents[-1:] == ["config"] and os.path.isdir(os.path.join(place, "crd")):
        return WORKPLACE  # where the authors of an operator try it
    if name.startswith(("dev-", "development-")) and _EXAMPLES.intersection(parents):
        return WORKPLACE  # what an example needs besides, on the machine of a developer
    if _ARCHIVES.fullmatch(name):
        return ARCHIVED
    if (name == "rendered" and "examples" in parents and "charts" in parents) or (
        name in ("rendered_manifests", "rendered-manifests")
        and not {"example", "examples"}.isdisjoint(parents)
    ):
        return RENDERED  # what a chart makes of example values: the chart itself is judged
    if name == "ci" and (not parents or _LOCAL_IN.intersection(parents[-1:]) or _is_chart(place)):
        return TESTS  # what the pipeline sets up for itself, values with which a chart is tried
    if name in ("backup", "backups") and not parents and _holds_all(os.path.join(place, name)):
        return ARCHIVED  # a copy of what stands beside it
    if _LOCAL_SETUP.fullmatch(name):
        return WORKPLACE
    if name == "integration" and not parents and os.path.isfile(os.path.join(place, "go.mod")):
        return TESTS  # of a program in Go, not what connects others
    if name == "local" and (not parents or _LOCAL_IN.intersection(parents[-1:])):
        return WORKPLACE
    if name in ("ci_scripts", "ci-scripts"):
        return TESTS
    if not _is_of_tests(name) or _is_stage(place, name, parents):
        return ""
    # a chart that installs a program for tests is a product as others are
    return "" if parents[-1:] == ["charts"] and _is_chart(os.path.join(place, name)) else TESTS


@lru_cache(maxsize=4096)
def _is_of_tests(name: str) -> bool:
    words = _WORDS.split(name)
    if name in _TEST_NAMES or name in (".ci", ".e2e") or _E2E.fullmatch(name):
        return True
    return not _TEST_WORDS.isdisjoint(words) and not _NO_TEST.search(name)


def _of_file(name: str, place: str, parents: list[str]) -> str:
    """The same by the name of a file."""
    if _TEST_FILES.fullmatch(name):
        return TESTS
    if _WORKPLACE_FILES.fullmatch(name):
        return WORKPLACE
    if not parents:
        return ""
    if _ARCHIVED_FILES.fullmatch(name):
        return ARCHIVED
    stem, _, ending = name.rpartition(".")
    if ending in ("yaml", "yml") and (_MEASURED.fullmatch(stem) or _WIPES.fullmatch(stem)):
        return BY_HAND
    if "values" in name:  # of a stage, or to try the chart beside it
        return TESTS if name.startswith("test-values") and _is_chart(place) else ""
    if _TRIED_FILES.fullmatch(name) and not _NO_TEST.search(name):
        return "" if _is_stage(place, name, parents) else TESTS
    return ""


def _holds_all(folder: str) -> bool:
    """Whether a folder is divided as a repository of clusters is."""
    try:
        return len(_PARTS.intersection(os.listdir(folder))) > 1
    except OSError:
        return False


def _is_chart(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "Chart.yaml"))


def _is_fetched(name: str, place: str, parents: list[str]) -> bool:
    """Whether a folder is the copy of what others wrote: `upstream`, or charts in `external`."""
    if name == "external":
        return _has_charts(os.path.join(place, name))
    return name == "upstream" and not _OF_STAGES.intersection(parents[-1:])


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _has_charts(folder: str) -> bool:
    """Whether what lies in a folder is charts, as in `external` beside one's own."""
    try:
        names = sorted(os.listdir(folder))[:50]
    except OSError:
        return False
    return any(os.path.isfile(os.path.join(folder, name, "Chart.yaml")) for name in names)


def _is_stage(folder: str, name: str, parents: list[str]) -> bool:
    """Whether the `test` in a folder, or `values-test.yaml`, is an environment like its neighbours."""
    words = _WORDS.split(name)
    named = next((word for word in ("test", "testing", "acceptance") if word in words), "")
    if not named:
        return False
    if name == named and any(parent in _OF_STAGES for parent in parents[-2:]):
        return not _is_chart(folder)  # which may well be called `cluster`
    return any(os.path.exists(os.path.join(folder, name.replace(named, stage))) for stage in _STAGES)
