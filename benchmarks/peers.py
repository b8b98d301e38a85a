"""The peers that are on this machine, and how each is asked for what we are asked for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from linter.recipe import load_rules

# kind of corpus -> the words by which a peer is asked to judge a folder as that, and nothing else
ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "hadolint": {"dockerfile": ("--no-fail",)},
    "kube-linter": {"kubernetes": ("lint",)},
    "trivy": {
        kind: ("config", "--skip-check-update", "--quiet", "--misconfig-scanners", kind)
        for kind in ("kubernetes", "dockerfile", "terraform")
    },
    "checkov": {
        kind: ("--quiet", "--compact", "--skip-download", "--framework", kind, "-d")
        for kind in ("kubernetes", "dockerfile", "terraform")
    },
}


@dataclass(frozen=True, slots=True)
class Peer:
    """An installed peer."""

    name: str
    program: str

    def command(self, kind: str, folder: Path) -> list[str] | None:
        """What judges a folder of files of a kind; None where it does not judge them."""
        words = ASKED[self.name].get(kind)
        if words is None:
            return None
        files = [str(path) for path in sorted(folder.iterdir())] if self.name == "hadolint" else [str(folder)]
        return [self.program, *words, *files]

    def shared(self, kind: str, folder: Path) -> tuple[list[str], list[str]] | None:
        """The same for the checks alone that both have; and our selectors for them. None: it can't be asked so."""
        command = self.command(kind, folder)
        if command is None or self.name != "checkov":
            return None
        aliases = _aliases(self.name, kind)
        return [*command, "--check", ",".join(aliases)], [f"{self.name}:{alias}" for alias in aliases]


def _aliases(name: str, kind: str) -> list[str]:
    prefix = f"{name}:"
    infos = load_rules().infos.values()
    found = {
        a.removeprefix(prefix) for i in infos if i.format == kind for a in i.aliases if a.startswith(prefix)
    }
    return sorted(
        alias for alias in found if not alias.startswith("CKV2_")
    )  # graph checks are asked for otherwise


def find(folders: Iterable[Path]) -> tuple[list[Peer], list[str]]:
    """The peers in the folders, beside this interpreter or on the search path; and the names of those that are not."""
    search: Sequence[Path | None] = (*folders, Path(sys.executable).parent, None)
    found: list[Peer] = []
    for name in ASKED:
        programs = (shutil.which(name, path=str(place) if place else None) for place in search)
        program = next(filter(None, programs), None)
        if program is not None:
            found.append(Peer(name, program))
    return found, [name for name in ASKED if name not in {peer.name for peer in found}]
