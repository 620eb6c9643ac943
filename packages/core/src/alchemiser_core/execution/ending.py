"""How a line ends, and what a person is told about it."""

from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.journal.events import CycleOutcome, LineEnd, LineEnded
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.state import ExecutionState
from alchemiser_core.execution.turn import Turn

_TOLD = {
    LineEnd.REFUSED: ("order-refused", Severity.WARNING),
    LineEnd.BAD_QUOTE: ("no-usable-quote", Severity.WARNING),
    LineEnd.BEYOND_COLLAR: ("beyond-collar", Severity.WARNING),
    LineEnd.NOT_FILLED: ("not-filled", Severity.WARNING),
    LineEnd.NO_CASH: ("no-confirmed-cash", Severity.WARNING),
    LineEnd.UNRESOLVED: ("outcome-unknown", Severity.CRITICAL),
    LineEnd.VANISHED: ("order-vanished", Severity.CRITICAL),
    LineEnd.HALTED: ("halted", Severity.WARNING),
    LineEnd.EXPIRED: ("window-passed", Severity.WARNING),
}
"""Every end that leaves something undone is told, each under a code of its own."""

UNKNOWN_SYMBOL = "the broker does not know the symbol any more"

DONE = frozenset({LineEnd.FILLED, LineEnd.NOT_NEEDED})


def end_line(turn: Turn, symbol: Symbol, end: LineEnd, why: str = "") -> None:
    """Nothing more is sent for a symbol in this cycle."""
    turn.record(LineEnded(symbol, end, why))
    if end in _TOLD:
        code, severity = _TOLD[end]
        intent = turn.line(symbol).intent
        filled = turn.state.filled(turn.line(symbol))
        text = f"{intent.side} {symbol}: {end}, {filled} of {intent.quantity} filled"
        turn.alert(code, severity, f"{text} ({why})" if why else text, symbol)


def outcome_of(state: ExecutionState) -> CycleOutcome:
    """The outcome of an execution all of whose lines have ended."""
    if state.stopped is not None:
        return CycleOutcome.HALTED
    complete = all(line.end in DONE for line in state.lines.values())
    return CycleOutcome.COMPLETE if complete else CycleOutcome.INCOMPLETE
