"""No reader, nor the CEL front, nor the reader of suppressions raises for any text, and all spans are within it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import ROOT, seeds
from tests.fuzz.mutate import TOKENS, mutated
from tests.fuzz.targets import TARGETS

TEXTS = [text for _, text in seeds(ROOT / "fixtures")]


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_changed_files(name: str, seed: int) -> None:
    dice = random.Random(seed)
    TARGETS[name](mutated(dice.choice(TEXTS), TEXTS, dice))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=30)
@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=6)), max_size=30).map("".join))
def test_any_text(name: str, text: str) -> None:
    TARGETS[name](text)


MARKS = st.sampled_from(
    ["# tarecheck: ignore", "# tarecheck: ignore-file", "[", "]", "a", ",", "root-user", " until=", "2027-01-01",
     " by=", "9999-99-99", "\n", "# hadolint ignore=", "DL3002", "#checkov:skip=", "CKV_K8S_16", ":", "# trivy:ignore:",
     "AVD-", "# kics-scan ", "ignore-line", "# nosemgrep", "FROM a\n", "USER root\n", "kind: Pod\n", "apiVersion: v1\n",
     'resource "a" "b" {\n', "}\n", "  x: 1\n", "\u2028", "\x00", "é", "#", "//", "/*", "*/", "- "]
)  # fmt: skip


@pytest.mark.parametrize("name", ["dockerfile", "kubernetes", "hcl", "compose"])
@settings(max_examples=60)
@given(st.lists(MARKS, max_size=30).map("".join))
def test_suppressions(name: str, text: str) -> None:
    for start in (
        "",
        "FROM a\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: []\n",
    ):
        TARGETS[name](start + text)
