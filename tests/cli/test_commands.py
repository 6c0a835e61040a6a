"""Each command: what it prints, what it writes, and its exit code."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import circles
from circles import Terms
from circles.contagion import read_losses

Command = Callable[..., "object"]


def test_help_lists_every_command(command) -> None:
    shown = command("--help").out
    for name in [
        "check",
        "generate",
        "import",
        "export",
        "convert",
        "load",
        "match",
        "cascade",
        "tail",
        "worst-sets",
        "sweep",
        "shock",
        "reverse-stress",
        "compare",
        "losses",
        "rank",
        "interventions",
        "fragility",
        "horizon",
        "backtest",
        "map",
        "replay",
        "report",
        "demo",
        "doctor",
        "neo4j",
    ]:
        assert re.search(rf"^\s+{name}\s+\w", shown, re.MULTILINE), name


def test_version(command) -> None:
    assert command("--version").out == f"circles {circles.__version__}\n"


def test_check_of_a_sound_folder_says_so(command, book: Path) -> None:
    done = command("check", book)
    assert done.code == 0
    assert "150" in done.out


def test_check_lists_every_problem_with_its_line_and_exits_2(command, book: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "dataset.toml").write_text("format = 1\nas_of = 2007-12-29\n")
    (bad / "members.csv").write_text("member_id,resources\nA,12k\nA,-5\n1.23E+17,1\n", encoding="utf-8")
    done = command("check", bad)
    assert done.code == 2
    assert "members.csv:2: resources must be an amount in yuan" in done.err
    assert "members.csv:3:" in done.err
    assert "members.csv:4:" in done.err
    listed = json.loads(command("check", bad, "--format", "json").out)
    assert len(listed) >= 4


def test_generate_writes_the_same_bytes_for_the_same_seed(command, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert command("generate", name, "--members", 40, "--trades", 80, "--seed", 3).code == 0
    ones = sorted((tmp_path / "one").iterdir())
    assert ones
    assert all(path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() for path in ones)


def test_generate_makes_the_smallest_portfolios_without_being_told_about_trades(command, tmp_path: Path) -> None:
    for members in range(6):
        assert command("generate", f"of{members}", "--members", members).code == 0
        assert len(circles.read_portfolio(tmp_path / f"of{members}").members) == members


def test_generate_keeps_what_is_there_unless_forced(command, tmp_path: Path) -> None:
    command("generate", "one", "--members", 40, "--trades", 80)
    before = (tmp_path / "one/members.csv").read_bytes()
    refused = command("generate", "one", "--members", 20, "--trades", 10)
    assert refused.code == 2
    assert "--force" in refused.err
    assert (tmp_path / "one/members.csv").read_bytes() == before
    assert command("generate", "one", "--members", 20, "--trades", 10, "--force").code == 0
    assert (tmp_path / "one/members.csv").read_bytes() != before


def test_load_then_work_from_the_store(command, book: Path, defaulter: str) -> None:
    assert command("load", book, "--graph", "sqlite:///kept.db").code == 0
    folder = command("cascade", book, "--default", defaulter, "--format", "json").out
    store = command("cascade", "sqlite:///kept.db", "--default", defaulter, "--format", "json").out
    assert store == folder


def test_convert_goes_from_kind_to_kind_and_back(command, book: Path, tmp_path: Path) -> None:
    assert command("convert", book, "book.xlsx").code == 0
    assert command("convert", "book.xlsx", "typed", "--files", "parquet").code == 0
    assert command("convert", "typed", "plain").code == 0
    assert (tmp_path / "typed/members.parquet").exists()
    for path in book.iterdir():
        assert (tmp_path / "plain" / path.name).read_bytes() == path.read_bytes()
    kept = command("convert", book, "book.xlsx")
    assert kept.code == 2
    assert "--force" in kept.err


@pytest.fixture
def bad_book(tmp_path: Path) -> Path:
    """Three members, one of them wrong, and a loan of each."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "dataset.toml").write_text("format = 1\nas_of = 2007-12-29\n")
    (folder / "members.csv").write_text("member_id,resources\nA,5\nB,12k\nC,5\n", encoding="utf-8")
    (folder / "loans.csv").write_text("loan_id,borrower_id,balance\nL1,A,1\nL2,B,1\nL3,C,1\n", encoding="utf-8")
    return folder


def test_quarantine_loads_what_is_good_and_exits_1(command, bad_book: Path, tmp_path: Path) -> None:
    done = command("load", bad_book, "--graph", "sqlite:///kept.db", "--on-error", "quarantine")
    assert done.code == 1
    assert "2 members, 2 loans" in done.out
    assert "members.csv: 1 of 3 rows was rejected; see rejects/members.csv" in done.err
    assert sorted(path.name for path in (tmp_path / "rejects").iterdir()) == ["loans.csv", "members.csv"]
    kept = command("load", bad_book, "--graph", "sqlite:///kept.db", "--on-error", "quarantine")
    assert kept.code == 2
    assert "rejects: exists already and was kept" in kept.err


def test_check_and_convert_in_quarantine_exit_1(command, bad_book: Path) -> None:
    checked = command("check", bad_book, "--on-error", "quarantine", "--rejects", "out")
    assert checked.code == 1
    assert "2 members, 2 loans" in checked.out
    assert "loans.csv:3: borrower_id refers to 'B' in members, whose row was rejected" in checked.err
    assert command("convert", bad_book, "good", "--on-error", "quarantine").code == 1
    assert command("check", "good").code == 0


def test_check_of_a_workbook_names_sheet_and_row(command, bad_book: Path) -> None:
    command("convert", bad_book, "book.xlsx", "--on-error", "quarantine")
    workbook = openpyxl.load_workbook("book.xlsx")
    workbook["loans"]["B3"] = "Z"
    workbook.save("book.xlsx")
    done = command("check", "book.xlsx")
    assert done.code == 2
    assert "book.xlsx:loans:3: borrower_id must be in members, 'Z' is not" in done.err


def test_match_proposes_and_writes_the_portfolio(command, book: Path, tmp_path: Path) -> None:
    done = command("match", book, "--portfolio-out", "proposed", "--format", "csv")
    assert done.code == 0
    header = done.out.splitlines()[0].split(",")
    assert {"circle_id", "member_id", "amount_fen", "score"} <= set(header)
    proposed = circles.read_portfolio(tmp_path / "proposed")
    assert set(proposed.circles["circle_id"]) > set(circles.read_portfolio(book).circles["circle_id"])


def test_match_without_an_admissible_circle_exits_1(command, book: Path) -> None:
    done = command("match", book, "--rule", "max_circle_loan_fen=1")
    assert done.code == 1
    assert "INFEASIBLE" in done.out


def test_rules_may_come_from_a_file(command, book: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("min_members = 5\n")
    done = command("match", book, "--rules", "rules.toml", "--format", "csv")
    sizes = pd.Series([line.split(",")[0] for line in done.out.splitlines()[1:]]).value_counts()
    assert set(sizes) == {5}


def test_a_rule_that_lists_words_takes_them_with_commas(command, book: Path) -> None:
    nobody = command("match", book, "--rule", "allowed_regions=Atlantis,Ys")
    assert nobody.code == 1
    assert "region" in nobody.out
    everybody = command("match", book, "--rule", "allowed_regions=none", "--format", "csv")
    assert everybody.out == command("match", book, "--format", "csv").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rule", "min_members=6"], "min_members"),
        (["--rule", "colour=red"], "'colour' is not known; the names are: "),
        (["--rule", "max_members"], "must be NAME=VALUE"),
        (["--rules", "missing.toml"], "missing.toml"),
    ],
)
def test_wrong_rules_are_refused(command, book: Path, arguments: list[str], said: str) -> None:
    done = command("match", book, *arguments)
    assert done.code == 2
    assert said in done.err


def test_cascade_shows_the_three_presets_and_both_bounds(command, book: Path, defaulter: str) -> None:
    done = command("cascade", book, "--default", defaulter)
    assert done.code == 0
    for word in ("worst", "base", "forbearance", "bank loss", "optimistic", "conservative"):
        assert word in done.out, word


def test_a_change_of_terms_holds_under_the_three_presets_too(command, book: Path, defaulter: str) -> None:
    changes = {"risk_pool_fen": 10**12}
    shown = command("cascade", book, "--default", defaulter, "--term", "risk_pool_fen=1000000000000").out
    assert "The same default under the three presets, each with risk_pool_fen=1000000000000:" in shown
    table = circles.compare_cascades(circles.read_portfolio(book), [defaulter], changes=changes)
    assert table["bank_loss_fen"].tolist() == [0, 0, 0]
    rows = shown.split("presets, each")[1].splitlines()[2:5]
    assert [row.split()[3] for row in rows] == ["0.00", "0.00", "0.00"]


def test_cascade_shows_any_of_its_tables_and_the_path_to_a_member(command, book: Path) -> None:
    loans = circles.read_portfolio(book).loans
    defaulter = loans.loc[loans["circle_id"].notna(), "borrower_id"].iloc[0]

    def rows(*options: str) -> list[dict[str, object]]:
        done = command("cascade", book, "--default", defaulter, "--format", "json", *options)
        assert done.code == 0
        return json.loads(done.out)

    paid = sum(row["amount_fen"] for row in rows("--table", "payments"))
    assert paid > 0
    claims = [row for row in rows("--table", "recourse") if row["claim"] == "borrower"]
    assert paid == sum(row["amount_fen"] for row in claims) == sum(row["paid_fen"] for row in rows("--table", "pools"))
    assert all(row["shortfall_fen"] > 0 for row in rows("--table", "circles"))
    assert [row["state"] for row in rows("--why", defaulter)] == ["first"]
    told = command("cascade", book, "--default", defaulter, "--why", defaulter).out
    assert f"How {defaulter} was reached, under the base terms:" in told
    assert command("cascade", book, "--default", defaulter, "--why", "M-nobody").code == 2


def test_cascade_of_nobody_known_is_refused(command, book: Path) -> None:
    done = command("cascade", book, "--default", "M-nobody")
    assert done.code == 2
    assert "'M-nobody' not found among the 150 members" in done.err


@pytest.mark.parametrize("term", ["recovery_rate=1.5", "share=most", "colour=red", "risk_pool_fen=-1"])
def test_wrong_terms_are_refused(command, book: Path, defaulter: str, term: str) -> None:
    done = command("cascade", book, "--default", defaulter, "--term", term)
    assert done.code == 2
    assert term.split("=")[0] in done.err


def test_losses_show_the_three_presets(command, book: Path, tmp_path: Path) -> None:
    done = command("losses", book, "--trials", 200, "--trials-out", "trials.csv")
    assert done.code == 0
    for word in ("worst", "base", "forbearance"):
        assert word in done.out
    assert len(pd.read_csv(tmp_path / "trials.csv")) == 200


def test_losses_on_any_terms(command, book: Path) -> None:
    """One preset with changed fields, or the change in all three: as the library simulates them."""

    def rows(*words: object) -> list[dict[str, object]]:
        done = command("losses", book, "--trials", 100, *words, "--format", "json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    portfolio, able = circles.read_portfolio(book), ("--term", "share=able", "--term", "risk_pool_fen=500000")
    for preset, words in [("worst", ["--terms", "worst"]), ("base", []), ("forbearance", [])]:
        terms = replace(Terms.preset(preset), share="able", risk_pool_fen=500_000)
        alone = circles.simulate_losses(portfolio, trials=100, seed=7, terms=terms).table["expected_loss_fen"].tolist()
        found = [row["expected_loss_fen"] for row in rows(*words, *able) if row["preset"] == preset]
        assert found == alone
    assert {row["preset"] for row in rows("--terms", "worst", *able)} == {"worst"}
    one = command("losses", book, "--trials", 50, "--terms", "base", "--term", "share=able").out
    assert "settled on the base terms with share=able" in one
    assert "forbearance" not in one
    assert "all three presets with share = able" in command("losses", book, "--trials", 50, "--term", "share=able").out
    assert command("losses", book, "--trials", 50, "--term", "colour=red").code == 2


def test_losses_write_what_members_and_circles_contribute(command, book: Path, tmp_path: Path) -> None:
    out = ("--members-out", "members.csv", "--circles-out", "circles.parquet", "--save", "saved")
    done = command("losses", book, "--trials", 300, "--terms", "base", *out)
    assert done.code == 0, done.err
    saved = read_losses(tmp_path / "saved" / "base.npz")
    members = pd.read_csv(tmp_path / "members.csv")
    assert members["default_probability"].tolist() == saved.members["default_probability"].tolist()
    pools = pd.read_parquet(tmp_path / "circles.parquet")
    assert pools["circle_id"].dropna().tolist() == sorted(circles.read_portfolio(book).circles["circle_id"])
    for table in (members, pools):
        assert table["contribution_fen"].sum() == saved.expected_shortfall(0.99)
    three = command("losses", book, "--trials", 50, "--members-out", "three.parquet")
    assert three.code == 0, three.err
    assert pd.read_parquet(tmp_path / "three.parquet")["preset"].value_counts().tolist() == [150] * 3


@pytest.mark.parametrize("option", ["--trials-out", "--defaults-out", "--members-out", "--circles-out"])
def test_a_table_is_written_only_as_its_name_says(command, book: Path, tmp_path: Path, option: str) -> None:
    done = command("losses", book, option, "table.xlsx")
    assert (done.code, done.out) == (2, "")
    assert "table.xlsx: the name must end in .csv or .parquet" in done.err
    assert not (tmp_path / "table.xlsx").exists()


def test_one_file_for_two_tables_is_refused_before_the_work(command, book: Path) -> None:
    done = command("losses", book, "--trials-out", "t.csv", "--members-out", "t.csv")
    assert (done.code, done.out) == (2, "")
    assert "t.csv: is named for two tables" in done.err


def test_all_simulations_take_the_same_model_of_first_defaults(command, book: Path) -> None:
    """Sectors, any whole number as seed and any correlation below 1; a correlation of 1 is refused by all."""
    region = circles.read_portfolio(book).members["region"].dropna().iloc[0]
    commands = {
        "losses": [book],
        "tail": [book],
        "compare": [book, "--after-term", "share=able"],
        "sweep": [book, "--over", "willingness", "--value", 1],
        "shock": [book, "--column", "region", "--hit", region, "--times", 2],
        "interventions": [book, "--most", 1],
    }
    model = ["--sector-column", "region", "--sector-correlation", 0.1, "--resource-sensitivity", 0.2]
    for name, words in commands.items():
        given = [*words, *model, "--trials", 20, "--seed", -3]
        done, refused = (command(name, *given, "--correlation", rho) for rho in (0.9995, 1))
        assert done.code == 0, (name, done.err)
        assert refused.code == 2
        assert "correlation must be at least 0 and below 1, got 1.0" in refused.err
        assert command(name, *words, "--trials", 20, "--sector-correlation", 0.1).code == 2, "it needs a column"


def test_a_shock_names_the_options_of_the_command(command, book: Path) -> None:
    for words in ([], ["--times", 2, "--probability", 0.5]):
        done = command("shock", book, "--column", "region", "--hit", "x", *words)
        assert "shock: give either --times or --probability" in done.err
        assert done.code == 2


@pytest.mark.parametrize("arguments", [["--help"], ["rank", "--format", "csv"], ["check"]])
def test_a_reader_that_has_gone_is_no_finding(book: Path, arguments: list[str]) -> None:
    name, *options = arguments
    source = [] if name == "--help" else [str(book)]
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "circles", name, *source, *options]
    with os.fdopen(writing, "w") as closed:
        done = subprocess.run(words, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "")


def test_the_risk_teams_questions_have_a_command_each(command, book: Path) -> None:
    def rows(*words: object) -> list[dict[str, object]]:
        done = command(words[0], book, *words[1:], "--format", "json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    assert rows("rank", "--circles")[0]["worst_member_fen"] > 0
    assert {"circle_id", "member_ids", "beyond_fen"} <= set(rows("worst-sets", "--size", 3)[0])
    swept = rows("sweep", "--over", "resources", "--value", 0, "--value", 1, "--trials", 100)
    assert [row["value"] for row in swept] == [0, 1]
    region = circles.read_portfolio(book).members["region"].dropna().iloc[0]
    shocked = rows("shock", "--column", "region", "--hit", region, "--probability", 1, "--trials", 50)
    assert shocked[0]["expected_loss_fen"] < shocked[1]["expected_loss_fen"]
    assert rows("reverse-stress", "--loss", 1)[0]["step"] == 1
    assert "greedy heuristic" in command("reverse-stress", book, "--loss", "10000").out
    beyond = command("reverse-stress", book, "--loss", "999999999999")
    assert (beyond.code, beyond.out.count("\n")) == (1, 1)
    assert beyond.out.startswith("no set of defaults costs the bank")
    narrow = command("reverse-stress", book, "--loss", "2000000", "--candidates", 1, "--format", "json")
    assert (narrow.code, len(json.loads(narrow.out))) == (1, 1)
    assert "not every member was one" in narrow.err
    assert "the shock adds" in command("shock", book, "--column", "region", "--hit", region, "--times", 2).out
    assert "guarantees begin or stop" in command("sweep", book, "--over", "correlation", "--value", 0.1).out
    assert command("worst-sets", book, "--circle", "nowhere").code == 2


def test_a_change_is_compared_on_the_same_scenarios(command, book: Path, tmp_path: Path) -> None:
    done = command("compare", book, "--trials", 60, "--after-term", "recovery_rate=0.9", "--format", "json")
    assert json.loads(done.out)[0]["difference_fen"] < 0
    shown = command("compare", book, book, "--trials", 60, "--members", "--top", 2)
    assert "95 % interval" in shown.out
    assert "more rows" in shown.out
    assert command("compare", book, "--trials", 60).code == 2


def test_a_replay_is_written_alone_and_beside_another_one(command, book: Path, tmp_path: Path) -> None:
    member = circles.read_portfolio(book).loans["borrower_id"].iloc[0]
    assert command("replay", book, "--default", member, "--out", "replay.html").code == 0
    assert command("replay", book, "--default", member, "--out", "replay.html").code == 2
    both = command("replay", book, "--default", member, "--after-terms", "worst", "--out", "both.html", "--mask")
    assert " and " in both.out
    assert (tmp_path / "both.html").read_text(encoding="utf-8").count('class="status"') == 2


def test_losses_are_saved_for_each_preset(command, book: Path, tmp_path: Path) -> None:
    assert command("losses", book, "--trials", 50, "--save", "saved").code == 0
    found = read_losses(tmp_path / "saved" / "base.npz")
    alone = circles.simulate_losses(circles.read_portfolio(book), trials=50, seed=7, terms=Terms.preset("base"))
    assert found.samples_fen.tolist() == alone.samples_fen.tolist()
    assert command("losses", book, "--trials", 50, "--save", "saved").code == 2
    assert command("losses", book, "--trials", 50, "--save", "saved", "--force").code == 0


def test_the_tail_comes_with_intervals(command, book: Path) -> None:
    done = command("tail", book, "--trials", 500, "--level", 0.995, "--format", "json")
    assert done.code == 0
    for row in json.loads(done.out):
        assert row["low_fen"] <= row["value_fen"] <= row["high_fen"]
    assert "value at risk" in command("tail", book, "--trials", 100).out
    assert command("tail", book, "--level", 1.5).code == 2


def test_an_outside_model_can_take_over_the_draws(command, book: Path, tmp_path: Path) -> None:
    """Who defaults first in each trial, as many as the table of trials counts; the same as Parquet."""
    options = ["losses", book, "--trials", 200, "--resource-sensitivity", 0.3]
    assert command(*options, "--trials-out", "trials.csv", "--defaults-out", "first.csv").code == 0
    assert command(*options, "--trials-out", "trials.parquet", "--defaults-out", "first.parquet").code == 0
    trials, first = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("trials", "first"))
    counts = first["trial"].value_counts().reindex(trials["trial"], fill_value=0)
    assert counts.tolist() == trials["first_defaults"].tolist()
    assert first.groupby("trial")["resource_scale"].nunique().max() == 1
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "trials.parquet"), trials, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "first.parquet"), first, check_dtype=False)


def test_losses_are_the_same_for_the_same_seed_and_any_workers(command, book: Path) -> None:
    first, second, other = (
        command("losses", book, "--trials", 300, "--format", "json", "--seed", seed, "--workers", workers).out
        for seed, workers in [(5, 1), (5, 2), (6, 1)]
    )
    assert first == second
    assert first != other


def test_rank_as_csv_lists_every_member(command, book: Path) -> None:
    assert len(command("rank", book, "--format", "csv").out.splitlines()) == 151


def test_map_and_report_are_written_whole(command, book: Path, defaulter: str, tmp_path: Path) -> None:
    assert command("map", book, "--default", defaulter, "--out", "map.html").code == 0
    assert command("report", book, "--default", defaulter, "--trials", 200, "--out", "report.html").code == 0
    for name in ("map.html", "report.html"):
        assert (tmp_path / name).read_text(encoding="utf-8").rstrip().endswith("</html>")
    refused = command("map", book, "--out", "map.html")
    assert refused.code == 2
    assert "--force" in refused.err


def test_an_interrupt_exits_130_and_leaves_nothing(command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("circles.dataset.write_portfolio", interrupt)
    done = command("generate", "one", "--members", 10, "--trades", 10)
    assert done.code == 130
    assert "interrupted" in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["match", "cascade", "losses", "rank", "map", "report", "load", "check"])
def test_a_missing_folder_is_named(command, name: str) -> None:
    extra = ["--default", "M1"] if name == "cascade" else []
    done = command(name, "nowhere", *extra)
    assert done.code == 2
    assert "nowhere" in done.err
    assert "Traceback" not in done.err


def test_ctrl_c_while_matching_shows_the_best_so_far_and_writes_nothing(
    command, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine answers an interrupt with its best plan; the command shows it, keeps nothing, and says 130."""
    proposal = circles.form_circles(circles.read_portfolio(book), seed=7)

    def interrupted(*_: object, **__: object) -> circles.Proposal:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return proposal

    monkeypatch.setattr("circles.matching.form_circles", interrupted, raising=False)
    done = command("match", book, "--portfolio-out", "proposed")
    assert done.code == 130
    assert "upper bound" in done.out
    assert not (tmp_path / "proposed").exists()


@pytest.mark.parametrize("words", [("demo", "--out", "made"), ("report", "--match", "--trials", 10, "--out", "made")])
def test_ctrl_c_while_matching_ends_a_longer_job(
    command, book: Path, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = circles.form_circles(circles.read_portfolio(book), seed=7)

    def interrupted(*_: object, **__: object) -> circles.Proposal:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return proposal

    monkeypatch.setattr("circles.matching.form_circles", interrupted, raising=False)
    done = command(words[0], book, *words[1:])
    assert done.code == 130
    assert "interrupted" in done.err
    assert not (tmp_path / "made").exists()


def test_rules_may_be_a_product_and_lists_may_be_written_as_in_toml(command, book: Path) -> None:
    listed = command("match", book, "--rule", 'allowed_regions=["Hangzhou", "Shaoxing", "Jiaxing"]')
    commas = command("match", book, "--rule", "allowed_regions=Hangzhou,Shaoxing,Jiaxing")
    pilot = command("match", book, "--rules", "zhejiang-2007-pilot")
    assert listed.out == commas.out == pilot.out
    assert command("match", book, "--rule", "allowed_regions=[Hangzhou").code == 2


def test_loading_says_what_it_replaced(command, book: Path) -> None:
    assert not command("load", book, "--graph", "sqlite:///one.db").err
    assert "replaced" not in command("load", book, "--graph", "sqlite:///one.db").err
    command("generate", "other", "--members", 5, "--trades", 0)
    again = command("load", "other", "--graph", "sqlite:///one.db", "--format", "csv")
    assert "replaced what was there: " in again.err
    assert again.out.splitlines()[:2] == ["table,rows", "members,5"]


def test_an_output_that_exists_is_noticed_before_the_work(command, book: Path, tmp_path: Path) -> None:
    (tmp_path / "proposed").mkdir()
    (tmp_path / "proposed" / "mine.txt").write_text("keep me")
    done = command("match", book, "--portfolio-out", "proposed")
    assert done.code == 2
    assert not done.out
    forced = command("match", book, "--portfolio-out", "proposed", "--force")
    assert forced.code == 2
    assert "mine.txt" in forced.err
    assert (tmp_path / "proposed" / "mine.txt").read_text() == "keep me"


def test_match_answers_questions_about_its_proposal(command, book: Path) -> None:
    proposal = circles.form_circles(circles.read_portfolio(book), seed=7)
    placed = proposal.circles.groupby("circle_id")["member_id"].agg(list)
    left = proposal.unplaced.set_index("reason")["member_id"]
    asked = {
        ("--explain", placed.index[0]): f"Circle {placed.index[0]}",
        ("--why", left.iloc[0]): f"{left.iloc[0]} has no circle",
        ("--alternatives", placed.iloc[0][0]): "through it",
    }
    for words, said in asked.items():
        done = command("match", book, *words)
        assert done.code == 0, done.err
        assert said in done.out
    listed = json.loads(command("match", book, "--why", left.iloc[0], "--format", "json").out)
    assert [row["member_id"] for row in listed] == [left.iloc[0]]
    assert {"reason", "detail", "best_circle", "short", "displaces"} <= set(listed[0])
    compared = json.loads(command("match", book, "--self-formed", "--format", "json").out)
    assert [row["name"] for row in compared] == ["before", "proposal", "self-formed", "regrouped"]
    assert compared[2]["placed"] == compared[3]["placed"]
    assert compared[2]["bare_fen"] == compared[3]["bare_fen"], "the same loans to the same firms"
    assert compared[2]["score"] <= compared[3]["score"] <= compared[1]["score"]


def test_findings_about_a_proposal_exit_1(command, book: Path) -> None:
    proposal = circles.form_circles(circles.read_portfolio(book), seed=7)
    audit, fragile = proposal.audit_stability(), proposal.fragile(circles.Terms.preset("base"))
    stability = command("match", book, "--stability", "--format", "csv")
    assert (stability.code, len(stability.out.splitlines())) == (int(len(audit.circles) > 0), len(audit.circles) + 1)
    broken = command("match", book, "--fragile", "--terms", "base")
    assert (broken.code, broken.out.strip()) == (int(len(fragile.repairs) > 0), str(fragile))
    flags = command("match", book, "--flags")
    assert flags.code == int(len(proposal.flags) > 0)
    assert f"{len(proposal.flags):,} flags" in flags.out


def test_a_swap_is_shown_and_kept_or_refused(command, tmp_path: Path) -> None:
    """Four firms who all know each other, circles of three: D takes A's place; E is no candidate."""
    ids = ["A", "B", "C", "D", "E"]
    members = pd.DataFrame({"member_id": ids, "resources_fen": 10**8, "city": [None] * 4 + ["宁波"]})
    known = pd.DataFrame({"member_a": [*"AAABBC"], "member_b": [*"BCDCDD"]})
    asked = pd.DataFrame({"application_id": ids, "member_id": ids, "amount_fen": [10**7] * 5})
    portfolio = circles.Portfolio.from_frames(
        as_of="2007-12-29", members=members, acquaintances=known, applications=asked
    )
    circles.write_portfolio(portfolio, tmp_path / "four")
    matched = ("match", "four", "--rule", "max_members=3")
    inside, (outside, _) = command(*matched, "--format", "csv").out.splitlines()[1].split(",")[1], "DE"
    refused = command(*matched, "--swap", inside, "E")
    assert refused.code == 1
    assert f"{inside} and E cannot change places" in refused.out
    kept = command(*matched, "--swap", inside, outside, "--portfolio-out", "swapped")
    assert kept.code == 0, kept.out
    assert "change places: score" in kept.out
    members = set(circles.read_portfolio(tmp_path / "swapped").circle_members["member_id"])
    assert members == {"A", "B", "C", "D"} - {inside}


@pytest.mark.parametrize("words", [("--why", "nobody"), ("--alternatives", "nobody"), ("--swap", "nobody", "M00001")])
def test_who_has_not_applied_is_named_before_the_search(
    command, book: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circles.matching.form_circles", pytest.fail, raising=False)
    done = command("match", book, *words)
    assert done.code == 2
    assert "member 'nobody' is no member of the portfolio; choose one of the" in done.err


def test_ctrl_c_leaves_the_question_unanswered(command, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = circles.form_circles(circles.read_portfolio(book), seed=7)

    def interrupted(*_: object, **__: object) -> circles.Proposal:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return proposal

    monkeypatch.setattr("circles.matching.form_circles", interrupted, raising=False)
    done = command("match", book, "--rule-costs")
    assert done.code == 130
    assert "upper bound" in done.out
    assert "costs" not in done.out


def test_a_terminal_never_obeys_an_id(command, tmp_path: Path) -> None:
    ids = ["A\x1b[31m", "B\u202e", "C", "D"]
    members = pd.DataFrame({"member_id": ids, "resources_fen": 10**8})
    known = pd.DataFrame({"member_a": ids[:3], "member_b": ids[1:]})
    asked = pd.DataFrame({"application_id": ids, "member_id": ids, "amount_fen": [10**7] * 4})
    portfolio = circles.Portfolio.from_frames(
        as_of="2007-12-29", members=members, acquaintances=known, applications=asked
    )
    circles.write_portfolio(portfolio, tmp_path / "four")
    for words in (["--alternatives", ids[0]], ["--explain", "C00001"], ["--stability"], ["--swap", "C", "E\x1b[31m"]):
        done = command("match", "four", *words)
        assert not re.search("[\x1b\u202e]", done.out + done.err), words
    listed = json.loads(command("match", "four", "--rule", "max_members=4", "--format", "json").out)
    assert {row["member_id"] for row in listed} == set(ids), "a program gets every character"


def test_two_questions_at_once_are_refused(command, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circles.matching.form_circles", pytest.fail, raising=False)
    done = command("match", book, "--stability", "--why", "M00001")
    assert done.code == 2
    assert "--why and --stability are questions of their own; ask one at a time" in done.err
