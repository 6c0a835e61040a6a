"""The languages that pages have, and how a table of their words is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from circles.errors import InputError

Language = Literal["en", "zh"]


def say_in(words: Mapping[str, tuple[str, str]], key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of a table that has each in English and Chinese.

    Raises
    ------
    InputError
        If there are no words in that language.
    """
    if lang not in ("en", "zh"):
        msg = f"lang must be one of en, zh, got {lang!r}"
        raise InputError(msg)
    text = words[key][lang == "zh"]
    return text.format(**values) if values else text


def say_unit(unit: str, lang: Language) -> str:
    """Give what amounts are in: yuan has a name in Chinese, other currencies are their codes."""
    return "元" if lang == "zh" and unit == "yuan" else unit
