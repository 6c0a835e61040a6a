"""The committed sample is what ``circles generate … --members 3000 --trades 9000 --seed 7`` writes, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from circles.dataset import read_portfolio, write_portfolio
from circles.generate import generate_portfolio

SAMPLE = Path(__file__).parents[2] / "examples" / "zhejiang_2007"


@pytest.fixture(scope="module")
def portfolio():
    return generate_portfolio(members=3_000, trades=9_000, seed=7)


def test_generating_again_gives_the_committed_bytes(portfolio, tmp_path: Path) -> None:
    write_portfolio(portfolio, tmp_path / "again")
    again = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    committed = {file.name: file.read_bytes() for file in SAMPLE.iterdir()}
    assert sorted(again) == sorted(committed)
    assert [name for name in again if again[name] != committed[name]] == []


def test_reading_the_sample_gives_the_generated_portfolio(portfolio) -> None:
    read = read_portfolio(SAMPLE)
    assert read.digest() == portfolio.digest()
    assert len(read.warnings) == 0


def test_the_sample_is_small() -> None:
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < 2_500_000
