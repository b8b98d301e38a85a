"""`COPY --from` a context that a build is given by name."""

from __future__ import annotations

import json
from pathlib import Path

from tests.test_cli import Run, run

__all__ = ["run"]


def test_what_a_makefile_gives_by_name_is_no_misspelt_stage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim\nCOPY --from=binaries app /app\nCOPY --from=bulider lib /lib/x\nUSER 1000\n"
    )
    (tmp_path / "Makefile").write_text(
        "image:\n\tdocker buildx build --build-context binaries=dist -t app .\n"
    )
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    kinds = ("findings", "not_counted")
    found = [[f["line"] for f in document[kind] if f["rule"] == "copy-from-unknown-stage"] for kind in kinds]
    assert found == [[3], [2]]
