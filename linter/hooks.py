"""The pre-commit hooks that we offer: one table, from which `.pre-commit-hooks.yaml` is generated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# identify's `dockerfile` type misses one Dockerfile name in fifteen in AI repositories, so names are matched here
FILES = r"(?i)((^|[/._-])(docker|container)file($|[._-])|\.(ya?ml|json|tf|tofu|tfvars)$)"
CONFIG_FILES = r"(^|/)(\.?tarecheck\.ya?ml|pyproject\.toml)$"

HOOKS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "tarecheck",
        "name": "tarecheck",
        "description": "Check the changed Dockerfiles, Kubernetes manifests, Terraform and Compose files",
        "entry": "tarecheck scan --force-exclude --no-render",
        "language": "python",
        "types": ["file"],
        "files": FILES,
        "require_serial": True,
        "minimum_pre_commit_version": "3.2.0",
    },
    {
        "id": "tarecheck-repo",
        "name": "tarecheck (whole repository)",
        "description": "Check the whole repository and report only what the branch adds",
        "entry": "tarecheck scan . --new-since origin/HEAD",
        "language": "python",
        "pass_filenames": False,
        "always_run": True,
        "stages": ["pre-push", "manual"],
        "require_serial": True,
        "minimum_pre_commit_version": "3.2.0",
    },
    {
        "id": "tarecheck-config",
        "name": "tarecheck (configuration)",
        "description": "Check tarecheck's configuration files",
        "entry": "tarecheck config validate",
        "language": "python",
        "types": ["file"],
        "files": CONFIG_FILES,
        "require_serial": True,
        "minimum_pre_commit_version": "3.2.0",
    },
)
