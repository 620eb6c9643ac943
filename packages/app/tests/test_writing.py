"""Files are written whole or not at all, and nothing but a file is written over."""

import os

import pytest

from alchemiser_app.writing import write_text, write_texts


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_name_is_never_taken_away_from_what_is_no_file(tmp_path, make):
    path = tmp_path / "out"
    make(path)
    before = path.stat()
    (problem,) = write_text(path, "text").failure().problems()
    assert problem.where == str(path)
    (refused,) = write_texts({path: "text", tmp_path / "other": "text"}).failure()
    assert refused.path == str(path)
    assert (path.stat().st_ino, path.stat().st_mode) == (before.st_ino, before.st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_name_that_is_too_long_is_refused(tmp_path):
    (problem,) = write_text(tmp_path / ("a" * 300), "text").failure().problems()
    assert "too long" in problem.why


def test_a_file_is_written_over_whole(tmp_path):
    path = tmp_path / "out"
    path.write_text("before")
    assert write_text(path, "after").unwrap() == path
    assert path.read_text() == "after"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
