"""What rules say: documents to check it against, and words that need no filling in and no masking."""

from __future__ import annotations

import re

import pytest

from linter.finding import RuleInfo
from linter.formats.secrets import redact
from linter.recipe import load_rules
from linter.reporters.links import is_web

DEFAULT = [info for info in load_rules().infos.values() if info.profile == "default" and info.format != "any"]


@pytest.mark.parametrize("info", DEFAULT, ids=lambda info: info.id)
def test_default_rules_have_a_primary_document(info: RuleInfo) -> None:
    assert info.references
    assert all(is_web(url) and url.startswith("https://") for url in info.references)
    assert len(set(info.references)) == len(info.references)


def test_incidents_in_the_text_are_linked() -> None:
    """A CVE that a reason names can be looked up from there."""
    unlinked = {
        (info.id, word.strip(".,;:()"))
        for info in DEFAULT
        for word in info.why.split()
        if word.strip(".,;:()").startswith("CVE-")
        and not any(word.strip(".,;:()") in url for url in info.references)
    }
    assert not unlinked


@pytest.mark.parametrize("info", load_rules().infos.values(), ids=lambda info: info.id)
def test_texts_can_be_shown_as_they_are(info: RuleInfo) -> None:
    """Only messages have places to fill in, and no rule's own words look like a secret: they would be masked."""
    for text in (info.title, info.why, info.fix):
        assert not re.findall(r"(?<!\$)\{[a-z_]+\.[A-Za-z_.]+\}", text)
    for text in (info.title, info.message, info.why, info.fix):
        plain = re.sub(r"\{[^{}]*\}", "x", text)
        assert redact(plain) == plain
