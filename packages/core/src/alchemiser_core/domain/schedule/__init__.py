"""When trading happens: slots of a session, windows, and what a program that runs for ever does
next. All of it is computed from aware times that are passed in, and asks no clock.
"""

from alchemiser_core.domain.schedule.agreement import (
    BrokerSaysClosed,
    BrokerTimeOutside,
    NotInSession,
    NotInWindow,
    TimeRefusal,
    may_trade,
)
from alchemiser_core.domain.schedule.calendars import (
    CalendarsDisagree,
    DaysAhead,
    disagreements,
)
from alchemiser_core.domain.schedule.clock_faults import (
    ClockFault,
    ClockJumped,
    ClockSkew,
    clock_faults,
    jump,
)
from alchemiser_core.domain.schedule.next_step import (
    Missed,
    MissedSlot,
    NextStep,
    NothingKnown,
    Trade,
    WaitUntil,
    next_step,
)
from alchemiser_core.domain.schedule.slot import (
    AFTER_OPEN,
    BEFORE_CLOSE,
    Anchor,
    BadSlot,
    Slot,
    parse_slot,
)
from alchemiser_core.domain.schedule.window import (
    MARGIN,
    TradingWindow,
    last_moment,
    trading_window,
)

__all__ = [
    "AFTER_OPEN",
    "BEFORE_CLOSE",
    "MARGIN",
    "Anchor",
    "BadSlot",
    "BrokerSaysClosed",
    "BrokerTimeOutside",
    "CalendarsDisagree",
    "ClockFault",
    "ClockJumped",
    "ClockSkew",
    "DaysAhead",
    "Missed",
    "MissedSlot",
    "NextStep",
    "NotInSession",
    "NotInWindow",
    "NothingKnown",
    "Slot",
    "TimeRefusal",
    "Trade",
    "TradingWindow",
    "WaitUntil",
    "clock_faults",
    "disagreements",
    "jump",
    "last_moment",
    "may_trade",
    "next_step",
    "parse_slot",
    "trading_window",
]
