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


def test_every_script_is_in_the_examples_table() -> None:
    page = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    scripts = [path.name for path in (ROOT / "examples").glob("*.py")]
    assert scripts
    assert all(name in page for name in scripts)
