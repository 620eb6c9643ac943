"""Convergence: after faults have stopped and one reconciliation, journal and exchange are one.

What a person accepted in between is checked as well: nothing may have been accepted that somebody
else's trades do not explain, or a mistake of the program would be hidden by it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from alchemiser_core.domain.account import SplitActivity
from alchemiser_core.domain.journal.account_events import DifferenceAccepted, LateFillsSettled
from alchemiser_core.domain.journal.events import OrderReported
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side, is_own
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.symbol import CASH
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.simulation.exchange import SimulatedExchange
from alchemiser_core.simulation.faults.tape import Note
from alchemiser_core.testing.faults.evidence import Evidence, evidence
from alchemiser_core.testing.faults.story import story
from alchemiser_core.testing.faults.violation import Invariant, Violation

CASH_NOISE = Decimal("0.02")
"""US dollars that may be accepted without a reason."""


def unconverged(
    exchange: SimulatedExchange,
    notes: Sequence[Note],
    ledger: Ledger,
    cash_noise: Decimal = CASH_NOISE,
) -> Iterator[Violation]:
    """Everything in which the journal still differs from the exchange.

    `cash_noise` is more where a broker rounds each fill to the cent and does not say so.
    """
    facts = evidence(exchange, notes)
    yield from _orders(facts)
    yield from _unexplained(facts, cash_noise)
    if ledger.books is None:
        return
    whole = ledger.books.combined()
    books = {symbol: position.quantity for symbol, position in whole.positions.items()}
    for symbol in sorted({*books, *exchange.held}):
        mine, theirs = books.get(symbol, ZERO), exchange.held.get(symbol, ZERO)
        if mine != theirs:
            what = f"the books hold {mine} {symbol}, the exchange {theirs}"
            yield Violation(Invariant.CONVERGENCE, what, story(notes, symbol))
    if whole.cash != exchange.cash:
        what = f"the books have {whole.cash} in cash, the exchange {exchange.cash}"
        yield Violation(Invariant.CONVERGENCE, what, story(notes, "cash"))


def _orders(facts: Evidence) -> Iterator[Violation]:
    """Own orders whose fills the journal does not have as the exchange has them."""
    known: dict[str, OrderReport] = {}
    for _, event in facts.written:
        match event:
            case OrderReported(report=report):
                _keep(known, report)
            case LateFillsSettled(reports=reports):
                for report in reports:
                    _keep(known, report)
            case _:
                pass
    for order in facts.own_orders:
        if facts.is_forgotten(order):
            continue
        mine = known.get(order.client_order_id)
        filled = mine.filled_quantity if mine is not None else ZERO
        if filled != order.filled_quantity:
            what = (
                f"{order.client_order_id}: {filled} in the journal, {order.filled_quantity} filled"
            )
            yield Violation(Invariant.CONVERGENCE, what, story(facts.notes, order.client_order_id))


def _keep(known: dict[str, OrderReport], report: OrderReport) -> None:
    before = known.get(report.client_order_id)
    if before is None or before.filled_quantity <= report.filled_quantity:
        known[report.client_order_id] = report


def _unexplained(facts: Evidence, cash_noise: Decimal) -> Iterator[Violation]:
    """Shares and cash that were accepted, and that nobody else's trades account for."""
    accepted: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for _, event in facts.written:
        if isinstance(event, DifferenceAccepted):
            accepted[event.name] += sum(event.amounts.values(), start=ZERO)
    foreign: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for fill in facts.exchange.executions:
        if not is_own(fill.client_order_id):
            sign = 1 if fill.side is Side.BUY else -1
            foreign[fill.symbol] += sign * fill.quantity
            foreign[CASH] -= sign * fill.value + fill.costs
    split = {a.symbol for a in facts.exchange.state.activities if isinstance(a, SplitActivity)}
    for name in sorted({*accepted, *foreign} - split):
        beyond = accepted[name] - foreign[name]
        if abs(beyond) > (cash_noise if name == CASH else ZERO) and not (name == CASH and split):
            what = f"{accepted[name]} {name} accepted, {foreign[name]} traded by somebody else"
            yield Violation(Invariant.CONVERGENCE, what, story(facts.notes, name))
