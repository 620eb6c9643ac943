from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import Usd, usd
from alchemiser_core.domain.portfolio.lot import Lot, close_lots

FIRST = Lot(Decimal(10), usd(100), date(2026, 1, 5))
SECOND = Lot(Decimal(10), usd(300), date(2026, 2, 5))


def test_the_oldest_lot_is_closed_first():
    lots, basis = close_lots((FIRST, SECOND), Decimal(15))
    assert lots == (Lot(Decimal(5), usd(150), SECOND.opened),)
    assert basis == 250


def test_a_part_of_a_lot_takes_its_part_of_the_basis():
    lots, basis = close_lots((FIRST,), Decimal(4))
    assert (lots, basis) == ((Lot(Decimal(6), usd(60), FIRST.opened),), 40)


def test_nothing_remains_when_all_is_closed():
    assert close_lots((FIRST, SECOND), Decimal(20)) == ((), 400)


@given(
    st.lists(
        st.tuples(st.decimals("0.000001", 1000, places=6), st.decimals(0, 10**6, places=2)),
        min_size=1,
        max_size=8,
    ),
    st.fractions(0, 1),
)
def test_closing_keeps_the_sum_of_basis_and_quantity(sizes, part):
    lots = tuple(Lot(quantity, Usd(basis), date(2026, 1, 5)) for quantity, basis in sizes)
    held = sum(lot.quantity for lot in lots)
    closing = (held * part.numerator / part.denominator).quantize(Decimal("1E-6"))
    left, basis = close_lots(lots, closing)
    assert sum(lot.quantity for lot in left) == held - closing
    whole = sum(lot.basis for lot in lots)
    assert abs(sum((lot.basis for lot in left), start=basis) - whole) < Decimal("1E-15")
