"""Every example script runs and answers its question."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAAC = ROOT.parent / "shared" / "data" / "baac" / "baac00.csv"


@pytest.mark.skipif(not BAAC.exists(), reason="the data of the Thai groups (baac00.csv) are not beside this checkout")
def test_the_thai_groups_are_compared_with_circles_formed_anew() -> None:
    script = ROOT / "examples/thai_groups.py"
    done = subprocess.run(
        [sys.executable, script, BAAC, "--trials", "300"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    table = done.stdout[done.stdout.index("Expected loss of a year") :]
    assert table.count("as they were") == 3
    assert "68        292" in table
    assert "formed anew" in table
    assert "upper bound" in done.stdout


def run_script(name: str, *arguments: str | Path) -> str:
    command = [sys.executable, ROOT / "examples" / name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_guarantors_of_finbench_are_called_for_each_borrower(public_data) -> None:
    shown = run_script("finbench_guarantees.py", public_data("finbench"), "--resources", "5000000")
    assert "14  guarantees whose borrower has a loan here" in shown
    rows = [line.split() for line in shown[shown.index("bank loses") :].splitlines()[1:]]
    assert len(rows) == 14
    owed, paid, bare = ([float(row[place].replace(",", "")) for row in rows] for place in (1, 3, 5))
    assert owed == sorted(owed, reverse=True)
    assert all(less <= 5_000_000 + 1 for less in paid)
    assert all(loss <= whole + 1 for loss, whole in zip(bare, owed, strict=True))


def test_circles_in_the_supply_chain_have_no_two_firms_under_one_hand(public_data) -> None:
    shown = run_script("kag_supply_chain.py", public_data("kag_supplychain"), "--seconds", "20")
    assert "2,116  pairs next to each other in the product chain" in shown
    assert int(shown.split("Proposal: ")[1].split()[0]) > 20
    assert "violations found by the independent check: 0" in shown
    assert "pairs in one circle with one legal representative: 0" in shown


@pytest.mark.skipif(not BAAC.exists(), reason="the data of the Thai groups (baac00.csv) are not beside this checkout")
def test_every_thai_village_is_compared_with_groups_that_are_proven_the_best() -> None:
    script = ROOT / "examples/thai_villages.py"
    done = subprocess.run([sys.executable, script, BAAC], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.strip().startswith("V")]
    assert len(rows) == 39
    assert sum(int(row[1]) for row in rows) == 292
    assert all(row[-2:] == ["OPTIMAL", "proved"] for row in rows)
    assert all(int(row[3]) <= int(row[5]) == int(row[6]) for row in rows)
    assert "Proven optimal in 39 of 39 villages" in done.stdout


def test_every_script_is_in_the_examples_table() -> None:
    page = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    scripts = [path.name for path in (ROOT / "examples").glob("*.py")]
    assert scripts
    assert all(name in page for name in scripts)


def test_published_models_read_the_receivables_of_the_sample() -> None:
    lines = run_script("published_models.py").splitlines()
    assert lines[0] == "ReceivableExposures of 3,000 members: 655 pairs"
    assert len(lines) == 8
    unpaid = [float(line.split()[-3].replace(",", "")) for line in lines[1:5]]
    assert unpaid[0] < unpaid[1], "costs of default add to what is unpaid"
    assert unpaid[2] < unpaid[3]
    assert "20 of 3,000 members fail first" in lines[5]
