"""``circles compile``: what it runs uses the kernels, and it says when each half is done."""

import pytest

from circles.cli import compile_


def test_compile_says_what_is_compiled(command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile_, "JOBS", {"contagion": compile_.spread_and_simulate})
    done = command("compile")
    assert done.code == 0
    assert "contagion: compiled after" in done.out


def test_the_problem_it_solves_has_many_circles_that_keep_the_rules() -> None:
    problem = compile_.ring_of_neighbours()
    assert problem.members * 8 == len(problem.pair_first)
    assert problem.sizes == (3, 4, 5, 6)
