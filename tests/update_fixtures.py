"""Write every `expected.json` anew: `python -m tests.update_fixtures`, then read the diff line by line."""

from __future__ import annotations

import json

from tests.test_fixtures import TREES, rows, scan_tree


def main() -> None:
    for tree in TREES:
        report = scan_tree(tree)
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows(report, tree))
        (tree / "expected.json").write_text(f"[\n{lines}\n]\n" if lines else "[]\n")
        print(tree.name, len(report.active))


if __name__ == "__main__":
    main()
