"""How the simulated exchange behaves: costs, delays, partial fills, halts, refusals."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

import numpy as np
from attrs import define, field, frozen

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.submission import Rejected
from alchemiser_core.domain.symbol import Symbol

AT_ONCE = timedelta(0)
_WHOLE = Decimal(1)


@frozen
class Part:
    """A part of an order that is filled together."""

    fraction: Decimal = _WHOLE
    """Of the quantity of the order."""
    delay: timedelta = AT_ONCE
    """After the latency has passed."""


class FillPolicy(Protocol):
    """In which parts an order is filled; what the parts leave is never filled."""

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """The parts of an accepted order; asked once for each."""
        ...


@frozen
class FillWhole:
    """Every order is filled at once and whole."""

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """One part."""
        return _ONE_PART


_ONE_PART = (Part(),)


@frozen
class ScriptedFills:
    """Parts by client order id or symbol; other orders are filled whole."""

    script: Mapping[str, tuple[Part, ...]]

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """The parts written down for the order, else for its symbol."""
        found = self.script.get(request.client_order_id)
        return self.script.get(request.symbol, _ONE_PART) if found is None else found


@define
class RandomParts:
    """Some orders are filled in parts only, drawn from a generator that is passed in."""

    random: np.random.Generator
    probability: float
    """That an order is filled in parts."""
    longest_delay: timedelta = AT_ONCE
    """Of the second part; nothing is left over where it is above 0."""

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """One part, or a first one of 1 % to 99 % and maybe the rest, later."""
        if self.random.random() >= self.probability:
            return _ONE_PART
        first = Decimal(int(self.random.integers(1, 100))) / 100
        if not self.longest_delay:
            return (Part(first),)
        delay = self.longest_delay * float(self.random.random())
        return (Part(first), Part(1 - first, delay))


@define
class Behaviour:
    """May be changed at any time; an order keeps the parts and the latency it was accepted with."""

    costs: TradingCosts = field(factory=TradingCosts)
    latency: timedelta = AT_ONCE
    """From acceptance to the first fill; where it is 0, the answer to `submit` has the fill."""
    fills: FillPolicy = field(factory=FillWhole)
    collar: Decimal = ZERO
    """By how much more cash a market buy holds back, as a fraction of its value."""
    takes_orders_when_closed: bool = False
    """They then wait for the next session; otherwise they are refused."""
    halted: set[Symbol] = field(factory=set)
    """Orders are taken and not filled until the symbol is out of the set."""
    refusing: dict[Symbol, Rejected] = field(factory=dict)
    """Orders of these symbols are refused in the answer to `submit`."""
    rejecting: dict[Symbol, str] = field(factory=dict)
    """Orders are accepted and rejected, with these words, when they would be filled."""
    cancel_delay: timedelta = AT_ONCE
    """From a cancel to its effect; what is due before is filled."""
    cancels_hang: bool = False
    """A cancel is taken and never takes effect, not even at the end of the session."""
    read_lag: timedelta = AT_ONCE
    """By how much account and positions are behind the orders."""
