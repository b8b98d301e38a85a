"""A page for every rule, and lists of rules by format, category and standard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from docs_build.markdown import code, fenced, prose, table
from docs_build.marked import block
from linter.finding import CATEGORIES, FIRST_RELEASE, Finding, RuleInfo
from linter.formats.classify import FORMATS
from linter.reporters.cwe import NAMES as CWE_NAMES
from linter.ruleset.builtin import BUILTIN_RULES
from linter.ruleset.examples import examples_of, run_example
from linter.ruleset.files import builtin_directory, rule_files
from linter.ruleset.load import load_files
from linter.ruleset.model import Example, Rule
from linter.ruleset.select import PROFILES

LANGUAGE = {"dockerfile": "docker", "kubernetes": "yaml", "terraform": "terraform", "compose": "yaml"}
NAMES = {
    "dockerfile": "Dockerfile",
    "kubernetes": "Kubernetes",
    "terraform": "Terraform",
    "compose": "Compose",
    "any": "Any file",
}
_FAKE = re.compile(r"\$\{\{\s*fake:([a-z0-9-]+)(?::\d+)?\s*\}\}")


@cache
def rule_paths() -> dict[str, Path]:
    return {path.stem: path for path in rule_files(builtin_directory())}


@cache
def all_rules() -> dict[str, tuple[Rule, str]]:
    """id -> the rule and the text of its file. A rule file with an error ends the build."""
    loaded, errors = load_files(list(rule_paths().values()))
    if errors:
        raise ValueError("\n".join(str(error) for error in errors))
    return {
        rule.id: (rule, rule_paths()[rule.id].read_text(encoding="utf-8"))
        for rule in sorted(loaded, key=lambda rule: rule.id)
    }


@cache
def all_infos() -> tuple[RuleInfo, ...]:
    infos = [*BUILTIN_RULES, *(rule.info for rule, _ in all_rules().values())]
    return tuple(sorted(infos, key=lambda info: info.id))


def pages() -> dict[str, str]:
    """Path -> Markdown of every page about rules."""
    result = {f"rules/{info.id}.md": _page(info) for info in all_infos()}
    result["rules/index.md"] = _index()
    for name in [*FORMATS, "any"]:
        result[f"rules/by/{name}.md"] = _list(NAMES[name], [i for i in all_infos() if i.format == name])
    for category in CATEGORIES:
        title = category.replace("-", " ").capitalize()
        result[f"rules/by/{category}.md"] = _list(title, [i for i in all_infos() if i.category == category])
    result["rules/standards.md"] = _standards()
    return result


_WHEN = {"default": "runs by default", "strict": "strict profile only", "named": "only when selected by name"}


def counts(folder: str = "rules/") -> str:
    """How many rules there are, by format and profile, for a page that has the rules in `folder`."""
    rows: list[tuple[str, ...]] = []
    for name in [*FORMATS, "any"]:
        of = [info.profile for info in all_infos() if info.format == name]
        numbers = [*(of.count(profile) for profile in PROFILES), len(of)]
        rows.append((f"[{NAMES[name]}]({folder}by/{name}.md)", *map(str, numbers)))
    total = [sum(int(row[i]) for row in rows) for i in range(1, len(PROFILES) + 2)]
    rows.append(("all", *(str(n) for n in total)))
    return table(("", "default", "strict only", "by name only", "all"), rows)


def _index() -> str:
    lines = [
        "---\nhide: [toc]\n---\n# Rules\n",
        "A rule of the default profile runs without being asked for; strict ones run with `--profile strict` "
        "or when selected, and those by name only when their id, or that of another linter's check that they answer to the letter, is selected.\n",
        counts(""),
        "By category: "
        + " · ".join(
            f"[{c.replace('-', ' ')}](by/{c}.md) ({sum(i.category == c for i in all_infos())})"
            for c in CATEGORIES
        )
        + "\n",
        "By [standard](standards.md). By the id of another linter: [migrating](../guides/migrating.md).\n",
        "## All\n",
        _rows(all_infos(), ""),
    ]
    return "\n".join(lines)


def _list(title: str, infos: list[RuleInfo]) -> str:
    return f"---\nhide: [toc]\n---\n# {title}: {len(infos)} rules\n\n" + _rows(infos, "../")


def _rows(infos: Iterable[RuleInfo], up: str) -> str:
    order = sorted(infos, key=lambda info: (-info.severity, info.id))
    return table(
        ("rule", "severity", "what it finds", "format", "profile"),
        (
            (
                f"[{info.id}]({up}{info.id}.md)",
                _badge(info.severity.label),
                prose(info.title),
                info.format,
                info.profile,
            )
            for info in order
        ),
    )


def _badge(severity: str) -> str:
    return f'<span class="sev sev-{severity}">{severity}</span>'


def _page(info: RuleInfo) -> str:
    return "\n".join(_parts(info)) + "\n"


def _parts(info: RuleInfo) -> Iterator[str]:
    yield f"---\ntitle: {info.id}\nhide: [navigation]\n---\n# {prose(info.title)}\n"
    yield (
        f"`{info.id}` {_badge(info.severity.label)} {info.confidence.label} confidence · "
        f"[{info.category}](by/{info.category}.md) · [{NAMES[info.format]}](by/{info.format}.md) "
        f"{info.subject} · {_WHEN[info.profile]} · "
        f"since {info.since or FIRST_RELEASE}\n"
    )
    yield f"> {prose(info.message)}\n"
    yield f"## Why it matters\n\n{prose(info.why)}\n"
    yield f"## What to do\n\n{prose(info.fix)}\n"
    if info.id in all_rules():
        yield from _of_file(*all_rules()[info.id])
    yield from _configuration(info)
    yield from _elsewhere(info)


def _of_file(rule: Rule, text: str) -> Iterator[str]:
    yield "## Example\n"
    shown: set[str] = set()
    for example in examples_of(rule_paths()[rule.id], rule):
        if example.kind in shown:
            continue
        shown.add(example.kind)
        title = {"bad": "Wrong", "good": "Right", "unknown": "No verdict"}[example.kind]
        body = "\n".join(_files(rule, example))
        yield f'=== "{title}"\n\n' + "\n".join(f"    {line}" if line else "" for line in body.splitlines())
        yield ""
    if rule.edit is not None:
        safe = "safe" if rule.edit.safe else "unsafe: read what it changes"
        yield f"An automatic fix exists ({safe}).\n"
    yield "## How it decides\n"
    yield fenced(_condition(text), "yaml")
    yield f"[What a rule for `{rule.subject}` can ask](../reference/models/{rule.info.format}.md).\n"
    if rule.supersedes:
        links = ", ".join(f"[{other}]({other}.md)" for other in rule.supersedes)
        yield f"Where it fires, findings of {links} on the same subject are not shown.\n"
    if rule.outranks:
        links = ", ".join(f"[{other}]({other}.md)" for other in rule.outranks)
        yield f"Where it fires, findings of {links} at the very same place are not shown.\n"
    if rule.notes:
        yield f"## Notes\n\n{prose(rule.notes)}\n"


def _files(rule: Rule, example: Example) -> Iterator[str]:
    found: list[Finding] = []
    texts: Mapping[str, str] = example.files
    if example.kind == "bad":
        outcome, texts = run_example(rule, example)
        found = outcome.findings
    for name, original in example.files.items():
        if len(example.files) > 1:
            yield f"`{name}`\n"
        places = [f.location for f in found if f.location.path == name]
        shown = _FAKE.sub(lambda m: f"<{m.group(1)}>", original)
        if original == texts[name]:
            spans = [(place.start, place.end) for place in places]
        else:  # the built value has another length: mark the whole line
            spans = [_line(shown, place.line) for place in places]
        yield block(shown, LANGUAGE[rule.info.format], spans)


def _line(text: str, number: int) -> tuple[int, int]:
    lines = text.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: number - 1])
    line = lines[number - 1] if number <= len(lines) else ""
    return start + len(line) - len(line.lstrip()), start + len(line.rstrip())


def _condition(text: str) -> str:
    """The lines of the rule file that decide, as they are written."""
    keep, wanted = [], False
    for line in text.splitlines():
        if line and not line[0].isspace():
            wanted = line.split(":")[0] in ("for", "types", "each", "when", "at", "edit")
        if wanted:
            keep.append(line)
    return "\n".join(keep)


def _configuration(info: RuleInfo) -> Iterator[str]:
    rule = all_rules()[info.id][0] if info.id in all_rules() else None
    specs = rule.param_specs if rule else {}
    yield "## Configuration\n"
    lines = ["rules:", f"  {info.id}:", "    severity: low            # or any other"]
    lines += ['    ignore: ["research/**"]  # paths whose findings are suppressed']
    if specs:
        lines.append("    params:")
        lines += [f"      {name}: {spec.default}" for name, spec in specs.items() if _plain(spec.default)]
        if lines[-1] == "    params:":
            lines.pop()
    yield fenced("\n".join(lines), "yaml", "tarecheck.yaml")
    if specs:
        yield table(
            ("parameter", "type", "default", "meaning"),
            ((code(n), s.type, code(s.default), prose(s.doc)) for n, s in specs.items()),
        )
    yield f"To suppress one finding: `# tarecheck: ignore[{info.id}] the reason`. See [suppressions](../guides/suppressions.md).\n"


def _plain(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value.isalnum())


def _elsewhere(info: RuleInfo) -> Iterator[str]:
    if info.aliases:
        yield "## The same check elsewhere\n"
        yield table(("tool", "id"), (tuple(_alias(alias)) for alias in info.aliases))
    if info.standards:
        yield "## Standards\n"
        yield "\n".join(f"- {_standard(name)}" for name in info.standards) + "\n"
    if info.references:
        yield "## References\n"
        yield "\n".join(f"- <{url}>" for url in info.references) + "\n"


def _alias(alias: str) -> Iterator[str]:
    tool, _, name = alias.partition(":")
    yield tool if tool == "tarecheck" else f"[{tool}](../guides/migrating.md)"
    yield code(name)


def _standard(name: str) -> str:
    family, _, number = name.partition(":")
    if family == "cwe":
        title = CWE_NAMES.get(number, "")
        return f"[CWE-{number}](https://cwe.mitre.org/data/definitions/{number}.html) {prose(title)}"
    return code(name)


def _standards() -> str:
    found: dict[str, list[RuleInfo]] = {}
    for info in all_infos():
        for name in info.standards:
            found.setdefault(name, []).append(info)
    families = Counter(name.partition(":")[0] for name in found)
    lines = ["# Rules by standard\n", "Select one with `--select pss:restricted`.\n"]
    for family in sorted(families):
        lines.append(f"## {family}\n")
        names = sorted((n for n in found if n.partition(":")[0] == family), key=_natural)
        rows = [(_standard(n), ", ".join(f"[{i.id}]({i.id}.md)" for i in found[n])) for n in names]
        lines.append(table(("", "rules"), rows))
    return "\n".join(lines)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
