"""The rules of execution: the tactic, and every timer and limit as data."""

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.quote import QuoteLimits


class Finish(StrEnum):
    """What a progressive limit ends in when its last step has not filled."""

    MARKET = "market"
    """A market order for the rest, unless the market is beyond the collar."""
    NOTHING = "nothing"


class OnHalt(StrEnum):
    """What happens to open orders when the kill switch is thrown."""

    CANCEL = "cancel"
    LEAVE = "leave"


@frozen
class Market:
    """One market order for the whole quantity."""

    name = "market"


@frozen
class ProgressiveLimit:
    """Limit orders that start at the mid of the quote and step towards the far side."""

    steps: tuple[Decimal, ...] = tuple(map(Decimal, ("0", "0.25", "0.5", "0.75", "1")))
    """Where each limit stands: 0 is the mid, 1 the far side (the ask for a buy)."""
    wait: timedelta = timedelta(seconds=20)
    """How long each rests before it is cancelled and the next is sent."""
    finish: Finish = Finish.MARKET
    collar: Decimal = Decimal("0.02")
    """Never above the plan's mark by more than this fraction for a buy, nor below it for a sell."""
    quotes: QuoteLimits = field(factory=QuoteLimits)
    quote_attempts: int = 5
    """Unusable quotes in a row after which the symbol is given up."""

    name = "progressive-limit"


Tactic = Market | ProgressiveLimit


@frozen
class ExecutionRules:
    """How a plan is executed."""

    tactic: Tactic = field(factory=Market)
    market_collar: Decimal = ZERO
    """The broker's own: what it holds back for a market buy beyond its value, as a fraction."""
    duration: timedelta = timedelta(minutes=10)
    """After it nothing new is sent and what is open is cancelled."""
    sell_patience: timedelta = timedelta(minutes=2)
    """How long buys wait for sells that are still open."""
    cash_patience: timedelta = timedelta(seconds=15)
    """How long buys wait for the broker's cash to show what sells have brought."""
    cash_tolerance: Decimal = Decimal("1.00")
    """US dollars by which the broker's cash may lie below what the fills say, for fees."""
    poll: timedelta = timedelta(seconds=2)
    """Longest time between two looks at open orders; the first come sooner."""
    grace: timedelta = timedelta(seconds=10)
    """How long after sending an order the broker's "no such order" is not believed."""
    cancel_patience: timedelta = timedelta(seconds=30)
    """How long a cancel may stay unconfirmed before it is asked for again, and how long the end
    of the execution waits for it."""
    longest_wait: timedelta = timedelta(seconds=60)
    """Of a broker that asks to be left alone."""
    sends: int = 3
    """How often the same order is sent at most, each time after proof that it is not there."""
    cash_haircut: Decimal = Decimal("0.02")
    """By how much a buy that was refused for want of cash is made smaller when it is tried again,
    as a fraction: the broker holds cash back by the ask, the plan goes by the mid."""
    smallest_rest: Decimal = Decimal("1.00")
    """US dollars; what cash has cut from a buy is bought later only where it is worth more."""
    on_halt: OnHalt = OnHalt.CANCEL
