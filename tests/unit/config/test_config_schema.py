"""The shipped schema, its quick check, and the presets agree with each other."""
# ruff: noqa: E501 - tables of messages read better unbroken

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config import schema_path
from linter.config.check import _valid, check, schema
from linter.config.find import presets
from linter.config.layer import Layer
from linter.config.merge import _CONVERT
from linter.config.read import parse


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(dict(schema()))
    assert json.loads(Path(schema_path()).read_text("utf-8")) == schema()


@pytest.mark.parametrize("name", sorted(presets()))
def test_presets_are_valid(name: str) -> None:
    parsed = parse(name, Path(presets()[name]).read_bytes())
    assert parsed is not None
    check(Layer(name, "/", "/", *parsed, preset=True))


def test_every_key_of_the_schema_has_a_meaning() -> None:
    about_the_file = {"$schema", "root", "extends", "overrides", "rules", "suppressions"}
    keys = {key.removeprefix("extend-") if key != "extend-select" else key for key in schema()["properties"]}
    assert keys - about_the_file == set(_CONVERT)


_WORDS = st.sampled_from(["high", "none", "strict", "a", "", "2027-01-01", "Bad_Id", "helm"])
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | _WORDS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["severity", "params", "ignore", "paths", "rules", "reason", "set", "x"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*sorted(schema()["properties"]), "unknown"]), _VALUES, max_size=3))
def test_the_quick_check_agrees_with_jsonschema(values: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(dict(schema()))
    assert _valid(schema(), values) == validator.is_valid(values)
