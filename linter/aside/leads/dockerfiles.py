"""Dockerfiles of images that nobody gets: one for developers beside the one that is released (`Dockerfile.dev`), one
that was left behind (`Dockerfile.new`), and that of a linter or test which the same script builds, runs and removes.

A pipeline that names one lets it count, and so does a name that is only known when it runs. Images of tools have a name
that nobody could push, and words in it that say what they are for: what compiles a release is part of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

NOT_BUILT = "in Dockerfiles that nothing builds"
_FILE = r"(?:docker|container)file"
_DEVELOPERS = r"dev(?:el(?:opment)?)?"
_OF_DEVELOPERS = lazy_regex(
    rf"(?i)(?P<released>{_FILE}(?:[-_.].+)?)[-_.]{_DEVELOPERS}|{_DEVELOPERS}[-_.](?P<rest>(?:.+[-_.])?{_FILE})"
)
_LEFT_BEHIND = lazy_regex(
    rf"(?i)(?P<released>{_FILE})[-_.](?:new|orig(?:inal)?|copy|backup|bkp|fixed|broken|draft|wip|unused)"
)
_ANY_DOCKERFILE = lazy_regex(
    rf"(?i){_FILE}[-_.]?(?:[$*{{%<]|[\"']?[ \t]*\+)"
)  # `Dockerfile.${{ matrix.name }}`
PIPELINES = lazy_regex(
    r"\.(?:github|gitea|forgejo|circleci|tekton|buildkite|woodpecker)/.+|(?:.*/)?[Jj]enkinsfile.*"
    r"|(?:.*/)?\.?(?:gitlab-ci|azure-pipelines|bitbucket-pipelines|cloudbuild|buildspec|drone|woodpecker)[\w.-]*\.ya?ml"
)
_TOOL = r"(?:\b(?:docker|podman|nerdctl)|\$[({]?\w*(?:ENGINE|DOCKER|CONTAINER)\w*[)}]?)[ \t]+"
BUILDS = lazy_regex(rf"{_TOOL}(?:buildx[ \t]+|image[ \t]+)?build[ \t]+(?P<words>[^\n;&|]{{1,500}})")
RUNS = lazy_regex(rf"{_TOOL}run[ \t]+(?P<words>[^\n;&|]{{1,800}})")
_GIVEN = lazy_regex(r"(?:^|[ \t])(?:-f|--file)[ \t=]+[\"']?(?P<path>[\w./-]+)")
_TAGGED = lazy_regex(
    r"(?:^|[ \t])(?:-t|--tag)[ \t=]+[\"']?(?P<name>[a-z0-9][a-z0-9_.-]*)(?::[\w.-]+)?[\"']?(?:[ \t]|$)"
)
_CHECKS = lazy_regex(
    r"(?i)(?:lint|spell|check|fmt|format|prettier|bats|test|docs?|markdown|link)(?:er|ing|s)?(?![a-z])"
)
_SPREAD = "push|tag|load|save|import|image:"  # what takes an image elsewhere, or says that something has it


def is_of_development(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is one for developers, beside the one that is released."""
    folder, name = os.path.split(relative)
    found = _OF_DEVELOPERS.fullmatch(name)
    if found is None:
        return False
    plain = "Containerfile" if "ontainerfile" in name else "Dockerfile"
    released = {found["released"] or found["rest"], plain}
    if not any(os.path.isfile(os.path.join(namings.root, folder, other)) for other in released):
        return False
    pipelines = [text for text in namings.texts if PIPELINES.fullmatch(text.path) is not None]
    return namings.is_whole and not any(_may_name(text, name) for text in pipelines)


def is_left_behind(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is called as what was tried out, lies beside another, and nothing names it:
    without its name nothing builds it."""
    folder, name = os.path.split(relative)
    found = _LEFT_BEHIND.fullmatch(name)
    if found is None or not os.path.isfile(os.path.join(namings.root, folder, found["released"])):
        return False
    path = relative.replace(os.sep, "/")
    others = (text for text in namings.texts if text.path != path)
    return namings.is_whole and not any(_may_name(text, name) for text in others)


def is_of_a_tool(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is that of an image which the project only builds to run it on the spot."""
    if "file" not in os.path.basename(relative).lower() or os.sep not in relative:
        return False
    return relative.replace(os.sep, "/") in namings.once(_tools)


def _may_name(text: Text, name: str) -> bool:
    return name in text.text or _ANY_DOCKERFILE.search(text.text) is not None


def _tools(namings: Namings) -> frozenset[str]:
    """The Dockerfiles of such images, by their paths with slashes."""
    if not namings.is_whole:
        return frozenset()
    found = {path: name for text in namings.texts for path, name in _built_and_run(text, namings.root)}
    return frozenset(path for path, name in found.items() if not _is_spread(path, name, namings))


def _built_and_run(text: Text, root: str) -> Iterator[tuple[str, str]]:
    """The Dockerfiles that a text builds to an image without an owner, which it runs and removes, and its name."""
    if text.document or "build" not in text.text or "--rm" not in text.text:
        return
    lines = text.text.replace("\\\n", " ")
    for build in BUILDS.finditer(lines):
        tag = _TAGGED.search(build["words"])
        if (
            tag is None
            or _CHECKS.search(tag["name"]) is None
            or not any(
                "--rm" in run["words"] and _named(tag["name"]).search(run["words"])
                for run in RUNS.finditer(lines)
            )
        ):
            continue
        path = built_by(build["words"], text, root)
        if path:
            yield path, tag["name"]


def built_by(words: str, text: Text, root: str) -> str:
    """What a command builds, by its path; empty: nothing that is known, or what lies at the top."""
    given = _GIVEN.search(words)
    contexts = [word.strip("'\"") for word in words.split()]
    names = [given["path"]] if given is not None else [f"{context}/Dockerfile" for context in contexts]
    for name in names:
        for top in dict.fromkeys(("", text.folder)):
            path = os.path.normpath(f"{top}/{name}" if top else name).replace(os.sep, "/")
            if "/" in path and not path.startswith("../") and os.path.isfile(os.path.join(root, path)):
                return path
    return ""


def _is_spread(path: str, name: str, namings: Namings) -> bool:
    """Whether a pipeline names where an image is made, or something takes it elsewhere."""
    folder = path.rpartition("/")[0]
    taken = re.compile(rf"(?<![\w-])(?:{_SPREAD})[^\n]{{0,200}}{_named(name).pattern}")
    return any(
        (name in text.text and taken.search(text.text) is not None)
        or (folder in text.text and PIPELINES.fullmatch(text.path) is not None)
        for text in namings.texts
    )


def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){re.escape(name)}(?![\w/-])")
