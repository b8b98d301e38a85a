"""A Compose file as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from linter.formats.compose.service import Service
from linter.formats.compose.sources import Sources
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Document
from linter.formats.model import fact, field
from linter.formats.nodemodel import NodeModel
from linter.patterns import lazy_regex

_STACK_NAME = lazy_regex(r"(?:^|[/._-])stack\.ya?ml$")
_OF_SWARM = ("placement", "update_config", "rollback_config", "endpoint_mode")


def is_swarms(deploy: ComposeNode | None) -> bool:
    """Whether `deploy` of a service says what Swarm alone does: where it runs, and how it is replaced."""
    if deploy is None or not is_map(deploy):
        return False
    mode = deploy.get("mode")
    return any(deploy.get(key) is not None for key in _OF_SWARM) or (
        mode is not None and mode.text().startswith("global")
    )


class ComposeFile(NodeModel):
    """A Compose file: its services, volumes, networks, secrets and configs."""

    version: str | None = field(None, "obsolete version of the file format")
    name: str | None = field(None, "project name")
    volumes: Any = field(None, "named volumes")
    networks: Any = field(None, "networks")
    secrets: Any = field(None, "secrets that services may mount")
    configs: Any = field(None, "configuration files that services may mount")
    include: Any = field(None, "other Compose files that belong to it")

    def __init__(self, document: Document, node: ComposeNode | None, sources: Sources) -> None:
        super().__init__(document, node)
        self.sources = sources

    @cached_property
    def services_node(self) -> ComposeNode | None:
        """The mapping of services; kept, for every service asks where it stands."""
        found = self.node.get("services") if isinstance(self.node, ComposeNode) else None
        return found if isinstance(found, ComposeNode) and is_map(found) else None

    @fact
    def services(self) -> list[Service]:
        """The services, in the order written."""
        from linter.formats.compose.read import service_node

        services = self.services_node
        if services is None:
            return []
        found = []
        for name in services.keys():  # noqa: SIM118 - nodes are no mappings
            node, stands = service_node(services, name, self.sources)
            if node is not None and is_map(node):
                found.append(Service(self, name, node, stands))
        return found

    @cached_property
    def awaited(self) -> Mapping[str, set[str]]:
        """Service to the conditions under which others start after it."""
        found: dict[str, set[str]] = {}
        for service in self.services:
            for other, condition in service.dependencies:
                found.setdefault(other, set()).add(condition)
        return found

    @fact
    def versioned(self) -> bool:
        """Whether the obsolete top-level `version` is written."""
        return self.node is not None and self.node.get("version") is not None

    @fact
    def forSwarm(self) -> bool:
        """Whether it is a stack for `docker stack deploy`, which reads `version`: its name says so, or a service sets
        what means nothing without Swarm."""
        if _STACK_NAME.search(self.document.path) is not None:
            return True
        return any(is_swarms(service.child("deploy")) for service in self.services)

    @property
    def alone(self) -> bool:
        """Whether no other file says anything at its top: what it includes only brings services and the like."""
        return all(document.path in self.document.guests for _, document in self.document.beyond)

    @property
    def address(self) -> str:
        return ""
