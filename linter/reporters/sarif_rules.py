"""Rules and weaknesses as SARIF describes them: metadata only, no word about a finding."""

from __future__ import annotations

import re
from typing import Any

import sarif_om

from linter.finding import RuleInfo, Severity
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.reporters import cwe
from linter.reporters.links import cwe_url, rule_url
from linter.reporters.sarif_model import plain

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
RANKS = {
    Severity.CRITICAL: 95.0,
    Severity.HIGH: 80.0,
    Severity.MEDIUM: 55.0,
    Severity.LOW: 25.0,
    Severity.INFO: 5.0,
}
# strictly inside the bands of GitHub; its presence makes an alert a security alert
SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_PRECISION = ("low", "medium", "high")  # by confidence
_SECURITY = frozenset({"privilege", "secrets", "encryption", "supply-chain", "network"})
_LANGUAGES = {"dockerfile": "dockerfile", "kubernetes": "yaml", "compose": "yaml", "terraform": "terraform"}
_TEXT_LIMIT = 1024
TAXONOMY_GUID = "1489b0c4-d7ce-4d31-af66-6382a01202e3"


@dataclass(frozen=True, slots=True)
class Wording:
    """A rule's message as a SARIF template, and the pattern that gets the arguments back out of a message."""

    template: str
    pattern: re.Pattern[str]

    def arguments(self, message: str) -> list[str] | None:
        match = self.pattern.fullmatch(message)
        return list(match.groups()) if match else None


_HOLE = lazy_regex(r"(?<!\{)\{([^{}]+)\}(?!\})")


def wording(rule: RuleInfo) -> Wording | None:
    """None for a message without a place to fill in, or with one that can't be told apart."""
    pieces = _HOLE.split(rule.message)
    literals = pieces[0::2]
    if len(literals) < 2 or any("{" in piece or "}" in piece for piece in literals) or "" in literals[1:-1]:
        return None
    template = literals[0] + "".join(f"{{{i}}}{text}" for i, text in enumerate(literals[1:]))
    pattern = re.compile("(.*?)".join(re.escape(text) for text in literals), re.DOTALL)
    return Wording(sentence(template), pattern)


def weaknesses(rule: RuleInfo) -> list[str]:
    """CWE numbers of a rule, in the order written."""
    return [s.partition(":")[2] for s in rule.standards if s.startswith("cwe:")]


def is_security(rule: RuleInfo) -> bool:
    return rule.category in _SECURITY or bool(weaknesses(rule))


def language(rule_format: str) -> str | None:
    return _LANGUAGES.get(rule_format)


def descriptor(rule: RuleInfo, taxa: dict[str, int]) -> dict[str, Any]:
    """The reportingDescriptor of a rule. `taxa` maps CWE numbers to their place in the taxonomy."""
    level = LEVELS[rule.severity]
    words = wording(rule)
    why = " ".join(rule.why.split()) or sentence(rule.title)
    fix = " ".join(rule.fix.split()) or why
    return _plain(
        sarif_om.ReportingDescriptor(
            id=rule.id,
            name=pascal(rule.id),
            short_description=_text(sentence(rule.title)),
            full_description=_text(sentence(why)),
            help=sarif_om.MultiformatMessageString(
                text=_help_text(rule, why, fix), markdown=_markdown(rule, why, fix)
            ),
            help_uri=rule_url(rule),
            message_strings={"finding": {"text": words.template}} if words else None,
            default_configuration=sarif_om.ReportingConfiguration(level=level, rank=RANKS[rule.severity]),
            relationships=[_relationship(number, taxa[number]) for number in weaknesses(rule)] or None,
            properties=_properties(rule, level),
        )
    )


def _plain(value: Any) -> dict[str, Any]:
    result: dict[str, Any] = plain(value)
    return result


def _properties(rule: RuleInfo, level: str) -> dict[str, Any]:
    tags = ["security"] if is_security(rule) else []
    tags += [tag for tag in (rule.format, rule.category) if tag and tag not in tags]
    tags += [f"external/cwe/cwe-{number}" for number in weaknesses(rule)]
    properties: dict[str, Any] = {
        "tags": tags[:10],
        "precision": _PRECISION[rule.confidence],
        "problem.severity": _PROBLEM[level],
        "category": rule.category,
        "profile": rule.profile,
    }
    if is_security(rule) and rule.severity in SECURITY_SEVERITY:
        properties["security-severity"] = SECURITY_SEVERITY[rule.severity]
    if rule.aliases:
        properties["aliases"] = list(rule.aliases)
    if rule.standards:
        properties["standards"] = list(rule.standards)
    if rule.origin != "tarecheck":
        properties["origin"] = rule.origin
    return properties


def _text(text: str) -> Any:
    return sarif_om.MultiformatMessageString(text=clip(text))


def clip(text: str) -> str:
    """Within the length that consumers accept for descriptions, cut at a word."""
    if len(text) <= _TEXT_LIMIT:
        return text
    return text[: _TEXT_LIMIT - 2].rsplit(" ", 1)[0].rstrip(".,;:") + "…."


def sentence(text: str) -> str:
    folded = " ".join(text.split())
    return folded if folded.endswith((".", "!", "?")) else folded + "."


def pascal(rule_id: str) -> str:
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", rule_id) if part]
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return name if len(parts) > 1 else f"{name}Rule"  # a name must differ from the id in more than case


def _help_text(rule: RuleInfo, why: str, fix: str) -> str:
    return f"{sentence(rule.title)} {sentence(why)} Fix: {sentence(fix)}"


def _markdown(rule: RuleInfo, why: str, fix: str) -> str:
    parts = [f"**{sentence(rule.title)}**", why, f"**Fix.** {fix}"]
    good = next((text for kind, text in rule.examples if kind == "good"), "")
    bad = next((text for kind, text in rule.examples if kind == "bad"), "")
    parts += [
        f"{title}:\n\n{fence(code, rule.format)}" for title, code in (("Flawed", bad), ("Good", good)) if code
    ]
    if rule.references:
        parts.append("\n".join(f"- <{url}>" for url in rule.references))
    if rule.aliases:
        parts.append("Known elsewhere as " + ", ".join(f"`{alias}`" for alias in rule.aliases) + ".")
    return "\n\n".join(parts) + "\n"


def fence(code: str, rule_format: str) -> str:
    """A fenced block that the code can't close."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{_LANGUAGES.get(rule_format, '')}\n{code.rstrip()}\n{ticks}"


def _relationship(number: str, index: int) -> Any:
    component = sarif_om.ToolComponentReference(name="CWE", guid=TAXONOMY_GUID, index=0)
    target = sarif_om.ReportingDescriptorReference(id=f"CWE-{number}", index=index, tool_component=component)
    return sarif_om.ReportingDescriptorRelationship(target=target, kinds=["superset"])


def taxonomy(numbers: list[str]) -> dict[str, Any]:
    """The weaknesses that the rules refer to, as a taxonomy with a fixed identity."""
    return _plain(
        sarif_om.ToolComponent(
            name="CWE",
            version=cwe.VERSION,
            guid=TAXONOMY_GUID,
            organization="MITRE",
            information_uri="https://cwe.mitre.org/data/index.html",
            is_comprehensive=False,
            minimum_required_localized_data_semantic_version=cwe.VERSION,
            short_description=_text("The MITRE Common Weakness Enumeration."),
            taxa=[
                sarif_om.ReportingDescriptor(
                    id=f"CWE-{number}",
                    name=pascal(cwe.name(number)),
                    short_description=_text(sentence(cwe.name(number))),
                    help_uri=cwe_url(number),
                )
                for number in numbers
            ],
        )
    )
