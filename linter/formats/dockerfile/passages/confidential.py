"""Secrets that steps use without a mount, keep in the layer, or write into a URL."""

from __future__ import annotations

import re

from linter.formats import secrets
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.dockerfile.passages.passage import Passage, mentions, texts_of
from linter.formats.dockerfile.run import Run
from linter.formats.image import HOLE
from linter.formats.shell.command import Command
from linter.patterns import lazy_regex

_REFERENCE = lazy_regex(r"\$(?:\{([A-Za-z_]\w*)[^}\n]{0,200}\}|([A-Za-z_]\w*))")


_URL_CREDENTIALS = lazy_regex(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://([^\s:/@'\"]*):([^\s/@'\"]+)@[^\s'\"]", re.IGNORECASE
)


def secret_arguments(run: Run) -> list[Passage]:
    """Uses of build arguments that hold secrets and are not mounted as such."""
    mounted = set(run.secret_ids) | {name.upper() for name in run.secret_ids}
    declared = run.stage.secret_arguments
    if not declared:
        return []
    result = []
    seen: set[str] = set()
    for text in texts_of(run):
        for found in _REFERENCE.finditer(text.text):
            name = found.group(1) or found.group(2)
            if name in declared and name not in mounted and name not in seen:
                seen.add(name)
                result.append(Passage(run, text.span(found.start(), found.end()), "secret-argument", name))
    return result


def persisted_secrets(run: Run) -> list[Passage]:
    """Commands that keep a mounted secret in the layer."""
    paths, names = set(), set()
    for mount in run.mounts:
        if mount.is_a("secret"):
            if isinstance(mount.target, str) and mount.target:
                paths.add(mount.target)
            elif isinstance(mount.id, str) and mount.id:
                paths.add(f"/run/secrets/{mount.id}")
            if isinstance(mount.env, str):
                names.add(mount.env)
    if not paths and not names:
        return []
    for item in run.script.assignments:
        if any(path in item.token.text for path in paths):
            names.add(item.name)
    return [
        Passage(run, command.place().span, "persisted-secret", command.type_key)
        for command in run.commands
        if _persists(command, paths, names)
    ]


def _persists(command: Command, paths: set[str], names: set[str]) -> bool:
    words = [token.content for token in command.words]
    texts = [token.text for token in command.words] + [item.token.text for item in command.assignments]
    uses = (
        any(path in word for path in paths for word in words)
        or any(path in text for path in paths for text in texts)
        or any(re.search(rf"\$\{{?{re.escape(name)}\b", text) for name in names for text in texts)
    )
    fed = any(
        redirect.operator == "<" and redirect.token is not None and redirect.token.content in paths
        for redirect in command.redirects
    )
    if not uses and not fed:
        return False
    for redirect in command.redirects:
        if redirect.writes and redirect.token is not None and not _transient(redirect.token.content, paths):
            return True
    tool = command.type_key
    operands = [token.content for token in command.operands]
    if tool in ("cp", "install", "mv", "rsync"):
        return bool(operands) and not _transient(operands[-1], paths)
    if tool == "tee" or (command.downstream is not None and command.downstream.type_key == "tee"):
        target = (
            operands
            if tool == "tee"
            else [token.content for token in command.downstream.operands]
            if command.downstream
            else []
        )
        return any(not _transient(path, paths) for path in target)
    if tool == "git" and operands[:1] == ["config"]:
        return True
    return tool in ("pip", "npm", "conda") and operands[:2] in (["config", "set"], ["set"])


def _transient(path: str, paths: set[str]) -> bool:
    return (
        path in ("/dev/null", "/dev/stdout", "/dev/stderr", "1", "2")
        or path in paths
        or path.startswith(("/run/secrets/", "/dev/shm/", "&"))  # noqa: S108
    )


def credential_urls(one: Instruction) -> list[Passage]:
    """URLs with a password: literal ones, and build arguments (`value` is `literal` or `argument`)."""
    result: list[Passage] = []
    if not mentions(one, "://"):
        return result
    arguments = one.stage.arguments
    for text in texts_of(one):
        if "@" not in text.text or "://" not in text.text:
            continue
        for found in _URL_CREDENTIALS.finditer(text.text):
            password = found.group(2)
            variable = re.fullmatch(r"\$\{?([A-Za-z_]\w*)[^}]*\}?", password)
            span = text.span(found.start(), found.end() - 1)
            if variable is not None:
                if variable.group(1) in arguments:
                    result.append(Passage(one, span, "credential-url", variable.group(1), "argument"))
            elif (
                "$" not in password
                and HOLE not in password
                and "<" not in password
                and not secrets.is_placeholder(password)
                and len(set(password)) > 1  # `postgresql://x:x@x/x`, so that a build runs without one
            ):
                result.append(Passage(one, span, "credential-url", "password", "literal"))
    return result
