"""What gets the version of its program when the project releases it: charts that it packages (`helm package
--app-version …`), and tags of its own images that its steps write (`kustomize edit set image`, `sed 's/newTag: .*/…'`).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from linter.aside.copied import is_own
from linter.aside.steps import commands_with
from linter.patterns import lazy_regex

_PACKAGES = lazy_regex(r"--app-version")
_TAGS = lazy_regex(
    r"edit set image|\.image\.tag\b[^\n]*=|(?:\bs[/#|@,][^\n]*)(?:newTag|\btag\b|image:|:latest)"
    r"|\byq\b[^\n]*(?:image|newTag)"
)
_IMAGE = lazy_regex(r" uses ([^\s,]+)")
_SHORTEST = 5  # letters of a name that tells a project


def is_stamped(root: Path, chart: Path) -> bool:
    """Whether steps of the project package the chart of a folder with another `appVersion` than its Chart.yaml has."""
    named = _named(chart.name)
    return any(named.search(command) is not None for command in commands_with(_PACKAGES, root, chart))


def is_retagged(root: Path, path: str, message: str) -> bool:
    """Whether steps of the project write the tag of an image of its own that a message is about.

    They name the image, or the file below `root` with the folder that it is in.
    """
    found = _IMAGE.search(message)
    image = found[1].partition("@")[0] if found is not None else ""
    base, _, tag = image.rpartition(":")
    name = (base if base and "/" not in tag else image).rpartition("/")[2]
    return len(name) >= _SHORTEST and is_own(str(root), name) and _writes_tag(root, path, name)


def _writes_tag(root: Path, path: str, name: str) -> bool:
    folder, file = os.path.split(path)
    place = f"{os.path.basename(folder)}/{file}"
    named = _named(name)
    return any(
        named.search(command) is not None or place in command
        for command in commands_with(_TAGS, root, root / folder)
    )


def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
