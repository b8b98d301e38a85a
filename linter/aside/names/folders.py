"""Folders and files of which nothing is shipped, by their names and by what lies around them."""

from __future__ import annotations

import os

from linter.aside.names.copied import is_copied
from linter.aside.names.listings import listing_of
from linter.aside.names.placenames import (
    ARCHIVED,
    BY_HAND,
    GENERATED,
    RENDERED,
    TESTS,
    VENDORED,
    WORKPLACE,
    of_file,
    of_file_within,
    of_folder,
    stage_in,
)
from linter.formats.built import SOURCES
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

# what a name says of how something is used, which a kustomization that lists it contradicts
_WORDS_OF_USE = frozenset((ARCHIVED, BY_HAND))
_HEAD = 8_000  # bytes of a description of a chart that are looked at
_NAME = lazy_bytes_regex(rb"(?m)^name:[ \t]*[\"']?([\w.-]+)[\"']?[ \t]*\r?$")
_GENERATED = frozenset({"gotk-components.yaml"})  # Flux writes it, and anew with each version
_PARTS = frozenset(
    {"apps", "core", "base", "infrastructure", "cluster", "clusters", "kubernetes", "charts", "manifests"}
)
_EXAMPLES = frozenset({"examples", "example", "samples"})
_OF_EXAMPLES = lazy_regex(r"ex[amp]{3,4}les?|samples")  # however it is spelt
# what a generator, or `kustomize build`, makes there
_OUTPUTS = lazy_regex(r"(?:built|build|expected|generated|kustomize)[-_]?outputs?")
# `overlays/local`, `scripts/ci` and so on
_LOCAL_IN = frozenset(
    {"overlays", "overlay", "environments", "environment", "envs", "env", "deploy", "deployment", "k8s"}
    | {"kubernetes", "manifests", "config", "docker", "scripts", "dev", "build", "images", "tools"}
)
_BROWSER_TESTS = ("playwright", "cypress")
_PYTEST = lazy_regex(r"test_\w+\.py|\w+_test\.py")
_BUILT = frozenset(("pyproject.toml", "setup.py", "setup.cfg", "Dockerfile", "Chart.yaml"))
_TOOLS = frozenset(("tools", "tooling"))
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
    if file in _GENERATED or is_copied(above, relative):
        return VENDORED
    place = above
    reason = ""
    parents: list[str] = []
    for name in folders:
        lower = name.lower()
        if of_folder(lower) == VENDORED or _is_fetched(lower, place, parents):
            return VENDORED
        if not reason:
            reason = _of_folder(lower, place, parents)
        parents.append(lower)
        place = f"{place}{os.sep}{name}"
    return reason or _of_file(file.lower(), place, parents)


def _of_folder(name: str, place: str, parents: list[str]) -> str:
    reason = of_folder(name)
    if reason == WORKPLACE and "templates" in parents:
        reason = ""  # it is what a chart installs
    if reason == TESTS and (is_stage(place, name, parents) or _is_product(place, name, parents)):
        reason = ""
    if reason in _WORDS_OF_USE and (_is_own_name(place, name) or listing_of(os.path.join(place, name))):
        reason = ""
    return reason or _by_neighbours(name, place, parents)


def _is_own_name(place: str, name: str) -> bool:
    """Whether what is in a folder goes by its name: a chart called `attic`, which is a store for builds."""
    folder = os.path.join(place, name)
    said = _NAME.search(start_of(os.path.join(folder, "Chart.yaml"), _HEAD))
    return said is not None and said[1].decode("utf-8", "replace") == name


def _by_neighbours(name: str, place: str, parents: list[str]) -> str:
    """The same where only what is above or beside a folder tells what its name means there."""
    folder = os.path.join(place, name)
    above = parents[-1] if parents else ""
    if (
        (name.startswith("dev") or name == "dependencies")
        and above == "config"
        and any(os.path.isdir(os.path.join(place, kinds)) for kinds in ("crd", "crds"))
    ):
        return WORKPLACE  # where the authors of an operator try it
    if name == "devel" and not is_of_stages(parents):
        return WORKPLACE
    if _is_generated(name, place) or _is_of_bundle(name, place):
        return GENERATED
    if name.startswith(("dev-", "development-")) and _EXAMPLES.intersection(parents):
        return WORKPLACE  # what an example needs besides, on the machine of a developer
    if (name == "rendered" and {"examples", "charts"}.issubset(parents)) or (
        name in ("rendered_manifests", "rendered-manifests") and _EXAMPLES.intersection(parents)
    ):
        return RENDERED  # what a chart makes of example values: the chart itself is judged
    if _OUTPUTS.fullmatch(name) and any(map(_OF_EXAMPLES.fullmatch, parents)):
        return RENDERED
    if name in ("ci", "local") and (not parents or above in _LOCAL_IN):
        return TESTS if name == "ci" else WORKPLACE  # what the pipeline, or a developer, sets up for itself
    if name == "ci" and _is_chart(place):
        return TESTS  # values with which the chart is tried
    if not parents and name in ("backup", "backups") and _holds_all(folder):
        return ARCHIVED  # a copy of what stands beside it
    if name == "dev" and _TOOLS.intersection(parents):
        return WORKPLACE  # what tools need that developers start
    if not parents and name == "integration" and os.path.isfile(os.path.join(place, "go.mod")):
        return TESTS  # of a program in Go, not what connects others
    if _is_of_pytest(folder):
        return TESTS
    if not parents and name in _BROWSER_TESTS:
        return TESTS  # further down the name of a service
    if not parents and name in ("dev", "dogfood", "dogfooding") and is_source(place):
        return WORKPLACE
    if not parents and name == "make" and _has(folder, ".mk"):
        return WORKPLACE  # how the project builds and tries itself
    return ""


def _of_file(name: str, place: str, parents: list[str]) -> str:
    reason = of_file(name)
    if reason or not parents:
        return reason
    reason = of_file_within(name)
    if reason != TESTS:
        return reason
    if "values" in name:  # of a stage, or to try the chart beside it
        return TESTS if name.startswith("test-values") and _is_chart(place) else ""
    return "" if is_stage(place, name, parents) else TESTS


def is_source(folder: str) -> bool:
    """Whether a folder is a program's source, and none of its folders the stages that it is deployed to."""
    source = any(os.path.isfile(os.path.join(folder, name)) for name in SOURCES)
    return source and not any(os.path.isdir(os.path.join(folder, name)) for name in (*_STAGES, "qa"))


def _is_of_pytest(folder: str) -> bool:
    """Whether a folder is tests in Python, whatever its name: they lie in it beside what pytest prepares them with, and
    nothing there is built or installed."""
    if not os.path.isfile(os.path.join(folder, "conftest.py")):
        return False
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(map(_PYTEST.fullmatch, names)) and not _BUILT.intersection(names)


def _is_of_operator(overlays: str, parents: list[str]) -> bool:
    """Whether a folder `config/overlays` is of a project of kubebuilder, whose `test` is for tests of the program."""
    return parents[-2:] == ["config", "overlays"] and os.path.isdir(os.path.join(overlays, "..", "crd"))


def _is_of_module(folder: str, name: str) -> bool:
    """Whether a `test` lies in a module of Terraform, and is none: stages have configurations of their own."""
    return _has(folder, ".tf") and not _has(os.path.join(folder, name), ".tf")


def is_of_stages(parents: list[str]) -> bool:
    """Whether what lies in some folders, named in small letters, are stages or clusters that are deployed."""
    return any(parent in _OF_STAGES for parent in parents[-2:])


def _is_product(place: str, name: str, parents: list[str]) -> bool:
    """Whether a folder is a chart that installs a program for tests, a product as others are."""
    return parents[-1:] == ["charts"] and _is_chart(os.path.join(place, name))


def _is_generated(name: str, place: str) -> bool:
    """Whether a folder beside an operator's sources is made of them: `make bundle` for OLM, `make build-installer`."""
    if name not in ("bundle", "dist") or not os.path.isfile(os.path.join(place, "PROJECT")):
        return False
    if name == "bundle":
        return os.path.isfile(os.path.join(place, name, "metadata", "annotations.yaml"))
    whole = os.path.isfile(os.path.join(place, "config", "default", "kustomization.yaml"))
    return whole and not os.path.isdir(os.path.join(place, name, "chart"))  # which its authors go on with


def _is_of_bundle(name: str, place: str) -> bool:
    """Whether a folder is the `manifests` of a bundle for OLM, and its operator's source lies above."""
    if name != "manifests" or not os.path.isfile(os.path.join(place, "metadata", "annotations.yaml")):
        return False
    tops = (os.path.dirname(place), os.path.dirname(os.path.dirname(place)))
    return any(os.path.isfile(os.path.join(top, "config", "manager", "manager.yaml")) for top in tops)


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


def _has(folder: str, ending: str) -> bool:
    """Whether the name of something in a folder ends so."""
    try:
        return any(name.endswith(ending) for name in os.listdir(folder))
    except OSError:
        return False


def _has_charts(folder: str) -> bool:
    """Whether what lies in a folder is charts, as in `external` beside one's own."""
    try:
        names = sorted(os.listdir(folder))[:50]
    except OSError:
        return False
    return any(os.path.isfile(os.path.join(folder, name, "Chart.yaml")) for name in names)


def is_stage(folder: str, name: str, parents: list[str]) -> bool:
    """Whether the `test` in a folder, or `pod-test.yaml`, is an environment like its neighbours."""
    word = stage_in(name)
    if not word:
        return False
    if name == word and is_of_stages(parents):
        return not (_is_chart(folder) or _is_of_operator(folder, parents) or _is_of_module(folder, name))
    return any(os.path.exists(os.path.join(folder, name.replace(word, stage))) for stage in _STAGES)
