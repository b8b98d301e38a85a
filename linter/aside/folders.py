"""Folders and files of which nothing is shipped, by their names."""

from __future__ import annotations

import os

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
    }
)
_GENERATED = frozenset({"gotk-components.yaml"})  # Flux writes it, and anew with each version
# what others release under these names is large
_RELEASED = frozenset({"cert-manager.yaml", "tigera-operator.yaml", "calico.yaml", "canal.yaml"})
_LARGE = 60_000
_TESTS = lazy_regex(
    r"(?:tests?|testing|__tests__|test-stubs?[\w-]*|\.test-fixtures|e2e|conformance|acceptance|apptest|\.ci|testdata|testutils?|fakes?|mocks?|__mocks__|__snapshots__|fixtures?|(?:system|unit|integration|functional|helm)tests?|testsuites?|(?:\w+[-_.])+tests"
    r"|(?:unit|integration|int|e2e|system|functional|acceptance|smoke|conformance|performance|perf|load|stress"
    r"|conformance|regression|ui|api|upgrade|kuttl|chainsaw|bats|python|go|pytest|robot|molecule|scorecard)[-_.](?:tests?|e2e)"
    r"|(?:tests?|e2e)[-_.](?:data|fixtures?|cases?|suites?|resources?|assets|infra|utils?|manifests|files|e2e"
    r"|tests?|charts?|configs?|setup|env|scripts|images?|pods?|apps?|integration|unit))"
)
_TEST_FILES = lazy_regex(
    r"dockerfile[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)|(?:tests?|e2e)\.dockerfile|.+[-_.](?:tests?|e2e)\.dockerfile"
    r"|(?:docker-)?compose[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)\.ya?ml"
)
_ARCHIVES = lazy_regex(
    r"[._]?archived?|archives|retired(?:[-_].*)?|attic|[._]?deprecated|obsolete|graveyard|[._]?old"
)
_WORKPLACE_FILES = lazy_regex(r"(?:.+[-_.])?tilt(?:[-_.].+)?\.(?:ya?ml|dockerfile)")
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
    if file.startswith("test-values") and os.path.isfile(os.path.join(place, "Chart.yaml")):
        return reason or TESTS
    if not reason and _WORKPLACE_FILES.fullmatch(file.lower()):
        return WORKPLACE
    return reason or (TESTS if _TEST_FILES.fullmatch(file.lower()) else "")


def _of_folder(name: str, place: str, parents: list[str]) -> str:
    if name in (".devcontainer", "dev-env", "devenv", "hack", ".github", ".local"):
        return WORKPLACE
    if name in (".taskfiles", ".task", ".tools"):
        return BY_HAND
    if name.startswith("dev") and parents[-1:] == ["config"] and os.path.isdir(os.path.join(place, "crd")):
        return WORKPLACE  # where the authors of an operator try it
    if _ARCHIVES.fullmatch(name):
        return ARCHIVED
    if name == "rendered" and "examples" in parents and "charts" in parents:
        return RENDERED  # what a chart makes of example values: the chart itself is judged
    if name == "ci" and os.path.isfile(os.path.join(place, "Chart.yaml")):
        return TESTS  # values with which the chart is tried
    if name == "local" and not parents:
        return WORKPLACE
    if name == "ci" and not parents:
        return TESTS  # what the pipeline sets up for itself
    if _TESTS.fullmatch(name) and not (
        name in ("test", "testing", "acceptance") and _is_stage(place, parents)
    ):
        return TESTS
    return ""


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


def _is_stage(folder: str, parents: list[str]) -> bool:
    """Whether the `test` in a folder is an environment like its neighbours."""
    if any(parent in _OF_STAGES for parent in parents[-2:]):
        return True
    return any(os.path.isdir(os.path.join(folder, name)) for name in _STAGES)
