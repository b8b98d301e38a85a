"""The public CEL conformance cases, where they are at hand (TARECHECK_SHARED, or ../shared)."""

from __future__ import annotations

import pytest

from tests.unit.cel.conformance import Case, cases, find_cases_folder, run

# case -> why we answer otherwise
DEVIATIONS = {
    f"parse: bytes_literals/triple_{quote}_quoted_unescaped_punctuation": "it expects a backslash that its text has not"
    for quote in ("single", "double")
}
FOLDER = find_cases_folder()


def by_file() -> dict[str, list[Case]]:
    grouped: dict[str, list[Case]] = {}
    for case in cases(FOLDER) if FOLDER else ():
        grouped.setdefault(case.file, []).append(case)
    return grouped


@pytest.mark.skipif(FOLDER is None, reason="the conformance cases are not here")
@pytest.mark.parametrize("file", sorted(by_file()))
def test_cases_of(file: str) -> None:
    problems = {}
    for case in by_file()[file]:
        name = f"{case.file}: {case.id}"
        problem = run(case)
        if problem and name not in DEVIATIONS:
            problems[name] = f"{case.data['expr']!r}: {problem}"
        if name in DEVIATIONS:
            assert problem, f"{name} is no deviation any more"
    assert problems == {}
