"""An ordered parallel map over units. Workers build what they need from a recipe; nothing live is sent to them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from linter.finding import Diagnostic

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")  # a unit of work
R = TypeVar("R")  # its result

CHUNK = 24  # units sent at once: large enough to hide the cost of a message, small enough to balance
MIN_UNITS = 1500  # below, starting processes costs more than it saves

_work: Callable[[Any], Any] | None = None  # of a worker process, made once by its initializer


def job_count(wish: int, units: int) -> int:
    """How many processes to use; `wish` 0 means: as many as pay."""
    if wish == 1 or units < 2:
        return 1
    if wish > 1:
        return min(wish, units)
    return min(_processors(), units // (MIN_UNITS // 2)) if units >= MIN_UNITS else 1


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        return os.cpu_count() or 1


class OrderedPool(Generic[T, R]):
    """Runs `make(recipe)` in each worker, then maps it over chunks; results come in the order of the inputs."""

    def __init__(self, jobs: int, make: Callable[[Any], Callable[[T], R]], recipe: Any) -> None:
        self.jobs = jobs
        self.make = make
        self.recipe = recipe
        self.diagnostics: list[Diagnostic] = []

    def map(self, items: Sequence[T]) -> Iterator[R]:
        """Every item's result, in order. A worker that dies loses nothing: its items are done again here."""
        # 15 ms of imports that a small scan never needs
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        chunks = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]
        # fork would copy whatever threads and locks the host program has; a fresh process has neither
        context = get_context("forkserver" if hasattr(os, "fork") else "spawn")
        with ProcessPoolExecutor(self.jobs, context, _start, (self.make, self.recipe)) as executor:
            futures: list[Future[list[R]]] = [executor.submit(_run, chunk) for chunk in chunks]
            for chunk, future in zip(chunks, futures, strict=True):
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    yield from self._again(chunk)

    def _again(self, chunk: Sequence[T]) -> Iterator[R]:
        if not self.diagnostics:
            message = "a worker process died; its files were scanned again in the main process"
            self.diagnostics.append(Diagnostic("warning", message))
        work = self.make(self.recipe)
        for item in chunk:
            yield work(item)


def _start(make: Callable[[Any], Callable[[Any], Any]], recipe: Any) -> None:
    global _work
    _work = make(recipe)


def _run(chunk: Sequence[Any]) -> list[Any]:
    assert _work is not None
    return [_work(item) for item in chunk]
