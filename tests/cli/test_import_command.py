"""``circles import``: a folder of tables from somebody else's files, with an account of every row."""

from pathlib import Path

import pytest

import circles


@pytest.fixture
def kag(tmp_path: Path) -> Path:
    folder = tmp_path / "kag"
    folder.mkdir()
    (folder / "Company.csv").write_text("id,name,product\nA,One,x\nB,Two,y\n")
    (folder / "Product.csv").write_text("id,belongToIndustry,hasSupplyChain\nx,Things,y\n")
    (folder / "Company_fundTrans_Company.csv").write_text("srcId,dstId,transDate,transAmt\nA,B,20230821,5\n")
    (folder / "Person.csv").write_text("id,name,age,legalRepresentative\n")
    return folder


def test_an_import_writes_tables_that_can_be_read_and_accounts_for_the_rows(command, kag: Path, tmp_path: Path) -> None:
    done = command("import", "kag", kag, "out")
    assert done.code == 0
    assert "1  pairs next to each other in the product chain" in done.out
    read = circles.read_portfolio(tmp_path / "out")
    assert read.digest() == circles.import_kag(kag).portfolio.digest()


def test_a_folder_that_is_there_is_kept_unless_forced(command, kag: Path, tmp_path: Path) -> None:
    command("import", "kag", kag, "out")
    before = (tmp_path / "out/members.csv").read_bytes()
    (kag / "Company.csv").write_text("id,name,product\nA,One,x\nB,Three,y\n")
    refused = command("import", "kag", kag, "out")
    assert refused.code == 2
    assert "--force" in refused.err
    assert (tmp_path / "out/members.csv").read_bytes() == before
    assert command("import", "kag", kag, "out", "--force").code == 0
    assert (tmp_path / "out/members.csv").read_bytes() != before


def test_a_missing_file_is_said_and_nothing_is_written(command, kag: Path, tmp_path: Path) -> None:
    done = command("import", "finbench", kag, "out")
    assert done.code == 2
    assert "AddCompanyGuaranteeCompanyWrite11.csv: there is no such file" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kag", "kag", "out", "--cap", "5"], "--cap is for finbench only"),
        (["finbench", "kag", "out", "--cap", "much"], "an amount in yuan has digits"),
        (["ldbc", "kag", "out"], "'ldbc' is not one of 'finbench', 'kag'"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(command, kag: Path, arguments: list[str], said: str) -> None:
    done = command("import", *arguments)
    assert done.code == 2
    assert said in done.err


def test_the_real_slice_keeps_all_guarantees_with_a_stated_cap(command, public_data, tmp_path: Path) -> None:
    done = command("import", "finbench", public_data("finbench"), "out", "--cap", "1,000,000")
    assert done.code == 0
    assert "122  guarantees whose borrower has none, capped as stated" in done.out
    guarantees = circles.read_portfolio(tmp_path / "out").guarantees
    assert (len(guarantees), (guarantees["amount_fen"] == 100_000_000).sum()) == (136, 122)
