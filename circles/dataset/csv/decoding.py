"""From the bytes of a file to text in UTF-8, and what must be said about it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from circles.dataset.headers import Fault
from circles.errors import InputError

_FORMATS = {
    b"PK\x03\x04": "is a workbook (XLSX) that was named .csv; open it and save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "is a workbook (XLS) that was named .csv; open it and save it as CSV UTF-8",
    b"PAR1": "is a Parquet file that was named .csv; export it as CSV",
    codecs.BOM_UTF16_LE: "is in UTF-16 (Unicode text); save it as CSV UTF-8, or give the encoding utf-16",
    codecs.BOM_UTF16_BE: "is in UTF-16 (Unicode text); save it as CSV UTF-8, or give the encoding utf-16",
}
_LEGACY = "gb18030"
_ODDS = 1000
"""A line of GB18030 that happens to be UTF-8 too is rarer than one in this many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file in UTF-8 without byte order mark, and the encoding it was guessed to be in (if guessed)."""

    data: bytes
    guessed: str | None = None


def check_encoding(encoding: str | None) -> None:
    """Refuse what is not the name of a text encoding.

    Raises
    ------
    InputError
        If it is not.
    """
    try:
        " ".encode("utf-8" if encoding is None else encoding)
    except (LookupError, ValueError) as error:
        msg = f"encoding must be one that Python knows, such as utf-8 or gb18030, got {encoding!r}"
        raise InputError(msg) from error


def decode(raw: bytes, encoding: str | None) -> Decoded | Fault:
    """Turn the bytes of a CSV file into UTF-8.

    Parameters
    ----------
    raw
        The file.
    encoding
        What the user says it is in. Without it: what the byte order mark says, else UTF-8 if all of it is, else
        GB18030 (of which GBK and GB2312 are parts) if all of it is.

    Returns
    -------
    The text, or what is wrong with the file.
    """
    if not raw.removeprefix(codecs.BOM_UTF8).strip():
        return Fault(code="empty_file", text="the file is empty, not even column names are there")
    if encoding is not None:
        return _recode(raw, encoding, guessed=None)
    for magic, text in _FORMATS.items():
        if raw.startswith(magic):
            return Fault(code="not_csv", text=f"the file {text}")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_other(raw, error)
    return _finish(raw, guessed=None)


def _decode_other(raw: bytes, error: UnicodeDecodeError) -> Decoded | Fault:
    """Read what is not UTF-8, but for a file that says it is or mostly is."""
    if raw.startswith(codecs.BOM_UTF8):
        return _undecodable(raw, error, "UTF-8, as its mark says")
    if _has_utf8_lines(raw):
        return _mixed(raw, error)
    return _recode(raw, _LEGACY, guessed=_LEGACY)


def _recode(raw: bytes, encoding: str, *, guessed: str | None) -> Decoded | Fault:
    try:
        data = raw.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        return _undecodable(raw, error, encoding if guessed is None else f"UTF-8 nor in {guessed.upper()}")
    return _finish(data, guessed=guessed)


def _finish(data: bytes, *, guessed: str | None) -> Decoded | Fault:
    if b"\0" in data:
        at = data.index(b"\0")
        text = f"there is a NUL byte at byte {at + 1:,}: this is no text, or UTF-16 without its mark"
        return Fault(code="nul_byte", text=text, line=_line_of(data, at))
    return Decoded(data=data.removeprefix(codecs.BOM_UTF8), guessed=guessed)


def _has_utf8_lines(raw: bytes) -> bool:
    """Tell whether some lines hold Chinese in UTF-8, in a file that as a whole is not UTF-8."""
    lines = [line for line in raw.splitlines() if not line.isascii()]
    return sum(map(_is_utf8_chinese, lines)) * _ODDS > len(lines)


def _is_utf8_chinese(line: bytes) -> bool:
    try:
        return max(line.decode("utf-8")) > "\u0800"
    except UnicodeDecodeError:
        return False


def _mixed(raw: bytes, error: UnicodeDecodeError) -> Fault:
    text = (
        f"byte {error.start + 1:,} of the file is not UTF-8 and other lines are: the file is damaged or in two "
        "encodings; save it anew as CSV UTF-8, or give its encoding"
    )
    return Fault(code="mixed_encoding", text=text, line=_line_of(raw, error.start))


def _undecodable(raw: bytes, error: UnicodeError, encoding: str) -> Fault:
    if not isinstance(error, UnicodeDecodeError):
        return Fault(code="undecodable", text=f"the file is not in {encoding}; give the right encoding")
    text = f"the file is not in {encoding}: byte {error.start + 1:,} does not belong there; give the right encoding"
    return Fault(code="undecodable", text=text, line=_line_of(raw, error.start))


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
