"""What a person sees: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from circles.cli.options import Format

_SHOWN_WARNINGS = 10


def show(text: str) -> None:
    """Write a result to stdout."""
    sys.stdout.write(f"{text.rstrip()}\n")


def show_table(frame: pd.DataFrame, form: Format) -> None:
    """Write a table to stdout in the form asked for."""
    from circles.report import render_table

    show(render_table(frame, form.value))


def tell(text: str) -> None:
    """Write a remark to stderr."""
    sys.stderr.write(f"{text}\n")


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
