"""The whole book of the figures: 250,000 members and 2,000,000 receivables, in a process of its own."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import resource
from benchmarks.contagion import draw_book
from circles import simulate_losses

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

book = draw_book(250_000, seed=1, ease=8.0)
before = peak()
losses = simulate_losses(book, trials=40, seed=7)
assert (losses.optimistic.samples_fen <= losses.samples_fen + 1).all()
assert (losses.samples_fen <= losses.conservative.samples_fen + 1).all()
print(len(losses.members), before, peak())
"""


def test_a_quarter_of_a_million_members_take_little_memory():
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=True)
    members, before, after = map(float, done.stdout.split())
    assert members == 250_000
    assert after - before < 500  # MiB, beside the book itself and pandas
    assert after < 1_600
