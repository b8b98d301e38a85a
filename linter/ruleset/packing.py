"""Rules as plain data that `marshal` can write, and back."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from linter.cel import Function, Program, Template
from linter.finding import RuleInfo
from linter.formats.classify import FORMATS
from linter.ruleset.branches import Branches
from linter.ruleset.infos import pack_info
from linter.ruleset.model import Each, EditSpec, Param, Path, RelatedPlace, Rule
from linter.ruleset.params import ParamValues


class PackedTemplate:
    """A message as it was packed; most rules find nothing, so it is loaded when it is first rendered."""

    __slots__ = ("_data", "_functions", "_template")

    def __init__(self, data: bytes, functions: Sequence[Function]) -> None:
        self._data = data
        self._functions = functions
        self._template: Template | None = None

    def render(self, *args: Any, quote: Callable[[str], str] | None = None) -> str:
        if self._template is None:
            self._template = Template.load(self._data, self._functions)
        return self._template.render(*args, quote=quote)

    def dump(self) -> bytes:
        return self._data


class PackedRule:
    """A rule as it was packed: what it is asked about is at hand, the rest is unpacked when it is asked."""

    __slots__ = ("_functions", "_infos", "_row", "_rule", "id", "subject", "types")

    def __init__(
        self, row: Sequence[Any], infos: Mapping[str, RuleInfo], functions: tuple[Function, ...]
    ) -> None:
        self.id: str = row[0]
        self.subject: str = row[1]
        self.types = frozenset(row[2])
        self._row = row
        self._infos = infos
        self._functions = functions
        self._rule: Rule | None = None

    def rule(self) -> Rule:
        if self._rule is None:
            self._rule = unpack_rule(self._row, self._infos, self._functions)
        return self._rule


def pack(rules: Iterable[Rule], homes: Mapping[str, int]) -> dict[str, Any]:
    """Rules as data that `marshal` can write. `homes` has the number of the folder that each came from."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    return {
        "infos": [
            (
                r.id,
                r.info.profile,
                r.info.format,
                pack_info(r.info),
                r.tags,
                {n: (p.type, p.default, p.doc) for n, p in r.param_specs.items()},
                r.supersedes,
                r.outranks,
                homes[r.id],
            )
            for r in ordered
        ],
        "formats": {name: _by_profile([r for r in ordered if r.info.format == name]) for name in FORMATS},
    }


def _by_profile(rules: Sequence[Rule]) -> dict[str, bytes]:
    """Rules of one format, those of each profile apart: most runs want those of the first alone."""
    found: dict[str, list[Any]] = {}
    for rule in rules:
        found.setdefault(rule.info.profile, []).append(pack_rule(rule))
    return {profile: marshal.dumps(rows) for profile, rows in found.items()}


def pack_rule(rule: Rule) -> tuple[Any, ...]:
    each, edit = rule.each, rule.edit
    return (
        rule.id,
        rule.subject,
        tuple(rule.types),
        rule.when.dump(),
        tuple((p.root, p.steps) for p in rule.at),
        rule.message.dump(),
        None if each is None else (each.name, each.source.dump(), _pack_path(each.path)),
        tuple((r.source.dump(), _pack_path(r.path), r.message.dump()) for r in rule.related),
        None if edit is None else _pack_edit(edit),
        {name: (spec.type, spec.default, spec.doc) for name, spec in rule.param_specs.items()},
        rule.tags,
        rule.notes,
        rule.source,
        rule.supersedes,
        None if rule.branches is None else rule.branches.dump(),
        rule.outranks,
    )


def _pack_path(path: Path | None) -> tuple[Any, ...] | None:
    return None if path is None else (path.root, path.steps)


def _unpack_path(row: Any) -> Path | None:
    return None if row is None else Path(*row)


def _pack_edit(edit: EditSpec) -> tuple[Any, ...]:
    arguments = {k: _pack_path(v) if isinstance(v, Path) else v for k, v in edit.arguments.items()}
    return (edit.operation, _pack_path(edit.path), arguments, edit.safe, edit.description)


def _unpack_edit(row: Any) -> EditSpec:
    arguments = {k: Path(*v) if k == "from" else v for k, v in row[2].items()}
    return EditSpec(row[0], Path(*row[1]), arguments, row[3], row[4])


def unpack_rule(row: Sequence[Any], infos: Mapping[str, RuleInfo], functions: tuple[Function, ...]) -> Rule:
    each, related, edit = row[6], row[7], row[8]
    specs = {name: Param(*spec) for name, spec in row[9].items()}
    return Rule(
        info=infos[row[0]],
        subject=row[1],
        types=frozenset(row[2]),
        when=Program.load(row[3], functions),
        at=tuple(Path(*path) for path in row[4]),
        message=PackedTemplate(row[5], functions),
        each=None if each is None else Each(each[0], Program.load(each[1], functions), _unpack_path(each[2])),
        related=tuple(
            RelatedPlace(Program.load(r[0], functions), _unpack_path(r[1]), Template.load(r[2], functions))
            for r in related
        ),
        edit=None if edit is None else _unpack_edit(edit),
        param_specs=specs,
        params=ParamValues(**{name: spec.default for name, spec in specs.items()}),
        tags=row[10],
        notes=row[11],
        source=row[12],
        supersedes=row[13],
        outranks=row[15],
        branches=None if row[14] is None else Branches(None, row[14], functions),
    )
