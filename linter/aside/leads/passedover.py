"""What lists elsewhere pass over: `parts/search`, where kustomizations of clusters, or objects of Flux and Argo CD,
lead to `parts/dns`, `parts/mail` and `parts/web`, and nothing to it.

Argo CD takes of its path the files alone. What has its own instructions counts, as do parts from which others choose.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, TAKEN, Text
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_LEAST = 3  # folders, or files, that others beside one are
_ENDS = (".yaml", ".yml")
_MANY = 200_000  # bytes of a manifest that are looked at
_MANIFEST = lazy_bytes_regex(rb"(?m)^(?:- )?kind:")
_OF_ARGO = lazy_regex(r"(?m)^kind:[ \t]*Application(?:Set)?\b")
_DEPLOYS = ("argoproj.io", "fluxcd.io")
# what people build by its path, and what holds it
_ROOTS = lazy_regex(
    r"(?:.+[-_])?(?:overlays?|bases?|components?|variants?|env(?:ironment)?s?|stages?|clusters?|crds?|bootstrap|tenants|regions)"
)
_CHOICES = frozenset(("components", "catalog", "catalogue", "library", "modules", "packages", "charts"))
_COMMAND = lazy_regex(
    r"\b(?:kubectl|oc|kustomize|helm|argocd|flux)\b[^\n]{0,300}\b(?:apply|create|replace|build|install|upgrade)\b"
)
_INSTRUCTION = lazy_regex(r"(?i)\b(?:kubectl|kustomize|helm|install|deploy|appl(?:y|ied)\b)")


def is_passed_over(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is in what they pass over, or is."""
    parts = relative.split(os.sep)
    if not relative.endswith(_ENDS) or len(parts) < 2 or not namings.has_listings:
        return False
    led = namings.once(_led)
    for depth in range(1, len(parts)):
        name, folder = parts[depth], "/".join(parts[:depth])
        beside = led.get((folder, depth == len(parts) - 1), frozenset())
        if len(beside) >= _LEAST and name not in beside and not _may_be_root(parts[: depth + 1]):
            nothing = _is_led_to_by_nothing(folder, f"{folder}/{name}", "/".join(parts), namings)
            return (
                nothing
                and _MANIFEST.search(start_of(os.path.join(namings.root, relative), _MANY)) is not None
            )
    return False


def _may_be_root(parts: list[str]) -> bool:
    *_, parent, name = parts
    return any(_ROOTS.fullmatch(one.lower()) for one in (parent, name)) or not _CHOICES.isdisjoint(parts)


def _is_led_to_by_nothing(folder: str, item: str, path: str, namings: Namings) -> bool:
    above = folder.split("/")
    if any(namings.takes_below("/".join(above[:depth])) for depth in range(1, len(above) + 1)):
        return False
    if item == path and namings.takes(folder):
        return False
    if leading(item, path, namings) != [] or _is_started_by_name(item, namings):
        return False
    return not any(is_instruction(text, item) for text in namings.texts if text.path.startswith(f"{item}/"))


def _is_started_by_name(item: str, namings: Namings) -> bool:
    """Whether a script that deploys something has the name of a folder: `for app in dns mail; do …`."""
    texts = (namings.by_path[path] for path in namings.namers(item) or ())
    return any(
        _COMMAND.search(text.text) is not None for text in texts if not text.yaml and not text.document
    )


def is_instruction(text: Text, item: str) -> bool:
    """Whether a text in a folder may say how to deploy it, or that others may take it by its address."""
    if text.document:
        return _INSTRUCTION.search(text.text) is not None
    if text.yaml:
        return f"//{item}" in text.text or _OF_ARGO.search(text.text) is not None
    return _COMMAND.search(text.text) is not None


def _led(namings: Namings) -> Mapping[tuple[str, bool], frozenset[str]]:
    """What lists and objects elsewhere lead to, by the folder that it is in and whether it is a file."""
    found: dict[tuple[str, bool], set[str]] = {}
    for text in namings.texts:
        for path in _paths(text, namings):
            parts = path.split("/")
            for depth in range(1, len(parts)):
                folder = "/".join(parts[:depth])
                if _is_elsewhere(text, folder, parts[depth]):
                    is_file = depth == len(parts) - 1 and path.endswith(_ENDS)
                    found.setdefault((folder, is_file), set()).add(parts[depth])
    return {key: frozenset(names) for key, names in found.items()}


def _is_elsewhere(text: Text, folder: str, name: str) -> bool:
    """Whether a text lies elsewhere than what it leads to in a folder: not in that, nor is it the list of the folder or
    of a part of the same rank."""
    within = f"{text.folder}/".startswith(f"{folder}/{name}/")
    if KUSTOMIZATION.fullmatch(text.path) is None:
        return not within
    return not within and folder not in (text.folder, os.path.dirname(text.folder))


def _paths(text: Text, namings: Namings) -> Iterator[str]:
    if KUSTOMIZATION.fullmatch(text.path):
        yield from namings.paths(text)
    elif text.yaml and any(word in text.text for word in _DEPLOYS):
        for match in TAKEN.finditer(text.text):
            if os.path.isdir(os.path.join(namings.root, match[1])):
                yield os.path.normpath(match[1])
