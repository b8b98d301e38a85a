"""What a hostile input is: a small tree that a scan must survive.

Every attack is made when it is asked for, so that megabytes are held one at a time. Sizes are those that hurt:
most of what is in `inputs/` took minutes, gigabytes or the findings of its neighbours before it was mended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Files = dict[str, str | bytes]
Parts = Iterator[tuple[Any, ...]]  # name, files or what makes them, and perhaps arguments of `Attack`
TOLD = {"told": True}

POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
    - name: c
      image: registry.example.org/app:1.0
"""
GOOD_SIBLINGS: Files = {
    # each has a flaw that must still be found beside any attack
    "zz-good/Dockerfile": "FROM alpine:latest\nUSER root\n",
    "zz-good/pod.yaml": POD + "      securityContext:\n        privileged: true\n",
    "zz-good/main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  acl    = "public-read-write"\n}\n',
    "zz-good/compose.yaml": "services:\n  app:\n    image: registry.example.org/app:1.0\n    privileged: true\n",
}
HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
BUCKET = 'resource "aws_s3_bucket" "b" {{\n  bucket = "b"\n  {}\n}}\n'


@dataclass(frozen=True, slots=True)
class Attack:
    """A tree. `told`: the reader must say that a file could not be read whole."""

    name: str
    make: Callable[[], Files]
    told: bool = False
    links: tuple[tuple[str, str], ...] = ()  # (name, target)
    fifos: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Write the tree, and the good siblings beside it."""
        for name, content in {**self.make(), **GOOD_SIBLINGS}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            )
        for name in self.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, target in self.links:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(target)
        for name in self.fifos:
            os.mkfifo(folder / name)
