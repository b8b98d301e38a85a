"""Run the public CEL conformance cases and count: python tests/unit/cel/conformance.py [DIR]."""

from __future__ import annotations

import base64
import json
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from linter.cel import DYN, CelError, CelRuntimeError, Environment, UInt
from linter.cel.times import Duration, Timestamp, duration, timestamp
from linter.cel.values import BoolKey, TypeValue


@dataclass(frozen=True)
class Case:
    """One case; `id` is unique in its file."""

    file: str
    id: str
    data: dict[str, Any]


def find_cases_folder() -> Path | None:
    """The folder of the shared cases: TARECHECK_SHARED, or `shared` beside the repository."""
    shared = os.environ.get("TARECHECK_SHARED")
    root = Path(shared) if shared else Path(__file__).resolve().parents[4] / "shared"
    folder = root / "cel-conformance"
    return folder if folder.is_dir() else None


def cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.json")):
        seen: dict[str, int] = {}
        for data in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            name = f"{data.get('section', '')}/{data['name']}"
            seen[name] = seen.get(name, 0) + 1
            yield Case(path.stem, name if seen[name] == 1 else f"{name}#{seen[name]}", data)


def decode(tagged: dict[str, Any]) -> Any:
    ((tag, value),) = tagged.items()
    match tag:
        case "uint":
            return UInt(value)
        case "double":
            return float(value)
        case "bytes":
            return base64.b64decode(value)
        case "list":
            return [decode(item) for item in value]
        case "map":
            return {_key(decode(key)): decode(item) for key, item in value}
        case "type":
            return TypeValue(value)
        case "duration":
            return duration(value)
        case "timestamp":
            return timestamp(value)
    return value


def _key(key: Any) -> Any:
    return BoolKey(key) if isinstance(key, bool) else key


def same(left: Any, right: Any) -> bool:
    """Equal in value and in type, all the way down."""
    if isinstance(left, tuple):
        left = list(left)
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (left == right and math.copysign(1, left) == math.copysign(1, right)) or (
            left != left and right != right
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return bool(left == right)


def run(case: Case, *, checked: bool = False) -> str | None:
    """None if the case passes, fast and slow and after a round trip through bytes; else what went wrong."""
    bindings = {name: decode(value) for name, value in case.data.get("bindings", {}).items()}
    environment = Environment(
        [(name, DYN) for name in bindings], container=case.data.get("container", ""), checked=checked
    )
    values = list(bindings.values())
    wanted = case.data["expect"]
    try:
        program = environment.compile(case.data["expr"])
    except CelError as error:
        return None if "error" in wanted else f"compile: {error}"
    for way in (program.evaluate, program.evaluate_slowly, type(program).load(program.dump()).evaluate):
        try:
            found = way(*values)
        except CelRuntimeError as error:
            if "error" not in wanted:
                return f"evaluate: {error.message}"
            continue
        if "error" in wanted:
            return f"no error, but {found!r}"
        if not same(found, decode(wanted["value"])):
            return f"found {found!r}"
    return None


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else find_cases_folder()
    if folder is None:
        print("no conformance cases: name their folder")
        return 2
    counts: dict[str, list[int]] = {}
    for case in cases(folder):
        problem = run(case)
        count = counts.setdefault(case.file, [0, 0])
        count[0] += problem is None
        count[1] += 1
        if problem:
            print(f"{case.file}: {case.id}: {case.data['expr'][:80]!r}: {problem}")
    for file, (passed, total) in counts.items():
        print(f"{file:16} {passed:4} of {total}")
    print(f"{'all':16} {sum(p for p, _ in counts.values()):4} of {sum(t for _, t in counts.values())}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())


__all__ = ["Case", "Duration", "Timestamp", "cases", "find_cases_folder", "run"]
