"""The folders that images are built from: which one a Dockerfile takes, and what lies in it.

No build is run to know it: it is the nearest folder, from the Dockerfile's up, in which all is that COPY and ADD name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping

from linter.formats.records import FOLDER
from linter.patterns import lazy_regex

_MOST = 2_000  # files and folders whose sizes are added up
# what tools make where somebody works, and a build does not get from a fresh clone
_LOCAL = frozenset(
    {".git", "node_modules", ".venv", "venv", "__pycache__", ".terraform", ".mypy_cache", ".tox"}
)
_DOCKERFILE = lazy_regex(r"(?i)(?:.*[.-])?(?:docker|container)file(?:[.-].*)?|\.gitkeep|\.keep|.*\.md")
# histories, credentials, caches, data and weights, or a package manager that fills a folder
_LEFT_OUT = lazy_regex(
    r"(?i)\.git|\.env(?!\.(?:example|sample|template|dist)\Z)(?:\..*)?|\.npmrc|\.netrc|\.aws|\.ssh|\.kube|\.dvc|node_modules"
    r"|package\.json|\.?venv|__pycache__|\.terraform|target|mlruns|wandb|data(?:sets?)?|.*weights|checkpoints|secrets?"
    r"|.*\.(?:pem|key|p12|tfstate|sqlite3?|db|parquet|safetensors|gguf|pt|pth|onnx)"
)
_FEW = 20  # names in a folder that one sees at a glance
SMALL = 10_000_000  # bytes that nobody minds to have twice


class Contexts:
    """What lies where images are built, by the names and sizes in folders of the tree."""

    def __init__(self, names: Callable[[str], Mapping[str, int]]) -> None:
        self._names = names

    def folder(self, dockerfile: str, sources: Collection[str]) -> str:
        """The folder that a Dockerfile is built from, by what it takes from there."""
        own = posixpath.dirname(dockerfile)
        named = [source for source in sources if source != "." and "*" not in source and "?" not in source]
        beside = self._names(own)
        if not named and own and beside and all(map(_DOCKERFILE.fullmatch, beside)):
            return posixpath.dirname(own)  # there is nothing to build from
        folder = own
        while not all(self.has(posixpath.join(folder, source)) for source in named):
            if folder in ("", "/"):
                return own
            folder = posixpath.dirname(folder)
        return folder

    def has(self, path: str) -> bool:
        above, name = posixpath.split(posixpath.normpath(path))
        return name in self._names(above)

    def is_tidy(self, folder: str) -> bool:
        """Whether there surely is nothing in a folder that a .dockerignore would leave out: it is not at the top of the
        tree and has few files, all of them of the program."""
        names = self._names(folder)
        if not folder or not names or len(names) > _FEW or any(map(_LEFT_OUT.fullmatch, names)):
            return False
        return (self.size(folder) or SMALL) < SMALL

    def size(self, path: str) -> int | None:
        """The bytes of a file, or of all files in a folder, those aside that tools make locally; None for what is not
        there. Of what is large no more than that it is."""
        path = posixpath.normpath(path)
        path = "" if path == "." else path
        above, name = posixpath.split(path)
        own = self._names(above).get(name) if path else FOLDER
        if own is None or own != FOLDER:
            return own
        total = seen = 0
        folders = [path]
        while folders and total < SMALL:
            folder = folders.pop()
            for name, size in self._names(folder).items():
                seen += 1
                if size != FOLDER:
                    total += size
                elif name not in _LOCAL:
                    folders.append(posixpath.join(folder, name))
            if seen > _MOST:
                return SMALL
        return total
