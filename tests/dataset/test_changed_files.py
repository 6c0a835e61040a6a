"""A file that changes while it is read is refused."""

from pathlib import Path

import pytest
from dataset_files import MEMBERS, MakeDataset

from circles.dataset import check_dataset, read_portfolio
from circles.dataset.sources import Sources
from circles.errors import DatasetError


@pytest.mark.parametrize("change", ["grows", "is rewritten", "goes away"])
def test_a_file_that_changes_while_others_are_read_is_refused(
    change: str, make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_dataset({"trades.csv": "seller_id,buyer_id,period,amount\nM1,M2,2007-12,5\n"})
    members, real = folder / "members.csv", Sources.read

    def read(sources: Sources, path: Path) -> object:
        data = real(sources, path)
        if path.name == "trades.csv":
            members.unlink() if change == "goes away" else members.write_text(
                MEMBERS + "M4\n" if change == "grows" else MEMBERS.replace("M3", "M5")
            )
        return data

    monkeypatch.setattr(Sources, "read", read)
    with pytest.raises(DatasetError) as refused:
        read_portfolio(folder)
    assert refused.value.problems["message"].tolist() == [
        "members.csv: the file changed while it was being read; wait until it is written, and read again"
    ]


def test_a_file_that_is_written_again_with_the_same_content_did_not_change(
    make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = make_dataset({}), Sources.read

    def read(sources: Sources, path: Path) -> object:
        data = real(sources, path)
        path.write_bytes(path.read_bytes())
        return data

    monkeypatch.setattr(Sources, "read", read)
    assert check_dataset(folder).passed
