"""Writing files and folders whole or not at all.

What is written appears under its name only when it is complete; an error or an interrupt leaves what was there before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from circles.errors import InputError


@contextmanager
def new_file(path: str | Path, *, force: bool = False) -> Iterator[Path]:
    """Give a path to write to; it takes the final name once the block ends well.

    Parameters
    ----------
    path
        The final name; its folder must exist.
    force
        Replace a file that is there already.

    Raises
    ------
    InputError
        If the file exists and `force` is not given, it is a folder, or its folder cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        msg = f"{target}: is a folder, give the name of a file"
        raise InputError(msg)
    _refuse_existing(target, force=force)
    draft = Path(_draft(target)) / target.name
    try:
        yield draft
        _refuse_existing(target, force=force)
        draft.replace(target)
    finally:
        shutil.rmtree(draft.parent, ignore_errors=True)


@contextmanager
def new_folder(path: str | Path, *, owned: Callable[[str], bool], force: bool = False) -> Iterator[Path]:
    """Give a folder to write into; it takes the final name once the block ends well.

    Parameters
    ----------
    path
        The final name; its parent must exist. An empty folder of that name is taken over.
    owned
        Says of a file name whether it is ours. With `force`, an old folder is replaced only if everything in it is.
    force
        Replace a folder that is there already.

    Raises
    ------
    InputError
        If the folder exists and may not be replaced, or its parent cannot be written.
    """
    target = Path(path)
    if target.is_dir() and any(target.iterdir()):
        _refuse_existing(target, force=force)
        foreign = sorted(entry.name for entry in target.iterdir() if not owned(entry.name))
        if foreign:
            msg = f"{target}: holds {foreign[0]!r}, which circles did not write; choose another folder"
            raise InputError(msg)
    elif target.exists() and not target.is_dir():
        msg = f"{target}: is a file, give the name of a folder"
        raise InputError(msg)
    draft = Path(_draft(target))
    try:
        draft.chmod(0o755)
        yield draft
        _swap(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _swap(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    old = Path(_draft(target))
    target.rename(old / target.name)
    try:
        draft.rename(target)
    except BaseException:
        (old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _refuse_existing(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        msg = f"{target}: exists already and was kept; give --force (force=True) to replace it, or another name"
        raise InputError(msg)


def _draft(target: Path) -> str:
    parent = target.parent
    if not parent.is_dir():
        msg = f"{target}: the folder {parent} does not exist, create it first"
        raise InputError(msg)
    if not os.access(parent, os.W_OK):
        msg = f"{target}: the folder {parent} cannot be written"
        raise InputError(msg)
    try:
        return tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=parent)
    except OSError as error:
        msg = f"{target}: cannot be written: {error.strerror}"
        raise InputError(msg) from error
