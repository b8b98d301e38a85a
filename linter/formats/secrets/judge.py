"""Whether a match of a format, or a named value, is a secret, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from linter.formats.secrets import checks
from linter.formats.secrets import table as formats
from linter.formats.secrets.comments import is_shown
from linter.formats.secrets.encoded import encoded_texts
from linter.formats.secrets.runs import long_runs
from linter.formats.secrets.table import Pattern
from linter.formats.secrets.words import (
    entropy,
    is_client_secret,
    is_default_password,
    is_demo_password,
    is_for_browsers,
    is_password_name,
    is_placeholder,
    is_secret_name,
    is_written,
    looks_random,
    repeats_name,
    without_count,
)
from linter.frozen import dataclass, replace
from linter.patterns import kept_regex, lazy_regex

RANK = {"low": 0, "medium": 1, "high": 2}
GENERIC = "generic"  # provider of kinds that belong to none
_LOWER = {"high": "medium", "medium": "low", "low": "low"}
_DIGEST = "password-hash"
_BROWSER_KINDS = frozenset({"google-api-key"})  # the same format serves Firebase and maps on web pages
_SEPARATORS = ",; \"'"
_SHORTEST_ENCODED = 8  # characters that base64 says: a shorter text is one by chance
_LONGEST_ENCODED = 4096
_LONGEST_VALUE = 65_536  # a longer value is a file in a string: only formats of its own are looked for


@dataclass(frozen=True, slots=True)
class SecretMatch:
    """A secret in a text. `checksum`: verified, does not fit, or None when the format has none."""

    kind: str
    provider: str
    confidence: str
    start: int
    end: int
    checksum: bool | None = None

    def moved(self, by: int) -> SecretMatch:
        return replace(self, start=self.start + by, end=self.end + by)


def find_all(text: str) -> Iterator[SecretMatch]:
    """Secrets that are recognised by their format alone, in order, none inside another."""
    found = []
    runs = long_runs(text)
    for pattern, match in formats.candidates(text, runs):
        secret = _judge(pattern, match, text)
        if secret is not None:
            found.append(secret)
    for start, end, decoded in encoded_texts(text, runs.encoded):
        inside = (s for s in find_all(decoded) if not is_shown(s.kind, decoded, s.start))
        inner = max(inside, key=lambda s: RANK[s.confidence], default=None)
        if inner is not None:
            found.append(replace(inner, start=start, end=end))
    if not found:
        return
    end = -1
    for secret in sorted(found, key=lambda s: (s.start, -RANK[s.confidence], -s.end)):
        if secret.start >= end:
            yield secret
            end = secret.end


def _judge(pattern: Pattern, match: re.Match[str], text: str) -> SecretMatch | None:
    """Whether a match of a format is a secret: no placeholder, dense enough, its checksum in order."""
    start, end = match.span(1)
    value = text[start:end]
    if pattern.kind.startswith("url-"):
        pattern = _url_format(pattern, text, match.start())
    if pattern.check == "pem":
        end = _pem_end(text, end)
    elif is_placeholder(value) or (
        pattern.near
        and pattern.check != "service-account"
        and is_placeholder(" ".join(match.group().split()))
    ):
        return None
    if (pattern.entropy and entropy(value) < pattern.entropy) or (
        pattern.check == "" and value.isalpha() and _is_prose(value)
    ):
        return None
    if pattern.kind == _DIGEST and _is_of_client(_name_before(text, start), value):
        return SecretMatch(pattern.kind, pattern.provider, "low", start, end)
    if pattern.kind.endswith("url-password") and _is_weak(value):
        return SecretMatch(pattern.kind, pattern.provider, "low", start, end)
    if pattern.check == "jwt" and checks.is_anonymous(value):
        return None
    if pattern.check == "user-password" and checks.is_blank_login(value):
        return None
    checksum = checks.verify(pattern.check, value, text, match.end(1))
    if checksum is False and (pattern.check in checks.DECISIVE or not looks_random(value)):
        return None
    confidence = (
        _LOWER[pattern.confidence]
        if checksum is False and pattern.confidence == "high"
        else pattern.confidence
    )
    return SecretMatch(pattern.kind, pattern.provider, confidence, start, end, checksum)


_NAMED = lazy_regex(r"([A-Za-z][A-Za-z0-9_-]{0,59})[\"']?[ \t]{0,20}[:=][ \t]{0,20}[\"']?\Z")


def _name_before(text: str, start: int) -> str:
    """The name that a text gives to the value that begins there."""
    found = _NAMED.search(text, max(0, start - 100), start)
    return found[1] if found is not None else ""


def _is_of_client(name: str, digest: str) -> bool:
    """Whether a digest is of what a client was issued, by a slow and salted way: nobody guesses that, as they do what
    people choose."""
    return is_client_secret(name) and "apr1" not in digest[:6]


def is_digest_of_issued(secret: SecretMatch) -> bool:
    """Whether it is a digest of what a client was issued, as servers keep it: who has that opens nothing with it."""
    return secret.kind == _DIGEST and secret.confidence == "low"


def _url_format(pattern: Pattern, text: str, at: int) -> Pattern:
    scheme = kept_regex(r"[A-Za-z][A-Za-z0-9]*(?=(?:\+[A-Za-z0-9]+)?$)").search(text[max(0, at - 24) : at])
    return formats.url_formats().get(scheme.group().lower(), pattern) if scheme else pattern


def _pem_end(text: str, start: int) -> int:
    """Where a private key that begins before `start` ends: its END line, or the last of its base64."""
    closing = text.find("-----END", start, start + 20_000)
    if closing >= 0:
        tail = text.find("-----", closing + 8, closing + 80)
        return tail + 5 if tail >= 0 else closing + 8
    body = kept_regex(r"(?:[A-Za-z0-9+/=\s]|\\[nr])*").match(text, start, start + 20_000)
    return start + len(body.group().rstrip()) if body else start


def _is_prose(value: str) -> bool:
    return value.islower() and len(value) < 40


def _is_weak(value: str) -> bool:
    """A password that anyone could have typed: not worth a finding of its own at default confidence."""
    if looks_random(value) or _is_shuffled(value):
        return False
    said = without_count(value)
    typed = _is_wordlike(said) and (len(said) < 16 or said.islower())
    return typed or len(value) < 5 or is_default_password("password", value)


def _is_shuffled(value: str) -> bool:
    """Whether small and capital letters change too often for words."""
    return len(value) >= 10 and len(_SYLLABLE.findall(value)) * 3 > len(value)


_SYLLABLE = lazy_regex(r"[A-Z]+[a-z]*|[a-z]+|[0-9]+")
_INTERPOLATION = lazy_regex(r"\$\{[A-Za-z_][A-Za-z0-9_.]*:?[-=]([^{}]*)\}")


def literal_part(value: str) -> tuple[str, int]:
    """The literal of a value and its offset: without quotes and blanks, the default of `${X:-default}`."""
    start, end = 0, len(value)
    while True:
        while start < end and value[start].isspace():
            start += 1
        while start < end and value[end - 1].isspace():
            end -= 1
        if (
            end - start >= 2
            and value[start] == value[end - 1]
            and value[start] in "\"'"
            and value.find(value[start], start + 1, end - 1) < 0
        ):
            start, end = start + 1, end - 1
            continue
        default = _INTERPOLATION.fullmatch(value, start, end)
        if default is None:
            return value[start:end], start
        start, end = default.span(1)


@lru_cache(maxsize=8192)
def classify(name: str, value: str) -> SecretMatch | None:
    """What literal secret a named value is or holds; None for references, placeholders and everything else.

    `name` is the variable, key or argument that holds it (may be empty). Offsets are into `value`.
    """
    text, offset = literal_part(value)
    if len(text) < 3:
        return None
    found = (s for s in find_all(text) if not (s.kind in _BROWSER_KINDS and is_for_browsers(name)))
    if "\n" in text:
        found = (s for s in found if not is_shown(s.kind, text, s.start))
    best = max(found, key=lambda s: RANK[s.confidence], default=None)
    if best is not None and best.kind == _DIGEST and _is_of_client(name, text):
        return replace(best, confidence="low").moved(offset)
    if (
        best is not None and best.confidence != "low" and best.kind != "sk-api-key"
    ):  # many vendors' keys begin so
        return best.moved(offset)
    named = _by_name(name, text)
    if best is not None and (
        named is None or RANK[named.confidence] < RANK[best.confidence] or named.provider == GENERIC
    ):
        named = best
    if named is None or named.confidence == "low":
        named = _inside(text) or named
    return named.moved(offset) if named is not None else None


# the password of a connection string: `host=db password=…`, `Server=db;Password=…`, `?user=app&password=…`; no call
# of a program, `password = base64.b64encode(`
_CONNECTION = lazy_regex(
    r"(?i)[;&?\s](password|passwd|pwd|secret|token|apikey|api_key|accesskey|sharedaccesskey)"
    r"[ ]{0,2}=[ ]{0,2}(?![\w.]{1,80}\()([^;&\s\"']{6,200})"
)


def _inside(text: str) -> SecretMatch | None:
    """The first generated password among the settings that a value lists."""
    if text.count("=") < 2 or len(text) > _LONGEST_VALUE:
        return None
    for setting in _CONNECTION.finditer(text):
        if looks_random(setting[2]) and not is_placeholder(setting[2]):
            return SecretMatch("named-secret", GENERIC, "medium", *setting.span(2))
    return None


def classify_base64(name: str, value: str) -> SecretMatch | None:
    """The same for a value that the platform keeps in base64, such as `data` of a Kubernetes Secret.

    Offsets cover the whole encoded value.
    """
    decoded = checks.decode_text(value)
    found = classify(name, decoded) if decoded is not None else None
    return replace(found, start=0, end=len(value)) if found is not None else None


def may_carry(name: str) -> bool:
    """Whether a name says anything about what its value is: other names leave it to the value's format."""
    return bool(_formats_of(name)) or is_secret_name(name)


def _by_name(name: str, text: str) -> SecretMatch | None:
    if (
        not name
        or len(text) > _LONGEST_VALUE
        or not may_carry(name)
        or is_placeholder(" ".join(text.split()))
        or _encodes_placeholder(text)
    ):
        return None
    for pattern in _formats_of(name):
        match = pattern.compiled().search(text)
        if match is not None and _is_whole(match, text) and entropy(match.group(1)) >= pattern.entropy:
            loose = pattern.regex.startswith("([^")  # any text will do: then it must not look like a word
            if (
                loose
                and not looks_random(text)
                and (len(text) < 16 or is_written(text) or _is_wordlike(text))
            ):
                continue
            checksum = checks.verify(pattern.check, match.group(1), text, match.end(1))
            if checksum is False and pattern.check == "pem" and text[match.end(1) :].strip():
                continue  # no key goes on behind its header, where the value does
            span = (0, len(text)) if "," in text and not pattern.check else match.span(1)  # a list of keys
            return SecretMatch(pattern.kind, pattern.provider, pattern.confidence, *span, checksum)
    return _generic(name, text)


def _encodes_placeholder(text: str) -> bool:
    """Whether base64 says what only stands for a secret: what SOPS encrypted is written so in a Secret as rendered."""
    encoded = checks.decode_text(text) if len(text) % 4 == 0 and len(text) <= _LONGEST_ENCODED else None
    return encoded is not None and len(encoded) >= _SHORTEST_ENCODED and is_placeholder(encoded)


def _is_whole(match: re.Match[str], text: str) -> bool:
    """The match is the value, or one of a list with commas; a key file goes on after its header."""
    start, end = match.span(1)
    before, after = text[:start], text[end:]
    return (not before or before[-1] in _SEPARATORS) and (
        not after or after[0] in _SEPARATORS or match.group(1).startswith("-----")
    )


_WORDLIKE = lazy_regex(r"[A-Za-z]+(?:\d{1,2}[A-Za-z]{0,3})?(?:[-_. /:][A-Za-z0-9]+)*/?|[A-Za-z]+\d{0,4}|\d+")


def _is_wordlike(text: str) -> bool:
    return _WORDLIKE.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _formats_of(name: str) -> tuple[Pattern, ...]:
    """Formats that a variable of that name carries, also with words before it: MY_OPENAI_API_KEY."""
    spaced = kept_regex(r"([a-z0-9])([A-Z])").sub(r"\1_\2", name[-120:])
    parts = kept_regex(r"[-.]").sub("_", spaced).upper().split("_")
    return _longest_ending(parts) or _longest_ending([*parts[:-1], parts[-1].rstrip("0123456789")])


def _longest_ending(parts: list[str]) -> tuple[Pattern, ...]:
    """What the table has for the longest ending of a name. A single word must be the whole name."""
    table = formats.by_name()
    parts = parts if parts[-1] else parts[:-1]
    for index in range(len(parts)):
        ending = "_".join(parts[index:])
        if ending in table and (index == 0 or ("_" in ending and ending != "API_KEY")):
            return table[ending]
    return ()


# as random as any other; those that somebody typed (1111-…, 1234-…) are placeholders
_UUID = lazy_regex(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


# an address that names nobody: what may be secret of it are the segments behind the host
_ADDRESS = lazy_regex(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/?#@]{1,255}([/?#][^\s@]*)?")


# who logs in to an address by a password that is a word for one: `://user:password@`
_FILLED_IN = lazy_regex(r"://[^\s/:@]{0,100}:(?i:password|passwd|pass|secret|changeme)@")


_KEY_FILE = lazy_regex(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?")


def _says_itself(name: str, text: str) -> bool:
    """Whether a value is plainly something else: an address without a secret in it, the name of a key's file, which
    `secretKey` of an ExternalSecret gives, or what belongs in its own place."""
    address = _ADDRESS.fullmatch(_FILLED_IN.sub("://", text))
    if address is not None:
        return not any(looks_random(part) for part in kept_regex(r"[/?#&=]").split(address[1] or ""))
    return _KEY_FILE.fullmatch(text) is not None or repeats_name(name, text)


def _generic(name: str, text: str) -> SecretMatch | None:
    if not is_secret_name(name) or len(text) < 4 or len(text) > 4096 or any(c.isspace() for c in text):
        return None
    if text.startswith("eyJ") and text.count(".") == 2 and checks.is_anonymous(text):
        return None
    encoded = checks.decode_text(text) if len(text) % 4 == 0 else None
    encoded = encoded.rstrip("\r\n") if encoded is not None else None  # as `echo` ends it
    if any(_says_itself(name, said) for said in (text, encoded) if said is not None):
        return None
    if _UUID.fullmatch(text) or (looks_random(text) and (encoded is None or looks_random(encoded))):
        return SecretMatch("named-secret", GENERIC, "medium", 0, len(text))
    if is_demo_password(name):
        return None
    if is_password_name(name) or not (_is_wordlike(text) or text.isdigit()):
        return SecretMatch("weak-secret", GENERIC, "low", 0, len(text))
    return None
