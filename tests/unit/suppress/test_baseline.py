from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.errors import UsageError
from linter.finding import Confidence, Finding, Location, Severity, Status, number
from linter.suppress.baseline import Baseline, Entry, compare, counts, create, dump, parse, prune, update
from linter.suppress.since import identities, mark_known


def finding(
    rule: str = "a", path: str = "p.yaml", line: int = 1, subject: str = "s", evidence: str = "e"
) -> Finding:
    place = Location(path, line, 1, line, 2)
    return Finding(rule, Severity.HIGH, Confidence.HIGH, f"line {line}.", place, subject, evidence)


def active(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return [(f.location.path, f.location.line) for f in findings if f.status is Status.ACTIVE]


def test_moved_lines_change_nothing_and_two_alike_are_two() -> None:
    baseline = create(number([finding(line=1), finding(line=5)]))
    moved = compare(number([finding(line=11), finding(line=15)]), baseline, {"p.yaml"})
    assert active(moved.findings) == []
    assert not moved.stale
    third = compare(number([finding(line=1), finding(line=5), finding(line=9)]), baseline, {"p.yaml"})
    assert active(third.findings) == [("p.yaml", 9)]
    one = compare(number([finding(line=1)]), baseline, {"p.yaml"})
    assert [entry.ordinal for entry in one.stale] == [1]
    assert (
        one.diagnostics("b.json")[0].message
        == "1 entry matches no finding any more: run `tarecheck baseline prune`"
    )


def test_reordered_documents_change_nothing() -> None:
    first = [finding(subject="Pod/a", line=1), finding(subject="Pod/b", line=9)]
    second = [finding(subject="Pod/b", line=1), finding(subject="Pod/a", line=9)]
    assert create(number(first)) == create(number(second))


def test_a_renamed_file_is_followed_and_told() -> None:
    baseline = create(
        number([finding(path="old/p.yaml"), finding("b", path="old/p.yaml"), finding(path="q.yaml")])
    )
    now = number([finding(path="new/p.yaml"), finding("c", path="new/p.yaml"), finding(path="q.yaml")])
    result = compare(now, baseline, {"new/p.yaml", "q.yaml"})
    assert result.renames == (("old/p.yaml", "new/p.yaml"),)
    assert [f.rule for f in result.findings if f.status is Status.ACTIVE] == ["c"]
    assert [(entry.path, entry.rule) for entry in result.stale] == [("old/p.yaml", "b")]
    assert "old/p.yaml is now new/p.yaml" in result.diagnostics("b")[0].message
    assert {(e.path, e.rule) for e in prune(baseline, result).entries} == {
        ("new/p.yaml", "a"),
        ("q.yaml", "a"),
    }


def test_a_copy_is_no_rename() -> None:
    baseline = create(number([finding(path="p.yaml")]))
    result = compare(
        number([finding(path="p.yaml"), finding(path="copy.yaml")]), baseline, {"p.yaml", "copy.yaml"}
    )
    assert active(result.findings) == [("copy.yaml", 1)]


def test_suppressed_findings_are_not_taken_in() -> None:
    assert create([finding().evolve(status=Status.SUPPRESSED)]).entries == frozenset()
    assert len(create([finding().evolve(status=Status.BASELINED)]).entries) == 1


def test_update_keeps_what_was_not_scanned_and_drops_what_is_gone() -> None:
    baseline = Baseline(frozenset(Entry(path, "s", "a", "e") for path in ("scanned", "other", "gone")))
    comparison = compare(number([finding("new", path="scanned")]), baseline, {"scanned"})
    after = update(baseline, comparison, {"scanned"}, {"scanned", "other"})
    assert {(e.path, e.rule) for e in after.entries} == {("scanned", "new"), ("other", "a")}


def test_the_file_is_sorted_one_finding_a_line() -> None:
    text = dump(
        create(number([finding("z"), finding("a"), finding("a"), finding(path="a.yaml", subject="")]))
    )
    assert text == (
        '{\n  "schema_version": 1,\n  "findings": [\n'
        '    {"path": "a.yaml", "rule": "a", "evidence": "e"},\n'
        '    {"path": "p.yaml", "rule": "a", "subject": "s", "evidence": "e"},\n'
        '    {"path": "p.yaml", "rule": "a", "subject": "s", "evidence": "e", "ordinal": 1},\n'
        '    {"path": "p.yaml", "rule": "z", "subject": "s", "evidence": "e"}\n  ]\n}\n'
    )
    assert json.loads(dump(Baseline(frozenset())))["findings"] == []


_TEXT = st.text(max_size=8)


@given(st.frozensets(st.builds(Entry, _TEXT, _TEXT, _TEXT, _TEXT, st.integers(0, 3)), max_size=5))
def test_a_file_reads_back_as_it_was_written(entries: frozenset[Entry]) -> None:
    try:
        data = dump(Baseline(entries)).encode()
    except UnicodeEncodeError:
        return
    assert parse("baseline", data).entries == entries


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[", "b.json: not a baseline: "),
        (b"[]", "not a baseline of version 1"),
        (b'{"schema_version": 2}', "not a baseline of version 1"),
        (b'{"schema_version": 1}', "'findings' must be a list"),
        (b'{"schema_version": 1, "findings": [{"path": "a"}]}', "entry 1 is no finding"),
        (b'{"schema_version": 1, "findings": [1]}', "entry 1 is no finding"),
        (
            b'{"schema_version": 1, "findings": [{"path": "a", "rule": "b", "ordinal": "c"}]}',
            "entry 1 is no finding",
        ),
        (b"\xff\xfe", "not a baseline"),
    ],
)
def test_what_is_no_baseline(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse("b.json", data)


def test_a_baseline_of_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linter.suppress.baseline.MAX_ENTRIES", 2)
    text = dump(create(number([finding(line=line) for line in (1, 2, 3)])))
    with pytest.raises(UsageError, match="3 entries, more than the 2"):
        parse("b.json", text.encode())


def test_of_many_files_alike_the_one_of_the_same_name_was_renamed() -> None:
    baseline = create(number([finding(path="old/p.yaml"), finding(path="old/q.yaml")]))
    files = ["new/p.yaml", *(f"other/{index}.yaml" for index in range(60))]
    found = compare(number([finding(path=path) for path in files]), baseline, set(files))
    assert found.renames == (("old/p.yaml", "new/p.yaml"),)


def test_counts() -> None:
    baseline = create(number([finding("a"), finding("b"), finding("b", line=2)]))
    assert counts(baseline) == [("b", 2), ("a", 1)]


def test_new_since_follows_renames() -> None:
    base = identities(number([finding(path="old.yaml"), finding("gone", path="x.yaml")]))
    head = number([finding(path="new.yaml"), finding("b", path="new.yaml")])
    assert active(tuple(mark_known(head, base, {"new.yaml": "old.yaml"}, "main"))) == [("new.yaml", 1)]
    assert len(active(tuple(mark_known(head, base, {}, "main")))) == 2
    (known, _) = mark_known(head, base, {"new.yaml": "old.yaml"}, "main")
    assert (known.status, known.reason) == (Status.BASELINED, "known at main")


def test_a_finding_whose_suppression_was_removed_is_new() -> None:
    base = identities([finding().evolve(status=Status.SUPPRESSED)])
    assert len(active(tuple(mark_known([finding()], base, {}, "main")))) == 1
