"""Write every `expected.json` anew: `python -m tests.update_fixtures`, then read the diff line by line."""

from __future__ import annotations

import json

from linter.config import load
from linter.ruleset.store import load_ruleset
from linter.scan import Request, scan
from tests.test_fixtures import TREES, rows


def main() -> None:
    ruleset, errors = load_ruleset()
    assert not errors, errors
    for tree in TREES:
        report = scan(Request(paths=(tree,), ruleset=ruleset, config=load([tree], isolated=True)))
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows(report, tree))
        (tree / "expected.json").write_text(f"[\n{lines}\n]\n" if lines else "[]\n")
        print(tree.name, len(report.active))


if __name__ == "__main__":
    main()
