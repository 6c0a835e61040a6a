"""How loops are compiled and kept."""

import numpy as np
import pytest

from circles.settlement import kernel


@kernel.inline_step
def double(number):
    return 2 * number


@kernel.compile_step
def double_all(numbers):
    for k in range(len(numbers)):
        numbers[k] = double(numbers[k])


def test_the_cache_notices_a_change_in_any_file_of_steps(tmp_path):
    (tmp_path / "one_kernel.py").write_text("one", encoding="utf-8")
    before = kernel._fingerprint.__wrapped__(tmp_path)
    (tmp_path / "notes.py").write_text("not a kernel", encoding="utf-8")
    assert kernel._fingerprint.__wrapped__(tmp_path) == before
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "two_kernel.py").write_text("two", encoding="utf-8")
    assert kernel._fingerprint.__wrapped__(tmp_path) != before


@pytest.mark.parametrize("writable", [True, False])
def test_a_loop_runs_where_no_cache_can_be_written(writable, monkeypatch):
    def refuse(function):
        msg = f"cannot cache function {function.__name__!r}: no locator available"
        raise RuntimeError(msg)

    if not writable:
        monkeypatch.setattr(kernel, "_SourcesCache", refuse)

    def count(numbers):
        double_all(numbers)
        return numbers.sum()

    assert kernel.compile_loop(count)(np.array([1.0, 2.0])) == 6.0
