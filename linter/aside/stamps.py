"""When a folder or file was changed: what is remembered of it holds until then."""

from __future__ import annotations

import os


def changed(folder: str) -> int:
    """Nanoseconds; 0 where there is no such thing."""
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0
