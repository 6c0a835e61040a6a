"""The Cypher statements, found by file name in ``cypher/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDERS = (Path(__file__).parents[2] / "cypher", Path(__file__).parents[3] / "cypher")
"""In an installed package, and in a clone."""


@cache
def statement(name: str) -> str:
    """Give a statement by its folder and name, such as ``"read/members"``, without its header.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    lines = (cypher_folder() / f"{name}.cypher").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//"))


@cache
def cypher_folder() -> Path:
    """Give the folder of the statements."""
    return next(folder for folder in _FOLDERS if (folder / "read").is_dir())
