"""Which of its charts a repository gives to others.

What packages or releases charts gives all of them, unless it says of which: a step packages a chart by its path, or
each of a list that stands in the job's matrix, or a job that releases charts has only some of them in its checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from linter.aside.charts import DESCRIPTION
from linter.givenfiles import start_of
from linter.patterns import lazy_regex
from linter.text import SourceText

_MANY = 200_000  # bytes of a file that are looked at
_MOST_FILES = 200  # of a folder
_PUBLISHERS = (
    "cr.yaml",
    "ct.yaml",
    ".github/cr.yaml",
    ".github/ct.yaml",
    "artifacthub-repo.yml",
    "index.yaml",
)
_PUBLISHES = lazy_regex(
    r"chart-releaser|helm-gh-pages|\bhelm (?:package|push|cm-push)\b|\bct lint\b|\bcr upload\b"
)
_CONTINUED = lazy_regex(r"\\\n[ \t]*+")
_PACKAGES = lazy_regex(r"\bhelm package\b([^\n|;&]{0,1000})")
_OF_MATRIX = lazy_regex(r"\$\{\{ *matrix\.")
_KNOWN = frozenset(("helm package", "helm push"))  # of which the second takes what the first has made
_RELEASES = "chart-releaser-action"  # which takes what is in the checkout
_CHECKOUT = "actions/checkout@"


def publishes_charts(above: str, since: int) -> bool:
    """Whether a repository publishes charts. `since`: when it was changed."""
    return _published(above, since) != frozenset()


def is_published(above: str, since: int, chart: str) -> bool:
    """Whether a repository publishes the chart in a folder below it (with slashes), as far as is known."""
    published = _published(above, since)
    return published is None or any(f"{chart}/".startswith(f"{folder}/") for folder in published)


@lru_cache(maxsize=16)
def _published(above: str, since: int) -> frozenset[str] | None:
    """The folders that the published charts are in; None: these may be all that there are."""
    if any(os.path.isfile(os.path.join(above, name)) for name in _PUBLISHERS):
        return None
    found: set[str] = set()
    for text, of_workflow in _texts(above):
        if _PUBLISHES.search(text) is not None:
            of_text = _of_workflow(above, text) if of_workflow else _of_script(above, text, frozenset())
            if not of_text:
                return None
            found |= of_text
    return frozenset(found)


def _texts(above: str) -> Iterator[tuple[str, bool]]:
    """The texts of what publishes charts, and whether one is a workflow of GitHub."""
    workflows = os.path.join(above, ".github", "workflows")
    try:
        names = sorted(os.listdir(workflows))[:_MOST_FILES]
    except OSError:
        names = []
    files = [(os.path.join(workflows, name), True) for name in names]
    files += [(os.path.join(above, name), False) for name in ("Makefile", ".gitlab-ci.yml")]
    for file, of_workflow in files:
        yield start_of(Path(file), _MANY).decode("utf-8", "replace"), of_workflow


def _of_workflow(above: str, text: str) -> frozenset[str]:
    """The folders of the charts that the jobs of a workflow publish; none: nobody knows which."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    documents = parse_documents(SourceText("workflow.yaml", text)).documents
    jobs = _at(documents[0].plain() if documents else None, "jobs")
    found: frozenset[str] = frozenset()
    for job in jobs.values() if isinstance(jobs, dict) else ():
        steps = _at(job, "steps")
        steps = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
        said = "\n".join(str(step.get(key) or "") for step in steps for key in ("uses", "run"))
        if _PUBLISHES.search(said) is not None:
            of_job = _of_job(above, said, steps, _at(job, "strategy", "matrix"))
            if not of_job:
                return frozenset()
            found |= of_job
    return found


def _of_job(above: str, said: str, steps: list[dict[str, Any]], matrix: Any) -> frozenset[str]:
    """`said`: what its steps use and run."""
    if _RELEASES in said:
        checkouts = [step for step in steps if str(step.get("uses")).startswith(_CHECKOUT)]
        lists = [str(_at(step, "with", "sparse-checkout") or "").split() for step in checkouts]
        folders = [folder for one in lists for folder in one]
        known = bool(checkouts) and all(lists) and all(_is_folder(above, folder) for folder in folders)
        return frozenset(map(os.path.normpath, folders)) if known else frozenset()
    lists_of = matrix.values() if isinstance(matrix, dict) else ()
    listed = [str(item) for one in lists_of if isinstance(one, list) for item in one]
    folders_of_charts = frozenset(os.path.normpath(item) for item in listed if _is_chart(above, item))
    return _of_script(above, said, folders_of_charts if _OF_MATRIX.search(said) else frozenset())


def _of_script(above: str, said: str, listed: frozenset[str]) -> frozenset[str]:
    """The folders of the charts that commands package, `listed` those of which a variable may be any."""
    found: frozenset[str] = frozenset()
    for match in _PACKAGES.finditer(_CONTINUED.sub(" ", said)):
        words = (word.strip("\"'") for word in match[1].split())
        named = frozenset(os.path.normpath(word) for word in words if _is_chart(above, word))
        if not (named or listed):
            return frozenset()
        found |= named or listed
    return found if _KNOWN.issuperset(_PUBLISHES.findall(said)) else frozenset()


def _is_chart(above: str, word: str) -> bool:
    return _is_folder(above, word) and os.path.isfile(os.path.join(above, word, DESCRIPTION))


def _is_folder(above: str, word: str) -> bool:
    """Whether a word is the path of a folder below the top."""
    path = os.path.normpath(word)
    return not path.startswith((".", "/")) and os.path.isdir(os.path.join(above, path))


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
