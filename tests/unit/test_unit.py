"""What a file is before it is read."""

from pathlib import Path

from linter.recipe import Recipe
from linter.scan import Request, scan


def test_a_dockerfile_for_the_c_preprocessor_is_named_and_not_judged(tmp_path: Path) -> None:
    (tmp_path / "app.Dockerfile.in").write_text('#define X 1\nARG CMD=a\n#include "base.docker"\nLABEL a=b\n')
    extends = '{% extends "base.Dockerfile.jinja" %}\n{% block app %}\nENV A=1\n{% endblock %}\n'
    (tmp_path / "server.Dockerfile.jinja").write_text(extends)
    (tmp_path / "jupyter.partial.Dockerfile").write_text("RUN pip install jupyter\nWORKDIR /tf\n")
    (tmp_path / "plain.Dockerfile.in").write_text("# include the base\nFROM ubuntu:latest\n")
    report = scan(
        Request(paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),), isolated=True), cwd=tmp_path)
    )
    assert [(s.path, s.reason) for s in report.coverage.skipped] == [
        ("app.Dockerfile.in", "a template of the C preprocessor"),
        ("jupyter.partial.Dockerfile", "a part of a Dockerfile, without FROM"),
        ("server.Dockerfile.jinja", "a part of a Dockerfile, without FROM"),
    ]
    assert {f.location.path for f in report.active} == {"plain.Dockerfile.in"}
