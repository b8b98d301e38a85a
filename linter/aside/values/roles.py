"""What a template of an Ansible role has in a branch that the role's defaults leave out, as operators in Ansible
have options too: `privileged: true` under `if task_privileged == true`.

As in charts, an object that is optional as a whole is no option: who wants it gets its flaws. What anything in the
project gives another value than the defaults do is on somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.chartvalues import read_template
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.aside.names.explained import mention
from linter.aside.values.options import Branch, is_within, parts_of
from linter.aside.values.rolebranches import MISSING, branches, comes_to, variables
from linter.cel import UNKNOWN
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import decode

TOLD_BY_ROLE = "in options of Ansible roles that are off, and that say what they give"
_TEMPLATE = lazy_regex(r"((?:.*/)?roles/[^/]+)/templates/.+\.(?:j2|jinja2?)")
_DEFAULTS = ("defaults/main.yml", "defaults/main.yaml")
# that Ansible gives itself
_GIVEN = lazy_regex(
    r"ansible_\w*|inventory_\w*|playbook_\w*|role_\w*|group(?:s|_names)|hostvars|item|vars|omit"
)
_TEMPLATES = (".j2", ".jinja", ".jinja2")
# what says which values there may be, and gives none
_DESCRIBED = "kind: CustomResourceDefinition"
_DESCRIBES = "/meta/argument_specs.y"
# as they are written, in any case
_OFF = ("false", "no", "off", "0", "[]", "{}", "null", "~")
_ON = ("true", "yes", "on")


@dataclass(frozen=True, slots=True)
class _Template:
    """A template that was looked through. Offsets are of its text."""

    starts: tuple[int, ...]  # of its lines
    branches: tuple[Branch, ...]
    objects: tuple[int, ...]
    ends: tuple[int, ...]  # of its documents

    def around(self, line: int) -> list[Branch]:
        """The branches around a line (from 1), the outer ones first."""
        at = self.starts[line - 1] if line <= len(self.starts) else -1
        found = (branch for branch in self.branches if branch.start <= at < branch.end)
        return sorted(found, key=lambda branch: (branch.start, -branch.end))


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a role's variables are unless somebody gives them another value."""

    path: str
    lines: Sequence[str]
    values: dict[str, Any]


class Roles:
    """What the roles of a project leave off, each template and variable that is asked about looked up once."""

    def __init__(self, namings: Namings) -> None:
        self._namings = namings
        self._templates: dict[str, _Template | None] = {}
        self._defaults: dict[str, _Defaults | None] = {}
        self._values: dict[tuple[str, str], Any] = {}

    def is_option(self, path: str, line: int, *, whole: bool = False) -> bool:
        """Whether a line (from 1) of a file, relative to the root, is in a branch that the defaults leave out.

        `whole`: also when that is an object as a whole.
        """
        return any(self._left_out(path, line, whole=whole))

    def is_told(self, path: str, line: int, words: Sequence[str]) -> bool:
        """Whether a comment at the default of a variable on which such a line hangs has one of some words."""
        defaults = self._defaults_of(path)
        if defaults is None or not words:
            return False
        switches = {
            name for branch in self._left_out(path, line, whole=True) for name in variables(branch.condition)
        }
        return any(
            mention(defaults.lines, number, words)
            for number, text in enumerate(defaults.lines, 1)
            if text.partition(":")[0] in switches
        )

    def _left_out(self, path: str, line: int, *, whole: bool) -> Iterator[Branch]:
        """The branches around a line that the defaults leave out."""
        template, defaults = self._template(path), self._defaults_of(path)
        if template is None or defaults is None:
            return
        wholes = set()  # what the whole object hangs on: who wants it gets what hangs on the same
        for branch in template.around(line):
            if not whole and not is_within(branch, template.objects, template.ends):
                wholes.add((branch.condition, branch.wanted))
            elif (branch.condition, branch.wanted) not in wholes:
                verdict = comes_to(branch.condition, lambda name: self._value(name, defaults))
                if verdict is not UNKNOWN and verdict is not branch.wanted:
                    yield branch

    def _template(self, path: str) -> _Template | None:
        if path not in self._templates:
            text = read_template(Path(self._namings.root, path)) if _TEMPLATE.fullmatch(path) else None
            self._templates[path] = None if text is None else _looked_through(text)
        return self._templates[path]

    def _defaults_of(self, path: str) -> _Defaults | None:
        """What the role of a template gives its variables; None where it says nothing."""
        match = _TEMPLATE.fullmatch(path)
        if match is None:
            return None
        if match[1] not in self._defaults:
            files = (f"{match[1]}/{name}" for name in _DEFAULTS)
            read = ((file, read_template(Path(self._namings.root, file))) for file in files)
            file, text = next(((file, text) for file, text in read if text), ("", ""))
            values = _values(text) if text else None
            self._defaults[match[1]] = (
                None if values is None or text is None else _Defaults(file, text.splitlines(), values)
            )
        return self._defaults[match[1]]

    def _value(self, name: str, defaults: _Defaults) -> Any:
        """What a variable is in every place that the project knows of; UNKNOWN where it may be something else."""
        key = defaults.path, name
        if key not in self._values:
            value = defaults.values.get(name, MISSING)
            changed = _is_open(value) or _GIVEN.fullmatch(name) or self._is_set(name, value, defaults.path)
            self._values[key] = UNKNOWN if changed else value
        return self._values[key]

    def _is_set(self, name: str, value: Any, but: str) -> bool:
        """Whether anything but a file gives a variable a value that is not much the same."""
        if not self._namings.is_whole:
            return True
        texts = (text for text in self._namings.texts if name in text.text and text.path != but)
        same = _ON if value is True else _OFF if value is MISSING or not value else ()
        return any(_sets(text, name, same) for text in texts)


def _looked_through(text: str) -> _Template:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return _Template(tuple(starts), tuple(branches(text)), *map(tuple, parts_of(text)))


def _values(text: str) -> dict[str, Any] | None:
    """The variables of a file; None where it is no mapping."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    documents = parse_documents(decode("main.yml", text.encode())).documents
    values = documents[0].plain() if documents else None
    return values if isinstance(values, dict) else None


def _is_open(value: Any) -> bool:
    """Whether a value hangs on others."""
    return value is UNKNOWN or (isinstance(value, str) and ("{{" in value or "{%" in value))


def _sets(text: Text, name: str, same: Sequence[str]) -> bool:
    """Whether a text gives a variable a value that is none of some words, and not what the variable is anyway."""
    if text.document or _DESCRIBED in text.text or _DESCRIBES in text.path:
        return False
    word = rf"(?<![\w.-]){re.escape(name)}(?!\w)"
    if text.path.endswith(_TEMPLATES):  # its keys are those of manifests
        return (
            re.search(rf"\{{%[-+]?\s*(?:set|for|with)\b(?:(?!\bin\b)[^%=]){{0,200}}{word}", text.text)
            is not None
        )
    if re.search(rf"\b(?:register|loop_var|index_var|name)[\"']?[ \t]*:[ \t]*[\"']?{word}", text.text):
        return True
    given = re.finditer(rf"{word}[\"']?[ \t]*(?::|=(?!=))[ \t]*([^\n]*)", text.text)
    return any(not _is_same(match[1], name, same) for match in given)


def _is_same(given: str, name: str, same: Sequence[str]) -> bool:
    given = re.sub(r"\s#.*", "", given).strip().rstrip(",")
    if given in ("''", '""'):
        return "[]" in same  # as empty as that
    given = given.strip("\"'").strip()  # nothing: what follows below it
    itself = rf"\{{\{{-?\s*{name}\s*(?:\|\s*default\((?:omit|false|''|\"\")\)\s*)?(?:\|\s*bool\s*)?-?\}}\}}"
    return given.lower() in same or re.fullmatch(itself, given) is not None
