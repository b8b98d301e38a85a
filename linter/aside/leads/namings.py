"""What a project names: whether anything in it may lead to a folder or file of it. When in doubt it does.

A path names what it leads to, and so does a glob, a path with a variable in the place of a name, and whatever is taken
from a folder above with all that is below. In documentation only commands do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from linter.aside.leads.projecttexts import KUSTOMIZATION, TAKEN, Text, paths_in, paths_of, read_texts
from linter.formats.classify import KUSTOMIZATIONS
from linter.patterns import lazy_regex

T = TypeVar("T")
_MANIFEST = (".yaml", ".yml", ".json")
_COMMAND = (
    r"(?:apply|create|replace|delete|build|install|upgrade|kubectl|oc|kustomize|-[fkR]|--filename|--kustomize)\b"
    r"[^`|\n]{0,300}"
)
_KEYS = r"(?:name|path|app|application|component|dir|directory|folder|chart)"
_OF_PATHS = frozenset("$@{}().-_/*")  # besides letters and digits
_FARTHEST = 200  # letters of a path before a folder in it
# a name, and behind it what stands for any: `apps/*`, `apps/$app`, `apps/{{ .name }}`, `apps/<app>`, `"apps/" + name`
_PLAIN = lazy_regex(r"[\w.-]+")
_OPEN = lazy_regex(r"(?<![\w.-])([\w.-]++)/[*$%{<\"']")
_OF_A_KIND = lazy_regex(r"\b(?:kubectl|oc)\b(?!.* -[fk])")  # `kubectl wait jobs/$name`: no path
_CHANGES = (
    "$",
    "}",
    ")",
    "..",
    ".",
)  # with which a part of a path ends that is known when it is used, or is here
_SERVED = (".ts", ".js", ".mjs", ".go", ".java", ".kt", ".rs")  # `${base}/apps/${name}` is a URL of a server
_HERE = lazy_regex(r"(?<![\w-])(?:-f|--filename)[ =]*[\"']?\./?(?:[\"'\s]|$)|\*\.ya?ml")
_TOP = lazy_regex(r"(?m)path:[ \t]*[\"']?\.?/?[\"']?[ \t]*$|-f[ =]*\.(?:\s|$)")
_CHECKS = ".pre-commit-config.yaml"  # of files before they are committed: they deploy none
_MOST_UNREAD = 100  # kustomizations of other names, for each of which all texts are looked through
# the head of a kustomization, and one of any name: `kustomization-$ENV.yaml`, `kustomization*`
_OF_KUSTOMIZE = lazy_regex(r"\s*+(?:---[^\n]*+\s*+)?apiVersion:[ \t]*[\"']?kustomize\.config\.k8s\.io/")
_ANY_KUSTOMIZATION = lazy_regex(
    r"(?i)kustomization(?:\*|[-_.][\w.-]{0,40}[$*{%<]|[-_.][\"']\s{0,9}\+)|[$*}%>][-_.]?kustomization[\w.-]{0,40}\.ya?ml"
)


class Namings:
    """The texts of the project below a folder, read when they are first asked for."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._texts: list[Text] | None = None
        self._walked = False
        self._listed: list[str] | None = None
        self._whole = True
        self._taken: frozenset[str] | None = None
        self._deep: frozenset[str] | None = None
        self._found: dict[tuple[str, bool], list[str]] = {}
        self._answers: dict[Callable[[Namings], object], object] = {}
        self._paths: dict[str, tuple[str, ...]] = {}  # by the path of a text

    def names(self, item: str, but: str = "") -> bool:
        """Whether anything names a folder or file, by its path below the root with slashes; `but` need not be asked."""
        return next(self._namers(item, but), None) is not None or not self._whole

    def namers(self, item: str, *, by_path: bool = False) -> list[str] | None:
        """What names a folder or file, `by_path`: not by a word that may mean something else, and in documentation also
        without a command; None: there is more than could be read."""
        key = item, by_path
        if key not in self._found:
            self._found[key] = list(self._namers(item, "", by_path=by_path))
        return self._found[key] if self._whole else None

    def is_named_in(self, item: str, text: Text) -> bool:
        """Whether a text has a path to a folder or file."""
        return _Asked(self.root, item, by_path=True).is_named(text)

    def takes(self, folder: str) -> bool:
        """Whether something takes all of a folder by its path, as Flux does where no kustomization lists what it
        wants."""
        return self.is_path(folder) and not any(
            os.path.isfile(os.path.join(self.root, folder, name)) for name in KUSTOMIZATIONS
        )

    def takes_below(self, folder: str) -> bool:
        """Whether something takes all of a folder with what is in its folders: Argo CD takes its files alone."""
        if self._deep is None:
            ours = (text.text for text in self._all() if text.yaml and "argoproj.io" not in text.text)
            self._deep = frozenset(match[1] for text in ours for match in TAKEN.finditer(text))
        return folder in self._deep and self.takes(folder)

    def is_path(self, folder: str) -> bool:
        """Whether some object has a folder as its path, as those of Flux and Argo CD do."""
        if self._taken is None:
            ours = (text.text for text in self._all() if text.yaml)
            self._taken = frozenset(match[1] for text in ours for match in TAKEN.finditer(text))
        return folder in self._taken

    @property
    def has_listings(self) -> bool:
        """Whether the project has kustomizations, and is none too large: they say what it deploys."""
        return any(map(KUSTOMIZATION.fullmatch, self._all_paths() or ()))

    @cached_property
    def by_path(self) -> dict[str, Text]:
        """All texts that were read, by their paths."""
        return {text.path: text for text in self._all()}

    @property
    def texts(self) -> list[Text]:
        """All texts that were read."""
        return self._all()

    @property
    def is_whole(self) -> bool:
        """Whether all texts were read, and there are none besides."""
        self._all()
        return self._whole

    def paths(self, text: Text) -> tuple[str, ...]:
        """What there is of the paths that a text has."""
        found = self._paths.get(text.path)
        if found is None:
            found = self._paths[text.path] = tuple(paths_in(self.root, text))
        return found

    def once(self, ask: Callable[[Namings], T]) -> T:
        """What a function says of this project, asked once: kept as long as the texts are, not longer."""
        if ask not in self._answers:
            self._answers[ask] = ask(self)
        return cast("T", self._answers[ask])

    def calls(self, module: str) -> bool:
        """Whether some configuration of Terraform takes a module from a folder of that name."""
        call = re.compile(rf"(?m)^[ \t]*source[ \t]*=[ \t]*\"[^\"\n]*(?<![\w-]){re.escape(module)}(?![\w-])")
        texts = self._all()
        ours = (text for text in texts if text.path.endswith((".tf", ".hcl", ".tofu")))
        return not self._whole or any(call.search(text.text) for text in ours)

    def _namers(self, item: str, but: str, *, by_path: bool = False) -> Iterator[str]:
        asked = _Asked(self.root, item, by_path=by_path, open_at=self._open_at)
        below = f"{item}/"
        for text in self._all():
            if text.path in (item, but) or text.path.startswith(below) or text.path in self._unread:
                continue
            if asked.may_be_named(text) and asked.is_named(text):
                yield text.path

    @cached_property
    def _open_at(self) -> dict[str, set[str]]:
        """By the name of a folder the texts that have something for any name behind it, `apps/*`, `apps/$app`: `apps/`
        itself is in every manifest of `apps/v1`."""
        found: dict[str, set[str]] = {}
        for text in self._all():
            for name in {match[1] for match in _OPEN.finditer(text.text)}:
                found.setdefault(name, set()).add(text.path)
        return found

    @cached_property
    def _unread(self) -> frozenset[str]:
        """Kustomizations of names that kustomize does not read (`kustomization-extra.yaml`), and that nothing has: as
        little as a comment do they lead anywhere."""
        others = {text.path for text in self._all() if _is_another_kustomization(text)}
        if not others or len(others) > _MOST_UNREAD:
            return frozenset()
        told = [text for text in self._all() if not text.path.endswith(_CHECKS)]
        if any(_ANY_KUSTOMIZATION.search(text.text) for text in told if not text.document):
            return frozenset()
        names = {path.rpartition("/")[2] for path in others}
        named = {name for name in names if any(name in text.text for text in told)}
        return frozenset(path for path in others if path.rpartition("/")[2] not in named)

    def _all(self) -> list[Text]:
        if self._texts is None:
            paths = self._all_paths()
            self._texts, self._whole = read_texts(self.root, paths) if paths is not None else ([], False)
        return self._texts

    def _all_paths(self) -> list[str] | None:
        if not self._walked:
            self._walked, self._listed = True, paths_of(self.root)
        return self._listed


def _is_another_kustomization(text: Text) -> bool:
    name = text.path.rpartition("/")[2]
    return (
        text.yaml
        and "kustomization" in name.lower()
        and name not in KUSTOMIZATIONS
        and _OF_KUSTOMIZE.match(text.text) is not None
    )


class _Asked:
    """A folder or file about which texts are asked."""

    def __init__(
        self, root: str, item: str, *, by_path: bool, open_at: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """`open_at`: the texts, by their paths, that have something for any name behind the name of a folder; else each
        is looked through."""
        self._root = root
        self._by_path = by_path
        self._parts = item.split("/")
        self._folder, _, self._name = item.rpartition("/")
        self._is_file = self._name.endswith(_MANIFEST)
        parent = os.path.basename(self._folder)
        word, ends = re.escape(self._name), r"(?![\w-])(?!\.\w)"
        above = rf"{re.escape(parent)}|" if parent else ""
        self._word = lazy_regex(rf"(?<![\w.-]){word}{ends}")
        self._path = lazy_regex(rf"(?:(?<![\w.-])(?:{above}\.\.)|[)}}]|\$\w+)/{word}{ends}")
        self._beside = lazy_regex(rf"(?<![\w./-])(?:\./{word}{ends}|{word}/)")
        self._value = lazy_regex(
            rf"(?m)^[ \t]*(?:-[ \t]+)*(?:[\"']?{_KEYS}[\"']?:[ \t]*|-[ \t]+)[\"']?(?:\./)?{word}[\"']?/?[ \t]*(?:#.*)?$"
        )
        self._command = lazy_regex(rf"{_COMMAND}(?<![\w.-]){word}{ends}")
        self._applied = lazy_regex(rf"{_COMMAND}(?<![\w./-])(?:\./)?{word}{ends}")
        above_it = ("/".join(self._parts[:depth]) for depth in range(1, len(self._parts)))
        self._above = [(path, lazy_regex(rf"(?<![\w-]){re.escape(path)}/?(?![\w/-])")) for path in above_it]
        self._in_folder = f"{parent}/" if parent else ""
        known = open_at is not None and _PLAIN.fullmatch(parent) is not None
        self._open = open_at.get(parent, ()) if open_at is not None and known else None
        self._in_parent = lazy_regex(rf"(?<![\w.-]){re.escape(self._in_folder)}{word}{ends}")
        self._any = lazy_regex(rf"(?<![\w.-]){re.escape(parent)}/(?P<any>[*$%{{<\"'])")
        here = r"\."
        self._all_of = lazy_regex(
            rf"(?m)(?<![\w-])(?:-f|--filename)[ =]*[\"']?(?P<before>(?:\S{{0,200}}/)?){re.escape(parent) or here}/?"
            r"(?:[\"'`\s]|$)"
        )

    def may_be_named(self, text: Text) -> bool:
        """What most texts answer at once: whether a text has anything that could name it."""
        return (
            self._name in text.text
            or text.below
            or bool(text.globs)
            or (self._is_file and text.takes_files)
            or self._is_open(text)
        )

    def _is_open(self, text: Text) -> bool:
        """Whether a text may have something for any name in the folder around it."""
        if self._open is not None:
            return text.path in self._open
        return self._in_folder != "" and self._in_folder in text.text

    def is_named(self, text: Text) -> bool:
        """Whether a text names it, or all in the folder around it or in one above."""
        said = self._said(text.text)
        if said and self._names_it(text, said):
            return True
        if self._is_file and text.takes_files and self._names_folder(text):
            return True
        if text.document:
            return False
        if self._is_open(text) and self._names_any(text):
            return True
        if text.globs and self._fits_a_glob(text):
            return True
        return text.below and self._is_below(text.text)

    def _fits_a_glob(self, text: Text) -> bool:
        """Whether a glob of a text is for it: a file by its path not by what ends comments (`*/`) and paths elsewhere
        (`"$FOLDER"/*`)."""
        deep = "ApplicationSet" in text.text
        anywhere = deep or not self._by_path or text.path.endswith((".sh", "Makefile", ".mk"))
        return any(
            _matches(glob, self._parts, deep=deep) and (anywhere or not _is_of_any(glob))
            for glob in text.globs
            if not (self._by_path and self._is_file) or len(glob) > 1 or glob[0].strip("*")
        )

    def _said(self, text: str) -> str:
        """The lines of a text with its name."""
        lines, at = [], text.find(self._name)
        while at >= 0:
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            lines.append(text[text.rfind("\n", 0, at) + 1 : end])
            at = text.find(self._name, end)
        return "\n".join(lines)

    def _names_it(self, text: Text, said: str) -> bool:
        """Whether the lines of a text with its name name it."""
        if text.document:
            if self._by_path:
                near = text.folder == self._folder and self._applied.search(said) is not None
                return near or self._in_parent.search(said) is not None
            return any(map(self._is_taken_by, self._commands(said)))
        if not self._folder or not (text.yaml or self._by_path):
            return self._word.search(said) is not None
        beside = text.folder == self._folder
        if self._path.search(said) or (beside and self._beside.search(said)):
            return True
        if self._by_path and KUSTOMIZATION.fullmatch(text.path) is None:
            return False
        # each folder has its `deployment.yaml`
        tells = not self._is_file or beside or not text.folder
        return tells and self._value.search(said) is not None

    def _commands(self, text: str) -> Iterator[tuple[str, int]]:
        """The lines of a document in which a command has the name, and where."""
        for line in text.splitlines():
            if self._command.search(line) is not None:
                yield from ((line, found.start()) for found in self._word.finditer(line))

    def _is_taken_by(self, place: tuple[str, int]) -> bool:
        """Whether a name in a line may be this: not in another folder."""
        before = _path_before(*place)
        last = before.rstrip("/").rpartition("/")[2]
        other = before.endswith("/") and not last.endswith(_CHANGES) and not last.startswith("$")
        return not other or last == os.path.basename(self._folder)

    def _names_folder(self, text: Text) -> bool:
        """Whether a command takes all files of the folder."""
        if any(self._may_be_of_folder(text, found["before"]) for found in self._all_of.finditer(text.text)):
            return True
        return text.folder == self._folder and _HERE.search(text.text) is not None

    def _may_be_of_folder(self, text: Text, before: str) -> bool:
        """Whether a path to a folder of that name may lead to this by what stands before the name: in a document a bare
        name is what lies beside it or at the top, or in a folder that it names."""
        above = os.path.dirname(self._folder)
        last = before.rstrip("/").rpartition("/")[2]
        if not above:
            return True
        if last and last != ".":
            return last.endswith(_CHANGES) or "$" in last or last == os.path.basename(above)
        near = f"{above}/".startswith(f"{text.folder}/") or not text.folder
        return not text.document or near or "/".join(above.split("/")[-2:]) in text.text

    def _names_any(self, text: Text) -> bool:
        """Whether a text has a path with something for any name in the folder, that may be this folder."""
        return any(
            self._may_be_folder(text, found.start())
            for found in self._any.finditer(text.text)
            if not text.yaml or found["any"] not in "\"'"
        )

    def _may_be_folder(self, text: Text, start: int) -> bool:
        """Whether what a text calls by the name of the folder at some place may be it."""
        above, _, name = self._folder.rpartition("/")
        before = _path_before(text.text, start)
        if before:
            last = before.rstrip("/").rpartition("/")[2]
            changes = last.endswith(_CHANGES) and not text.path.endswith(_SERVED)
            return changes or last == os.path.basename(above)
        if above and text.folder != above and os.path.isdir(os.path.join(self._root, name)):
            return False  # another, at the top
        line = text.text[text.text.rfind("\n", 0, start) + 1 : start][-_FARTHEST:]
        return _OF_A_KIND.search(line) is None

    def _is_below(self, text: str) -> bool:
        """Whether a text that takes folders with all below them names one above it."""
        return any(
            folder in text and pattern.search(text) is not None for folder, pattern in self._above
        ) or bool(_TOP.search(text))


def _path_before(text: str, end: int) -> str:
    """The part of a path that stands before a place."""
    start = end
    while start and end - start < _FARTHEST and (text[start - 1].isalnum() or text[start - 1] in _OF_PATHS):
        start -= 1
    return text[start:end]


def _matches(glob: Sequence[str], parts: Sequence[str], *, deep: bool) -> bool:
    """Whether a glob is for a path, or for a file in it. `deep`: `**` is for any number of folders."""
    if "**" in glob:
        at = glob.index("**")
        return deep and len(parts) >= at and all(map(_fits, glob[:at], parts))
    if len(glob) == len(parts) + 1 and glob[-1].startswith(("kustomization", "*.y")):
        glob = glob[:-1]
    return len(glob) == len(parts) and all(map(_fits, glob, parts))


def _is_of_any(glob: Sequence[str]) -> bool:
    """Whether a glob names nothing, as `*/15` of a schedule and `*/*` of media types do."""
    return all("*" in part for part in glob[:-1])


def _fits(glob: str, part: str) -> bool:
    if "*" not in glob:
        return glob == part
    return re.fullmatch(re.escape(glob).replace(r"\*", ".*"), part) is not None
