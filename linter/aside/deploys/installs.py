"""The objects that a pipeline of a project makes: those of a chart that it installs (`helm upgrade --install …`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from os.path import basename

from linter.aside.deploys.commands import Command, installs_of
from linter.aside.deploys.release import Layer, ValuesFiles, value_at
from linter.aside.leads.projecttexts import Text
from linter.frozen import dataclass
from linter.patterns import lazy_regex

# a cluster for the time of a run
_THROWAWAY = lazy_regex(r"(?i)\b(?:kind|minikube|k3d|k3s|microk8s|ct install|chart-testing)\b")
_DOCUMENT = lazy_regex(r"(?m)^---")
_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(\w+)")
_NAME = lazy_regex(
    r"(?m)^metadata:[ \t]*+\n(?:(?:[ \t]++(?!name:)[^\n]*+|\{\{[^\n]*+)\n){0,30}?[ \t]++name:[ \t]*+([^\n#]++)"
)
_ACTION = lazy_regex(r"\{\{([^{}\n]{1,200}+)\}\}")
_QUOTED = lazy_regex(r"[ \t]*\|[ \t]*quote\Z")
_VALUE = lazy_regex(r"(?:\$|)\.Values\.([\w.]+)")
_FULLNAME = lazy_regex(r"(?:include|template)[ \t]+\"([\w.-]+\.fullname)\"[ \t]+[.$]")
_MOST = 500  # templates of a chart
_MOST_RELEASES = 50
# what `helm create` writes: the name of the release, with that of the chart where it has not got it already
_AS_CREATED = ("contains $name .Release.Name", 'printf "%s-%s" .Release.Name $name')


@dataclass(frozen=True, slots=True)
class Installed:
    """An object by its kind and name, and the namespace that the command says; empty: none."""

    kind: str
    name: str
    namespace: str

    def may_be(self, other: Installed) -> bool:
        """Whether both may be the same object."""
        same = (self.kind, self.name) == (other.kind, other.name)
        return same and ("" in (self.namespace, other.namespace) or self.namespace == other.namespace)


@dataclass(frozen=True, slots=True)
class _Made:
    """What a release makes names of."""

    release: str
    chart: str  # its name
    layers: Sequence[Layer]
    helpers: str  # the named templates of the chart

    def named(self, raw: str) -> str:
        """What a template calls an object; empty: that is not known."""
        parts = [self._action(found) for found in _ACTION.finditer(raw)]
        if None in parts:
            return ""
        said = iter(parts)
        name = _ACTION.sub(lambda _: next(said) or "", raw).strip().strip("\"'")
        return "" if "{{" in name else name

    def _action(self, found: re.Match[str]) -> str | None:
        action = _QUOTED.sub("", found[1].strip("- \t"))
        if action in (".Release.Name", "$.Release.Name"):
            return self.release
        if action in (".Chart.Name", "$.Chart.Name"):
            return self.chart
        value = _VALUE.fullmatch(action)
        if value is not None:
            return self._value(value[1])
        fullname = _FULLNAME.fullmatch(action)
        return self._fullname(fullname[1]) if fullname is not None else None

    def _value(self, keys: str) -> str | None:
        value = value_at(self.layers, keys.split("."))
        return value if isinstance(value, str) and value else None

    def _fullname(self, name: str) -> str | None:
        defined = self.helpers.partition(f'define "{name}"')[2]
        if not all(words in defined for words in _AS_CREATED):
            return None
        given = self._value("fullnameOverride")
        chart = self._value("nameOverride") or self.chart
        own = self.release if chart in self.release else f"{self.release}-{chart}"
        return given or own[:63].rstrip("-")


def installed_in(
    root: str, commands: Iterable[Command], texts: Sequence[Text], files: ValuesFiles
) -> frozenset[Installed]:
    """What pipelines install for longer than a run."""
    found: set[Installed] = set()
    for name, command, release in islice(installs_of(root, commands), _MOST_RELEASES):
        if _THROWAWAY.search(command.text.text) is None:
            own = f"{release.chart}/templates/"
            templates = [text for text in texts if text.path.startswith(own)][:_MOST]
            helpers = "\n".join(text.text for text in templates if "define" in text.text)
            layers = files.layers([f"{release.chart}/values.yaml", *release.values])
            made = _Made(name, _name_of(files, release.chart), layers, helpers)
            found.update(_objects(templates, made, _namespace(command)))
    return frozenset(found)


def _name_of(files: ValuesFiles, chart: str) -> str:
    said = files.read(f"{chart}/Chart.yaml")
    return str(said.get("name") if isinstance(said, dict) else basename(chart))


def _namespace(command: Command) -> str:
    said = [value for name, value in command.options if name in ("-n", "--namespace")]
    return said[0] if said and "$" not in said[0] else ""


def _objects(templates: Sequence[Text], made: _Made, namespace: str) -> Iterator[Installed]:
    for text in templates:
        for document in _DOCUMENT.split(text.text) if text.yaml else ():
            kind, name = _KIND.search(document), _NAME.search(document)
            called = made.named(name[1]) if kind is not None and name is not None else ""
            if kind is not None and called:
                yield Installed(kind[1], called, namespace)
