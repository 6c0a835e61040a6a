"""A result in a file: numbers as arrays, everything else as JSON, nothing that could run."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from circles.errors import InputError
from circles.output import new_file
from circles.settlement import Terms

Head = dict[str, Any]
Arrays = dict[str, NDArray[Any]]
Result = TypeVar("Result")

_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
)


class InconsistentError(ValueError):
    """A file that can be read but says what no result says; the message says what."""


def write_saved(path: str | Path, head: Head, arrays: Mapping[str, NDArray[Any]], *, force: bool) -> Path:
    """Write a head and arrays to a file, whole or not at all.

    Raises
    ------
    InputError
        If the file exists and `force` is not given, or it cannot be written.
    """
    text = json.dumps(head, ensure_ascii=True, default=lambda number: number.item())
    encoded = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    with new_file(path, force=force) as draft, draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, head=encoded, **dict(arrays))
    return Path(path)


def read_saved(path: str | Path, *, form: str, what: str, rebuild: Callable[[Head, Arrays], Result]) -> Result:
    """Read a head and arrays and make a result of them.

    Parameters
    ----------
    path
        The file.
    form
        What the head must have for its ``format``.
    what
        What the file should hold, for messages.
    rebuild
        Makes the result; raises `InconsistentError`, or anything that damaged data lead to.

    Raises
    ------
    InputError
        If there is no such file, it is damaged or edited, or something else wrote it.
    """
    useless = f"{path}: holds no {what} that this version of circles can read, or is damaged"
    try:
        with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays.pop("head").tobytes())
        if head["format"] != form:
            raise InputError(useless)
        return rebuild(head, arrays)
    except FileNotFoundError:
        msg = f"{path}: there is no such file"
        raise InputError(msg) from None
    except (InconsistentError, InputError) as error:
        msg = useless if str(error) == useless else f"{useless}: {error}"
        raise InputError(msg) from error
    except _DAMAGE as error:  # the library's own words name arguments that no caller of circles has
        raise InputError(useless) from error


def describe_terms(terms: Terms) -> Head:
    """Give terms as JSON has them."""
    return asdict(terms)


def read_terms(head: Head) -> Terms:
    """Give the terms of a head, all of which must be stated; `InputError` if one is not allowed."""
    said = head["terms"]
    wanted = {field.name for field in fields(Terms)}
    demand(set(said) == wanted, f"terms must be {', '.join(sorted(wanted))}, got {', '.join(sorted(said)) or 'none'}")
    terms: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Terms(**terms)


def read_whole(head: Head, name: str, *, least: int | None = None) -> int:
    """Give a whole number of a head, at least `least`."""
    value = head[name]
    whole = isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
    demand(whole, f"{name} must be a whole number{'' if least is None else f' of at least {least}'}, got {value!r:.60}")
    return int(value)


def demand(met: bool, message: str) -> None:
    """Raise `InconsistentError` with the message unless a condition is met."""
    if not met:
        raise InconsistentError(message)
