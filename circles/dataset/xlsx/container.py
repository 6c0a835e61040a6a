"""What a file is that was named .xlsx and is no workbook that can be read."""

from __future__ import annotations

import io
import zipfile

from circles.dataset.headers import Fault

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK = "xl/workbook.xml"
_OTHERS = {
    "xl/workbook.bin": "is a binary workbook (XLSB); save it as .xlsx",
    "content.xml": "is an OpenDocument file; save it as .xlsx",
    "word/document.xml": "is a text document (DOCX); a table is a workbook or a CSV file",
}


def name_fault(data: bytes) -> Fault | None:
    """Say why the bytes of a file are no workbook, or nothing if they seem to be one."""
    if not data:
        return Fault(code="empty_file", text="the file is empty, not even column names are there")
    if data.startswith(_OLD_CONTAINER) and _ENCRYPTED in data:
        return Fault(code="protected_workbook", text="the workbook opens with a password only; save it without one")
    if data.startswith(_OLD_CONTAINER):
        return _no_workbook("is an old workbook (XLS) that was named .xlsx; save it as .xlsx")
    if data.startswith(b"PAR1"):
        return _no_workbook("is a Parquet file that was named .xlsx; name it .parquet")
    if not data.startswith(b"PK"):
        return _no_workbook("is no workbook; if it holds text with commas, name it .csv")
    return _look_inside(data)


def _look_inside(data: bytes) -> Fault | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        return Fault(code="damaged_workbook", text="the workbook is damaged or cut short; save or send it again")
    if _BOOK in names:
        return None
    found = [text for name, text in _OTHERS.items() if name in names]
    return _no_workbook(found[0] if found else "is a ZIP file without a workbook in it")


def _no_workbook(text: str) -> Fault:
    return Fault(code="not_workbook", text=f"the file {text}")
