"""One faulty dataset for each message, and the whole message."""

import os
from pathlib import Path

import pytest
from dataset_files import MEMBERS, MakeDataset

from circles.dataset import check_dataset, read_portfolio
from circles.errors import DatasetError, InputError

LOAN = "loan_id,borrower_id,balance\n"
CUT = "which a spreadsheet cut short; export the column as text"

CASES: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "no amount": (
        {"members.csv": "member_id,resources\nM1,12k\n"},
        "unreadable",
        "members.csv:2: resources must be an amount in yuan, got '12k'",
    ),
    "no amount in 万元": (
        {"members.csv": "member_id,resources（万元）\nM1,12k\n"},
        "unreadable",
        "members.csv:2: resources（万元） must be an amount in 万元, got '12k'",
    ),
    "an amount as a spreadsheet shows large ones": (
        {"members.csv": "member_id,resources\nM1,1.5E+08\n"},
        "unreadable",
        "members.csv:2: resources must be an amount in yuan, got '1.5E+08'",
    ),
    "a decimal comma": (
        {"members.csv": 'member_id,resources\nM1,"12,34"\n'},
        "unreadable",
        "members.csv:2: resources must be an amount in yuan, got '12,34'",
    ),
    "three decimals": (
        {"members.csv": "member_id,resources\nM1,0.001\n"},
        "decimals",
        "members.csv:2: resources must have at most two decimals in yuan, got '0.001'",
    ),
    "seven decimals in 万元": (
        {"members.csv": "member_id,resources (万元)\nM1,0.0000001\n"},
        "decimals",
        "members.csv:2: resources (万元) must have at most two decimals in yuan, got '0.0000001'",
    ),
    "negative money": (
        {"loans.csv": f"{LOAN}L1,M1,-0.01\n"},
        "negative_amount",
        "loans.csv:2: balance must be at least 0, got '-0.01'",
    ),
    "too much money": (
        {"members.csv": "member_id,resources\nM1,10000000000000.01\n"},
        "out_of_range",
        "members.csv:2: resources must be at most 10,000,000,000,000 yuan in size, got '10000000000000.01'",
    ),
    "far too much money": (
        {"members.csv": f"member_id,resources（万元）\nM1,{'9' * 25}\n"},
        "out_of_range",
        f"members.csv:2: resources（万元） must be at most 1,000,000,000 万元 in size, got '{'9' * 25}'",
    ),
    "a rate in per cent": (
        {"members.csv": "member_id,default_probability\nM1,12%\n"},
        "unreadable",
        "members.csv:2: default_probability must be a fraction in [0, 1] (0.12, not 12%), got '12%'",
    ),
    "a rate above 1": (
        {"members.csv": "member_id,default_probability\nM1,1.2\n"},
        "out_of_range",
        "members.csv:2: default_probability must be a fraction in [0, 1], got '1.2'",
    ),
    "a rate that is nothing": (
        {"members.csv": "member_id,default_probability\nM1,nan\n"},
        "unreadable",
        "members.csv:2: default_probability must be a fraction in [0, 1] (0.12, not 12%), got 'nan'",
    ),
    "half a count": (
        {"loans.csv": "loan_id,borrower_id,balance,days_overdue\nL1,M1,5,1.5\n"},
        "unreadable",
        "loans.csv:2: days_overdue must be a whole number, got '1.5'",
    ),
    "a day that is not": (
        {"members.csv": "member_id,registered_on\nM1,2007-02-30\n"},
        "unreadable",
        "members.csv:2: registered_on must be a date such as 2007-12-29, got '2007-02-30'",
    ),
    "a day in an order of its own": (
        {"members.csv": "member_id,registered_on\nM1,29/12/2007\n"},
        "unreadable",
        "members.csv:2: registered_on must be a date such as 2007-12-29, got '29/12/2007'",
    ),
    "a month as a spreadsheet shows it": (
        {"trades.csv": "seller_id,buyer_id,period,amount\nM1,M2,Dec-07,5\n"},
        "unreadable",
        "trades.csv:2: period must be a month such as 2007-12, got 'Dec-07'",
    ),
    "an id that a spreadsheet cut": (
        {"members.csv": "member_id\n1.23E+17\n"},
        "damaged_id",
        f"members.csv:2: member_id must be an id as text, got '1.23E+17', {CUT}",
    ),
    "an empty id": (
        {"members.csv": "member_id,name\n  ,A\n"},
        "missing_value",
        "members.csv:2: member_id is required, got an empty cell",
    ),
    "an id twice": (
        {"members.csv": "member_id\nM1\n M1 \n"},
        "duplicate_key",
        "members.csv:3: member_id must be unique, 'M1' is there already",
    ),
    "an unknown reference": (
        {"loans.csv": f"{LOAN}L1,M9,5\n"},
        "unknown_reference",
        "loans.csv:2: borrower_id must be in members, 'M9' is not",
    ),
    "a missing column": (
        {"loans.csv": "loan_id,borrower_id,owed\nL1,M1,5\n"},
        "missing_column",
        "loans.csv: the required column balance is missing; the columns are: loan_id, borrower_id, owed",
    ),
    "a file of another form": (
        {"members.csv": "member_id;name\nM1;A\n"},
        "missing_column",
        "members.csv: the required column member_id is missing; the columns are: member_id;name",
    ),
    "two columns of one meaning": (
        {"members.csv": "member_id,name,企业名称\nM1,A,B\n"},
        "duplicate_column",
        "members.csv: the columns 'name' and '企业名称' both mean name; keep one",
    ),
    "the same column twice": (
        {"members.csv": "member_id,name,name\nM1,A,B\n"},
        "duplicate_column",
        "members.csv: the columns 'name' and 'name' both mean name; keep one",
    ),
    "an unknown unit": (
        {"loans.csv": "loan_id,borrower_id,balance（亿元）\nL1,M1,5\n"},
        "unknown_unit",
        "loans.csv: an amount may be in （元） or （万元）, got the header 'balance（亿元）'",
    ),
    "a rate in a unit": (
        {"members.csv": "member_id,default_probability(%)\nM1,5\n"},
        "unknown_unit",
        "members.csv: a rate is a fraction in [0, 1] under a header without a unit, "
        "got the header 'default_probability(%)'",
    ),
    "a frame's column in a file": (
        {"loans.csv": "loan_id,borrower_id,balance_fen\nL1,M1,5\n"},
        "fen_column",
        "loans.csv: files hold money in yuan: name the column balance and give yuan, not balance_fen",
    ),
    "a row too short": (
        {"loans.csv": f"{LOAN}L1,M1\n"},
        "ragged_row",
        "loans.csv:2: the row has 2 cells, the header has 3",
    ),
    "a row too long": (
        {"loans.csv": f"{LOAN}L1,M1,1,234.00\n"},
        "ragged_row",
        "loans.csv:2: the row has 4 cells, the header has 3",
    ),
    "text after a quote mark": (
        {"members.csv": 'member_id,name\nM1,"A"b\n'},
        "misplaced_quote",
        "members.csv:2: text follows a closing quote mark; a quote mark inside a cell is written twice",
    ),
    "a quote mark never closed": (
        {"members.csv": 'member_id,name\nM1,"A\nM2,B\nM3,C\n', "loans.csv": f"{LOAN}L1,M3,5\n"},
        "unclosed_quote",
        "members.csv:2: a cell starts with a quote mark that is never closed",
    ),
    "a file of 0 bytes": (
        {"loans.csv": b""},
        "empty_file",
        "loans.csv: the file is empty, not even column names are there",
    ),
    "a file of commas": (
        {"loans.csv": ",,\n,,\n"},
        "empty_file",
        "loans.csv: the file has no cell with anything in it",
    ),
    "a workbook renamed": (
        {"members.csv": b"PK\x03\x04\x14\0\x06\0", "loans.csv": f"{LOAN}L1,M1,5\n"},
        "not_csv",
        "members.csv: the file is a workbook (XLSX) that was named .csv; open it and save it as CSV UTF-8",
    ),
    "an old workbook renamed": (
        {"loans.csv": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        "not_csv",
        "loans.csv: the file is a workbook (XLS) that was named .csv; open it and save it as CSV UTF-8",
    ),
    "UTF-16": (
        {"loans.csv": f"{LOAN}L1,M1,5\n".encode("utf-16")},
        "not_csv",
        "loans.csv: the file is in UTF-16 (Unicode text); save it as CSV UTF-8, or give the encoding utf-16",
    ),
    "UTF-16 without a mark": (
        {"loans.csv": f"{LOAN}L1,M1,5\n".encode("utf-16-le")},
        "nul_byte",
        "loans.csv:1: there is a NUL byte at byte 2: this is no text, or UTF-16 without its mark",
    ),
    "a NUL byte": (
        {"members.csv": b"member_id\nM1\nM\0 2\n"},
        "nul_byte",
        "members.csv:3: there is a NUL byte at byte 15: this is no text, or UTF-16 without its mark",
    ),
    "no encoding at all": (
        {"members.csv": b"member_id\nM1\n\xff\xff\n"},
        "undecodable",
        "members.csv:3: the file is not in UTF-8 nor in GB18030: byte 14 does not belong there; "
        "give the right encoding",
    ),
    "a mark of UTF-8 before something else": (
        {"members.csv": b"\xef\xbb\xbfmember_id\n" + "企业".encode("gb18030")},
        "undecodable",
        "members.csv:2: the file is not in UTF-8, as its mark says: byte 14 does not belong there; "
        "give the right encoding",
    ),
    "two encodings": (
        {"members.csv": "member_id,name\nM1,浙江企业\n".encode() + "M2,杭州企业\n".encode("gb18030")},
        "mixed_encoding",
        "members.csv:3: byte 35 of the file is not UTF-8 and other lines are: the file is damaged or in two "
        "encodings; save it anew as CSV UTF-8, or give its encoding",
    ),
    "a table in a workbook": (
        {"loans.xls": b"PK"},
        "unsupported_format",
        "loans.csv: loans.xls cannot be read; save the table as loans.csv, loans.xlsx or loans.parquet",
    ),
    "a table in files of two kinds": (
        {"members.xlsx": b"PK"},
        "duplicate_table",
        "members.csv: the files members.csv and members.xlsx are both this table; keep one",
    ),
    "notes above the names of the columns": (
        {"loans.csv": f"Loans of 2007,,\n,,\n{LOAN}L1,M1,5\n"},
        "names_not_first",
        "loans.csv:1: the names of the columns must be in the first row, they are on line 3; delete what is above",
    ),
    "a table in two files": (
        {"Members.CSV": MEMBERS},
        "duplicate_table",
        "members.csv: the files Members.CSV and members.csv are both this table; keep one",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_one_problem_with_file_and_line(case: str, make_dataset: MakeDataset) -> None:
    files, code, message = CASES[case]
    folder = make_dataset(files)
    with pytest.raises(DatasetError) as refused:
        read_portfolio(folder)
    assert refused.value.problems[["code", "message"]].to_numpy().tolist() == [[code, message]]
    found = check_dataset(folder)
    assert not found.passed
    assert found.problems["message"].tolist() == [message]


def test_problems_in_files_and_between_them_come_together(make_dataset: MakeDataset) -> None:
    """A cell that cannot be read is reported once, and does not hide what else is wrong."""
    folder = make_dataset(
        {
            "members.csv": "会员编号,贷款,resources,registered_on\nM1,x,12k,2007-02-30\nM1,,-5,\nM2,,1\n",
            "loans.csv": 'loan_id,borrower_id,balance,lender\nL1,M9,"1,2",\n\nL2,"M\n1",,"a\nb"\nL2,M2,1e5,\n',
        }
    )
    found = check_dataset(folder).problems
    assert found[["file", "line", "column", "value", "code"]].to_numpy().tolist() == [
        ["loans.csv", 2, "balance", "1,2", "unreadable"],
        ["loans.csv", 2, "borrower_id", "M9", "unknown_reference"],
        ["loans.csv", 4, "balance", "", "missing_value"],
        ["loans.csv", 4, "borrower_id", "M\n1", "unknown_reference"],
        ["loans.csv", 7, "balance", "1e5", "unreadable"],
        ["loans.csv", 7, "loan_id", "L2", "duplicate_key"],
        ["members.csv", 2, "resources", "12k", "unreadable"],
        ["members.csv", 2, "registered_on", "2007-02-30", "unreadable"],
        ["members.csv", 3, "resources", "-5", "negative_amount"],
        ["members.csv", 3, "会员编号", "M1", "duplicate_key"],
        ["members.csv", 4, "", "", "ragged_row"],
    ]


def test_a_table_that_cannot_be_read_is_not_blamed_on_those_that_refer_to_it(make_dataset: MakeDataset) -> None:
    loans = f"{LOAN}" + "".join(f"L{i},M1,5\n" for i in range(100))
    found = check_dataset(make_dataset({"members.csv": b"", "loans.csv": loans}))
    assert found.problems["code"].tolist() == ["empty_file"]


def test_a_dataset_without_members_is_one_problem(make_dataset: MakeDataset) -> None:
    folder = make_dataset({"loans.csv": f"{LOAN}L1,M1,5\n"})
    (folder / "members.csv").unlink()
    with pytest.raises(DatasetError) as refused:
        read_portfolio(folder)
    assert refused.value.problems["message"].tolist() == ["members.csv: the members table is required and is not there"]


class TestFolders:
    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as refused:
            read_portfolio(tmp_path / "none")
        assert str(refused.value) == f"{tmp_path / 'none'}: there is no such file or folder"

    def test_a_file_for_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "book.csv").write_bytes(b"member_id")
        with pytest.raises(InputError) as refused:
            check_dataset(tmp_path / "book.csv")
        assert str(refused.value) == (
            f"{tmp_path / 'book.csv'}: is neither a folder nor a workbook (.xlsx); "
            "give the folder that holds members.csv"
        )

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as refused:
            read_portfolio(tmp_path, as_of="2007-12-29")
        assert str(refused.value) == (
            f"{tmp_path}: holds no table; a dataset is a folder with members.csv and other tables, or a workbook"
        )

    @pytest.mark.parametrize("name", ["a\0b", "x" * 300])
    def test_what_is_no_name(self, name: str) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            read_portfolio(name)

    def test_a_loop_of_links(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        with pytest.raises(InputError, match="cannot be read: Too many levels of symbolic links"):
            read_portfolio(tmp_path / "loop")

    def test_a_folder_or_a_loop_or_a_pipe_for_a_table(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({})
        (folder / "loans.csv").mkdir()
        (folder / "circles.csv").symlink_to(folder / "circles.csv")
        os.mkfifo(folder / "links.csv")
        assert check_dataset(folder).problems["message"].tolist() == [
            "circles.csv: the file cannot be read: Too many levels of symbolic links",
            "links.csv: this is no file; a table is one file",
            "loans.csv: this is no file; a table is one file",
        ]

    def test_a_file_that_may_not_be_read(self, make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = make_dataset({})

        def refuse(path: Path) -> bytes:
            if path.suffix == ".toml":
                raise FileNotFoundError
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
        assert check_dataset(folder, as_of="2007-12-29").problems["message"].tolist() == [
            "members.csv: the file cannot be read: Permission denied"
        ]


class TestManifest:
    @pytest.mark.parametrize(
        ("manifest", "end"),
        [
            ("as_of = \n", "is not TOML in UTF-8: Invalid value (at line 1, column 9)"),
            ("as_of = 2007-02-30\n", "is not TOML in UTF-8: Invalid date or datetime (at line 1, column 9)"),
            ('as_of = "soon"\n', "as_of must be a date such as 2007-12-29, got 'soon'"),
            ("as_of = 20071229\n", "as_of must be a date such as 2007-12-29, got 20071229"),
            ('as_of = 2007-12-29\ncurrency = "yuan"\n', "currency must be a three-letter code such as CNY, got 'yuan'"),
            ("format = 2\n", "format must be 1, the only one this version reads, got 2"),
            ('format = "1"\n', "format must be 1, the only one this version reads, got '1'"),
            ("format = true\n", "format must be 1, the only one this version reads, got True"),
        ],
    )
    def test_a_wrong_manifest_is_refused(self, manifest: str, end: str, make_dataset: MakeDataset) -> None:
        folder = make_dataset({}, manifest=manifest)
        with pytest.raises(InputError) as refused:
            read_portfolio(folder)
        assert str(refused.value).startswith(f"{folder / 'dataset.toml'}: {end}")

    def test_without_a_date_there_must_be_an_argument(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({}, manifest=None)
        with pytest.raises(InputError) as refused:
            read_portfolio(folder)
        assert str(refused.value) == (
            f"{folder}: the date of the data is not known; state as_of in dataset.toml or give it (--as-of 2007-12-29)"
        )
        assert str(read_portfolio(folder, as_of="2008-01-31")) == "Portfolio at 2008-01-31 in CNY: 3 members"

    def test_an_argument_is_stronger_and_says_so(self, make_dataset: MakeDataset) -> None:
        portfolio = read_portfolio(make_dataset({}), as_of="2008-01-31", currency="USD")
        assert str(portfolio) == "Portfolio at 2008-01-31 in USD: 3 members"
        assert portfolio.warnings["message"].tolist() == [
            "dataset.toml: states as_of 2007-12-29; read as of 2008-01-31, as given"
        ]

    @pytest.mark.parametrize("argument", [{"as_of": "soon"}, {"currency": "yuan"}, {"encoding": "klingon"}])
    def test_a_wrong_argument_is_refused(self, argument: dict[str, str], make_dataset: MakeDataset) -> None:
        with pytest.raises(InputError, match=f"{next(iter(argument))} must be"):
            read_portfolio(make_dataset({}), **argument)

    @pytest.mark.parametrize("encoding", ["", "hex", "utf-8\0"])
    def test_what_is_no_text_encoding_is_refused(self, encoding: str, make_dataset: MakeDataset) -> None:
        with pytest.raises(InputError, match="encoding must be one that Python knows, such as utf-8 or gb18030"):
            read_portfolio(make_dataset({}), encoding=encoding)
