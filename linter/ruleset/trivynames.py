"""The long names of Trivy's checks, which tfsec's comments use too: `aws-s3-enable-logging` is AWS-0089.

`trivy-names.csv` has those of the checks that rules of ours name as `trivy:` aliases, from the metadata of Trivy's
own checks (`long_id` and `aliases` of aquasecurity/trivy-checks), and the codes that tfsec had for them before
(`AZU020`, from `internal/pkg/legacy` of aquasecurity/tfsec). Two of them stand with another check there than
the one that tfsec knew by them: `aws-vpc-no-public-ingress-sgr` and `aws-autoscaling-no-public-ip` mean here what
they meant.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path


@cache
def _table() -> dict[str, tuple[str, ...]]:
    rows = (Path(__file__).parent / "trivy-names.csv").read_text(encoding="ascii").splitlines()[1:]
    table: dict[str, tuple[str, ...]] = {}
    for row in rows:
        name, _, check = row.partition(",")
        table[name] = (*table.get(name, ()), check)
    return table


def trivy_ids(name: str) -> tuple[str, ...]:
    """The ids of the checks that a long name stands for, in which `*` is any text; none for what is no such name."""
    lowered = name.lower()
    if "*" not in lowered:
        return _table().get(lowered, ())
    pattern = lowered.replace("[", "[[]")
    return tuple(check for long, checks in _table().items() if fnmatchcase(long, pattern) for check in checks)
