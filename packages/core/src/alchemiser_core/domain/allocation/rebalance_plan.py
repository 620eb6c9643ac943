"""The rebalance plan: orders, what was skipped and why, and the cash that is expected after it.

A plan is data: printable, serialisable, and the same for the same inputs.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.allocation.constraints import Adjustment
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import Rounding, Usd, decimal_text, to_cents
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.symbol import Symbol


class SkipReason(StrEnum):
    """Why a symbol that differs from its target is not traded."""

    NO_PRICE = "no price"
    """It has never had a usable price, or the one given is zero, negative or not finite."""
    NO_PRICE_TODAY = "no price in this session"
    """Its last price is of an earlier session: good enough to value, not to trade."""
    UNKNOWN_INSTRUMENT = "unknown instrument"
    NOT_TRADABLE = "not tradable"
    WITHIN_BAND = "within the drift band"
    BELOW_INCREMENT = "less than one increment"
    BELOW_MINIMUM = "below the minimum trade"
    BELOW_MINIMUM_ORDER = "below the broker's minimum order"
    NO_CASH = "no cash left"

    @property
    def blocks_trading(self) -> bool:
        """Whether the symbol cannot be traded at all; the other reasons are about amounts."""
        return self in _BLOCKING


_BLOCKING = frozenset(
    {
        SkipReason.NO_PRICE,
        SkipReason.NO_PRICE_TODAY,
        SkipReason.UNKNOWN_INSTRUMENT,
        SkipReason.NOT_TRADABLE,
    }
)


@frozen
class Skipped:
    """A symbol that is left as it is, with the value that would have been traded."""

    symbol: Symbol
    reason: SkipReason
    value: Usd
    """US dollars, positive for a buy, negative for a sell; 0 where it is not known."""


@frozen
class RebalancePlan:
    """Orders in the sequence in which they are to be sent: sells, then buys, each by symbol."""

    as_of: date
    """The trading day."""
    equity: Usd
    """Cash and managed holdings before the plan."""
    equity_after_costs: Usd
    """Equity when every difference to the target has been traded."""
    investable: Usd
    """Of that, what lies beyond the reserve: the target weights are fractions of it."""
    target: TargetWeights
    """The weights within all limits."""
    orders: tuple[OrderIntent, ...]
    skipped: tuple[Skipped, ...]
    adjusted: tuple[Adjustment, ...]
    """Weights that a constraint lowered."""
    expected_cash: Usd
    """Cash when every order has filled at its price."""
    expected_costs: Usd

    @property
    def sells(self) -> tuple[OrderIntent, ...]:
        """The orders that bring cash."""
        return tuple(order for order in self.orders if order.side is Side.SELL)

    @property
    def buys(self) -> tuple[OrderIntent, ...]:
        """The orders that take cash."""
        return tuple(order for order in self.orders if order.side is Side.BUY)

    @property
    def target_values(self) -> dict[Symbol, Decimal]:
        """What the account is to hold of each symbol of the target, US dollars."""
        return {s: weight * self.investable for s, weight in self.target.weights.items()}

    @property
    def untradable(self) -> frozenset[Symbol]:
        """Symbols that could not have been traded in this session, by any amount."""
        return frozenset(s.symbol for s in self.skipped if s.reason.blocks_trading)

    def as_data(self) -> dict[str, object]:
        """The plan as a JSON object; quantities, weights and money are strings."""
        return {
            "as_of": self.as_of.isoformat(),
            "equity": decimal_text(self.equity),
            "equity_after_costs": decimal_text(self.equity_after_costs),
            "investable": decimal_text(self.investable),
            "target": {s: decimal_text(weight) for s, weight in self.target.weights.items()},
            "orders": [_order_data(order) for order in self.orders],
            "skipped": [_skipped_data(skipped) for skipped in self.skipped],
            "adjusted": [_adjustment_data(adjustment) for adjustment in self.adjusted],
            "expected_cash": decimal_text(self.expected_cash),
            "expected_costs": decimal_text(self.expected_costs),
        }

    def __str__(self) -> str:
        lines = [f"plan of {self.as_of}: equity {_shown(self.equity)}"]
        lines += [
            f"{o.side} {_plain(o.quantity)} {o.symbol} at {_plain(o.price)} "
            f"= {_shown(o.value)} ({o.reason})"
            for o in self.orders
        ]
        lines += [f"skip {s.symbol}: {s.reason} ({_shown(s.value)})" for s in self.skipped]
        lines += [
            f"limit {a.symbol}: {_plain(a.wanted)} to {_plain(a.allowed)} ({a.limit})"
            for a in self.adjusted
        ]
        lines.append(
            f"cash after {_shown(self.expected_cash)}, costs {_shown(self.expected_costs)}"
        )
        return "\n".join(lines)


def _shown(amount: Decimal) -> str:
    return f"{to_cents(amount, Rounding.NEAREST):,}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _order_data(order: OrderIntent) -> dict[str, str]:
    return {
        "symbol": order.symbol,
        "side": order.side.value,
        "quantity": decimal_text(order.quantity),
        "price": decimal_text(order.price),
        "value": decimal_text(order.value),
        "reason": order.reason.value,
        "client_order_id": order.client_order_id,
    }


def _skipped_data(skipped: Skipped) -> dict[str, str]:
    return {
        "symbol": skipped.symbol,
        "reason": skipped.reason.value,
        "value": decimal_text(skipped.value),
    }


def _adjustment_data(adjustment: Adjustment) -> dict[str, str]:
    return {
        "symbol": adjustment.symbol,
        "wanted": decimal_text(adjustment.wanted),
        "allowed": decimal_text(adjustment.allowed),
        "limit": adjustment.limit.value,
    }
