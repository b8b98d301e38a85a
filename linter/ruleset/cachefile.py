"""The file of compiled rules: its name says what went into it, its owner says whether it can be trusted.

It holds code objects, so it is used only when it belongs to the user and nobody else can write it.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from linter import __version__
from linter.ownfiles import read_own, write_own
from linter.ruleset.files import MAX_ENTRIES

FORMAT_VERSION = 5  # of the file's layout
KEPT = 6  # files of other rule sets and versions that stay beside a new one
_SUM = 4  # bytes of the checksum in front


def default_directory(environ: Mapping[str, str] = os.environ) -> Path:
    base = environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "tarecheck"
    except RuntimeError:  # a user without a home, as in many containers: nothing is kept
        return Path(os.devnull) / "tarecheck"


def name_for(roots: Iterable[Path]) -> str:
    """The file for the rules of these folders: named by place, size and time of everything that goes into it."""
    digest = hashlib.sha256(f"{FORMAT_VERSION} {__version__} {sys.implementation.cache_tag}".encode())
    package = Path(__file__).resolve().parent.parent
    # the compiler and the models decide what compiled code means
    folders = [(str(package / name), ".py") for name in ("cel", "formats", "ruleset")]
    for folder, suffix in [*folders, *((str(root), ".yaml") for root in roots)]:
        for line in sorted(_stamps(folder, suffix)):
            digest.update(line.encode("utf-8", "surrogateescape"))
    return f"rules-{digest.hexdigest()[:32]}.bin"


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
    content = read_own(path)
    if content is None:
        return None
    data = memoryview(content)
    if zlib.crc32(data[_SUM:]).to_bytes(_SUM) != data[:_SUM]:
        return None
    try:
        loaded = marshal.loads(data[_SUM:])  # noqa: S302 - our own file: owner and checksum were looked at
    except (ValueError, EOFError, TypeError):
        return None
    return loaded if isinstance(loaded, dict) else None


def write(path: Path, packed: dict[str, Any]) -> None:
    """Write at once or not at all. A cache that can't be written costs time, nothing else."""
    body = marshal.dumps(packed)
    if not write_own(path, zlib.crc32(body).to_bytes(_SUM), body):
        return
    try:
        others = sorted(path.parent.glob("rules-*.bin"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # another process was quicker
        return
