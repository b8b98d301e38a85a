"""Dockerfiles: what tarecheck reads from them and what rules can ask."""

from linter.formats.dockerfile.functions import FUNCTIONS
from linter.formats.dockerfile.project import project, records
from linter.formats.dockerfile.read import read
from linter.formats.dockerfile.subjects import SUBJECTS
from linter.formats.document import Format

FORMAT = Format(
    "dockerfile",
    read,
    SUBJECTS,
    functions=FUNCTIONS,
    example_file="Dockerfile",
    records=records,
    project=project,
)
