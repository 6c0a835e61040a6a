"""Python's search for cycles: put off and taken up again, whatever happens."""

import gc

import pytest

from circles.graph.collecting import collection_put_off


@collection_put_off()
def fail_with_it_off() -> None:
    assert not gc.isenabled()
    raise ValueError("broken")


def test_the_search_is_on_again_afterwards_also_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"):
        fail_with_it_off()
    assert gc.isenabled()


def test_who_put_it_off_already_finds_it_off() -> None:
    with collection_put_off():
        with collection_put_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
