"""A portfolio is what was given, typed, and never changes."""

import pickle
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from circles.errors import DatasetError, InputError
from circles.portfolio import TABLES, Portfolio

AS_OF = "2007-12-29"


def two_members() -> pd.DataFrame:
    return pd.DataFrame({"member_id": ["M1", "M2"], "resources_fen": [100, 50]})


def one_loan() -> pd.DataFrame:
    return pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["M2"], "balance_fen": [7]})


def two_loans() -> pd.DataFrame:
    return pd.concat([one_loan(), one_loan().assign(loan_id="L2")])


def one_guarantee(loan_id: str | None) -> pd.DataFrame:
    named = pd.Series([loan_id], dtype="str")
    ids = {"guarantee_id": ["G1"], "guarantor_id": ["M1"], "borrower_id": ["M2"], "loan_id": named}
    return pd.DataFrame({**ids, "amount_fen": [5]})


def build(**tables: pd.DataFrame) -> Portfolio:
    return Portfolio.from_frames(as_of=AS_OF, **{"members": two_members(), **tables})


def test_every_table_has_all_its_columns_in_order() -> None:
    portfolio = build()
    for name, table in TABLES.items():
        assert list(getattr(portfolio, name).columns) == table.frame_names
        assert len(portfolio.table(name)) == (2 if name == "members" else 0)


def test_types_are_those_promised() -> None:
    loans = build(loans=one_loan()).loans
    assert str(loans["balance_fen"].dtype) == "int64"
    assert str(loans["limit_fen"].dtype) == "Int64"
    assert str(loans["annual_rate"].dtype) == "float64"
    assert str(loans["drawn_on"].dtype) == "datetime64[s]"
    assert str(loans["loan_id"].dtype) == "str"


def test_changing_a_frame_never_changes_the_portfolio() -> None:
    """Neither the frames that were given, nor those that are handed out."""
    given = two_members()
    portfolio = Portfolio.from_frames(as_of=AS_OF, members=given)
    before = portfolio.digest()
    given.loc[0, "member_id"] = "changed"
    given.loc[0, "resources_fen"] = 1
    out = portfolio.members
    out.loc[0, "member_id"] = "changed"
    out["resources_fen"] = 0
    assert portfolio.digest() == before
    assert portfolio.members["member_id"].tolist() == ["M1", "M2"]


def test_codes_are_positions_and_read_only() -> None:
    portfolio = build(loans=one_loan())
    codes = portfolio.codes("loans", "borrower_id")
    assert codes.tolist() == [1]
    assert codes.dtype == np.int32
    assert portfolio.codes("loans", "circle_id").tolist() == [-1]
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 0


def test_a_column_without_reference_has_no_codes() -> None:
    with pytest.raises(InputError, match=r"loans\.loan_id refers to no other table; these do: trades\.seller_id"):
        build().codes("loans", "loan_id")


def test_members_are_found_by_id() -> None:
    portfolio = build()
    assert portfolio.member_positions(["M2", "M1", "M2"]).tolist() == [1, 0, 1]
    assert portfolio.member_positions([]).tolist() == []
    with pytest.raises(InputError) as refused:
        portfolio.member_positions(["M9", "M1", "<b>"], what="defaulter")
    assert str(refused.value) == "defaulter 'M9', '<b>' not found among the 2 members"


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(InputError, match="unknown table 'loan'; a portfolio has: members, trades"):
        build(loan=one_loan())
    with pytest.raises(InputError, match="unknown table 'loan'"):
        build().table("loan")


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(InputError, match="members must be a pandas DataFrame, got dict"):
        Portfolio.from_frames(as_of=AS_OF, members={"member_id": ["M1"]})


def test_none_is_a_table_that_is_not_given() -> None:
    assert len(Portfolio.from_frames(as_of=AS_OF, members=two_members(), loans=None).loans) == 0


@pytest.mark.parametrize("day", [date(2007, 12, 29), datetime(2007, 12, 29, 8), pd.Timestamp(AS_OF), AS_OF])
def test_the_date_may_be_given_in_several_ways(day: date | str) -> None:
    assert Portfolio.from_frames(as_of=day, members=two_members()).as_of == date(2007, 12, 29)


@pytest.mark.parametrize("day", ["2007-02-30", "", None, 20071229, pd.NaT])
def test_what_is_no_date_is_refused(day: object) -> None:
    with pytest.raises(InputError, match="as_of must be a date such as 2007-12-29, got"):
        Portfolio.from_frames(as_of=day, members=two_members())


@pytest.mark.parametrize("currency", ["", "cny", "yuan", "CN", None])
def test_what_is_no_currency_is_refused(currency: object) -> None:
    with pytest.raises(InputError, match="currency must be a three-letter code such as CNY"):
        Portfolio.from_frames(as_of=AS_OF, currency=currency, members=two_members())


def test_replacing_a_table_leaves_the_first_portfolio_alone() -> None:
    first = build()
    second = first.replace(loans=one_loan())
    assert (len(first.loans), len(second.loans)) == (0, 1)
    assert second.warnings.empty
    with pytest.raises(DatasetError, match="borrower_id must be in members"):
        first.replace(loans=one_loan().assign(borrower_id="M9"))


def test_the_digest_tells_portfolios_apart() -> None:
    """Texts that only differ in where one ends, nulls, dates and currencies all count."""
    texts = [["ab", "c"], ["a", "bc"], ["ab", None], ["ab", "ab"]]
    several = [build(members=two_members().assign(name=pd.Series(names, dtype=object))) for names in texts]
    several += [build(), build(loans=one_loan()), build(members=two_members().iloc[::-1])]
    several += [build(loans=one_loan().assign(borrower_id="M1"))]
    several += [build(loans=two_loans(), guarantees=one_guarantee(loan)) for loan in ("L1", "L2", None)]
    several += [Portfolio.from_frames(as_of=AS_OF, currency="USD", members=two_members())]
    several += [Portfolio.from_frames(as_of="2007-12-30", members=two_members())]
    assert len({portfolio.digest() for portfolio in several}) == len(several)
    assert build().digest() == build().digest()


def test_the_digest_does_not_depend_on_how_frames_were_typed() -> None:
    loose = two_members().astype({"member_id": "category", "resources_fen": "float64"})
    assert build(members=loose).digest() == build().digest()


def test_a_portfolio_says_what_it_holds() -> None:
    assert str(build(loans=one_loan())) == "Portfolio at 2007-12-29 in CNY: 2 members, 1 loans"


def test_a_portfolio_can_be_sent_to_another_process() -> None:
    portfolio = build(loans=one_loan())
    assert pickle.loads(pickle.dumps(portfolio)).digest() == portfolio.digest()
