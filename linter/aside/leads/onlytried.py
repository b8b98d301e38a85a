"""What only tests lead to, and tools with which developers try a program: `addons/agent.yaml`, which kustomizations in
`test` list from afar.

What a kustomization lists that they alone lead to is theirs, too. Whatever else names it lets it count: a Makefile, a
workflow, a script in `hack`, documentation. So do the parts of which kubebuilder has an operator installed.
"""

from __future__ import annotations

import os

from linter.aside.charts import charts_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, TOOLS, Text
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS, WORKPLACE
from linter.formats.classify import KUSTOMIZATIONS
from linter.patterns import lazy_regex

_TEST_CODE = lazy_regex(r".+_test\.(?:go|py)|(?:.*/)?test_[^/]+\.py")
_MOST = 5_000  # paths that are followed
# of a project that has a file PROJECT: its chart, be it kept elsewhere, says the same
_SCAFFOLD = lazy_regex(r"(?:.+/)?config/(?:base|rbac|crd|manager|webhook|default|certmanager|prometheus)")


def is_only_tried(root: str, relative: str, namings: Namings) -> bool:
    """Whether nothing but tests and such tools leads to a file below the root, or to a folder that it is in."""
    if not namings.has_listings:
        return False
    parts = relative.split(os.sep)
    items = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
    reached = namings.once(_reached)
    if any(charts_of(root, relative)):
        return False  # which people install by their name
    if not any(item in reached for item in items) or any(_is_scaffold(root, item) for item in items):
        return False
    if any(namings.takes(item) for item in items[:-1]):
        return False
    return any(item in reached and _is_theirs(root, item, namings) for item in items)


def _is_scaffold(root: str, item: str) -> bool:
    above = os.path.dirname(os.path.dirname(item))
    return _SCAFFOLD.fullmatch(item) is not None and os.path.isfile(os.path.join(root, above, "PROJECT"))


def _reached(namings: Namings) -> frozenset[str]:
    """What kustomizations of tests and such tools list, and the kustomizations that they list in turn. What only a
    program of tests names may as well be what people apply by hand."""
    root, texts = namings.root, namings.by_path
    left = [path for text in texts.values() if _lists(root, text, namings) for path in namings.paths(text)]
    found: set[str] = set()
    while left and len(found) < _MOST:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        listing = texts.get(_listing(root, path) or "")
        left += namings.paths(listing) if listing is not None else ()
    return frozenset(found)


def _listing(root: str, folder: str) -> str | None:
    return next(
        (f"{folder}/{name}" for name in KUSTOMIZATIONS if os.path.isfile(os.path.join(root, folder, name))),
        None,
    )


def _lists(root: str, text: Text, namings: Namings) -> bool:
    listing = KUSTOMIZATION.fullmatch(text.path) or TOOLS.fullmatch(text.path)
    return listing is not None and _is_of_tests(root, text.path, namings)


def _is_of_tests(root: str, path: str, namings: Namings) -> bool:
    """Whether a text is a test, or a tool of developers; a folder `05-testing` may be what Flux deploys."""
    if TOOLS.fullmatch(path) or _TEST_CODE.fullmatch(path):
        return True
    reason = reason_of(root, path.replace("/", os.sep))
    if KUSTOMIZATION.fullmatch(path) is None:
        return reason == TESTS
    return reason in (TESTS, WORKPLACE) and not namings.is_path(os.path.dirname(path))


def _is_theirs(root: str, item: str, namings: Namings, seen: frozenset[str] = frozenset()) -> bool:
    """Whether all that names a folder or file is a test or such a tool, or a kustomization that they alone name."""
    if _is_scaffold(root, item):
        return False
    named_by = namings.namers(item, by_path=True) or ()
    return bool(named_by) and all(
        _is_of_tests(root, namer, namings)
        or _is_in(namer, seen)
        or (
            KUSTOMIZATION.fullmatch(namer) is not None
            and (
                item not in namings.paths(namings.by_path[namer])  # another of that name
                or ("/" in namer and _is_theirs(root, os.path.dirname(namer), namings, seen | {item}))
            )
        )
        for namer in named_by
    )


def _is_in(path: str, folders: frozenset[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)
