"""Rule files -> rules. Every error says file, line, column and, where there is one, the nearest right name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from linter import cel
from linter.cel import CelError, Environment, Program, Template, suggest
from linter.errors import RuleError
from linter.finding import Confidence, RuleInfo, Severity, written_examples
from linter.formats.classify import FORMATS, load_format
from linter.formats.document import Format, SubjectKind
from linter.formats.model import Model
from linter.formats.ruletypes import message_type
from linter.ruleset.branches import branches
from linter.ruleset.located import Located
from linter.ruleset.model import Each, EditSpec, Example, Param, Path, RelatedPlace, Rule
from linter.ruleset.params import ParamValues, check_value, param_type
from linter.ruleset.schema import RULE_SCHEMA

_EXAMPLE_KINDS = ("bad", "good", "unknown")


def load_file(path: FilePath, shown: str | None = None) -> Rule:
    """Read, validate and compile one rule file; raises `RuleError`."""
    return Loader().load(path, shown or path.as_posix())


def load_files(paths: Iterable[FilePath], root: FilePath | None = None) -> tuple[list[Rule], list[RuleError]]:
    """Load many files; a broken one does not hide the errors of the others. Ids must be unique."""
    loader = Loader()
    rules: dict[str, Rule] = {}
    errors: list[RuleError] = []
    for path in paths:
        shown = (
            path.relative_to(root).as_posix()
            if root is not None and path.is_relative_to(root)
            else path.as_posix()
        )
        try:
            rule = loader.load(path, shown)
        except RuleError as error:
            errors.append(error)
            continue
        if rule.id in rules:
            errors.append(
                RuleError(shown, 1, 1, f"rule '{rule.id}' is defined twice, also in {rules[rule.id].source}")
            )
            continue
        rules[rule.id] = rule
    return list(rules.values()), errors


MAX_RULE_BYTES = 200_000  # of a rule file


class Loader:
    """Holds what loading many rules shares: the schema validator and an environment a subject."""

    def __init__(self) -> None:
        import jsonschema  # 50 ms: only where rule files are read, not where compiled ones are cached

        self._validator = jsonschema.Draft202012Validator(RULE_SCHEMA)
        self._environments: dict[tuple[str, str], Environment] = {}

    def load(self, path: FilePath, shown: str) -> Rule:
        try:
            if path.stat().st_size > MAX_RULE_BYTES:
                raise RuleError(shown, 0, 0, f"larger than {MAX_RULE_BYTES // 1000} KB")
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleError(shown, 0, 0, f"can't be read: {error}") from None
        source = Located(shown, text)
        self._validate(source)
        data = source.data
        if data["id"] != path.stem:
            raise source.error(["id"], f"the id '{data['id']}' is not the file's name '{path.stem}'")
        format_name = data.get("format") or path.parent.name
        if format_name not in FORMATS:
            raise source.error(
                [], f"no input language '{format_name}'; say `format:`", suggest(format_name, FORMATS)
            )
        return _Builder(self, source, load_format(format_name)).build()

    def _validate(self, source: Located) -> None:
        if not isinstance(source.data, dict):
            raise RuleError(source.path, 1, 1, "a rule is a mapping")
        from jsonschema.exceptions import best_match

        error = best_match(self._validator.iter_errors(source.data))
        if error is None:
            return
        steps = list(error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = error.schema.get("properties", {})
            extra = next(key for key in error.instance if key not in known)
            line, column = source.key_position(steps, extra)
            near = suggest(str(extra), list(known))
            raise RuleError(
                source.path,
                line,
                column,
                f"unknown key '{extra}'",
                f"did you mean '{near}'?" if near else None,
            )
        where = ".".join(str(step) for step in steps)
        raise source.error(steps, f"{where}: {error.message}" if where else error.message)

    def environment(self, fmt: Format, kind: SubjectKind) -> Environment:
        """The names that a condition on this subject sees, without parameters and element."""
        key = (fmt.name, kind.name)
        found = self._environments.get(key)
        if found is None:
            found = Environment(variables=scope_variables(kind), functions=fmt.functions)
            self._environments[key] = found
        return found


def scope_variables(kind: SubjectKind) -> tuple[tuple[str, cel.Type], ...]:
    return tuple(
        (name, message_type(model) if isinstance(model, type) and issubclass(model, Model) else model)
        for name, model in kind.scope
    )


class _Builder:
    """Compiles one rule file, field by field, in the order in which names come into scope."""

    def __init__(self, loader: Loader, source: Located, fmt: Format) -> None:
        self.loader = loader
        self.source = source
        self.data: Mapping[str, Any] = source.data
        self.format = fmt

    def build(self) -> Rule:
        data = self.data
        kind = self._subject()
        specs = self._params()
        env = self._environment(kind, specs)
        each = self._each(env, kind)
        if each is not None:
            env = self._environment(kind, specs, each)
        at = data.get("at", kind.scope[0][0])
        places = [at] if isinstance(at, str) else at
        steps: list[list[str | int]] = (
            [["at"]] if isinstance(at, str) else [["at", i] for i in range(len(at))]
        )
        return Rule(
            info=self._info(),
            subject=kind.name,
            types=frozenset(data.get("types", ())),
            when=self._condition(env, ["when"], data["when"]),
            at=tuple(self._path(env, where, text) for where, text in zip(steps, places, strict=True)),
            message=self._template(env, ["message"], data["message"]),
            each=each,
            related=self._related(env),
            edit=self._edit(env),
            param_specs=specs,
            params=ParamValues(**{name: spec.default for name, spec in specs.items()}),
            branches=branches(env, data["when"], places) if len(places) > 1 else None,
            supersedes=tuple(data.get("supersedes", ())),
            outranks=tuple(data.get("outranks", ())),
            tags=tuple(data.get("tags", ())),
            notes=data.get("notes", ""),
            source=self.source.path,
        )

    def _subject(self) -> SubjectKind:
        wanted = self.data["for"]
        kinds = {kind.name: kind for kind in self.format.subjects}
        if wanted not in kinds:
            near = suggest(wanted, list(kinds))
            raise self.source.error(
                ["for"],
                f"{self.format.name} has no subject '{wanted}'",
                f"did you mean '{near}'?" if near else f"it has {', '.join(kinds)}",
            )
        return kinds[wanted]

    def _params(self) -> dict[str, Param]:
        result = {}
        for name, spec in self.data.get("params", {}).items():
            problem = check_value(spec["type"], spec["default"])
            if problem:
                raise self.source.error(["params", name, "default"], problem)
            result[name] = Param(spec["type"], spec["default"], spec["doc"])
        return result

    def _environment(
        self, kind: SubjectKind, specs: Mapping[str, Param], each: Each | None = None
    ) -> Environment:
        if not specs and each is None:
            return self.loader.environment(self.format, kind)
        variables = list(scope_variables(kind))
        if specs:
            fields = {name: cel.Field(param_type(spec.type), name, spec.doc) for name, spec in specs.items()}
            variables.append(("params", cel.MessageType("Params", fields, "The rule's parameters")))
        else:
            variables.append(("params", cel.MessageType("Params", {}, "The rule's parameters")))
        if each is not None:
            variables.append((each.name, element_type(each.source.type)))
        return Environment(variables=tuple(variables), functions=self.format.functions)

    def _each(self, env: Environment, kind: SubjectKind) -> Each | None:
        text = self.data.get("each")
        if text is None:
            return None
        name, _, expression = text.partition(" in ")
        taken = {entry[0] for entry in kind.scope} | {"params"}
        if name in taken:
            raise self.source.error(["each"], f"'{name}' is a name of the subject already")
        program = self._compile(env, ["each"], expression, shift=len(name) + 4)
        if element_type(program.type) is cel.DYN and program.type not in (cel.DYN, cel.RAW):
            raise self.source.error(["each"], f"'{expression}' is no list but {cel.describe(program.type)}")
        return Each(name, program, _to_path(program.path))

    def _condition(self, env: Environment, steps: Sequence[str | int], text: str) -> Program:
        program = self._compile(env, steps, text)
        if program.type not in (cel.BOOL, cel.Nullable(cel.BOOL), cel.RAW, cel.DYN):
            raise self.source.error(steps, f"the condition gives {cel.describe(program.type)}, not a bool")
        return program

    def _compile(self, env: Environment, steps: Sequence[str | int], text: str, shift: int = 0) -> Program:
        try:
            return env.compile(text)
        except CelError as error:
            raise self.source.error(steps, error.message, error.hint, shift + error.offset) from None

    def _template(self, env: Environment, steps: Sequence[str | int], text: str) -> Template:
        try:
            return env.compile_template(text)
        except CelError as error:
            raise self.source.error(steps, error.message, error.hint, error.offset) from None

    def _path(self, env: Environment, steps: Sequence[str | int], text: str) -> Path:
        path = _to_path(self._compile(env, steps, text).path)
        if path is None:
            raise self.source.error(steps, f"'{text}' is no plain path")
        return path

    def _related(self, env: Environment) -> tuple[RelatedPlace, ...]:
        result = []
        for index, item in enumerate(self.data.get("related", ())):
            program = self._compile(env, ["related", index, "at"], item["at"])
            message = self._template(env, ["related", index, "message"], item["message"])
            result.append(RelatedPlace(program, _to_path(program.path), message))
        return tuple(result)

    def _edit(self, env: Environment) -> EditSpec | None:
        data = self.data.get("edit")
        if data is None:
            return None
        operation = next(name for name in ("set", "copy", "remove", "replace", "append") if name in data)
        arguments: dict[str, Any] = {
            key: data[key] for key in ("to", "pattern", "with", "item") if key in data
        }
        if "from" in data:
            arguments["from"] = self._path(env, ["edit", "from"], data["from"])
        path = self._path(env, ["edit", operation], data[operation])
        return EditSpec(operation, path, arguments, data["safe"], data.get("description", ""))

    def _info(self) -> RuleInfo:
        data = self.data
        return RuleInfo(
            id=data["id"],
            title=data["title"],
            category=data["category"],
            severity=Severity[data["severity"].upper()],
            confidence=Confidence[data["confidence"].upper()],
            profile=data.get("profile", "default"),
            format=self.format.name,
            subject=data["for"],
            why=" ".join(data["why"].split()),
            fix=data["fix"].strip(),
            message=data["message"],
            aliases=tuple(data.get("aliases", ())),
            standards=tuple(data.get("standards", ())),
            references=tuple(data.get("references", ())),
            written=written_examples(
                (example.kind, _shown(example.files)) for example in read_examples(data, self.format)
            ),
            since=data.get("since", ""),
            exact=data.get("exact", False),
            once=data.get("once", False),
            hygiene=data.get("hygiene", False),
            moot_if=tuple(data.get("moot_if", ())),
            explained_by=tuple(data.get("explained_by", ())),
            throughout=data.get("throughout", False),
        )


def _shown(files: Mapping[str, str]) -> str:
    """An example as one text: several files below each other, each with its name."""
    if len(files) == 1:
        return next(iter(files.values()))
    return "\n".join(f"# {name}\n{text}" for name, text in files.items())


def read_examples(data: Mapping[str, Any], fmt: Format) -> list[Example]:
    """The examples of a rule's data, in order."""
    result = []
    for item in data["examples"]:
        kind = next(name for name in _EXAMPLE_KINDS if name in item)
        body = item[kind]
        files = body if isinstance(body, dict) else {item.get("file") or fmt.example_file: body}
        finds = item.get("finds", ())
        result.append(
            Example(
                kind=kind,
                files=files,
                finds=(finds,) if isinstance(finds, str) else tuple(finds),
                fixed=item.get("fixed"),
                params=item.get("params", {}),
            )
        )
    return result


def element_type(type_: cel.Type) -> cel.Type:
    """What iterating a value of this type gives; DYN for what is no list."""
    if isinstance(type_, cel.ListType):
        return type_.element
    return cel.RAW if type_ is cel.RAW else cel.DYN


def _to_path(path: Sequence[str | int] | None) -> Path | None:
    if not path:
        return None
    return Path(str(path[0]), tuple(path[1:]))
