"""What ~ stands for, and that a user whom nobody knows does not end the program."""

from pathlib import Path

import pytest

from alchemiser_app.home_folder import at_home


@pytest.mark.parametrize("text", ["~nosuchuser/x", "x/~y", "/x", "x"])
def test_only_a_home_that_there_is_is_put_in(text):
    assert at_home(text) == Path(text)


def test_a_tilde_is_the_own_home_folder():
    assert at_home("~/x") == Path.home() / "x"
