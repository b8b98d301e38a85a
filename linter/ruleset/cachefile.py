"""The file of compiled rules: its name says what went into it, its owner says whether it can be trusted.

It holds code objects, so it is used only when it belongs to the user and nobody else can write it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from linter import __version__
from linter.digest import blake2b
from linter.ownfiles import read_own_parts, write_own_data
from linter.ruleset.files import MAX_ENTRIES

FORMAT_VERSION = 9  # of the file's layout
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
    release = _installed(package)
    if release:
        digest.update(release.encode("utf-8", "surrogateescape"))
    # the compiler and the models decide what compiled code means
    folders = [] if release else [(str(package / name), ".py") for name in ("cel", "formats", "ruleset")]
    rules = [(str(root), ".yaml") for root in roots if not release or package not in root.parents]
    for folder, suffix in [*folders, *rules]:
        stamps = "\n".join(sorted(_stamps(folder, suffix)))
        digest.update(f"{folder}\n{stamps}\n".encode("utf-8", "surrogateescape"))
    return f"rules-{digest.hexdigest()}.bin"


def _installed(package: Path) -> str:
    """The stamp of an installed release, whose files come and go with its list of them; '' for a work tree."""
    record = package.parent / f"tarecheck-{__version__}.dist-info" / "RECORD"
    try:
        info = record.stat()
    except OSError:
        return ""
    return f"{record}\0{info.st_size}\0{info.st_mtime_ns}\0{info.st_ino}\n"


def _stamps(folder: str, suffix: str) -> list[str]:
    found: list[str] = []
    pending = [folder]
    seen = 0
    while pending and seen < MAX_ENTRIES:  # a larger folder is refused when its rules are read
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                seen += 1
                name = entry.name
                if name.endswith(suffix):
                    info = entry.stat(follow_symlinks=False)
                    found.append(f"{entry.path}\0{info.st_size}\0{info.st_mtime_ns}")
                elif entry.is_dir(follow_symlinks=False) and not name.startswith((".", "__pycache__")):
                    pending.append(entry.path)
    return found


def read(path: Path) -> dict[str, Any] | None:
    """What was written; None when there is nothing, when it is damaged, or when somebody else could have written it."""
    found = read_own_parts(path)
    if found is None:
        return None
    packed, parts = found
    for profiles in packed["formats"].values():
        profiles.update({profile: parts[number] for profile, number in profiles.items()})
    return packed


def write(path: Path, packed: dict[str, Any]) -> None:
    """Write at once or not at all. A cache that can't be written costs time, nothing else."""
    numbers: dict[str, dict[str, int]] = {}
    parts: list[bytes] = []  # a scan asks for the rules of a format and a profile or two
    for name, profiles in packed["formats"].items():
        numbers[name] = {profile: len(parts) + number for number, profile in enumerate(profiles)}
        parts += profiles.values()
    if not write_own_data(path, {**packed, "formats": numbers}, parts):
        return
    try:
        others = sorted(path.parent.glob("rules-*.bin"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # another process was quicker
        return
