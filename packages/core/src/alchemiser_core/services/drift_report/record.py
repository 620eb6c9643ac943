"""What a journal says of how an account was traded: decisions, cash that moved, fills, values."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext

from attrs import define, evolve, field, frozen

from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    LateFillsSettled,
)
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleOpened,
    JournalEvent,
    PlanCommitted,
    StrategyDecided,
    StrategyHeld,
    Valued,
)
from alchemiser_core.domain.money import ARITHMETIC, ZERO
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import CASH, Symbol

Weights = Mapping[Symbol, Decimal]


@frozen
class Flow:
    """Shares that came into the account (negative: went out), for cash."""

    session: date
    symbol: Symbol
    quantity: Decimal
    price: Decimal
    cost: Decimal = ZERO
    is_trade: bool = True
    """Filled at the market; otherwise it came or went by itself, at a price that nobody chose."""


@define
class LiveRecord:
    """The journal of an account, as far as a back-test can be compared with it."""

    cash: Decimal = ZERO
    """At the start, US dollars."""
    held: dict[Symbol, Decimal] = field(factory=dict)
    """Shares at the start."""
    put_in: Decimal = ZERO
    """What cash and shares were worth at the start, US dollars."""
    flows: list[Flow] = field(factory=list)
    outside: Decimal = ZERO
    """Deposits less withdrawals, dividends, interest and accepted differences, US dollars."""
    decided: dict[str, dict[date, Weights | None]] = field(factory=dict)
    """By strategy and session that decided; `None` where it could not."""
    traded: dict[str, dict[date, date]] = field(factory=dict)
    """By strategy, the trading day of each session whose decision was traded."""
    moved: list[date] = field(factory=list)
    """Trading days on which cash moved between the books."""
    valued: list[Valued] = field(factory=list)
    _day: date | None = None
    _due: dict[str, date] = field(factory=dict)
    _moves: bool = False

    @property
    def first_decision(self) -> date | None:
        """The first session that was considered; `None` where none was."""
        return min((day for own in self.decided.values() for day in own), default=None)

    def take(self, event: JournalEvent) -> None:
        """Take in the next event."""
        match event:
            case BooksOpened():
                self._open(event)
            case CycleOpened():
                self._day, self._due, self._moves = event.cycle.trading_day, {}, False
            case StrategyDecided():
                self.decided.setdefault(event.strategy, {})[event.as_of] = event.weights
                if event.reason is not None:
                    self._due[event.strategy] = event.as_of
            case StrategyHeld():
                self.decided.setdefault(event.strategy, {})[event.as_of] = None
            case CashMovedBetweenBooks():
                self._moves = bool(event.transfers)
            case PlanCommitted():
                self._commit()
            case BooksSettled() | LateFillsSettled():
                self._fill(fill for fills in event.fills.values() for fill in fills)
            case ActivityBooked():
                self._activity(event)
            case DifferenceAccepted():
                self._difference(event)
            case Valued():
                self.valued.append(event)
            case _:
                pass

    def _open(self, event: BooksOpened) -> None:
        for book in event.books.values():
            self.cash += book.cash
            self.put_in += book.contributed
            for symbol, position in book.positions.items():
                self.held[symbol] = self.held.get(symbol, ZERO) + position.quantity

    def _commit(self) -> None:
        if self._day is None:
            return
        for strategy, as_of in self._due.items():
            self.traded.setdefault(strategy, {})[as_of] = self._day
        if self._moves:
            self.moved.append(self._day)

    def _fill(self, fills: Iterable[Fill]) -> None:
        for fill in fills:
            if fill.client_order_id is not None:  # the others are between two books
                quantity = fill.quantity if fill.side is Side.BUY else -fill.quantity
                flow = Flow(fill.session, fill.symbol, quantity, fill.price, fill.cost)
                self.flows.append(flow)

    def _activity(self, event: ActivityBooked) -> None:
        match event.activity:
            case CashActivity(amount=amount):
                self.outside += amount
            case SplitActivity() as split:
                self._split(split.symbol, split.ratio)
                self.outside += split.cash_in_lieu
            case RemovalActivity() as removal:
                self._leave(removal)

    def _split(self, symbol: Symbol, ratio: Decimal) -> None:
        """Everything so far in shares and prices after the split, as adjusted bars have it."""
        if symbol in self.held:
            self.held[symbol] *= ratio
        self.flows = [
            evolve(flow, quantity=flow.quantity * ratio, price=flow.price / ratio)
            if flow.symbol == symbol
            else flow
            for flow in self.flows
        ]

    def _leave(self, removal: RemovalActivity) -> None:
        own = sum((f.quantity for f in self.flows if f.symbol == removal.symbol), start=ZERO)
        quantity = self.held.get(removal.symbol, ZERO) + own
        if quantity:
            price = removal.cash / quantity
            flow = Flow(removal.session, removal.symbol, -quantity, price, is_trade=False)
            self.flows.append(flow)

    def _difference(self, event: DifferenceAccepted) -> None:
        whole = sum(event.amounts.values(), start=ZERO)
        self.outside += whole * event.price
        if event.name != CASH:
            symbol = Symbol(event.name)
            flow = Flow(event.session, symbol, whole, event.price, is_trade=False)
            self.flows.append(flow)


def live_record(events: Iterable[JournalEvent]) -> LiveRecord:
    """What a journal adds up to."""
    record = LiveRecord()
    with localcontext(ARITHMETIC):
        for event in events:
            record.take(event)
    return record
