"""Who has a home in hand: one lock says it, and the operating system lets go of it when its holder dies.

The server inherits the open lock from the command that starts it, so the lock is held exactly as long as one of the
two lives. Nothing has to be guessed from numbers of processes, which the system gives out again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from circles.errors import StoreError

LOCK = "circles.lock"
"""Name of the lock in a home; a folder that has it is a home of ours."""
_PAUSE_SECONDS = 0.05
_PATIENCE_SECONDS = 0.3


def take_lock(home: Path) -> int | None:
    """Take a home in hand.

    Returns
    -------
    The open lock, to be closed with ``os.close``; None if another process has the home in hand.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (lock := _try_lock(home)) is None and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)  # it may be somebody who only looks whether it is held
    return lock


def is_locked(home: Path) -> bool:
    """Say whether a process has a home in hand."""
    if not (home / LOCK).exists():
        return False
    lock = _try_lock(home)
    if lock is not None:
        os.close(lock)
    return lock is None


def wait_unlocked(home: Path, seconds: float) -> bool:
    """Wait until nobody has a home in hand; False if that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while is_locked(home):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a folder in hand for a block, after waiting until nobody else has."""
    while (lock := take_lock(folder)) is None:
        pass  # taking it waits a while each time
    try:
        yield
    finally:
        os.close(lock)


def _try_lock(home: Path) -> int | None:
    try:
        import fcntl
    except ImportError:
        msg = "circles runs a Neo4j of its own on Linux and macOS only; give the address of one that runs elsewhere"
        raise StoreError(msg) from None
    lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
