"""Files that are replaced in one step."""

from __future__ import annotations

import pytest

from supply_chain import files


def test_a_file_has_its_new_text_and_its_mode(tmp_path):
    path = tmp_path / "folder" / "file"
    assert files.replace(path, "one", mode=files.OWNER_ALONE) == path
    assert files.replace(path, "two", mode=files.OWNER_ALONE).read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_former_text_stays_where_writing_fails(tmp_path):
    path = files.replace(tmp_path / "file", "whole")

    def fail() -> None:
        with files.replacing(path) as draft:
            draft.write_text("ha")
            assert path.read_text() == "whole"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_names_its_new_target(tmp_path):
    link = tmp_path / "link"
    for target in (tmp_path / "one", tmp_path / "two", tmp_path / "two"):
        files.replace_link(link, target)
        assert link.readlink() == target
    assert list(tmp_path.iterdir()) == [link]
