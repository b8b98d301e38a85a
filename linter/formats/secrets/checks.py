"""Checksums and structures that tell a real secret from one that only looks like it.

Each check answers True (verified), False (the format has one and it does not fit) or None (can't say).
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable

from linter.formats.secrets.words import is_placeholder
from linter.patterns import lazy_regex

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_UUID = lazy_regex(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

# what may stand between the header of a key and its base64: line ends, real or escaped, quotes, PEM headers
_ELIDED = lazy_regex(r"[\\\"]{0,9},?\s{0,40}\.{3}")
_PEM_BODY = lazy_regex(
    r"(?:\\++[nr]|[\s\"',]++|(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]{0,120}+)*[A-Za-z0-9+/=]{40}"
)
Check = Callable[
    [str, str, int], "bool | None"
]  # value, text around it, offset of the value's end in that text


def verify(check: str, value: str, text: str, end: int) -> bool | None:
    """Run the check of that name; no name, no opinion."""
    return CHECKS[check](value, text, end) if check else None


def encode_number(number: int, alphabet: str, width: int) -> str:
    """`number` in the base of the alphabet, padded on the left to `width` digits."""
    digits = ""
    while number:
        number, rest = divmod(number, len(alphabet))
        digits = alphabet[rest] + digits
    return digits.rjust(width, alphabet[0])


def crc(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))


def decode_base64(text: str) -> bytes | None:
    """Standard or URL alphabet, padding optional, white space ignored; None when it is no base64."""
    clean = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    if not clean or len(clean) % 4 == 1:
        return None
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def decode_text(text: str) -> str | None:
    """The text inside base64; None when it holds none."""
    data = decode_base64(text)
    if data is None:
        return None
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (
        decoded if decoded.isprintable() or all(c.isprintable() or c in "\r\n\t" for c in decoded) else None
    )


def _github(value: str, _text: str, _end: int) -> bool | None:
    # GitHub, 2021: the last six characters are the CRC32 of the body in base 62; npm follows it
    _, _, body = value.partition("_")
    if len(body) != 36:
        return None
    return body[30:] == encode_number(crc(body[:30]), BASE62, 6)


def _github_fine(value: str, _text: str, _end: int) -> bool | None:
    # what the sum covers is not published: a fit is proof, a misfit is none
    return True if value[-6:] in {encode_number(crc(part), BASE62, 6) for part in _bodies(value, 6)} else None


def _bodies(value: str, tail: int) -> tuple[str, str]:
    return value[:-tail], value[:-tail].removeprefix("github_pat_").removeprefix("ATATT3")


def _gitlab(value: str, _text: str, _end: int) -> bool | None:
    if "." not in value:
        return None  # only routable tokens carry a checksum
    return value[-7:] == encode_number(crc(value[:-7]), BASE36, 7)


def _grafana(value: str, _text: str, _end: int) -> bool | None:
    if not value.startswith("glsa_"):
        return None
    body, _, tail = value.rpartition("_")
    sums = {crc(part).to_bytes(4, order).hex() for part in (body, body[5:]) for order in ("little", "big")}
    return tail.lower() in sums


def _atlassian(value: str, _text: str, _end: int) -> bool | None:
    body, mark, tail = value.rpartition("=")
    if not mark or len(tail) != 8:
        return None
    return True if tail.lower() in {f"{crc(part):08x}" for part in _bodies(body + "=", 1)} else None


def bech32_polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_BECH32_GENERATOR):
            if top >> index & 1:
                check ^= generator
    return check


def bech32_prefix(prefix: str) -> list[int]:
    """The human-readable part as BIP 173 expands it for the checksum."""
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _age(value: str, _text: str, _end: int) -> bool | None:
    prefix, _, data = value.rpartition("1")
    return bech32_polymod(bech32_prefix(prefix.lower()) + [BECH32.index(c) for c in data]) == 1


def _jwt(value: str, _text: str, _end: int) -> bool | None:
    return all(isinstance(_json(part), dict) for part in value.split(".", 2)[:2])


def is_anonymous(value: str) -> bool:
    """Whether a JSON Web Token says that it is for anybody: Supabase gives such a one to every browser."""
    payload = _json(value.split(".", 2)[1])
    return isinstance(payload, dict) and payload.get("role") == "anon"


_FOR_BROWSERS = lazy_regex(r"(?i)firebase|(?:next|nuxt|expo|gatsby)_public_|\b(?:vite|react_app|public)_")


def _not_for_browsers(_value: str, text: str, end: int) -> bool | None:
    # the same format serves maps and Firebase on web pages, where it is no secret
    line = text.rfind("\n", 0, end) + 1
    return False if _FOR_BROWSERS.search(text, max(line, end - 200), end) else None


def _json(text: str) -> object:
    decoded = decode_text(text)
    try:
        return json.loads(decoded) if decoded is not None else None
    except ValueError:
        return None


def _bytes64(value: str, _text: str, _end: int) -> bool | None:
    data = decode_base64(value)
    return data is not None and len(data) == 64


def _base64_json(value: str, _text: str, _end: int) -> bool | None:
    return isinstance(_json(value), dict)


def _id_uuid(value: str, _text: str, _end: int) -> bool | None:
    decoded = decode_text(value)
    return decoded is not None and ":" in decoded and _UUID.search(decoded) is not None


def _id_key(value: str, _text: str, _end: int) -> bool | None:
    decoded = decode_text(value)
    return decoded is not None and decoded.count(":") == 1


def _user_password(value: str, _text: str, _end: int) -> bool | None:
    decoded = decode_text(value)
    return decoded is not None and ":" in decoded.strip(":")


def is_blank_login(value: str) -> bool:
    """Whether a login in base64 only shows where its password belongs: `$oauthtoken:<API key>`."""
    _, colon, password = (decode_text(value) or "").partition(":")
    return bool(colon) and is_placeholder(password)


_AUTH = lazy_regex(r'"auth"\s{0,8}:\s{0,8}"([A-Za-z0-9+/=]{8,500})"')


def _user_password_inside(value: str, _text: str, _end: int) -> bool | None:
    found = _AUTH.search(decode_text(value) or "")
    return found is not None and _user_password(found[1], "", 0) is True and not is_blank_login(found[1])


def _service_account(_value: str, text: str, end: int) -> bool | None:
    if _ELIDED.match(text, end):
        return False  # a sample that leaves the key out: its number alone opens nothing
    around = text[max(0, end - 2000) : end + 4000]
    return True if "service_account" in around else None


def _service_account_base64(value: str, _text: str, _end: int) -> bool | None:
    data = decode_base64(
        value[: len(value.rstrip("=")) // 4 * 4]
    )  # of an encoding in lines, the first is enough
    if data is None or b'"service_account"' not in data:
        return False
    whole = decode_base64(value) or data
    return (
        not whole.rstrip().endswith(b"}") or b'"private_key' in whole
    )  # an account without a key opens nothing


def _pem(_value: str, text: str, end: int) -> bool | None:
    # a header with nothing below it is documentation, or code that writes one
    body = _PEM_BODY.match(text, end, end + 600)
    if body is None or len(set(body.group()[-40:])) <= 4:  # XXXX… stands for a key
        return False
    closing = text.find("-----END", end, end + 20_000)
    if closing < 0:
        closing = text.find("\n", body.end())
    # a sample leaves out the rest, of the key or of a line; base64 has no dots
    return text.find("..", end, closing if closing >= 0 else len(text)) < 0


def _pem_base64(value: str, _text: str, _end: int) -> bool | None:
    data = decode_base64(value[: len(value.rstrip("=")) // 4 * 4])
    return data is not None and data.startswith(b"-----BEGIN ") and b"PRIVATE KEY" in data[:64]


CHECKS: dict[str, Check] = {
    "age": _age,
    "atlassian": _atlassian,
    "base64-json": _base64_json,
    "bytes64": _bytes64,
    "github": _github,
    "github-fine": _github_fine,
    "gitlab": _gitlab,
    "grafana": _grafana,
    "id-key": _id_key,
    "id-uuid": _id_uuid,
    "jwt": _jwt,
    "not-for-browsers": _not_for_browsers,
    "pem": _pem,
    "pem-base64": _pem_base64,
    "service-account": _service_account,
    "service-account-base64": _service_account_base64,
    "user-password": _user_password,
    "user-password-inside": _user_password_inside,
}

# a misfit of these means that it is something else, not that it is a damaged or made-up secret
DECISIVE = frozenset(
    {
        "not-for-browsers",
        "user-password-inside",
        "pem",
        "pem-base64",
        "service-account",
        "service-account-base64",
    }
)
