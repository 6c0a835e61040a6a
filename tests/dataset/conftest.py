"""Small datasets, made where they are tested."""

from pathlib import Path

import pytest
from dataset_files import MANIFEST, MEMBERS, MakeDataset


@pytest.fixture
def make_dataset(tmp_path: Path) -> MakeDataset:
    """Write a folder of tables; members and dataset.toml are sound unless given."""

    def make(files: dict[str, str | bytes], *, manifest: str | None = MANIFEST) -> Path:
        folder = tmp_path / "book"
        folder.mkdir()
        if manifest is not None:
            (folder / "dataset.toml").write_text(manifest)
        for name, content in {"members.csv": MEMBERS, **files}.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
        return folder

    return make
