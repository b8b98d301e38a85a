"""Made-up secrets in the shape of real ones, built at run time: for tests, examples and nothing else.

No such value stands in any file, so that no scanner of this repository finds one.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
from collections.abc import Callable

from linter.formats.secrets import checks
from linter.formats.secrets.table import Pattern, by_kind

_CLASS_ESCAPES = {"d": string.digits, "s": " ", "w": string.ascii_letters + string.digits + "_"}
_ANY = string.ascii_letters + string.digits
_MOST = 24  # repeats above the least that a sample takes at most


def sample(kind: str, seed: int = 0) -> str:
    """A value of that kind, its checksum valid where the format has one; the same for the same seed."""
    pattern = by_kind().get(kind)
    if pattern is None:
        raise KeyError(f"no kind of secret is called {kind!r}")
    source = random.Random(f"{kind}:{seed}")  # noqa: S311 - reproducible on purpose
    special = _SPECIAL.get(kind)
    return special(source) if special else _generate(pattern, source)


def _generate(pattern: Pattern, source: random.Random) -> str:
    value = _Generator(pattern.regex, source).run()
    fix = _CHECKSUMS.get(pattern.check)
    return fix(value) if fix else value


def _token(source: random.Random, length: int, alphabet: str = _ANY) -> str:
    return "".join(source.choice(alphabet) for _ in range(length))


class _Generator:
    """A string that a regular expression matches: the subset of the syntax that the table uses."""

    def __init__(self, regex: str, source: random.Random) -> None:
        self.regex = regex
        self.at = 0
        self.source = source

    def run(self) -> str:
        return self._alternatives()

    def _alternatives(self) -> str:
        options = [self._sequence()]
        while self.at < len(self.regex) and self.regex[self.at] == "|":
            self.at += 1
            options.append(self._sequence())
        return self.source.choice(options)

    def _sequence(self) -> str:
        parts = []
        while self.at < len(self.regex) and self.regex[self.at] not in "|)":
            begin = self.at
            first = self._item()
            least, most = self._repeats()
            after = self.at
            count = least if most == least else self.source.randint(least, min(most, least + _MOST))
            items = [first] if count else []
            for _ in range(count - 1):
                self.at = begin
                items.append(self._item())
            self.at = after
            parts.append("".join(items))
        return "".join(parts)

    def _item(self) -> str:
        char = self.regex[self.at]
        if char == "(":
            return self._group()
        if char == "[":
            return self.source.choice(self._class())
        self.at += 1
        if char == "\\":
            escape = self.regex[self.at]
            self.at += 1
            if escape == "b":
                return ""
            return self.source.choice(_CLASS_ESCAPES[escape]) if escape in _CLASS_ESCAPES else escape
        return char

    def _group(self) -> str:
        mark = re.compile(r"\((\?i\)|\?:|\?<?[!=])?").match(self.regex, self.at)
        assert mark is not None
        self.at = mark.end()
        if mark[1] == "?i)":
            return ""
        text = self._alternatives()
        self.at += 1  # the closing parenthesis
        return text if mark[1] in (None, "?:") else ""

    def _class(self) -> str:
        end = self.regex.index("]", self.at + 2)
        body = self.regex[self.at + 1 : end]
        while body.endswith("\\") and not body.endswith("\\\\"):
            end = self.regex.index("]", end + 1)
            body = self.regex[self.at + 1 : end]
        self.at = end + 1
        if body.startswith("^"):
            return _ANY
        chars = ""
        for item in re.finditer(r"\\(.)|(.)-([^\]])|(.)", body):
            if item[1]:
                chars += _CLASS_ESCAPES.get(item[1], item[1])
            elif item[2]:
                chars += "".join(map(chr, range(ord(item[2]), ord(item[3]) + 1)))
            else:
                chars += item[4]
        return chars

    def _repeats(self) -> tuple[int, int]:
        found = re.compile(r"\{(\d+)(?:,(\d*))?\}\??|[?*+]").match(self.regex, self.at)
        if found is None:
            return 1, 1
        self.at = found.end()
        if found[1] is None:
            return {"?": (0, 1), "*": (0, 1), "+": (1, 2)}[found[0]]
        least = int(found[1])
        return least, int(found[2]) if found[2] else least if "," not in found[0] else least + _MOST


def _fix_github(value: str) -> str:
    prefix, _, body = value.partition("_")
    body = (body + body)[:30]
    return f"{prefix}_{body}{checks.encode_number(checks.crc(body), checks.BASE62, 6)}"


def _fix_gitlab(value: str) -> str:
    return (
        value[:-7] + checks.encode_number(checks.crc(value[:-7]), checks.BASE36, 7)
        if "." in value[-10:]
        else value.split(".")[0]
    )


def _fix_grafana(value: str) -> str:
    if not value.startswith("glsa_"):
        return value
    body = value.rpartition("_")[0]
    return f"{body}_{checks.crc(body).to_bytes(4, 'little').hex()}"


def _fix_age(value: str) -> str:
    data = [checks.BECH32.index(c) for c in value.rpartition("1")[2][:52]]
    sums = checks.bech32_polymod([*checks.bech32_prefix("age-secret-key-"), *data, *[0] * 6]) ^ 1
    data += [sums >> 5 * (5 - i) & 31 for i in range(6)]
    return "AGE-SECRET-KEY-1" + "".join(checks.BECH32[i] for i in data)


_CHECKSUMS: dict[str, Callable[[str], str]] = {
    "github": _fix_github,
    "gitlab": _fix_gitlab,
    "grafana": _fix_grafana,
    "age": _fix_age,
}


def _uuid(source: random.Random) -> str:
    digits = _token(source, 32, "0123456789abcdef")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _base64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _url_safe(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")


def _jwt(source: random.Random) -> str:
    header = {"alg": "HS256", "typ": "JWT"}
    payload = {"sub": _token(source, 12), "iat": source.randint(1_600_000_000, 1_700_000_000)}
    return f"{_url_safe(header)}.{_url_safe(payload)}.{_token(source, 43)}"


def _pem(source: random.Random) -> str:
    lines = [_token(source, 64, _ANY + "+/") for _ in range(5)]
    return (
        "-----BEGIN "
        + "PRIVATE KEY-----\n"
        + "\n".join(["MIIE" + lines[0][4:], *lines[1:]])
        + "\n-----END PRIVATE KEY-----"
    )


def _account(source: random.Random, *, whole: bool) -> str:
    key_id = _token(source, 40, "0123456789abcdef")
    account = {"type": "service_account", "project_id": "p" + _token(source, 8), "private_key_id": key_id}
    return json.dumps(account if not whole else {**account, "client_email": _token(source, 60)})


def _password_url(scheme: str) -> Callable[[random.Random], str]:
    return lambda source: f"{scheme}://app:{_token(source, 18)}@db.internal:5432/app"


_SPECIAL: dict[str, Callable[[random.Random], str]] = {
    "json-web-token": _jwt,
    "private-key": _pem,
    "private-key-base64": lambda source: _base64(_pem(source)),
    "gcp-service-account": lambda source: _account(source, whole=False),
    "gcp-service-account-base64": lambda source: _base64(_account(source, whole=True)),
    "neptune-api-token": lambda source: _base64(
        json.dumps({"api_address": "https://app.neptune.ai", "api_key": _uuid(source)}, separators=(",", ":"))
    ),
    "ngc-legacy-api-key": lambda source: _base64(_token(source, 26).lower() + ":" + _uuid(source)),
    "elastic-api-key": lambda source: _base64(_token(source, 20) + ":" + _token(source, 22)),
    "docker-registry-auth": lambda source: '"auth": "' + _base64("builder:" + _token(source, 20)) + '"',
    "docker-config-base64": lambda source: _base64(
        json.dumps({"auths": {"ghcr.io": {"auth": _base64("builder:" + _token(source, 20))}}})
    ),
    "azure-storage-key": lambda source: "AccountName=models;AccountKey=" + _base64(source.randbytes(64)),
    "azure-storage-key-bare": lambda source: _base64(source.randbytes(64)),
    "url-password": _password_url("https"),
    "database-url-password": _password_url("postgresql"),
    "mongodb-url-password": _password_url("mongodb+srv"),
    "broker-url-password": _password_url("redis"),
    "named-secret": lambda source: _token(source, 8) + "A7z" + _token(source, 13),
    "weak-secret": lambda source: _token(source, 9, string.ascii_lowercase),
    "mlflow-tracking-password": lambda source: _token(source, 13) + "X4k",
    "ray-auth-token": lambda source: _token(source, 29) + "X4k",
    "model-server-api-key": lambda source: _token(source, 29) + "X4k",
    "oci-private-key": _pem,
    "password-hash": lambda source: "$2b$12$" + _token(source, 53, _ANY + "./"),
    "kubeconfig-credential": lambda source: _token(source, 60),
}
