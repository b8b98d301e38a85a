"""Which images the Dockerfiles of a project are built to: as its workflows say, else by their names alone.

A Dockerfile names its image by its own name (`Dockerfile.api`, `api.Dockerfile`), else by the folder that it is in, and
the one at the top by the module of Go, or the package of Node.js or Python, that it builds.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from linter.formats.image import ImageRef
from linter.formats.model import field
from linter.formats.records import Project, Record
from linter.formats.workflowbuilds import workflow_builds
from linter.patterns import lazy_regex

BUILD = "image-build"  # the type of the record of a Dockerfile
# of which one lies at the top of a program's source
SOURCES = (
    "go.mod",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "PROJECT",
)
_NAMED = lazy_regex(r"(?i)(?:docker|container)file[._-](.+)|(.+)[._-](?:docker|container)file")
# of what is built besides for developers; others are the same image in another flavour
_OF_DEVELOPERS = frozenset(("dev", "development", "debug", "test", "tests", "e2e", "ci", "local", "tilt"))
_FLAVOURS = frozenset(
    ("prod", "production", "release", "alpine", "ubi", "ubi8", "ubi9", "distroless", "amd64", "arm64")
)
# folders that say what is in them, not which
_PLAIN = frozenset(
    ("docker", "build", "images", "image", "package", "container", "containers", "dockerfiles", "src")
)
_VERSION = lazy_regex(r"v?\d+(?:\.\d+){0,5}")
# the first `name` of package.json and pyproject.toml; a package of Node.js may have an owner
_PACKAGE = lazy_regex(r"""[ \t]*(?:"name"[ \t]*:|name[ \t]*=)[ \t]*["'](?:@[\w.-]+/)?([\w.-]+)["']""")
_OF_BASES = lazy_regex(r"(?i)(?<![a-z])base(?![a-z])")
_BASE = "base"  # `shop-base` of `Dockerfile.base` in the project `shop`
_SCAFFOLD = "controller"  # what kubebuilder calls an image that is named when it is deployed


class BuildFile(Record):
    """A Dockerfile, as far as other files ask."""

    own_user: bool = field(False, "whether its last stage runs as a user other than root")
    bases: list[str] = field((), "names of the images that it is made from")
    says_user: bool = field(False, "whether it says as whom its last stage runs, be it root")
    below: str = field(
        "", "name of the one that its last stage is made from, unless that is one of Docker's own"
    )


class Built:
    """Asked about the images of containers; what Dockerfiles build is listed once."""

    def __init__(self, project: Project) -> None:
        self._context = project.context
        self._text = project.context.text
        self._users: dict[str, list[bool]] = {}  # by name of the image
        self._bases: set[str] = set()  # names of images that Dockerfiles are made from
        self._files: list[BuildFile] = []
        for data in project.by_type.get(BUILD, ()):
            file = BuildFile(data, project)
            self._files.append(file)
            for name in map(_plain, self._names(file.path)):
                self._users.setdefault(name, []).append(file.own_user is True)
            self._bases |= set(map(_plain, file.bases or ()))

    def only_below_users(self, path: str) -> bool:
        """Whether the image of a Dockerfile is one that others of the project are made from, and all of these leave
        root; or say at least as whom they run, where its name says that it is nothing but a base."""
        names = {_plain(name) for name in self._names(path)}
        if _BASE in names:
            names |= {_plain(f"{name}-{_BASE}") for name in self._of_top()}
        above = [file for file in self._files if file.path != path and _plain(file.below or "") in names]
        named = _OF_BASES.search(path) is not None
        return bool(above) and all(
            file.own_user is True or (named and file.says_user is True) for file in above
        )

    def names_of(self, path: str) -> set[str]:
        """The names, to compare, that the image of a Dockerfile has; none that is another's too."""
        names = map(_plain, self._names(path))
        return {name for name in names if len(self._users.get(name, ())) == 1} - self._bases

    def has_own_user(self, image: Any) -> bool:
        """Whether an image as written is one of the project, and all its Dockerfiles leave root.

        Where workflows say which these are, no other is asked.
        """
        name = name_of(image)
        if not name or ImageRef(image).official:
            return False
        built = self._in_workflows.get(str(ImageRef(image).full_name).lower())
        if built is not None:
            return all(self._of_path.get(path, False) for path in built)
        return all(self._users.get(name, (False,)))

    @cached_property
    def _in_workflows(self) -> dict[str, set[str]]:
        return workflow_builds(self._context)

    @cached_property
    def _of_path(self) -> dict[str, bool]:
        """Whether what a Dockerfile builds leaves root, by its path."""
        return {file.path: file.own_user is True for file in self._files}

    def is_local(self, image: Any) -> bool:
        """Whether an image as written has no registry and no owner, and the project builds it: nobody else can pull it.

        An image of Docker's library that a Dockerfile of that name is made from is not meant.
        """
        name = name_of(image)
        return "/" not in str(image) and name in self._users and name not in self._bases

    def _names(self, path: str) -> Iterator[str]:
        folder, file = posixpath.split(path)
        named = _NAMED.fullmatch(file)
        word = (named[1] or named[2]).lower() if named else ""
        if word in _OF_DEVELOPERS:
            return
        if word and word not in _FLAVOURS | _PLAIN and _VERSION.fullmatch(word) is None:
            yield word
            return
        parts = [part for part in folder.split("/") if part and part.lower() not in _PLAIN]
        if parts:
            yield parts[-1]
        else:
            yield from self._of_top()

    def _of_top(self) -> Iterator[str]:
        """Names of what the Dockerfile at the top builds."""
        module = next((line.split()[-1] for line in self._lines("go.mod") if line.startswith("module ")), "")
        parts = [part for part in module.strip('"').split("/") if _VERSION.fullmatch(part) is None]
        if parts and parts[-1]:
            yield parts[-1]
        for description in ("package.json", "pyproject.toml"):
            named = (_PACKAGE.match(line) for line in self._lines(description))
            yield from (found[1] for found in islice(filter(None, named), 1))
        if any(line.startswith("layout:") for line in self._lines("PROJECT")):
            yield _SCAFFOLD

    def _lines(self, path: str) -> list[str]:
        try:
            return self._text(path).text[:10_000].splitlines()
        except (OSError, KeyError):
            return []


def name_of(image: Any) -> str:
    """The name of an image as written, to compare, without path and tag; empty when it is not known."""
    name = ImageRef(image).name if isinstance(image, str) else ""
    return _plain(name) if isinstance(name, str) else ""


def _plain(name: str) -> str:
    """A name to compare: images, modules and packages write the same one with other signs between its words."""
    return name.lower().replace("_", "").replace("-", "")
