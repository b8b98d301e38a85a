"""Servers that a stage opens: SSH, Ray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.dockerfile.instruction import Part
from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.run import Launch, Run

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_SSH_SERVERS = ("openssh-server", "dropbear")


def sshd(stage: Stage) -> list[Passage]:
    """Where an SSH server comes into a stage or is started by it; none where MPI starts its ranks through it."""
    result: list[Passage] = []
    for one in stage.all:
        if isinstance(one, Run):
            result += [
                Passage(one, package.place().span, "sshd", package.name)
                for package in one.packages
                if isinstance(package.name, str) and package.name in _SSH_SERVERS
            ]
        elif isinstance(one, Launch) and one.keyword != "HEALTHCHECK":
            result += [
                Passage(one, command.place().span, "sshd", command.type_key)
                for command in one.commands
                if command.type_key in ("sshd", "dropbear")
                or (command.type_key == "service" and command.does("ssh"))
            ]
    return [] if result and stage.document.root.by_ssh else result


def ray_exposures(stage: Stage) -> list[Passage]:
    """Where Ray's dashboard or client port is opened without its token authentication."""
    mode = stage.effective.env.get("RAY_AUTH_MODE")
    if mode is not None and (not isinstance(mode, str) or mode.lower() == "token"):
        return []
    named = (
        "ray" in stage.start_line
        or "ray" in str(stage.base.written)
        or any(package.name == "ray" for package in stage.packages if isinstance(package.name, str))
    )
    result = [
        Passage(port, port.span, "ray-open", str(port.first))
        for port in stage.ports
        if isinstance(port.first, int) and port.first in (8265, 10001) and named
    ]
    for command in stage.start:
        if (command.type_key == "ray" and command.does("start")) or any(
            flag.name == "dashboard-host" and flag.content in ("0.0.0.0", "::", "[::]")  # noqa: S104 - what is looked for
            for flag in command.flags
        ):
            owner = command.owner if isinstance(command.owner, Part) else stage
            result.append(Passage(owner, command.place().span, "ray-open", "ray"))
    return result[:1]
