"""The door to pyarrow, which is there with the extra ``parquet`` only."""

from __future__ import annotations

from types import ModuleType

from circles.errors import InputError


def import_pyarrow() -> ModuleType:
    """Give the package, with its reader and writer of Parquet loaded.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        msg = 'Parquet files need pyarrow, which is not installed: pip install "circles[parquet]", or use CSV or XLSX'
        raise InputError(msg) from error
    return pyarrow
