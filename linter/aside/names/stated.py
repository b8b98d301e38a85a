"""What a manifest says in words at its head, or the kustomization beside it does: what it is for, where it is from, and
that it is over.

Only whole statements tell it (`NOT for production.`, `Dev-only server …`, `vendored byte for byte`): that something is
also used for development, or is to be changed for production, says nothing of it. Charts are not asked, as whoever
installs one decides, nor is what lies in a stage that is deployed.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.charts import charts_of
from linter.aside.names.folders import is_stage
from linter.aside.names.listings import listing_of
from linter.aside.names.placenames import TESTS, of_file_within
from linter.aside.stamps import changed
from linter.formats.classify import KUSTOMIZATIONS
from linter.frozen import dataclass
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_HEAD = 8_000  # bytes of a file that are looked at
_DEPLOYED = lazy_regex(r"(?:.*[-_.])?(?:prod|production|prd|live|staging|stage|stg|uat|preprod)(?:[-_.].*)?")
_CLAUSES = lazy_regex(r"(?:[.;:!?](?:[ ]|$)|[ ](?:—|–|-{1,2})[ ]|[()])")
_IT = r"(?:(?:this|it|these)(?: \w+){0,2} )?(?:is |are )?"
_USE = r"(?: (?:use|usage|purposes|environments?|deployments?|clusters?))?"
_DEVELOPMENT = (
    r"(?:local )?(?:dev|development|testing|tests)(?:(?: and |/| or )(?:dev|development|testing|tests))?"
)
_FOR_DEVELOPERS = lazy_regex(
    rf"{_IT}(?:for )?(?:use in )?{_DEVELOPMENT}{_USE} only|{_IT}only for {_DEVELOPMENT}{_USE}"
    rf"|{_IT}not (?:intended |meant |suitable |safe |designed |recommended )?"
    rf"(?:for (?:use in )?|to be (?:used|deployed) in )(?:a )?production{_USE}"
    r"|(?:do not|don't|never) (?:use|deploy|apply|install|run) (?:(?:this|it|these)(?: \w+){0,2} )?"
    rf"(?:in|to|for|on) production{_USE}"
)
# what something is, before the rest of the sentence that may tell more; `Dev-only settings are in …` tells of others
_DEVELOPERS_OWN = lazy_regex(
    r"(?:(?:dev|development|local(?:[- ]dev(?:elopment)?)?)[- ]only|(?:a )?throw-?away) "
    r"(?!.*\b(?:are|is|lives?|goes?|see)\b)\w.*"
)
_TESTED = lazy_regex(r"\btests?\b")
_UNCHANGED = lazy_regex(
    r"\bbyte[- ]for[- ]byte\b|\bbyte[- ]identical\b|\bverbatim\b|\bunmodified\b|\bunchanged\b"
    r"|\bdo not (?:edit|modify|change)\b"
)
_COPIED = lazy_regex(r"\b(?:vendored|copied|copy|downloaded|fetched|imported)\b")
_FROM = lazy_regex(r"\bupstream\b|https?://")
_CHANGED = lazy_regex(
    r"\b(?:simplified|modified|adapted|adjusted|patched|edited|tweaked|trimmed|removed|added|except|minus|plus|without"
    r"|deltas?|differences?)\b"
)
# what is deprecated is still deployed, unless the same head says that it is not
_OVER = lazy_regex(
    r"(?:this (?:file|manifest) is )?(?:now )?(?:deprecated|obsolete|superseded|retired|archived)"
)
_KEPT = lazy_regex(
    r"\bhistorical reference\b|\b(?:kept|left here|retained|preserved) (?:only )?(?:for|as) (?:historical )?reference\b"
    r"|\bno longer (?:used|deployed|applied|installed|maintained)\b"
    r"|\bdo not (?:use|deploy|apply|install|start)\b[^.]{0,40}\b(?:this|it|these|deployments?)\b"
)
_DEFAULTS = frozenset(("values.yaml", "values.yml"))  # a chart has them whatever is said of it there


@dataclass(frozen=True, slots=True)
class _Head:
    """The comments before anything else in a file, in small letters."""

    paragraphs: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def is_for_developers(self) -> bool:
        """Whether they say that it is for development alone, or not for production."""
        if any(_FOR_DEVELOPERS.fullmatch(clause) for clause in self.clauses):
            return True
        return bool(self.clauses) and _DEVELOPERS_OWN.fullmatch(self.clauses[0]) is not None

    @property
    def is_over(self) -> bool:
        """Whether they begin with that it is deprecated, and say that it is kept as history alone."""
        if not self.clauses or _OVER.fullmatch(self.clauses[0]) is None:
            return False
        return any(_KEPT.search(paragraph) for paragraph in self.paragraphs)

    def names(self, file: str) -> bool:
        """Whether they name a file."""
        return any(file in paragraph for paragraph in self.paragraphs)

    @property
    def is_verbatim(self) -> bool:
        """Whether they say that it is what others wrote, and that it was not changed."""
        if any(_CHANGED.search(paragraph) for paragraph in self.paragraphs):
            return False
        asked = (_UNCHANGED, _COPIED, _FROM)
        return any(all(words.search(paragraph) for words in asked) for paragraph in self.paragraphs)


def is_for_developers(above: str, relative: str) -> bool:
    """Whether a manifest below `above` is for development alone by its words, or those of the kustomization."""
    if not _is_asked(above, relative) or any(
        _DEPLOYED.fullmatch(name.lower()) for name in relative.split(os.sep)
    ):
        return False
    path = os.path.join(above, relative)
    if _head(path, changed(path)).is_for_developers:
        return True
    listing = listing_of(path)
    return bool(listing) and _head(listing, changed(listing)).is_for_developers


def is_verbatim(above: str, relative: str) -> bool:
    """Whether a manifest below `above` is an unchanged copy of others' by its words, or those of the kustomization."""
    if not _is_asked(above, relative):
        return False
    path = os.path.join(above, relative)
    if os.path.basename(path) in KUSTOMIZATIONS:
        return False  # it speaks of what it lists
    if _head(path, changed(path)).is_verbatim:
        return True
    listing = listing_of(path)
    head = _head(listing, changed(listing)) if listing else None
    return head is not None and head.is_verbatim and head.names(os.path.basename(path).lower())


def is_over(above: str, relative: str) -> bool:
    """Whether a manifest below `above`, or the values of a release, are kept as history alone by their words."""
    names = relative.split(os.sep)
    if not names[-1].endswith((".yaml", ".yml")) or names[-1] in _DEFAULTS or "templates" in names:
        return False
    path = os.path.join(above, relative)
    return _head(path, changed(path)).is_over and not listing_of(path)


def is_test_at_top(above: str, relative: str) -> bool:
    """Whether a manifest at the top of what is scanned is one to test with, by its name and by its first words."""
    if os.sep in relative or of_file_within(relative.lower()) != TESTS or not _is_asked(above, relative):
        return False
    path = os.path.join(above, relative)
    clauses = _head(path, changed(path)).clauses
    tested = bool(clauses) and _TESTED.search(clauses[0]) is not None
    return tested and not is_stage(above, relative.lower(), [])


def _is_asked(above: str, relative: str) -> bool:
    """Whether a file is a manifest, and of no chart."""
    name = os.path.basename(relative).lower()
    if not name.endswith((".yaml", ".yml")) or "values" in name:
        return False
    return "templates" not in relative.split(os.sep) and not any(charts_of(above, relative))


@lru_cache(maxsize=256)
def _head(path: str, since: int) -> _Head:
    """`since`: when the file was changed."""
    paragraphs: list[list[str]] = [[]]
    for line in _start(path).splitlines():
        text = line.strip()
        if text.startswith("#"):
            words = text.strip("#=-* \t")
            if not words:
                paragraphs.append([])
            paragraphs[-1].append(words)
        elif text and not text.startswith("---"):
            break
    joined = (" ".join(" ".join(lines).lower().split()) for lines in paragraphs)
    whole = tuple(paragraph for paragraph in joined if paragraph)
    clauses = (clause.strip(" \t.!\"'`*") for paragraph in whole for clause in _CLAUSES.split(paragraph))
    return _Head(whole, tuple(clause for clause in clauses if clause))


def _start(path: str) -> str:
    return start_of(path, _HEAD).decode("utf-8", "replace")
