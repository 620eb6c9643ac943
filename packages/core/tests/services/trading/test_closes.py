"""The last close of a symbol, however long ago."""

from decimal import Decimal

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.trading import LastCloses
from alchemiser_core.testing.bars import history_of

A, B, C, D = map(Symbol, "ABCD")
BARS = history_of(
    {"A": [10.0, None, None, 10.5], "B": [None, None, 0.1, 0.2], "C": [1.0, -1.0, 0.0, None]}
)


def test_a_last_close_says_how_old_it_is_and_what_is_unknown_is_left_out() -> None:
    marks = LastCloses(BARS).marks(BARS.session(2), (D, B, A, C))
    assert list(marks) == [A, B, C]
    assert [(m.price, m.age) for m in marks.values()] == [
        (Decimal(10), 2),
        (Decimal("0.1"), 0),
        (Decimal(1), 2),
    ]
    assert marks[A].session == BARS.session(0)


def test_before_the_first_close_there_is_none() -> None:
    closes = LastCloses(BARS)
    assert B not in closes.marks(BARS.session(1), (B,))
    assert closes.marks(BARS.session(0).replace(year=2000), (A, B)) == {}
