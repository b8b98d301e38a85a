"""Kubernetes manifests: YAML or JSON text to typed objects."""

from __future__ import annotations

from linter.formats.document import Format
from linter.formats.kubernetes.ai_inventory import inventory
from linter.formats.kubernetes.ai_joins import joins
from linter.formats.kubernetes.project import project
from linter.formats.kubernetes.read import read, read_within
from linter.formats.kubernetes.records import records
from linter.formats.kubernetes.subjects import SUBJECTS, classes_in

FORMAT = Format(
    "kubernetes",
    read,
    SUBJECTS,
    example_file="manifest.yaml",
    inventory=inventory,
    holds=classes_in,
    records=records,
    project=project,
    joins=joins,
    read_within=read_within,
)
