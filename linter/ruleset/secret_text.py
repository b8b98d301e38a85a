"""The rule `secret-in-text`: secrets that stand where no model of the file's format looks.

Comments, scripts in strings, the Dockerfile pasted below a manifest: a file is also read as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.finding import Confidence, Finding, RuleInfo, Severity, is_about_secrets
from linter.formats.classify import is_values
from linter.formats.document import Document
from linter.ruleset.place import Excerpts
from linter.text import Span

if TYPE_CHECKING:
    from linter.ruleset.policy import Policy

SECRET_IN_TEXT = "secret-in-text"  # noqa: S105 - the name of a rule

INFO = RuleInfo(
    id=SECRET_IN_TEXT,
    title="Secret is written into the file",
    category="secrets",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    profile="default",
    format="any",
    subject="file",
    why=(
        "Whoever can read the repository, now or in its history, has the credential, "
        "wherever in the file it stands: comments and embedded scripts count."
    ),
    fix="Revoke it, then read it at run time from a secret store, a mounted file or the environment.",
    message="The file holds a literal secret ({kind}).",
    standards=("cwe:798",),
)

# by its name alone, which in any text may be that of another program's key
_SAID = {"model-server-api-key": "named-secret"}
_HASH = "password-hash"
_NEAR = 1  # lines: a rule about a variable may point at its name, and the value stands on the next line


def secret_findings(document: Document, found: Sequence[Finding], policy: Policy) -> list[Finding]:
    """Secrets in the text of a document that none of the findings `found` is about."""
    if SECRET_IN_TEXT not in policy.enabled:
        return []
    from linter.formats import secrets

    matches = secrets.scan(document.text.text)
    if not matches:
        return []
    infos = policy.ruleset.infos
    severity = policy.severity(INFO)
    # what weighs less must not hide it: a gate may let that pass
    told = {f.location.line for f in found if is_about_secrets(f.rule, infos) and f.severity >= severity}
    excerpts = Excerpts(document.text, document.sensitive)
    samples = is_values(document.path)
    result = []
    for match in matches:
        # a hash in a comment shows how one is written: what guards something is where it is read
        shown = samples or match.kind == _HASH
        if shown and secrets.is_shown(match.kind, document.text.text, match.start):
            continue
        proved = match.checksum is True
        if not proved and secrets.is_example(match.kind, document.text.text, match.start):
            continue
        line = document.text.position(match.start).line
        if any(near in told for near in range(line - _NEAR, line + _NEAR + 1)):
            continue
        confidence = Confidence.HIGH if match.confidence == "high" else Confidence.MEDIUM
        span = Span(match.start, match.end)
        message = INFO.message.format(kind=_SAID.get(match.kind, match.kind))
        result.append(excerpts.finding(SECRET_IN_TEXT, severity, confidence, span, message))
    return result
