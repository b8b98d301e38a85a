"""What a sentence of a comment says: whether it is about something, and whether it gives a reason for it.

A word alone tells neither: a `root token` is no user, and `if needed` needs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter.patterns import kept_regex, lazy_regex

FEWEST = 4  # words of a sentence
FEWEST_BEHIND = 3  # of one beside the very words that it is about: `hostNetwork: true # needed for mDNS`
_LONGEST = 4_000  # letters of one that people write
SENTENCE = lazy_regex(r"(?<=[.!?;])\s+")
_WHY = lazy_regex(
    r"(?i)\b(?:because|since|due to|needs?|needed|require[sd]?|must|ha(?:s|ve) to|so that|so the|otherwise|"
    r"deliberate(?:ly)?|intentional(?:ly)?|on purpose|by design|trade-?offs?|(?:can|could) ?not|"
    r"(?:can|couldn)'?t|unable|"
    r"breaks|breaking (?!changes?\b)|(?:w(?:ould|ill)|c(?:ould|an)|may|might|not to) break|in order to|as root to|"
    r"writes (?:\S+ ){1,5}as root|as root\b[^.;]{0,80}\bdrops|owned (?:by )?root|root-owned|"
    r"(?:tracks?|follows?|rolls?) (?:new |the )?:?latest|"
    r"only way|no (?:\S+ ){0,4}way|reason|accept(?:ed|able)|necessary|unavoidable|(?:scoped|limited) (?:to|role)|"
    r"drops to|"
    r"so (?:\S+ ){1,3}(?:can|could|may|must|does|do|lands?|sees?|works?|runs?|reach(?:es)?|gets?|finds?|stays?)\b|"
    r"(?:covered|terminated|handled|issued) (?:in|at|by|on)|"
    r"to (?:let|allow|give|be able|avoid)|\w+s avoid)\b"
    r"|https?://\S{1,200}/(?:issues|pull|merge_requests|discussions)/\d+"  # where it is told
)
# What has such words without giving a reason: conditions, what whoever reads it has to do, licenses
_NO_REASON = lazy_regex(
    r"(?i)\b(?:(?:if|where(?:ver)?|when(?:ever)?|unless) (?:(?:it is|it's|they are|really|actually) )?"
    r"(?:needed|required|necessary)|"
    r"as (?:needed|required|necessary)(?! (?:by|for|to)\b)|"
    r"(?:if|when|whether|unless|where) (?:you|it|they|we|one) (?:really )?(?:needs?|requires?|must|ha(?:s|ve) to)|"
    r"(?:must|(?:needs?|ha(?:s|ve)) to) (?:not|never|exist|match|fix|pin|bump|review|revisit|tune|investigate|decide|"
    r"be (?:created|present|replaced|changed|unique|the same|given|specified|defined|kept|updated|adapted|adjusted|"
    r"tuned|pinned|bumped|fixed|reviewed|revisited|removed))|"
    r"(?:does|do|did|is|are)(?: not|n't) (?:\w+ ){0,2}?(?:need|require)\w*|no (?:need|longer (?:need|require)\w*)|"
    r"(?:creates?|adds?|has|have|with) the necessary|(?:may|might|could) (?:need|require)|"
    r"no(?: \S+){1,3} (?:needed|required|necessary)|"
    r"since (?:v?\d|version|release)|for (?:some|whatever) reason|accepted (?:values?|formats?|options?)|"
    r"required (?:fields?|values?|parameters?|arguments?|by applicable law))\b"
    r"|[\[(](?:required|accepted)[\])]"
)
# What the author does not stand by, and what speaks of tests of linters
_LATER = lazy_regex(
    r"(?i)\b(?:todo|fixme|hack|xxx|temporar\w*|for now|until|remove|should|insecure|vulnerab\w*|bad|wrong|violat\w*|"
    r"fail(?:s|ed|ing)?|unsafe|danger\w*|not recommended|warning|caution)\b"
)
# `# Required by the daemon` right above what is required
_OF_THE_NEXT = lazy_regex(
    r"(?i)(?:also )?(?:required|needed|necessary) (?:by|for|to|so|since|because|as|while)\b"
)
# what the thing that a sentence names is good for, right behind its name
_GOOD_FOR = lazy_regex(r"[ \t]+(?:keeps|lets|preserves|avoids)\b|[ \t]+to reach\b")
# and what happens without it; who says so stands by it
_WITHOUT = r"(?<!\w)(?:without |non-|un(?=privileged))"
_MISSED = lazy_regex(
    r"(?i)\b(?:blocks|fail(?:s|ed|ing)?|breaks|(?:can|could|would|does|do|is|are) ?n[o']t|denie[sd]|refuse[sd]?)\b"
)
_FAILS = lazy_regex(r"(?i)\bfail(?:s|ed|ing)?\b")
_ADDRESS = lazy_regex(r"\bhttps?://\S+")
_CONSTANT = lazy_regex(r"\b(?:CAP_)?([A-Z]+_[A-Z_]+)\b")
# What a word is not about behind others and before them: a CPU's limit, a root that is no user, the ports below 1024
_BEHIND = r"(?<![\w=])(?<!non-)(?<!cpu )(?<!cpu-)(?<!rate )(?<!liveness )(?<!startup )"
_BEFORE = {
    "root": r"(?<!/root)(?![ -](?:of|tokens?|ca|cert\w*|keys?|passwords?|cred(?:ential)?s?|dir\w*|folders?|paths?|"
    r"file\w*|fs|volumes?|mounts?|disks?|elements?|modules?|cause|level|urls?|domains?|namespaces?)\b)",
    "privileged": r"(?![ -]ports?\b)",
}


def subject(words: Sequence[str]) -> re.Pattern[str]:
    """The pattern of some words: `host network` also as one word, `nodes proxy` as `nodes/proxy`, `runAs*` with any
    ending."""
    return kept_regex(rf"(?i){_BEHIND}(?:{'|'.join(map(_word, words))})")


def _word(word: str) -> str:
    written = word.replace(" ", "(?:['’]s)?[ /-]?").replace("*", r"\w*")
    return rf"{written}\b{_BEFORE.get(word, '')}"


def is_about(sentence: str, about: re.Pattern[str], line: str = "") -> bool:
    """Whether a sentence has the words, not in an address alone; nor is it about another than what the line that it
    explains names: of `SYS_ADMIN` nothing is said that speaks of `NET_ADMIN`."""
    if len(sentence) > _LONGEST or about.search(_ADDRESS.sub(" ", sentence)) is None:
        return False
    named, said = set(_CONSTANT.findall(line)), set(_CONSTANT.findall(sentence))
    return not named or not said or not named.isdisjoint(said)


def is_reason(sentence: str, fewest: int = FEWEST) -> bool:
    """Whether a sentence of so many words gives a reason that its author stands by."""
    if len(sentence) > _LONGEST or len(sentence.split()) < fewest or is_put_off(sentence):
        return False
    return _WHY.search(_NO_REASON.sub(" ", sentence)) is not None


def is_for_what_is_there(sentence: str, words: Sequence[str]) -> bool:
    """Whether a sentence says what is good about what a line has, or what fails without it: `hostNetwork keeps the
    source's address`. Of what is missing the same would be the case against leaving it out."""
    if len(sentence.split()) < FEWEST or len(sentence) > _LONGEST:
        return False
    if _missing(words).search(sentence) and _MISSED.search(sentence):
        return not is_put_off(_FAILS.sub(" ", sentence))
    named = subject(words).finditer(sentence)
    return any(_GOOD_FOR.match(sentence, found.end()) for found in named) and not is_put_off(sentence)


def _missing(words: Sequence[str]) -> re.Pattern[str]:
    """The pattern of some words that are said not to be there."""
    return kept_regex(rf"(?i){_WITHOUT}(?:{'|'.join(map(_word, words))})")


def is_of_the_next(sentence: str) -> bool:
    """Whether a sentence gives the reason for what stands right below it, without naming that."""
    return _OF_THE_NEXT.match(sentence) is not None and is_reason(sentence, FEWEST_BEHIND)


def is_put_off(sentence: str) -> bool:
    """Whether its author does not stand by what it says."""
    return _LATER.search(sentence) is not None
