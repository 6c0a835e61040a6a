"""The enterprise supply chain example of OpenSPG/KAG: companies, products, fund transfers, legal representatives."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pandas as pd

from circles.dataset.importing.account import Imported
from circles.dataset.importing.source import SourceFile, read_source
from circles.errors import InputError
from circles.portfolio import Portfolio

_FILES = {
    "companies": ("Company.csv", ("id", "name", "product")),
    "products": ("Product.csv", ("id", "belongToIndustry", "hasSupplyChain")),
    "transfers": ("Company_fundTrans_Company.csv", ("srcId", "dstId", "transDate", "transAmt")),
    "persons": ("Person.csv", ("legalRepresentative",)),
}
"""The files that are read and the columns of each; of persons only which companies they represent, never who."""
_KNOWN_AS = "supply chain"
_EVIDENCE = "one person represents both"


def import_kag(folder: str | Path, *, as_of: date | str | None = None) -> Imported:
    """Make a portfolio of the supply chain example of KAG.

    Companies are members; two companies know each other where a product of one goes into a product of the other; a
    fund transfer is trade, its receiver the seller; two companies with the same legal representative are linked. No
    person's name, age or number is read.

    Parameters
    ----------
    folder
        Where ``Company.csv``, ``Product.csv``, ``Company_fundTrans_Company.csv`` and ``Person.csv`` are.
    as_of
        The date of the data; the day of the last transfer where it is not given.

    Returns
    -------
    The portfolio in CNY, without loans, resources and default probabilities, and an account of the rows.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, lacks a column or has a cell that is not what it should be.
    DatasetError
        If the rows contradict each other, such as a transfer of a company that is not there.
    """
    files = {kind: read_source(Path(folder), name, columns, separator=",") for kind, (name, columns) in _FILES.items()}
    tables = {
        "members": _build_members(files["companies"], files["products"]),
        "trades": _build_trades(files["transfers"]),
        "acquaintances": _build_acquaintances(files["companies"], files["products"]),
        "links": _build_links(files["companies"], files["persons"]),
    }
    filled = {name: frame for name, frame in tables.items() if len(frame) or name == "members"}
    day = _last_day(files["transfers"]) if as_of is None else as_of
    portfolio = Portfolio.from_frames(as_of=day, **filled)
    return Imported(portfolio=portfolio, counts=_count(files, tables))


def _build_members(companies: SourceFile, products: SourceFile) -> pd.DataFrame:
    """Build the members table; a company's industry is that of its first product that is listed."""
    industry = dict(zip(products.texts("id"), products.optional_texts("belongToIndustry"), strict=True))
    made = [_split(cell) for cell in companies.columns["product"]]
    found = [next((industry[product] for product in own if industry.get(product)), None) for own in made]
    return pd.DataFrame({"member_id": companies.texts("id"), "name": companies.texts("name"), "industry": found})


def _build_trades(transfers: SourceFile) -> pd.DataFrame:
    """Build the trades table: who is paid sold, in the month of the payment."""
    rows = pd.DataFrame(
        {
            "seller_id": transfers.texts("dstId"),
            "buyer_id": transfers.texts("srcId"),
            "period": transfers.days("transDate").astype("datetime64[M]").astype("datetime64[s]"),
            "amount_fen": transfers.amounts("transAmt"),
        }
    )
    months = rows.groupby(["seller_id", "buyer_id", "period"])["amount_fen"]
    return months.agg(amount_fen="sum", trade_count="size").reset_index()


def _build_acquaintances(companies: SourceFile, products: SourceFile) -> pd.DataFrame:
    """Build the acquaintances table: each pair of companies next to each other in the product chain, once."""
    makers: dict[str, list[str]] = {}
    for company, cell in zip(companies.texts("id"), companies.columns["product"], strict=True):
        for product in dict.fromkeys(_split(cell)):
            makers.setdefault(product, []).append(company)
    pairs = {
        (min(maker, user), max(maker, user))
        for product, cell in zip(products.texts("id"), products.columns["hasSupplyChain"], strict=True)
        for used_in in _split(cell)
        for maker in makers.get(product, [])
        for user in makers.get(used_in, [])
        if maker != user
    }
    return _frame_pairs(pairs).assign(kind=_KNOWN_AS)


def _build_links(companies: SourceFile, persons: SourceFile) -> pd.DataFrame:
    """Build the links table: each pair of companies with one legal representative, once."""
    ids = _find_companies(companies)
    pairs = set()
    for cell in persons.columns["legalRepresentative"]:
        represented = sorted({ids[name] for name in _split(cell) if name in ids})
        pairs |= set(combinations(represented, 2))
    return _frame_pairs(pairs).assign(kind="legal_representative", evidence=_EVIDENCE)


def _find_companies(companies: SourceFile) -> dict[str, str]:
    """Name → id, for names that only one company has."""
    names = companies.texts("name")
    once = ~names.duplicated(keep=False)
    return dict(zip(names[once], companies.texts("id")[once], strict=True))


def _frame_pairs(pairs: set[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(sorted(pairs), columns=["member_a", "member_b"], dtype="str")


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


def _last_day(transfers: SourceFile) -> date:
    if len(transfers) == 0:
        msg = f"{transfers.name}: has no rows, so the date of the data is not known; give as_of (--as-of 2023-12-31)"
        raise InputError(msg)
    last: date = transfers.days("transDate").max().item()
    return last


def _count(files: dict[str, SourceFile], tables: dict[str, pd.DataFrame]) -> dict[str, int]:
    """Say what became of the rows."""
    listed = set(files["products"].texts("id"))
    made = [set(_split(cell)) for cell in files["companies"].columns["product"]]
    represented = [name for cell in files["persons"].columns["legalRepresentative"] for name in set(_split(cell))]
    known = _find_companies(files["companies"])
    return {
        "companies": len(tables["members"]),
        "companies none of whose products is listed, so without an industry": sum(not own & listed for own in made),
        "pairs next to each other in the product chain": len(tables["acquaintances"]),
        "fund transfers": len(files["transfers"]),
        "months in which a pair traded": len(tables["trades"]),
        "pairs with one legal representative": len(tables["links"]),
        "names under legal representatives that no company has alone, left out": sum(
            name not in known for name in represented
        ),
    }
