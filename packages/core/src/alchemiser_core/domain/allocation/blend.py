"""Blending: the target of an account from the targets of its strategies, by the equity of each
book.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class BadShare:
    """A capital share that is not a positive, finite number."""

    strategy: str
    share: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the strategy and its share."""
        return (
            Problem(
                code="bad-capital-share",
                what=f"the capital share of {self.strategy} is {self.share}",
                where=self.strategy,
                why="a share is a number above 0 and at most 1",
                hint="leave a strategy out to give it nothing",
            ),
        )


@frozen
class SharesNotOne:
    """Capital shares that do not add up to exactly 1."""

    total: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the sum."""
        return (
            Problem(
                code="shares-not-one",
                what=f"capital shares add up to {self.total}",
                why="they must add up to exactly 1, without a tolerance",
                hint="write thirds as 0.3334, 0.3333 and 0.3333",
            ),
        )


@frozen
class BadShares:
    """Capital shares that are refused, with every fault."""

    faults: tuple[BadShare | SharesNotOne, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all faults."""
        return tuple(p for fault in self.faults for p in fault.problems())


@frozen
class CapitalShares:
    """The part of the account's equity that each strategy gets; made by `capital_shares` alone."""

    shares: Mapping[str, Decimal]
    """Sorted by strategy, adding up to exactly 1."""


def capital_shares(shares: Mapping[str, Decimal]) -> Result[CapitalShares, BadShares]:
    """Check capital shares; `BadShares` names everything that is wrong."""
    faults: list[BadShare | SharesNotOne] = [
        BadShare(name, share)
        for name, share in sorted(shares.items())
        if not (share.is_finite() and 0 < share <= 1)
    ]
    if not faults:
        with localcontext(ARITHMETIC):
            total = sum(shares.values(), start=ZERO)
        if total != 1:
            faults.append(SharesNotOne(total))
    if faults:
        return Failure(BadShares(tuple(faults)))
    return Success(CapitalShares(dict(sorted(shares.items()))))


@frozen
class NoBookEquity:
    """Books whose equity is negative, or none of which has any."""

    equity: Mapping[str, Usd]

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the equity of every book."""
        each = ", ".join(f"{name} {amount}" for name, amount in self.equity.items())
        return (
            Problem(
                code="no-book-equity",
                what=f"the books have no equity to blend by: {each}",
                why="target weights are fractions of the equity of their book",
                hint="deposit cash, or leave out the strategy whose book is negative",
            ),
        )


def blend(
    targets: Mapping[str, TargetWeights], equity: Mapping[str, Usd]
) -> Result[TargetWeights, NoBookEquity]:
    """Σ equity of book i × target weights of i, as fractions of the equity of all these books.

    Both mappings have the same strategies (`ValueError` otherwise). `NoBookEquity` where a book's
    equity is negative or all are zero.
    """
    if targets.keys() != equity.keys():
        raise ValueError(f"targets of {sorted(targets)}, equity of {sorted(equity)}")
    with localcontext(ARITHMETIC):
        whole = sum(equity.values(), start=ZERO)
        if whole <= 0 or any(amount < 0 for amount in equity.values()):
            return Failure(NoBookEquity(dict(sorted(equity.items()))))
        values: dict[Symbol, Decimal] = {}
        for name in sorted(targets):
            for symbol, weight in targets[name].weights.items():
                values[symbol] = values.get(symbol, ZERO) + weight * equity[name]
        weights = {symbol: values[symbol] / whole for symbol in sorted(values) if values[symbol]}
        return Success(TargetWeights(weights, sum(weights.values(), start=ZERO)))
