from __future__ import annotations

from suppressing import mark

__all__ = ["mark"]
