"""What every broker promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from collections.abc import Iterator
from datetime import date

import pytest
from returns.result import Failure

from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.quotes import Quotes
from alchemiser_core.testing.conformance.broker_refusals import BrokerRefusals
from alchemiser_core.testing.conformance.broker_scene import accepted, read

_LONG_AGO = date(1900, 1, 1)


class BrokerConformance(BrokerRefusals):
    """Give the fixture `broker`, and the flags of `BrokerScene` where they differ."""

    # Who it is

    def test_it_has_a_name(self, broker: Broker) -> None:
        assert broker.name.strip()

    def test_the_account_has_a_number_that_stays(self, broker: Broker, ids: Iterator[str]) -> None:
        before = read(broker.account())
        assert before.number.strip()
        self.traded(broker, self.request(next(ids)))
        after = read(broker.account())
        assert (after.number, after.is_live) == (before.number, before.is_live)

    def test_capabilities_are_constant_and_agree_with_the_account(self, broker: Broker) -> None:
        assert broker.capabilities == broker.capabilities
        assert broker.capabilities.is_live == read(broker.account()).is_live
        assert broker.capabilities.market_collar >= 0

    def test_its_time_has_a_zone_and_does_not_go_back(self, broker: Broker) -> None:
        first, second = read(broker.time()), read(broker.time())
        assert first.at.tzinfo is not None
        assert first.at <= second.at
        assert first.is_open

    def test_nothing_is_held_at_first(self, broker: Broker) -> None:
        assert read(broker.positions()) == ()
        assert read(broker.account()).cash > 0

    # Instruments and quotes

    def test_instruments_leave_out_what_is_unknown(self, broker: Broker) -> None:
        asked = [Symbol(s) for s in (*self.known, self.unknown)]
        found = read(broker.instruments(asked))
        assert set(found) == set(self.known)
        assert all(found[symbol].symbol == symbol for symbol in found)

    def test_fractions_are_traded_where_the_broker_says_so(self, broker: Broker) -> None:
        found = read(broker.instruments([self.first]))[self.first]
        assert found.fractionable == broker.capabilities.fractional

    def test_known_symbols_have_quotes_and_unknown_ones_have_none(self, broker: Broker) -> None:
        if not self.has_quotes:
            pytest.skip("the broker has no quotes")
        assert isinstance(broker, Quotes)
        found = broker.quotes([Symbol(s) for s in (*self.known, self.unknown)]).unwrap()
        assert set(found) == set(self.known)
        for symbol, quote in found.items():
            assert quote.symbol == symbol
            assert 0 < quote.bid <= quote.ask

    # Orders

    def test_an_accepted_order_is_reported_as_it_was_sent(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        request = self.request(next(ids))
        report = accepted(broker.submit(request))
        assert report.client_order_id == request.client_order_id
        assert report.broker_order_id
        sent = (request.symbol, request.side, request.quantity)
        assert (report.symbol, report.side, report.quantity) == sent

    def test_a_filled_buy_moves_cash_and_position_exactly(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        before = read(broker.account()).cash
        report = self.traded(broker, self.request(next(ids)))
        assert report.filled_quantity == self.quantity
        assert report.filled_value is not None
        cash = read(broker.account()).cash
        assert cash == before - report.filled_value - report.costs
        assert cash == cash.quantize(CENT)
        (held,) = read(broker.positions())
        assert (held.symbol, held.quantity) == (self.first, self.quantity)
        assert held.available == self.quantity

    def test_a_filled_sell_moves_cash_and_position_exactly(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        self.traded(broker, self.request(next(ids)))
        before = read(broker.account()).cash
        report = self.traded(broker, self.request(next(ids), Side.SELL))
        assert report.filled_value is not None
        cash = read(broker.account()).cash
        assert cash == before + report.filled_value - report.costs
        assert cash == cash.quantize(CENT)
        assert read(broker.positions()) == ()

    def test_positions_are_sorted_by_symbol(self, broker: Broker, ids: Iterator[str]) -> None:
        for symbol in sorted(self.known, reverse=True):
            self.traded(broker, self.request(next(ids), symbol=symbol))
        assert [held.symbol for held in read(broker.positions())] == sorted(self.known)

    def test_what_was_filled_never_goes_down(self, broker: Broker, ids: Iterator[str]) -> None:
        request = self.request(next(ids))
        seen = [accepted(broker.submit(request)).filled_quantity]
        for _ in range(5):
            report = read(broker.order(request.client_order_id))
            assert report is not None
            seen.append(report.filled_quantity)
            self.settle(broker)
        assert seen == sorted(seen)

    def test_an_id_is_taken_for_ever(self, broker: Broker, ids: Iterator[str]) -> None:
        request = self.request(next(ids))
        first = self.traded(broker, request)
        cash = read(broker.account()).cash
        for again in (request, self.request(request.client_order_id, symbol=self.known[1])):
            outcome = broker.submit(again)
            assert isinstance(outcome, Failure)
            refusal = outcome.failure()
            assert isinstance(refusal, Rejected)
            assert refusal.kind is RejectionKind.DUPLICATE_ID
        self.settle(broker)
        assert read(broker.order(request.client_order_id)) == first
        assert read(broker.account()).cash == cash
        orders = read(broker.orders(_LONG_AGO))
        assert [o.client_order_id for o in orders].count(request.client_order_id) == 1

    def test_an_id_that_was_never_used_is_looked_up_in_vain(self, broker: Broker) -> None:
        assert read(broker.order("alch-never-used")) is None

    def test_an_order_is_the_same_alone_and_among_all(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        for side in (Side.BUY, Side.SELL):
            self.traded(broker, self.request(next(ids), side))
        orders = read(broker.orders(_LONG_AGO))
        assert len(orders) == 2
        for report in orders:
            assert read(broker.order(report.client_order_id)) == report

    def test_open_orders_are_reported_whenever_they_were_sent(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        request = self.request(next(ids), limit=self.far_below)
        assert accepted(broker.submit(request)).status is OrderStatus.OPEN
        filled = self.traded(broker, self.request(next(ids), symbol=self.known[1]))
        open_orders = read(broker.orders(date(9999, 1, 1)))
        assert [o.client_order_id for o in open_orders] == [request.client_order_id]
        assert filled in read(broker.orders(_LONG_AGO))

    # Cancels

    def test_a_cancelled_order_ends_and_stays_ended(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        request = self.request(next(ids), limit=self.far_below)
        report = accepted(broker.submit(request))
        read(broker.cancel(report.broker_order_id))
        self.settle(broker)
        ended = read(broker.order(request.client_order_id))
        assert ended is not None
        assert ended.status is OrderStatus.CANCELLED
        assert ended.filled_quantity == ZERO
        read(broker.cancel(report.broker_order_id))
        assert read(broker.order(request.client_order_id)) == ended

    def test_a_cancel_of_a_filled_order_changes_nothing(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        request = self.request(next(ids))
        report = self.traded(broker, request)
        before = (read(broker.account()), read(broker.positions()))
        read(broker.cancel(report.broker_order_id))
        self.settle(broker)
        assert read(broker.order(request.client_order_id)) == report
        assert (read(broker.account()), read(broker.positions())) == before

    def test_a_cancel_of_an_unknown_order_is_a_failure(self, broker: Broker) -> None:
        outcome = broker.cancel("no-such-order")
        assert isinstance(outcome, Failure)
        assert outcome.failure().problems()

    # Activities

    def test_each_activity_is_told_once_under_an_id_of_its_own(
        self, broker: Broker, ids: Iterator[str]
    ) -> None:
        self.traded(broker, self.request(next(ids)))
        first, second = (read(broker.activities(_LONG_AGO)) for _ in range(2))
        assert first == second
        identifiers = [activity.identifier for activity in first]
        assert len(set(identifiers)) == len(identifiers)
        days = [activity.session for activity in first]
        assert days == sorted(days)
        for activity in first:
            match activity:
                case CashActivity():
                    assert activity.amount == activity.amount.quantize(CENT)
                case SplitActivity():
                    assert activity.ratio > 0
                case RemovalActivity():
                    assert activity.cash == activity.cash.quantize(CENT)

    def test_fills_are_no_activities(self, broker: Broker, ids: Iterator[str]) -> None:
        before = read(broker.activities(_LONG_AGO))
        self.traded(broker, self.request(next(ids)))
        assert read(broker.activities(_LONG_AGO)) == before
