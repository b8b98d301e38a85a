"""Trivy, run: found, checked, started with what it was asked for, its answer read as JSON.

Offline unless updates are allowed: no check bundle, no database, no version check, no telemetry, and proxies that
refuse. Its own configuration and ignore files are not taken from the scanned tree: it runs in a folder of ours.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.program import Limits, ProgramError, environment, locate, run
from linter.frozen import dataclass
from linter.patterns import lazy_regex

KINDS = ("config", "image", "secret")
COMPROMISED = {  # version -> what is known of it
    "0.69.4": "published by attackers on 2026-03-19 (CVE-2026-33634); it steals credentials",
    "0.69.5": "an image of the same attack (CVE-2026-33634)",
    "0.69.6": "an image of the same attack (CVE-2026-33634)",
}
# SHA-256 of the executables of 0.69.4, as GHSA-69fq-xp46-6x23, Wiz and Unit 42 published them: such a file is not
# even started to ask for its version
COMPROMISED_FILES = frozenset(
    {
        "6328a34b26a63423b555a61f89a6a0525a534e9c88584c815d937910f1ddd538",  # macOS arm64
        "822dd269ec10459572dfaaefe163dae693c344249a0161953f0d5cdd110bd2a0",  # Linux amd64
        "887e1f5b5b50162a60bd03b66269e0ae545d0aef0583c1c5b00972152ad7e073",  # FreeBSD amd64
        "bef7e2c5a92c4fa4af17791efc1e46311c0f304796f1172fce192f5efc40f5d7",  # Linux arm
        "d5edd791021b966fb6af0ace09319ace7b97d6642363ef27b3d5056ca654a94c",  # Linux s390x
        "e6310d8a003d7ac101a6b1cd39ff6c6a88ee454b767c1bdce143e04bc1113243",  # macOS amd64
        "e64e152afe2c722d750f10259626f357cdea40420c5eedae37969fbf13abbecf",  # Linux arm64
        "ecce7ae5ffc9f57bb70efd3ea136a2923f701334a8cd47d4fbf01a97fd22859c",  # Linux ppc64le
        "f7084b0229dce605ccc5506b14acd4d954a496da4b6134a294844ca8d601970d",  # Linux 386
    }
)
MINIMUM = (0, 57)  # older ones name the check bundle and several of these options otherwise
UNKNOWN_VERSION = "dev"  # what a build from source calls itself
LIMITS = Limits(seconds=600, output=300_000_000)
_VERSION = lazy_regex(r"v?(\d+)\.(\d+)\.(\d+)")
# folders that a scan of ours never enters either
_SKIPPED = ("**/.git", "**/node_modules", "**/.terraform", "**/.venv", "**/.tox", "**/__pycache__")


@dataclass(frozen=True, slots=True)
class Trivy:
    """A usable Trivy. `database` is the date of its vulnerability database, '' without one."""

    program: str
    version: str
    database: str
    scratch: Path  # an empty folder of our own
    update: bool  # it may use the network

    def config(self, folder: Path) -> Mapping[str, Any]:
        """Misconfigurations of the files below a folder. Raises `ProgramError`."""
        skipped = [f"--skip-dirs={pattern}" for pattern in _SKIPPED]
        return self._ask(["config", *skipped, "--", str(folder)])

    def secret(self, folder: Path) -> Mapping[str, Any]:
        """Secrets in the files below a folder. Raises `ProgramError`."""
        skipped = [f"--skip-dirs={pattern}" for pattern in _SKIPPED]
        return self._ask(["filesystem", "--scanners=secret", *skipped, "--", str(folder)])

    def image(self, name: str, seconds: float) -> Mapping[str, Any]:
        """Vulnerabilities of an image. Raises `ProgramError`."""
        return self._ask(["image", "--scanners=vuln", "--", name], Limits(seconds, LIMITS.output))

    def _ask(self, arguments: Sequence[str], limits: Limits | None = None) -> Mapping[str, Any]:
        command, *rest = arguments
        told = run(
            [self.program, command, "--quiet", "--format=json", *rest],
            cwd=self.scratch,
            env=_environment(self.scratch, update=self.update),
            limits=limits or LIMITS,
        )
        if told.code != 0:
            raise ProgramError(f"trivy {command} failed: {told.complaint}")
        return parse(told.stdout, f"trivy {command}")


def parse(data: bytes, what: str) -> Mapping[str, Any]:
    """An answer of Trivy. Raises `ProgramError` for what is none."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProgramError(f"{what} answered with something that is no JSON: {error}") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("Results") or [], list):
        raise ProgramError(f"{what} answered with JSON that is no report of Trivy")
    if answer.get("SchemaVersion") != 2:
        raise ProgramError(f"{what} answered in schema {answer.get('SchemaVersion')}; this reads schema 2")
    return answer


def find(scratch: Path, *, update: bool) -> Trivy:
    """The user's Trivy, after its version was checked. Raises `ProgramError` when it can't be used."""
    program = locate("trivy")
    if program is None:
        raise ProgramError("there is no trivy on the search path")
    _check_file(program)
    env = _environment(scratch, update=False)
    told = run([program, "version", "--format=json"], cwd=scratch, env=env, limits=Limits(30, 1_000_000))
    if told.code != 0:
        raise ProgramError(f"trivy does not tell its version: {told.complaint}")
    try:
        answer = json.loads(told.stdout)
        version = str(answer["Version"])
        database = str((answer.get("VulnerabilityDB") or {}).get("UpdatedAt", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ProgramError("trivy does not tell its version in a form that can be read") from None
    check(version)
    return Trivy(program, version, database, scratch, update)


def _check_file(program: str) -> None:
    """Raises `ProgramError` for an executable that is known to be an attacker's, whatever it calls itself."""
    try:
        with open(program, "rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ProgramError(f"{program} can't be read: {error.strerror or error}") from None
    if found in COMPROMISED_FILES:
        raise ProgramError(
            f"{program} is refused: its checksum is that of trivy 0.69.4, {COMPROMISED['0.69.4']}"
        )


def check(version: str) -> None:
    """Raises `ProgramError` for a version that must not or can't be used."""
    if version == UNKNOWN_VERSION:
        return
    match = _VERSION.match(version)
    if match is None:
        raise ProgramError(f"trivy tells a version that can't be read: {version[:80]}")
    plain = ".".join(match.groups())
    if plain in COMPROMISED:
        raise ProgramError(f"trivy {plain} is refused: {COMPROMISED[plain]}")
    if (int(match[1]), int(match[2])) < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        raise ProgramError(f"trivy {plain} is too old: {wanted} is the first that can be used")


def _environment(scratch: Path, *, update: bool) -> dict[str, str]:
    """Settings that a version does not know do no harm as variables; as options they would stop it."""
    offline = "false" if update else "true"
    extra = {
        "TMPDIR": str(scratch),
        "TRIVY_CACHE_DIR": str(_cache()),
        "TRIVY_CACHE_BACKEND": "memory",  # a scan leaves nothing behind and waits for no other one's lock
        "TRIVY_NO_PROGRESS": "true",
        "TRIVY_DISABLE_TELEMETRY": "true",
        "TRIVY_SKIP_VERSION_CHECK": "true",
        "TRIVY_SKIP_CHECK_UPDATE": offline,
        "TRIVY_SKIP_DB_UPDATE": offline,
        "TRIVY_SKIP_JAVA_DB_UPDATE": offline,
        "TRIVY_OFFLINE_SCAN": offline,
    }
    kept = {name: os.environ[name] for name in ("DOCKER_HOST", "CONTAINERD_ADDRESS") if name in os.environ}
    return environment(scratch, {**kept, **extra}, network=update)


def _cache() -> Path:
    """Where Trivy keeps its databases: the user's own, since they are too large to have twice."""
    said = os.environ.get("TRIVY_CACHE_DIR")
    if said:
        return Path(said).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "trivy"
