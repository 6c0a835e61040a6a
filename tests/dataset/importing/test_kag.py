"""The supply chain of KAG: companies, who supplies whom, who paid whom, who is represented by whom."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest

import circles

COMPANIES = """id,name,product
A,甲公司,"胶,轮胎"
B,乙公司,轮胎
C,丙公司,"保险,汽车"
D,丁公司,保险
E,丁公司,胶
"""
PRODUCTS = """id,belongToIndustry,hasSupplyChain
胶,化工,"轮胎,鞋"
轮胎,零件,汽车
汽车,汽车业,
"""
TRANSFERS = """srcId,dstId,transDate,transAmt
B,A,20230821,100
B,A,20230801,7.5
A,B,20230901,3
"""
PERSONS = """id,name,age,legalRepresentative
0,臧某,38,"甲公司,乙公司,甲公司,丁公司"
1,袁某,22,丙公司
2,夏某,40,"乙公司,甲公司,无名公司"
"""
SMALL = {
    "Company.csv": COMPANIES,
    "Product.csv": PRODUCTS,
    "Company_fundTrans_Company.csv": TRANSFERS,
    "Person.csv": PERSONS,
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "kag"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_companies_are_members_with_the_industry_of_their_first_listed_product(small: Path) -> None:
    members = circles.import_kag(small).portfolio.members
    assert members["member_id"].tolist() == ["A", "B", "C", "D", "E"]
    assert members["name"].tolist() == ["甲公司", "乙公司", "丙公司", "丁公司", "丁公司"]
    assert members["industry"].fillna("").tolist() == ["化工", "零件", "汽车业", "", "化工"]


def test_who_makes_what_another_uses_knows_it(small: Path) -> None:
    known = circles.import_kag(small).portfolio.acquaintances
    assert known[["member_a", "member_b"]].to_numpy().tolist() == [
        ["A", "B"],
        ["A", "C"],
        ["A", "E"],
        ["B", "C"],
        ["B", "E"],
    ]
    assert set(known["kind"]) == {"supply chain"}


def test_who_is_paid_sold_and_a_month_is_one_row(small: Path) -> None:
    trades = circles.import_kag(small).portfolio.trades
    rows = trades[["seller_id", "buyer_id", "amount_fen", "trade_count"]].to_numpy().tolist()
    assert rows == [["A", "B", 107_50, 2], ["B", "A", 3_00, 1]]
    assert trades["period"].dt.strftime("%Y-%m").tolist() == ["2023-08", "2023-09"]


def test_one_legal_representative_links_two_companies_once(small: Path) -> None:
    imported = circles.import_kag(small)
    assert imported.portfolio.links[["member_a", "member_b", "kind"]].to_numpy().tolist() == [
        ["A", "B", "legal_representative"]
    ]
    assert list(imported.counts.values())[-1] == 2, "two companies are called 丁公司, none 无名公司"


def test_nothing_about_a_person_gets_into_the_tables(small: Path, tmp_path: Path) -> None:
    circles.write_portfolio(circles.import_kag(small).portfolio, tmp_path / "book")
    written = "".join(file.read_text(encoding="utf-8-sig") for file in (tmp_path / "book").iterdir())
    assert "甲公司" in written
    assert not any(word in written for word in ("臧某", "袁某", "夏某", "38", "40"))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "Company_fundTrans_Company.csv",
            "20230901",
            "20230931",
            r"Company.csv:4: transDate must be a day .* got '20230931'",
        ),
        ("Company_fundTrans_Company.csv", "7.5", "7.555", r"Company.csv:3: transAmt must be an amount"),
        ("Company_fundTrans_Company.csv", "A,B,", "A,Z,", r"seller_id must be in members, 'Z' is not"),
        (
            "Company.csv",
            "product",
            "goods",
            r"Company.csv:1: the required column product is missing; .* id, name, goods",
        ),
        ("Company.csv", "B,乙", "A,乙", r"member_id must be unique, 'A' is there already"),
        ("Person.csv", '"甲', '"x"甲', r"Person.csv: is not a table in CSV"),
        ("Product.csv", PRODUCTS, "", r"Product.csv:1: the required column id is missing; .*: none, the file is empty"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(small: Path, file: str, old: str, new: str, message: str) -> None:
    text = (small / file).read_text(encoding="utf-8")
    assert old in text
    (small / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(circles.InputError, match=message):
        circles.import_kag(small)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(circles.InputError, match=r"nowhere/Company.csv: there is no such file"):
        circles.import_kag(tmp_path / "nowhere")


def test_without_transfers_a_date_is_needed(small: Path) -> None:
    (small / "Company_fundTrans_Company.csv").write_text("srcId,dstId,transDate,transAmt\n")
    with pytest.raises(circles.InputError, match=r"has no rows, so the date of the data is not known"):
        circles.import_kag(small)
    assert len(circles.import_kag(small, as_of="2023-12-31").portfolio.trades) == 0


def test_every_number_of_the_real_example_is_counted_twice(public_data) -> None:
    folder = public_data("kag_supplychain")

    def read_rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    companies, transfers = read_rows("Company.csv"), read_rows("Company_fundTrans_Company.csv")
    made = {row["id"]: set(row["product"].split(",")) for row in companies}
    uses = {row["id"]: set(row["hasSupplyChain"].split(",")) for row in read_rows("Product.csv")}
    outputs = {one: set().union(*(uses.get(product, set()) for product in own)) for one, own in made.items()}
    beside = {
        frozenset(two)
        for two in combinations(made, 2)
        if outputs[two[0]] & made[two[1]] or outputs[two[1]] & made[two[0]]
    }
    name = {row["id"]: row["name"] for row in companies}
    hands = [set(row["legalRepresentative"].split(",")) for row in read_rows("Person.csv")]
    linked = {
        frozenset(two) for two in combinations(name, 2) if any({name[two[0]], name[two[1]]} <= hand for hand in hands)
    }

    portfolio = circles.import_kag(folder).portfolio
    assert (len(companies), len(transfers), len(beside), len(linked)) == (103, 19, 2_116, 99)
    assert set(portfolio.members["member_id"]) == set(made)
    for table, pairs in (("acquaintances", beside), ("links", linked)):
        found = portfolio.table(table)[["member_a", "member_b"]].itertuples(index=False)
        rows = [frozenset(pair) for pair in found]
        assert len(rows) == len(set(rows))
        assert set(rows) == pairs
    sold = {(row["dstId"], row["srcId"], row["transDate"][:6]): 100 * int(row["transAmt"]) for row in transfers}
    trades = portfolio.trades
    assert (
        dict(
            zip(
                zip(trades["seller_id"], trades["buyer_id"], trades["period"].dt.strftime("%Y%m"), strict=True),
                trades["amount_fen"],
                strict=True,
            )
        )
        == sold
    )
