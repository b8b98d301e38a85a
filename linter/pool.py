"""An ordered parallel map over units. Workers build what they need from a recipe; nothing live is sent to them.

A worker that dies takes nothing along: what it had is done again, file by file, in a process that may die too. What
kills its process a second time is given up by name; nothing is lost in silence, and the main process is never at risk.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")  # a unit of work
R = TypeVar("R")  # its result
Make = Callable[[Any], Callable[[T], R]]

CHUNK = 24  # units sent at once: large enough to hide the cost of a message, small enough to balance
# below, starting processes costs more than it saves: copies of this one, or fresh ones that load everything again
MIN_FILES_FORKED, MIN_FILES_FRESH = 400, 1500
STALLED = 5.0  # seconds without a result until we look whether the workers are stopped
TRIES = 2  # of a unit whose process dies: somebody may have killed it for no fault of the unit's

# nowhere to put a socket or a semaphore, no more processes or threads allowed
_NO_PROCESSES = (OSError, ImportError, NotImplementedError, RuntimeError)

_work: Callable[[Any], Any] | None = None  # of a worker process, made once by its initializer


def job_count(wish: int, files: int) -> int:
    """How many processes to use for so many files; `wish` 0 means: as many as pay."""
    if wish == 1 or files < 2:
        return 1
    if wish > 1:
        return min(wish, files)
    least = MIN_FILES_FORKED if _may_fork() else MIN_FILES_FRESH
    return min(_processors(), files // (least // 2)) if files >= least else 1


def _may_fork() -> bool:
    """Whether a copy of this process can work: no other thread may hold a lock, which nobody would open there."""
    return sys.platform == "linux" and threading.active_count() == 1


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        return os.cpu_count() or 1


class OrderedPool(Generic[T, R]):
    """Runs `make(recipe)` in each worker, then maps it over chunks; results come in the order of the inputs.

    `lost(unit)` is the result of a unit that kills its process.
    """

    def __init__(self, jobs: int, make: Make[T, R], recipe: Any, lost: Callable[[T], R]) -> None:
        self.jobs = jobs
        self.make = make
        self.recipe = recipe
        self.lost = lost
        self.deaths = 0  # of workers

    def map(self, items: Sequence[T]) -> Iterator[R]:
        """Every item's result, in order. Without processes (no memory to share, none allowed) it is done here."""
        from concurrent.futures.process import BrokenProcessPool

        done = 0
        while done < len(items):
            try:
                for results in self._run(items[done:]):
                    yield from results
                    done += len(results)
                return
            except BrokenProcessPool:
                self.deaths += 1
            except _NO_PROCESSES:
                break
            try:
                for result in self._carefully(items[done : done + self.jobs * CHUNK]):
                    yield result
                    done += 1
            except _NO_PROCESSES:
                break
        yield from map(self.make(self.recipe), items[done:])

    def _run(self, items: Sequence[T]) -> Iterator[list[R]]:
        """The results of chunk after chunk, as many at once as there are workers."""
        executor = self._executor(self.jobs)
        futures: list[Future[list[R]]] = []
        try:
            with _uninterrupted():
                futures += [executor.submit(_run, items[i : i + CHUNK]) for i in range(0, len(items), CHUNK)]
            futures.reverse()
            while (
                futures
            ):  # none is kept when its results are handed on: they are all that there is of a scan
                yield _result(futures.pop(), executor)
        finally:
            # nothing is lost: all results are here, or an interrupted scan must not wait for what nobody will hear of
            _end(executor)

    def _carefully(self, items: Sequence[T]) -> Iterator[R]:
        """One item at a time in one process, so that it is known which one the process dies of."""
        from concurrent.futures.process import BrokenProcessPool

        executor = self._alive()
        try:
            for item in items:
                for attempt in range(TRIES):
                    try:
                        yield _result(executor.submit(_run, [item]), executor)[0]
                        break
                    except BrokenProcessPool:
                        if attempt == TRIES - 1:
                            yield self.lost(item)
                        executor = self._alive()
        finally:
            _end(executor)

    def _alive(self) -> ProcessPoolExecutor:
        """A worker that has begun. Raises `OSError` when workers die before they are given anything."""
        from concurrent.futures.process import BrokenProcessPool

        executor = self._executor(1)
        try:
            with _uninterrupted():
                begun = executor.submit(_run, [])
            begun.result()
        except BrokenProcessPool as error:
            raise OSError("processes can't be used here") from error
        return executor

    def _executor(self, jobs: int) -> ProcessPoolExecutor:
        # 15 ms of imports that a small scan never needs
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        way = "fork" if _may_fork() else "forkserver" if hasattr(os, "fork") else "spawn"
        return ProcessPoolExecutor(jobs, get_context(way), _start, (self.make, self.recipe))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started here never hear Ctrl-C: the main process does, and ends them.

    It hears of its end when it knows which they are.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result(future: Future[list[R]], executor: ProcessPoolExecutor) -> list[R]:
    """What a worker gives. One that somebody stopped would be waited for for ever: it is ended, as if it had died.

    A slow one is left alone: nobody knows how long a file may take.
    """
    stopped: set[int] = set()
    while True:
        try:
            return future.result(STALLED)
        except TimeoutError:
            if future.done():
                raise
        # stopped for a whole pause: Ctrl-Z stops the main process too, which comes back with its workers
        still = {process.pid for process in _processes(executor) if _is_stopped(process.pid)}
        for process in _processes(executor):
            if process.pid in still & stopped:
                process.kill()
        stopped = still


def _is_stopped(pid: int | None) -> bool:
    """Whether a process is stopped by a signal; False where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[:1] == [b"T"]
    except OSError:
        return False


def _processes(executor: ProcessPoolExecutor) -> list[Any]:
    return list((getattr(executor, "_processes", None) or {}).values())


def _end(executor: ProcessPoolExecutor) -> None:
    """End the workers now, whatever they are at."""
    for process in _processes(executor):
        process.kill()
    # one that is killed while it answers leaves half of it, for whose rest the pool's thread would wait for ever:
    # it must see the end of the pipe, which this process holds open too
    writer = getattr(getattr(executor, "_result_queue", None), "_writer", None)
    if writer is not None:
        with suppress(OSError):
            writer.close()
    executor.shutdown(cancel_futures=True)


def _start(make: Callable[[Any], Callable[[Any], Any]], recipe: Any) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be blocked
    if hasattr(signal, "pthread_sigmask"):
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                # a copy would end as the main process does, by an exception that the pool hands on to that one
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGHUP})
    _end_with_parent()
    _work = make(recipe)


def _end_with_parent() -> None:
    """A worker whose main process is killed would wait for work for ever."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from threading import Thread

    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _run(chunk: Sequence[Any]) -> list[Any]:
    assert _work is not None
    return [_work(item) for item in chunk]
