"""Images that scripts and Makefiles of a project build and run themselves, by the commands in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.frozen import dataclass
from linter.patterns import lazy_regex

PIPELINES = lazy_regex(
    r"\.(?:github|gitea|forgejo|circleci|tekton|buildkite|woodpecker)/.+|(?:.*/)?[Jj]enkinsfile.*"
    r"|(?:.*/)?\.?(?:gitlab-ci|azure-pipelines|bitbucket-pipelines|cloudbuild|buildspec|drone|woodpecker)[\w.-]*\.ya?ml"
)
SPREADS = r"(?:push|tag|load|save|import|image:)"  # takes an image elsewhere, or says that something has it
_TOOL = r"(?:\b(?:docker|podman|nerdctl)|\$[({]?\w*(?:ENGINE|DOCKER|CONTAINER)\w*[)}]?)[ \t]+"
_BUILDS = lazy_regex(rf"{_TOOL}(?:buildx[ \t]+|image[ \t]+)?build[ \t]+(?P<words>[^\n;&|]{{1,500}})")
_RUNS = lazy_regex(rf"{_TOOL}run[ \t]+(?P<words>[^\n;&|]{{1,800}})")
_GIVEN = lazy_regex(r"(?:^|[ \t])(?:-f|--file)[ \t=]+[\"']?(?P<path>[\w./-]+)")
_TAGGED = lazy_regex(r"(?:^|[ \t])(?:-t|--tag)[ \t=]+(?P<name>[^\s]{1,200})")
_TAG = lazy_regex(r":[^:/]*$")  # also `:$(TAG)`
_REMOVED = "--rm"


@dataclass(frozen=True, slots=True)
class LocalImage:
    """An image that a text builds, and runs on the spot."""

    path: str  # of its Dockerfile, with slashes
    name: str  # without a tag
    runs: tuple[str, ...]  # the words of the commands that run it
    text: Text

    @property
    def is_removed(self) -> bool:
        """Whether nothing of it stays when it is done."""
        return all(_REMOVED in run for run in self.runs)


def local_images(namings: Namings) -> Iterator[LocalImage]:
    """All such images of a project whose Dockerfile lies below the top."""
    for text in namings.texts:
        if not text.document and "build" in text.text and _REMOVED in text.text:
            yield from _of_text(text, namings.root)


def is_one_of(relative: str, namings: Namings, ask: Callable[[Namings], frozenset[str]]) -> bool:
    """Whether a Dockerfile below the root is one of those that a function has of the project."""
    if "file" not in os.path.basename(relative).lower() or os.sep not in relative:
        return False
    return namings.is_whole and relative.replace(os.sep, "/") in namings.once(ask)


def _of_text(text: Text, root: str) -> Iterator[LocalImage]:
    lines = text.text.replace("\\\n", " ")
    for build in _BUILDS.finditer(lines):
        tag = _TAGGED.search(build["words"])
        path = _built_by(build["words"], text, root) if tag is not None else ""
        if tag is None or not path:
            continue
        name = _TAG.sub("", tag["name"].strip("'\""))
        runs = tuple(run["words"] for run in _RUNS.finditer(lines) if name in run["words"])
        if runs:
            yield LocalImage(path, name, runs, text)


def _built_by(words: str, text: Text, root: str) -> str:
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
