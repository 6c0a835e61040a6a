"""What a proposal notes, in the language of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from circles.report.words import WORDS, say, say_name

if TYPE_CHECKING:
    from circles.viz.languages import Language

_NOTES = ("note_not_stated", "note_estimates", "note_older", "note_swapped")


def say_note(note: str, lang: Language) -> str:
    """Say a note in a language; one that no sentence of ours matches stays as it is.

    Examples
    --------
    >>> say_note("resources of 3 of 1,200 candidates are estimates", "zh")
    '1,200 户候选会员中有 3 户的可用资金为估计值'
    """
    for key in _NOTES:
        found = _read(WORDS[key][0]).fullmatch(note)
        if found:
            parts = found.groupdict()
            if "column" in parts:
                parts["column"] = say_name("column", parts["column"], lang)
            return say(key, lang, **parts)
    return note


def _read(sentence: str) -> re.Pattern[str]:
    """Give a pattern that finds the values in a finished sentence."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL)
