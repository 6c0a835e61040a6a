"""Columns of the tables of a report, headed in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circles.report.words import say
from circles.viz.tables import Amount, Shown
from circles.viz.wording import say_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from circles.viz.languages import Language


def show_text(
    name: str, heading: str, lang: Language, *, write: Callable[[Any], str] = str, note: str = "", number: bool = False
) -> Shown:
    """Show a column as text.

    Parameters
    ----------
    name
        The column.
    heading
        Key of the word above it.
    lang
        ``en`` or ``zh``.
    write, note, number
        As `Shown` has them.
    """
    return Shown(name=name, heading=say(heading, lang), write=write, note=note, number=number)


def show_count(name: str, heading: str, lang: Language) -> Shown:
    """Show a column of whole numbers."""
    return show_text(name, heading, lang, write=say_number, number=True)


def show_amount(name: str, heading: str, lang: Language, *, unit: str) -> Shown:
    """Show a column of amounts in fen, headed with what they are in."""
    return Amount(name=name, heading=say(heading, lang)).shown(unit, lang)
