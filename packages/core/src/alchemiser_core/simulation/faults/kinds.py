"""The faults that a simulated broker, its stream, the journal and the process can have.

Each kind names the operation at which it strikes and the numbered cases that it stands for.
"""

from enum import StrEnum

from attrs import frozen


class Operation(StrEnum):
    """What the program does to the outside; faults are counted by it."""

    SUBMIT = "submit"
    REPORT = "look an order up, or list orders"
    LIST = "list orders"
    CANCEL = "cancel"
    ACCOUNT = "read account"
    POSITIONS = "read positions"
    ACTIVITIES = "read activities"
    INSTRUMENTS = "read instruments"
    TIME = "read time"
    QUOTES = "read quotes"
    CALL = "any call of the broker"
    WAIT = "wait for updates"
    APPEND = "write to the journal"
    DAY = "begin a day"


class FaultKind(StrEnum):
    """Everything that can go wrong, each at one operation."""

    ANSWER_LOST = "answer-lost"
    """The broker took the order; the answer never came."""
    REQUEST_LOST = "request-lost"
    """The order never reached the broker, and nobody says so."""
    LOOK_UP_LAGS = "look-up-lags"
    """An order that was taken is not found for some seconds."""
    HANGS = "hangs"
    """No answer until the deadline, whether the order was taken or not."""
    SERVER_ERROR = "server-error"
    """An error of the server instead of an answer, whether the order was taken or not."""
    UNREADABLE_ANSWER = "unreadable-answer"
    """The order was taken; the answer cannot be read."""
    THROTTLED_ALL = "throttled-all"
    THROTTLED_READS = "throttled-reads"
    THROTTLED_SUBMITS = "throttled-submits"
    NO_CASH = "no-cash"
    NO_QUANTITY = "no-quantity"
    WASH_TRADE = "wash-trade"
    NOT_TRADABLE = "not-tradable"
    NOT_FRACTIONABLE = "not-fractionable"
    BAD_PRICE = "bad-price"
    BELOW_MINIMUM = "below-minimum"
    REFUSED_OTHERWISE = "refused-otherwise"
    UNAUTHORISED = "unauthorised"
    """The key is not accepted any more."""
    ACCOUNT_CHANGED = "account-changed"
    """The key opens another account than the journal's."""
    SLOW_FILLS = "slow-fills"
    PARTIAL_FILL = "partial-fill"
    """A part fills, the rest never does."""
    LATE_REJECTION = "late-rejection"
    """Taken, and refused afterwards."""
    STUCK_CANCEL = "stuck-cancel"
    """A cancel is taken and nothing comes of it until the close."""
    FILLED_WHILE_CANCELLING = "filled-while-cancelling"
    CANCEL_LOST = "cancel-lost"
    """The answer to a cancel is lost, whether it was taken or not."""
    READS_LAG = "reads-lag"
    """Cash and positions are behind what the orders say."""
    POSITIONS_FAIL = "positions-fail"
    ACCOUNT_FAILS = "account-fails"
    ORDERS_FAIL = "orders-fail"
    ACTIVITIES_FAIL = "activities-fail"
    INSTRUMENTS_FAIL = "instruments-fail"
    UNKNOWN_STATUS = "unknown-status"
    """Orders are reported with a status that nobody knows."""
    VALUE_MISSING = "value-missing"
    """Orders are reported with a filled quantity and no value yet."""
    QUOTE_OLD = "quote-old"
    QUOTE_ZERO = "quote-zero"
    QUOTE_CROSSED = "quote-crossed"
    QUOTE_WIDE = "quote-wide"
    QUOTE_MISSING = "quote-missing"
    QUOTES_FAIL = "quotes-fail"
    UPDATE_REPEATED = "update-repeated"
    UPDATES_OUT_OF_ORDER = "updates-out-of-order"
    UPDATES_LOST = "updates-lost"
    """The stream is disconnected: nothing comes, and nothing is repeated later."""
    UPDATES_MUTE = "updates-mute"
    """The stream is silent, and tells everything late."""
    UPDATE_UNKNOWN = "update-unknown"
    """An update of an order or with a status that nobody knows."""
    BROKER_DOWN = "broker-down"
    """Refuses every connection for minutes."""
    ORDERS_FORGOTTEN = "orders-forgotten"
    """After a restart the broker has lost orders that it had taken and not filled."""
    FOREIGN_ORDER = "foreign-order"
    """Somebody else's order in the same account, left open."""
    TRADED_BY_HAND = "traded-by-hand"
    """Somebody else's order in the same account, filled."""
    SYMBOL_HALTED = "symbol-halted"
    CLOSED_EARLY = "closed-early"
    """The market closes in mid-cycle; the broker's clock says so, the calendar does not."""
    CLOCKS_DISAGREE = "clocks-disagree"
    CLOCK_LEAPS = "clock-leaps"
    """The own clock leaps ahead, as after a sleep of the host."""
    SPLIT = "split"
    KILL_SWITCH = "kill-switch"
    """Thrown just after a call, until the end of the day."""
    WRITE_FAILS = "write-fails"
    KILLED_BEFORE_WRITE = "killed-before-write"
    KILLED_AFTER_WRITE = "killed-after-write"
    KILLED_BEFORE_CALL = "killed-before-call"
    KILLED_AFTER_CALL = "killed-after-call"
    SLOT_MISSED = "slot-missed"
    """The host slept over the slot."""
    STARTED_TWICE = "started-twice"
    """The cycle of a day is started once more when it is over."""

    @property
    def operation(self) -> Operation:
        """Where it strikes."""
        return _FACTS[self].operation

    @property
    def cases(self) -> tuple[int, ...]:
        """Numbers of the cases that it stands for."""
        return _FACTS[self].cases

    @property
    def kills(self) -> bool:
        """Whether the process ends by it."""
        return self in _KILLING


@frozen
class _Facts:
    operation: Operation
    cases: tuple[int, ...]


_KILLING = frozenset(
    {
        FaultKind.KILLED_BEFORE_WRITE,
        FaultKind.KILLED_AFTER_WRITE,
        FaultKind.KILLED_BEFORE_CALL,
        FaultKind.KILLED_AFTER_CALL,
    }
)

_FACTS: dict[FaultKind, _Facts] = {
    FaultKind.ANSWER_LOST: _Facts(Operation.SUBMIT, (1,)),
    FaultKind.REQUEST_LOST: _Facts(Operation.SUBMIT, (2,)),
    FaultKind.LOOK_UP_LAGS: _Facts(Operation.SUBMIT, (3,)),
    FaultKind.HANGS: _Facts(Operation.CALL, (4,)),
    FaultKind.SERVER_ERROR: _Facts(Operation.SUBMIT, (5, 6)),
    FaultKind.UNREADABLE_ANSWER: _Facts(Operation.SUBMIT, (7,)),
    FaultKind.THROTTLED_ALL: _Facts(Operation.CALL, (8, 9)),
    FaultKind.THROTTLED_READS: _Facts(Operation.CALL, (8, 9)),
    FaultKind.THROTTLED_SUBMITS: _Facts(Operation.SUBMIT, (8, 9)),
    FaultKind.NO_CASH: _Facts(Operation.SUBMIT, (10,)),
    FaultKind.NO_QUANTITY: _Facts(Operation.SUBMIT, (12,)),
    FaultKind.WASH_TRADE: _Facts(Operation.SUBMIT, (13,)),
    FaultKind.NOT_TRADABLE: _Facts(Operation.SUBMIT, (14,)),
    FaultKind.NOT_FRACTIONABLE: _Facts(Operation.SUBMIT, (14,)),
    FaultKind.BAD_PRICE: _Facts(Operation.SUBMIT, (14,)),
    FaultKind.BELOW_MINIMUM: _Facts(Operation.SUBMIT, (14,)),
    FaultKind.REFUSED_OTHERWISE: _Facts(Operation.SUBMIT, (14,)),
    FaultKind.UNAUTHORISED: _Facts(Operation.CALL, (15,)),
    FaultKind.ACCOUNT_CHANGED: _Facts(Operation.ACCOUNT, (15,)),
    FaultKind.SLOW_FILLS: _Facts(Operation.SUBMIT, (11,)),
    FaultKind.PARTIAL_FILL: _Facts(Operation.SUBMIT, (31, 34)),
    FaultKind.LATE_REJECTION: _Facts(Operation.SUBMIT, (32,)),
    FaultKind.STUCK_CANCEL: _Facts(Operation.SUBMIT, (33,)),
    FaultKind.FILLED_WHILE_CANCELLING: _Facts(Operation.SUBMIT, (31,)),
    FaultKind.CANCEL_LOST: _Facts(Operation.CANCEL, (31,)),
    FaultKind.READS_LAG: _Facts(Operation.SUBMIT, (35,)),
    FaultKind.POSITIONS_FAIL: _Facts(Operation.POSITIONS, (35,)),
    FaultKind.ACCOUNT_FAILS: _Facts(Operation.ACCOUNT, (35,)),
    FaultKind.ORDERS_FAIL: _Facts(Operation.LIST, (35,)),
    FaultKind.ACTIVITIES_FAIL: _Facts(Operation.ACTIVITIES, (35,)),
    FaultKind.INSTRUMENTS_FAIL: _Facts(Operation.INSTRUMENTS, (35,)),
    FaultKind.UNKNOWN_STATUS: _Facts(Operation.REPORT, (7, 30)),
    FaultKind.VALUE_MISSING: _Facts(Operation.REPORT, (7,)),
    FaultKind.QUOTE_OLD: _Facts(Operation.QUOTES, (36,)),
    FaultKind.QUOTE_ZERO: _Facts(Operation.QUOTES, (36,)),
    FaultKind.QUOTE_CROSSED: _Facts(Operation.QUOTES, (36,)),
    FaultKind.QUOTE_WIDE: _Facts(Operation.QUOTES, (36,)),
    FaultKind.QUOTE_MISSING: _Facts(Operation.QUOTES, (36,)),
    FaultKind.QUOTES_FAIL: _Facts(Operation.QUOTES, (36,)),
    FaultKind.UPDATE_REPEATED: _Facts(Operation.WAIT, (26,)),
    FaultKind.UPDATES_OUT_OF_ORDER: _Facts(Operation.WAIT, (27,)),
    FaultKind.UPDATES_LOST: _Facts(Operation.WAIT, (28,)),
    FaultKind.UPDATES_MUTE: _Facts(Operation.WAIT, (29,)),
    FaultKind.UPDATE_UNKNOWN: _Facts(Operation.WAIT, (30,)),
    FaultKind.BROKER_DOWN: _Facts(Operation.CALL, (45,)),
    FaultKind.ORDERS_FORGOTTEN: _Facts(Operation.SUBMIT, (45,)),
    FaultKind.FOREIGN_ORDER: _Facts(Operation.SUBMIT, (46,)),
    FaultKind.TRADED_BY_HAND: _Facts(Operation.SUBMIT, (46,)),
    FaultKind.SYMBOL_HALTED: _Facts(Operation.SUBMIT, (41,)),
    FaultKind.CLOSED_EARLY: _Facts(Operation.CALL, (42,)),
    FaultKind.CLOCKS_DISAGREE: _Facts(Operation.TIME, (42, 44)),
    FaultKind.CLOCK_LEAPS: _Facts(Operation.CALL, (43, 44)),
    FaultKind.SPLIT: _Facts(Operation.SUBMIT, (40,)),
    FaultKind.KILL_SWITCH: _Facts(Operation.CALL, (47,)),
    FaultKind.WRITE_FAILS: _Facts(Operation.APPEND, (21, 22)),
    FaultKind.KILLED_BEFORE_WRITE: _Facts(Operation.APPEND, (16, 18, 19)),
    FaultKind.KILLED_AFTER_WRITE: _Facts(Operation.APPEND, (16, 18, 19)),
    FaultKind.KILLED_BEFORE_CALL: _Facts(Operation.CALL, (16, 18, 19)),
    FaultKind.KILLED_AFTER_CALL: _Facts(Operation.CALL, (17, 18, 19)),
    FaultKind.SLOT_MISSED: _Facts(Operation.DAY, (43,)),
    FaultKind.STARTED_TWICE: _Facts(Operation.DAY, (43,)),
}
