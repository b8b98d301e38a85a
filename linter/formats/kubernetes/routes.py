"""Ingresses, routes and monitors of a scan, and the Services that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.objectrecord import EVERYWHERE, ObjectRecord, of_name, same_value
from linter.formats.kubernetes.part import known
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import fact, field


class RouteRecord(ObjectRecord):
    """An Ingress or a route of the Gateway API."""

    backends: list[Any] = field(None, "names of the Services that it leads to")
    ports: list[Any] = field(None, "of an Ingress: Services and their ports that it leads to")
    served_by: str | None = field(
        None, "of an Ingress: the class of the controller whose settings are its own"
    )

    @fact
    def deadPort(self) -> str | None:
        """A port that a Service of the same folder, the only one of its name there, does not have."""
        for name, port in self.ports:
            if not known(name) or not known(port):
                continue
            beside = self.beside(self.project.services, lambda group, name=name: group.having("name", name))  # type: ignore[misc]
            found = [s for s in beside if same_value(s.name, name) is True]
            if len(found) == 1 and not found[0].external and not _has_port(found[0].ports, port):
                return str(port)
        return None

    @fact
    def deadEnd(self) -> str | None:
        """The name of a Service that the scan does not have, though it has others beside it."""
        for name in self.backends:
            if known(name) and self.missing(*of_name(self.project.services, name)) is True:
                return str(name)
        return None

    @fact
    def deadEndAlone(self) -> str | None:
        """The name of a Service that the scan does not have, where no Service stands in its folder."""
        for name in self.backends:
            if known(name) and self.nowhere(*of_name(self.project.services, name)):
                return str(name)
        return None

    @fact
    def opens(self) -> bool:
        """Whether it may lead to a Service: not all that it names are missing beside others of the scan."""
        return any(
            not known(name) or self.missing(*of_name(self.project.services, name)) is not True
            for name in self.backends
        )

    @property
    def sent_on(self) -> bool:
        """Whether all controllers that may serve it send what they get on to TLS, with a certificate of theirs.

        Each cluster of a tree has a folder: of releases for one class those nearest to it are of its own.
        """
        released = self.project.controllers_of
        own = released.get(self.served_by, []) if isinstance(self.served_by, str) else []
        if not own or not self.project.spend(len(own)):
            return False
        near = [_shared(self.folder, one.folder) for one in own]
        nearest = [one for one, folders in zip(own, near, strict=True) if folders == max(near)]
        return all(one.secures is True for one in [*nearest, *released.get(EVERYWHERE, [])])


class ControllerRecord(ObjectRecord):
    """A release of ingress-nginx."""

    serves: str | None = field(None, "the class that it serves")
    secures: bool = field(
        False, "whether it sends all requests on to TLS, and has a certificate for all hosts"
    )


class MonitorRecord(ObjectRecord):
    """A ServiceMonitor."""

    selector: Any = field(None, "labels of the Services that it reads")

    @fact
    def dangling(self) -> bool:
        """Whether no Service of the scan has the labels that it selects."""
        return self.missing(
            self.project.services,
            lambda service: selects(self.selector, label_of(service.labels)),
            lambda group: group.fitting(self.selector, "labels"),
        )


def _has_port(ports: Any, wanted: Any) -> bool:
    """Whether a Service has a port of that number or name, or may have it."""
    if not ports or any(part is UNKNOWN for pair in ports for part in pair):
        return True
    return any(str(wanted) == str(part) for pair in ports for part in pair if part is not None)


def _shared(one: str, two: str) -> int:
    """How many folders from the top two paths share."""
    pairs = zip(one.split("/"), two.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def label_of(labels: Any) -> Any:
    """Look-up of a label in what may be unknown."""
    return labels.get if isinstance(labels, Mapping) else (lambda _: UNKNOWN)
