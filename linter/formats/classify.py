"""Which input language a file is, from its name and a look at its bytes. Nothing is parsed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from os.path import splitext
from typing import TYPE_CHECKING

from linter.patterns import lazy_bytes_regex, lazy_regex

if TYPE_CHECKING:
    from linter.formats.document import Format

FORMATS = ("dockerfile", "kubernetes", "terraform", "compose")

_DOCKERFILE_NAME = lazy_regex(r"(?:^|[._-])(?:docker|container)file(?:$|[._-])")
# fmt: off
_NOT_DOCKERFILE_SUFFIXES = frozenset((
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".zip", ".gz",
    ".py", ".go", ".js", ".ts", ".java", ".rs", ".rb", ".sh", ".ps1", ".bat", ".tf",
    ".json", ".yaml", ".yml", ".toml", ".lock", ".xml", ".csv", ".md", ".rst", ".adoc", ".txt", ".html",
    ".dockerignore",
))
# fmt: on
_FIRST_INSTRUCTION = lazy_bytes_regex(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*"
    rb"(?:(?:FROM|ARG)(?:[ \t\\]|\r?$)|\{\{|\{%|FR?\\|AR?\\"
    rb"|(?:ONBUILD|RUN|ENV|COPY|ADD|LABEL|MAINTAINER|USER|WORKDIR)[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
_COMPOSE_NAME = lazy_regex(r"(?:^|[._-])compose(?:[._-].*)?\.ya?ml$")
_COMPOSE_BODY = lazy_bytes_regex(rb"^[ \t]*[\"']?services[\"']?[ \t]*:", re.MULTILINE)
_MANIFEST_API = lazy_bytes_regex(rb"""(?:^|[\s{,"'-])["']?apiVersion["']?[ \t]*:""", re.MULTILINE)
_MANIFEST_KIND = lazy_bytes_regex(rb"""(?:^|[\s{,"'-])["']?kind["']?[ \t]*:""", re.MULTILINE)
_VALUES_NAME = lazy_regex(r"(?:^|[._-])values(?:[._-].*)?\.ya?ml$")
_VALUES_BODY = lazy_bytes_regex(
    rb"^[ \t]*(?:-[ \t]+)*(?:resources|image|repository|env|envVars|extraEnv|extraEnvVars)[ \t]*:",
    re.MULTILINE,
)
_BOMS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

TERRAFORM_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
SNIFF_BYTES = (
    1 << 20
)  # a manifest's keys stand near its top; a longer look would cost more than the parse saves


def candidates(path: str) -> tuple[str, ...]:
    """The formats that a file's name allows, best guess first; empty for a file that can't be ours."""
    lower = path.rpartition("/")[2].lower()
    if (
        "file" in lower
        and _DOCKERFILE_NAME.search(lower)
        and splitext(lower)[1] not in _NOT_DOCKERFILE_SUFFIXES
    ):
        return ("dockerfile",)
    if lower.endswith((*TERRAFORM_SUFFIXES, *VARIABLE_SUFFIXES)):
        return ("terraform",)
    if lower.endswith((".yaml", ".yml")):
        return ("compose", "kubernetes") if _COMPOSE_NAME.search(lower) else ("kubernetes",)
    if lower.endswith(".json"):
        return ("plan", "kubernetes")
    if lower.endswith((".tfplan", ".plan")) or lower == "tfplan":
        return ("plan",)
    return ()


def classify(path: str, data: bytes, *, named: bool = False) -> str | None:
    """The format of a file, or None when it is nothing of ours.

    `named`: the user pointed at this very file, so its content decides where the name is silent.
    """
    allowed = candidates(path)
    head = _head(data)
    if is_values(path) and _VALUES_BODY.search(head) is not None:
        return "kubernetes"
    for kind in allowed:
        if _LOOKS[kind](head, data):
            return "terraform" if kind == "plan" else kind
    if not named:
        return None
    for kind in ("plan", "compose", "kubernetes", "dockerfile"):
        if _LOOKS[kind](head, data):
            return "terraform" if kind == "plan" else kind
    return "dockerfile" if "dockerfile" in allowed else None


def is_values(path: str) -> bool:
    """Whether a file's name is that of values for a Helm chart."""
    return _VALUES_NAME.search(path.rpartition("/")[2].lower()) is not None


def _head(data: bytes) -> bytes:
    """The first part of the file as UTF-8, whatever it was encoded in."""
    head = data[:SNIFF_BYTES]
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head.decode(encoding, "ignore").encode()
    return head.replace(b"\0", b"") if b"\0" in head[:64] else head


def _is_dockerfile(head: bytes, data: bytes) -> bool:
    return _FIRST_INSTRUCTION.match(head[:65536]) is not None


def _is_manifest(head: bytes, data: bytes) -> bool:
    return _MANIFEST_API.search(head) is not None and _MANIFEST_KIND.search(head) is not None


def _is_compose(head: bytes, data: bytes) -> bool:
    return _COMPOSE_BODY.search(head) is not None and _MANIFEST_API.search(head) is None


def _is_plan(head: bytes, data: bytes) -> bool:
    if head.startswith(b"PK\x03\x04"):
        return b"tfplan" in data[:4096]
    # a state file has `format_version` too when `terraform show -json` wrote it; its reader says what it is
    return b'"format_version"' in head and b'"terraform_version"' in head


_LOOKS: dict[str, Callable[[bytes, bytes], bool]] = {
    "dockerfile": _is_dockerfile,
    "kubernetes": _is_manifest,
    "compose": _is_compose,
    "plan": _is_plan,
    "terraform": lambda head, data: True,
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
