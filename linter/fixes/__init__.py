"""Autofix: from a rule's `edit:` to span edits that keep formatting, comments and line ends.

`make_fix` is called where findings are made, `fix_text` where files are fixed, `diff` and `save` after it.
"""

from __future__ import annotations

from linter.fixes.apply import Fixed, apply_edits, choose, fix_text
from linter.fixes.make import make_fix
from linter.fixes.save import diff, encode, save

__all__ = ["Fixed", "apply_edits", "choose", "diff", "encode", "fix_text", "make_fix", "save"]
