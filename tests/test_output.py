"""What is written is there whole, or what was there before still is."""

from pathlib import Path

import pytest

from circles.errors import InputError
from circles.output import new_file, new_folder


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def is_text(name: str) -> bool:
    return name.endswith(".txt")


def write(path: Path, text: str = "new", *, force: bool = False) -> None:
    with new_file(path, force=force) as draft:
        draft.write_text(text)


def write_folder(path: Path, *files: str, force: bool = False) -> None:
    with new_folder(path, owned=is_text, force=force) as draft:
        for name in files:
            (draft / name).write_text("new")


def test_a_file_appears_whole_and_alone(tmp_path: Path) -> None:
    write(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text() == "new"
    assert names(tmp_path) == ["map.html"]


def test_a_draft_keeps_the_suffix_that_writers_look_at(tmp_path: Path) -> None:
    with new_file(tmp_path / "book.xlsx") as draft:
        assert draft.name == "book.xlsx"
        draft.write_text("")


def test_a_file_that_exists_is_kept_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(InputError) as refused:
        write(target)
    assert str(refused.value) == (
        f"{target}: exists already and was kept; give --force (force=True) to replace it, or another name"
    )
    assert target.read_text() == "old"
    write(target, force=True)
    assert target.read_text() == "new"


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_what_was_there(tmp_path: Path, interrupt: type[BaseException]) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(interrupt), new_file(target, force=True) as draft:  # noqa: PT012 - the interrupt comes mid-way
        draft.write_text("half")
        raise interrupt
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_file_that_appeared_while_writing_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(InputError, match="was kept"), new_file(target) as draft:  # noqa: PT012 - the race is the test
        draft.write_text("mine")
        target.write_text("theirs")
    assert target.read_text() == "theirs"


def test_a_folder_given_for_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder, give the name of a file"):
        write(tmp_path, force=True)


@pytest.mark.parametrize("name", ["", ".", "..", "a\0b", "x" * 300])
def test_what_cannot_be_a_name_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        write(Path(name), force=True)
    with pytest.raises(InputError):
        write_folder(Path(name), "a.txt", force=True)
    assert names(tmp_path) == []


def test_the_parent_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist, create it first"):
        write(tmp_path / "none" / "a.txt")
    with pytest.raises(InputError, match="does not exist, create it first"):
        write_folder(tmp_path / "none" / "a")


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        write(tmp_path / "file" / "a.txt")


def test_a_parent_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("circles.output.tempfile.mkdtemp", refuse)
    with pytest.raises(InputError) as refused:
        write(tmp_path / "a.txt")
    assert str(refused.value) == f"{tmp_path / 'a.txt'}: the folder {tmp_path} cannot be written: Permission denied"


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", "a.txt", "b.txt")
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["a.txt", "b.txt"]


def test_files_and_folders_have_the_permissions_the_user_asked_for(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    write_folder(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode == plain.stat().st_mode


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_folder(tmp_path / "out", "a.txt")
    assert names(tmp_path / "out") == ["a.txt"]


def test_an_old_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", "a.txt", "b.txt")
    with pytest.raises(InputError, match="exists already and was kept"):
        write_folder(tmp_path / "out", "c.txt")
    write_folder(tmp_path / "out", "c.txt", force=True)
    assert names(tmp_path / "out") == ["c.txt"]
    assert names(tmp_path) == ["out"]


def test_a_folder_with_anything_foreign_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").write_text("mine")
    with pytest.raises(InputError) as refused:
        write_folder(tmp_path / "out", "a.txt", force=True)
    assert str(refused.value) == (
        f"{tmp_path / 'out'}: holds 'thesis.doc', which is no part of what would be written here; choose another folder"
    )
    assert names(tmp_path / "out") == ["thesis.doc"]


def test_what_appears_in_the_folder_while_writing_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(InputError), new_folder(target, owned=is_text, force=True) as draft:  # noqa: PT012 - the race
        (draft / "a.txt").write_text("")
        (target / "thesis.doc").write_text("mine")
    assert (target / "thesis.doc").read_text() == "mine"


def test_a_file_given_for_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old")
    with pytest.raises(InputError, match="is a file, give the name of a folder"):
        write_folder(tmp_path / "out", force=True)
    assert (tmp_path / "out").read_text() == "old"


def test_an_interrupt_at_the_last_moment_brings_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft cannot take its place: the old folder, moved aside already, returns to it."""
    write_folder(tmp_path / "out", "a.txt")
    rename = Path.rename

    def fail_for_draft(self: Path, target: Path) -> Path:
        if target == tmp_path / "out" and self.name == "out":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_draft)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", "b.txt", force=True)
    assert names(tmp_path / "out") == ["a.txt"]
    assert names(tmp_path) == ["out"]
