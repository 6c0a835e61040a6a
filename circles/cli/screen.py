"""What a person sees: results on stdout, everything else on stderr."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    import pandas as pd

    from circles.cli.options import Format

_SHOWN_WARNINGS = 10
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Control and direction marks and half characters: a terminal would obey them, or could not write them."""


def show(text: str) -> None:
    """Write a result to stdout; what a terminal would obey shows as �."""
    sys.stdout.write(f"{make_visible(text.rstrip())}\n")


def make_visible(text: str) -> str:
    """Put � in the place of everything in a text that a terminal would obey rather than show."""
    return _UNSEEN.sub("\ufffd", text)


def show_table(frame: pd.DataFrame, form: Format) -> None:
    """Write a table to stdout in the form asked for; csv and json have every character as it is."""
    from circles.report import render_table

    sys.stdout.write(render_table(frame, form.value))


def show_first(frame: pd.DataFrame, rows: int) -> None:
    """Write the first rows of a table to stdout as text, and say how many more there are."""
    from circles.report import render_table

    if len(frame):
        show(render_table(frame.head(rows), "text"))
    if len(frame) > rows:
        show(f"… and {len(frame) - rows:,} more rows (--top, or --format csv for all)")


def tell(text: str) -> None:
    """Write a remark to stderr."""
    sys.stderr.write(f"{make_visible(text)}\n")


def tell_warnings(warnings: pd.DataFrame) -> None:
    """Write the first warnings of a portfolio to stderr, and how many more there are."""
    for message in warnings["message"].head(_SHOWN_WARNINGS):
        tell(f"warning: {message}")
    if len(warnings) > _SHOWN_WARNINGS:
        tell(f"warning: … and {len(warnings) - _SHOWN_WARNINGS:,} more (circles check lists all)")


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show how far long work has come, on a terminal only.

    Gives a function of (done, total) to hand to an engine, or None where stderr is not a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def row_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many rows are done, how fast, and how long it will take: as a bar, and as lines where no terminal is."""
    from circles.cli.rows import row_bar, row_lines

    with row_bar(label) if sys.stderr.isatty() else row_lines(label, tell) as progress:
        yield progress


@contextmanager
def watch_search(label: str) -> Iterator[Callable[[float, int, int], None] | None]:
    """Show the value, the bound and the gap that a search has reached, on a terminal only.

    Gives a function of (seconds, value, bound) to hand to an engine, or None where stderr is not a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[reached]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=1.0, reached="")

        def note(_: float, value: int, bound: int) -> None:
            gap = (bound - value) / max(1, abs(bound))
            reached = f"value {value:,}, bound {bound:,}, gap {gap:.2%}"
            progress.update(task, completed=max(0.0, 1.0 - gap), reached=reached)

        yield note


@contextmanager
def watch_interrupt() -> Iterator[Callable[[], bool]]:
    """Notice Ctrl-C during work that answers it with its best result so far.

    Gives a function that says whether Ctrl-C was pressed.
    """
    pressed = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def stop_on_interrupt() -> Iterator[None]:
    """End a command on Ctrl-C even where the work inside answers it with its best result so far."""
    with watch_interrupt() as interrupted:
        yield
    if interrupted():
        raise KeyboardInterrupt
