"""What gets the version of its program when the project releases it: charts that it packages (`helm package
--app-version …`), and tags of its own images that its steps write (`kustomize edit set image`, `sed 's/newTag: .*/…'`).
"""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from pathlib import Path

from linter.aside.leads.steps import commands_in, commands_with, texts_with
from linter.aside.leads.variables import put_in, variables_of
from linter.aside.names.copied import is_own
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_PACKAGES = lazy_regex(r"--app-version")
_TAGS = lazy_regex(
    r"edit set image|\.image\.tag\b[^\n]{0,300}="
    r"|\bs[/#|@,][^\n]{0,300}(?:newTag|\btag\b|[iI]mageTag\b|image:|:latest)"
    r"|/image:[^\n]{0,300}/s[/#|@,]|\byq\b[^\n]{0,300}(?:image|newTag)"
)
# `sed 's/appVersion: latest/appVersion: 1.2.3/' …/Chart.yaml`
_PLACEHOLDERS = lazy_regex(r"\bs[/#|@,][^\n]{0,300}appVersion[^\n]{0,300}\blatest\b[^\n]{0,300}/Chart\.yaml")
_PLACEHOLDER = lazy_bytes_regex(rb"(?m)^appVersion:[ \t]*[\"']?latest\b")
_MANY = 100_000  # bytes of a Chart.yaml that are looked at
_MOST_COMMANDS = 100  # of one text that package charts
_IMAGE = lazy_regex(r" uses ([^\s,]+)")
# what is written to the values of a chart is in no manifest outside of it
_OF_CHARTS = lazy_regex(r"values[\w.-]*\.ya?ml|Chart\.yaml")
_SHORTEST = 5  # letters of a name that tells a project
# `sed -i "s,tag:[^P]*# APP_TAG,tag: ${VERSION} # APP_TAG," charts/app/values.yaml`
_REWRITES = lazy_regex(r"(?<!\w)s([/#|@,])(?P<old>[^\n]{0,120}?\b[tT]ag[^\n]{0,120}?)\1")
_WORDS = lazy_regex(r"\w+")
_OF_PATTERNS = lazy_regex(r"\[[^\]\n]{0,60}\]|\\.")  # what sed reads as something else than its letters
_FOUND = lazy_regex(
    r"\bfind[ \t]+(?:\./)?(?P<folder>[\w./-]+)[^\n]{0,200}?-i?name[ \t]+[\"']?(?P<name>[\w.*-]+)"
)


def is_stamped(root: Path, chart: Path) -> bool:
    """Whether steps of the project package the chart of a folder with another `appVersion` than its Chart.yaml has, or
    write one in the place of `latest` to each."""
    named = _named(chart.name)
    stands_in = _PLACEHOLDER.search(start_of(chart / "Chart.yaml", _MANY)) is not None
    if stands_in and next(commands_with(_PLACEHOLDERS, root, chart), None) is not None:
        return True
    texts = texts_with(_PACKAGES, root, chart)
    return any(named.search(command) is not None for text in texts for command in _packaging(text))


@lru_cache(maxsize=200)
def _packaging(text: str) -> tuple[str, ...]:
    """The commands of steps that package charts, which variables of theirs may name."""
    known = variables_of(text)
    return tuple(put_in(each, known) for each in islice(commands_in(text, _PACKAGES), _MOST_COMMANDS))


def is_retagged(root: Path, path: str, message: str) -> bool:
    """Whether steps of the project write the tag of an image of its own that a message is about.

    They name the image, the file below `root` with the folder that it is in, or the values of the chart that it is of.
    """
    found = _IMAGE.search(message)
    image = found[1].partition("@")[0] if found is not None else ""
    base, _, tag = image.rpartition(":")
    name = (base if base and "/" not in tag else image).rpartition("/")[2]
    return len(name) >= _SHORTEST and is_own(str(root), name) and _writes_tag(root, path, name)


def is_rewritten(root: Path, path: str, line: str) -> bool:
    """Whether steps of the project write another tag to a line of a file below `root`: they name the file, or find it,
    and all words that they look for stand in the line."""
    folder, file = os.path.split(path)
    place = f"{os.path.basename(folder)}/{file}"
    words = set(_WORDS.findall(line))
    return any(
        words >= set(_WORDS.findall(_OF_PATTERNS.sub(" ", found["old"])))
        and (place in step or _finds(step, folder, file))
        for command in commands_with(_REWRITES, root, root / folder)
        for step in command.splitlines()
        for found in _REWRITES.finditer(step)
    )


def _finds(step: str, folder: str, file: str) -> bool:
    """Whether a step does what it does to all files of such a name below a folder."""
    return any(
        f"{folder}/".startswith(f"{found['folder'].strip('/')}/") and fnmatchcase(file, found["name"])
        for found in _FOUND.finditer(step)
    )


def _writes_tag(root: Path, path: str, name: str) -> bool:
    folder, file = os.path.split(path)
    place = f"{os.path.basename(folder)}/{file}"
    named = _named(name)
    above, _, within = path.partition("/templates/")
    chart = _named(os.path.basename(above)) if within else None
    of_values = bool(within) or "values" in file
    return any(
        (named.search(command) is not None and (of_values or _OF_CHARTS.search(command) is None))
        or place in command
        or (chart is not None and "values.yaml" in command and chart.search(command) is not None)
        for command in commands_with(_TAGS, root, root / folder)
    )


def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
