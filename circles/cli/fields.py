"""``NAME=VALUE`` on the command line and tables in a TOML file, turned into the fields of terms and rules."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = {"none": None, "true": True, "yes": True, "false": False, "no": False}


def parse_fields(texts: Sequence[str], kind: type) -> dict[str, object]:
    """Read ``NAME=VALUE`` settings of a dataclass.

    Parameters
    ----------
    texts
        One setting each; a value is a number, ``true``, ``false``, ``none``, text, or words with commas between
        them where the field is a list.
    kind
        The dataclass whose fields may be set.

    Raises
    ------
    InputError
        If a setting has no ``=`` or names no field; the message lists the fields.
    """
    pairs = dict(_split(text, kind) for text in texts)
    _refuse_unknown(pairs, kind, "")
    lists = {field.name for field in fields(kind) if "tuple" in str(field.type)}
    return {name: _parse_list(value) if name in lists else _parse_value(value) for name, value in pairs.items()}


def read_fields(path: Path, kind: type) -> dict[str, object]:
    """Read settings of a dataclass from a TOML file.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, or names no field.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: cannot be read as TOML: {error}"
        raise InputError(msg) from None
    _refuse_unknown(given, kind, f"{path}: ")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _split(text: str, kind: type) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        msg = f"{text!r} must be NAME=VALUE; {_known(kind)}"
        raise InputError(msg)
    return name.strip().replace("-", "_"), value.strip()


def _refuse_unknown(names: dict[str, object] | dict[str, str], kind: type, where: str) -> None:
    unknown = [name for name in names if name not in {field.name for field in fields(kind)}]
    if unknown:
        msg = f"{where}{unknown[0]!r} is not known; {_known(kind)}"
        raise InputError(msg)


def _known(kind: type) -> str:
    return "the names are: " + ", ".join(field.name for field in fields(kind))


def _parse_list(text: str) -> object:
    """Read words with commas between them, or a list as TOML writes it."""
    if text.startswith("["):
        try:
            return tuple(tomllib.loads(f"list = {text}")["list"])
        except tomllib.TOMLDecodeError:
            msg = f"{text!r} is no list; write words with commas between them, such as Hangzhou,Jiaxing"
            raise InputError(msg) from None
    return None if text.lower() == "none" else tuple(word.strip() for word in text.split(",") if word.strip())


def _parse_value(text: str) -> object:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
