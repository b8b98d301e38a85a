"""Files of our own in the user's cache: read if nobody else could have written them, written at once or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_own(path: Path) -> bytes | None:
    """The bytes of a file; None when there is none, or when somebody else owns it or may write it."""
    try:
        with path.open("rb") as stream:
            info = os.fstat(stream.fileno())
            foreign = hasattr(os, "getuid") and info.st_uid != os.getuid()
            if foreign or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or not stat.S_ISREG(info.st_mode):
                return None
            return stream.read()
    except OSError:
        return None


def write_own(path: Path, *parts: bytes) -> bool:
    """Replace a file's content in one step; False when that can't be done, which costs time and nothing else."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        return False
    return True
