"""Amounts, counts and names as a reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.money import FEN_PER_YUAN, format_yuan
from circles.viz.escape import clean_text
from circles.viz.words import say

if TYPE_CHECKING:
    from circles.viz.languages import Language

_NAMED = 3
_EXACT_BELOW_FEN = 10_000 * FEN_PER_YUAN


def say_yuan(fen: Any) -> str:
    """Write fen as yuan, without decimals where they are zero; a missing amount is a dash.

    Examples
    --------
    >>> say_yuan(123400), say_yuan(123456), say_yuan(None)
    ('1,234', '1,234.56', '–')
    """
    return "–" if fen is None or pd.isna(fen) else format_yuan(int(fen)).removesuffix(".00")


def say_whole_yuan(fen: Any) -> str:
    """Write fen as yuan rounded to whole ones, where there is no room or no need for more.

    Examples
    --------
    >>> say_whole_yuan(123456), say_whole_yuan(None)
    ('1,235', '–')
    """
    return "–" if fen is None or pd.isna(fen) else f"{round(int(fen) / FEN_PER_YUAN):,}"


def say_amount(fen: Any) -> str:
    """Write fen as yuan for a sentence: exact below 10,000 yuan, whole yuan from there on.

    Examples
    --------
    >>> say_amount(123456), say_amount(123456789)
    ('1,234.56', '1,234,568')
    """
    exact = fen is None or pd.isna(fen) or abs(int(fen)) < _EXACT_BELOW_FEN
    return say_yuan(fen) if exact else say_whole_yuan(fen)


def say_count(number: int, noun: str, *, plural: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> say_count(1, "member"), say_count(1200, "member"), say_count(2, "loss", plural="losses")
    ('1 member', '1,200 members', '2 losses')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def say_number(number: int) -> str:
    """Write a whole number with thousands separators.

    Examples
    --------
    >>> say_number(1200)
    '1,200'
    """
    return f"{number:,}"


def say_part(share: float) -> str:
    """Write a fraction in [0, 1] in per cent; only nothing is 0, and only all is 100.

    Examples
    --------
    >>> say_part(0.125), say_part(0.00001), say_part(0.99999), say_part(1)
    ('12.5 %', '< 0.1 %', '> 99.9 %', '100.0 %')
    """
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if 0.9995 <= share < 1 else say_share(share, 1)


def say_share(part: float, whole: float) -> str:
    """Write a part of a whole in per cent; a dash where the whole is zero.

    Examples
    --------
    >>> say_share(1, 8), say_share(1, 0)
    ('12.5 %', '–')
    """
    return "–" if not whole else f"{100.0 * part / whole:,.1f} %"


def name_members(ids: tuple[str, ...], lang: Language = "en") -> str:
    """Name up to three members, and count the others."""
    named = say("list_comma", lang).join(clean_text(member, longest=30) for member in ids[:_NAMED])
    if len(ids) <= _NAMED:
        return named
    return say("and_more", lang, named=named, more=f"{len(ids) - _NAMED:,}", all=f"{len(ids):,}")
