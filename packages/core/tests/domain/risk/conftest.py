"""Plans, accounts and quotes that risk limits are tried on."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import Usd, usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.risk.facts import AccountFacts
from alchemiser_core.domain.symbol import Symbol

DAY = date(2026, 3, 2)
CYCLE = CycleKey("main", "account", DAY)
PRICE = Decimal(100)


def order_of(symbol: str, value: int) -> OrderIntent:
    """A buy of a value in US dollars at 100 a share, or a sell where the value is negative."""
    side = Side.BUY if value > 0 else Side.SELL
    reason = OrderReason.INCREASE if value > 0 else OrderReason.REDUCE
    quantity = abs(Decimal(value)) / PRICE
    identifier = CYCLE.order_id(Symbol(symbol), side)
    return OrderIntent(
        Symbol(symbol), side, quantity, PRICE, Usd(abs(Decimal(value))), reason, identifier
    )


@pytest.fixture
def plan() -> Callable[..., RebalancePlan]:
    """A plan of orders by symbol and value, towards target weights of the 10,000 it is for."""

    def make(
        orders: Mapping[str, int] | None = None,
        target: Mapping[str, str] | None = None,
        investable: int = 10_000,
    ) -> RebalancePlan:
        made = sorted((order_of(s, v) for s, v in (orders or {}).items()), key=lambda o: o.side)
        weights = {Symbol(s): Decimal(w) for s, w in (target or {}).items()}
        return RebalancePlan(
            as_of=DAY,
            equity=usd(investable),
            equity_after_costs=usd(investable),
            investable=usd(investable),
            target=TargetWeights(weights, sum(weights.values(), start=Decimal(0))),
            orders=tuple(reversed(made)),
            skipped=(),
            adjusted=(),
            expected_cash=usd(100),
            expected_costs=usd(0),
        )

    return make


@pytest.fixture
def account() -> Callable[..., AccountFacts]:
    """An account of 10,000 US dollars with holdings by value, at 100 a share."""

    def make(held: Mapping[str, int] | None = None, **other: Any) -> AccountFacts:
        values = {Symbol(s): usd(v) for s, v in (held or {}).items()}
        quantities = {s: value / PRICE for s, value in values.items()}
        return evolve(AccountFacts(usd(10_000), usd(10_000), quantities, values), **other)

    return make


@pytest.fixture
def quote() -> Callable[..., Quote]:
    """A quote by bid and ask."""
    at = datetime(2026, 3, 2, 20, 45, tzinfo=UTC)
    return lambda symbol, bid, ask: Quote(Symbol(symbol), Decimal(bid), Decimal(ask), at)
