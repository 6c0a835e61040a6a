"""Workbooks as people really send them, and one faulty workbook for each message."""

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from dataset_files import MANIFEST

from circles.dataset import check_dataset, read_portfolio
from circles.errors import DatasetError, InputError

Rows = list[list[object]]
MEMBERS: Rows = [["member_id"], ["M1"], ["M2"], ["M3"]]
LOANS: Rows = [["loan_id", "borrower_id", "balance"], ["L1", "M1", 5]]


def save(path: Path, sheets: dict[str, Rows], spoil: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    """Write a workbook; `spoil` changes it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if spoil is not None:
        spoil(book)
    book.save(path)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook whose members are sound and whose date is known, unless given."""

    def make(sheets: dict[str, Rows] | None = None, spoil: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
        known: dict[str, Rows] = {"dataset": [["as_of", datetime.date(2007, 12, 29)]], "members": MEMBERS}
        return save(tmp_path / "book.xlsx", {**known, **(sheets or {})}, spoil)

    return make


def members(path: Path, *columns: str) -> list[list[object]]:
    return read_portfolio(path).members[list(columns)].to_numpy().tolist()


class TestCells:
    def test_ids_are_texts_and_whole_numbers_lose_their_point(self, book) -> None:
        path = book({"members": [["member_id"], ["007"], [42], [43.0], [123456789012345], ["330100123456789012"]]})
        ids = [row[0] for row in members(path, "member_id")]
        assert ids == ["007", "42", "43", "123456789012345", "330100123456789012"]

    def test_a_number_shown_with_zeros_before_it_keeps_them(self, book) -> None:
        def show_zeros(workbook: openpyxl.Workbook) -> None:
            workbook["members"]["A2"].number_format = "00000"

        assert members(book({"members": [["member_id"], [7]]}, show_zeros), "member_id") == [["00007"]]

    def test_amounts_are_read_with_the_digits_that_a_spreadsheet_keeps(self, book) -> None:
        amounts = [0.1 + 0.2, 9_999_999_999_999.99, 1234.5, "1,234.50", 1e13, "￥5"]
        path = book({"members": [["member_id", "resources"], *([f"M{i}", a] for i, a in enumerate(amounts))]})
        fen = [row[0] for row in members(path, "resources_fen")]
        assert fen == [30, 999_999_999_999_999, 123450, 123450, 10**15, 500]

    def test_an_amount_may_be_in_ten_thousands(self, book) -> None:
        path = book({"members": [["会员编号", "可用资金（万元）"], ["M1", 12.345]]})
        assert members(path, "resources_fen") == [[12345000]]

    @pytest.mark.parametrize(
        "cell", [datetime.date(2006, 5, 1), datetime.datetime(2006, 5, 1), "2006-05-01", "2006年5月1日", 20060501]
    )
    def test_a_day_may_be_a_date_or_a_text(self, cell: object, book) -> None:
        path = book({"members": [["member_id", "registered_on"], ["M1", cell]]})
        assert read_portfolio(path).members["registered_on"].tolist() == [pd.Timestamp("2006-05-01")]

    def test_a_month_that_became_a_date_is_a_month(self, book) -> None:
        trades = [["seller_id", "buyer_id", "period", "amount"], ["M1", "M2", datetime.datetime(2007, 12, 1), 5]]
        assert read_portfolio(book({"trades": trades})).trades["period"].tolist() == [pd.Timestamp("2007-12-01")]

    def test_a_percent_cell_is_the_fraction_it_holds(self, book) -> None:
        def show_percent(workbook: openpyxl.Workbook) -> None:
            workbook["members"]["B2"].number_format = "0.00%"

        path = book({"members": [["member_id", "default_probability"], ["M1", 0.05]]}, show_percent)
        assert members(path, "default_probability") == [[0.05]]

    def test_texts_with_escapes_of_the_format_are_read(self, book) -> None:
        path = book({"members": [["member_id", "name"], ["M1", "a_x000D_b"], ["M2", "_x005F_x000D_"]]})
        assert [row[0] for row in members(path, "name")] == ["a\rb", "_x000D_"]


class TestFaults:
    @pytest.mark.parametrize(
        ("cell", "code", "end"),
        [
            (1.23e17, "damaged_id", "member_id must be an id as text, got '1.23E+17', which a spreadsheet cut short"),
            (330100123456789012, "damaged_id", "member_id must be an id as text, got '3.30100123456789E+17'"),
            (12.5, "damaged_id", "member_id must be an id as text or a whole number, got '12.5'; format the column as"),
            (
                datetime.date(2007, 1, 2),
                "damaged_id",
                "member_id must be an id as text or a whole number, got '2007-01",
            ),
            (True, "damaged_id", "member_id must be an id as text or a whole number, got 'TRUE'"),
            ("#N/A", "error_cell", "member_id shows the error '#N/A'; correct the formula, or empty the cell"),
            (
                "=B1",
                "uncalculated_formula",
                "member_id is a formula that was never calculated, got '=B1'; save the work",
            ),
        ],
    )
    def test_an_id_that_is_none_is_one_problem_with_sheet_and_row(self, cell, code: str, end: str, book) -> None:
        found = check_dataset(book({"members": [["member_id"], ["M1"], [cell]]}))
        assert found.problems[["file", "line", "code"]].to_numpy().tolist() == [["book.xlsx:members", 3, code]]
        assert found.problems["message"][0].startswith(f"book.xlsx:members:3: {end}")

    @pytest.mark.parametrize(
        ("cell", "end"),
        [
            ("12k", "resources must be an amount in yuan, got '12k'"),
            (1.005, "resources must have at most two decimals in yuan, got '1.005'"),
            (-1, "resources must be at least 0, got '-1'"),
            (datetime.date(2007, 1, 2), "resources must be an amount in yuan, got '2007-01-02'"),
            (True, "resources must be an amount in yuan, got 'TRUE'"),
            ("#DIV/0!", "resources shows the error '#DIV/0!'; correct the formula, or empty the cell"),
        ],
    )
    def test_an_amount_that_is_none(self, cell: object, end: str, book) -> None:
        found = check_dataset(book({"members": [["member_id", "resources"], ["M1", cell]]}))
        assert found.problems["message"].tolist() == [f"book.xlsx:members:2: {end}"]

    def test_a_day_with_a_time(self, book) -> None:
        rows = [["member_id", "registered_on"], ["M1", datetime.datetime(2007, 1, 2, 13, 0)]]
        assert check_dataset(book({"members": rows})).problems["message"].tolist() == [
            "book.xlsx:members:2: registered_on must be a date such as 2007-12-29, got '2007-01-02 13:00:00'"
        ]

    def test_merged_cells_are_a_problem_of_each_row(self, book) -> None:
        def merge(workbook: openpyxl.Workbook) -> None:
            workbook["loans"].merge_cells("B2:B3")
            workbook["loans"].merge_cells("H8:I9")

        rows = [["loan_id", "borrower_id", "balance"], ["L1", "M1", 5], ["L2", None, 5]]
        text = "the cells B2:B3 are merged, so only the first holds anything; part them and fill each"
        assert check_dataset(book({"loans": rows}, merge)).problems["message"].tolist() == [
            f"book.xlsx:loans:2: {text}",
            f"book.xlsx:loans:3: {text}",
        ]

    def test_merged_names_of_columns(self, book) -> None:
        rows = [["loan_id", "borrower_id", None], ["L1", "M1", 5]]
        found = check_dataset(book({"loans": rows}, lambda workbook: workbook["loans"].merge_cells("B1:C1")))
        assert found.problems["message"].tolist() == [
            "book.xlsx:loans:1: the cells B1:C1 are merged, so not every column has a name; part them and fill each"
        ]

    def test_notes_above_the_names(self, book) -> None:
        rows = [["Loans of 2007"], [], *LOANS]
        found = check_dataset(book({"loans": rows}, lambda workbook: workbook["loans"].merge_cells("A1:C1")))
        assert found.problems["message"].tolist() == [
            "book.xlsx:loans:1: the names of the columns must be in the first row, they are on line 3; "
            "delete what is above"
        ]

    def test_a_sheet_without_a_cell(self, book) -> None:
        assert check_dataset(book({"loans": []})).problems["message"].tolist() == [
            "book.xlsx:loans: the sheet has no cell with anything in it"
        ]

    def test_a_table_in_two_sheets(self, book) -> None:
        assert check_dataset(book({"loans": LOANS, "贷款": LOANS})).problems["message"].tolist() == [
            "book.xlsx:loans: the sheets loans and 贷款 are both this table; keep one"
        ]

    def test_no_members(self, tmp_path: Path) -> None:
        path = save(tmp_path / "book.xlsx", {"loans": LOANS})
        assert check_dataset(path, as_of="2007-12-29").problems["message"].tolist() == [
            "book.xlsx:members: the members table is required and is not there"
        ]


class TestRemarks:
    def test_a_formula_counts_with_its_value_and_is_said(self, book, tmp_path: Path) -> None:
        path = book({"members": [["member_id", "resources"], ["M1", 5], ["M2", "=B2*2"]]})
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name = next(name for name, data in files.items() if b"B2*2" in data)
        files[name] = files[name].replace(b"<v />", b"<v>10</v>").replace(b"<v></v>", b"<v>10</v>")
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in files.items():
                archive.writestr(member, data)
        portfolio = read_portfolio(path)
        assert portfolio.members["resources_fen"].tolist() == [500, 1000]
        assert portfolio.warnings["message"].tolist() == [
            "book.xlsx:members:3: 1 cell is a formula and counts with the value that was calculated last, first here"
        ]

    def test_a_hidden_sheet_is_read_and_said(self, book) -> None:
        def hide(workbook: openpyxl.Workbook) -> None:
            workbook["loans"].sheet_state = "veryHidden"

        portfolio = read_portfolio(book({"loans": LOANS}, hide))
        assert len(portfolio.loans) == 1
        assert portfolio.warnings["message"].tolist() == [
            "book.xlsx:loans: the sheet is hidden; it is read like any other"
        ]

    def test_other_sheets_blank_rows_and_notes_beside_a_table_are_said(self, book) -> None:
        rows = [["member_id"], ["M1"], [None], ["M2", None, "checked"], [None, ""]]
        warnings = read_portfolio(book({"members": rows, "Sheet1": [], "notes": [["hello"]]})).warnings["message"]
        assert [text.split(";")[0] for text in warnings] == [
            "book.xlsx:members: column 'column 3' is not one of the table's and is left aside",
            "book.xlsx:members:3: 2 rows hold nothing and are left aside, first here",
            "book.xlsx:notes: is not one of the tables and is left aside",
        ]

    def test_a_wrong_size_in_the_file_hides_no_row(self, book) -> None:
        """Some programs write the size of a sheet as A1:A1, which would be taken for all of it."""
        path = book()
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data.replace(b'ref="A1:A4"', b'ref="A1:A1"'))
        assert len(read_portfolio(path).members) == 3


class TestManifest:
    def test_the_sheet_says_what_holds_for_all(self, book) -> None:
        manifest = [["format", 1], ["as_of", "2008-01-31"], ["currency", " THB "], ["seed", 7], [None, "x"]]
        portfolio = read_portfolio(book({"dataset": manifest}))
        assert str(portfolio) == "Portfolio at 2008-01-31 in THB: 3 members"
        assert portfolio.warnings["message"].tolist() == [
            "book.xlsx:dataset: seed means nothing here and is left aside; known are format, as_of, currency"
        ]

    @pytest.mark.parametrize(
        ("row", "end"),
        [
            (["as_of", "soon"], "as_of must be a date such as 2007-12-29, got 'soon'"),
            (["format", 2], "format must be 1, the only one this version reads, got 2"),
            (["currency", "yuan"], "currency must be a three-letter code such as CNY, got 'yuan'"),
        ],
    )
    def test_a_wrong_sheet_is_refused(self, row: list[object], end: str, book) -> None:
        path = book({"dataset": [row]})
        with pytest.raises(InputError) as refused:
            read_portfolio(path)
        assert str(refused.value) == f"{path}:dataset: {end}"

    def test_without_the_sheet_there_must_be_an_argument(self, tmp_path: Path) -> None:
        path = save(tmp_path / "book.xlsx", {"members": MEMBERS})
        with pytest.raises(InputError) as refused:
            read_portfolio(path)
        assert str(refused.value) == (
            f"{path}: the date of the data is not known; state as_of in a sheet named dataset "
            "(as_of beside 2007-12-29) or give it (--as-of 2007-12-29)"
        )
        assert len(read_portfolio(path, as_of="2007-12-29").members) == 3


def whole(sheets: dict[str, Rows]) -> bytes:
    file = io.BytesIO()
    save(file, sheets)  # type: ignore[arg-type]
    return file.getvalue()


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_WORKBOOKS: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "empty_file", "the file is empty, not even column names are there"),
    "a CSV file": (
        b"member_id\nM1\n",
        "not_workbook",
        "the file is no workbook; if it holds text with commas, name it .csv",
    ),
    "an old workbook": (
        OLE,
        "not_workbook",
        "the file is an old workbook (XLS) that was named .xlsx; save it as .xlsx",
    ),
    "a workbook with a password": (
        OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
        "protected_workbook",
        "the workbook opens with a password only; save it without one",
    ),
    "a Parquet file": (b"PAR1", "not_workbook", "the file is a Parquet file that was named .xlsx; name it .parquet"),
    "an OpenDocument file": (
        zipped("content.xml"),
        "not_workbook",
        "the file is an OpenDocument file; save it as .xlsx",
    ),
    "a binary workbook": (
        zipped("xl/workbook.bin"),
        "not_workbook",
        "the file is a binary workbook (XLSB); save it as .xlsx",
    ),
    "a text document": (
        zipped("word/document.xml"),
        "not_workbook",
        "the file is a text document (DOCX); a table is a workbook or a CSV file",
    ),
    "a ZIP file": (zipped("a"), "not_workbook", "the file is a ZIP file without a workbook in it"),
    "half a workbook": (
        whole({"members": MEMBERS})[:2000],
        "damaged_workbook",
        "the workbook is damaged or cut short; save or send it again",
    ),
    "a workbook without its insides": (
        zipped("xl/workbook.xml"),
        "damaged_workbook",
        "the workbook is damaged or cut short; save or send it again",
    ),
    "an empty workbook": (whole({"Sheet1": []}), "empty_file", "the workbook has no cell with anything in it"),
    "two sheets": (
        whole({"one": LOANS, "two": LOANS}),
        "unclear_sheet",
        "the workbook has several sheets (one, two); name one of them loans",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose members are sound."""
    place = tmp_path / "folder"
    place.mkdir()
    (place / "dataset.toml").write_text(MANIFEST)
    (place / "members.csv").write_text("member_id\nM1\nM2\n")
    return place


@pytest.mark.parametrize("case", NO_WORKBOOKS)
def test_what_is_no_workbook_is_one_problem(case: str, folder: Path) -> None:
    data, code, text = NO_WORKBOOKS[case]
    (folder / "loans.xlsx").write_bytes(data)
    with pytest.raises(DatasetError) as refused:
        read_portfolio(folder)
    assert refused.value.problems[["code", "message"]].to_numpy().tolist() == [[code, f"loans.xlsx: {text}"]]


@pytest.mark.parametrize("title", ["Sheet1", "贷款", "LOANS "])
def test_a_workbook_in_a_folder_is_the_table_of_its_name(title: str, folder: Path) -> None:
    save(folder / "贷款.xlsx", {"empty": [], title: [*LOANS, ["L2", "M9", 5]]})
    assert check_dataset(folder).problems["message"].tolist() == [
        f"贷款.xlsx:{title}:3: borrower_id must be in members, 'M9' is not"
    ]


def test_a_sheet_that_is_damaged_inside_is_said(book) -> None:
    path = book({"loans": LOANS})
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data[: len(data) // 2] if name.endswith("sheet3.xml") else data)
    assert check_dataset(path).problems["message"].tolist() == [
        "book.xlsx:loans: the workbook is damaged or cut short; save or send it again"
    ]


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("book.xls", "is a workbook of a kind that cannot be read; save it as .xlsx"),
        ("book.xlsx", "the file is no workbook; if it holds text with commas, name it .csv"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(name: str, end: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("member_id\n")
    with pytest.raises(InputError) as refused:
        read_portfolio(tmp_path / name)
    assert str(refused.value) == f"{tmp_path / name}: {end}"


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "book.xlsx", {"Sheet1": LOANS})
    with pytest.raises(InputError, match="no sheet bears the name of a table; the tables are: members, trades"):
        read_portfolio(path, as_of="2007-12-29")
