"""SARIF 2.1.0, for code scanning and audits: one run, written result by result so that memory stays flat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, TextIO
from urllib.parse import quote

import sarif_om

from linter.finding import Finding, Report, RuleInfo
from linter.frozen import dataclass
from linter.reporters import sarif_rules, tally
from linter.reporters.line_hash import line_hashes
from linter.reporters.options import Options
from linter.reporters.sarif_model import plain
from linter.reporters.sarif_notices import invocation
from linter.reporters.sarif_result import Context, result
from linter.reporters.sarif_tool import rules_of, tool, weaknesses
from linter.reporters.visible import quiet

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


def write(report: Report, stream: TextIO, options: Options) -> None:
    """What counts, or with `sarif_suppressed=include` everything, marked; at most `sarif_limit` results."""
    findings, dropped = _chosen(report, options)
    rules = rules_of(report, findings)
    numbers = weaknesses(rules)
    files = _Files.of(findings, rules, options)
    context = Context(
        rules={rule.id: index for index, rule in enumerate(rules)},
        infos={rule.id: rule for rule in rules},
        artifacts=files.locations,
        hashes=files.hashes,
        texts=files.texts,
        baseline=options.baseline,
    )
    stream.write(f'{{\n"$schema": {_dump(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n')
    stream.write(f'"tool": {tool(report, rules, numbers)},\n')
    stream.writelines(
        f'"{name}": {_dump(value)},\n'
        for name, value in _properties(report, options, dropped, files, numbers)
    )
    stream.write('"results": [')
    comma = "\n"
    for finding in findings:
        stream.write(comma + _dump(plain(result(finding, context))))
        comma = ",\n"
    stream.write("\n]\n}]\n}\n" if comma != "\n" else "]\n}]\n}\n")


def _dump(value: object) -> str:
    return quiet(_ENCODE(value))


def _chosen(report: Report, options: Options) -> tuple[list[Finding], int]:
    """The findings to write in the one order, and how many the limit dropped (the least severe)."""
    found = list(tally.shown(report, options.sarif_suppressed == "include"))
    if not options.sarif_limit or len(found) <= options.sarif_limit:
        return found, 0
    kept = {id(f) for f in tally.worst_first(found)[: options.sarif_limit]}
    return [f for f in found if id(f) in kept], len(found) - options.sarif_limit


def _properties(
    report: Report, options: Options, dropped: int, files: _Files, numbers: list[str]
) -> Iterator[tuple[str, Any]]:
    """Everything of a run but the tool and the results."""
    yield "invocations", [plain(invocation(report, options, dropped))]
    if options.sarif_category:
        category = options.sarif_category.strip("/")
        details = sarif_om.RunAutomationDetails(
            id=f"tarecheck/{category}/", description=sarif_om.Message(text=f"tarecheck over '{category}'.")
        )
        yield "automationDetails", plain(details)
    yield "originalUriBaseIds", {_ROOT: {"description": {"text": "Root of the scanned tree."}}}
    if options.provenance is not None and not options.reproducible:
        source = options.provenance
        version = sarif_om.VersionControlDetails(
            repository_uri=source.repository,
            revision_id=source.revision or None,
            branch=source.branch or None,
            mapped_to=sarif_om.ArtifactLocation(uri_base_id=_ROOT),
        )
        yield "versionControlProvenance", [plain(version)]
    yield "columnKind", "unicodeCodePoints"
    yield "artifacts", files.artifacts
    if numbers:
        yield "taxonomies", [sarif_rules.taxonomy(numbers)]


@dataclass(frozen=True, slots=True)
class _Files:
    """What is known of the files with results."""

    artifacts: list[dict[str, Any]]
    locations: dict[str, dict[str, Any]]  # path -> artifactLocation
    hashes: dict[tuple[str, int], str]  # (path, line) -> line hash
    texts: dict[str, bytes]  # only those that a fix edits

    @classmethod
    def of(cls, findings: list[Finding], rules: list[RuleInfo], options: Options) -> _Files:
        formats = {rule.id: rule.format for rule in rules}
        lines: dict[str, set[int]] = {}
        languages: dict[str, str | None] = {}
        edited: set[str] = set()
        for finding in findings:
            path = finding.location.path
            lines.setdefault(path, set()).add(finding.location.line)
            if not languages.get(path):
                languages[path] = sarif_rules.language(formats[finding.rule])
            if finding.fix is not None and finding.fix.safe:
                edited.update(edit.path for edit in finding.fix.edits)
        files = cls([], {}, {}, {})
        for path in _paths(findings, lines):
            files._add(path, languages.get(path), lines.get(path, set()), path in edited, options)
        return files

    def _add(self, path: str, language: str | None, lines: set[int], edited: bool, options: Options) -> None:
        data = options.read_bytes(path) if options.read_bytes is not None else None
        uri = quote(path, errors="surrogatepass")
        self.locations[path] = {"uri": uri, "uriBaseId": _ROOT, "index": len(self.artifacts)}
        artifact = sarif_om.Artifact(
            location={"uri": uri, "uriBaseId": _ROOT}, source_language=language, roles=["analysisTarget"]
        )
        if data is not None:
            artifact.length = len(data)
            artifact.hashes = {"sha-256": hashlib.sha256(data).hexdigest()}
            for line, value in line_hashes(data.decode("utf-8", "replace"), lines).items():
                self.hashes[path, line] = value
            if edited:
                self.texts[path] = data
        self.artifacts.append(plain(artifact))


def _paths(findings: list[Finding], lines: dict[str, set[int]]) -> list[str]:
    """Paths in a stable order: those with results, then those that only related places and fixes name."""
    others = {r.location.path for f in findings for r in f.related}
    others |= {edit.path for f in findings if f.fix is not None and f.fix.safe for edit in f.fix.edits}
    return [*lines, *sorted(others - set(lines))]
