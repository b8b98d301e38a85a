"""The JSON Schema of a rule file: the one description of the format, for the loader, editors and the docs."""

from __future__ import annotations

from typing import Any

from linter.finding import CATEGORIES
from linter.formats.classify import FORMATS

SCHEMA_ID = "https://tarecheck.dev/schema/rule.schema.json"
ALIAS_TOOLS = (
    "trivy",
    "checkov",
    "kube-linter",
    "kube-score",
    "polaris",
    "kubescape",
    "hadolint",
    "buildkit",
    "terrascan",
    "tfsec",
    "tflint",
    "tarecheck",  # a name of ours for the same check
)
SEVERITIES = ("critical", "high", "medium", "low", "info")

_TEXT = {"type": "string", "minLength": 1}
_PATH = {
    "type": "string",
    "pattern": r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_-]*|\[[0-9]+\]|\[\"[^\"]+\"\])*$",
}
_NAMES = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}

_EXAMPLE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "bad": {"description": "Text in which the rule finds its flaw.", "type": ["string", "object"]},
        "good": {"description": "Text in which it finds nothing.", "type": ["string", "object"]},
        "unknown": {"description": "Text for which it can have no verdict.", "type": ["string", "object"]},
        "finds": {
            "description": "The exact text under the span of the finding; a list for several findings.",
            "oneOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
        },
        "file": {
            "description": "File name of the example, where the format's usual one does not fit.",
            **_TEXT,
        },
        "fixed": {"description": "The text after the autofix.", **_TEXT},
        "params": {"description": "Parameters that differ from their defaults.", "type": "object"},
        "why": {"description": "What the example shows.", **_TEXT},
    },
    "oneOf": [
        {"required": ["bad", "finds"]},
        {"required": ["good"], "not": {"required": ["finds"]}},
        {"required": ["unknown"], "not": {"required": ["finds"]}},
    ],
}

RULE_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": SCHEMA_ID,
    "title": "tarecheck rule",
    "type": "object",
    "additionalProperties": False,
    "required": [
        "id",
        "title",
        "category",
        "severity",
        "confidence",
        "for",
        "when",
        "message",
        "why",
        "fix",
        "examples",
    ],
    "properties": {
        "id": {
            "description": "Names the flaw in kebab-case; the file name.",
            "type": "string",
            "pattern": r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        },
        "title": {
            "description": "What is wrong, in one line without a period.",
            "type": "string",
            "minLength": 5,
            "maxLength": 100,
        },
        "category": {"enum": list(CATEGORIES)},
        "severity": {"enum": list(SEVERITIES)},
        "confidence": {
            "description": "How likely a finding is true on real code.",
            "enum": ["high", "medium", "low"],
        },
        "profile": {
            "description": "`strict` rules run when asked for, `named` ones by their id, a peer's or a standard only.",
            "enum": ["default", "strict", "named"],
            "default": "default",
        },
        "format": {
            "description": "The input language; the folder's name where it is not said.",
            "enum": list(FORMATS),
        },
        "for": {
            "description": "The subject: fixes which names the condition sees (`tarecheck rules fields`).",
            **_TEXT,
        },
        "types": {
            "description": "Only subjects of these kinds: manifest kinds, resource types, instruction keywords.",
            **_NAMES,
        },
        "each": {
            "description": "`name in path`: judge every element of a list, `name` bound to it.",
            "type": "string",
            "pattern": r"^[A-Za-z_][A-Za-z0-9_]* in .+$",
        },
        "when": {
            "description": "CEL condition: true is a finding, false passes, unknown is counted.",
            **_TEXT,
        },
        "at": {
            "description": "Path whose place the finding points at; of several the first that is present.",
            "oneOf": [_PATH, {"type": "array", "items": _PATH, "minItems": 1}],
        },
        "related": {
            "description": "Other places that belong to the finding.",
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["at", "message"],
                "properties": {"at": _TEXT, "message": _TEXT},
            },
        },
        "message": {"description": "One sentence with a period; `{expression}` is replaced.", **_TEXT},
        "why": {"description": "What goes wrong, for whom.", **_TEXT},
        "fix": {"description": "What to write instead.", **_TEXT},
        "edit": {
            "description": "The autofix.",
            "type": "object",
            "additionalProperties": False,
            "required": ["safe"],
            "properties": {
                "set": _PATH,
                "to": {},
                "copy": _PATH,
                "from": _TEXT,
                "remove": _PATH,
                "replace": _PATH,
                "pattern": _TEXT,
                "with": {"type": "string"},
                "append": _PATH,
                "item": {},
                "safe": {"description": "Never changes what a correct file does.", "type": "boolean"},
                "description": _TEXT,
            },
            "oneOf": [
                {"required": ["set", "to"]},
                {"required": ["copy", "from"]},
                {"required": ["remove"]},
                {"required": ["replace", "pattern", "with"]},
                {"required": ["append", "item"]},
            ],
        },
        "supersedes": {
            "description": "Rules that say less of the same subject: their findings there are marked as duplicates.",
            **_NAMES,
        },
        "throughout": {
            "description": "It supersedes the others wherever in the object they stand, not at the same part alone.",
            "type": "boolean",
            "default": False,
        },
        "outranks": {
            "description": "Rules that say less of the very same place: as `supersedes`, but there alone.",
            **_NAMES,
        },
        "standards": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^[a-z0-9-]+:\S.*$"},
            "uniqueItems": True,
        },
        "aliases": {
            "description": "The same check in other tools, `tool:id`.",
            "type": "array",
            "items": {"type": "string", "pattern": rf"^({'|'.join(ALIAS_TOOLS)}):\S+$"},
            "uniqueItems": True,
        },
        "exact": {
            "description": "Its aliases mean this rule: who selects one gets no wider rule that has it too.",
            "type": "boolean",
            "default": False,
        },
        "once": {
            "description": "Told once a project, at the first place, with the number of the others.",
            "type": "boolean",
            "default": False,
        },
        "hygiene": {
            "description": "Asks for what a manifest works without, and examples leave out: not told there.",
            "type": "boolean",
            "default": False,
        },
        "moot_if": {
            "description": "What other files may say of an object to set a finding aside.",
            "type": "array",
            "items": {
                "enum": [
                    "unasked",
                    "unbound",
                    "had_anyway",
                    "of_own_secrets",
                    "bound_within",
                    "scaffold",
                    "own_user",
                    "built_here",
                    "scaled_down",
                    "demo",
                    "started",
                    "whole_node",
                    "entered",
                    "for_node",
                    "memory_given",
                    "sent_on",
                    "api_gone",
                    "given_masked",
                    "only_base",
                    "run_as_others",
                    "small",
                ]
            },
            "minItems": 1,
            "uniqueItems": True,
        },
        "explained_by": {
            "description": "Words of which a comment that explains a finding has one: `host network`, `runAs*`.",
            "type": "array",
            "items": {"type": "string", "pattern": r"^\w[\w *-]*$"},
            "minItems": 1,
            "uniqueItems": True,
        },
        "references": {
            "type": "array",
            "items": {"type": "string", "pattern": "^https?://"},
            "uniqueItems": True,
        },
        "tags": _NAMES,
        "notes": {
            "description": "For maintainers: why it differs from peers or from the catalogue.",
            **_TEXT,
        },
        "since": {
            "description": "The release that brought it; none stands for the first, 0.1.0.",
            "type": "string",
            "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$",
        },
        "params": {
            "description": "Named values that the configuration may change; `params.name` in the condition.",
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["type", "default", "doc"],
                "properties": {
                    "type": {"enum": ["int", "string", "bool", "double", "list(string)", "list(int)"]},
                    "default": {},
                    "doc": _TEXT,
                },
            },
        },
        "examples": {"type": "array", "items": _EXAMPLE, "minItems": 2},
    },
}
