"""The words of reports, in English and Chinese, a table for each part of the page."""

from __future__ import annotations

from circles.report.words.forming import FORMING
from circles.report.words.losing import LOSING
from circles.report.words.page import PAGE
from circles.report.words.spreading import SPREADING
from circles.viz.languages import Language, say_in

WORDS: dict[str, tuple[str, str]] = {**PAGE, **FORMING, **SPREADING, **LOSING}
"""Key → English, Chinese."""


def say(key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of a report; see `say_in`."""
    return say_in(WORDS, key, lang, **values)


def say_name(kind: str, name: str, lang: Language) -> str:
    """Give what a name of this kind is called, or the name itself where there is no word for it.

    Examples
    --------
    >>> say_name("terms", "worst", "zh"), say_name("terms", "mine", "zh")
    ('最坏', 'mine')
    """
    key = f"{kind}_{name}"
    return say(key, lang) if key in WORDS else name
