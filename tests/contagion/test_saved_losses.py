"""Losses in a file: what was written comes back, and what is no such file is refused."""

import json
import zipfile
from dataclasses import asdict

import numpy as np
import pytest
from contagion.test_losses import book, bytes_of

from circles import InputError, Terms, compare_presets, simulate_losses
from circles.contagion import read_losses, read_preset_comparison, read_tail_estimate, simulate_tail


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
    with pytest.raises(InputError, match=r"losses\.npz: holds no losses") as refused:
        read_losses(path)
    assert "allow_pickle" not in str(refused.value)


def edit(path, *, head=None, **arrays):
    """Write the file again with other arrays, and other entries in its head."""
    with np.load(path) as file:
        kept = {name: file[name] for name in file.files}
    said = json.loads(kept["head"].tobytes()) | (head or {})
    kept["head"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    changed = {name: change(kept[name]) for name, change in arrays.items()}
    np.savez(path, **{**kept, **changed})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first_defaults": lambda old: old[:10]}, "first_defaults must be 500 numbers of type int32, got"),
        ({"case_with_guarantees": lambda old: old * np.nan}, "case_with_guarantees must be 500 numbers of type int64"),
        ({"case_bare": lambda old: old - 10**9}, "case_bare must be numbers of at least 0"),
        ({"case_bare": lambda old: old + 10**12}, "case_bare must lose at most all that is owed"),
        ({"member_contribution_fen": lambda old: old + 1}, "contributions of members must add up to the expected"),
        ({"member_contribution_fen": lambda old: old[:5]}, "member_contribution_fen must be 60 numbers"),
        ({"member_first_probability": lambda old: old + 2}, r"member_first_probability must be in \[0, 1\]"),
        ({"head": {"terms": {}}}, "terms must be contagious_recovery_rate, .*, got none"),
        ({"head": {"trials": -5}}, "trials must be a whole number of at least 1, got -5"),
        ({"head": {"correlation": "high"}}, "correlation must be"),
        ({"head": {"portfolio_digest": 3}}, "portfolio_digest must be text, got 3"),
        ({"head": {"pool_ids": ["C1", "C1"]}}, "pool_ids must be different texts"),
        ({"head": {"format": "circles-losses-99"}}, "this version"),
    ],
)
def test_an_edited_file_is_refused_with_what_contradicts(losses, tmp_path, changes, message):
    path = losses.save(tmp_path / "losses.npz")
    edit(path, **changes)
    with pytest.raises(InputError, match=rf"losses\.npz: holds no losses.*{message}"):
        read_losses(path)


def test_terms_that_are_not_allowed_are_refused(losses, tmp_path):
    path = losses.save(tmp_path / "losses.npz")
    edit(path, head={"terms": asdict(losses.terms) | {"share": "most"}})
    with pytest.raises(InputError, match=r"holds no losses.*share must be one of"):
        read_losses(path)


def test_numbers_of_numpy_are_saved_as_numbers(tmp_path):
    losses = simulate_losses(book(), trials=np.int64(20), seed=np.int64(1))
    assert bytes_of(read_losses(losses.save(tmp_path / "losses.npz"))) == bytes_of(losses)


@pytest.fixture(scope="module")
def comparison():
    return compare_presets(book(), trials=300, seed=7)


def test_a_comparison_of_presets_comes_back_with_its_break_even(comparison, tmp_path):
    again = read_preset_comparison(comparison.save(tmp_path / "presets"))
    assert again.break_even == comparison.break_even
    assert str(again) == str(comparison)
    assert again.table.equals(comparison.table)
    with pytest.raises(InputError, match="exists already"):
        comparison.save(tmp_path / "presets")
    comparison.save(tmp_path / "presets", force=True)


def test_a_comparison_with_changed_terms_comes_back(tmp_path):
    changed = compare_presets(book(), trials=100, seed=7, changes={"share": "able", "recovery_rate": 0.1})
    assert str(read_preset_comparison(changed.save(tmp_path / "presets"))) == str(changed)


def test_presets_of_two_comparisons_are_refused(comparison, tmp_path):
    folder = comparison.save(tmp_path / "presets")
    simulate_losses(book(), trials=300, seed=8).save(folder / "worst.npz", force=True)
    with pytest.raises(InputError, match="not the three presets of one comparison"):
        read_preset_comparison(folder)
    comparison.base.save(folder / "worst.npz", force=True)
    with pytest.raises(InputError, match="not the three presets of one comparison"):
        read_preset_comparison(folder)


def test_a_comparison_without_its_break_even_is_refused(comparison, tmp_path):
    folder = comparison.save(tmp_path / "presets")
    (folder / "break_even.npz").unlink()
    with pytest.raises(InputError, match=r"break_even\.npz: there is no such file"):
        read_preset_comparison(folder)


@pytest.mark.parametrize("level", [0.9, 0.999])
def test_an_estimate_of_the_tail_comes_back(tmp_path, level):
    terms = Terms(standstill=("C1",), recovery_rate=0.1)
    estimate = simulate_tail(book(), trials=400, seed=3, level=level, terms=terms, sector_column="city")
    assert read_tail_estimate(estimate.save(tmp_path / "tail.npz")) == estimate


def test_an_estimate_of_the_tail_is_no_losses_and_an_edited_one_is_refused(losses, tmp_path):
    estimate = simulate_tail(book(), trials=300, seed=3)
    path = estimate.save(tmp_path / "tail.npz")
    with pytest.raises(InputError, match="holds no losses"):
        read_losses(path)
    with pytest.raises(InputError, match="holds no estimate of a tail"):
        read_tail_estimate(losses.save(tmp_path / "losses.npz"))
    edit(path, head={"value_at_risk_interval": [5, 4]})
    with pytest.raises(InputError, match="high must be a whole number of at least 5, got 4"):
        read_tail_estimate(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_losses(tmp_path / "nowhere.npz")
