"""What a container's command line asks of its accelerators, for the launchers of AI workloads."""

from linter.formats.launchers.engines import launchers
from linter.formats.launchers.launcher import Launcher, Value
from linter.formats.launchers.words import Command, Environment, Origin, Word, commands

__all__ = ["Command", "Environment", "Launcher", "Origin", "Value", "Word", "commands", "launchers"]
