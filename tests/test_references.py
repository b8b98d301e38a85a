"""Every rule file of the default profile names a document that its reader can check it against."""

from __future__ import annotations

import pytest

from linter.finding import RuleInfo
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
