"""Writing files and folders whole or not at all.

What is written appears under its name only when it is complete; an error or an interrupt leaves what was there before.
"""

from __future__ import annotations

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
    target = _target(path)
    if target.is_dir():
        msg = f"{target}: is a folder, give the name of a file"
        raise InputError(msg)
    refuse_existing(target, force=force)
    with _draft(target) as draft:
        yield draft
        refuse_existing(target, force=force)
        draft.replace(target)


def save_text(text: str, path: str | Path, *, force: bool = False) -> Path:
    """Write a page or picture to a file as UTF-8, whole or not at all, and give its path; errors as for `new_file`."""
    with new_file(path, force=force) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


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
    target = _target(path)
    _refuse_occupied(target, owned, force=force)
    with _draft(target) as draft:
        draft.mkdir()
        yield draft
        _refuse_occupied(target, owned, force=force)
        _swap(draft, target)


def _target(path: str | Path) -> Path:
    target = Path(path)
    if target.name in {"", ".."} or "\0" in target.name:
        msg = f"{str(path)!r} is not a name to write to"
        raise InputError(msg)
    try:
        target.exists()
    except OSError as error:
        msg = f"{target}: cannot be written: {error.strerror}"
        raise InputError(msg) from error
    return target


def _refuse_occupied(target: Path, owned: Callable[[str], bool], *, force: bool) -> None:
    if not target.is_dir():
        if target.exists():
            msg = f"{target}: is a file, give the name of a folder"
            raise InputError(msg)
        return
    try:
        names = sorted(entry.name for entry in target.iterdir())
    except OSError as error:
        msg = f"{target}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    if names:
        refuse_existing(target, force=force)
    foreign = [name for name in names if not owned(name)]
    if foreign:
        msg = f"{target}: holds {foreign[0]!r}, which is no part of what would be written here; choose another folder"
        raise InputError(msg)


def _swap(draft: Path, target: Path) -> None:
    """Put the draft in the target's place; what was there stays until then, and comes back if that fails."""
    old = draft.with_name(f"{draft.name[:99]}.old")
    try:
        if target.exists():
            target.rename(old)
        draft.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def refuse_existing(target: Path, *, force: bool) -> None:
    """Refuse a name that is taken; commands ask this before long work, and writing asks it again.

    Raises
    ------
    InputError
        If something of that name exists and `force` is not given.
    """
    empty = target.is_dir() and not any(target.iterdir())
    if target.exists() and not empty and not force:
        msg = f"{target}: exists already and was kept; give --force (force=True) to replace it, or another name"
        raise InputError(msg)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a place of the same name in a hidden folder beside the target; it goes away with whatever is left in it."""
    parent = target.parent
    if not parent.is_dir():
        msg = f"{target}: the folder {parent} does not exist, create it first"
        raise InputError(msg)
    try:
        holder = Path(tempfile.mkdtemp(prefix=".circles-", suffix=".part", dir=parent))
    except OSError as error:
        msg = f"{target}: the folder {parent} cannot be written: {error.strerror}"
        raise InputError(msg) from error
    try:
        yield holder / target.name
    finally:
        shutil.rmtree(holder, ignore_errors=True)
