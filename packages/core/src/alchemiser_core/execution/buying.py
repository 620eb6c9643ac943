"""From sells to buys: when the cash is read, how buys are sized, and the one part after that."""

from datetime import timedelta
from decimal import Decimal

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import BuysSized, LineEnd
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.cash import is_lagging, size_buys
from alchemiser_core.execution.commands import ReadCash
from alchemiser_core.execution.pursuit import pursue
from alchemiser_core.execution.state import Line
from alchemiser_core.execution.turn import Turn

_AGAIN = timedelta(seconds=1)
_PARTS = 2
"""The buys of the plan, and once the rest of those that cash had cut short."""


def buy_when_ready(turn: Turn) -> None:
    """Have the cash read when the sells are over, or have been waited for long enough."""
    state = turn.state
    if state.closing or state.cash_at is not None or state.part >= _PARTS:
        return
    if state.part == 0:
        ready = _sells_over(turn) or (
            state.sells_until is not None and turn.now >= state.sells_until
        )
        if ready and _wanted(turn):
            read_cash(turn)
    elif _buys_over(turn) and _sells_over(turn) and _cut_short(turn):
        # There is but one more part: it waits for everything that the sells bring.
        read_cash(turn)


def read_cash(turn: Turn) -> None:
    """Ask for the cash now, and again until it shows what the sells have brought."""
    until = turn.state.cash_until or turn.now + turn.state.rules.cash_patience
    turn.state = changed(turn.state, cash_at=turn.now + _AGAIN, cash_until=until)
    turn.command(ReadCash())


def with_cash(turn: Turn, cash: Usd) -> None:
    """The broker's cash is there: size the buys and send them, or wait for it to catch up."""
    state = turn.state
    if state.cash_at is None or state.closing:
        return
    if is_lagging(state, cash) and state.cash_until is not None and turn.now < state.cash_until:
        return
    turn.state = changed(turn.state, cash_at=None, cash_until=None)
    wanted = _wanted(turn)
    spendable, sized = size_buys(turn.state, wanted, cash)
    totals = {s: q + turn.state.filled(turn.line(s)) for s, q in sized.items()}
    if state.part:
        # Ended lines are taken up again only where there is something to send.
        totals = {s: total for s, total in totals.items() if sized[s]}
    turn.record(BuysSized(state.part + 1, spendable, totals))
    for symbol in totals:
        pursue(turn, symbol)


def _wanted(turn: Turn) -> dict[Symbol, Decimal]:
    if turn.state.part == 0:
        return {
            symbol: line.intent.quantity
            for symbol, line in turn.state.lines.items()
            if line.wanted is None and line.end is None
        }
    return {
        line.intent.symbol: line.intent.quantity - turn.state.filled(line)
        for line in _cut_short(turn)
    }


def _sells_over(turn: Turn) -> bool:
    return all(
        line.end is not None for line in turn.state.lines.values() if line.intent.side is Side.SELL
    )


def _buys_over(turn: Turn) -> bool:
    return all(
        line.end is not None for line in turn.state.lines.values() if line.intent.side is Side.BUY
    )


def _cut_short(turn: Turn) -> list[Line]:
    """Buys that cash alone has kept from what was planned."""
    state = turn.state
    return [
        line
        for symbol, line in state.lines.items()
        if line.intent.side is Side.BUY
        and symbol in state.instruments
        and (
            line.end is LineEnd.NO_CASH
            or (symbol in state.cut_short and line.end is LineEnd.FILLED)
        )
        and _rest_value(turn, line) > state.rules.smallest_rest
    ]


def _rest_value(turn: Turn, line: Line) -> Decimal:
    """What is missing of the planned quantity, US dollars."""
    return (line.intent.quantity - turn.state.filled(line)) * line.intent.price
