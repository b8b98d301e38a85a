"""Which findings are set aside: what nobody ships, or nobody gets who does not ask for it.

Nothing is dropped: such a finding has the status `aside`, the coverage line counts it, and `everywhere` makes it count.
"""

from __future__ import annotations

from linter.aside.apart import set_aside
from linter.aside.scope import Scope

__all__ = ["Scope", "set_aside"]
