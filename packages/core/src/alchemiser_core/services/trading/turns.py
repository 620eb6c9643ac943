"""Whose turn it is: which books trade in a cycle, and whether cash moves between them.

The same rules as in a back-test, one session at a time.
"""

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.drift import drift
from alchemiser_core.domain.allocation.policy import TradeReason, books_due, reason_to_trade
from alchemiser_core.domain.allocation.target_weights import ALL_CASH, TargetWeights
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.portfolio.book import Book
from alchemiser_core.domain.portfolio.valuation import Unvalued, value_portfolio
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import StrategyError, StrategyFailed
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.trading.considered import Considered
from alchemiser_core.services.trading.mandate import Mandate

Considerations = Mapping[str, Result[Considered, StrategyError]]
"""What every strategy of the mandate decided, by name."""


@frozen
class StrategiesFailed:
    """Strategies that failed; nothing is traded, not even by the others."""

    failures: tuple[StrategyFailed, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all."""
        return tuple(problem for failure in self.failures for problem in failure.problems())


@frozen
class Turn:
    """What one book does in a cycle."""

    targets: TargetWeights
    reason: TradeReason | None
    """`None`: it keeps what it holds."""


@frozen
class Turns:
    """What all books do in a cycle."""

    decided: Mapping[str, Turn] = field(factory=dict)
    """By strategy; strategies that have left the portfolio are among them."""
    undecidable: Mapping[str, StrategyError] = field(factory=dict)
    """Their books keep what they hold."""
    moves_cash: bool = False
    """The books are brought back to their shares before anything is traded."""

    @property
    def trading(self) -> dict[str, TargetWeights]:
        """The targets of the books that trade."""
        return {name: turn.targets for name, turn in self.decided.items() if turn.reason}


def book_turns(
    ledger: Ledger, mandate: Mandate, considered: Considerations, closes: Marks, as_of: date
) -> Result[Turns, StrategiesFailed | Unvalued]:
    """What each book does when session `as_of` decides; `closes` are the prices of that session.

    Failures: `StrategiesFailed`; `Unvalued` where drift has to be known and a holding has no close.
    `ValueError` where a strategy has no book, or was not considered.
    """
    books = ledger.opened_books.books
    if mandate.shares.keys() - books.keys() or considered.keys() != mandate.shares.keys():
        raise ValueError("every strategy needs a book, and has to be considered")
    found: dict[str, Considered] = {}
    undecidable: dict[str, StrategyError] = {}
    for name, result in sorted(considered.items()):
        match result:
            case Success(decision):
                found[name] = decision
            case Failure(error):
                undecidable[name] = error
    failed = tuple(e for e in undecidable.values() if isinstance(e, StrategyFailed))
    if failed:
        return Failure(StrategiesFailed(failed))
    moves = not undecidable and _moves_cash(ledger, mandate, as_of)
    retired = {n: _retired(b, moves=moves) for n, b in books.items() if n not in considered}
    turns = _turns(ledger, found, closes, moves=moves)
    return turns.map(
        lambda own: Turns(dict(sorted({**own, **retired}.items())), undecidable, moves)
    )


def _moves_cash(ledger: Ledger, mandate: Mandate, as_of: date) -> bool:
    """Whether cash moves between the books, every strategy having decided.

    It does at the start of a period, as in a back-test; and besides as soon as the shares are not
    those by which it moved last, a new book is without any funds, or a strategy that has left has
    sold all it had.
    """
    books = ledger.opened_books.books
    if len(books) == 1:
        return False
    left = [book for name, book in books.items() if name not in mandate.shares]
    new = any(_unfunded(books[name]) for name in mandate.shares)
    sold = not any(book.portfolio.positions for book in left)
    return (
        any(_sold_out(book) for book in left)
        or (sold and (new or _changed(ledger, mandate)))
        or books_due(mandate.rebalance_books, as_of, ledger.all_decided)
    )


def _changed(ledger: Ledger, mandate: Mandate) -> bool:
    """Whether the shares are others than when cash was moved last."""
    last = {name: share for name, share in ledger.shares.items() if share}
    return bool(last) and last != mandate.shares


def _unfunded(book: Book) -> bool:
    own = book.portfolio
    return not (own.positions or own.cash or own.contributed)


def _sold_out(book: Book) -> bool:
    return bool(book.portfolio.cash) and not book.portfolio.positions


def _retired(book: Book, *, moves: bool) -> Turn:
    """A book whose strategy has left the portfolio sells what it holds."""
    if book.portfolio.positions:
        return Turn(ALL_CASH, TradeReason.RETIRED)
    return Turn(ALL_CASH, TradeReason.TRANSFER if moves else None)


def _turns(
    ledger: Ledger, found: Mapping[str, Considered], closes: Marks, *, moves: bool
) -> Result[dict[str, Turn], Unvalued]:
    """The turns of the strategies that decided, and of those that have left the portfolio."""
    decided: dict[str, Turn] = {}
    unvalued: set[Symbol] = set()
    for name, book in sorted(ledger.opened_books.books.items()):
        considered = found.get(name)
        if considered is None:
            continue
        match _reason(ledger, book, considered, closes):
            case Success(reason):
                other = TradeReason.TRANSFER if moves else None
                decided[name] = Turn(considered.targets, reason or other)
            case Failure(missing):
                unvalued.update(missing.symbols)
    return Failure(Unvalued(tuple(sorted(unvalued)))) if unvalued else Success(decided)


def _reason(
    ledger: Ledger, book: Book, considered: Considered, closes: Marks
) -> Result[TradeReason | None, Unvalued]:
    """Why the policy of a strategy trades, if it does."""
    memory = ledger.decided.get(book.strategy)
    policy, drifted = considered.policy, 0.0
    if memory is not None and policy.threshold is not None:
        measured = _drift(book, considered.targets, closes)
        if isinstance(measured, Failure):
            return Failure(measured.failure())
        drifted = measured.unwrap()
    return Success(
        reason_to_trade(
            policy,
            considered.decision.as_of,
            memory.as_of if memory is not None else None,
            path_changed=considered.path_changed,
            drift=drifted,
        )
    )


def _drift(book: Book, targets: TargetWeights, closes: Marks) -> Result[float, Unvalued]:
    """Largest |held − decided| weight of a book at the closes; 0 for a book without equity."""
    valued = value_portfolio(book.portfolio, closes)
    if isinstance(valued, Failure):
        return Failure(valued.failure())
    valuation = valued.unwrap()
    if valuation.equity <= 0:
        return Success(0.0)
    held = {symbol: valuation.weight(symbol) for symbol in valuation.values}
    return Success(float(max(map(abs, drift(held, targets.weights).values()), default=ZERO)))
