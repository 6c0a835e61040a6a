"""The store's file: opened only if it is ours, every refusal of SQLite said in words a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from circles.errors import InputError, StoreError
from circles.graph.embedded.schema import APPLICATION_ID, SCHEMA_VERSION

BUSY_SECONDS = 2.0
"""How long to wait for another process that is writing."""
_OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_CACHE_KIB = 65_536

_REASONS = {
    sqlite3.SQLITE_BUSY: "is locked: another process is writing to it; try again when it has finished",
    sqlite3.SQLITE_LOCKED: "is locked: another part of this program is using it; try again when it has finished",
    sqlite3.SQLITE_READONLY: "may not be written; give yourself write permission, or another address",
    sqlite3.SQLITE_PERM: "may not be opened; give yourself permission, or another address",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; the file and its folder must be readable and writable",
    sqlite3.SQLITE_NOTADB: "is not a SQLite file, so it is no graph store; give another address",
    sqlite3.SQLITE_CORRUPT: "is damaged; remove it and load the dataset again",
    sqlite3.SQLITE_FULL: "could not be written: the disk is full; nothing was changed",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk failed or is full",
}


def check_place(name: str) -> Path:
    """Give the path of a store's file.

    Raises
    ------
    InputError
        If there can be no file of that name: it is empty, a folder, or in a folder that does not exist.
    """
    if not name or name == ":memory:" or "\0" in name:
        msg = f"graph store: the address must name a file, got {name!r}; give sqlite:///circles.db"
        raise InputError(msg)
    path = Path(name).absolute()
    try:
        is_other = path.exists() and not path.is_file()
        has_home = path.parent.is_dir()
    except OSError as error:
        msg = f"graph store: {name!r} cannot be opened: {error.strerror}"
        raise InputError(msg) from error
    if is_other:
        msg = f"{path}: is a folder or device, give the name of a file"
        raise InputError(msg)
    if not has_home:
        msg = f"{path}: the folder {path.parent} does not exist, create it first"
        raise InputError(msg)
    return path


def connect(path: Path) -> sqlite3.Connection:
    """Open a file and make sure it is ours or empty.

    Raises
    ------
    StoreError
        If it cannot be opened, is not SQLite, holds something else or has a newer schema.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = f"graph store: needs SQLite 3.37 or newer, this Python has {sqlite3.sqlite_version}"
        raise StoreError(msg)
    with explain(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            with reading(connection):
                check_owner(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def check_owner(connection: sqlite3.Connection, path: Path) -> bool:
    """Refuse a file that holds anything but a store of this version; say whether it holds one at all."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    if owner == APPLICATION_ID and version > SCHEMA_VERSION:
        msg = f"{path}: has schema {version}, this version of circles reads up to {SCHEMA_VERSION}; upgrade circles"
        raise StoreError(msg)
    if owner == APPLICATION_ID and version == SCHEMA_VERSION:
        return True
    if owner or version or tables:
        held = f"tables such as {tables[0]!r}" if tables else "the mark of another program"
        msg = f"{path}: holds something else ({held}), so nothing was written; give another address"
        raise StoreError(msg)
    return False


@contextmanager
def explain(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        reason = _REASONS.get((code or 0) & 0xFF, f"cannot be used: {error}")
        msg = f"{path}: {reason}"
        raise StoreError(msg) from error


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """See one state of the data, whatever other processes write meanwhile."""
    with _transaction(connection, "BEGIN DEFERRED"):
        yield


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Change everything or nothing; readers see the old state until the end."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    with _transaction(connection, "BEGIN IMMEDIATE"):
        yield


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
