"""What a home notes about the server that runs in it, and which home serves a port."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from circles.graph.server.folders import ports_folder
from circles.graph.server.lock import is_locked
from circles.graph.server.private import write_private

_RECORD = Path("run") / "circles.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much memory a server is given, for its work and for keeping data at hand."""

    heap: str = "1g"
    page_cache: str = "512m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A server that was started: number of its process, its port and its memory."""

    pid: int
    port: int
    size: Size


def write_record(home: Path, record: Record) -> None:
    """Note the server that runs in a home; whoever does so has the home in hand."""
    write_private(home / _RECORD, json.dumps(asdict(record)))
    with suppress(OSError):  # without the note only the default home's password is found by itself
        ports_folder().mkdir(parents=True, exist_ok=True)
        write_private(ports_folder() / str(record.port), str(home))


def remove_record(home: Path) -> None:
    """Forget the server that ran in a home; whoever does so has the home in hand."""
    try:
        noted = _read(home)
        if noted is not None and find_home(noted.port) == home:
            (ports_folder() / str(noted.port)).unlink(missing_ok=True)
    finally:
        (home / _RECORD).unlink(missing_ok=True)


def read_record(home: Path) -> Record | None:
    """Give the server that runs in a home; None if none does, whatever a file left over says."""
    record = _read(home)
    return record if record is not None and is_locked(home) else None


def find_home(port: int) -> Path | None:
    """Say in which home the server of a port was started last."""
    try:
        return Path((ports_folder() / str(port)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _read(home: Path) -> Record | None:
    try:
        noted = json.loads((home / _RECORD).read_text(encoding="ascii"))
        return Record(pid=int(noted["pid"]), port=int(noted["port"]), size=Size(**noted["size"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
