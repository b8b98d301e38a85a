"""Commands that check a hash or a signature."""

from __future__ import annotations

import re

from linter.formats.shell.command import Command
from linter.patterns import lazy_regex

_VERIFIERS = lazy_regex(r"(?:sha\d+sum|shasum|md5sum|b2sum)")
_CHECKING_FLAGS = ("c", "check", "checksum")


def verifies(command: Command) -> bool:
    """Whether a command checks something."""
    tool = command.type_key
    if _VERIFIERS.fullmatch(tool):
        return command.has_flag(*_CHECKING_FLAGS)
    if tool in ("gpg", "gpgv"):
        return tool == "gpgv" or command.has_flag("verify", "verify-files")
    if tool == "openssl":
        return command.does("dgst") and command.has_flag("verify")
    if tool in ("cosign", "slsa-verifier", "minisign", "signify", "rekor-cli"):
        return True
    if tool == "rpm":
        return command.has_flag("K", "checksig")
    if tool in ("[", "test"):
        return "sum" in command.line
    return tool == "grep" and "sha" in command.line


def reads_sums(command: Command) -> bool:
    """Whether a check takes its list from a pipe or a file of sums: then what it names is not in its words."""
    return (
        command.upstream is not None
        or any(redirect.body is not None for redirect in command.redirects)
        or any(
            re.search(r"sums?|sha\d|\.asc|\.sig", token.content, re.IGNORECASE) for token in command.operands
        )
        or any(redirect.operator == "<" for redirect in command.redirects)
    )
