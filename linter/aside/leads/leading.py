"""Whether what names a folder leads to a file in it: not where it names something else in that folder, or a folder of
the same name elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text
from linter.frozen import replace
from linter.patterns import lazy_regex

_REST = lazy_regex(r"[\w.@+-]+(?:/[\w.@+-]+)*")
_GOES_ELSEWHERE = lazy_regex(r"\b(?:cd|pushd|chdir|working-directory|cwd)\b|[ \t]-C[ \t]")
_COPIES = "kind: ArtifactGenerator"  # of Flux: what an object that is deployed takes


def leading(item: str, path: str, namings: Namings) -> list[Text] | None:
    """The texts that lead to a file by the name of a folder that it is in, and not to something else in it; None: there
    is more than could be read."""
    found = leading_of(item, path, namings, lambda _: True)
    return None if found is None else list(found)


def leading_of(item: str, path: str, namings: Namings, asks: Callable[[Text], bool]) -> Iterator[Text] | None:
    """The same of those texts alone about which is asked, one after the other."""
    named_by = namings.namers(item, by_path=True)
    if named_by is None:
        return None
    texts = (namings.by_path[name] for name in named_by)
    return (text for text in texts if asks(text) and _leads(namings, text, item, path))


def _leads(namings: Namings, text: Text, item: str, path: str) -> bool:
    if KUSTOMIZATION.fullmatch(text.path):  # which may name another of that name
        near = any(f"{path}/".startswith(f"{named}/") for named in namings.paths(text))
        return near or f"//{item}" in text.text or f"/{item}?ref=" in text.text
    if _COPIES in text.text or _leads_aside(text.text, item, path):
        return False
    rest = _without_others(namings.root, text, item)
    return rest == text.text or namings.is_named_in(item, replace(text, text=rest))


def _leads_aside(text: str, item: str, path: str) -> bool:
    """Whether all paths of a text through a folder lead to something else in it."""
    within = path[len(item) + 1 :].split("/") if path != item else []
    tail = "/".join(item.split("/")[-2:])
    rests = [
        _REST.match(text, found.end() + 1)
        for found in re.finditer(rf"(?<![\w.-]){re.escape(tail)}(?![\w.-])", text)
        if text[found.end() : found.end() + 1] == "/"
    ]
    plain = len(re.findall(rf"(?<![\w.-]){re.escape(tail)}(?![\w.-])", text))
    if not rests or len(rests) != plain:
        return False
    return all(rest is not None and not _begins(within, rest[0].split("/")) for rest in rests)


def _begins(names: list[str], with_names: list[str]) -> bool:
    return names[: len(with_names)] == with_names


def _without_others(root: str, text: Text, item: str) -> str:
    """A text without its paths to others of the name of a folder, each there from where the text lies: `k8s/base` in
    the Makefile of another program."""
    if _GOES_ELSEWHERE.search(text.text) is not None:
        return text.text
    name = re.escape(item.rpartition("/")[2])
    pattern = re.compile(rf"(?<![\w.$@{{}}()*/-])(?:[\w.@+-]+/)+{name}(?![\w-])(?!\.\w)")
    return pattern.sub(
        lambda found: "" if _is_another(root, text.folder, found[0], item) else found[0], text.text
    )


def _is_another(root: str, folder: str, path: str, item: str) -> bool:
    found = [os.path.normpath(os.path.join(top, path)) for top in (folder, "")]
    return item not in found and any(os.path.exists(os.path.join(root, one)) for one in found)
