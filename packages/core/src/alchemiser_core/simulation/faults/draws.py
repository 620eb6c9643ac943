"""How a fault of each kind is drawn: how often, at which call, for how long, in which way."""

from attrs import field, frozen

from alchemiser_core.simulation.faults.kinds import FaultKind


@frozen
class Draw:
    """From what the numbers of a fault are drawn, both ends included."""

    weight: float = 1.0
    """How often, against the other kinds."""
    latest: int = 4
    """The latest call at which it strikes."""
    times: int = 1
    """The most operations in a row."""
    seconds: tuple[int, ...] = field(default=(0,))
    """One of these."""
    variants: int = 1


_LONG = (30, 120, 300, 900)

_FILLS = (1, 3, 7, 15, 30, 60, 110, 170, 185, 200)
"""How late a part is filled: about the times at which programs look, give up and cancel."""

DRAWS: dict[FaultKind, Draw] = {
    FaultKind.ANSWER_LOST: Draw(2, 5, 2),
    FaultKind.REQUEST_LOST: Draw(2, 5, 4),
    FaultKind.LOOK_UP_LAGS: Draw(2, 5, 1, (2, 5, 8, 15, 40)),
    FaultKind.HANGS: Draw(2, 14, 2, (30, 60, 600), 2),
    FaultKind.SERVER_ERROR: Draw(2, 5, 4, variants=2),
    FaultKind.UNREADABLE_ANSWER: Draw(1, 5),
    FaultKind.THROTTLED_ALL: Draw(1, 14, 1, _LONG, 3),
    FaultKind.THROTTLED_READS: Draw(1, 14, 1, _LONG),
    FaultKind.THROTTLED_SUBMITS: Draw(1, 5, 1, _LONG, 3),
    FaultKind.NO_CASH: Draw(1, 6),
    FaultKind.NO_QUANTITY: Draw(1, 6, 2),
    FaultKind.WASH_TRADE: Draw(1, 6, 2),
    FaultKind.NOT_TRADABLE: Draw(0.7, 6),
    FaultKind.NOT_FRACTIONABLE: Draw(0.5, 6),
    FaultKind.BAD_PRICE: Draw(0.5, 6),
    FaultKind.BELOW_MINIMUM: Draw(0.5, 6),
    FaultKind.REFUSED_OTHERWISE: Draw(0.5, 6),
    FaultKind.UNAUTHORISED: Draw(0.5, 14),
    FaultKind.ACCOUNT_CHANGED: Draw(0.3, 1),
    FaultKind.SLOW_FILLS: Draw(3, 5, 4, _FILLS),
    FaultKind.PARTIAL_FILL: Draw(3, 5, 3, (0, *_FILLS), 9),
    FaultKind.LATE_REJECTION: Draw(1.5, 5, 1, _FILLS),
    FaultKind.STUCK_CANCEL: Draw(1, 5, 1, (0,), 9),
    FaultKind.FILLED_WHILE_CANCELLING: Draw(1.5, 5, 1, (5, 15, 28, 45), 2),
    FaultKind.CANCEL_LOST: Draw(1, 2, 2, variants=2),
    FaultKind.READS_LAG: Draw(1.5, 5, 1, (5, 10, 60, 300)),
    FaultKind.POSITIONS_FAIL: Draw(1, 2, 3),
    FaultKind.ACCOUNT_FAILS: Draw(1, 4, 3),
    FaultKind.ORDERS_FAIL: Draw(1, 4, 3),
    FaultKind.ACTIVITIES_FAIL: Draw(0.7, 2, 2),
    FaultKind.INSTRUMENTS_FAIL: Draw(0.5, 1, 2),
    FaultKind.UNKNOWN_STATUS: Draw(1.5, 5, 3),
    FaultKind.VALUE_MISSING: Draw(1.5, 5, 3),
    FaultKind.QUOTE_OLD: Draw(0.7, 3, 6, variants=4),
    FaultKind.QUOTE_ZERO: Draw(0.7, 3, 6, variants=4),
    FaultKind.QUOTE_CROSSED: Draw(0.7, 3, 6, variants=4),
    FaultKind.QUOTE_WIDE: Draw(0.7, 3, 6, variants=4),
    FaultKind.QUOTE_MISSING: Draw(0.7, 3, 6, variants=4),
    FaultKind.QUOTES_FAIL: Draw(0.7, 3, 3),
    FaultKind.UPDATE_REPEATED: Draw(1.5, 3, 6),
    FaultKind.UPDATES_OUT_OF_ORDER: Draw(1.5, 3, 6),
    FaultKind.UPDATES_LOST: Draw(1, 3, 12),
    FaultKind.UPDATES_MUTE: Draw(1, 3, 4),
    FaultKind.UPDATE_UNKNOWN: Draw(1, 3, 2, variants=2),
    FaultKind.BROKER_DOWN: Draw(2, 14, 1, (60, 300, 300, 1500)),
    FaultKind.ORDERS_FORGOTTEN: Draw(1.5, 5, 1, (5, 300)),
    FaultKind.FOREIGN_ORDER: Draw(1, 4, variants=8),
    FaultKind.TRADED_BY_HAND: Draw(0.7, 4, variants=8),
    FaultKind.SYMBOL_HALTED: Draw(1, 4, 1, (0, 20, 300)),
    FaultKind.CLOSED_EARLY: Draw(1, 14),
    FaultKind.CLOCKS_DISAGREE: Draw(0.7, 2, 2, (300, 3600), 3),
    FaultKind.CLOCK_LEAPS: Draw(1, 14, 1, (60, 900, 3600)),
    FaultKind.SPLIT: Draw(0.5, 3, variants=8),
    FaultKind.KILL_SWITCH: Draw(1, 20),
    FaultKind.WRITE_FAILS: Draw(2, 16, variants=2),
    FaultKind.KILLED_BEFORE_WRITE: Draw(3, 24),
    FaultKind.KILLED_AFTER_WRITE: Draw(3, 24),
    FaultKind.KILLED_BEFORE_CALL: Draw(3, 20),
    FaultKind.KILLED_AFTER_CALL: Draw(3, 20),
    FaultKind.SLOT_MISSED: Draw(0.5, 1, 1, (600, 7200)),
    FaultKind.STARTED_TWICE: Draw(1.5, 1),
}
