"""``dataset.toml``: the format, the date and the currency of a dataset."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from circles.errors import InputError
from circles.portfolio.build import as_currency, as_date

MANIFEST = "dataset.toml"
DATASET_FORMAT = 1
"""The number of the file format that this version writes; it reads every number up to it."""
_KEYS = {"format", "as_of", "currency"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What holds for all tables of a dataset; `unknown` are the keys that mean nothing here."""

    as_of: date | None = None
    currency: str = "CNY"
    unknown: tuple[str, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """Read ``dataset.toml`` in a folder; without it there is no date and the currency is CNY.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, is of a newer format, or has a wrong date or currency.
    """
    path = folder / MANIFEST
    try:
        stated = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return Manifest()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"{path}: is not TOML in UTF-8: {error}"
        raise InputError(msg) from error
    return check_stated(str(path), stated)


def check_stated(path: str, stated: dict[str, Any]) -> Manifest:
    """Read what a dataset states of itself, by key.

    Raises
    ------
    InputError
        If the format is newer, or the date or currency is wrong.
    """
    number = stated.get("format", DATASET_FORMAT)
    if type(number) is not int or not 1 <= number <= DATASET_FORMAT:
        msg = f"{path}: format must be {DATASET_FORMAT}, the only one this version reads, got {number!r}"
        raise InputError(msg)
    try:
        day = as_date(stated["as_of"]) if "as_of" in stated else None
        currency = as_currency(stated.get("currency", "CNY"))
    except InputError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from None
    return Manifest(as_of=day, currency=currency, unknown=tuple(sorted(set(stated) - _KEYS)))


def write_manifest(folder: Path, *, as_of: date, currency: str) -> None:
    """Write ``dataset.toml`` into a folder."""
    text = f'format = {DATASET_FORMAT}\nas_of = {as_of.isoformat()}\ncurrency = "{currency}"\n'
    (folder / MANIFEST).write_bytes(text.encode())
