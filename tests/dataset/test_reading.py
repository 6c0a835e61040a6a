"""Files as people really send them."""

from pathlib import Path

import pandas as pd
import pytest
from dataset_files import MEMBERS, MakeDataset

from circles.dataset import check_dataset, read_portfolio
from circles.dataset.synonyms import SYNONYMS
from circles.portfolio import TABLES, Portfolio

CHINESE = "会员编号,企业名称,注册资本（万元）,违约概率,注册日期\nM1,杭州某某纺织有限公司,12.345,0.05,2006年5月1日\n"


def read_members(make_dataset: MakeDataset, text: str | bytes) -> pd.DataFrame:
    return read_portfolio(make_dataset({"members.csv": text})).members


class TestAmounts:
    @pytest.mark.parametrize(
        ("cell", "fen"),
        [
            ("0", 0),
            ("12", 1200),
            ("12.3", 1230),
            ("12.34", 1234),
            ("12.340", 1234),
            ("007", 700),
            ("+5", 500),
            ('"1,234,567.89"', 123456789),
            ("￥12", 1200),
            ("¥ 12", 1200),
            (" 12 ", 1200),
            ("\u300012\u00a0", 1200),
            ("\uff11\uff12\uff0e\uff15", 1250),
            ('"\uff11，\uff12\uff13\uff14"', 123400),
            ("9999999999999.99", 999999999999999),
            ("10000000000000", 10**15),
            ("0000000000000000000000012", 1200),
        ],
    )
    def test_yuan_become_fen_exactly(self, cell: str, fen: int, make_dataset: MakeDataset) -> None:
        members = read_members(make_dataset, f"member_id,resources\nM1,{cell}\n")
        assert members["resources_fen"].tolist() == [fen]

    @pytest.mark.parametrize(
        ("cell", "fen"), [("12.345", 12345000), ("0.000001", 1), ("1", 10**6), ('"1,234.5"', 1234500000)]
    )
    def test_ten_thousands_become_fen_exactly(self, cell: str, fen: int, make_dataset: MakeDataset) -> None:
        members = read_members(make_dataset, f"member_id,resources（万元）\nM1,{cell}\n")
        assert members["resources_fen"].tolist() == [fen]

    def test_every_fen_of_a_column_is_counted(self, make_dataset: MakeDataset) -> None:
        """Floats lose the last fen of such amounts; a column of them comes back whole."""
        fen = [i * 99_999_999_999 + i for i in range(10_000)]
        rows = "".join(f"M{i},{n // 100}.{n % 100:02d}\n" for i, n in enumerate(fen))
        assert read_members(make_dataset, f"member_id,resources\n{rows}")["resources_fen"].tolist() == fen

    def test_net_assets_may_be_negative_with_any_minus(self, make_dataset: MakeDataset) -> None:
        members = read_members(make_dataset, "member_id,net_assets\nM1,-5.01\nM2,−5\nM3,\uff0d5\nM4,\n")
        assert members["net_assets_fen"].tolist() == [-501, -500, -500, pd.NA]


class TestDatesAndNumbers:
    @pytest.mark.parametrize(
        "cell",
        ["2024-06-01", "2024-6-1", "2024/6/1", "2024/06/01", "20240601", "2024年6月1日", " 2024-06-01 00:00:00 "],
    )
    def test_a_day_may_be_written_in_several_ways(self, cell: str, make_dataset: MakeDataset) -> None:
        members = read_members(make_dataset, f"member_id,registered_on\nM1,{cell}\n")
        assert members["registered_on"].tolist() == [pd.Timestamp("2024-06-01")]

    @pytest.mark.parametrize("cell", ["2007-05", "2007-5", "2007/5", "200705", "2007年5月", "2007-05-31"])
    def test_a_month_may_be_written_in_several_ways(self, cell: str, make_dataset: MakeDataset) -> None:
        trades = f"seller_id,buyer_id,period,amount\nM1,M2,{cell},1\n"
        portfolio = read_portfolio(make_dataset({"trades.csv": trades}))
        assert portfolio.trades["period"].tolist() == [pd.Timestamp("2007-05-01")]

    @pytest.mark.parametrize(
        "cell", ["2024-06-01 13:00", "2024.6.1", "June 1 2024", "2024-0601", "202461", "45444", "2024-13-01"]
    )
    def test_what_is_not_plainly_a_day_is_not_guessed(self, cell: str, make_dataset: MakeDataset) -> None:
        found = check_dataset(make_dataset({"members.csv": f"member_id,registered_on\nM1,{cell}\n"}))
        assert found.problems["code"].tolist() == ["unreadable"]

    def test_rates_and_counts_are_read_as_written(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset(
            {
                "members.csv": "member_id,default_probability\nM1,1e-05\nM2,.5\nM3,1\n",
                "loans.csv": 'loan_id,borrower_id,balance,days_overdue\nL1,M1,1,"1,000"\nL2,M1,1,3.0\n',
            }
        )
        portfolio = read_portfolio(folder)
        assert portfolio.members["default_probability"].tolist() == [0.00001, 0.5, 1.0]
        assert portfolio.loans["days_overdue"].tolist() == [1000, 3]


class TestHeaders:
    @pytest.mark.parametrize(
        "header",
        [
            "Member_ID",
            " member id ",
            "MEMBER-ID",
            "\ufeffmember_id",
            "企业编号",
            "统一社会信用代码",
            "会员ＩＤ",
            '"member\n_id"',
        ],
    )
    def test_names_are_compared_without_case_blanks_and_width(self, header: str, make_dataset: MakeDataset) -> None:
        assert read_members(make_dataset, f"{header}\nM1\n")["member_id"].tolist() == ["M1"]

    @pytest.mark.parametrize("unit", ["(元)", "（元）", " （人民币元）", "(yuan)"])
    def test_an_amount_may_say_that_it_is_in_yuan(self, unit: str, make_dataset: MakeDataset) -> None:
        assert read_members(make_dataset, f"member_id,可用资金{unit}\nM1,5\n")["resources_fen"].tolist() == [500]

    @pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
    def test_no_name_stands_for_two_columns_of_a_table(self, table: object) -> None:
        names = [name for column in table.columns for name in (column.name, *SYNONYMS.get(column.name, ()))]
        assert len(names) == len(set(names))

    def test_every_column_has_a_chinese_name(self) -> None:
        columns = {column.name for table in TABLES.values() for column in table.columns}
        assert set(SYNONYMS) == columns

    def test_a_column_of_others_is_left_aside_with_a_warning(self, make_dataset: MakeDataset) -> None:
        portfolio = read_portfolio(make_dataset({"members.csv": "member_id,colour,,\nM1,red,x,\n"}))
        assert portfolio.warnings["message"].tolist() == [
            "members.csv: column 'colour' is not one of the table's and is left aside",
            "members.csv: column 'column 3' is not one of the table's and is left aside",
        ]


class TestRows:
    def test_blank_lines_are_nothing_and_rows_of_commas_a_warning(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({"members.csv": "\n,\nmember_id,name\n\nM1,A\n,\n , \n,\n"})
        found = check_dataset(folder)
        assert found.warnings["message"].tolist() == [
            "members.csv:2: 3 rows hold nothing and are left aside, first here"
        ]
        assert found.problems["line"].tolist() == [7]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_may_end_in_any_way(self, end: str, make_dataset: MakeDataset) -> None:
        assert read_members(make_dataset, f"member_id{end}M1{end}M2")["member_id"].tolist() == ["M1", "M2"]

    def test_only_a_header_is_an_empty_table(self, make_dataset: MakeDataset) -> None:
        portfolio = read_portfolio(
            make_dataset({"members.csv": "member_id\n", "loans.csv": "loan_id,borrower_id,balance"})
        )
        assert len(portfolio.members) == 0
        assert portfolio.warnings["message"].tolist() == [
            "loans.csv: the table has no rows",
            "members.csv: the table has no rows",
        ]

    def test_a_cell_of_any_length_is_read(self, make_dataset: MakeDataset) -> None:
        names = ["x" * n for n in (1, 7, 8, 9, 47, 48, 49, 100_000)]
        rows = "".join(f"M{i},{name}\n" for i, name in enumerate(names))
        assert read_members(make_dataset, f"member_id,name\n{rows}")["name"].tolist() == names

    def test_ids_are_text_whatever_they_look_like(self, make_dataset: MakeDataset) -> None:
        ids = ["NA", "null", "None", "nan", "007", "1e5", "1.5", "TRUE", "-", "#N/A"]
        assert read_members(make_dataset, "member_id\n" + "\n".join(ids))["member_id"].tolist() == ids


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_utf8_is_read_without_a_word(self, encoding: str, make_dataset: MakeDataset) -> None:
        portfolio = read_portfolio(make_dataset({"members.csv": CHINESE.encode(encoding)}))
        assert portfolio.members["name"].tolist() == ["杭州某某纺织有限公司"]
        assert portfolio.members["registered_capital_fen"].tolist() == [12345000]
        assert portfolio.warnings.empty

    @pytest.mark.parametrize("encoding", ["gbk", "gb2312", "gb18030"])
    def test_gb18030_is_guessed_and_said(self, encoding: str, make_dataset: MakeDataset) -> None:
        portfolio = read_portfolio(make_dataset({"members.csv": CHINESE.encode(encoding)}))
        assert portfolio.members["name"].tolist() == ["杭州某某纺织有限公司"]
        assert portfolio.warnings[["code", "message"]].to_numpy().tolist() == [
            [
                "encoding",
                "members.csv: read as GB18030, which it seems to be; if the names look wrong, give the encoding",
            ]
        ]

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8"])
    def test_an_encoding_that_is_given_is_used(self, encoding: str, make_dataset: MakeDataset) -> None:
        folder = make_dataset({"members.csv": CHINESE.encode(encoding)})
        portfolio = read_portfolio(folder, encoding=encoding)
        assert portfolio.members["name"].tolist() == ["杭州某某纺织有限公司"]
        assert portfolio.warnings.empty

    def test_an_encoding_that_is_given_wrongly_is_refused(self, make_dataset: MakeDataset) -> None:
        found = check_dataset(make_dataset({"members.csv": CHINESE.encode("gbk")}), encoding="utf-8")
        assert found.problems["message"].tolist() == [
            "members.csv:1: the file is not in utf-8: byte 1 does not belong there; give the right encoding"
        ]

    def test_a_short_word_that_is_utf8_by_chance_is_still_gbk(self, make_dataset: MakeDataset) -> None:
        """联通 in GBK is two characters in UTF-8 as well; the other lines decide."""
        text = "member_id,name\nM1,联通\nM2,浙江移动\n"
        assert read_members(make_dataset, text.encode("gbk"))["name"].tolist() == ["联通", "浙江移动"]


class TestFolders:
    def test_table_names_are_found_in_any_case(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({"LOANS.CSV": "loan_id,borrower_id,balance\nL1,M1,5\n"})
        assert len(read_portfolio(folder).loans) == 1

    def test_what_is_no_table_is_left_aside_and_said(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({"notes.csv": "x", "members.xls": "x", "readme.md": "x", ".~lock.loans.csv#": "x"})
        assert read_portfolio(folder).warnings["message"].tolist() == [
            "members.xls: is left aside, members.csv is read",
            f"notes.csv: is not one of the tables and is left aside; the tables are: {', '.join(TABLES)}",
        ]

    def test_a_key_of_the_manifest_that_means_nothing_is_said(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({}, manifest='\ufeffas_of = "2007-12-29"\nseed = 7\n')
        assert read_portfolio(folder).warnings["message"].tolist() == [
            "dataset.toml: seed means nothing here and is left aside; known are format, as_of, currency"
        ]


class TestChecks:
    def test_a_sound_dataset_passes_with_its_portfolio(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset({"members.csv": "member_id,resources\nM1,5\nM2,\n"})
        found = check_dataset(folder)
        assert found.passed
        assert found.portfolio.digest() == read_portfolio(folder).digest()
        assert str(found) == f"{folder}: Portfolio at 2007-12-29 in CNY: 2 members\n0 problems, 0 warnings"
        assert found.profile.to_numpy().tolist() == [
            ["members", "member_id", 2, 0, "", ""],
            ["members", "resources", 2, 1, "5.00", "5.00"],
        ]

    def test_a_faulty_dataset_is_described_all_the_same(self, make_dataset: MakeDataset) -> None:
        found = check_dataset(make_dataset({"members.csv": "member_id,joined_on\nM1,x\nM2,2007/1/5\n"}))
        assert found.portfolio is None
        assert str(found).endswith("book: 2 members\n1 problem, 0 warnings")
        assert found.profile.to_numpy().tolist()[1] == ["members", "joined_on", 2, 1, "2007-01-05", "2007-01-05"]


FRAMES_AND_FILES: dict[str, tuple[dict[str, pd.DataFrame], dict[str, str]]] = {
    "ids twice": ({"members": pd.DataFrame({"member_id": ["M1", "M1"]})}, {"members.csv": "member_id\nM1\nM1\n"}),
    "a cut id": ({"members": pd.DataFrame({"member_id": ["1E+9"]})}, {"members.csv": "member_id\n1E+9\n"}),
    "no amount": (
        {"members": pd.DataFrame({"member_id": ["M1"], "resources_fen": ["x"]})},
        {"members.csv": "member_id,resources\nM1,x\n"},
    ),
    "negative": (
        {"members": pd.DataFrame({"member_id": ["M1"], "resources_fen": [-1]})},
        {"members.csv": "member_id,resources\nM1,-0.01\n"},
    ),
    "no rate": (
        {"members": pd.DataFrame({"member_id": ["M1"], "recovery_rate": [2.0]})},
        {"members.csv": "member_id,recovery_rate\nM1,2\n"},
    ),
    "no day": (
        {"members": pd.DataFrame({"member_id": ["M1"], "joined_on": ["2007-02-30"]})},
        {"members.csv": "member_id,joined_on\nM1,2007-02-30\n"},
    ),
    "unknown": (
        {
            "members": pd.DataFrame({"member_id": ["M1"]}),
            "activity": pd.DataFrame({"member_id": ["M2"], "date": ["2007-01-01"], "kind": ["x"]}),
        },
        {"members.csv": "member_id\nM1\n", "activity.csv": "member_id,date,kind\nM2,2007-01-01,x\n"},
    ),
    "itself": (
        {
            "members": pd.DataFrame({"member_id": ["M1"]}),
            "exclusions": pd.DataFrame({"member_a": ["M1"], "member_b": ["M1"]}),
        },
        {"members.csv": "member_id\nM1\n", "exclusions.csv": "member_a,member_b\nM1,M1\n"},
    ),
    "no column": (
        {"members": pd.DataFrame({"name": ["M1"]})},
        {"members.csv": "name\nM1\n"},
    ),
}


@pytest.mark.parametrize("case", FRAMES_AND_FILES)
def test_frames_and_files_are_refused_for_the_same_reasons(case: str, make_dataset: MakeDataset) -> None:
    frames, files = FRAMES_AND_FILES[case]
    with pytest.raises(ValueError, match="nothing was loaded") as from_frames:
        Portfolio.from_frames(as_of="2007-12-29", **frames)
    with pytest.raises(ValueError, match="nothing was loaded") as from_files:
        read_portfolio(make_dataset(files))
    assert list(from_frames.value.problems["code"]) == list(from_files.value.problems["code"])


def test_a_reading_does_not_touch_the_files(make_dataset: MakeDataset) -> None:
    folder = make_dataset({"members.csv": MEMBERS})
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in Path(folder).iterdir()}
    read_portfolio(folder)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in Path(folder).iterdir()} == before
