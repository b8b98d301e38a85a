"""One module: the files of a directory, evaluated together with the arguments of one call."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.folder import Folder
from linter.formats.terraform import iamdoc
from linter.formats.terraform.bodies import META, body_values
from linter.formats.terraform.defaults import with_defaults
from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.instances import told_apart
from linter.formats.terraform.mentions import called
from linter.formats.terraform.openends import defaults_of, undecided
from linter.formats.terraform.perblock import instance_scope
from linter.formats.terraform.room import Called
from linter.formats.terraform.syntax import (
    SPLAT,
    Attribute,
    Block,
    Expr,
    File,
)
from linter.formats.terraform.values import FunctionError, Reference, text_of, too_heavy

MAX_DEPTH = 6  # of modules that call modules
MAX_NAMES = 40  # that need each other in a row
MAX_CALLS = 500  # of modules below one root, each of which is evaluated with its own arguments
MAX_SWITCHES = 50  # of one module that are turned
MAX_STEPS = 300_000  # of all loops of a root module


class Module:
    """Blocks by name, and the values of variables and locals, each computed once."""

    def __init__(
        self,
        files: Sequence[File],
        folder: Folder | None = None,
        args: Mapping[str, Callable[[], Any]] | None = None,
        depth: int = 0,
        settings: Mapping[str, Any] | None = None,
        caller: tuple[Module, Block] | None = None,
        settings_at: Mapping[str, Attribute] | None = None,
        key: str | None = None,
    ) -> None:
        self.files = files
        self.folder = folder
        self.args = args  # None for a root module
        self.depth = depth
        self.caller = caller  # the module that calls this one, and the block of the call
        self.key = key  # of the call's instance, where for_each makes several
        self.settings = settings or {}  # values of tfvars files
        self.settings_at = settings_at or {}  # where they are written
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Attribute] = {}
        self.resources: dict[str, Block] = {}  # `type.name`
        self.data: dict[str, Block] = {}
        self.calls: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}
        self._memo: dict[str, Any] = {}
        self.shared: dict[Any, Any] = {}  # by the instances of a block
        self._depth = 0  # of names that need names
        self.parsed = Called()
        self.top = self  # of the calls: counts the steps of loops
        self.steps = 0
        self.called = 0  # modules below this one
        self._templates: dict[str, Expr | None] = {}
        self._turned: dict[frozenset[str], Module] = {}
        self._children: dict[tuple[str, str | None], Module | None] = {}
        self.scope = Scope(self)
        for file in files:
            for block in file.body.blocks:
                self._index(block)

    def _index(self, block: Block) -> None:
        kind, labels = block.kind, block.labels
        if kind == "locals":
            self.locals.update(block.body.attributes)
        elif kind in ("resource", "data") and len(labels) == 2:
            table = self.resources if kind == "resource" else self.data
            table.setdefault(f"{labels[0]}.{labels[1]}", block)
        elif len(labels) == 1:
            tables = {"variable": self.variables, "module": self.calls, "output": self.outputs}
            if kind in tables:
                tables[kind].setdefault(labels[0], block)

    @property
    def is_root(self) -> bool:
        """Whether it sets up a provider or a backend, as the root of a configuration does."""
        blocks = [block for file in self.files for block in file.body.blocks]
        return any(
            block.kind == "provider"
            or (block.kind == "terraform" and any(b.kind in ("backend", "cloud") for b in block.body.blocks))
            for block in blocks
        )

    # -- names

    def lookup(self, name: str, steps: Sequence[Any], scope: Scope) -> tuple[Any, int]:
        first = steps[0] if steps and isinstance(steps[0], str) else None
        if (name == "var" or name == "local") and first is not None:
            key = f"{name}.{first}"
            if key in self._memo:
                return self._memo[key], 1
            compute = self._variable if name == "var" else self._local
            return self.once(key, lambda: compute(first)), 1
        if name == "path":
            return (".", 1)
        if name == "module" and first is not None:
            return self._module_value(first, steps)
        if name == "data" and len(steps) > 1 and isinstance(steps[1], str):
            return self._resource_value("data.", f"{first}.{steps[1]}", steps, 2)
        if first is not None and f"{name}.{first}" in self.resources:
            return self._resource_value("", f"{name}.{first}", steps, 1)
        if name in ("each", "count", "self", "terraform") or first is None:
            return UNKNOWN, len(steps)
        return Reference(f"{name}.{first}"), 1

    def once(self, key: str, compute: Callable[[], Any]) -> Any:
        """A value by name; a name that needs itself, or too many others, is unknown."""
        if key in self._memo:
            return self._memo[key]
        if self._depth >= MAX_NAMES:
            return UNKNOWN
        self._memo[key] = UNKNOWN
        self._depth += 1
        try:
            value = compute()
        finally:
            self._depth -= 1
        self._memo[key] = value = UNKNOWN if too_heavy(value) else value
        return value

    def spend(self, steps: int) -> None:
        self.top.steps += steps
        if self.top.steps > MAX_STEPS:
            raise FunctionError("too many steps")

    def template(self, path: str) -> Expr | None:
        if path not in self._templates:
            from linter.formats.terraform.hcl import parse_template

            text = self.read_file(path)
            self._templates[path] = parse_template(text) if text is not None else None
        expr = self._templates[path]
        if expr is None or "templatefile" in called(expr):
            return None  # one that calls another may call itself, and Terraform forbids it
        return expr

    def _variable(self, name: str) -> Any:
        if self.args is not None and name in self.args:
            return self.args[name]()
        if name in self.settings:
            return self.settings[name]
        block = self.variables.get(name)
        default = block.body.attributes.get("default") if block is not None else None
        if block is None or default is None:
            return Reference(f"var.{name}")
        value = evaluate(default.expr, self.scope)
        kind = block.body.attributes.get("type")
        return with_defaults(value, kind.expr, self.scope) if kind is not None else value

    def _local(self, name: str) -> Any:
        attribute = self.locals.get(name)
        return UNKNOWN if attribute is None else evaluate(attribute.expr, self.scope)

    def _resource_value(self, prefix: str, address: str, steps: Sequence[Any], used: int) -> tuple[Any, int]:
        """`address[key].attr`: the attribute where it is written, else a reference."""
        block = (self.data if prefix else self.resources).get(address)
        full = prefix + address
        rest = list(steps[used:])
        key: Any = UNKNOWN
        splat = False
        if rest and not (isinstance(rest[0], str) and rest[0] not in self._keys(block)):
            key = rest.pop(0)
            used += 1
            splat = key is SPLAT
        if not rest or not isinstance(rest[0], str) or block is None:
            return Reference(full, tuple(rest[:0])), used
        attribute = rest[0]
        value = self.once(
            f"{full}[{text_of(key) if not splat else '*'}].{attribute}",
            lambda: self._attribute(full, block, key, attribute),
        )
        return ([value] if splat else value), used + 1

    def _keys(self, block: Block | None) -> Sequence[str]:
        """The literal for_each keys of a block: `x["key"]` and `x.key` look the same once evaluated."""
        attribute = block.body.attributes.get("for_each") if block is not None else None
        if attribute is None:
            return ()
        source = self.once(f"keys:{id(block)}", lambda: evaluate(attribute.expr, self.scope))
        return [text_of(k) for k in source] if isinstance(source, (list, dict)) else ()

    def _attribute(self, address: str, block: Block, key: Any, name: str) -> Any:
        if (
            block.kind == "data"
            and block.labels[0] == "aws_iam_policy_document"
            and name in ("json", "minified_json")
        ):
            return iamdoc.document(body_values(block.body, self.instance_scope(block, key)))
        attribute = block.body.attributes.get(name)
        if attribute is not None and name not in META:
            value = evaluate(attribute.expr, self.instance_scope(block, key))
            return Reference(address, (name,)) if value is UNKNOWN else value
        if block.kind == "resource" and block.body.blocks_of(name):
            return body_values(block.body, self.instance_scope(block, key)).get(name, UNKNOWN)
        return Reference(address, (name,))

    def instance_scope(self, block: Block, key: Any) -> Scope:
        """The scope of the instance `key` of a block."""
        return instance_scope(self, block, key)

    @property
    def settled(self) -> bool:
        """Whether no name is being worked out."""
        return self._depth == 0

    # -- calls of modules

    def _module_value(self, name: str, steps: Sequence[Any]) -> tuple[Any, int]:
        used = 1
        key = None
        if len(steps) > 1 and not (
            isinstance(steps[1], str) and steps[1] not in self._keys(self.calls.get(name))
        ):
            used = 2
            key = steps[1] if isinstance(steps[1], str) else None
        child = self.child(name, key)
        output = steps[used] if len(steps) > used and isinstance(steps[used], str) else None
        if child is None or output is None:
            return Reference(f"module.{name}"), used
        block = child.outputs.get(output)
        value = block.body.attributes.get("value") if block is not None else None
        if value is None:
            return Reference(f"module.{name}", (output,)), used + 1
        result = child.once(f"output.{output}", lambda: evaluate(value.expr, child.scope))
        if isinstance(result, Reference):
            result = Reference(f"module.{name}.{result.address}", result.path)
        return result, used + 1

    def child(self, name: str, key: str | None = None) -> Module | None:
        """The module that a call means, when its source is a folder under the root; of one instance if `key` says."""
        if (name, key) not in self._children:
            self._children[name, key] = None
            self._children[name, key] = self._load_child(name, key)
        return self._children[name, key]

    def children(self, name: str) -> Iterator[Module]:
        """The module of a call once for each of its instances that differ in what they are given."""
        block = self.calls.get(name)
        for key, _ in told_apart(self, block) if block is not None else ():
            child = self.child(name, key if isinstance(key, str) else None)
            if child is not None:
                yield child

    def _load_child(self, name: str, key: str | None) -> Module | None:
        block = self.calls.get(name)
        source = block.body.attributes.get("source") if block is not None else None
        if block is None or source is None or self.folder is None or self.depth >= MAX_DEPTH:
            return None
        text = evaluate(source.expr, self.scope)
        if not isinstance(text, str) or not text.startswith(("./", "../")):
            return None
        path = self.folder.folder(text)
        if path is None or path in self.ancestors():
            return None
        self.top.called += 1
        if self.top.called > MAX_CALLS:
            return None
        folder = Folder(path, self.folder.root)
        files = self.parsed.files(path, folder)
        if files is None:
            return None
        args = self.arguments(name, UNKNOWN if key is None else key)
        child = Module(files, folder, args, self.depth + 1, caller=(self, block), key=key)
        child.parsed, child.top = self.parsed, self.top
        return child

    def ancestors(self) -> set[Path]:
        """The folders of this module and of those that call it."""
        found: set[Path] = set()
        module: Module | None = self
        while module is not None:
            if module.folder is not None:
                found.add(module.folder.path)
            module = module.caller[0] if module.caller is not None else None
        return found

    def arguments(self, name: str, key: Any = UNKNOWN) -> dict[str, Callable[[], Any]]:
        """The arguments of a call, or of its instance `key`; each computed when asked for."""
        block = self.calls.get(name)
        if block is None:
            return {}
        scope = self.instance_scope(block, key)
        return {item.name: _thunk(item.expr, scope) for item in block.body.attributes.values()}

    # -- blocks

    def switched(self, expr: Expr) -> Module:
        """This module where someone turned the switch `expr`: the defaults that turned it off are not known then."""
        names = frozenset(defaults_of(self, expr))
        found = self._turned.get(names)
        if found is None:
            if len(self._turned) >= MAX_SWITCHES:
                return self
            settings = {**self.settings, **{name: Reference(f"var.{name}") for name in names}}
            found = Module(
                self.files,
                self.folder,
                self.args,
                self.depth,
                settings,
                self.caller,
                self.settings_at,
                self.key,
            )
            found.parsed, found.top = self.parsed, self.top
            self._turned[names] = found
        return found

    def undecided(self, expr: Expr) -> bool:
        return undecided(self, expr)

    # -- files

    def read_file(self, path: str) -> str | None:
        return self.folder.read(_local_path(path)) if self.folder is not None else None

    def list_files(self, folder: str, pattern: str) -> list[str] | None:
        return self.folder.matching(_local_path(folder), pattern) if self.folder is not None else None


def _local_path(path: str) -> str:
    return posixpath.normpath(path) if path else "."


def _thunk(expr: Expr, scope: Scope) -> Callable[[], Any]:
    return lambda: evaluate(expr, scope)
