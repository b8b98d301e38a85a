"""What names and values say by themselves: names that carry secrets, values that stand for one.

Names are judged by whole words: `MAX_TOKENS`, `PAD_TOKEN_ID`, `TOKENIZERS_PARALLELISM`, `PRIMARY_KEY` and
`KEYBOARD` are about text and look-up, the main false alarm of such checks on machine-learning code.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise

from linter.formats.data import table_text
from linter.patterns import lazy_regex

_WORDS = lazy_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

HOLE = "\ufffc"  # what readers put where a template or a variable stands; the same as in image references

# first words of variables that builds of web pages hand to every browser
_FOR_BROWSERS = frozenset(
    [("vite",), ("public",), ("react", "app"), *((f, "public") for f in ("next", "nuxt", "expo", "gatsby"))]
)

# what stands in every page by design: the environment of Google's Tag Manager, where pages send what people do
_IN_PAGES = (
    ("tag", "manager", "auth"),
    ("tag", "manager", "ga", "4", "auth"),
    ("gtm", "auth"),
    ("amplitude", "api", "key"),
    ("segment", "write", "key"),
    ("segment", "key"),  # the same: Segment has no other one that programs send
    ("mixpanel", "token"),
    ("mixpanel", "project", "token"),
    ("sentry", "key"),  # of the address to which browsers report
)

# words at the end of which a joined name is still one: DBPASSWORD, hfapikey
_SUFFIXES = (
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "apitoken",
)


@cache
def _table(name: str) -> frozenset[str]:
    """One of the word lists of `data/secrets-words.json`, which says what each is for."""
    return frozenset(word for line in _word_lists()[name]["words"] for word in line.split())


@cache
def _word_lists() -> dict[str, dict[str, list[str]]]:
    lists: dict[str, dict[str, list[str]]] = json.loads(table_text("secrets-words.json"))
    return lists


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, however they are joined; trailing numbers dropped."""
    found = [word.lower() for word in _WORDS.findall(name[-200:])]
    while found and found[-1].isdigit():
        found.pop()
    return tuple(found)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a variable or key of that name carries a secret (or is where one belongs)."""
    parts = words(name)
    if (
        not parts
        or parts[0] in _table("switches")
        or parts[:1] in _FOR_BROWSERS
        or parts[:2] in _FOR_BROWSERS
        or any(parts[-len(ending) :] == ending for ending in _IN_PAGES)
    ):
        return False
    last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last == "id":
        return parts[-3:-1] in {("access", "key"), ("secret", "key")}
    if last in _table("about"):
        return False
    if last in _table("secrets"):
        return _last_word_is_secret(name, last, before)
    if last.endswith(_SUFFIXES):
        return True
    return any(word in _table("anywhere") for word in parts[:-1]) or _has_pair(parts)


def is_for_browsers(name: str) -> bool:
    """NEXT_PUBLIC_…, VITE_…, REACT_APP_…: what every browser gets is no secret by its name."""
    parts = words(name)
    return parts[:1] in _FOR_BROWSERS or parts[:2] in _FOR_BROWSERS or "firebase" in parts


def _last_word_is_secret(name: str, last: str, before: str) -> bool:
    if last == "key":
        return before not in _table("lookup-keys") if before else name.isupper()
    if last == "token":
        return before not in _table("text-tokens")
    if last == "pwd":
        return bool(before) and before not in {"old", "cur", "current", "init"}  # the working directory
    if last in {"bearer", "pass", "pat"}:
        return bool(before) and before not in {
            "render",
            "first",
            "second",
            "by",
            "all",
            "multi",
            "single",
            "com",
        }
    return True


def _has_pair(parts: tuple[str, ...]) -> bool:
    """API_KEY_PROD, ACCESS_TOKEN_GITHUB: the pair says it all, whatever follows."""
    pairs = pairwise(parts)
    return any(
        (first in {"api", "access", "secret", "private", "auth"} and second == "key")
        or (first in {"api", "access", "auth", "refresh", "bearer"} and second == "token")
        for first, second in pairs
    )


def is_password_name(name: str) -> bool:
    """Whether the name is one of a password that people choose, not of an issued token."""
    parts = words(name)
    return (
        bool(parts)
        and (parts[-1] in _table("passwords") or parts[-1].endswith(("password", "passwd")))
        and is_secret_name(name)
    )


def is_client_secret(name: str) -> bool:
    """Whether it is what a client of OAuth is issued, or a digest of that: client_secret, clientSecretHash."""
    parts = words(name)
    return (parts[:-1] if parts[-1:] in _DIGESTS else parts)[-2:] == ("client", "secret")


_NAMED_PARTS = lazy_regex(r"[a-z]{1,20}[0-9]{0,2}(?:[_-][a-z]{1,20}[0-9]{0,2})+")


def repeats_name(name: str, value: str) -> bool:
    """Whether a value ends in the last words of its own name, `store_secret_access_key` of AWS_SECRET_ACCESS_KEY: it
    says what belongs there. People choose passwords like that, nobody issues keys so."""
    if is_password_name(name) or not _NAMED_PARTS.fullmatch(value):
        return False
    return words(name)[-2:] == words(value)[-2:] and len(words(name)) > 1


_DIGESTS = (("hash",), ("digest",), ("hashed",))


def is_demo_password(name: str) -> bool:
    """Whether it is the password of a login that a demonstration shows to its visitors: DEMO_LOGIN_PASSWORD."""
    parts = words(name)
    return parts[:1] == ("demo",) and bool({"login", "user"}.intersection(parts)) and is_password_name(name)


@cache
def _placeholder_shapes() -> tuple[re.Pattern[str], ...]:
    return tuple(lazy_regex(row["regex"]) for row in json.loads(table_text("secrets-placeholders.json")))


@lru_cache(maxsize=4096)
def is_placeholder(value: str) -> bool:
    """Whether a value only stands for a secret: a reference, a mask, a phrase, a path, a sample."""
    value = value.strip().strip("\"'")
    if len(value) > 4096:  # no placeholder is that long; certificates and encoded files are
        value = value[:256]
    return not value or HOLE in value or any(shape.search(value) for shape in _placeholder_shapes())


_URL_PASSWORD = lazy_regex(r"://[^\s/:@]{0,100}:([^\s/@]{1,200})@")
_KEY_PAIRS = ("secret", "secretkey", "accesskey")


def is_default_password(name: str, value: str) -> bool:
    """Whether a password, also one in a URL, is one that everybody knows or tries first."""
    value = value.strip().strip("\"'")
    in_url = _URL_PASSWORD.search(value)
    if in_url is not None:
        return in_url[1].lower() in _table("default-passwords")
    if value.lower() not in _table("default-passwords"):
        return False
    return is_password_name(name) or (is_secret_name(name) and "".join(words(name)).endswith(_KEY_PAIRS))


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


_HEX = lazy_regex(r"[0-9a-fA-F]{16,}")
_PLAIN_WORDS = lazy_regex(
    r"(?:[A-Za-z]{2,}+\d{0,3}+(?:[A-Za-z]{1,2}(?=[-_.:/ ]))?|[a-z]\d[a-z]?(?=[-_.:/ ]))"
    r"(?:[-_.:/ ][A-Za-z]*+\d{0,3}+[A-Za-z]{0,2}+)*"
    r"|[A-Z]?[a-z]+\d{0,2}|v?\d+(?:[.:x-]\d+)*[a-z]{0,2}"
)
_DNS_OR_UUID = lazy_regex(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:/\S*)?|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
)


@lru_cache(maxsize=4096)
def looks_random(value: str) -> bool:
    """Whether a value without a format of its own was generated, not written: support, never proof."""
    if not value.isascii() or (len(value) < 65 and is_written(value)):
        return False
    if value.isalpha():
        return len(value) >= 12 and _case_changes(value) >= len(value) * 0.35 and not _is_camel_case(value)
    if len(value) >= 16 and _is_mixed(value):
        return True
    if len(value) < 10 or _PLAIN_WORDS.fullmatch(value) or _DNS_OR_UUID.fullmatch(value):
        return False
    if _HEX.fullmatch(value):
        return entropy(value) >= 2.8
    classes = sum(
        (
            any(c.islower() for c in value),
            any(c.isupper() for c in value),
            any(c.isdigit() for c in value),
            any(not c.isalnum() for c in value),
        )
    )
    dense = entropy(value) >= (0.82 if len(value) < 16 else 0.78) * math.log2(
        min(len(value), _alphabet(value), 64)
    )
    if len(value) < 16:
        return classes >= 3 and dense
    if classes == 2 and (
        any(c in value for c in "-_./: ") or sum(c.isdigit() for c in value) * 8 < len(value)
    ):
        return False  # words with a number: k8sserviceaccount
    return dense and classes >= 2


_SPOKEN = lazy_regex(r"[A-Z]?(?:[b-df-hj-np-tv-z]{0,3}[aeiouy]{1,2}){1,6}[b-df-hj-np-tv-z]{0,3}|[A-Z]{4,}")


_COUNTED = lazy_regex(r"(?<!\d)12345?6?7?8?9?0?\Z")


def without_count(value: str) -> str:
    """What somebody typed before counting: `clusterMonitor` of clusterMonitor123456."""
    return _COUNTED.sub("", value)


def is_written(value: str) -> bool:
    """StrongPassword123!, openGauss@123, azureOpenAIApiKey: mostly words that can be said."""
    value = without_count(value)
    said = sum(len(word) for word in _SPOKEN.findall(value) if len(word) >= 3)
    return said >= (0.6 if len(value) < 20 else 0.75) * len(value)


def _alphabet(value: str) -> int:
    """How many characters the kinds of those in a value have."""
    letters = 26 * (any(c.islower() for c in value) + any(c.isupper() for c in value))
    return letters + 10 * any(c.isdigit() for c in value) + 16 * any(not c.isalnum() for c in value)


def _is_mixed(value: str) -> bool:
    """Letters with a few marks between them, capital and small without a plan."""
    letters = "".join(c for c in value if c.isalpha())
    return len(letters) >= 0.8 * len(value) and _case_changes(letters) >= 0.35 * len(letters)


def _case_changes(value: str) -> int:
    """How often neighbours differ in case: words have few, also in camelCase."""
    return sum(a.isupper() != b.isupper() for a, b in pairwise(value))


def _is_camel_case(value: str) -> bool:
    """YourApiToken: capitals never meet, and the words are words."""
    found = re.findall(r"[A-Z]?[a-z]+", value)
    return "".join(found) == value and len(value) >= 3.2 * len(found)
