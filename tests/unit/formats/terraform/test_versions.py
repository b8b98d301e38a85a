"""Version constraints, and names that providers changed."""

from __future__ import annotations

import pytest

from linter.formats.terraform import aliases
from linter.formats.terraform.versions import newest_major


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("~> 3.0", 3),
        ("~> 3.90.1", 3),
        ("3.5.1", 3),
        ("= 4.0.0", 4),
        (">= 3.0, < 4.0", 3),
        (">= 3.0, < 4.5", 4),
        ("<= 5", 5),
        ("~> 3", None),
        (">= 3.0", None),
        ("", None),
        ("latest", None),
    ],
)
def test_the_newest_major_version(constraint: str, expected: int | None) -> None:
    assert newest_major(constraint) == expected


def test_what_moved_is_found_under_its_new_name_and_its_old_place() -> None:
    values = {"addon_profile": [{"azure_policy": [{"enabled": "true"}]}]}
    found = aliases.canonical("azurerm_kubernetes_cluster", dict(values))
    assert found["azure_policy_enabled"] is True
    older = list(aliases.older("azurerm_kubernetes_cluster", ("azure_policy_enabled",)))
    assert ("addon_profile", "azure_policy", "enabled") in older
