"""Suppressions in the annotations of Kubernetes objects and pod templates: ours and the peers'.

Ours: `tarecheck.dev/ignore.<rule-id>: reason… until=2027-01-31 by=team-ml`.
Checkov: a key with `checkov.io/skip`, `bridgecrew.io/skip` or `cortex.io/skip`, value `ID[=reason]`.
kube-linter: `ignore-check.kube-linter.io/<check>: reason`, `kube-linter.io/ignore-all: reason`.
kube-score: `kube-score/ignore: id1,id2`. Polaris: `polaris.fairwinds.com/exempt: "true"`, `…/<check>-exempt: "true"`.
Kubescape: `kubescape.io/skip-controls: id1,id2` with `skip-reason` and `skip-expiry` (RFC 3339).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from linter.frozen import dataclass
from linter.suppress.ours import Directive, directives

OURS = "tarecheck.dev/ignore."
MARKS = (OURS, "checkov.io/skip", "bridgecrew.io/skip", "cortex.io/skip", "kube-linter.io/", "kube-score/ignore",
         "polaris.fairwinds.com/", "kubescape.io/skip-controls")  # fmt: skip

_CHECKOV_KEYS = ("checkov.io/skip", "bridgecrew.io/skip", "cortex.io/skip")
_KUBE_LINTER = "ignore-check.kube-linter.io/"
_POLARIS = "polaris.fairwinds.com/"
# what ignoring one kube-score check also ignores
_KUBE_SCORE_IMPLIED = {"container-resources": ("container-ephemeral-storage-request-and-limit",)}


@dataclass(frozen=True, slots=True)
class Annotated:
    """One suppression of an object, and the annotation that says so."""

    key: str
    tool: str
    rules: tuple[str, ...]
    reason: str = ""
    until: datetime.date | None = None
    by: str = ""
    fault: str = ""


def annotated(annotations: Mapping[str, Any]) -> Iterator[Annotated]:
    """The suppressions in the annotations of one object. Values that are no text are skipped, as the peers do."""
    texts = {key: value for key, value in annotations.items() if isinstance(value, str)}
    for key, value in texts.items():
        if key.startswith(OURS):
            yield _own(key, value)
        elif any(part in key for part in _CHECKOV_KEYS):
            rule, _, reason = value.partition("=")
            yield Annotated(key, "checkov", (rule.strip(),), reason.strip())
        elif key.startswith(_KUBE_LINTER):
            yield Annotated(key, "kube-linter", (key.removeprefix(_KUBE_LINTER),), value.strip())
        elif key == "kube-linter.io/ignore-all":
            yield Annotated(key, "kube-linter", ("*",), value.strip())
        elif key == "kube-score/ignore":
            yield Annotated(key, "kube-score", _kube_score(value))
        elif key.startswith(_POLARIS) and key.endswith("exempt") and value.lower() == "true":
            check = key.removeprefix(_POLARIS).removesuffix("exempt").removesuffix("-")
            yield Annotated(key, "polaris", (check or "*",))
        elif key == "kubescape.io/skip-controls":
            yield from _kubescape(key, value, texts)


def _own(key: str, value: str) -> Annotated:
    rule = key.removeprefix(OURS)
    parsed = next(directives(f"tarecheck: ignore[{rule}] {' '.join(value.split())}"), Directive((rule,)))
    return Annotated(key, "tarecheck", (rule,), parsed.reason, parsed.until, parsed.by, parsed.fault)


def _kube_score(value: str) -> tuple[str, ...]:
    checks = [check.strip() for check in value.split(",") if check.strip()]
    return tuple(name for check in checks for name in (check, *_KUBE_SCORE_IMPLIED.get(check, ())))


def _kubescape(key: str, value: str, texts: Mapping[str, str]) -> Iterator[Annotated]:
    controls = tuple(control.strip() for control in value.split(",") if control.strip())
    expiry = texts.get("kubescape.io/skip-expiry", "")
    until = None
    if expiry:
        try:
            until = datetime.datetime.fromisoformat(expiry).date()
        except ValueError:
            return  # as Kubescape: a malformed date makes no exception
    if controls:
        yield Annotated(key, "kubescape", controls, texts.get("kubescape.io/skip-reason", ""), until)
