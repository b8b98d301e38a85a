"""Files that are generated from the code: `make schema` writes them, a test keeps them fresh."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from linter.hooks import HOOKS
from linter.ruleset.schema import RULE_SCHEMA

ROOT = Path(__file__).resolve().parent.parent


def contents() -> Mapping[Path, str]:
    """Path -> text of every generated file."""
    return {
        ROOT / "rules" / "rule.schema.json": json.dumps(RULE_SCHEMA, indent=2, ensure_ascii=False) + "\n",
        ROOT / ".pre-commit-hooks.yaml": hooks_file(),
    }


def hooks_file() -> str:
    """The hooks as pre-commit reads them."""
    import yaml

    rows = yaml.safe_dump([dict(hook) for hook in HOOKS], sort_keys=False, width=1000, allow_unicode=True)
    return f"# generated from linter/hooks.py by `make schema`\n{rows}"


def main() -> None:
    for path, text in contents().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
