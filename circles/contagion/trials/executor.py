"""Work on chunks of trials, several at a time, with the same result whatever their number and order."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from circles.errors import InputError

Progress = Callable[[int, int], object]
"""Told (done, total) trials, always from the thread that asked for the work."""

Part = TypeVar("Part")


def run_chunks(
    work: Callable[[range], Part],
    chunks: list[range],
    *,
    collect: Callable[[range, Part], None],
    workers: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Work on every chunk and hand over each result with its chunk as soon as it is there, in no particular order.

    Parameters
    ----------
    work
        Called once a chunk, in threads; it should leave the interpreter's lock to the others.
    chunks
        Trials to work on.
    collect
        Called with a chunk and its result, always from the thread that asked for the work.
    workers
        Threads; None means one a processor.
    progress
        Called after each chunk with the number of trials done and wanted.

    Notes
    -----
    An exception, such as the interrupt of a Ctrl-C, cancels what has not begun and waits for what has.
    """
    total, done = sum(map(len, chunks)), 0
    executor = ThreadPoolExecutor(max_workers=workers or count_processors())
    try:
        running: dict[Future[Part], range] = {executor.submit(work, chunk): chunk for chunk in chunks}
        for future in as_completed(running):
            chunk = running.pop(future)
            collect(chunk, future.result())
            done += len(chunk)
            if progress is not None:
                progress(done, total)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def tell_part(progress: Progress | None, *, done: int, total: int) -> Progress | None:
    """Tell the progress of a part as that of the whole: `done` trials came before it, `total` there are in all."""
    return None if progress is None else lambda part, _: progress(done + part, total)


def cut_trials(trials: int, *, chunk: int) -> list[range]:
    """Cut trials 0 … trials − 1 into consecutive chunks of at most `chunk`."""
    return [range(start, min(start + chunk, trials)) for start in range(0, trials, chunk)]


def check_workers(workers: int | None) -> None:
    """Refuse a number of workers that is not at least 1.

    Raises
    ------
    InputError
        If it is neither None nor a whole number of at least 1.
    """
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        msg = f"workers must be a whole number of at least 1, or None for one a processor, got {workers!r}"
        raise InputError(msg)


def count_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
