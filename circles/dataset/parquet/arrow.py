"""The door to pyarrow, which is there with the extra ``parquet`` only."""

from __future__ import annotations

import sys
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


def release_memory() -> None:
    """Give memory that reading took, and no longer needs, back to the system; pyarrow, if it was used, keeps it."""
    if "pyarrow" in sys.modules:
        import_pyarrow().default_memory_pool().release_unused()
