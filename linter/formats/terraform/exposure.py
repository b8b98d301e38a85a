"""Where plans and logs print what a variable holds.

Providers mask the arguments that they mark as sensitive, and Terraform never prints what a provider is configured with;
anything else of a resource, the command of a provisioner and an output of the root stand in clear in each plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.terraform import syntax as s
from linter.formats.terraform.carrying import WHOLE, Names, carried, carries
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.mentions import references
from linter.formats.terraform.module import Module
from linter.formats.terraform.perblock import shared
from linter.formats.terraform.secretnames import names_secret
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex

MAX_READ = 20_000_000  # characters of a configuration that are looked at for all of its variables
# arguments that providers mask besides those that are named for a secret, and resources that are made to hold one
_MASKED = lazy_regex(
    r"(?:secret|sensitive|secure)_\w+|plaintext_value|encrypted_value|data_json(?:_wo)?|credentials?_json|custom_data"
    r"|connection_string|\w*(?:shared|encryption|signing|master|account|license|storage)_key|\w+_wo|kube_?config\w*"
)
_KEEPER = lazy_regex(r"(?:^|_)(?:secret|sensitive|password|credential)s?(?:_|$)")
_KEEPERS = frozenset(
    {
        "aws_ssm_parameter",
        "gitlab_group_variable",
        "gitlab_instance_variable",
        "gitlab_project_variable",
        "tfe_variable",
        "vercel_project_environment_variable",
    }
)
_MASKED_BLOCKS = frozenset({"connection", "connection_string", "set_sensitive"})
_REPLACING = frozenset({"triggers", "triggers_replace", "keepers"})
_RECALLED = frozenset(f"self.{name}" for name in (*_REPLACING, "input", "output"))
# data sources that only put texts together, and print nothing themselves
_TEXTS = frozenset({"template_file", "cloudinit_config", "template_cloudinit_config"})


@dataclass(frozen=True, slots=True)
class Use:
    """An attribute that takes the value on, and whether it does no more than replace a resource when it changes."""

    attribute: s.Attribute
    replaces: bool = False
    printed: bool = False


class _TooMuchError(Exception):
    """There is more of a configuration than is looked at."""


def printed_at(module: Module, name: str) -> Any:
    """The first argument that prints a variable of a module; None where nothing does, UNKNOWN where there is too much
    to look at.

    What only ever replaces a resource is a mark of changes and no secret, whatever it is called.
    """
    paths = frozenset(f"var.{name}.{path}" if path else f"var.{name}" for path in _secret_parts(module, name))
    try:
        uses = list(_uses(module, paths))
    except _TooMuchError:
        return UNKNOWN
    if all(use.replaces for use in uses):
        return None
    return next((use.attribute for use in uses if use.printed), None)


def goes_through(module: Module, name: str) -> bool:
    """Whether blocks are made for each item of a variable, for which Terraform takes nothing sensitive."""
    names = frozenset((f"var.{name}",))
    for block in _mentions(module).blocks.get(f"var.{name}", ()):
        source = block.body.attributes.get("for_each")
        if source is not None and carries(source.expr, names):
            return True
    return False


def keeps_secrets(kind: str) -> bool:
    """Whether resources of a type are made to hold a secret, so that providers mask it."""
    return kind in _KEEPERS or _KEEPER.search(kind) is not None


def is_sensitive(module: Module, block: s.Block) -> bool:
    """Whether a variable or an output is marked, or may be."""
    flag = block.body.attributes.get("sensitive")
    value = evaluate(flag.expr, module.scope) if flag is not None else False
    return value is True or value is UNKNOWN


def _secret_parts(module: Module, name: str) -> Names:
    """What of a variable is the secret: the entries that are named for one, where its type tells its entries."""
    kind = module.variables[name].body.attributes.get("type") if name in module.variables else None
    if kind is None or not isinstance(kind.expr, s.Call) or kind.expr.name != "object":
        return WHOLE
    entries = [item for part in kind.expr.args if isinstance(part, s.Object) for item in part.items]
    keys = (str(key.value) for key, _ in entries if isinstance(key, s.Literal))
    return frozenset(filter(names_secret, keys)) or WHOLE


@dataclass(slots=True)
class _Mentions:
    """What of a module mentions a variable or a local, by its address: one look at the module for all of them."""

    texts: dict[str, list[tuple[str, s.Attribute]]] = field(default_factory=dict)
    blocks: dict[str, list[s.Block]] = field(default_factory=dict)
    left: int = MAX_READ

    def read(self, items: Iterable[s.Attribute], names: int = 1) -> None:
        """Some attributes are looked at once more, for so many names. Raises _TooMuchError where there is no room."""
        self.left -= names * sum(item.end - item.start for item in items)
        if self.left < 0:
            raise _TooMuchError


def _mentions(module: Module) -> _Mentions:
    return shared(module, "mentions", lambda: _mentions_of(module))


def _mentions_of(module: Module) -> _Mentions:
    found = _Mentions()
    for name, item in module.locals.items():
        for address in references(item.expr):
            found.texts.setdefault(address, []).append((f"local.{name}", item))
    for block in (block for file in module.files for block in file.body.blocks):
        text = block.kind == "data" and block.labels[:1] and block.labels[0] in _TEXTS
        named: dict[str, None] = {}
        for item in _attributes(block.body) if block.kind != "locals" else ():
            for address in references(item.expr):
                named[address] = None
                if text:
                    found.texts.setdefault(address, []).append((".".join(("data", *block.labels)), item))
        for address in named:
            found.blocks.setdefault(address, []).append(block)
    return found


def _address(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[: 3 if parts[0] == "data" else 2])


def _uses(module: Module, paths: Names) -> Iterator[Use]:
    """The uses of some parts of variables, through locals and the modules that they are given to."""
    mentions = _mentions(module)
    names = _carriers(mentions, paths)
    blocks = {id(block): block for name in sorted(names) for block in mentions.blocks.get(_address(name), ())}
    for block in sorted(blocks.values(), key=lambda block: (block.file.text.path, block.start)):
        mentions.read(_attributes(block.body), len(names))
        yield from _of_block(module, block, names)


def _carriers(mentions: _Mentions, paths: Names) -> Names:
    """Names with the locals, and the data sources, that put their values together with other texts."""
    names = set(paths)
    queue = list(paths)
    while queue:
        one = frozenset((queue.pop(),))
        for name, item in mentions.texts.get(_address(*one), ()):
            mentions.read((item,))
            inside = carried(item.expr, one)
            found = {f"{name}.{path}" if path and name.startswith("local.") else name for path in inside}
            queue += found - names
            names |= found
    return frozenset(names)


def _of_block(module: Module, block: s.Block, names: Names) -> Iterator[Use]:
    """The uses in a block at the top of a file."""
    if block.kind == "resource" and len(block.labels) == 2:
        kept, recalled = keeps_secrets(block.labels[0]), _recalls(block)
        for use in _of_body(block.body, names):
            yield Use(use.attribute, use.replaces and not recalled, use.printed and not kept)
    elif block.kind == "output":
        root = module.caller is None and module.is_root and not is_sensitive(module, block)
        yield from (Use(item, printed=root and item.name == "value") for item in _taking(block.body, names))
    elif block.kind == "provider":
        yield from map(Use, _taking(block.body, names))
    elif block.kind == "module" and len(block.labels) == 1:
        yield from _of_call(module, block, names)


def _of_call(module: Module, block: s.Block, names: Names) -> Iterator[Use]:
    """The uses in a module that takes the value; what others do with it that are not here is not known."""
    for item in _taking(block.body, names):
        child = module.child(block.labels[0])
        declared = child.variables.get(item.name) if child is not None else None
        if child is None or declared is None or is_sensitive(child, declared):
            yield Use(item)
            continue
        inside = carried(item.expr, names)
        yield from _uses(
            child, frozenset(f"var.{item.name}.{path}" if path else f"var.{item.name}" for path in inside)
        )


def _of_body(body: s.Body, names: Names) -> Iterator[Use]:
    """The uses in a resource or a block of it."""
    for item in body.attributes.values():
        if carries(item.expr, names):
            masked = names_secret(item.name) or _MASKED.fullmatch(item.name) is not None
            yield Use(item, item.name in _REPLACING, not masked)
    for block in body.blocks:
        kind = block.labels[0] if block.kind == "dynamic" and block.labels else block.kind
        if kind == "provisioner":
            yield from (Use(item, printed=item.name == "command") for item in _taking(block.body, names))
        elif kind in _MASKED_BLOCKS:
            yield from map(Use, _taking(block.body, names))
        else:
            yield from _of_body(block.body, names)


def _recalls(block: s.Block) -> bool:
    """Whether a provisioner of a resource, such as one at its end, uses what replaces the resource."""
    return any(True for inner in block.body.blocks_of("provisioner") for _ in _taking(inner.body, _RECALLED))


def _taking(body: s.Body, names: Names) -> Iterator[s.Attribute]:
    return (item for item in _attributes(body) if carries(item.expr, names))


def _attributes(body: s.Body) -> Iterator[s.Attribute]:
    """The attributes of a body and of the blocks in it."""
    yield from body.attributes.values()
    for block in body.blocks:
        yield from _attributes(block.body)
