"""Rules on a finished circle: each with a case that keeps it and one that breaks it."""

from dataclasses import replace

import numpy as np
import pytest

from circles.matching.rules import CircleCase, MatchingRules, judge_circle


def trio(
    *,
    loans: tuple[int, ...] = (100, 100, 100),
    cash: tuple[int, ...] = (100, 100, 100),
    known: tuple[tuple[int, int], ...] = ((0, 1), (1, 2)),
    related: tuple[tuple[int, int], ...] = (),
    excluded: tuple[tuple[int, int], ...] = (),
) -> CircleCase:
    """Three members A, B, C (or as many as there are loans): A knows B, B knows C."""
    size = len(loans)

    def matrix(pairs: tuple[tuple[int, int], ...]) -> np.ndarray:
        whole = np.zeros((size, size), dtype=np.bool_)
        for left, right in pairs:
            whole[left, right] = whole[right, left] = True
        return whole

    return CircleCase(
        members=tuple("ABCDEFGH"[:size]),
        loans_fen=np.array(loans, dtype=np.int64),
        resources_fen=np.array(cash, dtype=np.int64),
        known=matrix(known),
        related=matrix(related),
        excluded=matrix(excluded),
    )


def broken(case: CircleCase, *, kind: str = "acquainted", **changes: object) -> set[str]:
    found = judge_circle(case, replace(MatchingRules(), **changes).limits(kind))
    assert all(sentence for sentences in found.values() for sentence in sentences)
    return set(found)


def test_a_sound_circle_breaks_nothing():
    assert broken(trio()) == set()


@pytest.mark.parametrize(("size", "kept"), [(2, False), (3, True), (5, True), (6, False)])
def test_size(size: int, kept: bool):
    chain = tuple((i, i + 1) for i in range(size - 1))
    case = trio(loans=(100,) * size, cash=(100,) * size, known=chain)
    assert broken(case) == (set() if kept else {"size"})


def test_connected():
    apart = trio(known=((0, 1),))
    assert broken(apart) == {"connected"}
    assert broken(apart, kind="strangers", bearable_strangers=1.0) == set()


def test_related_parties_and_exclusions():
    assert broken(trio(related=((0, 2),))) == {"related_parties"}
    assert broken(trio(excluded=((0, 2),))) == {"excluded"}


def test_coverage_compares_the_co_members_resources_with_the_loan():
    assert broken(trio(loans=(200, 100, 100)), bearable=None) == set()
    assert broken(trio(loans=(201, 100, 100)), bearable=None) == {"coverage"}
    assert broken(trio(loans=(201, 100, 100)), bearable=None, coverage=0.9) == set()
    assert broken(trio(loans=(10, 10, 10), cash=(0, 7, 7)), bearable=None, coverage=0.7) == set(), "0.7 × 10 is 7"


def test_bearable_looks_at_the_weakest_co_member():
    assert broken(trio(loans=(200, 100, 100)), coverage=None) == set()
    assert broken(trio(loans=(201, 100, 100)), coverage=None) == {"bearable"}
    assert broken(trio(loans=(101, 100, 100)), coverage=None, kind="strangers") == {"bearable"}
    assert broken(trio(cash=(100, 100, 49)), coverage=None) == {"bearable"}


def test_amount_ratio():
    assert broken(trio(loans=(150, 100, 100)), amount_ratio=1.5) == set()
    assert broken(trio(loans=(151, 100, 100)), amount_ratio=1.5) == {"amount_ratio"}


def test_the_limit_of_a_circle():
    assert broken(trio(), max_circle_loan_fen=300) == set()
    assert broken(trio(), max_circle_loan_fen=299) == {"circle_loan"}
