"""What a frame may hold, and what a portfolio keeps of it."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from circles.portfolio.tables import TABLES, Column, Kind
from circles.portfolio.typed import empty_column, type_column

NAT = pd.NaT


def typed(kind: Kind, values: object, dtype: object = None) -> tuple[pd.Series, list[bool]]:
    series = values if isinstance(values, pd.Series) else pd.Series(values, dtype=dtype)
    kept, bad = type_column(series, Column(name="x", kind=kind))
    return kept, bad.tolist()


def days(*texts: str | None) -> list[object]:
    return [NAT if text is None else pd.Timestamp(text) for text in texts]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("rows", [0, 3])
def test_an_empty_column_is_null_of_the_type_that_a_full_one_has(kind: Kind, rows: int) -> None:
    empty = empty_column(Column(name="x", kind=kind), rows)
    kept, bad = typed(kind, [None] * rows, object)
    assert len(empty) == rows
    assert empty.isna().all()
    assert kept.dtype == empty.dtype
    assert bad == [False] * rows


class TestMoney:
    def test_whole_numbers_of_any_kind_are_kept(self) -> None:
        for values in [[1, 2], [1.0, 2.0], np.array([1, 2], dtype=np.uint8), pd.array([1, 2], dtype="Int32")]:
            kept, bad = typed(Kind.MONEY, values)
            assert (kept.tolist(), str(kept.dtype), bad) == ([1, 2], "Int64", [False, False])

    def test_objects_are_looked_at_one_by_one(self) -> None:
        cells = [1, None, pd.NA, np.float32(3), 1.5, True, "1", b"1", 2**63, 2**70, -(2**63)]
        _, bad = typed(Kind.MONEY, cells, object)
        assert bad == [False, False, False, False, True, True, True, True, True, True, True]

    def test_floats_must_be_whole_finite_and_exact(self) -> None:
        kept, bad = typed(Kind.MONEY, [1.0, np.nan, np.inf, -np.inf, 1.5, 2.0**53 + 2])
        assert bad == [False, False, True, True, True, True]
        assert kept.isna().tolist() == [False, True, True, True, True, True]

    def test_an_unsigned_number_beyond_int64_does_not_wrap(self) -> None:
        kept, bad = typed(Kind.MONEY, np.array([2**63, 5], dtype=np.uint64))
        assert bad == [True, False]
        assert kept[1] == 5

    @pytest.mark.parametrize(
        "values",
        [[True, False], ["1", "2"], [1 + 2j], pd.to_datetime(["2007-01-01"]), pd.to_timedelta([1])],
    )
    def test_other_kinds_of_column_are_no_money(self, values: object) -> None:
        _, bad = typed(Kind.MONEY, values)
        assert all(bad)


class TestRates:
    def test_numbers_are_kept_and_nulls_stay_null(self) -> None:
        kept, bad = typed(Kind.RATE, [0.25, 1, None, np.float32(0.5)], object)
        assert kept.to_numpy().tolist()[:2] == [0.25, 1.0]
        assert bad == [False] * 4
        assert kept.isna().tolist() == [False, False, True, False]

    @pytest.mark.parametrize("values", [["0.1"], [True], [1 + 2j], pd.to_datetime(["2007-01-01"])])
    def test_what_is_no_number_is_refused(self, values: object) -> None:
        kept, bad = typed(Kind.RATE, values)
        assert bad == [True]
        assert kept.isna().all()


class TestDates:
    def test_dates_times_and_iso_text_become_days(self) -> None:
        cells = [date(2007, 1, 2), datetime(2007, 1, 2, 13), pd.Timestamp("2007-01-02"), "2007-01-02", None, NAT]
        kept, bad = typed(Kind.DATE, cells, object)
        assert kept.tolist() == days(*["2007-01-02"] * 4, None, None)
        assert bad == [False] * 6
        assert str(kept.dtype) == "datetime64[s]"

    @pytest.mark.parametrize(
        "cell",
        ["2007-02-30", "2007-1-2", "20070102", "today", "", 20070102, 0.5, [1], datetime(2007, 1, 2, tzinfo=UTC)],
    )
    def test_what_is_not_plainly_a_date_is_refused(self, cell: object) -> None:
        kept, bad = typed(Kind.DATE, [cell, "2007-01-02"], object)
        assert bad == [True, False]
        assert kept.tolist() == days(None, "2007-01-02")

    def test_years_that_nanoseconds_cannot_hold_are_dates(self) -> None:
        kept, bad = typed(Kind.DATE, ["0001-01-01", "9999-12-31"])
        assert bad == [False, False]
        assert kept.dt.year.tolist() == [1, 9999]

    def test_the_time_of_day_is_dropped(self) -> None:
        kept, _ = typed(Kind.DATE, pd.to_datetime(["2007-01-02 23:59", "1900-01-01 00:01"]))
        assert kept.tolist() == days("2007-01-02", "1900-01-01")

    def test_a_column_with_a_time_zone_or_numbers_is_refused(self) -> None:
        for values in [pd.Series(pd.to_datetime(["2007-01-01"])).dt.tz_localize("UTC"), [20070101], [True]]:
            assert typed(Kind.DATE, values)[1] == [True]


class TestMonths:
    @pytest.mark.parametrize(
        "values",
        [
            ["2007-05", "2007-05-09", None],
            pd.Series([date(2007, 5, 3), "2007-05", None], dtype=object),
            pd.to_datetime(["2007-05-01", "2007-05-31", None]),
            pd.PeriodIndex(["2007-05", "2007-05", None], freq="M"),
        ],
    )
    def test_a_month_is_its_first_day(self, values: object) -> None:
        kept, bad = typed(Kind.MONTH, values)
        assert kept.tolist() == days("2007-05-01", "2007-05-01", None)
        assert bad == [False, False, False]

    def test_what_is_no_month_is_refused(self) -> None:
        _, bad = typed(Kind.MONTH, ["2007-13", "2007-5", "May", "2007-05"])
        assert bad == [True, True, True, False]


class TestText:
    def test_an_empty_text_is_missing_and_a_blank_is_not(self) -> None:
        kept, bad = typed(Kind.TEXT, ["a", "", " ", None])
        assert kept.isna().tolist() == [False, True, False, True]
        assert bad == [False] * 4
        assert str(kept.dtype) == "str"

    def test_only_text_is_text(self) -> None:
        kept, bad = typed(Kind.ID, ["NA", 1, b"x", 1.5, None, "null"], object)
        assert bad == [False, True, True, True, False, False]
        assert kept.dropna().tolist() == ["NA", "null"]

    def test_categories_are_read_as_what_they_stand_for(self) -> None:
        assert typed(Kind.TEXT, pd.Categorical(["a", "b", "a"]))[0].tolist() == ["a", "b", "a"]
        assert typed(Kind.DATE, pd.Categorical(["2007-01-02"]))[0].tolist() == days("2007-01-02")
        assert typed(Kind.MONEY, pd.Categorical([5, 6]))[0].tolist() == [5, 6]


def test_the_first_column_of_a_table_that_others_refer_to_is_its_key() -> None:
    """The checks rely on it."""
    targets = {column.refers_to for table in TABLES.values() for column in table.columns if column.refers_to}
    for name in targets:
        assert TABLES[name].key == (TABLES[name].columns[0].frame_name,)
