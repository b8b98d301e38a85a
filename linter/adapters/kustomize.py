"""Kustomize: which kustomizations to render, rendered by the user's `kustomize` or `kubectl`, and taken apart.

A kustomization may come from a stranger: no plugins, functions, Helm or remote bases, and no network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.confined import confined
from linter.adapters.lacking import Lack, Mirror, take_out
from linter.adapters.program import Limits, ProgramError, Ran, environment, locate, run, too_old, version
from linter.formats.classify import KUSTOMIZATIONS
from linter.formats.node import MAP
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex
from linter.text import decode

LIMITS = Limits(seconds=8, output=64_000_000)
MAX_FILE = 5_000_000  # bytes of a kustomization
MINIMUM = (4, 5, 0)  # the first that tells where an object comes from
_ORIGIN = lazy_regex(r"^    config\.kubernetes\.io/origin: \|\n((?:      [^\n]*\n)+)", re.MULTILINE)
_PATH = lazy_regex(r"^ +path: (.+)$", re.MULTILINE)
_CONFIGURED = lazy_regex(r"^ +configuredIn: (.+)$", re.MULTILINE)
_ADDRESS = lazy_regex(r"https?://[^'\"\s]+")
_WRAPPING = lazy_regex(
    r"recursed accumulation of path '[^']*': |accumulation err=|accumulating components: |Error: "
)
_QUOTED = lazy_regex(r" with config: `[^`]*+`")
_LONGEST_COMPLAINT = 20_000  # characters of an error that are looked at
_OUTSIDE = "is not in or below"  # of a file that a kustomization names, to its folder
_UNLIMITED = ("--load-restrictor", "LoadRestrictionsNone")
_TRIES = 12  # without what is not here: each may tell of one more patch that has nothing to patch
_EMPTY = lazy_regex(r"^  annotations:\n(?=  \S|\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kustomization:
    """One kustomization file, as far as it says which files it is made of."""

    file: Path
    component: bool
    folders: tuple[Path, ...]  # of the kustomizations that it includes
    patches: tuple[Path, ...]  # files
    files: tuple[Path, ...] = ()  # with objects, that it lists
    complete: bool = True  # all that it lists is here


@dataclass(frozen=True, slots=True)
class Build:
    """What rendering gave: for each object the file that it comes from (or the kustomization that made it)."""

    kustomization: Kustomization
    parts: tuple[tuple[Path, str], ...] = ()
    failure: str = ""
    broken: bool = False  # it is the program that failed, not the kustomization
    lacks: tuple[Lack, ...] = ()  # what was left out, since it is not here


def program() -> list[str] | None:
    """The command that renders a folder: `kustomize build`, else `kubectl kustomize`."""
    found = locate("kustomize")
    if found:
        return [found, "build"]
    found = locate("kubectl")
    return [found, "kustomize"] if found else None


def read(file: Path) -> Kustomization | None:
    """None for a file that is no kustomization."""
    try:
        text = decode(file.name, read_regular(file, MAX_FILE))
    except OSError:
        return None
    documents = parse_documents(text).documents
    if not documents or documents[0].kind != MAP:
        return None
    said: dict[str, Any] = documents[0].plain()
    folder = file.parent
    listed = [item for key in ("resources", "bases", "components") for item in _strings(said.get(key))]
    named = [_named(folder, item) for item in listed]
    folders = [path for path in named if os.path.isdir(path)]
    patches = [_named(folder, item) for item in _patches(said)]
    return Kustomization(
        file,
        said.get("kind") == "Component",
        tuple(folders),
        tuple(path for path in patches if os.path.isfile(path)),
        tuple(path for path in named if os.path.isfile(path)),
        not take_out(folder, said, KUSTOMIZATIONS),
    )


def _named(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _patches(said: dict[str, Any]) -> Iterator[str]:
    yield from (item for item in _strings(said.get("patchesStrategicMerge")) if "\n" not in item)
    for key in ("patches", "patchesJson6902"):
        for item in said.get(key) or () if isinstance(said.get(key), list) else ():
            if isinstance(item, dict) and isinstance(item.get("path"), str):
                yield item["path"]


def tops(found: Sequence[Kustomization]) -> list[Kustomization]:
    """Those that no other one includes: rendering them renders all others with them."""
    included = {folder for item in found for folder in item.folders}
    return [item for item in found if item.file.parent not in included and not item.component]


def unused(found: Sequence[Kustomization], rendered: Sequence[Kustomization]) -> list[Kustomization]:
    """Those that rendering `rendered` does not render: components that nothing includes, circles of inclusion."""
    folders = by_folder(found)
    reached = list(rendered)
    seen = {item.file for item in reached}
    for item in reached:  # grows on the way
        for folder in item.folders:
            inner = folders.get(folder)
            if inner is not None and inner.file not in seen:
                seen.add(inner.file)
                reached.append(inner)
    return [item for item in found if item.file not in seen]


def by_folder(found: Sequence[Kustomization]) -> dict[Path, Kustomization]:
    """Kustomizations by the folder that they are in."""
    return {item.file.parent: item for item in found}


def closure(top: Kustomization, folders: Mapping[Path, Kustomization]) -> list[Kustomization]:
    """A kustomization and all that it includes, innermost first: later ones have the last word."""
    order: list[Kustomization] = []
    seen: set[Path] = set()

    def visit(item: Kustomization, depth: int) -> None:
        if item.file in seen or depth > 50:
            return
        seen.add(item.file)
        for folder in item.folders:
            if folder in folders:
                visit(folders[folder], depth + 1)
        order.append(item)

    visit(top, 0)
    return order


def build(top: Kustomization, command: Sequence[str], scratch: Path, root: Path) -> Build:
    """Render through a wrapper that makes each object say where it comes from. `scratch`: an empty folder.

    Files outside of the folder that names them are read as long as all that is named lies below `root`.
    """
    scratch = scratch.resolve()
    try:
        ran = _run(command, top.file.parent, scratch)
        if ran.code != 0 and _OUTSIDE in ran.stderr and confined(top.file, root, KUSTOMIZATIONS):
            ran = _run([*command, *_UNLIMITED], top.file.parent, scratch)
    except ProgramError as failed:
        return Build(top, failure=str(failed), broken=True)
    if ran.code != 0:
        return _failed(top, _from(root, _complaint(ran)), command, scratch)
    text = ran.stdout.decode("utf-8", "replace")
    parts = tuple(_parts(text, scratch))
    if text.strip() and not parts:
        words = "kustomize answered with something that does not say where it comes from"
        return Build(top, failure=words, broken=True)
    return Build(top, parts)


def lacking(top: Kustomization, command: Sequence[str], scratch: Path, root: Path) -> Iterator[Build | None]:
    """Rendered without what it or one that it includes lists and is not here: the outcome is the last.

    None after a run that is followed by one more; nothing where this can't be done. `scratch`: an empty folder.
    """
    scratch = scratch.resolve()
    mirror = Mirror(scratch / "tree", root, KUSTOMIZATIONS)
    if not confined(top.file, root, KUSTOMIZATIONS) or not mirror.fill(top.file):
        return
    whole = mirror.of(top.file.parent)
    folder = whole
    for _ in range(_TRIES):
        try:
            ran = _run([*command, *_UNLIMITED], folder, scratch)
        except ProgramError:
            return
        if ran.code != 0:
            dropped = mirror.drop(_complaint(ran))
            if dropped is None:
                return
            folder = dropped or whole  # what is wrong in a part is mended in that before all is rendered
        elif folder == whole:
            text = ran.stdout.decode("utf-8", "replace")
            parts = tuple((mirror.original(path), part) for path, part in _parts(text, scratch))
            if parts:  # else all of it lies elsewhere
                yield Build(top, parts, lacks=mirror.lacks)
            return
        else:
            folder = whole
        yield None


def _run(command: Sequence[str], folder: Path, scratch: Path) -> Ran:
    target = os.path.relpath(folder, scratch)
    (scratch / KUSTOMIZATIONS[0]).write_text(
        f'{{"resources": ["{_escape(target)}"], "buildMetadata": ["originAnnotations"]}}\n', encoding="utf-8"
    )
    return run([*command, str(scratch)], cwd=scratch, env=_env(scratch), limits=LIMITS)


def _env(scratch: Path) -> dict[str, str]:
    return environment(scratch, {"KUBECONFIG": os.devnull})


def _from(root: Path, complaint: str) -> str:
    """A complaint with the paths as they are below `root`: where that is on a machine is nobody's business."""
    for above in (root.resolve(), root):
        complaint = complaint.replace(f"{above}{os.sep}", "")
    return complaint


def _failed(top: Kustomization, complaint: str, command: Sequence[str], scratch: Path) -> Build:
    told = version([command[0], "version"], scratch, _env(scratch)) if command[1:] == ["build"] else ()
    old = too_old("kustomize", told, MINIMUM)
    if old:
        return Build(top, failure=old, broken=True)
    return Build(top, failure=_cause(complaint))


def _complaint(ran: Ran) -> str:
    """What it says is wrong: the last error with the lines after it, without the settings that it quotes in them."""
    start = max(ran.stderr.rfind("Error:"), 0)
    words = " ".join(ran.stderr[start : start + _LONGEST_COMPLAINT].split())
    return _QUOTED.sub("", words) or ran.complaint


def _cause(complaint: str) -> str:
    """The innermost of the errors that kustomize wraps into each other."""
    address = _ADDRESS.search(complaint)
    if address is not None:
        return f"it includes {address[0][:150]}, and nothing is fetched"
    inner = _WRAPPING.split(complaint)[-1].strip("' ")
    return f"kustomize says: {inner[:300]}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _parts(text: str, scratch: Path) -> Iterator[tuple[Path, str]]:
    for part in re.split(r"^---\n", text, flags=re.MULTILINE):
        told = _ORIGIN.search(part)
        if told is None:
            continue
        path = _PATH.search(told[1]) or _CONFIGURED.search(told[1])
        if path is not None:
            plain = _EMPTY.sub("", part[: told.start()] + part[told.end() :])
            yield Path(os.path.normpath(scratch / path[1].strip().strip("\"'"))), plain
