from datetime import UTC, date, datetime
from decimal import Decimal

from alchemiser_core.domain.account import SplitActivity
from alchemiser_core.domain.journal.account_events import ActivityBooked, DifferenceAccepted
from alchemiser_core.domain.journal.events import Valued
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import CASH
from alchemiser_core.services.last_marks import last_marks

FIRST, SECOND = date(2025, 3, 3), date(2025, 3, 4)


def valued(day: date, **prices: str) -> Valued:
    marks = {s: Mark(s, Decimal(price), day) for s, price in prices.items()}
    return Valued(day, datetime(2025, 3, 3, tzinfo=UTC), Decimal(1), {}, Decimal(1), marks)


def split(day: date) -> ActivityBooked:
    return ActivityBooked(SplitActivity("a1", "SPY", Decimal(4), day), {})


def accepted(name: str, price: str) -> DifferenceAccepted:
    amounts = {"one": Decimal(1)}
    return DifferenceAccepted(name, amounts, Decimal(price), SECOND, True, "by hand")


def test_nothing_is_known_of_an_empty_journal():
    assert last_marks([]) == {}


def test_the_newest_price_of_each_symbol_counts_with_its_session():
    found = last_marks([valued(FIRST, SPY="100", TLT="90"), valued(SECOND, SPY="101")])
    assert found == {
        "SPY": Mark("SPY", Decimal(101), SECOND),
        "TLT": Mark("TLT", Decimal(90), FIRST),
    }


def test_a_split_divides_a_price_of_before_and_none_of_its_day():
    assert last_marks([valued(FIRST, SPY="100"), split(SECOND)])["SPY"].price == 25
    assert last_marks([valued(SECOND, SPY="25"), split(SECOND)])["SPY"].price == 25
    assert last_marks([split(SECOND)]) == {}


def test_shares_that_were_accepted_bring_their_price_and_cash_brings_none():
    found = last_marks([accepted("SPY", "12.5"), accepted(CASH, "1")])
    assert found == {"SPY": Mark("SPY", Decimal("12.5"), SECOND)}
