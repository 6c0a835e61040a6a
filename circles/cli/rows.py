"""Progress of work that is counted in rows: how many are done, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

_SECONDS_A_LINE = 10.0


class _Rate(ProgressColumn):
    """Rows a second, once they can be told."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")


@contextmanager
def row_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr with rows done, rate and time left; gives a function of (done, total)."""
    counted = TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows")
    columns = (TextColumn("{task.description}"), BarColumn(), counted, _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=0)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def row_lines(label: str, tell: Callable[[str], None]) -> Iterator[Callable[[int, int], None]]:
    """Tell the same in a line every ten seconds, for a log; gives a function of (done, total)."""
    begun = told = time.monotonic()

    def note(done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _SECONDS_A_LINE and done:
            told = now
            rate = done / (now - begun)
            tell(f"{label}: {done:,} of {total:,} rows, {rate:,.0f} rows/s, {(total - done) / rate:,.0f} s left")

    yield note
