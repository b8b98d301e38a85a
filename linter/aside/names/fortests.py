"""What is there for tests alone, by what lies around it: golden files beside the program that compares something with
them, files whose names say so, and charts whose description does, or that they are made to be broken into."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.charts import charts_of, description_of
from linter.aside.stamps import changed
from linter.patterns import lazy_bytes_regex, lazy_regex

_GOLDEN = lazy_regex(r"goldens?|golden[-_]?(?:files?|data|output|tests?)")
# `main_test.go`, `test_render.py`, `render.test.ts`, `render_spec.rb`
_PROGRAM = lazy_regex(
    r"\w+_test\.(?:go|py|exs)|test_\w+\.py|[\w.-]+\.(?:test|spec)\.[cm]?[jt]sx?|\w+_spec\.rb"
)
# `for testing only, do not use`, but no chart that tests something
_ONLY = lazy_bytes_regex(
    rb"(?mi)^description:.*\b(?:(?:for|in|used in) (?:\w+ ){0,2}test(?:s|ing)?(?: purposes?)? only"
    rb"|only (?:used )?(?:for|in) (?:\w+ ){0,2}test(?:s|ing)?\b"
    rb"|(?:intentionally|deliberately|purposely) (?:vulnerable|insecure))"
)
_NAMED = lazy_regex(r"(?:.*[-_.])?(?:for[-_])?tests?[-_]only\.\w+")  # `keeper-256M-for-test-only.yaml`


def is_golden(above: str, relative: str) -> bool:
    """Whether a file below `above` is in a folder of golden files, which lies beside a test program."""
    names = relative.split(os.sep)[:-1]
    for depth, name in enumerate(names):
        if _GOLDEN.fullmatch(name.lower()):
            beside = os.path.join(above, *names[:depth])
            if _has_test_program(beside, changed(beside)):
                return True
    return False


def is_for_tests(above: str, relative: str) -> bool:
    """Whether the name of a file below `above` says that only tests use it, or the description of its chart."""
    return _NAMED.fullmatch(os.path.basename(relative).lower()) is not None or any(
        _says_for_tests(os.path.join(parent, name), since)
        for parent, name, since in charts_of(above, relative)
    )


@lru_cache(maxsize=256)
def _has_test_program(folder: str, since: int) -> bool:
    """`since`: when the folder was changed."""
    try:
        return any(_PROGRAM.fullmatch(name) for name in os.listdir(folder))
    except OSError:
        return False


@lru_cache(maxsize=256)
def _says_for_tests(chart: str, since: int) -> bool:
    """`since`: when its description was changed."""
    return _ONLY.search(description_of(chart)) is not None
