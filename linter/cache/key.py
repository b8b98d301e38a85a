"""What a kept result depends on, as one hash: bytes and names of a unit's files, policy, rules and program.

What a file is read with besides, such as the modules that Terraform calls, is asked again: see `Question`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from linter.digest import blake2b
from linter.formats.classify import candidates
from linter.loading import read_bytes
from linter.ruleset.policy import Policy
from linter.unit import Input

_READERS = (
    "yaml",
    "tree_sitter",
    "tree_sitter_bash",
    "tree_sitter_hcl",
)  # other people's code that decides what is read
_SIZE = 16  # bytes of a hash


class Keys:
    """Makes the keys of units. `salt` is of the cache: no hash of a file can be compared with a list of known ones."""

    def __init__(
        self,
        salt: bytes,
        base: str,
        policy_for: Callable[[str | Path], Policy],
        root: Path,
        *,
        plans: bool = True,
    ) -> None:
        self.policy_for = policy_for
        self.root = root
        self.plans = plans  # False: what is read with a plan is not known, so nothing is kept of it
        self._start = blake2b(base.encode(), key=salt, digest_size=_SIZE)
        self._digests: dict[int, bytes] = {}

    def of(self, unit: Sequence[Input], contents: Sequence[bytes]) -> bytes | None:
        """The key of a unit whose files have these bytes; None when nothing may be kept of it."""
        if not self.plans and any("plan" in candidates(item.shown) for item in unit):
            return None
        digest = self._start.copy()
        for item, data in zip(unit, contents, strict=True):
            head = f"\0{item.shown}\0{item.named}{item.context}{len(data)}\0"
            digest.update(head.encode("utf-8", "surrogateescape") + self._policy(item.path))
            digest.update(data)
        return digest.digest()

    def _policy(self, path: str) -> bytes:
        policy = self.policy_for(path)
        found = self._digests.get(id(policy))  # the policies live as long as the scan
        if found is None:
            found = self._digests[id(policy)] = policy.config.digest(str(self.root)).encode()
        return found


def contents_of(unit: Sequence[Input]) -> list[bytes] | None:
    """The bytes of a unit's files; None when one of them can't be read."""
    try:
        return [item.data if item.data is not None else read_bytes(item.path) for item in unit]
    except OSError:
        return None


def unit_name(unit: Sequence[Input]) -> str:
    """What a unit is looked up by: its file, or the directory of a module."""
    first = unit[0].shown
    return first if len(unit) == 1 else os.path.dirname(first) + "/"


def program() -> str:
    """This program: when one of its files or of its readers changes, every result may."""
    package = Path(__file__).resolve().parent.parent
    digest = blake2b(sys.version.encode(), digest_size=_SIZE)
    for line in sorted(_stamps(str(package))):
        digest.update(line.encode("utf-8", "surrogateescape"))
    for name in _READERS:
        digest.update(_found(name).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _stamps(folder: str) -> Iterator[str]:
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".json", ".csv")):
                    info = entry.stat()
                    yield f"{entry.path}\0{info.st_size}\0{info.st_mtime_ns}\n"
                elif "." not in entry.name and not entry.name.startswith("_") and entry.is_dir():
                    pending.append(entry.path)


def _found(module: str) -> str:
    """Where a package is, and since when; without importing it."""
    for folder in sys.path:
        place = os.path.join(folder, module, "__init__.py")
        try:
            info = os.stat(place)
        except OSError:
            continue
        return f"{place}\0{info.st_size}\0{info.st_mtime_ns}\n"
    return f"{module}?"
