"""``circles match --proposal-out`` and ``circles verify``: the audit file, written by one and judged by the other."""

import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

import circles
from circles.cli.screen import watch_search


def test_a_proposal_is_written_and_proved(command, book: Path, tmp_path: Path) -> None:
    done = command("match", book, "--seed", 3, "--proposal-out", "proposal.json")
    assert done.code == 0
    assert "the audit file of the proposal is proposal.json" in done.err
    done = command("verify", "proposal.json", book)
    assert done.code == 0
    assert done.out.startswith("proved: every rule and point holds, and no proposal scores more than")
    first = (tmp_path / "proposal.json").read_bytes()
    again = command("match", book, "--seed", 3, "--workers", 1, "--proposal-out", "proposal.json")
    assert again.code == 2
    assert "--force" in again.err
    assert command("match", book, "--seed", 3, "--workers", 1, "--proposal-out", "proposal.json", "--force").code == 0
    assert (tmp_path / "proposal.json").read_bytes() == first


def test_a_falsified_proposal_is_violated_with_every_finding_as_a_row(command, book: Path, tmp_path: Path) -> None:
    command("match", book, "--proposal-out", "proposal.json")
    said = json.loads((tmp_path / "proposal.json").read_text(encoding="utf-8"))
    said["circles"][0]["members"][0]["amount_fen"] += 1
    (tmp_path / "proposal.json").write_text(json.dumps(said), encoding="utf-8")
    done = command("verify", "proposal.json", book)
    assert done.code == 1
    assert done.out.startswith("violated: ")
    rows = json.loads(command("verify", "proposal.json", book, "--format", "json").out)
    assert [row["rule"] for row in rows] == ["seal"]


def test_reform_keeps_what_it_can_and_lists_what_became_of_the_rest(command, book: Path, tmp_path: Path) -> None:
    easy = ("--rule", "coverage=0", "--rule", "bearable=0", "--rule", "max_members=3")
    command("match", book, *easy, "--proposal-out", "before.json")
    placed = json.loads((tmp_path / "before.json").read_text(encoding="utf-8"))["circles"]
    changed = circles.read_portfolio(book)
    pair = [member["member_id"] for member in placed[0]["members"][:2]]
    bans = pd.concat([changed.exclusions, pd.DataFrame([pair], columns=["member_a", "member_b"])])
    circles.write_portfolio(changed.replace(exclusions=bans), tmp_path / "changed")
    done = command("reform", "before.json", "changed", "--proposal-out", "after.json")
    assert done.code == 0, done.err
    assert len(placed) > 3
    kept = re.match(r"Earlier circles: (\d+) kept", done.out)
    assert kept is not None
    assert len(placed) / 2 < int(kept[1]) < len(placed)
    assert "may never share a circle" in done.out
    rows = json.loads(command("reform", "before.json", "changed", "--format", "json").out)
    assert rows[0]["circle_id"] == placed[0]["circle_id"]
    assert rows[0]["reason"] == "excluded"
    assert command("verify", "after.json", "changed").code == 0


def test_what_is_no_audit_file_exits_2(command, book: Path, tmp_path: Path) -> None:
    (tmp_path / "proposal.json").write_text("{}")
    done = command("verify", "proposal.json", book)
    assert done.code == 2
    assert "is not the audit file of a proposal" in done.err


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    with watch_search("forming circles") as observer:
        assert observer is None
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with watch_search("forming circles") as observer:
        assert observer is not None
        observer(1.0, 990, 1_000)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert "value 990, bound 1,000, gap 1.00%" in shown
