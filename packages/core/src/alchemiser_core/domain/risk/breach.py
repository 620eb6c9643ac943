"""Breaches: why a plan is refused before its first order, each with a code and its numbers."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.money import Rounding, Usd, decimal_text, to_cents
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


class LimitCode(StrEnum):
    """Which limit is exceeded; the value is the code of the problem."""

    TURNOVER = "turnover-above-limit"
    ORDER_VALUE = "order-value-above-limit"
    ORDER_FRACTION = "order-fraction-above-limit"
    DAY_VALUE = "day-value-above-limit"
    ORDERS = "too-many-orders"
    WEIGHT = "weight-above-limit"
    GROSS = "gross-above-limit"
    LEVERAGED_WEIGHT = "leveraged-weight-above-limit"
    EXPOSURE = "exposure-above-limit"
    SPREAD = "spread-above-limit"


_WORDS = {
    LimitCode.TURNOVER: ("the orders of the day trade {} times the equity", "max_turnover"),
    LimitCode.ORDER_VALUE: ("an order of {} US dollars", "max_order_value"),
    LimitCode.ORDER_FRACTION: ("an order of {} of the equity", "max_order_fraction"),
    LimitCode.DAY_VALUE: ("the orders of the day trade {} US dollars", "max_day_value"),
    LimitCode.ORDERS: ("the day would have {} orders", "max_orders"),
    LimitCode.WEIGHT: ("a weight of {}", "max_weight"),
    LimitCode.GROSS: ("{} of the equity would be invested", "max_gross"),
    LimitCode.LEVERAGED_WEIGHT: ("leveraged funds would have {}", "max_leveraged_weight"),
    LimitCode.EXPOSURE: ("the account would move {} times the market", "max_exposure"),
    LimitCode.SPREAD: ("a spread of {}", "max_spread"),
}
_IN_CENTS = frozenset({LimitCode.ORDER_VALUE, LimitCode.DAY_VALUE})


@frozen
class LimitExceeded:
    """A number of the plan that is above its limit."""

    code: LimitCode
    measured: Decimal
    allowed: Decimal
    symbol: Symbol | None = None
    """`None` where the plan as a whole is meant."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both numbers, and the setting."""
        words, setting = _WORDS[self.code]
        return (
            Problem(
                code=self.code.value,
                what=words.format(self._text(self.measured)),
                where=self.symbol or "the plan",
                why=f"risk.{setting} is {self._text(self.allowed)}",
                hint=f"look at the plan; if it is right, raise {setting} in [risk]",
            ),
        )

    def _text(self, value: Decimal) -> str:
        if self.code in _IN_CENTS:
            return f"{to_cents(value, Rounding.UP):f}"
        shown = decimal_text(value.normalize())
        return shown if len(shown) <= 12 else f"{value:.10f}"


@frozen
class SymbolBarred:
    """A symbol that the plan buys and may not."""

    symbol: Symbol
    is_denied: bool
    """It is among the denied; otherwise it is missing among the allowed."""
    code = "symbol-barred"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol and the list."""
        why = "it is in risk.denied" if self.is_denied else "it is not in risk.allowed"
        hint = "put it in planning.denied as well, to trade the rest without it"
        if not self.is_denied:
            hint = "add it to risk.allowed, or take it out of the strategy"
        what = f"the plan buys {self.symbol}"
        return (Problem(self.code, what, self.symbol, why, hint),)


@frozen
class SpreadUnknown:
    """A symbol that is to be traded and has no quote that a spread could be read from."""

    symbol: Symbol
    code = "spread-unknown"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol."""
        return (
            Problem(
                code=self.code,
                what=f"{self.symbol} has no usable quote, so its spread is not known",
                where=self.symbol,
                why="risk.max_spread asks for the spread of everything that is traded",
                hint="wait until the market quotes, or leave max_spread out",
            ),
        )


@frozen
class EquityDropped:
    """The account has lost more than it may since the session before."""

    before: Usd
    """What it was worth, with what was paid in or out since."""
    now: Usd
    drop: Decimal
    """A fraction of `before`."""
    allowed: Decimal
    code = "equity-dropped"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both amounts and the fraction."""
        before, now = (f"{to_cents(v, Rounding.NEAREST):f}" for v in (self.before, self.now))
        return (
            Problem(
                code=self.code,
                what=f"the account went from {before} to {now} US dollars, down {self.drop:.4f}",
                where="the account",
                why=f"risk.max_equity_drop is {decimal_text(self.allowed)}",
                hint="look for a wrong price, a missed split or a real loss; if it is real and "
                "trading is to go on, raise max_equity_drop in [risk]",
            ),
        )


@frozen
class NoEquity:
    """An account that is worth nothing: no limit can be measured against it."""

    equity: Usd
    code = "no-equity"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the amount."""
        return (
            Problem(
                code=self.code,
                what=f"the account is worth {decimal_text(self.equity)} US dollars",
                where="the account",
                why="limits are parts of its equity",
                hint="compare the journal with the broker: alchemiser reconcile",
            ),
        )


@frozen
class WeightsBeyondOne:
    """Target weights that add up to more than all there is; no setting allows that."""

    total: Decimal
    code = "weights-above-one"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the sum."""
        return (
            Problem(
                code=self.code,
                what=f"target weights add up to {decimal_text(self.total)}",
                where="the plan",
                why="they may not exceed 1; what they leave to 1 is cash",
                hint="check the strategy that decided them",
            ),
        )


@frozen
class SellsMoreThanHeld:
    """A sell that would make a position negative."""

    symbol: Symbol
    quantity: Decimal
    held: Decimal
    code = "sells-more-than-held"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both quantities."""
        return (
            Problem(
                code=self.code,
                what=f"the plan sells {decimal_text(self.quantity)} {self.symbol}, "
                f"{decimal_text(self.held)} are held",
                where=self.symbol,
                why="a position is never negative",
                hint="compare the journal with the broker: alchemiser reconcile",
            ),
        )


@frozen
class TradingHalted:
    """Orders of an account that takes none."""

    orders: int
    code = "trading-halted"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: how many orders are refused."""
        what = f"trading is halted, and the plan has {self.orders} orders"
        hint = "alchemiser status says why; alchemiser resume ends it"
        return (Problem(self.code, what, "the account", "", hint),)


@frozen
class OnlyReducing:
    """Buys of an account that may only lower its positions."""

    symbols: tuple[Symbol, ...]
    code = "only-reducing"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what would be bought."""
        what = f"the plan buys {', '.join(self.symbols)}, and only sells are allowed"
        hint = "alchemiser status says why; alchemiser resume ends it"
        return (Problem(self.code, what, "the account", "the account is reducing", hint),)


Breach = (
    LimitExceeded
    | SymbolBarred
    | SpreadUnknown
    | EquityDropped
    | NoEquity
    | WeightsBeyondOne
    | SellsMoreThanHeld
    | TradingHalted
    | OnlyReducing
)


@frozen
class RiskRefused:
    """A plan that is refused, with every breach."""

    breaches: tuple[Breach, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all breaches."""
        return tuple(problem for breach in self.breaches for problem in breach.problems())
