"""Text in XML: what must be escaped, and what cannot be held at all."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 file can hold, not even escaped (production 2, Char)."""
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def spell_xml(text: str) -> str:
    """Escape text for an element or an attribute; tabs and line ends too, which readers would turn into blanks.

    Raises
    ------
    ValueError
        If there is a character that XML cannot hold.

    Examples
    --------
    >>> spell_xml('A & "B"')
    'A &amp; &quot;B&quot;'
    """
    if _ILLEGAL.search(text):
        msg = "a character that XML cannot hold; .json can hold every control character"
        raise ValueError(msg)
    return text.translate(_ESCAPES)
