"""Progress where no terminal is: a line now and then, with rate and time left."""

import pytest

from circles.cli import rows


def test_lines_come_every_ten_seconds_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, told = iter([0.0, 4.0, 10.0, 15.0, 20.0]), []
    monkeypatch.setattr(rows.time, "monotonic", lambda: next(clock))
    with rows.row_lines("Loading", told.append) as progress:
        for done in (400, 1_000, 1_500, 2_000):
            progress(done, 3_000)
    assert told == [
        "Loading: 1,000 of 3,000 rows, 100 rows/s, 20 s left",
        "Loading: 2,000 of 3,000 rows, 100 rows/s, 10 s left",
    ]
