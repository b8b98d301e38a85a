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


def test_values_that_git_crypt_encrypted_are_named_and_programs_told(tmp_path: Path) -> None:
    for name in ("prod.tfvars", "secret.yaml", "main.tf", "Dockerfile"):
        (tmp_path / name).write_bytes(b"\0GITCRYPT\0" + bytes(range(64)))
    report = scan(
        Request(paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),), isolated=True), cwd=tmp_path)
    )
    words = "encrypted with git-crypt"
    assert [(s.path, s.reason) for s in report.coverage.skipped] == [
        ("Dockerfile", f"can't be read: {words}"),
        ("main.tf", f"can't be read: {words}"),
        ("prod.tfvars", words),
        ("secret.yaml", words),
    ]
    assert {f.location.path for f in report.active if f.rule == "unparsable-file"} == {
        "main.tf",
        "Dockerfile",
    }
