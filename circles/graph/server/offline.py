"""The server's offline importer, on a home in which nothing runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from circles.errors import StoreError
from circles.graph.server.home import open_home, provide_password, run_admin, write_configuration
from circles.graph.server.jars import provide_jars
from circles.graph.server.lock import take_lock
from circles.graph.server.programs import find_java

DATABASE = "neo4j"
"""The one database of the Community edition."""


def has_database(home: Path) -> bool:
    """Say whether the server of a home was ever started, so that it may hold something."""
    return (home / "data" / "databases" / DATABASE).exists()


@contextmanager
def import_folder(home: Path) -> Iterator[Path]:
    """Give a private folder for files to import, on the disk of the data; it is removed whatever happens."""
    open_home(home)
    folder = Path(tempfile.mkdtemp(prefix="bulk-", dir=home / "import"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_ready(home: Path, *, port: int, page_cache: str) -> None:
    """Configure a home in which nothing runs, and give it its password.

    Raises
    ------
    StoreError
        If something runs there, or the server's tool fails.
    """
    java, jars = find_java(), provide_jars(lambda text: None)
    lock = _take_lock(home)
    try:
        write_configuration(home, port=port, page_cache=page_cache)
        provide_password(home, java, jars, lock=lock)
    finally:
        os.close(lock)


def import_files(home: Path, folder: Path, arguments: list[str]) -> None:
    """Fill the empty database of a home with the files of a folder; if that fails, it is empty again.

    Parameters
    ----------
    home
        In which nothing runs, made ready.
    folder
        Where the files lie.
    arguments
        What ``neo4j-admin database import full`` is told of them.

    Raises
    ------
    StoreError
        If something runs there, or the importer fails; the message has the end of what it said.
    """
    java, jars = find_java(), provide_jars(lambda text: None)
    lock = _take_lock(home)
    try:
        given = [*arguments, f"--report-file={folder / 'report'}", "--overwrite-destination=true", DATABASE]
        run_admin(home, java, jars, "database", "import", "full", *given, lock=lock, folder=folder)
    except BaseException:
        _empty_database(home)
        raise
    finally:
        os.close(lock)


def _take_lock(home: Path) -> int:
    lock = take_lock(home)
    if lock is None:
        msg = f"{home}: another command of circles is at work there; try again when it has finished"
        raise StoreError(msg)
    return lock


def _empty_database(home: Path) -> None:
    """Remove a database that was filled in part; the server makes an empty one at its next start."""
    for name in ("databases", "transactions"):
        shutil.rmtree(home / "data" / name / DATABASE, ignore_errors=True)
