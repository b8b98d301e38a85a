"""Rules without a condition: what the scan itself has to say, with the same metadata as all others."""

from __future__ import annotations

from linter.finding import Confidence, RuleInfo, Severity
from linter.ruleset import secret_text


def _rule(
    rule_id: str, title: str, category: str, severity: Severity, why: str, fix: str, message: str
) -> RuleInfo:
    return RuleInfo(
        id=rule_id,
        title=title,
        category=category,
        severity=severity,
        confidence=Confidence.HIGH,
        profile="default",
        format="any",
        subject="file",
        why=why,
        fix=fix,
        message=message,
    )


TOO_LARGE = "file-too-large"
UNPARSABLE = "unparsable-file"
UNUSED_SUPPRESSION = "unused-suppression"
EXPIRED_SUPPRESSION = "expired-suppression"
UNEXPLAINED_SUPPRESSION = "suppression-without-reason"

BUILTIN_RULES: tuple[RuleInfo, ...] = (
    _rule(
        EXPIRED_SUPPRESSION,
        "Suppression is past its date",
        "correctness",
        Severity.MEDIUM,
        "The author asked for the flaw to be looked at again by that date; it is shown again until someone does.",
        "Mend the flaw, or renew `until=` with a reason.",
        "The suppression of '{rules}' expired on {date}.",
    ),
    _rule(
        TOO_LARGE,
        "File is too large to be checked",
        "correctness",
        Severity.HIGH,
        "What is not read is not checked: a file padded beyond a limit would hide its flaws while the gate is green.",
        "Split the file or remove the padding. If it is meant to be so large, raise `max-file-size` for it under "
        "`overrides`, or exclude it.",
        "Larger than {limit} MB: nothing in the file was checked.",
    ),
    _rule(
        UNEXPLAINED_SUPPRESSION,
        "Suppression gives no reason",
        "correctness",
        Severity.LOW,
        "Whoever reviews the file next can't tell a considered exception from a silenced alarm.",
        "Write the reason after the bracket: `# tarecheck: ignore[rule] reason`.",
        "The suppression of '{rules}' gives no reason.",
    ),
    _rule(
        UNPARSABLE,
        "File can't be parsed",
        "correctness",
        Severity.HIGH,
        "What can't be read is not checked: the flaws in it stay unseen while the gate is green.",
        "Mend the syntax at the place shown, or exclude the file in the configuration if it is meant to be broken.",
        "{problem}",
    ),
    secret_text.INFO,
    _rule(
        UNUSED_SUPPRESSION,
        "Suppression matches nothing",
        "correctness",
        Severity.LOW,
        "A leftover suppression silences the next real finding at that place.",
        "Remove it.",
        "The suppression of '{rules}' matches no finding.",
    ),
)
