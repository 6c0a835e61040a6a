"""Chunks of trials: all of them done once, told in the calling thread, and dropped when interrupted."""

import threading
import time

import pytest

from circles.contagion.trials.executor import check_workers, cut_trials, run_chunks
from circles.errors import InputError


def test_trials_are_cut_without_gap_or_overlap():
    assert cut_trials(7, chunk=3) == [range(0, 3), range(3, 6), range(6, 7)]
    assert cut_trials(0, chunk=3) == []


@pytest.mark.parametrize("workers", [1, 2, None])
def test_every_chunk_is_handed_over_once_and_progress_is_told_in_the_calling_thread(workers):
    found, told, threads = {}, [], set()

    def note(done, total):
        told.append((done, total))
        threads.add(threading.current_thread())

    run_chunks(sum, cut_trials(10, chunk=4), collect=found.__setitem__, workers=workers, progress=note)
    assert found == {range(0, 4): 6, range(4, 8): 22, range(8, 10): 17}
    assert [total for _, total in told] == [10, 10, 10]
    assert sorted(done for done, _ in told)[-1] == 10
    assert threads == {threading.current_thread()}


def test_an_interrupt_drops_what_has_not_begun():
    begun = []

    def work(chunk):
        begun.append(chunk)
        time.sleep(0.02)

    def interrupt(done, total):
        raise KeyboardInterrupt

    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        run_chunks(work, cut_trials(1_000, chunk=1), collect=lambda chunk, part: None, workers=2, progress=interrupt)
    assert len(begun) < 20
    assert time.perf_counter() - start < 5
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


def test_an_error_in_the_work_reaches_the_caller():
    def fail(chunk):
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        run_chunks(fail, cut_trials(4, chunk=1), collect=lambda chunk, part: None)


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "two"])
def test_a_number_of_workers_that_is_none_is_refused(workers):
    with pytest.raises(InputError, match="workers must be a whole number of at least 1"):
        check_workers(workers)
