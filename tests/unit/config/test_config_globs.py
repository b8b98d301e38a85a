from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.config import PathGlob, address_matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("docs/**", "docs/a/b.yaml", True),
        ("docs/**", "docs", False),
        ("docs/**", "x/docs/a.yaml", False),
        ("docs", "docs/a/b.yaml", True),
        ("docs/", "x/docs/a.yaml", True),
        ("/docs", "x/docs/a.yaml", False),
        ("**/testdata/**", "testdata/a.yaml", True),
        ("**/testdata/**", "a/b/testdata/c/d.yaml", True),
        ("**/testdata/**", "a/testdata2/c.yaml", False),
        ("*.dockerfile", "a/b/x.dockerfile", True),
        ("a/*.yaml", "a/b/c.yaml", False),
        ("a/**/c.yaml", "a/c.yaml", True),
        ("a/**/c.yaml", "a/x/y/c.yaml", True),
        ("a/**/b/**/c", "a/b/x/b/c", True),
        ("./a/b.yaml", "a/b.yaml", True),
        ("[ab].yaml", "b.yaml", True),
        ("", "a", False),
    ],
)
def test_path_patterns(pattern: str, path: str, expected: bool) -> None:
    assert PathGlob("/repo", pattern).matches(f"/repo/{path}") is expected


def test_a_pattern_reaches_only_below_its_own_directory() -> None:
    assert not PathGlob("/repo/a", "*.yaml").matches("/repo/b/x.yaml")
    assert not PathGlob("/repo/a", "*.yaml").matches("/repo/ab/x.yaml")
    assert PathGlob("/", "x.yaml").matches("/repo/x.yaml")


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ("ml/Deployment/web", "ml/Deployment/web#/spec/containers/x", True),
        ("ml/Deployment/web", "ml/Deployment/web2", False),
        ("ml/*", "ml/Deployment/web#/spec", True),
        ("module.vpc", "module.vpc.aws_vpc.main", True),
        ("module.vpc", "module.vpc2.aws_vpc.main", False),
        ("aws_instance.gpu", "aws_instance.gpu[0]", True),
        ('aws_instance.gpu["a"]', 'aws_instance.gpu["a"]', True),
        ("aws_instance.gpu[0]", "aws_instance.gpu0", False),
        ("*.aws_s3_bucket.logs", "module.a.aws_s3_bucket.logs", True),
    ],
)
def test_address_patterns(pattern: str, address: str, expected: bool) -> None:
    assert address_matches(pattern, address) is expected


def test_a_pattern_made_to_hang_does_not() -> None:
    glob = PathGlob("/r", "/".join(["**", "*a*a*a*a*a*a*a*a*a*b"] * 20))
    assert not glob.matches("/r/" + "/".join(["a" * 200] * 40))


@given(st.lists(st.text("ab.", min_size=1, max_size=3), min_size=1, max_size=5))
def test_every_path_matches_itself(parts: list[str]) -> None:
    path = "/".join(parts)
    if "." not in parts:
        assert PathGlob("/r", "/" + path).matches("/r/" + path)
        assert PathGlob("/r", "**").matches("/r/" + path)
