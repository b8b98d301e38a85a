"""The compiled rule set: parsing and checking hundreds of rule files at every start would cost a second.

Like Python's own .pyc files: keyed by everything that went in, safe to delete, rebuilt when anything is off.
The file holds code objects, so it is used only when it belongs to the user and nobody else can write it.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from linter import __version__
from linter.cel import Function, Program, Template
from linter.errors import RuleError
from linter.finding import Confidence, RuleInfo, Severity
from linter.formats.classify import FORMATS, load_format
from linter.ruleset.builtin import BUILTIN_RULES
from linter.ruleset.files import builtin_directory, rule_files
from linter.ruleset.model import Each, EditSpec, Param, Path, RelatedPlace, Rule
from linter.ruleset.params import ParamValues

FORMAT_VERSION = 2  # of the file's layout


class RuleSet:
    """All rules, by id; those of a format are unpacked when the format is first met."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._packed = packed
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self.infos: dict[str, RuleInfo] = {info.id: info for info in BUILTIN_RULES}
        self.tags: dict[str, tuple[str, ...]] = {}
        self.param_specs: dict[str, dict[str, Param]] = {}
        for row in packed["infos"]:
            info = unpack_info(row[0])
            self.infos[info.id] = info
            self.tags[info.id] = row[1]
            if row[2]:
                self.param_specs[info.id] = {name: Param(*spec) for name, spec in row[2].items()}
        self.infos = dict(sorted(self.infos.items()))

    def rules(self, format_name: str) -> tuple[Rule, ...]:
        """The compiled rules of one format, in order of id."""
        found = self._rules.get(format_name)
        if found is None:
            data = self._packed["formats"].get(format_name)
            functions = load_format(format_name).functions if data else ()
            rows = marshal.loads(data) if data else ()  # noqa: S302 - our own file, ownership checked
            found = tuple(unpack_rule(row, self.infos, functions) for row in rows)
            self._rules[format_name] = found
        return found


def load_ruleset(
    directories: Sequence[FilePath] = (), cache: FilePath | None = None
) -> tuple[RuleSet, list[RuleError]]:
    """Our rules and those of the given folders; the errors of the files that could not be loaded."""
    roots = [builtin_directory(), *directories]
    files = [(path, root) for root in roots for path in rule_files(root)]
    name = f"rules-{_key(files)}.bin"
    if cache is not None:
        packed = _read(cache / name)
        if packed is not None:
            return RuleSet(packed), []
    packed, errors = _pack_all(roots)
    if cache is not None and not errors:
        _write(cache / name, packed)
    return RuleSet(packed), errors


def default_cache_directory(environ: Mapping[str, str] = os.environ) -> FilePath:
    base = environ.get("XDG_CACHE_HOME")
    return (FilePath(base) if base else FilePath.home() / ".cache") / "tarecheck"


def _key(files: Iterable[tuple[FilePath, FilePath]]) -> str:
    digest = hashlib.sha256(f"{FORMAT_VERSION} {__version__} {sys.implementation.cache_tag}".encode())
    package = FilePath(__file__).resolve().parent.parent
    # the compiler and the models decide what compiled code means
    sources = [
        p for folder in ("cel", "formats", "ruleset") for p in sorted((package / folder).rglob("*.py"))
    ]
    for path in [*sources, *(path for path, _ in files)]:
        info = path.stat()
        digest.update(f"{path}\0{info.st_size}\0{info.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _pack_all(roots: Sequence[FilePath]) -> tuple[dict[str, Any], list[RuleError]]:
    from linter.ruleset.load import (
        load_files,  # brings the compiler and jsonschema: only when the cache is stale
    )

    errors: list[RuleError] = []
    rules: dict[str, Rule] = {}
    for root in roots:
        loaded, found = load_files(rule_files(root), root.parent)
        errors += found
        for rule in loaded:
            if rule.id in rules:
                errors.append(
                    RuleError(
                        rule.source, 1, 1, f"rule '{rule.id}' exists already in {rules[rule.id].source}"
                    )
                )
            else:
                rules[rule.id] = rule
    return pack(rules.values()), errors


def pack(rules: Iterable[Rule]) -> dict[str, Any]:
    """Rules as data that `marshal` can write."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    return {
        "infos": [
            (pack_info(r.info), r.tags, {n: (p.type, p.default, p.doc) for n, p in r.param_specs.items()})
            for r in ordered
        ],
        "formats": {
            name: marshal.dumps([pack_rule(rule) for rule in ordered if rule.info.format == name])
            for name in FORMATS
        },
    }


def _read(path: FilePath) -> dict[str, Any] | None:
    try:
        with path.open("rb") as stream:
            info = os.fstat(stream.fileno())
            if hasattr(os, "getuid") and (
                info.st_uid != os.getuid() or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            ):
                return None
            data = stream.read()
    except OSError:
        return None
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        return None
    loaded = marshal.loads(body)  # noqa: S302 - our own file, ownership and digest checked
    return loaded if isinstance(loaded, dict) else None


def _write(path: FilePath, packed: dict[str, Any]) -> None:
    body = marshal.dumps(packed)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".rules-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(body).digest() + body)
        os.replace(temporary, path)
        for old in path.parent.glob("rules-*.bin"):
            if old != path and old.stat().st_mtime < path.stat().st_mtime - 86400:
                old.unlink(missing_ok=True)
    except OSError:
        return  # a cache that can't be written costs time, nothing else


def pack_info(info: RuleInfo) -> tuple[Any, ...]:
    return (
        info.id, info.title, info.category, int(info.severity), int(info.confidence), info.profile, info.format,
        info.subject, info.why, info.fix, info.message, info.aliases, info.standards, info.references, info.examples,
    )  # fmt: skip


def unpack_info(row: Sequence[Any]) -> RuleInfo:
    return RuleInfo(row[0], row[1], row[2], Severity(row[3]), Confidence(row[4]), *row[5:])


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
        message=Template.load(row[5], functions),
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
    )
