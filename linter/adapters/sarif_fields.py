"""Single properties of SARIF, read as each of the known tools writes them; nothing here trusts a type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from linter.finding import Confidence, Severity, Status
from linter.patterns import lazy_regex

Json = Mapping[str, Any]

_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.INFO}
_WORDS = {severity.label: severity for severity in Severity} | {
    "moderate": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
}
_CONFIDENCES = {
    "very-high": Confidence.HIGH,
    "high": Confidence.HIGH,
    "medium": Confidence.MEDIUM,
    "low": Confidence.LOW,
}
_TECHNOLOGIES = ("dockerfile", "kubernetes", "terraform", "compose")
_BLOCK_MESSAGE = lazy_regex(r"^Message:[ \t]*(.+)$", re.MULTILINE)  # Trivy writes six lines
_LINK = lazy_regex(r"(?<!\\)\[([^\[\]]*)\]\((?:\d+|[a-z][a-z0-9+.-]*:[^()\s]*)\)", re.IGNORECASE)
_CWE = lazy_regex(r"cwe-(\d{1,9})\b", re.IGNORECASE)


def obj(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Json]:
    """The objects of an array; nothing of anything else."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def extensions(run: Json) -> Iterator[Json]:
    return objects(obj(run.get("tool")).get("extensions"))


def version(component: Json) -> str:
    """Of a tool's component: what it calls its version, else the semantic one."""
    return str(component.get("version") or component.get("semanticVersion") or "")


def integer(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def line(region: Json, name: str = "startLine", default: int = 1) -> int:
    """KICS once wrote -1, others 0 or nothing."""
    return max(1, integer(region.get(name), default))


def text(value: object) -> str:
    found = obj(value).get("text")
    return found if isinstance(found, str) else ""


def snippet(region: Json) -> str:
    return text(region.get("snippet"))


def severity(result: Json, rule: Json) -> Severity:
    """Our own word, then a word of the tool's, then `security-severity`, then the level."""
    for properties in (obj(result.get("properties")), obj(rule.get("properties"))):
        word = str(properties.get("severity", "")).lower()
        if word in _WORDS:
            return _WORDS[word]
        score = _score(properties.get("security-severity"))
        if score is not None:
            return score
    default = obj(rule.get("defaultConfiguration")).get("level", "warning")
    return _LEVELS.get(str(result.get("level", default)), Severity.MEDIUM)


def _score(value: object) -> Severity | None:
    try:
        score = float(str(value))
    except ValueError:
        return None
    bands = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
    return next(
        (band for least, band in bands if score >= least), Severity.LOW if score > 0 else Severity.INFO
    )


def confidence(properties: Json, rule: Json) -> Confidence:
    word = str(properties.get("confidence") or obj(rule.get("properties")).get("precision") or "").lower()
    return _CONFIDENCES.get(word, Confidence.MEDIUM)


def message(result: Json, rule: Json) -> str:
    """One line: the sentence of a block, links as their words, arguments filled in."""
    raw = obj(result.get("message"))
    told = text(raw) or text(obj(rule.get("messageStrings")).get(str(raw.get("id"))))
    arguments = raw.get("arguments")
    if not text(raw) and isinstance(arguments, list):
        for index, argument in enumerate(arguments):
            told = told.replace(f"{{{index}}}", str(argument))
    block = _BLOCK_MESSAGE.search(told)
    told = block.group(1) if block else told
    if len(list(objects(result.get("relatedLocations")))):
        told = re.sub(r"(?: \[[^\[\]]*\]\(\d+\)\.)+$", "", told)  # our own links to the related places
    return " ".join(_LINK.sub(r"\1", told).replace("\\[", "[").split())


def subject(result: Json) -> str:
    resource = obj(result.get("properties")).get("resource")
    if isinstance(resource, str):
        return resource
    for location in objects(result.get("locations")):
        for logical in objects(location.get("logicalLocations")):
            name = logical.get("fullyQualifiedName") or logical.get("name")
            if isinstance(name, str) and logical.get("kind") in (
                None,
                "resource",
                "object",
                "member",
                "Resource",
            ):
                return name
    return ""


def status(result: Json) -> tuple[Status | None, str]:
    """Suppressed when every suppression is accepted; older writers say `state` for `status`, or neither."""
    found = list(objects(result.get("suppressions")))
    if not found or any(s.get("status", s.get("state", "accepted")) != "accepted" for s in found):
        return None, ""
    reasons = [s["justification"] for s in found if isinstance(s.get("justification"), str)]
    return Status.SUPPRESSED, "; ".join(reasons)


def path(physical: Json, run: Json, root: str) -> str:
    """Relative with forward slashes where that is possible; empty when there is no address."""
    artifact = obj(physical.get("artifactLocation"))
    uri = artifact.get("uri")
    index = artifact.get("index")
    if uri is None and isinstance(index, int):
        listed = list(objects(run.get("artifacts")))
        uri = obj(listed[index].get("location")).get("uri") if 0 <= index < len(listed) else None
    if not isinstance(uri, str) or not uri:
        return ""
    found = unquote(uri).replace("\\", "/")
    if found.startswith("file://"):
        found = found[len("file://") :]
        if not uri.startswith("file:///") and not root:
            found = found.lstrip("/")  # kube-score: file:// before a relative path
    if root and found.startswith(root.rstrip("/") + "/"):
        found = found[len(root.rstrip("/")) + 1 :]
    while found.startswith("./"):
        found = found[2:]
    return found


def remedy(rule: Json, *, own: bool) -> str:
    """What to do; ours stands after `Fix:` in the help."""
    told = text(rule.get("help"))
    if own:
        return told.rpartition(" Fix: ")[2]
    first = next((row for row in told.splitlines() if row.strip()), "")
    return first.strip()[:500]


def technology(properties: Json) -> str:
    tags = properties.get("tags")
    return next((t for t in _TECHNOLOGIES if t in tags), "") if isinstance(tags, list) else ""


def weaknesses(rule: Json) -> list[str]:
    """`cwe:NNN` from relationships and tags."""
    targets = [str(obj(r.get("target")).get("id", "")) for r in objects(rule.get("relationships"))]
    tags = obj(rule.get("properties")).get("tags")
    words = targets + (list(map(str, tags)) if isinstance(tags, list) else [])
    return list(dict.fromkeys(f"cwe:{int(found.group(1))}" for w in words if (found := _CWE.search(w))))
