"""How the simulated exchange behaves where the vendor's behaviour is reported, not promised.

The defaults are the newest fact there is; each switch goes to another one that was seen, or to a
timing that a rehearsal needs.
"""

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.money import ZERO


class NotionalTypes(StrEnum):
    """Which orders may be by value."""

    MARKET = "market"
    AND_STOP = "market-and-stop"


class CancelAgain(StrEnum):
    """The answer to the cancel of a cancelled order."""

    SUCCESS = "success"
    ALREADY = "already"


class EarlyReplace(StrEnum):
    """What becomes of a replacement of an order that is not at the exchange yet."""

    REFUSED = "refused"
    REFUSED_BUT_DONE = "refused-but-done"


class ReplacedQuantity(StrEnum):
    """How many shares a replacement is for that names none."""

    ORIGINAL = "original"
    """Those of the old order again, whatever of it was filled."""
    REMAINING = "remaining"


class DayEnd(StrEnum):
    """The state of an order of the day after the close."""

    EXPIRED = "expired"
    CANCELED = "canceled"


class MinimumValue(StrEnum):
    """Which orders by quantity have to be worth a dollar."""

    ALL = "all"
    BUYS = "buys"


@frozen(kw_only=True)
class Switches:
    """Everything that can be switched; times in milliseconds of the exchange's clock."""

    truncates_quantities: bool = True
    """A tenth decimal of a quantity is cut off silently; otherwise the order is refused."""
    notional_types: NotionalTypes = NotionalTypes.MARKET
    extended_hours_gtc: bool = True
    """Orders of extended hours may be good till cancelled; before 2026 only of the day."""
    minimum_value: MinimumValue = MinimumValue.ALL
    cancel_again: CancelAgain = CancelAgain.SUCCESS
    wash_trade_status: int = 403
    """403, or 422."""
    auction_status: int = 403
    """403, or 422."""
    replace_before_new: EarlyReplace = EarlyReplace.REFUSED
    replaced_quantity: ReplacedQuantity = ReplacedQuantity.ORIGINAL
    day_end_status: DayEnd = DayEnd.EXPIRED
    market_collar: Decimal = Decimal("0.04")
    """What a market buy by quantity holds back beside its value, a fraction, and by how much the
    price may rise until it is executed. Seen between 0.025 and 0.04.
    """
    price_away: Decimal = ZERO
    """A limit is refused that is further from the last trade, a fraction; 0: none is."""
    partial_fill_probability: Decimal = ZERO
    """That an execution takes a random part of what is left; the vendor's paper account: 0.10."""
    cancel_fill_race: bool = False
    """What can be executed when a cancel takes effect is executed first."""
    easy_to_borrow_present: bool = True
    """Assets tell a field that the vendor has announced to drop."""
    early_extended_close: bool = True
    """The extended hours of half days end at 17:00 and not at 20:00."""
    positions_lag_ms: int = 0
    """By how much positions and balances are behind the orders."""
    orders_lag_ms: int = 0
    """How long a new order is not found."""
    pending_new_ms: int = 0
    """From the acceptance in a session to `new`."""
    fill_ms: int = 0
    """From `new` to the first execution."""
    next_part_ms: int = 1000
    """From the execution of a part to the next."""
    cancel_ms: int = 0
    """From `pending_cancel` to `canceled`."""
    replace_ms: int = 0
    """From `pending_replace` to `replaced`."""
    good_till_days: int = 90
    """After so many days an order good till cancelled is cancelled as aged."""

    # The same as spans of time

    @property
    def positions_lag(self) -> timedelta:
        """Of positions and balances."""
        return timedelta(milliseconds=self.positions_lag_ms)

    @property
    def orders_lag(self) -> timedelta:
        """Of new orders."""
        return timedelta(milliseconds=self.orders_lag_ms)

    @property
    def pending_time(self) -> timedelta:
        """Until `new`."""
        return timedelta(milliseconds=self.pending_new_ms)

    @property
    def fill_time(self) -> timedelta:
        """Until the first execution."""
        return timedelta(milliseconds=self.fill_ms)

    @property
    def next_part_time(self) -> timedelta:
        """Between two executions."""
        return timedelta(milliseconds=self.next_part_ms)

    @property
    def cancel_time(self) -> timedelta:
        """Until `canceled`."""
        return timedelta(milliseconds=self.cancel_ms)

    @property
    def replace_time(self) -> timedelta:
        """Until `replaced`."""
        return timedelta(milliseconds=self.replace_ms)
