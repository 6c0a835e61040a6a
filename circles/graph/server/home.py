"""The home of a server: its folders, its configuration and its password, readable by their owner only."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

from circles.errors import InputError, StoreError
from circles.graph.server.lock import LOCK
from circles.graph.server.private import write_private

USER = "neo4j"
"""The one user of a new server."""
PASSWORD_FILE = "password"
_FOLDERS = ("plugins", "conf", "data", "logs", "run", "import")
_SECRET_BYTES = 24
_PRIVATE_MASK = 0o077
_PRIVATE_FOLDER = 0o700
_MEMORY = ("-XX:+UseParallelGC", "-XX:InitialRAMPercentage=12.5", "-XX:NewRatio=1")
"""An import makes much that is short-lived: with room for it the importer takes a fifth less time."""


def open_home(home: Path) -> None:
    """Create a home, or make sure that the folder there is one.

    Raises
    ------
    InputError
        If the folder holds something else.
    StoreError
        If it cannot be written.
    """
    try:
        if home.exists() and not home.is_dir():
            msg = f"{home}: is a file, give the name of a folder for the server"
            raise InputError(msg)
        home.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        names = sorted(entry.name for entry in home.iterdir())
        if names and LOCK not in names:
            msg = f"{home}: holds {names[0]!r}, which is no server of circles; give an empty folder or a new name"
            raise InputError(msg)
        home.chmod(_PRIVATE_FOLDER)
        for name in _FOLDERS:
            (home / name).mkdir(exist_ok=True, mode=_PRIVATE_FOLDER)
    except OSError as error:
        msg = f"{home}: no server can live there: {error.strerror}"
        raise StoreError(msg) from error


def write_configuration(home: Path, *, port: int, page_cache: str) -> None:
    """Write what the server reads at its start; nothing in it opens it to other machines."""
    lines = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"localhost:{port}",
        "server.http.enabled": "false",
        "server.memory.pagecache.size": page_cache,
        "server.directories.import": "import",
        "dbms.usage_report.enabled": "false",
        "db.tx_log.preallocate": "false",  # a quarter of a gigabyte a database for nothing
    }
    text = "# Written by circles at every start; changes made here are lost.\n"
    text += "".join(f"{name}={value}\n" for name, value in lines.items())
    write_private(home / "conf" / "neo4j.conf", text)


def provide_password(home: Path, java: Path, jars: Path, *, lock: int) -> str:
    """Give the password of a home; a new home gets a generated one before the server's first start.

    Raises
    ------
    StoreError
        If the file of the password is gone while there are data, or the server's tool refuses to set it.
    """
    known = read_password(home)
    if (home / "data" / "databases" / "system").exists():
        if known is None:
            msg = f"{home / PASSWORD_FILE}: is gone, and with it the way into the server's data. Put it back, or"
            msg = f"{msg} remove {home / 'data'} to begin with an empty server and load again"
            raise StoreError(msg)
        return known
    if known is not None and _is_given(home):
        return known
    password = known or secrets.token_urlsafe(_SECRET_BYTES)
    write_private(home / PASSWORD_FILE, f"{password}\n")
    run_admin(home, java, jars, "dbms", "set-initial-password", "--", password, lock=lock)
    return password


def _is_given(home: Path) -> bool:
    """Say whether the server's tool has noted the password that is kept, so that the server's first start takes it."""
    noted, kept = home / "data" / "dbms" / "auth.ini", home / PASSWORD_FILE
    return noted.exists() and noted.stat().st_mtime_ns > kept.stat().st_mtime_ns


def read_password(home: Path) -> str | None:
    """Give the password kept in a home; None if there is none."""
    try:
        return (home / PASSWORD_FILE).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def run_admin(home: Path, java: Path, jars: Path, *arguments: str, lock: int, folder: Path | None = None) -> None:
    """Run the server's own administration tool on a home whose server does not run.

    The arguments go through a private file, since every user of a machine sees the arguments of its processes. The
    tool inherits the home's lock, so that nobody starts the server meanwhile, even if its caller dies. It works in
    `folder`, so that files there can be named without what its path may hold.

    Raises
    ------
    StoreError
        If the tool fails; the message has the end of what it said.
    """
    given = home / "run" / "arguments"
    quoted = [f'"{text}"' for text in ("org.neo4j.cli.AdminTool", *arguments)]
    write_private(given, "\n".join(quoted) + "\n")
    command: list[str | Path] = [java, *_MEMORY, "-cp", f"{jars}/*", f"-Dbasedir={home}", f"@{given}"]
    try:
        done = subprocess.run(
            command,
            cwd=folder or home,
            env=environment(home),
            pass_fds=(lock,),
            umask=_PRIVATE_MASK,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    finally:
        given.unlink(missing_ok=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2_000:]
        msg = f"{home}: neo4j-admin {' '.join(arguments[:2])} failed; it said:\n{said}"
        raise StoreError(msg)


def environment(home: Path) -> dict[str, str]:
    """Give the environment in which the server's programs find their home."""
    return {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
