"""Whether an NVIDIA container toolkit has a known vulnerability in the mode in which it works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.data.ai_vulnerable import TOOLKIT_WITH_CDI, TOOLKIT_WITHOUT_CDI
from linter.formats.kubernetes.ai_vulnerable import known_vulnerability
from linter.formats.kubernetes.part import either, known_items, mapping_at, unsure

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_SWITCHES = {"CDI_ENABLED": "true", "NVIDIA_CONTAINER_RUNTIME_MODE": "cdi"}


def toolkit_vulnerability(container: Container) -> Any:
    """The row for the version of a toolkit; null when it is none or has none, unknown where the mode decides and is
    not known."""
    have, lack = (
        known_vulnerability(container.imageRef, table) for table in (TOOLKIT_WITH_CDI, TOOLKIT_WITHOUT_CDI)
    )
    mode = _works_with_cdi(container)
    if not unsure(mode):
        return have if mode else lack
    return UNKNOWN if unsure(have, lack) or have is None or lack is None else lack


def _works_with_cdi(container: Container) -> Any:
    """Whether it hands devices over by CDI: off unless it is asked for, in every release of the operator that brings
    a toolkit of these versions."""
    body = container.pod.manifest.body
    asked = mapping_at(body, "spec").get("cdi")
    enabled = UNKNOWN if unsure(asked) else mapping_at(asked).get("enabled")
    return either(UNKNOWN if unsure(enabled) else enabled is True, *_asked_by_variables(container))


def _asked_by_variables(container: Container) -> Iterator[Any]:
    if unsure(container.env):
        yield UNKNOWN
    for item in known_items(container.env):
        if not unsure(item.name) and item.name in _SWITCHES:
            yield UNKNOWN if unsure(item.value) else str(item.value).lower() == _SWITCHES[item.name]
