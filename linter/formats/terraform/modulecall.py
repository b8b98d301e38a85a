"""Calls of modules: where the code comes from, and the arguments that it gets."""

from __future__ import annotations

import re
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Raw, fact, field
from linter.formats.terraform.gpu import Machine, machine
from linter.formats.terraform.model import Estate, Located, Origin, Values
from linter.formats.terraform.part import Part
from linter.formats.terraform.settings import Setting, literals
from linter.patterns import lazy_regex

_REGISTRY = lazy_regex(r"(?:[a-z0-9.-]+\.[a-z]+/)?([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)/([a-z0-9]+)((?://.*)?)")
_GITHUB = lazy_regex(r"github\.com[/:]([\w.-]+)/terraform-([a-z0-9]+)-([\w-]+?)(?:\.git)?(?://|\?|$)")
_BRANCH = lazy_regex(r"main|master|develop|dev|trunk|head", re.IGNORECASE)
_REF = lazy_regex(r"[?&]ref=([^&]*)")


class ModuleCall(Located):
    """A module call; its `self` holds the arguments. `types` selects by `resource.registry`."""

    def __init__(
        self, document: Document, origin: Origin, estate: Estate, name: str, values: Values, key: Any = None
    ) -> None:
        super().__init__(document, origin, estate, name, values)
        self.key = key  # of the instance that for_each makes

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        return (("instance", self.key),) if isinstance(self.key, str) else ()

    @property
    def address(self) -> str:
        return f"module.{self.name}"

    @property
    def type_key(self) -> str:
        return self.registry if isinstance(self.registry, str) else ""

    @fact
    def source(self) -> str:
        "the source as written"
        value = self.values.get("source")
        return value if isinstance(value, str) else UNKNOWN if value is not None else ""

    @fact
    def registry(self) -> str:
        "`namespace/name/provider` of a registry module or of the same module fetched by git; empty for others"
        text = self.source
        if not isinstance(text, str) or self.local:
            return ""
        match = _REGISTRY.fullmatch(text)
        if match and not text.startswith(("github.com", "git", "bitbucket.org")):
            return f"{match[1]}/{match[2]}/{match[3]}"
        match = _GITHUB.search(text)
        return f"{match[1]}/{match[3]}/{match[2]}" if match else ""

    @fact
    def submodule(self) -> str:
        "the part of the source after `//`"
        text = self.source
        if not isinstance(text, str):
            return UNKNOWN
        rest = re.sub(r"^[a-z:+]+//", "", text)
        return rest.partition("//")[2].partition("?")[0] if "//" in rest else ""

    @fact
    def local(self) -> bool:
        "whether the source is a folder beside the configuration"
        text = self.source
        return UNKNOWN if not isinstance(text, str) else text.startswith(("./", "../", "/")) or text == ""

    @fact
    def kind(self) -> str:
        "`local`, `registry`, `git` or `other` (archives, buckets)"
        text = self.source
        if not isinstance(text, str):
            return UNKNOWN
        if self.local:
            return "local"
        if text.startswith(("git::", "git@", "github.com", "bitbucket.org", "hg::")) or ".git" in text:
            return "git"
        return "registry" if _REGISTRY.fullmatch(text) else "other"

    @fact
    def ref(self) -> str | None:
        "the git ref of the source"
        match = _REF.search(self.source) if isinstance(self.source, str) else None
        return match[1] if match else None

    @fact
    def pinned(self) -> bool:
        "whether another day's `init` gets the same code: a git ref that is no branch, a registry version"
        kind = self.kind
        if kind == "git":
            return self.ref is not None and not _BRANCH.fullmatch(self.ref)
        if kind == "registry":
            return self.values.get("version") is not None
        return UNKNOWN if not isinstance(kind, str) else True

    @fact
    def passwords(self) -> list[Setting]:
        "passwords and keys among its arguments that are written as a literal"
        return literals(self)

    @fact
    def node_groups(self) -> list[NodeGroup]:
        "the entries of `eks_managed_node_groups` (terraform-aws-modules/eks)"
        result = []
        for name in ("eks_managed_node_groups", "self_managed_node_groups"):
            groups = self.values.get(name)
            if isinstance(groups, dict):
                result += [NodeGroup(self, (name, key), group) for key, group in groups.items()]
        return result

    @fact
    def node_rules(self) -> list[NodeRule]:
        "the entries of `node_security_group_additional_rules` (terraform-aws-modules/eks)"
        rules = self.values.get("node_security_group_additional_rules")
        found = rules.items() if isinstance(rules, dict) else ()
        return [NodeRule(self, ("node_security_group_additional_rules", key), rule) for key, rule in found]


class NodeGroup(Part):
    """A node group that is an argument of a module."""

    name: str = field("", "its key in the map")
    values: Raw = field(None, "its arguments")

    def __init__(self, owner: Located, path: tuple[str | int, ...], values: Any) -> None:
        super().__init__(owner, path)
        self.name = str(path[-1])
        self.values = values

    @fact
    def machine(self) -> Machine:
        "the accelerators of its instance types"
        defaults = self.owner.values.get("eks_managed_node_group_defaults")
        fallback = defaults.get("instance_types") if isinstance(defaults, dict) else None
        types = (
            self.values.get("instance_types", self.values.get("instance_type"))
            if isinstance(self.values, dict)
            else None
        )
        return machine(self.owner, types if types is not None else fallback)


class NodeRule(Part):
    """A rule of the node security group that is an argument of a module."""

    name: str = field("", "its key in the map")
    values: Raw = field(None, "its arguments")

    def __init__(self, owner: Located, path: tuple[str | int, ...], values: Any) -> None:
        super().__init__(owner, path)
        self.name = str(path[-1])
        self.values = values

    @fact
    def wide(self) -> bool:
        "whether every port is open"
        if not isinstance(self.values, dict):
            return UNKNOWN
        if str(self.values.get("protocol")) in ("-1", "all"):
            return True
        start, end = self.values.get("from_port"), self.values.get("to_port")
        return isinstance(start, int) and isinstance(end, int) and end - start > 60000
