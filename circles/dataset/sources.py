"""The files that a dataset was read from, so that one that changes meanwhile is noticed."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass, field
from pathlib import Path

from circles.dataset.headers import Fault


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads files whole, and remembers of each a hash of what was in it."""

    _hashes: dict[Path, bytes] = field(default_factory=dict)

    def read(self, path: Path) -> bytes | Fault:
        """Give the bytes of a file, or why it cannot be read."""
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return Fault(code="unreadable_file", text="this is no file; a table is one file")
            data = path.read_bytes()
        except OSError as error:
            return Fault(code="unreadable_file", text=f"the file cannot be read: {error.strerror}")
        self._hashes[path] = _hash(data)
        return data

    def find_changed(self) -> list[Path]:
        """List the files that do not hold any more what they held when they were read.

        The content counts and not the time of writing: a file written while it was read has a time like any other.
        """
        return [path for path, before in self._hashes.items() if _hash_again(path) != before]


def _hash_again(path: Path) -> bytes | None:
    try:
        return _hash(path.read_bytes())
    except OSError:
        return None


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
