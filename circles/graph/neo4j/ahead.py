"""Making the next item while the last one is used: this program and the server then work at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")


def make_ahead(items: Iterator[_Item]) -> Iterator[_Item]:
    """Give items in order, one being made ahead in another thread; its errors are raised here."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="circles-ahead") as worker:
        coming = worker.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = worker.submit(next, items, end)
            yield item  # type: ignore[misc]
