"""The compiled rule set and the file that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter import __version__
from linter.ruleset import cachefile
from linter.ruleset.store import RuleSet, load_ruleset


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleSet, Path]:
    """A rule set that was read from its file, and that file."""
    cache = tmp_path_factory.mktemp("cache")
    load_ruleset(cache=cache)
    (file,) = cache.glob("rules-*.bin")
    return load_ruleset(cache=cache)[0], file


def test_a_kept_rule_set_is_the_one_that_was_packed(kept: tuple[RuleSet, Path]) -> None:
    fresh, errors = load_ruleset()
    assert not errors
    assert kept[0].infos == fresh.infos
    assert kept[0].infos.profiles == {rule: info.profile for rule, info in fresh.infos.items()}
    assert kept[0].infos.formats == {rule: info.format for rule, info in fresh.infos.items()}
    assert [rule.id for rule in kept[0].packed("compose")] == [rule.id for rule in fresh.packed("compose")]
    assert kept[0].infos["privileged-container"].examples


def test_rules_are_compiled_again_when_the_file_goes_after_it_was_opened(kept: tuple[RuleSet, Path]) -> None:
    rules, file = kept
    file.unlink()
    assert {rule.info.profile for rule in rules.rules("dockerfile")} == {"default", "strict", "named"}
    assert file.is_file()  # else each run would compile them


def test_rules_that_are_damaged_are_written_anew(tmp_path: Path) -> None:
    load_ruleset(cache=tmp_path)
    (file,) = tmp_path.glob("rules-*.bin")
    content = file.read_bytes()
    file.write_bytes(content[:-100])  # the last part is not whole, the head is
    rules, _ = load_ruleset(cache=tmp_path)
    assert len(rules.rules("compose")) == len(load_ruleset()[0].rules("compose"))
    for name in ("dockerfile", "kubernetes", "terraform"):
        assert rules.rules(name)
    whole = file.read_bytes()
    assert whole != content[:-100]
    load_ruleset(cache=tmp_path)[0].rules("compose")
    assert file.read_bytes() == whole  # nothing was wrong with it any more


def test_an_installed_release_is_named_by_its_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "linter"
    rules = package / "_rules"
    rules.mkdir(parents=True)
    (package / "ruleset").mkdir()
    monkeypatch.setattr(cachefile, "__file__", str(package / "ruleset" / "cachefile.py"))
    names = {cachefile.name_for([rules])}
    record = tmp_path / f"tarecheck-{__version__}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("one")
    names.add(cachefile.name_for([rules]))
    record.write_text("three")
    names.add(cachefile.name_for([rules]))
    assert len(names) == 3

    own = tmp_path / "own"
    own.mkdir()
    before = cachefile.name_for([rules, own])
    (own / "a.yaml").write_text("id: a")
    assert cachefile.name_for([rules, own]) != before  # other people's rules are looked at one by one
