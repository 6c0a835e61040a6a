"""Losses in a file: what was written comes back, and what is no such file is refused."""

import zipfile

import numpy as np
import pytest
from contagion.test_losses import book, bytes_of

from circles import InputError, Terms, simulate_losses
from circles.contagion import read_losses


@pytest.fixture(scope="module")
def losses():
    terms = Terms(recovery_rate=0.25, standstill=("C1",), willingness=0.5)
    return simulate_losses(book(), trials=500, seed=7, terms=terms, sector_column="city", resource_sensitivity=0.2)


def test_what_was_saved_comes_back_bit_for_bit(losses, tmp_path):
    again = read_losses(losses.save(tmp_path / "losses.npz"))
    assert bytes_of(again) == bytes_of(losses)
    assert again.terms == losses.terms
    assert (again.portfolio_digest, again.sector_column) == (losses.portfolio_digest, "city")
    assert again.interval("expected_shortfall", 0.95) == losses.interval("expected_shortfall", 0.95)
    assert again.members.dtypes.tolist() == losses.members.dtypes.tolist()
    with pytest.raises(ValueError, match="read-only"):
        again.samples_fen[0] = 1


def test_losses_without_an_upper_bound_stay_so(tmp_path):
    losses = simulate_losses(book(), trials=20, seed=1, terms=Terms(share="able"))
    assert read_losses(losses.save(tmp_path / "losses.npz")).conservative is None


def test_a_file_that_is_there_is_kept(losses, tmp_path):
    path = losses.save(tmp_path / "losses.npz")
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        losses.save(path)
    assert path.read_bytes() == before
    losses.save(path, force=True)


def cut(path):
    path.write_bytes(path.read_bytes()[:-200])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(bytes(content))


def text(path):
    path.write_text("member_id\nM1\n", encoding="utf-8")


def other(path):
    np.savez(path, a=np.arange(3))


def pickled(path):
    np.savez(path, head=np.array([{"format": "circles-losses-1"}], dtype=object))


def incomplete(path):
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name != "case_bare.npy"}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in kept.items():
            new.writestr(name, content)


@pytest.mark.parametrize("spoil", [cut, flip, text, other, pickled, incomplete])
def test_what_is_no_such_file_or_damaged_is_refused(losses, tmp_path, spoil):
    path = losses.save(tmp_path / "losses.npz")
    spoil(path)
    with pytest.raises(InputError, match=r"losses\.npz: holds no losses"):
        read_losses(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_losses(tmp_path / "nowhere.npz")
