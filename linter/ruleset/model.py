"""A rule, parsed and compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Protocol

from linter.cel import Program, Template
from linter.finding import RuleInfo
from linter.formats.node import Step
from linter.frozen import dataclass, field
from linter.ruleset.branches import Branches, mentions


class Message(Protocol):
    """What renders a rule's message."""

    def render(self, *args: Any, quote: Callable[[str], str] | None = None) -> str: ...
    def dump(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Path:
    """A place in rule terms: the name of a scope variable and the steps below it."""

    root: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """Judge the elements of a list one by one, each bound to `name`."""

    name: str
    source: Program
    path: Path | None  # of the list, where it is a plain path: elements that are scalars are located by it


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """A second place of a finding; `many` when the expression gives a list of models."""

    source: Program
    path: Path | None
    message: Template


@dataclass(frozen=True, slots=True)
class EditSpec:
    """The rule's autofix as written: one operation with its arguments."""

    operation: str  # set, copy, remove, replace, append
    path: Path
    arguments: Mapping[str, Any]
    safe: bool
    description: str


@dataclass(frozen=True, slots=True)
class Example:
    """`kind` is bad, good or unknown. `files` maps names to texts."""

    kind: str
    files: Mapping[str, str]
    finds: tuple[str, ...] = ()
    fixed: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Param:
    """A named value that the configuration may change."""

    type: str
    default: Any
    doc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be asked. `params` are the defaults; `with_params` gives a changed copy."""

    info: RuleInfo
    subject: str
    types: frozenset[str]
    when: Program
    at: tuple[Path, ...]
    message: Message
    each: Each | None = None
    related: tuple[RelatedPlace, ...] = ()
    edit: EditSpec | None = None
    param_specs: Mapping[str, Param] = field(default_factory=dict)
    params: SimpleNamespace = field(default_factory=SimpleNamespace)
    branches: Branches | None = None  # which of several places a finding points at
    supersedes: tuple[str, ...] = ()  # rules that say less of the same subject
    outranks: tuple[str, ...] = ()  # rules that say less of the very same place
    tags: tuple[str, ...] = ()
    notes: str = ""
    source: str = ""  # the rule file, for messages

    @property
    def id(self) -> str:
        return self.info.id

    def reads(self, path: Path) -> bool:
        """Whether the condition reads what a path leads to; elements of `each` are read whole."""
        if self.each is not None and path.root == self.each.name:
            return True
        written = ".".join([path.root, *(str(step) for step in path.steps)])
        return mentions(self.when.text, written) or (
            self.each is not None and mentions(self.each.source.text, written)
        )

    def places(self, args: Sequence[Any]) -> Sequence[Path]:
        """Where a finding may point: what the true part of the condition speaks of, else all places of the rule."""
        chosen = self.branches.true(args) if self.branches is not None else ()
        return [self.at[index] for index in chosen] if chosen else self.at
