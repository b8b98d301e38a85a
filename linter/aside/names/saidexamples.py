"""Examples that say so beside them, and not in their path: a chart in its description or the title of its README, a
folder in the title of its own, a manifest by names that stand for others, among files that are called examples.

A README speaks of the manifests in its very folder, or of the chart that it is in, and its title has to say what they
are as a whole. What it says of folders below, or a README at the top of what is scanned of all the rest, is not asked.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.charts import charts_of, description_of
from linter.aside.names.examples import is_called_example
from linter.aside.names.folders import is_of_stages, is_stage
from linter.aside.names.readmes import readme_in
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_MANIFEST = (".yaml", ".yml", ".json", ".gotmpl", ".tmpl", ".tpl", ".j2")
_MANY = 200_000  # bytes of a manifest
_MOST = 500  # entries of a folder that are looked at
_SHOWS = r"(?:demo|demonstration|example|sample|tutorial|hello[- ]world)"
_THING = (
    r"(?:web ?)?(?:apps?|applications?|charts?|helm charts?|services?|servers?|packages?|projects?|deployments?"
    r"|workloads?|manifests?|configurations?|resources?|pods?|(?:front|back)[- ]?ends?)"
)
_SIZE = r"(?:(?:very |simple |small |minimal |basic |tiny )+)?"
# `A simple demo web app for …`, `Consul demo app`, `A Helm chart for the example application`
_DESCRIBED = lazy_regex(
    rf"(?:this is )?(?:an? |the )?{_SIZE}{_SHOWS} {_THING}\b.*"
    rf"|(?:an? )?(?:simple )?(?:helm )?chart (?:for|of|to deploy|that deploys) (?:an? |the )?{_SIZE}"
    rf"(?:[\w.-]+ ){{0,2}}{_SHOWS} {_THING}[.]?"
    rf"|[\w.-]+ {_SHOWS} {_THING}[.]?"
)
_DESCRIPTION = lazy_bytes_regex(rb"(?m)^description:[ \t]*[\"']?([^\n]+?)[\"']?[ \t]*\r?$")
# `Nginx Example Package`, `Acme Demo Frontend Helm Chart`,
# `Mutual TLS Configuration Examples`, `Example: a server of its own`
_TITLED = lazy_regex(rf"(?:.* )?{_SHOWS}s?(?: {_THING}){{0,2}}|{_SHOWS}s? (?:of|for) .*|{_SHOWS}: .*")
_TITLE = lazy_regex(r"(?m)^(?:#|=)[ \t]+(.+?)[ \t#=]*$")
# `These examples are for illustration purposes only`: of all that is there, where a part of it may be for show
_ILLUSTRATES = lazy_regex(
    r"\b(?:this|these|the|all)(?: [\w-]+)? (?:examples?|samples?|recipes?|manifests?|files?|directory|folder"
    r"|configurations?|resources?|deployments?) (?:is|are)(?: (?:meant|intended|provided|purely))?"
    r" for (?:illustrati(?:on|ve)|demonstration|demo|educational)(?: purposes?)? only\b"
)
# names for those of the reader, as in `namespace: my-namespace`
_STANDS = lazy_bytes_regex(
    rb"(?m)^[ \t]*(?:-[ \t]+)?(?:namespace|name|host):[ \t]*[\"']?"
    rb"(?:my|your)[-.](?:namespace|deployment|app|application|domain(?:[-.]com)?)\b"
)
_LEAST = 3  # files that are called examples


def is_said_example(above: str, relative: str) -> bool:
    """Whether a file below `above` is an example by what is said of it where it lies."""
    folders = relative.split(os.sep)[:-1]
    if _is_deployed(above, folders):
        return False
    for parent, name, since in charts_of(above, relative):
        chart = os.path.join(parent, name)
        if _is_described(chart, since) or _is_titled(chart, changed(chart)):
            return True
    if not folders or not relative.lower().endswith(_MANIFEST):
        return False
    folder = os.path.join(above, *folders)
    since = changed(folder)
    return (
        _is_titled(folder, since)
        or _illustrates(folder, since)
        or (_is_among_examples(folder, since) and _stands_for_others(os.path.join(above, relative)))
    )


def _is_deployed(above: str, folders: list[str]) -> bool:
    """Whether one of the folders, or what it is in, is a stage: what is tried there is deployed all the same."""
    lower = [name.lower() for name in folders]
    return any(
        is_of_stages(lower[:depth]) or is_stage(os.path.join(above, *folders[:depth]), name, lower[:depth])
        for depth, name in enumerate(lower)
    )


@lru_cache(maxsize=256)
def _is_described(chart: str, since: int) -> bool:
    """Whether a chart says that it is an example. `since`: when its description was changed."""
    found = _DESCRIPTION.search(description_of(chart))
    return found is not None and _DESCRIBED.fullmatch(_plain(found[1].decode("utf-8", "replace"))) is not None


@lru_cache(maxsize=1024)
def _illustrates(folder: str, since: int) -> bool:
    """Whether the README in a folder says so at its head. `since`: when the folder was changed."""
    return _ILLUSTRATES.search(_plain(readme_in(folder, since))) is not None


@lru_cache(maxsize=1024)
def _is_titled(folder: str, since: int) -> bool:
    """Whether the README in a folder has the title of an example. `since`: when the folder was changed."""
    title = _TITLE.search(readme_in(folder, since))
    return title is not None and _TITLED.fullmatch(_plain(title[1])) is not None


@lru_cache(maxsize=1024)
def _is_among_examples(folder: str, since: int) -> bool:
    """Whether most manifests of a folder are called examples. `since`: when the folder was changed."""
    try:
        names = [name.lower() for name in sorted(os.listdir(folder))[:_MOST]]
    except OSError:
        return False
    manifests = [name for name in names if name.endswith(_MANIFEST)]
    shown = sum(is_called_example(name) for name in manifests)
    return shown >= _LEAST and shown * 2 > len(manifests)


def _stands_for_others(path: str) -> bool:
    return _STANDS.search(start_of(path, _MANY)) is not None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
