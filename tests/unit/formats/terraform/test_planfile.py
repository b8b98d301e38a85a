"""Binary plan files that are damaged, in every way that an archive can be."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from linter.errors import UnreadableError
from linter.formats.terraform import planfile

SOURCE = 'resource "aws_instance" "x" {\n  ami = "a"\n}\n' * 50


def plan(manifest: str | bytes = '[{"Key": "", "Dir": "."}]') -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tfplan", "x")
        archive.writestr("tfconfig/modules.json", manifest)
        archive.writestr("tfconfig/m-/main.tf", SOURCE)
    return stream.getvalue()


@pytest.mark.parametrize(
    "manifest",
    [
        "5",
        "null",
        "{}",
        "[1]",
        "[" * 200_000,
        b"\xff\xfe\xff",
        '[{"Key": [], "Dir": {}}]',
        "",
        " " * 6_000_000,
    ],
    ids=["number", "null", "map", "numbers", "deep", "bytes", "lists", "empty", "huge"],
)
def test_a_manifest_that_is_none_names_no_folder(manifest: str | bytes) -> None:
    (document,) = planfile.read_bytes("tfplan", plan(manifest))
    assert document.path == "tfplan/main.tf"
    assert len(document.root) == 50


def damaged() -> list[bytes]:
    good = plan()
    dice = random.Random(3)
    result = [good[:end] for end in range(10, len(good), 37)]
    for _ in range(300):
        changed = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        result.append(bytes(changed))
    return result


def test_a_damaged_archive_is_refused_or_read() -> None:
    refused = 0
    for data in damaged():
        try:
            planfile.read_bytes("tfplan", data)
        except UnreadableError:
            refused += 1
    assert refused > 50
