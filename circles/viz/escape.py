"""Hostile text stays text: what may stand in a page, in an attribute and inside a script block."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any

import pandas as pd

LONGEST_TEXT = 200
"""Characters of one value that a page shows; more are cut, and the cut is visible."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_IN_SCRIPT = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def clean_text(value: Any, *, longest: int = LONGEST_TEXT) -> str:
    r"""Give one line of visible text: no control or direction marks, no half characters, cut when too long.

    Parameters
    ----------
    value
        Anything; a missing value (None, NaN, NaT) gives an empty text.
    longest
        Characters kept, at least 1; what is longer ends in ``…``.

    Examples
    --------
    >>> clean_text("Silk\nand \u202etea")
    'Silk and tea'
    >>> clean_text("x" * 500, longest=5)
    'xxxx…'
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    text = str(value)
    if text.isascii() and text.isprintable():  # nearly all: nothing to take out
        text = " ".join(text.split())
        return text if len(text) <= longest else f"{text[: longest - 1]}…"
    text = _INVISIBLE.sub("", text)
    text = "".join("\ufffd" if "\ud800" <= mark <= "\udfff" else mark for mark in text)
    text = "".join(" " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in text)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def escape_html(value: Any, *, longest: int = LONGEST_TEXT) -> str:
    """Give text that is safe between tags and inside a quoted attribute.

    Examples
    --------
    >>> escape_html('<img src=x onerror="alert(1)">')
    '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;'
    """
    return html.escape(clean_text(value, longest=longest), quote=True)


def escape_json(data: Any) -> str:
    r"""Give JSON that is safe inside a script block: it can neither end the block nor start a comment.

    Raises
    ------
    ValueError
        If the data hold a number that JSON lacks (NaN or infinite).

    Examples
    --------
    >>> escape_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_IN_SCRIPT)
