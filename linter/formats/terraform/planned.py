"""A plan and its source together: values from the plan, places from the HCL that made them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.cel.unknown import Unknown
from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.formats.folder import MAX_FILE, Folder
from linter.formats.node import Step
from linter.formats.terraform import address as addresses
from linter.formats.terraform import syntax as s
from linter.formats.terraform.bodies import body_values
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.instances import instances
from linter.formats.terraform.model import Estate
from linter.formats.terraform.module import Module
from linter.formats.terraform.reading import AUTOMATIC, parse_file, precedence
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.room import Called
from linter.formats.terraform.source import SourceOrigin
from linter.formats.terraform.values import Encoded, PartialData, PartialText
from linter.givenfiles import read_regular
from linter.text import SourceText

MAX_FOLDERS = 2_000  # of modules of one plan
_MANIFEST = ".terraform/modules/modules.json"


class JoinedOrigin(SourceOrigin):
    """A block of HCL for a resource of a plan: places of the source, facts of both."""

    __slots__ = ("plan",)

    def __init__(self, module: Module, block: Any, plan: Any, key: Any) -> None:
        super().__init__(module, block, plan.type, key=key)
        self.plan = plan

    def references(self, attribute: str | None) -> set[str]:
        return super().references(attribute) | set(self.plan.references(attribute))

    def sensitive(self, steps: Sequence[Step]) -> bool:
        return bool(self.plan.sensitive(steps)) or super().sensitive(steps)


class Sources:
    """The modules of a configuration by the address of their call, without keys; made when asked for."""

    def __init__(self, directory: Path, root: Path, variables: Mapping[str, Any]) -> None:
        self.root = root.resolve()
        self.top = directory.resolve()
        self._variables = variables  # of the plan
        self._called = Called(MAX_FOLDERS, share=1)
        self._modules: dict[str, Module | None] = {"": self._load(self.top, None, ())}
        self._installed = self._manifest()

    def _load(self, folder: Path, parent: Module | None, call: tuple[str, ...]) -> Module | None:
        if not folder.is_dir() or not folder.is_relative_to(self.root):
            return None
        place = Folder(folder, self.root)
        files = self._called.files(folder, place)
        if not files:
            return None
        if parent is None:
            return self._root(files, place)
        return Module(files, place, parent.arguments(call[-1]), caller=(parent, parent.calls[call[-1]]))

    def _root(self, files: list[s.File], place: Folder) -> Module:
        """The root module with the plan's variables that are not the defaults, and the files that set them."""
        plain = Module(files, place)
        given: dict[str, Any] = {}
        for name, value in self._variables.items():
            block = plain.variables.get(name)
            default = block.body.attributes.get("default") if block is not None else None
            if default is None or evaluate(default.expr, plain.scope) != value:
                given[name] = value
        written: dict[str, s.Attribute] = {}
        for file in _value_files(place):
            written.update(
                (name, attribute)
                for name, attribute in file.body.attributes.items()
                if name in given and evaluate(attribute.expr, plain.scope) == given[name]
            )
        return Module(files, place, settings=given, settings_at=written)

    def _manifest(self) -> dict[str, str]:
        try:
            data = json.loads(read_regular(self.top / _MANIFEST, MAX_FILE))
        except (OSError, ValueError, RecursionError):
            return {}
        found = data.get("Modules") if isinstance(data, dict) else None
        return {str(m.get("Key")): str(m.get("Dir")) for m in found or () if isinstance(m, dict)}

    def module(self, path: str) -> Module | None:
        """The module at `module.a.module.b`; None when its source is not on this disk."""
        if path not in self._modules:
            parts = tuple(part for part in path.split(".") if part != "module")
            parent = self.module(".".join(f"module.{part}" for part in parts[:-1]))
            self._modules[path] = None if parent is None else self._child(parent, parts)
        return self._modules[path]

    def _child(self, parent: Module, parts: tuple[str, ...]) -> Module | None:
        block = parent.calls.get(parts[-1])
        source = block.body.attributes.get("source") if block is not None else None
        text = getattr(source.expr, "value", None) if source is not None else None
        if isinstance(text, str) and text.startswith(("./", "../")) and parent.folder is not None:
            return self._load((parent.folder.path / text).resolve(), parent, parts)
        installed = self._installed.get(".".join(parts))
        return self._load((self.top / installed).resolve(), parent, parts) if installed else None


def _value_files(place: Folder) -> Iterator[s.File]:
    """The files of variable values that Terraform reads by itself, in order."""
    names = [path.name for path in place.path.iterdir() if AUTOMATIC.search(path.name)]
    for name in sorted(names, key=precedence):
        text = place.read(name)
        if text is None:
            continue
        try:
            yield parse_file(SourceText((place.path / name).relative_to(place.root).as_posix(), text))
        except UnreadableError:
            continue


def join(plan: Document, directory: Path, root: Path) -> list[Document]:
    """The plan's document and one for each source file, with every resource where its block stands.

    `directory` holds the root module, `root` is where paths of findings start. Resources whose source is not
    on this disk stay in the plan's document.
    """
    variables: Mapping[str, Any] = next((subject.estate.variables for subject in plan.root), {})
    sources = Sources(directory, root, variables)
    documents: dict[int, Document] = {}
    estates: dict[int, Estate] = {}
    rest: list[Any] = []
    for subject in plan.root:
        joined = _joined(subject, sources, documents, plan) if isinstance(subject, Resource) else None
        if joined is None:
            rest.append(subject)
            continue
        estates.setdefault(0, Estate(constraints=subject.estate.constraints)).add(joined)
        joined.estate = estates[0]
        joined.document.root.append(joined)
    plan.root = rest
    return [plan, *documents.values()]


def _joined(
    subject: Resource, sources: Sources, documents: dict[int, Document], plan: Document
) -> Resource | None:
    module = sources.module(addresses.without_keys(subject.module_address))
    if module is None:
        return None
    table = module.data if subject.mode == "data" else module.resources
    block = table.get(f"{subject.type}.{subject.name}")
    if block is None:
        return None
    document = documents.get(id(block.file))
    if document is None:
        document = documents[id(block.file)] = Document(block.file.text, "terraform", root=[])
        document.sensitive = plan.sensitive
        block.file.document = document
    scope = next((scope for _, scope in instances(module, block)), module.scope)
    values = dict(_filled(subject.values, body_values(block.body, scope)))
    return Resource(
        document,
        JoinedOrigin(module, block, subject.origin, subject.key),
        subject.estate,
        subject.name,
        values,
        type_=subject.type,
        mode=subject.mode,
        key=subject.key,
        provider=subject.provider,
        module_address=subject.module_address,
        action=subject.action,
        address=subject.address,
        provisioners=subject.provisioners,
        scope=scope,
    )


def _filled(planned: dict[str, Any], source: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The planned values; where the plan does not know, what the source tells in part."""
    for key, value in planned.items():
        second = source.get(key)
        if isinstance(value, Unknown) and isinstance(second, (PartialText, PartialData, Encoded)):
            yield key, second
        else:
            yield key, value
