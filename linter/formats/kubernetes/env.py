"""Environment variables of containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.data.ai_credentials import CREDENTIALS
from linter.formats.kubernetes import ai_command, ai_launcher, ai_secret, secretnames
from linter.formats.kubernetes.leaks import Leak, in_value
from linter.formats.kubernetes.part import Part, known, unsure
from linter.formats.model import fact, field
from linter.formats.node import SCALAR
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container


class KeyRef(Part):
    """A key of a ConfigMap or Secret."""

    name: str | None = field(None, "name of the object")
    key: str | None = field(None, "key in its data")
    optional: bool = field(False, "go on without it")


class ValueFrom(Part):
    """Where an environment variable comes from."""

    secretKeyRef: KeyRef = field(None, "a key of a Secret")
    configMapKeyRef: KeyRef = field(None, "a key of a ConfigMap")
    fieldRef: Any = field(None, "a field of the pod")
    resourceFieldRef: Any = field(None, "a resource of the container")


_REWRITTEN = lazy_regex(r"(?:^|/)src/main/(?:kubernetes|jkube|fabric8)/")


class EnvVar(Part):
    """An environment variable."""

    name: str | None = field(None, "name of the variable")
    value: str | None = field(None, "literal value")
    valueFrom: ValueFrom = field(None, "where the value comes from instead")

    @property
    def _container(self) -> Container | None:
        owner: Any = self.owner
        return owner if owner is not None and owner.is_container else None

    @fact(at="name")
    def aiCredential(self) -> bool:
        """Whether its name is one under which an AI provider's credential is read."""
        return UNKNOWN if unsure(self.name) else self.name in CREDENTIALS

    @fact(at="value")
    def literalCredential(self) -> bool:
        """Whether its value, where it is a credential, is written out and no reference, template or filler."""
        if unsure(self.value):
            return UNKNOWN
        return ai_secret.is_literal(self.value) and not ai_secret.is_for_own_server(self.name, self.value)

    @fact(at="value")
    def templateCredential(self) -> bool:
        """Whether its value is a spot that a tool fills in before the manifest is applied."""
        return ai_secret.is_template(ai_command.written(self))

    @fact(at="value")
    def valueNotString(self) -> bool:
        """Whether its value is a YAML number or bool, where the API takes strings only; not known of a chart's values,
        around which its templates may put quotes, and of what Quarkus and JKube read, which write it anew."""
        container = self._container
        if container is not None and container.pod.manifest.type_key == "HelmValues":
            return UNKNOWN
        if _REWRITTEN.search(self.document.path) is not None:
            return UNKNOWN
        node = self.node.get("value") if self.node is not None else None
        value = node.scalar() if node is not None and node.kind == SCALAR else None
        return UNKNOWN if unsure(value) else isinstance(value, (bool, int, float))

    @fact(at="value")
    def deviceListWrong(self) -> bool:
        """Whether it lists device indexes that don't fit the devices that its container asks for."""
        container = self._container
        return ai_launcher.device_list_wrong(container, self) if container is not None else False

    @fact(at="name")
    def repeated(self) -> bool:
        """Whether it is the second entry of its container with this name, of which the last one wins."""
        container = self._container
        name = self.name
        if self.document.root.templated:
            return UNKNOWN
        if container is None or not known(name):
            return UNKNOWN if unsure(name) else False
        return _second_of_name(container).get(str(name)) is self

    @fact(at="value")
    def secretNamed(self) -> bool:
        """Whether its value is a literal that its name or its shape calls a secret, fillers as well."""
        return secretnames.is_named(self.name, self.value)

    @fact
    def leaks(self) -> list[Leak]:
        """The literal secret that it holds, if any."""
        return list(in_value(self, ("value",), self.name, self.value))


class NameRef(Part):
    """A ConfigMap or Secret as a whole."""

    name: str | None = field(None, "name of the object")
    optional: bool = field(False, "go on without it")


class EnvFrom(Part):
    """All keys of an object as environment variables."""

    prefix: str = field("", "put before each key")
    secretRef: NameRef = field(None, "a Secret")
    configMapRef: NameRef = field(None, "a ConfigMap")


def _second_of_name(container: Container) -> dict[str, EnvVar]:
    """The second entry of each name that has one; made once a container, whose entries all ask."""
    found: dict[str, EnvVar] | None = container.__dict__.get("_second_of_name")
    if found is None:
        found = container.__dict__["_second_of_name"] = {}
        names: set[str] = set()
        for entry in container.env:
            if entry is UNKNOWN or not known(entry.name):
                continue
            if str(entry.name) in names:
                found.setdefault(str(entry.name), entry)
            names.add(str(entry.name))
    return found
