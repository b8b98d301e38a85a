"""The texts of a project that may name its manifests: others of them, programs and scripts, documentation.

What is commented out of YAML is left out, and so are lists of what linters pass over and of what starts a workflow.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from linter.frozen import dataclass
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MOST_FILES = 8_000  # reading more takes as long as judging them
_MOST_BYTES = 40_000_000  # of all texts, which are kept while findings are asked about
_MANY = 200_000  # bytes of a text that are looked at
_LONGEST = 300  # letters of a glob
_PASSED_OVER = frozenset(
    (".git", "node_modules", "vendor", "third_party", ".terraform", ".venv", "site-packages")
)
_YAML = (".yaml", ".yml")
_DOCUMENTS = (".md", ".mdx", ".rst", ".adoc", ".txt")
_CODE = (
    *(".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".mk", ".just", ".py", ".go", ".rb", ".ts", ".js"),
    *(".mjs", ".tf", ".tofu", ".hcl", ".tfvars", ".nix", ".toml", ".json", ".jsonnet", ".libsonnet", ".cue"),
    *(".star", ".bzl", ".groovy", ".kts", ".kt", ".java", ".rs", ".tmpl", ".tpl", ".gotmpl", ".j2", ".jinja"),
    *(".jinja2", ".cfg", ".ini"),
)
# lists of what a tool passes over, updates, labels or encrypts, and of who reviews it, by their names alone: a program
# in the cluster may have that of the tool
_LISTS_OF_OTHERS = lazy_regex(
    r"(?:\.|.*-).*ignore(?:\..+)?|\.?renovate(?:rc)?(?:\.json5?)?|renovate[\w-]*\.json5?|codeowners"
    r"|.*\.sops\.ya?ml|\.?yamllint[\w-]*(?:\.ya?ml)?"
)
# but for `# kubectl apply -f …`, which says who applies it
_COMMENTED = lazy_regex(r"(?m)^[ \t]*#(?!.*\b(?:kubectl|kustomize|apply|oc)\b).*$")
_WORKFLOWS = ".github/workflows/"
_LABELS = ".github/labeler.y"
_TRIGGERS = lazy_regex(r"(?m)^[ \t]*-[ \t]*[\"']?[\w./!-]*+[*{][\w./*{},-]*[\"']?[ \t]*$")
# a step that only looks at charts
_CHECKS = lazy_regex(r"(?m)^[ \t]*+(?:-[ \t]+)?(?:run:[ \t]*+)?helm3?[ \t]+(?:lint|unittest)\b[^\n;&|>\\]*+$")
_TOKEN = lazy_regex(r"[\w.@{}$*/-]+")
_BELOW = lazy_regex(
    r"recurse[\"']?[:=][ \t]*[\"']?true|\b(?:apply|create|replace)\b[^\n]{0,300}[ \t](?:-R|--recursive|-fR|-Rf)\b"
    r"|[ \t](?:-R|--recursive)[ \t][^\n]{0,300}\b(?:apply|create|replace)\b"
)
_HINTS_OF_FILES = ("-f", "--filename", "*.y")
_HINTS_OF_BELOW = ("recurs", "apply")


# the path of an object of Flux or Argo CD
TAKEN = lazy_regex(r"(?m)^[ \t]*(?:-[ \t]+)?path:[ \t]*[\"']?(?:\./)?([\w./-]+?)/?[\"']?[ \t]*$")
TOOLS = lazy_regex(r"(?:.*/)?(?:Tiltfile|skaffold(?:[-.].+)?\.ya?ml)")  # of developers
KUSTOMIZATION = lazy_regex(r"(?:.*/)?(?:kustomization\.ya?ml|Kustomization)")
PATH = lazy_regex(r"(?<![\w./-])(?:\.{1,2}/)*[\w@+-][\w.@+-]*(?:/[\w.@+-]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the project. Its path is relative, with slashes."""

    path: str
    text: str
    yaml: bool
    document: bool
    below: bool  # whether it takes some folder with all below it
    globs: tuple[tuple[str, ...], ...]  # by the names in them
    takes_files: bool  # whether it may be about commands that take all files of a folder

    @property
    def folder(self) -> str:
        """Where it lies; empty: at the top."""
        return self.path.rpartition("/")[0]


def paths_of(root: str) -> list[str] | None:
    """The paths of the texts of a project, with slashes; None: there are too many to read."""
    found = list(islice(_files(root), _MOST_FILES + 1))
    return found if len(found) <= _MOST_FILES else None


def read_texts(root: str, paths: Iterable[str]) -> tuple[list[Text], bool]:
    """The texts of a project, and whether these are all."""
    texts: list[Text] = []
    size = 0
    for path in paths:
        data = start_of(os.path.join(root, path), _MANY)
        if b"\0" in data[:1_000]:
            continue
        texts.append(_text(path, data.decode("utf-8", "replace")))
        size += len(data)
        if size > _MOST_BYTES:
            return texts, False
    return texts, True


def _text(path: str, text: str) -> Text:
    lower = path.lower()
    yaml, document = lower.endswith(_YAML), lower.endswith(_DOCUMENTS)
    text = _COMMENTED.sub("", text) if yaml else text
    text = _CHECKS.sub("", _TRIGGERS.sub("", text)) if path.startswith(_WORKFLOWS) else text
    below = any(hint in text for hint in _HINTS_OF_BELOW) and _BELOW.search(text) is not None
    globs = () if document or "*" not in text else tuple(set(_globs(text)))
    takes_files = not yaml and any(hint in text for hint in _HINTS_OF_FILES)
    return Text(path, text, yaml, document, below, globs, takes_files)


def _globs(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.splitlines():
        for found in _TOKEN.finditer(line) if "*" in line and "/" in line else ():
            token = found[0]
            if "*" in token and "/" in token and len(token) <= _LONGEST:
                yield tuple(token.strip("{}").removeprefix("./").strip("/").split("/"))


def _files(root: str) -> Iterator[str]:
    """The paths of what may name something, with slashes."""
    for place, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - _PASSED_OVER)
        for name in _of_texts(files):
            path = os.path.relpath(os.path.join(place, name), root).replace(os.sep, "/")
            if not path.startswith(_LABELS):
                yield path


def _of_texts(files: Iterable[str]) -> Iterator[str]:
    for name in sorted(files):
        lower = name.lower()
        plain = "." not in lower[1:]  # `Makefile`, `bin/deploy`, `.envrc`
        known = plain or lower.endswith((*_YAML, *_DOCUMENTS, *_CODE)) or "file." in lower
        if known and _LISTS_OF_OTHERS.fullmatch(lower) is None:
            yield name


def paths_in(root: str, text: Text) -> Iterator[str]:
    """What there is of the paths that a text has, from its folder or from the top; a kustomization has no others."""
    tops = (text.folder,) if KUSTOMIZATION.fullmatch(text.path) else (text.folder, "")
    for token in {match[0] for match in PATH.finditer(text.text) if "/" in match[0] or "." in match[0]}:
        for top in tops:
            path = os.path.normpath(f"{top}/{token}" if top else token)
            if not path.startswith("..") and "/" in path and os.path.exists(os.path.join(root, path)):
                yield path
