"""What only tests lead to, and tools with which developers try a program: `addons/agent.yaml`, which kustomizations in
`test` list from afar.

What a kustomization lists that they alone lead to is theirs, too. Whatever else names it lets it count: a Makefile, a
workflow, a script in `hack`, documentation. So do the parts of which kubebuilder has an operator installed.

Components of Kustomize, which nobody can deploy by themselves, are examples where only kustomizations of examples and
tests have them.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from linter.aside.charts import charts_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, TOOLS
from linter.aside.names.examples import is_example
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS, WORKPLACE
from linter.formats.classify import KUSTOMIZATIONS
from linter.patterns import lazy_regex

_TEST_CODE = lazy_regex(r".+_test\.(?:go|py)|(?:.*/)?test_[^/]+\.py")
_MOST = 5_000  # paths that are followed
# of a project that has a file PROJECT: its chart, be it kept elsewhere, says the same
_SCAFFOLD = lazy_regex(r"(?:.+/)?config/(?:base|rbac|crd|manager|webhook|default|certmanager|prometheus)")
_COMPONENT = lazy_regex(r"(?m)^kind:[ \t]*[\"']?Component\b")
_IsOf = Callable[[str, str, Namings], bool]  # whether a text, by its path, is of some sort


def is_only_tried(root: str, relative: str, namings: Namings) -> bool:
    """Whether nothing but tests and such tools leads to a file below the root, or to a folder that it is in."""
    return _are_of(root, _items(relative), namings, _reached_by_tests, _is_of_tests)


def is_only_shown(root: str, relative: str, namings: Namings) -> bool:
    """Whether a file below the root is of a component that nothing but kustomizations of examples and tests has, where
    the project has others: a library of components has none."""
    items = _items(relative)
    if not namings.has_listings or not any(_is_component(root, item, namings) for item in items):
        return False
    return namings.once(_has_own) and _are_of(root, items, namings, _reached_by_examples, _is_of_examples)


def _has_own(namings: Namings) -> bool:
    """Whether the project has kustomizations that are of no example or test, and no components."""
    listings = (text for text in namings.texts if KUSTOMIZATION.fullmatch(text.path))
    return any(
        _COMPONENT.search(text.text) is None and not _is_of_examples(namings.root, text.path, namings)
        for text in listings
    )


def _items(relative: str) -> list[str]:
    """The folders that a file is in, but the outermost, and the file."""
    parts = relative.split(os.sep)
    return ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]


def _are_of(
    root: str, items: list[str], namings: Namings, reached: Callable[[Namings], frozenset[str]], is_of: _IsOf
) -> bool:
    if not items or not namings.has_listings or any(charts_of(root, items[-1].replace("/", os.sep))):
        return False  # it lies at the top, or in a chart, which people install by its name
    found = namings.once(reached)
    if not any(item in found for item in items) or any(_is_scaffold(root, item) for item in items):
        return False
    if any(namings.takes(item) for item in items[:-1]):
        return False
    return any(item in found and _is_theirs(root, item, namings, is_of) for item in items)


def _is_component(root: str, item: str, namings: Namings) -> bool:
    listing = namings.by_path.get(_listing(root, item) or "")
    return listing is not None and _COMPONENT.search(listing.text) is not None


def _is_scaffold(root: str, item: str) -> bool:
    above = os.path.dirname(os.path.dirname(item))
    return _SCAFFOLD.fullmatch(item) is not None and os.path.isfile(os.path.join(root, above, "PROJECT"))


def _reached_by_tests(namings: Namings) -> frozenset[str]:
    return _reached(namings, _is_of_tests)


def _reached_by_examples(namings: Namings) -> frozenset[str]:
    return _reached(namings, _is_of_examples)


def _reached(namings: Namings, is_of: _IsOf) -> frozenset[str]:
    """What kustomizations of tests and such tools list, and the kustomizations that they list in turn. What only a
    program of tests names may as well be what people apply by hand."""
    root, texts = namings.root, namings.by_path
    lists = (
        text for text in texts.values() if KUSTOMIZATION.fullmatch(text.path) or TOOLS.fullmatch(text.path)
    )
    left = [path for text in lists if is_of(root, text.path, namings) for path in namings.paths(text)]
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


def _is_of_tests(root: str, path: str, namings: Namings) -> bool:
    """Whether a text is a test, or a tool of developers; a folder `05-testing` may be what Flux deploys."""
    if TOOLS.fullmatch(path) or _TEST_CODE.fullmatch(path):
        return True
    reason = reason_of(root, path.replace("/", os.sep))
    if KUSTOMIZATION.fullmatch(path) is None:
        return reason == TESTS
    return reason in (TESTS, WORKPLACE) and not namings.is_path(os.path.dirname(path))


def _is_of_examples(root: str, path: str, namings: Namings) -> bool:
    """Whether a text is a kustomization of an example that no object has as its path, or a test."""
    if _is_of_tests(root, path, namings):
        return True
    shown = KUSTOMIZATION.fullmatch(path) is not None and is_example(root, path.replace("/", os.sep))
    return shown and not namings.is_path(os.path.dirname(path))


def _is_theirs(
    root: str, item: str, namings: Namings, is_of: _IsOf, seen: frozenset[str] = frozenset()
) -> bool:
    """Whether all that names a folder or file is of some sort, or a kustomization that they alone name."""
    if _is_scaffold(root, item):
        return False
    named_by = namings.namers(item, by_path=True) or ()
    return bool(named_by) and all(
        is_of(root, namer, namings)
        or _is_in(namer, seen)
        or (
            KUSTOMIZATION.fullmatch(namer) is not None
            and (
                item not in namings.paths(namings.by_path[namer])  # another of that name
                or ("/" in namer and _is_theirs(root, os.path.dirname(namer), namings, is_of, seen | {item}))
            )
        )
        for namer in named_by
    )


def _is_in(path: str, folders: frozenset[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)
