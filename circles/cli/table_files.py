"""Tables written to files whose ending says how: ``.csv`` or ``.parquet``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

PARQUET, ENDINGS = ".parquet", (".csv", ".parquet")


def refuse_wrong_files(paths: Sequence[Path], *, force: bool) -> None:
    """Refuse before long work what could not be written after it.

    Raises
    ------
    InputError
        If a file has another ending, is there already and `force` is not given, is named twice, or is to be Parquet
        where pyarrow is missing.
    """
    from circles.dataset.parquet.arrow import import_pyarrow
    from circles.errors import InputError
    from circles.output import refuse_existing

    for place, path in enumerate(paths):
        if path.suffix.lower() not in ENDINGS:
            msg = f"{path}: the name must end in {' or '.join(ENDINGS)}, which says how the table is written"
            raise InputError(msg)
        if path in paths[:place]:
            msg = f"{path}: is named for two tables"
            raise InputError(msg)
        refuse_existing(path, force=force)
        if path.suffix.lower() == PARQUET:
            import_pyarrow()


def write_table(rows: pd.DataFrame, path: Path, *, force: bool, what: str) -> None:
    """Write a table as its file's ending says, whole or not at all, and tell on stderr what is where."""
    from circles.cli.screen import tell
    from circles.output import new_file

    with new_file(path, force=force) as draft:
        if path.suffix.lower() == PARQUET:
            rows.to_parquet(draft, index=False)
        else:
            rows.to_csv(draft, index=False)
    tell(f"{what} in {path}")
