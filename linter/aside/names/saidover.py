"""Manifests of which the README in their very folder says that they are history, and not to be applied.

Both must be said, as at the head of a file: what is deprecated is still deployed, and what must not be applied before
something else is as well. Either all in the folder is history in the first words of the README, or a paragraph is about
one manifest: its sentence begins with the name, and names no other, which may be what took its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

from linter.aside.names.listings import listing_of
from linter.aside.names.readmes import readme_in
from linter.aside.stamps import changed
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_MANIFEST = (".yaml", ".yml")
_DEFAULTS = frozenset(("values.yaml", "values.yml"))  # a chart has them whatever is said of it there
_CODE = lazy_regex(r"(?ms)^[ \t]*```.*?^[ \t]*```[ \t]*$")
_LINK = lazy_regex(r"\[([^\]\n]{0,300})\]\([^)\n]{0,300}\)")
_MARKS = lazy_regex(r"[*`>]+")
_HEADING = lazy_regex(r"(?m)^(?:#|=){1,6}[ \t].*$")
_PARAGRAPH = lazy_regex(r"\n[ \t]*\n")
_SENTENCE = lazy_regex(r"(?<=[.!?;])\s+")
_FILES = lazy_regex(r"(?<![\w.@+-])[\w.@+-]{1,200}\.ya?ml\b")
_SUBJECT = lazy_regex(r"(?:[-+] |the |this )*(?P<file>[\w.@+-]+\.ya?ml)\b")
_OVER = (
    r"(?:now |only )*(?:deprecated|obsolete|superseded|retired|archived|historical|outdated"
    r"|(?:no longer|not(?: any ?more)?) (?:used|deployed|applied|installed)"
    r"|(?:kept|left here|retained|preserved) (?:only )?(?:for|as) (?:historical )?reference)\b"
)
_ALL = lazy_regex(
    r"(?:all (?:of )?)?(?:the|these|this|all)(?: [\w-]+){0,2} "
    r"(?:manifests?|files?|resources?|configurations?|definitions?|directory|folder)"
    rf"(?: here| (?:in|below) (?:this|the) (?:directory|folder))? (?:is|are) {_OVER}"
)
_IS_OVER = lazy_regex(rf" (?:is|are) {_OVER}")
_HISTORY = lazy_regex(
    r"\b(?:historical|legacy|deprecated|obsolete|superseded|retired|outdated) (?:[\w-]+ ){0,3}"
    r"(?:fixtures?|examples?|references?|manifests?|samples?|snapshots?|deployments?)\b"
)
_NOT_APPLIED = lazy_regex(
    r"\b(?:do not|don't|never) (?:use|deploy|apply|install|start) (?:it|them|this|these)\b(?! (?:before|after|until)\b)"
    r"|\bno longer (?:used|deployed|applied|installed)\b|\bnot (?:used|deployed|applied|installed) any ?more\b"
    r"|\b(?:kept|left here|retained|preserved) (?:only )?(?:for|as) (?:historical )?reference\b"
    r"|\b(?:are|is) not (?:deployed|applied|installed)\b"
)
_STILL = lazy_regex(r"\b(?:still|unless you|until)\b")  # `… but still deployed until the new one is there`


@dataclass(frozen=True, slots=True)
class _Said:
    """What a README says is history."""

    all: bool
    files: frozenset[str]  # in small letters


def is_said_over(above: str, relative: str) -> bool:
    """Whether a manifest below `above` is history by the words of the README beside it, and no kustomization lists
    it."""
    folder, _, name = relative.rpartition(os.sep)
    names = relative.split(os.sep)
    if not folder or not name.endswith(_MANIFEST) or name in _DEFAULTS or "templates" in names:
        return False
    place = os.path.join(above, folder)
    said = _said(place, changed(place))
    return (said.all or name.lower() in said.files) and not listing_of(os.path.join(above, relative))


@lru_cache(maxsize=1024)
def _said(folder: str, since: int) -> _Said:
    """`since`: when the folder was changed."""
    sections = list(_sections(readme_in(folder, since)))
    first = next((section for section in sections if section), [])
    files = (name for section in sections for name in _history(section))
    return _Said(any(map(_is_of_all, first[:2])), frozenset(files))


def _sections(text: str) -> Iterator[list[str]]:
    """The paragraphs of each section, without marks and in small letters."""
    plain = _MARKS.sub("", _LINK.sub(r"\1", _CODE.sub("", text.lower().replace("\r", ""))))
    for section in _HEADING.split(plain):
        joined = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(section))
        yield [paragraph for paragraph in joined if paragraph]


def _is_of_all(paragraph: str) -> bool:
    """Whether a paragraph says of all in the folder that it is history, and not applied."""
    said = any(_ALL.match(sentence) for sentence in _SENTENCE.split(paragraph))
    return said and _NOT_APPLIED.search(paragraph) is not None and _STILL.search(paragraph) is None


def _history(section: list[str]) -> Iterator[str]:
    """The manifests that a section says are history, and not to be applied."""
    historical = any(map(_HISTORY.search, section))
    for paragraph in section:
        sentences = _SENTENCE.split(paragraph)
        for at, sentence in enumerate(sentences):
            subject = _SUBJECT.match(sentence)
            if subject is None or set(_FILES.findall(sentence)) != {subject["file"]}:
                continue
            rest = " ".join(sentences[at:])
            over = historical or _IS_OVER.match(sentence, subject.end())
            if over and _NOT_APPLIED.search(rest) and not _STILL.search(rest):
                yield subject["file"]
