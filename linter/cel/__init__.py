"""CEL, our dialect: text -> tokens -> syntax tree -> checked tree -> Python functions. See README.md.

Imports nothing else of ours.
"""

from __future__ import annotations

from linter.cel.environment import Environment
from linter.cel.errors import CelError, CelRuntimeError
from linter.cel.functions import Function
from linter.cel.program import Program
from linter.cel.suggest import suggest
from linter.cel.template import Template
from linter.cel.types import (
    BOOL,
    BYTES,
    CIDR,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    IP,
    NULL,
    QUANTITY,
    RAW,
    STRING,
    TIMESTAMP,
    UINT,
    Field,
    ListType,
    MapType,
    MessageType,
    Nullable,
    OptionalType,
    Type,
    describe,
)
from linter.cel.unknown import UNKNOWN, Unknown, UnknownTruth
from linter.cel.values import UInt

__all__ = [
    "BOOL", "BYTES", "CIDR", "DOUBLE", "DURATION", "DYN", "INT", "IP", "NULL", "QUANTITY", "RAW", "STRING", "TIMESTAMP",
    "UINT", "UNKNOWN", "CelError", "CelRuntimeError", "Environment", "Field", "Function", "ListType", "MapType",
    "MessageType", "Nullable", "OptionalType", "Program", "Template", "Type", "UInt", "Unknown", "UnknownTruth",
    "describe", "suggest",
]  # fmt: skip
