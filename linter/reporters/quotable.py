"""Which fixes a report may quote: one that moves a secret would print it."""

from __future__ import annotations

from linter.finding import Finding, Fix

_SHORTEST = 8  # characters of a text that can hold a secret


def quotable_fix(finding: Finding) -> Fix | None:
    """The fix of a finding, unless its new text holds a secret; `--fix` makes that one all the same."""
    fix = finding.fix
    if fix is None:
        return None
    texts = [edit.text for edit in fix.edits if len(edit.text) >= _SHORTEST]
    if texts:
        from linter.formats.secrets import redact

        if any(redact(text) != text for text in texts):
            return None
    return fix
