"""Settings of a trading cycle: when it trades, and how its orders are worked."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from alchemiser_core.config.checks import (
    AMOUNT,
    FRACTION,
    MINUTES,
    NOT_EMPTY,
    SECONDS,
    doc,
    must_be,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.schedule.next_step import MissedSlot
from alchemiser_core.domain.schedule.slot import Slot


class ClockChoice(StrEnum):
    """Whose time counts."""

    SYSTEM = "system"
    BROKER = "broker"


class Adoption(StrEnum):
    """What happens to positions and cash that the journal does not know."""

    REFUSE = "refuse"
    ADOPT = "adopt"


class OnHalt(StrEnum):
    """What a halt does to own orders that are open."""

    CANCEL = "cancel"
    LEAVE = "leave"


class TacticName(StrEnum):
    """How an order is worked."""

    MARKET = "market"
    PROGRESSIVE_LIMIT = "progressive-limit"
    """Limit orders from the mid towards the far side of the quote, step by step."""


class Finish(StrEnum):
    """What becomes of what limit orders have left unfilled."""

    MARKET = "market"
    NOTHING = "nothing"


def _rising(steps: tuple[Decimal, ...]) -> bool:
    ordered = all(step < following for step, following in pairwise(steps))
    return 0 < len(steps) <= 20 and ordered and steps[0] >= 0 and steps[-1] <= 1


STEPS = must_be("1 to 20 numbers from 0 to 1, each above the one before", _rising)


@frozen(kw_only=True)
class TradingSettings:
    """When a cycle trades, and what it takes for granted."""

    slot: Slot | None = field(
        default=None,
        metadata=doc(
            'When a cycle trades: "close - 15 min", "open" or "open + 1 h". Where it is not set: '
            '15 minutes before the close; at the open with `decide_on = "after-close"`.'
        ),
    )
    window_minutes: int = field(
        default=14,
        validator=MINUTES,
        metadata=doc("How long after the slot orders may still be sent, in minutes."),
    )
    missed_slot: MissedSlot = field(
        default=MissedSlot.LATE,
        metadata=doc(
            "What happens when the window has passed: `skip` waits for the next slot, `late` "
            "trades while the market is open."
        ),
    )
    clock: ClockChoice | None = field(
        default=None,
        metadata=doc(
            "Whose time counts. Where it is not set: that of a broker that keeps time, as `paper` "
            "does; else the system's."
        ),
    )
    calendar: str = field(
        default="XNYS",
        validator=NOT_EMPTY,
        metadata=doc("Name of the exchange calendar; XNYS is that of the New York exchanges."),
    )
    calendar_settings: Mapping[str, Any] = field(
        factory=dict,
        metadata=doc(
            "Settings of that calendar; `alchemiser plugins` names them. XNYS and XNAS have "
            "`closed`, `closes_early` and `open`, for days that their tables do not know rightly."
        ),
    )
    adopt: Adoption = field(
        default=Adoption.REFUSE,
        metadata=doc(
            "What happens to positions, and to cash beyond `cash_tolerance`, that the journal does "
            "not know: `refuse` trades nothing until they are explained, `adopt` books them."
        ),
    )
    cash_tolerance: Usd = field(
        default=Usd(Decimal(1)),
        validator=AMOUNT,
        metadata=doc("US dollars by which cash may differ from the journal and is only noted."),
    )
    on_halt: OnHalt = field(
        default=OnHalt.CANCEL,
        metadata=doc("What a halt does to own orders that are open."),
    )
    decision_seconds: int = field(
        default=120,
        validator=SECONDS,
        metadata=doc(
            "How long a strategy may take to decide, in seconds; beyond it nothing is traded."
        ),
    )
    clock_skew_seconds: int = field(
        default=30,
        validator=SECONDS,
        metadata=doc("How far own and broker's clock may be apart, in seconds, before it halts."),
    )


@frozen(kw_only=True)
class ExecutionSettings:
    """How orders are worked, and how long they are waited for."""

    tactic: TacticName = field(
        default=TacticName.MARKET,
        metadata=doc("How orders are worked: at the market, or by limits that give way."),
    )
    steps: tuple[Decimal, ...] = field(
        default=tuple(Decimal(step) for step in ("0", "0.25", "0.5", "0.75", "1")),
        validator=STEPS,
        metadata=doc(
            "Limits of `progressive-limit`, one after the other: 0 is the mid of the quote, 1 its "
            "far side."
        ),
    )
    step_seconds: int = field(
        default=20,
        validator=SECONDS,
        metadata=doc("How long each limit is waited for, in seconds."),
    )
    finish: Finish = field(
        default=Finish.MARKET,
        metadata=doc("What becomes of what all limits have left unfilled."),
    )
    price_collar: Decimal = field(
        default=Decimal("0.02"),
        validator=FRACTION,
        metadata=doc(
            "How far a limit may go from the price of the plan, as a fraction of it; beyond that "
            "`progressive-limit` neither buys nor sells."
        ),
    )
    quote_age_seconds: int = field(
        default=60,
        validator=SECONDS,
        metadata=doc("Oldest quote that is traded on, in seconds."),
    )
    widest_spread: Decimal = field(
        default=Decimal("0.02"),
        validator=FRACTION,
        metadata=doc("Widest spread that is traded on, as a fraction of the mid."),
    )
    sell_seconds: int = field(
        default=120,
        validator=SECONDS,
        metadata=doc("How long buys wait for the cash of sells, in seconds."),
    )
    poll_seconds: int = field(
        default=2,
        validator=SECONDS,
        metadata=doc("How often orders are asked after while nothing is heard, in seconds."),
    )
    grace_seconds: int = field(
        default=10,
        validator=SECONDS,
        metadata=doc(
            "How long an order that nobody has confirmed may be missing at the broker, in seconds, "
            "before that counts."
        ),
    )
    deadline_seconds: int = field(
        default=600,
        validator=SECONDS,
        metadata=doc("How long a cycle may take to trade, in seconds; it ends then at the latest."),
    )
