"""What Trivy says, read from its JSON: one `Said` a result, and the metadata of its checks. Nothing trusts a type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from linter.finding import Confidence, RuleInfo, Severity
from linter.formats.secrets import redact
from linter.frozen import dataclass

Json = Mapping[str, Any]

SEVERITIES = {
    "CRITICAL": Severity.CRITICAL,
    "HIGH": Severity.HIGH,
    "MEDIUM": Severity.MEDIUM,
    "LOW": Severity.LOW,
    "UNKNOWN": Severity.INFO,
}
FORMATS = {
    "dockerfile": "dockerfile",
    "kubernetes": "kubernetes",
    "helm": "kubernetes",
    "terraform": "terraform",
    "terraformplan": "terraform",
    "terraformplan-snapshot": "terraform",
}
# what a check is about, by words of its title; the first that fits
_CATEGORIES = (
    ("encryption", re.compile(r"encrypt|\bkms\b|\bcmk\b|\btls\b|\bssl\b|https", re.IGNORECASE)),
    ("secrets", re.compile(r"secret|credential|password|\bkey\b|token", re.IGNORECASE)),
    ("network", re.compile(r"ingress|egress|public|cidr|network|\bport|firewall|expos", re.IGNORECASE)),
    ("resources", re.compile(r"\bcpu\b|memory|limit|request|quota", re.IGNORECASE)),
    ("supply-chain", re.compile(r"image|registry|\btag\b|\badd\b|apt|package|version", re.IGNORECASE)),
    ("reliability", re.compile(r"backup|logging|log\b|monitor|health|probe|recovery", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One result. Lines are 1-based and inclusive; 0 means the whole file."""

    id: str
    target: str  # path as Trivy shows it, or the name of an image
    first: int
    last: int
    severity: Severity
    message: str
    resource: str
    info: RuleInfo
    rendered: str | None = (
        None  # of a chart: the lines are those of its output, and this is the first of them
    )


def misconfigurations(report: Json) -> Iterator[Said]:
    """Failed checks of a `config` report."""
    for result in _objects(report.get("Results")):
        kind = FORMATS.get(str(result.get("Type")), "any")
        for item in _objects(result.get("Misconfigurations")):
            if item.get("Status", "FAIL") != "FAIL":
                continue
            cause = _object(item.get("CauseMetadata"))
            name = _text(item.get("ID") or item.get("AVDID"))
            first = _number(cause.get("StartLine"))
            yield Said(
                name,
                _text(result.get("Target")),
                first,
                max(first, _number(cause.get("EndLine"))),
                _severity(item),
                _sentence(item.get("Message") or item.get("Title")),
                _text(cause.get("Resource")),
                _info(name, item, kind, _category(_text(item.get("Title")))),
                _cause(cause) if result.get("Type") == "helm" else None,
            )


def _cause(cause: Json) -> str:
    """The first line that a result is about, as the chart's output has it."""
    lines = _objects(_object(cause.get("Code")).get("Lines"))
    return next((_text(line.get("Content")).strip() for line in lines if line.get("IsCause")), "")


def secrets(report: Json) -> Iterator[Said]:
    """Secrets of a `filesystem` report."""
    for result in _objects(report.get("Results")):
        for item in _objects(result.get("Secrets")):
            name = _text(item.get("RuleID"))
            title = _text(item.get("Title")) or name
            first = _number(item.get("StartLine"))
            yield Said(
                name,
                _text(result.get("Target")),
                first,
                max(first, _number(item.get("EndLine"))),
                _severity(item),
                f"Trivy finds a secret here: {title}.",
                "",
                _info(name, {**item, "Title": f"Secret in a file: {title}"}, "any", "secrets"),
            )


def vulnerabilities(report: Json) -> Iterator[Said]:
    """Vulnerable packages of an `image` report. Each package and vulnerability is one result, wherever it is met."""
    image = _text(report.get("ArtifactName"))
    seen: set[tuple[str, str, str]] = set()
    for result in _objects(report.get("Results")):
        for item in _objects(result.get("Vulnerabilities")):
            name, package = _text(item.get("VulnerabilityID")), _text(item.get("PkgName"))
            installed, fixed = _text(item.get("InstalledVersion")), _text(item.get("FixedVersion"))
            if (name, package, installed) in seen:
                continue
            seen.add((name, package, installed))
            cure = f"; {fixed} mends it" if fixed else ", and no release mends it yet"
            yield Said(
                name,
                image,
                0,
                0,
                _severity(item),
                f"Image {image} has {package} {installed}, which {name} is known of{cure}.",
                f"{image}/{package}@{installed}",
                _info(
                    name,
                    {**item, "Resolution": "Move to an image that has the mended package."},
                    "any",
                    "supply-chain",
                ),
            )


def digest(report: Json) -> str:
    """The digest of the image that a report is about; '' when it does not say one."""
    for name in _object(report.get("Metadata")).get("RepoDigests") or ():
        return str(name).partition("@")[2]
    return ""


def _info(name: str, item: Json, kind: str, category: str) -> RuleInfo:
    references = [item.get("PrimaryURL"), *(item.get("References") or ())]
    urls = dict.fromkeys(u for u in references if isinstance(u, str) and u.startswith("https://"))
    weaknesses = [str(w).removeprefix("CWE-") for w in item.get("CweIDs") or ()]
    return RuleInfo(
        id=f"trivy:{name}",
        title=_text(item.get("Title")).rstrip(".") or name,
        category=category,
        severity=_severity(item),
        confidence=Confidence.MEDIUM,
        profile="default",
        format=kind,
        subject="",
        why=_sentence(item.get("Description") or item.get("Title")),
        fix=_sentence(item.get("Resolution")) if item.get("Resolution") else "",
        message="",
        aliases=(f"trivy:{name}",),
        standards=tuple(f"cwe:{number}" for number in weaknesses if number.isdigit()),
        references=tuple(urls)[:5],
        origin="trivy",
    )


def _category(title: str) -> str:
    return next((name for name, pattern in _CATEGORIES if pattern.search(title)), "privilege")


def _severity(item: Json) -> Severity:
    return SEVERITIES.get(str(item.get("Severity")).upper(), Severity.INFO)


def _sentence(value: Any) -> str:
    text = " ".join(_text(value).split())
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _text(value: Any) -> str:
    return redact(value) if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> Iterator[Json]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
