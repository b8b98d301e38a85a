"""Components of a chart that the values around them switch off, as in `metrics: {enabled: false, image: …}`, and those
that a chart of others, whose own values are elsewhere, leaves off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.patterns import lazy_regex
from linter.text import decode

_SWITCHES = ("enabled", "enable")
_LISTS = ("containers", "initContainers")
_VALUES = "HelmValues/"
# what all charts of Bitnami, which many charts have within them, have for those who switch it on
_OFF_AT_BITNAMI = frozenset(
    {"volumePermissions", "metrics", "copyTlsCerts", "keycloakConfigCli"}
    | {"sysctl", "sentinel", "kubectl", "tls", "autoDiscovery", "dnsCheck"}  # of Redis, Valkey and MongoDB
)
_ON = {"enabled": True}
_OF_BITNAMI = lazy_regex(r"(?:docker\.io/)?bitnami(?:legacy)?/")


class Switches:
    """The files of values that were asked about, each read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._documents: dict[str, list[Any]] = {}

    def is_off(self, path: str, subject: str) -> bool:
        """Whether a finding about values of a file, relative to the root, is about what they switch off themselves."""
        if not subject.startswith(_VALUES):
            return False
        steps = subject.partition("#/")[2].split("/")
        # the last of these is of the pod that is seen there; those before it are keys of the values
        component = steps[: max((index for index, step in enumerate(steps) if step in _LISTS), default=0)]
        if not component:
            return False
        if path not in self._documents:
            self._documents[path] = _read(self._root / path)
        within = self._of_others(path)
        return any(_is_off(values, component, within) for values in self._documents[path])

    def _of_others(self, path: str) -> int | None:
        """How deep the values of a file lie, at least, that are for charts whose own are elsewhere; None: nobody knows
        all that is set of them, as the switch may be in the next file."""
        file = self._root / path
        if file.name in ("values.yaml", "values.yml") and file.with_name("Chart.yaml").is_file():
            return 1 if (file.parent / "templates").is_dir() else 0
        return 0 if "values" in file.name and self.is_final(path) else None

    def is_final(self, path: str) -> bool:
        """Whether what a file, relative to the root, switches off is so: they are no values of a chart for others, whom
        it offers what is off, and no other file of values beside it may switch that on."""
        file = self._root / path
        if (file.parent / "Chart.yaml").is_file() and (file.parent / "templates").is_dir():
            return False
        if "values" not in file.name:
            return True
        others = (one for one in file.parent.iterdir() if one.suffix in (".yaml", ".yml") and one != file)
        return not any("values" in one.name for one in others)


def _is_off(values: Any, component: list[str], within: int | None) -> bool:
    """Whether the component, or one that it is a part of, has a switch that says false, or is left off.

    `within`: how many steps lead at least to what is of charts of others; None: nothing is known of those."""
    off = False
    around: list[Any] = []
    for step in component:
        around.append(values)
        if isinstance(values, list):
            values = values[int(step)] if step.isdecimal() and int(step) < len(values) else None
        else:
            values = values.get(step) if isinstance(values, dict) else None
        if values is None:
            return False
        off = off or _switch(values) is False
    return off or (
        within is not None and len(component) > within and _left_off(component, values, around[-1])
    )


def _left_off(component: list[str], values: Any, around: Any) -> bool:
    """Whether a component of a chart of Bitnami's has an image and nothing that switches it on: it is off there."""
    if component[-1] not in _OFF_AT_BITNAMI or not isinstance(values, dict) or not isinstance(around, dict):
        return False
    return _is_of_bitnami(values) and not any(
        _switch(one) not in (None, False) for one in (values, *_switched_with(component, around))
    )


def _switched_with(component: list[str], around: dict[str, Any]) -> list[Any]:
    """What switches a component on besides itself, where other charts may call one so: of Redis and Valkey the sentinel
    alone runs `kubectl`, only MongoDB has an image for `tls`, and names are asked for of what is reached from outside.
    """
    name = component[-1]
    if name == "kubectl":
        return [around.get("sentinel", _ON)]
    if name == "tls":
        return [] if _is_of_bitnami(around, "mongodb") else [_ON]
    return [around] if name == "dnsCheck" and component[-2:-1] == ["externalAccess"] else []


def _is_of_bitnami(values: dict[str, Any], name: str = "") -> bool:
    """Whether a component has an image of Bitnami's, of that name if one is asked for."""
    image = values.get("image")
    repository = image.get("repository") if isinstance(image, dict) else image
    if not isinstance(repository, str):
        return False
    found = _OF_BITNAMI.match(repository)
    return found is not None and repository[found.end() :].startswith(name)


def _switch(values: Any) -> Any:
    """What the switch of a component says; None where it has none."""
    if not isinstance(values, dict):
        return None
    said = [values[key] for key in _SWITCHES if key in values]
    return False if any(one is False for one in said) else next(iter(said), None)


def _read(path: Path) -> list[Any]:
    """The values in a file: its documents, and what they hand to charts."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    try:
        data = read_regular(path, MAX_TEXT)
    except OSError:
        return []
    documents = parse_documents(decode(path.name, data)).documents
    return [found for document in documents for found in _values_in(document.plain())]


def _values_in(document: Any) -> Iterator[Any]:
    from linter.formats.kubernetes.helm_values import RELEASES

    yield document
    spec = document.get("spec") if isinstance(document, dict) else None
    if not isinstance(spec, dict):
        return
    sources = spec.get("sources")
    for holder in (spec, *(sources if isinstance(sources, list) else ())):
        for route in {route for routes in RELEASES.values() for route in routes}:
            values = holder
            for key in route:
                values = values.get(key) if isinstance(values, dict) else None
            if values is not None:
                yield values
