"""``circles interventions`` and ``circles fragility`` as a shell would run them, on two firms."""

import json
from pathlib import Path

import pytest
from contagion.pair_book import pair, promise

import circles
from circles.cli.tried import parse_intervention


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pair") / "pair"
    circles.write_portfolio(pair(), path)
    return path


def test_proposals_are_ranked_and_the_base_is_told(command, folder: Path) -> None:
    done = command("interventions", folder, "--terms", "worst", "--trials", 20)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("Expected loss 170.00 over 20 trials (seed 7, correlation 0.12)")
    assert lines[2].startswith("E joins C1 as guarantor"), "both it and the standstill avoid 100 for nothing"
    assert "bail out A" in done.out


def test_what_is_tried_is_compared_as_json(command, folder: Path) -> None:
    tried = ["--try", "deposit:C1=70@35", "--try", "standstill:C1"]
    rows = json.loads(
        command("interventions", folder, "--terms", "worst", "--trials", 20, "--format", "json", *tried).out
    )
    assert [row["kind"] for row in rows] == ["standstill", "add_deposit"]
    assert rows[1]["cost_fen"] == 35_00
    assert rows[1]["avoided_fen"] == 170_00
    assert rows[0]["avoided_per_yuan"] is None


def test_one_default_is_replayed(command, folder: Path) -> None:
    done = command(
        "interventions", folder, "--terms", "worst", "--default", "B", "--try", "bail-out:B=5", "--format", "csv"
    )
    assert done.out.splitlines()[1].startswith("bail out B,bail_out,500,0,20000,")


def test_nothing_at_stake_is_a_finding(command, tmp_path: Path) -> None:
    circles.write_portfolio(pair().replace(loans=pair().loans.head(0)), tmp_path / "nothing")
    done = command("interventions", "nothing")
    assert done.code == 1
    assert "nothing to propose" in done.err


def test_a_fragile_circle_is_a_finding_and_a_sound_one_is_not(command, folder: Path) -> None:
    broken = command("fragility", folder, "--circle", "C1", "--terms", "worst")
    assert broken.code == 1
    assert "a further deposit of 100.00 would hold it" in broken.out
    rows = json.loads(command("fragility", folder, "--circle", "C1", "--terms", "worst", "--format", "json").out)
    assert [(row["failing_id"], row["deposit_fen"]) for row in rows] == [("A", 100_00), ("B", 100_00)]
    swaps = [(row["swap_leaves_id"], row["swap_joins_id"], row["swap_deposit_fen"]) for row in rows]
    assert swaps == [("A", "E", 0)] * 2
    assert "for E, without a loan (acquainted with 0 of 1 who stay) would hold it; 1 of 2 swaps tried" in broken.out
    named = command("fragility", folder, "--circle", "C1", "--terms", "worst", "--candidate", "E", "--swaps", 0)
    assert "no swap was found that would hold it with less deposit; 0 of 2 swaps tried" in named.out
    assert command("fragility", folder, "--circle", "C1", "--candidate", "B").code == 2
    sound = command("fragility", folder, "--circle", "C1", "--term", "recovery_rate=1")
    assert sound.code == 0
    assert "no single failure breaks circle C1" in sound.out
    unknown = command("fragility", folder, "--circle", "C9")
    assert unknown.code == 2
    assert "circle 'C9' is not in the portfolio; it has C1" in unknown.err


def test_standstill_is_a_term_of_any_command(command, folder: Path) -> None:
    done = command("cascade", folder, "--default", "A", "--terms", "worst", "--term", "standstill=C1")
    assert "bank loss 70.00 yuan" in done.out


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("bail-out:A=1,000", circles.BailOut(member_id="A", cost_fen=1_000_00)),
        ("bail-out:A=1000@5", circles.BailOut(member_id="A", cost_fen=5_00)),
        ("deposit:C1=0.5", circles.AddDeposit(circle_id="C1", amount_fen=50, cost_fen=50)),
        ("guarantor:C1=E", circles.AddGuarantor(circle_id="C1", guarantor_id="E")),
        ("split:C1=A,B@2", circles.SplitCircle(circle_id="C1", leaving=("A", "B"), cost_fen=2_00)),
        ("standstill:C1", circles.Standstill(circle_id="C1")),
        ("cut:G1@3", circles.CutGuarantee(guarantee_id="G1", cost_fen=3_00)),
        ("replace:G1=E", circles.ReplaceGuarantor(guarantee_id="G1", guarantor_id="E")),
        ("guarantee:E=A,10", circles.AddGuarantee(guarantor_id="E", borrower_id="A", amount_fen=10_00)),
    ],
)
def test_each_way_to_write_an_intervention(text: str, same: circles.BailOut) -> None:
    assert parse_intervention(text) == same


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rescue:A=1", "the ways are: bail-out:MEMBER=YUAN, deposit"),
        ("cut", "write cut:GUARANTEE"),
        ("cut:G1=5", "write cut:GUARANTEE"),
        ("deposit:C1", "write deposit:CIRCLE=YUAN"),
        ("deposit:=5", "write deposit:CIRCLE=YUAN"),
        ("deposit:C1=", "write deposit:CIRCLE=YUAN"),
        ("deposit:C1=much", "an amount in yuan"),
        ("guarantee:E=10", "write guarantee:MEMBER=BORROWER,YUAN"),
    ],
)
def test_what_is_no_intervention_is_refused(command, folder: Path, text: str, message: str) -> None:
    done = command("interventions", folder, "--try", text)
    assert done.code == 2
    assert message in done.err


def test_a_guarantee_is_cut_from_the_command_line(command, tmp_path: Path) -> None:
    circles.write_portfolio(promise(50_00), tmp_path / "promise")
    rows = json.loads(
        command(
            "interventions", "promise", "--terms", "worst", "--try", "cut:G1", "--trials", 9, "--format", "json"
        ).out
    )
    assert (rows[0]["avoided_fen"], rows[0]["worse_share"]) == (-10_00, 1.0)
