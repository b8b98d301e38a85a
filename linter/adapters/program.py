"""Run an external program with as little trust as it can work with.

Arguments are lists, never shell text. The program gets a session of its own, so that it and all its children die
together at the time limit; an environment of a few harmless variables; a home of its own; and, unless network is
allowed, proxies that refuse every connection.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_KEPT = ("PATH", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT")
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
_REFUSING = "http://127.0.0.1:9"  # the discard port: nothing listens, so a connection fails at once
_STDERR_BYTES = 200_000  # kept of what a program says about itself
_CHUNK = 1 << 16
_VERSION = lazy_regex(r"v(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?")


class ProgramError(Exception):
    """The program gave nothing that can be used. The message is one sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until the program and its children are killed; bytes that it may write to stdout."""

    seconds: float = 60
    output: int = 64_000_000


MAX_TOTAL = 300.0  # seconds of all runs of one program in a scan


class Patience:
    """How often a program may take all of its time in one scan: a tree may be full of what never ends."""

    over_words = "others before it took all the time that there is"

    def __init__(
        self, limits: Limits, times: int = 2, total: float = MAX_TOTAL, of: Patience | None = None
    ) -> None:
        self.seconds = limits.seconds
        self.left = times
        self.total = total
        self.of = of  # whose time it takes too

    @property
    def over(self) -> bool:
        """Whether the program is not to be run any more."""
        return self.left <= 0 or self.total <= 0 or (self.of is not None and self.of.over)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around a run of the program."""
        started = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - started
            self.total -= took  # of threads side by side; a second more or less is none
            if self.of is not None:
                self.of.total -= took
            if took >= self.seconds:
                self.left -= 1


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program that ended by itself left."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def complaint(self) -> str:
        """The line of its stderr that most likely says what is wrong: the last one with words."""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
        return (errors or lines or ["no reason was given"])[-1][:4000]


def locate(name: str, path: str | None = None) -> str | None:
    """Absolute path of a program on the search path; entries that are relative could be the scanned tree's."""
    search = os.environ.get("PATH", "") if path is None else path
    for folder in search.split(os.pathsep):
        candidate = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None


def environment(
    home: Path, extra: Mapping[str, str] | None = None, *, network: bool = False
) -> dict[str, str]:
    """What a program may know: where programs are, a home of its own, and `extra`."""
    kept = {name: os.environ[name] for name in (*_KEPT, *(_NETWORK if network else ())) if name in os.environ}
    if not network:
        kept |= {name: "" if name.lower() == "no_proxy" else _REFUSING for name in _NETWORK}
        kept |= {"GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
    return {"LC_ALL": "C.UTF-8", "HOME": str(home), **kept, **(extra or {})}


def version(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, ...]:
    """The first version number that a program tells; () when it tells none."""
    try:
        ran = run(command, cwd=cwd, env=env, limits=Limits(30, 1_000_000))
    except ProgramError:
        return ()
    found = _VERSION.search(ran.stdout.decode("utf-8", "replace"))
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def too_old(name: str, told: tuple[int, ...], minimum: tuple[int, ...]) -> str:
    """The sentence about a version that can't be used; '' for one that can, or that is not known."""
    if not told or told >= minimum:
        return ""
    found, wanted = (".".join(map(str, numbers)) for numbers in (told, minimum))
    return f"{name} {found} is too old: {wanted} is the first that can be used"


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], limits: Limits) -> Ran:
    """Run to the end. Raises `ProgramError` when it can't be started, crashes, takes too long or writes too much."""
    name = os.path.basename(command[0])
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of arguments, and the program is the user's own
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ProgramError(f"{name} could not be started: {error.strerror or error}") from None
    try:
        return _collect(process, name, limits)
    finally:
        _kill(process)


def _collect(process: subprocess.Popen[bytes], name: str, limits: Limits) -> Ran:
    assert process.stdout is not None
    assert process.stderr is not None
    deadline = time.monotonic() + limits.seconds
    taken: dict[int, list[bytes]] = {process.stdout.fileno(): [], process.stderr.fileno(): []}
    sizes = dict.fromkeys(taken, 0)
    out, err = taken
    with selectors.DefaultSelector() as selector:
        for stream in taken:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise ProgramError(f"{name} did not end within {limits.seconds:g} seconds and was stopped")
            for key, _ in selector.select(left):
                data = os.read(key.fd, _CHUNK)
                if not data:
                    selector.unregister(key.fd)
                elif key.fd == out or sizes[err] < _STDERR_BYTES:
                    taken[key.fd].append(data)
                sizes[key.fd] += len(data)
            if sizes[out] > limits.output:
                raise ProgramError(f"{name} wrote more than {limits.output / 1_000_000:g} MB and was stopped")
    try:
        code = process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{name} did not end within {limits.seconds:g} seconds and was stopped") from None
    if code < 0:
        raise ProgramError(f"{name} crashed ({_signal_name(-code)})")
    return Ran(code, b"".join(taken[out]), b"".join(taken[err]).decode("utf-8", "replace"))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program's whole session; what already ended is fine."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
