"""The last prices that a journal knows: what a holding was worth when somebody last looked."""

from collections.abc import Iterable
from decimal import localcontext

from attrs import evolve

from alchemiser_core.domain.account import SplitActivity
from alchemiser_core.domain.journal.account_events import ActivityBooked, DifferenceAccepted
from alchemiser_core.domain.journal.events import (
    CycleOpened,
    JournalEvent,
    PlanCommitted,
    Valued,
)
from alchemiser_core.domain.money import ARITHMETIC
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import CASH, Symbol


def last_marks(events: Iterable[JournalEvent]) -> dict[Symbol, Mark]:
    """The newest price of every symbol of which the journal has one, with its session.

    From valuations, plans and accepted differences; a split divides the price. What was paid for a
    holding is no price of it.
    """
    marks: dict[Symbol, Mark] = {}
    day = None
    for event in events:
        match event:
            case CycleOpened():
                day = event.cycle.trading_day
            case PlanCommitted() if day is not None:
                marks.update(marks_of(day, event.marks.items()))
            case Valued():
                marks.update(event.marks)
            case DifferenceAccepted() if event.name != CASH:
                symbol = Symbol(event.name)
                marks[symbol] = Mark(symbol, event.price, event.session)
            case ActivityBooked(activity=SplitActivity() as split) if split.symbol in marks:
                marks[split.symbol] = _after_split(marks[split.symbol], split)
            case _:
                pass
    return marks


def _after_split(mark: Mark, split: SplitActivity) -> Mark:
    """A price of the day of the split or later is one of the new shares already."""
    if mark.session >= split.session:
        return mark
    with localcontext(ARITHMETIC):
        return evolve(mark, price=mark.price / split.ratio)
