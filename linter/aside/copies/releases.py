"""Manifests of earlier releases, and of earlier APIs, that are kept beside those of the newest one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from linter.aside.stamps import changed
from linter.patterns import lazy_regex

EARLIER = "in copies of earlier releases"
_VERSION = lazy_regex(
    r"(?<![\d.])v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?![\d.]*\d)|(?:(?<=_v)|(?<![^/])v)(\d{1,4})_(\d{1,4})_(\d{1,4})(?![\d_]*\d)"
    r"|(?<![\d.])v(\d{1,4})\.(\d{1,4})(?=[-_](?:rc|alpha|beta))"
)
_SHORT = lazy_regex(
    r"v?(\d{1,4})\.(\d{1,4})([-_](?:rc|alpha|beta)[-_.]?(\d{1,4})?)?"
)  # a folder of manifests for each minor version
_EARLY = lazy_regex(
    r"[-_](?:rc|alpha|beta|pre|dev|snapshot)[-_.]?(\d{1,4})?", re.IGNORECASE
)  # before the version itself
# a file for each minor version: so many beside each other are no choice between versions of something else
_MINOR = lazy_regex(r"(?<=[-_])v?(\d{1,4})\.(\d{1,4})(?=\.ya?ml\Z)")
_OF_CLUSTERS = lazy_regex(
    r"(?i)k8s|kube|eks|gke|aks|openshift|ocp"
)  # one for each version that clusters have
_SERIES = 4
_OF_MINORS = ".minor"
_BUILD = lazy_regex(r"[-+](?:eksbuild|build|gke|k3s|rke2r)[-.]?(\d{1,4})\Z")  # one version, packed again
_NUMBERS = 3  # of a version
_FINAL = 1
_LAST = 10_000  # after all candidates
_API = lazy_regex(r"v(\d{1,2})(?:(alpha|beta)(\d{1,2}))?")  # of a folder: `crds/v1beta1` beside `crds/v1`
_NEWEST_API = 100  # `bases`, as kubebuilder calls the one that it keeps
_OF_OLD_API = lazy_regex(r"[-_.]v\d{1,2}(?:alpha|beta)\d{1,2}(?=\.ya?ml\Z)")  # of a file: `crds-v1beta1.yaml`
# what is released next lies there
_WORKING = lazy_regex(r"(?:latest|main|master|next|unreleased)(?:[-_.]v?\d{1,3})?")
_MANIFEST = (".yaml", ".yml", ".json", ".tpl")


def is_earlier_release(above: str, relative: str) -> bool:
    """Whether a manifest, or a folder that it is in, is named by a version of which a newer one lies beside it."""
    if not relative.endswith(_MANIFEST):
        return False
    folder = above
    for name in relative.split(os.sep):
        version, shape = _told(name)
        if version and _newest(folder, changed(folder)).get((*shape, version[-1]), ()) > version:
            return True
        folder = f"{folder}{os.sep}{name}"  # `join` looks into both for what is not there
    return False


def is_kept_release(relative: str, others: Iterable[str]) -> bool:
    """Whether a file is one of a release that is kept as it was (`deploy/v1.2.3/x.yaml`), and one of the others is the
    same as it is worked on: beside the folder, or in one that is called `latest` or the like."""
    released, kept = _apart(relative)
    return released and any(_apart(other) == (False, kept) for other in others)


def _apart(relative: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a folder of a path is named by a version, and the names without such folders and those worked on."""
    *folders, file = relative.split("/")
    versions = [name for name in folders if _told(name)[0]]
    rest = (name for name in folders if name not in versions and not _WORKING.fullmatch(name))
    return bool(versions), (*rest, file)


def numbers_of(name: str) -> tuple[int, ...]:
    """The three numbers of the version that a name tells in full; empty: none."""
    found = _VERSION.search(name)
    numbers = [number for number in found.groups() if number is not None] if found is not None else []
    return tuple(map(int, numbers)) if len(numbers) == _NUMBERS else ()


def is_older_api(above: str, relative: str) -> bool:
    """Whether a manifest, or a folder that it is in, is named by a version of an API (`crds/v1beta1/x.yaml`), and the
    same lies beside it for a newer one: old clusters need it. So do those that get an operator by a bundle of OLM,
    which is released as it is: `1.7.0/manifests` with its ClusterServiceVersion."""
    names = relative.split(os.sep)
    if names[-2:-1] == ["manifests"] and _told(names[-3] if len(names) > 2 else "")[0]:
        folder = os.path.join(above, *names[:-1])
        return _is_bundle(folder, changed(folder))
    newer = _OF_OLD_API.sub("", names[-1])
    if newer != names[-1] and os.path.isfile(os.path.join(above, *names[:-1], newer)):
        return True
    return bool(in_newer_api(above, relative))


def in_newer_api(above: str, relative: str) -> str:
    """Where the same file lies in a folder of a newer version beside one that it is in; empty: nowhere."""
    names = relative.split(os.sep)
    found = (
        _in_newer_api(os.path.join(above, *names[:index]), name, names[index + 1 :])
        for index, name in enumerate(names[:-1])
        if _API.fullmatch(name) is not None
    )
    return next(filter(None, found), "")


@lru_cache(maxsize=64)
def _is_bundle(folder: str, since: int) -> bool:
    """Whether a folder has what OLM installs an operator by. `since`: when it was changed."""
    try:
        return any(name.endswith("clusterserviceversion.yaml") for name in os.listdir(folder))
    except OSError:
        return False


def _in_newer_api(folder: str, name: str, below: list[str]) -> str:
    version = _of_api(name)
    try:
        beside = os.listdir(folder)
    except OSError:
        return ""
    newer = (os.path.join(folder, other, *below) for other in beside if _of_api(other) > version)
    return next(filter(os.path.isfile, newer), "")


def _of_api(name: str) -> tuple[int, str, int]:
    """What to order versions of an API by; no version: before all of them."""
    found = _API.fullmatch(name)
    if found is None:
        return (0, "", 0) if name != "bases" else (_NEWEST_API, "", 0)
    return (int(found[1]), found[2] or "final", int(found[3] or 0))  # alpha, beta, final


@lru_cache(maxsize=1024)
def _told(name: str) -> tuple[tuple[int, ...], tuple[str, str]]:
    """The version that a name tells, and what stands around it; an empty version: none."""
    short = _SHORT.fullmatch(name)
    if short is not None:
        order = (int(short[4] or 0), 0, 0) if short[3] else (_LAST, 0, _FINAL)
        return (int(short[1]), int(short[2]), 0, *order), ("", "")
    found = _VERSION.search(name)
    if found is None:
        minor = _MINOR.search(name)
        if minor is None or _OF_CLUSTERS.search(name) is not None:
            return (), ("", "")
        return (int(minor[1]), int(minor[2]), 0, _LAST, 0, _FINAL), (name[: minor.start()], _OF_MINORS)
    rest = name[found.end() :]
    early, build = _EARLY.match(rest), _BUILD.match(rest)
    order = (int(early[1] or 0), 0, 0) if early else (_LAST, int(build[1]) if build else 0, _FINAL)
    numbers = [int(number) for number in found.groups() if number is not None]
    return (*numbers, *[0] * (_NUMBERS - len(numbers)), *order), (name[: found.start()], _suffix(rest))


def _suffix(name: str) -> str:
    """`.json` or `.tpl`: `-rc1.yaml` is of the same series as `.yaml`, and a folder goes on with one of files."""
    end = name[name.rfind(".") :] if "." in name else ""
    return end if end in _MANIFEST[2:] else ""


@lru_cache(maxsize=64)
def _newest(folder: str, since: int) -> dict[tuple[str, str, int], tuple[int, ...]]:
    """The newest version that names something in the folder, by what stands around it: for final versions the newest of
    these, for release candidates and the like the newest of all. `since`: when it was.
    """
    result: dict[tuple[str, str, int], tuple[int, ...]] = {}
    try:
        names = os.listdir(folder)
    except OSError:
        return result
    told = [_told(name) for name in names]
    series = Counter(shape for version, shape in told if version)
    for version, shape in told:
        if shape[1] == _OF_MINORS and series[shape] < _SERIES:
            continue
        for final in (0, 1) if version and version[-1] == _FINAL else (0,) if version else ():
            key = (*shape, final)
            result[key] = max(result.get(key, ()), version)
    return result
