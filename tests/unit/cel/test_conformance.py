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


# What a rule may not say although CEL, unchecked, would come to an answer.
REFUSED = {
    "basic: functions/unbound_is_runtime_error": "an unknown function",
    "basic: variables/unbound_is_runtime_error": "an unknown variable",
    "comparisons: eq_literal/not_eq_list_length": "lists that can never be equal",
    "logic: AND/short_circuit_type_left": "an operand that is no bool",
    "logic: AND/short_circuit_type_right": "an operand that is no bool",
    "logic: OR/short_circuit_type_left": "an operand that is no bool",
    "logic: OR/short_circuit_type_right": "an operand that is no bool",
}


@pytest.mark.skipif(FOLDER is None, reason="the conformance cases are not here")
def test_the_checker_refuses_nothing_else() -> None:
    for file, group in by_file().items():
        for case in group:
            name = f"{file}: {case.id}"
            problem = run(case, checked=True)
            if name in REFUSED or name.startswith(
                "parse: receiver_function_names/"
            ):  # unknown functions, too
                assert problem, name
            elif name not in DEVIATIONS:
                assert problem is None, f"{name}: {problem}"
