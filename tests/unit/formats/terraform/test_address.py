"""Addresses are taken apart by tokens, never split on dots."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.terraform.address import parse, reference_root, without_keys


def test_modules_keys_and_types() -> None:
    found = parse('module.m["a.b[0]"].module.n[1].aws_ebs_volume.this["p5.48xlarge"]')
    assert found.modules == (("m", "a.b[0]"), ("n", 1))
    assert (found.mode, found.type, found.name, found.key) == (
        "managed",
        "aws_ebs_volume",
        "this",
        "p5.48xlarge",
    )
    assert found.plain == "module.m.module.n.aws_ebs_volume.this"


def test_data_sources() -> None:
    found = parse("data.aws_ami.dlami")
    assert (found.mode, found.plain) == ("data", "data.aws_ami.dlami")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_x.y.id", "aws_x.y"),
        ("data.t.n.json", "data.t.n"),
        ("var.x.y", "var.x"),
        ("aws_x.y[0].id", "aws_x.y"),
    ],
)
def test_reference_roots(text: str, expected: str) -> None:
    assert reference_root(text) == expected


def test_what_is_no_address() -> None:
    with pytest.raises(ValueError, match="not an address"):
        parse("module.")
    assert without_keys("!") == "!"


@given(st.text(max_size=20))
def test_any_key_survives(key: str) -> None:
    assert parse(f"module.m[{json.dumps(key)}].aws_x.y[{json.dumps(key)}]").key == key
