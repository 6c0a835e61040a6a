"""The whole book of the figures: 250,000 members and 2,000,000 receivables, in processes of their own."""

import subprocess
import sys
from pathlib import Path

WRITE = """
import sys
from benchmarks.contagion import draw_book
from circles import write_portfolio

write_portfolio(draw_book(250_000, seed=1, ease=8.0), sys.argv[1], files="parquet")
"""

SIMULATE = """
import sys
from benchmarks.reading import peak_mb
from circles import read_portfolio, simulate_losses

losses = simulate_losses(read_portfolio(sys.argv[1]), trials=40, seed=7)
assert (losses.optimistic.samples_fen <= losses.samples_fen + 1).all()
assert (losses.samples_fen <= losses.conservative.samples_fen + 1).all()
print(len(losses.members), peak_mb())
"""


def _run(program: str, folder: Path) -> str:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program, str(folder)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def test_a_quarter_of_a_million_members_take_less_than_a_gigabyte(tmp_path):
    _run(WRITE, tmp_path / "book")
    members, peak = map(float, _run(SIMULATE, tmp_path / "book").split())
    assert members == 250_000
    assert peak < 1_024  # MiB, everything: the interpreter, its libraries, the portfolio and the trials
