"""The draft of a cycle: from what strategies decided to the events that are written before the
first order, the plan among them.

It is drafted whole or not at all, so that a cycle that is refused leaves the books as they were.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.allocation.blend import NoBookEquity, blend
from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.constraints import constrain
from alchemiser_core.domain.allocation.plan_error import PlanRefused
from alchemiser_core.domain.allocation.plan_rules import PlanRules
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.journal.account_events import CashMovedBetweenBooks
from alchemiser_core.domain.journal.events import (
    JournalEvent,
    PlanCommitted,
    StrategyDecided,
    StrategyHeld,
)
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.portfolio.transfer import transfers_to_shares
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.plan_rebalance import plan_rebalance
from alchemiser_core.services.trading.mandate import Mandate
from alchemiser_core.services.trading.part_rules import part_rules, without_debt
from alchemiser_core.services.trading.remainders import (
    handed_over,
    remainders,
    without_remainders,
)
from alchemiser_core.services.trading.turns import (
    Considerations,
    StrategiesFailed,
    Turns,
    book_turns,
)

DraftError = StrategiesFailed | Unvalued | NoBookEquity | PlanRefused


@frozen
class CycleFacts:
    """What a cycle is drafted from, beside the ledger and the mandate."""

    key: CycleKey
    as_of: date
    """The session whose close decides."""
    considered: Considerations
    instruments: Mapping[Symbol, Instrument]
    marks: Marks
    """Prices to plan with. Needed for every holding of the books; one of an earlier session values
    what is held and trades nothing."""
    closes: Marks
    """The last closes up to `as_of`, by which drift is measured."""
    account_cash: Usd
    """At the broker."""


@frozen
class CycleDraft:
    """What a cycle writes before its first order."""

    events: tuple[JournalEvent, ...]
    """What was decided, then the cash moved between books, then the plan."""
    plan: PlanCommitted | None
    """The last of the events; `None` where no book trades."""
    equity: Mapping[str, Usd]
    """Of every book at the marks, after cash moved."""
    alerts: tuple[Alert, ...] = ()


@frozen
class _Account:
    """All books at the marks."""

    books: Books
    equity: Mapping[str, Usd]
    events: tuple[JournalEvent, ...] = ()
    """What brought the books there."""

    @property
    def whole(self) -> Decimal:
        """Equity of the account, US dollars."""
        return sum(self.equity.values(), start=ZERO)

    @property
    def solvent(self) -> Decimal:
        """The same without the books that are in debt; above 0 where any book can trade."""
        return sum((max(ZERO, amount) for amount in self.equity.values()), start=ZERO)


def draft_cycle(
    ledger: Ledger, mandate: Mandate, facts: CycleFacts
) -> Result[CycleDraft, DraftError]:
    """Decide who trades, move cash between the books, blend and plan.

    A strategy that is undecidable keeps what its book holds, and the others trade. Failures:
    `StrategiesFailed` where one failed, whatever the others say; `Unvalued` where a holding of the
    books has no mark; `PlanRefused`; `NoBookEquity`. After a failure nothing is to be written.
    """
    with localcontext(ARITHMETIC):
        found = book_turns(ledger, mandate, facts.considered, facts.closes, facts.as_of)
        if isinstance(found, Failure):
            return Failure(found.failure())
        turns = found.unwrap()
        brought = _brought_to_shares(ledger, mandate, turns, facts)
        if isinstance(brought, Failure):
            return Failure(brought.failure())
        account = brought.unwrap()
        targets, poor = _able(turns, account)
        planned = _planned(account, targets, mandate, facts)
        if isinstance(planned, Failure):
            return Failure(planned.failure())
        plan = planned.unwrap()
        events = (*_decisions(turns, facts.as_of), *account.events, *((plan,) if plan else ()))
        alerts = (*_undecidable_alerts(turns), *poor, *_skip_alerts(plan))
        return Success(CycleDraft(events, plan, account.equity, alerts))


def _brought_to_shares(
    ledger: Ledger, mandate: Mandate, turns: Turns, facts: CycleFacts
) -> Result[_Account, Unvalued]:
    """The books at the marks, after the transfers that are due."""
    books = ledger.opened_books
    valued = books.equity(facts.marks)
    if isinstance(valued, Failure):
        return Failure(valued.failure())
    equity: Mapping[str, Usd] = valued.unwrap()
    if not turns.moves_cash:
        known = () if ledger.shares else (CashMovedBetweenBooks((), mandate.shares),)
        return Success(_Account(books, equity, known))
    # A strategy that has left gives what it has once all of it is sold; its book is closed when it
    # is not named any more.
    left = books.books.keys() - mandate.shares.keys()
    selling = {name for name in left if books.books[name].portfolio.positions}
    sharing = {name: mandate.shares.get(name, ZERO) for name in equity if name not in selling}
    amounts = {name: equity[name] for name in sharing}
    transfers = transfers_to_shares(amounts, sharing, facts.key.trading_day)
    moved = books.transfer(transfers)
    event = CashMovedBetweenBooks(transfers, {**mandate.shares, **dict.fromkeys(selling, ZERO)})
    return moved.equity(facts.marks).map(lambda after: _Account(moved, after, (event,)))


def _able(turns: Turns, account: _Account) -> tuple[dict[str, TargetWeights], list[Alert]]:
    """The targets of the books that trade and have equity to trade; an alert for each other."""
    able: dict[str, TargetWeights] = {}
    alerts: list[Alert] = []
    for name, targets in turns.trading.items():
        if account.equity[name] > 0:
            able[name] = targets
        elif account.equity[name] < 0 or account.books.books[name].portfolio.positions:
            text = f"the book of {name} is worth {account.equity[name]} and trades nothing"
            alerts.append(Alert("book-without-equity", Severity.WARNING, text, name))
    return able, alerts


@frozen
class _Part:
    """The books that trade, and the others."""

    books: Books
    idle: Books
    targets: Mapping[str, TargetWeights]
    equity: Mapping[str, Usd]
    """Of the books that trade."""


def _planned(
    account: _Account, targets: Mapping[str, TargetWeights], mandate: Mandate, facts: CycleFacts
) -> Result[PlanCommitted | None, NoBookEquity | PlanRefused]:
    """The plan of the books that trade; `None` where none does."""
    if not targets:
        return Success(None)
    books, whole = account.books, account.whole
    part = _Part(
        books.only(targets),
        books.only(books.books.keys() - targets.keys()),
        targets,
        {name: account.equity[name] for name in targets},
    )
    blended = blend(targets, part.equity)
    if isinstance(blended, Failure):
        return Failure(blended.failure())
    rules = part_rules(
        mandate.rules(facts.instruments, whole),
        tuple(blended.unwrap()),
        sum(part.equity.values(), start=ZERO),
        account.solvent,
        part.idle,
        facts.marks,
    )
    return _plan_of(part, blended.unwrap(), rules, facts)


def _plan_of(
    part: _Part, wanted: TargetWeights, rules: PlanRules, facts: CycleFacts
) -> Result[PlanCommitted | None, NoBookEquity | PlanRefused]:
    own, marks = part.books.combined(), facts.marks
    allowed, _ = constrain(wanted, rules.constraints)
    rests = remainders(own, part.idle, allowed, rules.instruments, marks)
    worth = sum((rest * marks[symbol].price for symbol, rest in rests.items()), start=ZERO)
    rules = without_debt(rules, part.idle, worth)
    able = without_remainders(own, rests, worth)
    planned = plan_rebalance(able, wanted, marks, rules, facts.key)
    if isinstance(planned, Failure):
        return Failure(planned.failure())
    plan, limits = planned.unwrap(), rules.constraints
    wishes = book_wishes(part.books, part.targets, part.equity, plan, marks, limits.unmanaged)
    wishes = handed_over(wishes, rests, plan, own, part.idle)
    return Success(
        PlanCommitted(
            plan=plan,
            wishes=wishes,
            cash=able.cash,
            kept_cash=Usd(limits.reserve_cash + limits.cash_buffer * plan.investable),
            account_cash=facts.account_cash,
            marks={symbol: marks[symbol].price for symbol in wishes},
        )
    )


def _decisions(turns: Turns, as_of: date) -> tuple[JournalEvent, ...]:
    """What every strategy decided, or that it could not."""
    decided = [
        StrategyDecided(name, as_of, turn.targets.weights, turn.reason)
        for name, turn in turns.decided.items()
    ]
    held = [StrategyHeld(name, as_of, _words(error)) for name, error in turns.undecidable.items()]
    return (*decided, *held)


def _words(error: StrategyError) -> str:
    return "; ".join(str(problem) for problem in error.problems())


def _undecidable_alerts(turns: Turns) -> tuple[Alert, ...]:
    return tuple(
        Alert("strategy-undecidable", Severity.WARNING, f"{name} keeps its book: {_words(e)}", name)
        for name, e in turns.undecidable.items()
    )


def _skip_alerts(plan: PlanCommitted | None) -> tuple[Alert, ...]:
    """Symbols that cannot be traded at all; amounts that are too small are nobody's concern."""
    skipped = plan.plan.skipped if plan else ()
    return tuple(
        Alert(
            "symbol-not-traded",
            Severity.WARNING,
            f"{s.symbol} is left as it is: {s.reason}",
            s.symbol,
        )
        for s in skipped
        if s.reason.blocks_trading
    )
