import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.plain_text import plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Kauf über 5 €", "Kauf über 5 €"),
        ("two\r\nlines\tand  blanks ", "two lines and blanks"),
        ("\x1b[31mred\x07", "[31mred"),
        ("left\u202eright\ud800", "left right"),
    ],
)
def test_only_what_prints_is_left(text, shown):
    assert plain_text(text) == shown


def test_a_text_that_is_cut_says_so():
    assert plain_text("x" * 11, longest=10) == "x" * 9 + "…"
    assert plain_text("x" * 10, longest=10) == "x" * 10
    assert plain_text(" " * 100 + "x", longest=10) == "…"


@given(st.text(max_size=100), st.integers(1, 20))
def test_any_text_is_bounded_and_prints(text, longest):
    shown = plain_text(text, longest)
    assert len(shown) <= longest
    assert shown.isprintable()
