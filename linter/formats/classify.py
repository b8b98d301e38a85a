"""Which input language a file is, from its name and a look at its bytes. Nothing is parsed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from os.path import splitext
from typing import TYPE_CHECKING

from linter import compiled
from linter.patterns import lazy_bytes_regex, lazy_regex

if TYPE_CHECKING:
    from linter.formats.document import Format

FORMATS = ("dockerfile", "kubernetes", "terraform", "compose")
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_DOCKERFILE_NAME = lazy_regex(r"(?:^|[._-])(?:docker|container)file(?:$|[._-])")
# fmt: off
_NOT_DOCKERFILE_SUFFIXES = frozenset((
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".zip", ".gz",
    ".py", ".go", ".js", ".ts", ".java", ".rs", ".rb", ".sh", ".ps1", ".bat", ".tf",
    ".json", ".yaml", ".yml", ".toml", ".lock", ".xml", ".csv", ".md", ".rst", ".adoc", ".html",
    ".dockerignore",
))
# fmt: on
# what may stand before the first instruction: lines without one, in any white space that BuildKit takes off
_FIRST_INSTRUCTION = lazy_regex(
    r"\A\ufeff?(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*"
    r"(?:(?:FROM|ARG)(?:[ \t\\]|\r?$)|\{\{|\{%|FR?\\|AR?\\"
    r"|(?:ONBUILD|RUN|ENV|COPY|ADD|LABEL|MAINTAINER|USER|WORKDIR)[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
_COMPOSE_NAME = lazy_regex(r"(?:^|[._-])compose(?:[._-].*)?\.ya?ml$")
# A key may follow any line break of YAML (NEL, LS and PS too) and may be an explicit one, its colon on a later line
_BEFORE_KEY = rb"""(?:^|[\s{,"'-]|\xc2\x85|\xe2\x80[\xa8\xa9])["']?"""
_AFTER_KEY = rb"""(?=["'\s:\xc2\xe2])"""
# (lines of comments by the thousand: a repeated group takes memory for each turn)
_GAP = lazy_bytes_regex(rb"(?:[^\S\n]*+\n\s*+#[^\n]*+){1,4096}|\s++|\xc2\x85|\xe2\x80[\xa8\xa9]")
_ALIAS_KEY = lazy_bytes_regex(rb"^[ \t]*(?:\?[ \t]*)?\*[^\s,\]}]+\s+:", re.MULTILINE)
_TOP_API = lazy_bytes_regex(rb"""^["']?apiVersion["']?[ \t]*:""", re.MULTILINE)
# a Compose file by another name: services at the top, and below the first of them what it is made of
_STACK = lazy_bytes_regex(
    rb"""^services:[ \t]*(?:#[^\n]*)?\r?\n([ ]+)[\w.-]+:[ \t]*(?:[&#][^\n]*)?\r?\n"""
    rb"""(?:\1[ ]+[^\s#][^\n]*\n)*?\1[ ]+(?:image|build):""",
    re.MULTILINE,
)
_EMPTY_LINE = lazy_bytes_regex(rb"^[ \t]*(?:#[^\n]*)?\r?\n", re.MULTILINE)  # or a comment
_VALUES_NAME = lazy_regex(r"(?:^|[._-])values(?:[._-].*)?\.ya?ml$")
_VALUES_BODY = lazy_bytes_regex(
    rb"^[ \t]*(?:-[ \t]+)*(?:resources|image|repository|env|envVars|extraEnv|extraEnvVars)[ \t]*:",
    re.MULTILINE,
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

TERRAFORM_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
# what follows `.yaml` in the name of a template: Jinja, Terraform, Go, envsubst
_TEMPLATE_NAME = lazy_regex(r"\.ya?ml[.-](?:j2|jinja2?|tftpl|tpl|tmpl|gotmpl|template)$")


def candidates(path: str) -> tuple[str, ...]:
    """The formats that a file's name allows, best guess first; empty for a file that can't be ours."""
    return _of_name(path.rpartition("/")[2].lower())


@lru_cache(maxsize=1024)
def _of_name(lower: str) -> tuple[str, ...]:
    if (
        "file" in lower
        and _DOCKERFILE_NAME.search(lower)
        and splitext(lower)[1] not in _NOT_DOCKERFILE_SUFFIXES
    ):
        return ("dockerfile",)
    if lower.endswith((*TERRAFORM_SUFFIXES, *VARIABLE_SUFFIXES)):
        return ("terraform",)
    if lower.endswith((".yaml", ".yml")):
        if "compose" in lower and _COMPOSE_NAME.search(lower):
            return ("compose", "kubernetes", "list")
        return ("kubernetes", "stack")
    if lower.endswith(".json"):
        return ("plan", "kubernetes")
    if _TEMPLATE_NAME.search(lower):
        return ("kubernetes",)
    if lower.endswith((".tfplan", ".plan")) or lower == "tfplan":
        return ("plan",)
    return ()


def is_config(path: str) -> bool:
    """Whether a file of this name is a configuration of some kind: JSON may be anything."""
    return candidates(path)[:1] not in ((), ("plan",))


def classify(path: str, data: bytes, *, named: bool = False) -> str | None:
    """The format of a file, or None when it is nothing of ours.

    All of the bytes are looked at: padding in front must not hide a file. `named`: the user pointed at this very
    file, so its content decides where the name is silent.
    """
    allowed = candidates(path)
    text = _utf8(data)
    if is_values(path) and _VALUES_BODY.search(text) is not None:
        return "kubernetes"
    for kind in allowed:
        if _LOOKS[kind](text):
            return _FORMAT_OF.get(kind, kind)
    if not named:
        return None
    for kind in ("plan", "compose", "kubernetes", "dockerfile"):
        if _LOOKS[kind](text):
            return _FORMAT_OF.get(kind, kind)
    return "dockerfile" if "dockerfile" in allowed else None


def is_values(path: str) -> bool:
    """Whether a file's name is that of values for a Helm chart."""
    name = path.rpartition("/")[2].lower()
    return "values" in name and _VALUES_NAME.search(name) is not None


def is_template(path: str) -> bool:
    """Whether a file's name is that of a template that makes YAML."""
    name = path.rpartition("/")[2].lower()
    return not name.endswith((".yaml", ".yml", ".json")) and _TEMPLATE_NAME.search(name) is not None


def _utf8(data: bytes) -> bytes:
    """The bytes as UTF-8 without its mark, whatever they were encoded in."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "ignore").removeprefix("\ufeff").encode()
    return data.translate(None, b"\0") if b"\0" in data[:64] else data


@cache
def _key(name: bytes) -> re.Pattern[bytes]:
    """A key of YAML or JSON as people write it."""
    return compiled.regex(_BEFORE_KEY + name + _AFTER_KEY, re.MULTILINE)


@cache
def _escaped_key(name: bytes) -> re.Pattern[bytes]:
    """A key in double quotes of which some characters are escaped, or that goes on after an escaped line end."""
    letters = [
        b"(?:%c|\\\\(?:x|u00|U000000)%s)"
        % (letter, b"".join(_either_case(digit) for digit in b"%02x" % letter))
        for letter in name
    ]
    return re.compile(b'"' + rb"(?:\\\r?\n[ \t]*)*".join(letters) + b'"' + _AFTER_KEY)


def _either_case(digit: int) -> bytes:
    return b"[%c%c]" % (digit, bytes([digit]).upper()[0])


def _has_key(name: bytes, text: bytes) -> bool:
    if b"\n%s:" % name in text:  # nearly always
        return True
    if name in text and _has_colon(_key(name), text):
        return True
    return b"\\" in text and _has_colon(_escaped_key(name), text)


def _has_colon(key: re.Pattern[bytes], text: bytes) -> bool:
    """Whether a colon follows one of the places that look like the key, with blanks and comments between them.

    Takes one pass, however many of them there are: what was read behind one of them is not read again for the next.
    """
    line_end = barren = -1  # of the last comment; and where the last look for a colon ended without one
    for found in key.finditer(text):
        at = found.end()
        at += text[at : at + 1] in (b'"', b"'")
        while (here := text[at : at + 1]) != b":" and not (here == b"\n" and at < barren):
            gap = _GAP.match(text, at)
            if gap is not None:
                at = gap.end()
            elif here == b"#" and text[at - 1 : at].isspace():
                line_end = at = line_end if at <= line_end else _line_end(text, at)
            else:
                barren = max(barren, at)
                break
        if here == b":":
            return True
    return False


def _line_end(text: bytes, at: int) -> int:
    end = text.find(b"\n", at)
    return end if end >= 0 else len(text)


def _is_dockerfile(text: bytes) -> bool:
    return _FIRST_INSTRUCTION.match(text.decode("utf-8", "replace")) is not None


def _is_manifest(text: bytes) -> bool:
    if _has_key(b"apiVersion", text) and _has_key(b"kind", text):
        return True
    return b"apiVersion" in text and b"kind" in text and _ALIAS_KEY.search(text) is not None


def _is_compose(text: bytes) -> bool:
    return _has_key(b"services", text) and _TOP_API.search(text) is None


def _is_stack(text: bytes) -> bool:
    return (
        b"services:" in text and _STACK.search(_EMPTY_LINE.sub(b"", text)) is not None and _is_compose(text)
    )


def _is_list(text: bytes) -> bool:
    """Whether it is a Compose file that only includes others."""
    return _has_key(b"include", text) and _TOP_API.search(text) is None


def _is_plan(text: bytes) -> bool:
    if text.startswith(b"PK\x03\x04"):
        return b"tfplan" in text[:4096]
    # a state file has `format_version` too when `terraform show -json` wrote it; its reader says what it is
    return b'"format_version"' in text and b'"terraform_version"' in text


_FORMAT_OF = {"plan": "terraform", "stack": "compose", "list": "compose"}
_LOOKS: dict[str, Callable[[bytes], bool]] = {
    "dockerfile": _is_dockerfile,
    "kubernetes": _is_manifest,
    "compose": _is_compose,
    "stack": _is_stack,
    "list": _is_list,
    "plan": _is_plan,
    "terraform": lambda text: True,
}


def load_format(name: str) -> Format:
    """Import a format's package at first use: start-up pays only for what a scan meets."""
    if name == "dockerfile":
        from linter.formats import dockerfile

        return dockerfile.FORMAT
    if name == "kubernetes":
        from linter.formats import kubernetes

        return kubernetes.FORMAT
    if name == "terraform":
        from linter.formats import terraform

        return terraform.FORMAT
    if name == "compose":
        from linter.formats import compose

        return compose.FORMAT
    raise KeyError(name)
