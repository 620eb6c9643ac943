"""What every broker refuses, with the kind of refusal that says what to do next."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from collections.abc import Iterator
from decimal import Decimal

import pytest

from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.ports.broker import Broker
from alchemiser_core.testing.conformance.broker_scene import BrokerScene, accepted, read


class BrokerRefusals(BrokerScene):
    """A part of `BrokerConformance`."""

    def test_an_unknown_symbol_is_refused(self, broker: Broker, ids: Iterator[str]) -> None:
        refusal = self.refused(broker, self.request(next(ids), symbol=self.unknown))
        assert refusal.kind is RejectionKind.NOT_TRADABLE

    def test_a_buy_beyond_the_cash_is_refused(self, broker: Broker, ids: Iterator[str]) -> None:
        cash = read(broker.account()).cash
        many = (cash / self.far_below).to_integral_value() + 1
        refusal = self.refused(broker, self.request(next(ids), quantity=many))
        assert refusal.kind is RejectionKind.INSUFFICIENT_CASH
        assert read(broker.account()).cash == cash

    def test_open_buys_hold_cash_back(self, broker: Broker, ids: Iterator[str]) -> None:
        cash = read(broker.account()).cash
        most = (cash * Decimal("0.6") / self.far_below).to_integral_value()
        first = self.request(next(ids), quantity=most, limit=self.far_below)
        accepted(broker.submit(first))
        second = self.request(next(ids), quantity=most, limit=self.far_below)
        assert self.refused(broker, second).kind is RejectionKind.INSUFFICIENT_CASH

    def test_nothing_is_sold_that_is_not_held(self, broker: Broker, ids: Iterator[str]) -> None:
        refusal = self.refused(broker, self.request(next(ids), Side.SELL))
        assert refusal.kind is RejectionKind.INSUFFICIENT_QUANTITY
        self.traded(broker, self.request(next(ids)))
        more = self.request(next(ids), Side.SELL, self.quantity + 1)
        assert self.refused(broker, more).kind is RejectionKind.INSUFFICIENT_QUANTITY

    def test_open_sells_hold_shares_back_and_are_named(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        self.traded(broker, self.request(next(ids)))
        resting = self.request(next(ids), Side.SELL, limit=Decimal(10**6))
        report = accepted(broker.submit(resting))
        (held,) = read(broker.positions())
        assert (held.quantity, held.available) == (self.quantity, ZERO)
        refusal = self.refused(broker, self.request(next(ids), Side.SELL))
        assert refusal.kind is RejectionKind.INSUFFICIENT_QUANTITY
        assert refusal.related in (report.client_order_id, report.broker_order_id)

    def test_an_order_against_an_open_one_is_refused(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        self.traded(broker, self.request(next(ids)))
        resting = self.request(next(ids), Side.SELL, limit=Decimal(10**6))
        report = accepted(broker.submit(resting))
        refusal = self.refused(broker, self.request(next(ids)))
        assert refusal.kind is RejectionKind.WASH_TRADE
        assert refusal.related in (report.client_order_id, report.broker_order_id)

    def test_a_limit_off_the_tick_is_refused(self, broker: Broker, ids: Iterator[str]) -> None:
        tick = read(broker.instruments([self.first]))[self.first].price_increment
        request = self.request(next(ids), limit=self.far_below + tick / 2)
        assert self.refused(broker, request).kind is RejectionKind.BAD_PRICE

    def test_fractions_of_what_has_none_are_refused(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        if broker.capabilities.fractional:
            pytest.skip("the broker trades fractions")
        request = self.request(next(ids), quantity=self.quantity + Decimal("0.5"))
        assert self.refused(broker, request).kind is RejectionKind.NOT_FRACTIONABLE

    def test_fractions_are_filled_to_the_last_digit(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        if not broker.capabilities.fractional:
            pytest.skip("the broker trades whole shares")
        step = read(broker.instruments([self.first]))[self.first].quantity_increment
        quantity = self.quantity + (step or Decimal("1E-9"))
        report = self.traded(broker, self.request(next(ids), quantity=quantity))
        assert report.filled_quantity == quantity
        (held,) = read(broker.positions())
        assert held.quantity == quantity
