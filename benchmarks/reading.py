"""Measure reading and checking of 250,000 members and 2,000,000 trades, beside what only reads them.

``python -m benchmarks.reading [MEMBERS TRADES]`` prints a table of wall-clock and processor seconds and of the most
memory used, each in a process of its own; on a busy machine only the latter two mean anything. Every row is the best of
three. What pandas does is less: its texts stay texts, nothing is checked, and money is left as text or becomes floats.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import circles

if TYPE_CHECKING:
    from collections.abc import Callable

_RUNS = 3
_ROWS, _BAD = 500_000, 10_000


def _read(folder: Path) -> None:
    circles.read_portfolio(folder)


def _check_bad(folder: Path) -> None:
    found = circles.check_dataset(folder)
    assert len(found.problems) == _BAD, len(found.problems)


def _pandas_csv(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        pd.read_csv(path, dtype="str", keep_default_na=False)


def _pandas_csv_by_pyarrow(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        pd.read_csv(path, engine="pyarrow")


def _pandas_parquet(folder: Path) -> None:
    for path in folder.glob("*.parquet"):
        pd.read_parquet(path)


WORK: dict[str, tuple[str, Callable[[Path], None]]] = {
    "CSV: read and check": ("csv", _read),
    "CSV: pandas.read_csv, all text": ("csv", _pandas_csv),
    "CSV: pandas.read_csv by pyarrow": ("csv", _pandas_csv_by_pyarrow),
    "Parquet: read and check": ("parquet", _read),
    "Parquet: pandas.read_parquet": ("parquet", _pandas_parquet),
    f"CSV: {_ROWS:,} trades, {_BAD:,} of them bad, all reported": ("bad", _check_bad),
}


def write_bad(folder: Path) -> None:
    """Write trades of which every fiftieth has a bad amount, an unknown member, a bad month or itself as a partner."""
    folder.mkdir()
    rng = np.random.default_rng(7)
    seller = rng.integers(0, 50_000, _ROWS)
    buyer = (seller + rng.integers(1, 50_000, _ROWS)) % 50_000
    trades = pd.DataFrame({"seller_id": seller, "buyer_id": buyer, "period": "2007-06"}, dtype="object")
    trades["amount"] = rng.integers(1, 10**8, _ROWS) / 100
    trades = trades.astype({"amount": "object"})
    bad = rng.permutation(_ROWS)[:_BAD]
    trades.loc[bad[0::4], "amount"] = "12k"
    trades.loc[bad[1::4], "seller_id"] = "X9"
    trades.loc[bad[2::4], "period"] = "Jun-07"
    trades.loc[bad[3::4], "amount"] = -5
    trades.to_csv(folder / "trades.csv", index=False)
    pd.DataFrame({"member_id": range(50_000)}).to_csv(folder / "members.csv", index=False)
    (folder / "dataset.toml").write_text("format = 1\nas_of = 2007-12-29\n")


def measure_here(name: str, folder: str) -> None:
    """Do one piece of work in this process and print its seconds, processor seconds and peak memory in MB."""
    wall, processor = time.perf_counter(), time.process_time()
    WORK[name][1](Path(folder))
    spent = [time.perf_counter() - wall, time.process_time() - processor]
    print(json.dumps([*spent, peak_mb()]))


def peak_mb() -> float:
    """Give the most memory of this process; what getrusage says is the parent's where that had more."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _measure(name: str, folder: Path) -> list[float]:
    """Give the least of each figure over some processes."""
    command = [sys.executable, "-m", "benchmarks.reading", "--one", name, str(folder)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(_RUNS)]
    return [min(figures) for figures in zip(*runs, strict=True)]


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Write the files into a temporary folder and print one row a figure."""
    portfolio = circles.generate_portfolio(members=members, trades=trades, seed=7)
    print(f"{portfolio}\n\n| what | wall-clock s | processor s | peak MB |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        circles.write_portfolio(portfolio, Path(folder) / "csv")
        circles.write_portfolio(portfolio, Path(folder) / "parquet", files="parquet")
        write_bad(Path(folder) / "bad")
        del portfolio
        for name, (kind, _) in WORK.items():
            wall, processor, peak = _measure(name, Path(folder) / kind)
            print(f"| {name} | {wall:.1f} | {processor:.1f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_here(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
