"""Not one fen appears or vanishes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.errors import InputError
from circles.money import MAX_FEN, format_yuan, parse_yuan, read_amount, round_to_fen, split_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.3", 1230),
        ("12.30", 1230),
        ("12.300", 1230),
        ("12.", 1200),
        ("-0.01", -1),
        ("+5", 500),
        (" 7 ", 700),
        ("1,234.5", 123450),
        ("1,234,567.89", 123456789),
        ("10000000000000", MAX_FEN),
    ],
)
def test_an_amount_is_read_exactly(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "12k",
        "12,34",
        "1,2345",
        ",123",
        "1e5",
        "1E+17",
        "1_000",
        "nan",
        "Infinity",
        "12.345",
        "1.00000000000000000000000000001",
        "1e999999999",
        "10000000000000.01",
        "\uff11\uff12",
        "9" * 5000,
        "12 34",
        "--1",
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="digits and at most two decimals"):
        parse_yuan(text)


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_an_amount_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


def test_amounts_are_written_for_people() -> None:
    assert format_yuan(0) == "0.00"
    assert format_yuan(5) == "0.05"
    assert format_yuan(-123456789) == "-1,234,567.89"
    assert format_yuan(np.int64(100)) == "1.00"


def test_a_number_is_exact_whatever_its_size() -> None:
    assert read_amount("12.345") == Fraction(12345, 1000)
    assert read_amount("1" + "0" * 29 + ".1") == 10**29 + Fraction(1, 10)


amounts = st.lists(st.floats(0, 1e12), min_size=1, max_size=30)


@given(amounts)
def test_rounding_keeps_the_sum_and_every_part(parts: list[float]) -> None:
    whole = round_to_fen(parts)
    assert abs(int(whole.sum()) - sum(map(Fraction, parts))) <= Fraction(51, 100)
    assert (np.abs(whole - np.array(parts)) < 1).all()


def test_rounding_gives_the_missing_fen_to_the_largest_remainders() -> None:
    assert round_to_fen([33.4, 33.3, 33.3]).tolist() == [34, 33, 33]
    assert round_to_fen([0.5, 0.5]).tolist() == [1, 0]
    assert round_to_fen([]).tolist() == []


def test_rounding_does_not_lose_a_fen_in_a_long_sum() -> None:
    """Adding 0.1 ten million times as float64 misses; the exact sum does not."""
    parts = np.concatenate([np.full(100_000, 0.1), [2.0**52]])
    assert int(round_to_fen(parts).sum()) == 2**52 + 10_000


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_rounding_refuses_what_is_no_amount(amount: float) -> None:
    with pytest.raises(InputError, match="round_to_fen needs amounts of at least 0"):
        round_to_fen([1.0, amount])


weights = st.lists(st.integers(0, 10**15), min_size=1, max_size=12)


@given(st.integers(0, MAX_FEN), weights)
def test_a_split_adds_up_and_is_proportional(total: int, parts: list[int]) -> None:
    shares = split_fen(total, parts)
    whole = sum(parts) or len(parts)
    fair = [Fraction(total * (part if sum(parts) else 1), whole) for part in parts]
    assert int(shares.sum()) == total
    assert all(abs(int(share) - exact) < 1 for share, exact in zip(shares, fair, strict=True))


def test_a_split_takes_fractions_as_weights() -> None:
    assert split_fen(100, [0.2, 0.2, 0.6]).tolist() == [20, 20, 60]
    assert split_fen(100, [1, 1, 1]).tolist() == [34, 33, 33]
    assert split_fen(5, [0, 0]).tolist() == [3, 2]


@pytest.mark.parametrize("bad", [[], [-1], [float("nan")], [float("inf"), 1]])
def test_a_split_refuses_what_is_no_weight(bad: list[float]) -> None:
    with pytest.raises(InputError, match="weights of at least 0"):
        split_fen(10, bad)


def test_a_split_refuses_a_negative_total() -> None:
    with pytest.raises(InputError, match="total of at least 0, got -1"):
        split_fen(-1, [1])
