"""The file of compiled rules: its name says what went into it, its owner says whether it can be trusted.

It holds code objects, so it is used only when it belongs to the user and nobody else can write it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from linter import __version__
from linter.digest import blake2b
from linter.ownfiles import read_own_data, write_own_data
from linter.ruleset.files import MAX_ENTRIES

FORMAT_VERSION = 7  # of the file's layout
KEPT = 6  # files of other rule sets and versions that stay beside a new one


def default_directory(environ: Mapping[str, str] = os.environ) -> Path:
    base = environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "tarecheck"
    except RuntimeError:  # a user without a home, as in many containers: nothing is kept
        return Path(os.devnull) / "tarecheck"


def name_for(roots: Iterable[Path]) -> str:
    """The file for the rules of these folders: named by place, size and time of everything that goes into it."""
    digest = blake2b(
        f"{FORMAT_VERSION} {__version__} {sys.implementation.cache_tag}".encode(), digest_size=16
    )
    package = Path(__file__).resolve().parent.parent
    # the compiler and the models decide what compiled code means
    folders = [(str(package / name), ".py") for name in ("cel", "formats", "ruleset")]
    for folder, suffix in [*folders, *((str(root), ".yaml") for root in roots)]:
        for line in sorted(_stamps(folder, suffix)):
            digest.update(line.encode("utf-8", "surrogateescape"))
    return f"rules-{digest.hexdigest()}.bin"


def _stamps(folder: str, suffix: str) -> Iterator[str]:
    pending = [folder]
    seen = 0
    while pending and seen < MAX_ENTRIES:  # a larger folder is refused when its rules are read
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.name.endswith(suffix):
                    info = entry.stat(follow_symlinks=False)
                    yield f"{entry.path}\0{info.st_size}\0{info.st_mtime_ns}\n"
                elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "__pycache__")):
                    pending.append(entry.path)


def read(path: Path) -> dict[str, Any] | None:
    """What was written; None when there is nothing, when it is damaged, or when somebody else could have written it."""
    return read_own_data(path)


def write(path: Path, packed: dict[str, Any]) -> None:
    """Write at once or not at all. A cache that can't be written costs time, nothing else."""
    if not write_own_data(path, packed):
        return
    try:
        others = sorted(path.parent.glob("rules-*.bin"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # another process was quicker
        return
