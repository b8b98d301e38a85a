"""Manifests that nothing deploys, as what Flux or Argo CD leads to shows: `apps/search` beside `apps/dns`, `apps/mail`
and `apps/web`, which they reach by objects and kustomizations, while nothing reaches it.

Where the tree has all that Flux begins with on its clusters, it need not be beside three: below a folder of which Flux
takes some, nothing else is deployed. What is named by something that nothing deploys either is not named: the overlay
of a base, the object that a kustomization does not list.
"""

from __future__ import annotations

import os
from collections import defaultdict

from linter.aside.charts import charts_of
from linter.aside.leads.leading import leading_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.passedover import is_instruction
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text
from linter.aside.leads.reached import WORDS, Reached, reached
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_LEAST = 3  # folders or files beside one, or below the same, that are reached
_DEEPEST = 8  # namers of namers that are asked about
_ENDS = (".yaml", ".yml")
_MANY = 200_000  # bytes of a manifest that are looked at
_MANIFEST = lazy_bytes_regex(rb"(?m)^(?:- )?kind:")
# what people build by its path, or of which there are some to choose from
_ROOTS = lazy_regex(
    r"(?:.+[-_])?(?:overlays?|variants?|env(?:ironment)?s?|stages?|clusters?|bootstrap|tenants|regions|dev|staging)"
)
_CHOICES = lazy_regex(
    r"components?|catalog(?:ue)?|library|lib|modules|packages|charts|templates?|examples?|samples?|optional|contrib"
    r"|scripts|docs|tests?|hack|crds?"
)
_DEPLOYS = lazy_regex(
    r"(?i)\b(?:kubectl|oc|kustomize|helm|helmfile|argocd|flux|k3s|apply|deploy\w*|install\w*)\b"
)
_WORKFLOWS = ".github/"
# a workflow that only looks at manifests has paths of them as well, and installs what it looks with
_RUNS = lazy_regex(
    r"\b(?:kubectl|oc|helmfile|argocd|skaffold|kapp|pulumi|terraform|tofu|make|just|task)[ \t]+[\w-]"
    r"|\bkustomize[ \t]+build\b|\bhelm[ \t]+(?:upgrade|install|template)\b|\bansible\b"
    r"|\bflux[ \t]+(?:bootstrap|build|create|push|reconcile)\b|\b[Dd]eploy(?!ments?\b)|(?<!helm)\.sh\b|\.py\b"
)
_KIND = lazy_regex(r"(?m)^kind:")


def is_unreached(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is such a manifest."""
    path = relative.replace(os.sep, "/")
    if not path.endswith(_ENDS) or "/" not in path or not namings.has_listings:
        return False
    dead = namings.once(_dead)
    if dead is None or not dead.is_dead(path):
        return False
    return _MANIFEST.search(start_of(os.path.join(namings.root, relative), _MANY)) is not None


def _dead(namings: Namings) -> _Dead | None:
    found = reached(namings)
    return None if found is None else _Dead(namings, found)


class _Dead:
    """What is deployed by nothing."""

    def __init__(self, namings: Namings, found: Reached) -> None:
        self._namings = namings
        self._found = found
        self._others = [text for text in namings.texts if not text.yaml]
        self._known: dict[str, bool] = {}
        self._spoken: dict[str, bool] = {}
        # what is reached, by the folder that it is in and whether it is a file
        self._below: dict[tuple[str, bool], set[str]] = defaultdict(set)
        self._counts: dict[str, int] = defaultdict(int)  # the folders below one of which something is reached
        folders: set[str] = set()
        for path in found.files:
            parts = path.split("/")
            for depth, name in enumerate(parts):
                self._below["/".join(parts[:depth]), depth == len(parts) - 1].add(name)
            folders.add("/".join(parts[:-1]))
        for folder in folders:
            parts = folder.split("/")
            for depth in range(1, len(parts) + 1):
                self._counts["/".join(parts[:depth])] += 1

    def is_dead(self, path: str, depth: int = 0) -> bool:
        """Whether nothing deploys a file, though much beside it is. What is `_DEEPEST` namers away is taken for
        alive."""
        known = self._known.get(path)
        if known is None:
            self._known[path] = False  # of what names each other, one has to be named by something else
            known = self._known[path] = depth < _DEEPEST and self._is_dead(path, depth)
        return known

    def _is_dead(self, path: str, depth: int) -> bool:
        if self._found.alive(path) or any(charts_of(self._namings.root, path.replace("/", os.sep))):
            return False
        parts = path.split("/")
        first = self._first(parts)
        if not first or any(_CHOICES.fullmatch(part.lower()) for part in parts[:-1]):
            return False
        if not self._is_beside_reached(parts, first):
            return False
        items = ["/".join(parts[:end]) for end in range(first + 1, len(parts) + 1)]
        return not any(self._is_led_to(item, path, depth) for item in items)

    def _first(self, parts: list[str]) -> int:
        """How deep the outermost folder around a file lies in which nothing is reached, or the file."""
        for depth in range(len(parts)):
            is_file = depth == len(parts) - 1
            if parts[depth] not in self._below["/".join(parts[:depth]), is_file]:
                return depth
        return 0

    def _is_beside_reached(self, parts: list[str], first: int) -> bool:
        above = parts[:first]
        if any(_ROOTS.fullmatch(part.lower()) for part in (above[-1], parts[first])):
            return False
        beside = self._below["/".join(above), first == len(parts) - 1]
        return len(beside) >= _LEAST or (self._found.sure and self._counts[parts[0]] >= _LEAST)

    def _is_led_to(self, item: str, path: str, depth: int) -> bool:
        """Whether anything that is not dead itself leads to a file by what it is in, or instructions there do."""
        named_by = leading_of(item, path, self._namings, self._may_lead)
        if named_by is None or any(self._leads(text, depth) for text in named_by):
            return True
        below = (text for text in self._others if text.path.startswith(f"{item}/"))
        return any(is_instruction(text, item) for text in below)

    def _may_lead(self, text: Text) -> bool:
        """Whether a text may lead anywhere else than what is reached shows."""
        if not text.yaml:
            return True
        if KUSTOMIZATION.fullmatch(text.path):
            return text.path not in self._found.files
        plain = _KIND.search(text.text) is not None and not any(word in text.text for word in WORDS)
        return self._speaks(text) if plain or text.path.startswith(_WORKFLOWS) else True

    def _speaks(self, text: Text) -> bool:
        """Whether a text has a word of deploying."""
        known = self._spoken.get(text.path)
        if known is None:
            words = _RUNS if text.path.startswith(_WORKFLOWS) else _DEPLOYS
            known = self._spoken[text.path] = words.search(text.text) is not None
        return known

    def _leads(self, text: Text, depth: int) -> bool:
        return not text.yaml or text.path.startswith(_WORKFLOWS) or not self.is_dead(text.path, depth + 1)
