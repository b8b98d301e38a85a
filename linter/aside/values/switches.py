"""Components of a chart that the values around them switch off, as in `metrics: {enabled: false, image: …}`, and those
that a chart within it, whose own values are elsewhere, leaves off."""

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
_OFF_AT_BITNAMI = frozenset({"volumePermissions", "metrics", "copyTlsCerts", "keycloakConfigCli"})
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
        # in other files than the chart's own a part of its values is set, and the switch may be in the next
        own = (
            Path(path).name in ("values.yaml", "values.yml")
            and (self._root / path).with_name("Chart.yaml").is_file()
        )
        return any(_is_off(values, component, own=own) for values in self._documents[path])

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


def _is_off(values: Any, component: list[str], *, own: bool) -> bool:
    """Whether the component, or one that it is a part of, has a switch that says false.

    `own`: the values are a chart's own."""
    off = False
    for step in component:
        if isinstance(values, list):
            values = values[int(step)] if step.isdecimal() and int(step) < len(values) else None
        else:
            values = values.get(step) if isinstance(values, dict) else None
        if values is None:
            return False
        off = off or (isinstance(values, dict) and any(values.get(switch) is False for switch in _SWITCHES))
    return off or (own and len(component) > 1 and _left_off(component[-1], values))


def _left_off(name: str, values: Any) -> bool:
    """Whether a component of a chart of Bitnami's within the chart has an image and no switch: it is off there."""
    if name not in _OFF_AT_BITNAMI or not isinstance(values, dict) or any(key in values for key in _SWITCHES):
        return False
    image = values.get("image")
    repository = image.get("repository") if isinstance(image, dict) else image
    return isinstance(repository, str) and _OF_BITNAMI.match(repository) is not None


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
