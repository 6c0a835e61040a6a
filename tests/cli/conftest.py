"""Commands as a shell would run them, in this process: arguments in, exit code and both streams out."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import circles
from circles.cli import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Done]:
    """Run a command in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)

    def execute(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["circles", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            run()
        shown = capsys.readouterr()
        return Done(code=int(stop.value.code or 0), out=shown.out, err=shown.err)

    return execute


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small portfolio on disk: 150 members."""
    folder = tmp_path_factory.mktemp("book") / "book"
    circles.write_portfolio(circles.generate_portfolio(members=150, trades=450, seed=7), folder)
    return folder


@pytest.fixture(scope="session")
def defaulter(book: Path) -> str:
    """The member of the book whose default costs most."""
    return str(circles.rank_members(circles.read_portfolio(book)).members["member_id"].iloc[0])
