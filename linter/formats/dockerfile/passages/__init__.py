"""Passages: places of an instruction or stage that mean something for themselves.

Some facts come about in several ways (a command, a flag, a file that is written, a heredoc). Each way gives a
passage with its own place, so that one rule covers them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.dockerfile.instruction import Instruction
from linter.formats.dockerfile.passages.confidential import (
    credential_urls,
    persisted_secrets,
    secret_arguments,
)
from linter.formats.dockerfile.passages.gpu import cuda_mismatches, driver_installs, gpu_upgrades
from linter.formats.dockerfile.passages.jupyter import jupyter_open, jupyter_root, remote_code
from linter.formats.dockerfile.passages.layers import artefacts, copied_archives, recopies
from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.passages.rights import sudo_grants
from linter.formats.dockerfile.passages.servers import ray_exposures, sshd
from linter.formats.dockerfile.passages.steps import directory_changes, piped_scripts, second_downloaders
from linter.formats.dockerfile.run import Run

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_PER_INSTRUCTION = (jupyter_open, jupyter_root, remote_code, sudo_grants, credential_urls)


_PER_RUN = (
    driver_installs,
    secret_arguments,
    persisted_secrets,
    recopies,
    piped_scripts,
    directory_changes,
)


_PER_STAGE = (artefacts, sshd, gpu_upgrades, copied_archives, second_downloaders)


def passages(stage: Stage) -> Iterator[tuple[Passage, Instruction | None]]:
    """Every passage of a stage, with the instruction that it stands in."""
    for one in stage.all:
        for function in _PER_INSTRUCTION:
            for passage in function(one):
                yield passage, one
        if isinstance(one, Run):
            for of_run in _PER_RUN:
                for passage in of_run(one):
                    yield passage, one
    for of_stage in _PER_STAGE if stage.index >= 0 or stage.final else ():
        for passage in of_stage(stage):
            yield passage, None
    if stage.final and stage.index >= 0:
        for passage in [*ray_exposures(stage), *cuda_mismatches(stage)]:
            yield passage, None
