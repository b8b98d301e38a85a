"""What only scripts for a developer's cluster apply: `services/registry.yaml`, which `deploy_kind_registry.sh` names
and nothing else, in a project that says by kustomizations what it deploys.
"""

from __future__ import annotations

import os

from linter.aside.charts import charts_of
from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS, WORKPLACE
from linter.patterns import lazy_regex

# `local` alone may be where one starts, not what for
_SCRIPT = lazy_regex(r"(?:.+[-_.])?(?:kind|minikube|k3d|kwok)(?:[-_.].+)?\.(?:sh|bash)")


def is_started_locally(relative: str, namings: Namings) -> bool:
    """Whether such scripts, and tests, are all that leads to a file below the root."""
    if not relative.endswith((".yaml", ".yml")) or not namings.has_listings:
        return False
    path = relative.replace(os.sep, "/")
    name = os.path.basename(path)
    if not any(name in text.text for text in namings.once(_scripts)):
        return False  # most projects have none
    named_by = namings.namers(path, by_path=True)
    if not named_by or not any(map(_is_script, named_by)) or any(charts_of(namings.root, relative)):
        return False
    around = leading(os.path.dirname(path), path, namings)
    return around is not None and all(
        _is_script(namer) or reason_of(namings.root, namer.replace("/", os.sep)) in (TESTS, WORKPLACE)
        for namer in (*named_by, *(text.path for text in around))
    )


def _scripts(namings: Namings) -> list[Text]:
    return [text for text in namings.texts if _is_script(text.path)]


def _is_script(path: str) -> bool:
    return _SCRIPT.fullmatch(path.rpartition("/")[2].lower()) is not None
