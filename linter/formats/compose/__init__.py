"""Compose files: services with variables resolved, `extends` followed, merge keys applied."""

from __future__ import annotations

from linter.formats.compose.project import project, records
from linter.formats.compose.read import read, read_within
from linter.formats.compose.subjects import SUBJECTS
from linter.formats.document import Format
from linter.formats.secrets import FUNCTIONS

FORMAT = Format(
    "compose",
    read,
    SUBJECTS,
    FUNCTIONS,
    "compose.yaml",
    records=records,
    read_within=read_within,
    project=project,
    answers=True,
)
