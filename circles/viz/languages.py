"""The languages that pages have, and how a table of their words is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from circles.errors import InputError

Language = Literal["en", "zh"]

HTML_LANG: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
"""Language → what the ``lang`` of a page is."""

_ONE_OR_MORE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


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


def count_in(words: Mapping[str, tuple[str, str]], key: str, count: int, lang: Language, **values: object) -> str:
    """Give a sentence about a number of things: ``{count}`` is the number, ``[one|more]`` is chosen by it.

    Raises
    ------
    InputError
        If there are no words in that language.

    Examples
    --------
    >>> words = {"fails": ("{count} [member fails|members fail]", "{count} 户违约")}
    >>> count_in(words, "fails", 1, "en"), count_in(words, "fails", 1200, "zh")
    ('1 member fails', '1,200 户违约')
    """
    text = _ONE_OR_MORE.sub(lambda found: found[1 if count == 1 else 2], say_in(words, key, lang))
    return text.format(count=f"{count:,}", **values)


def join_sentences(sentences: Iterable[str], lang: Language) -> str:
    """Let sentences follow each other; in Chinese without a space.

    Examples
    --------
    >>> join_sentences(["One fails.", "", "Two stand."], "en"), join_sentences(["甲。", "乙。"], "zh")
    ('One fails. Two stand.', '甲。乙。')
    """
    return ("" if lang == "zh" else " ").join(sentence for sentence in sentences if sentence)


def say_unit(unit: str, lang: Language) -> str:
    """Give what amounts are in: yuan has a name in Chinese, other currencies are their codes."""
    return "元" if lang == "zh" and unit == "yuan" else unit
